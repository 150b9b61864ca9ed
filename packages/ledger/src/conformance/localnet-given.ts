/**
 * What a replay takes as given, because this ledger has no module for it: stakes of validators, and what they earn of fees.
 *
 * Of a transaction of these modules the recorded effects are written after its block: the sequences and keys of its signers and
 * the coins that its events move. Tokens, shares and delegations are those recorded after the block.
 *
 * Source: cosmos/cosmos-sdk `x/staking`, `x/distribution`, `x/slashing`, `x/auth/ante/sigverify.go`.
 */
import { addressOf } from '@decai/protocol/address';
import { parseCoins } from '@decai/protocol/coin';
import { fromBase64 } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import { moduleNamed } from '../module-account.ts';
import type { State } from '../state.ts';
import { attribute } from './localnet-exceptions.ts';
import { delegationsJson, validatorJson } from './localnet-genesis.ts';
import {
  validatorsIn,
  type JsonObject,
  type RecordedBlock,
  type RecordedChanges,
  type RecordedEvent,
} from './localnet-run.ts';

const GIVEN = /^\/cosmos\.(staking|distribution|slashing)\./;

/** Whether a transaction has a message whose module this ledger does not have. */
export function isGiven(transaction: string): boolean {
  const { bodyBytes } = decode(TxRawSchema, fromBase64(transaction));
  return decode(TxBodySchema, bodyBytes).messages.some(({ typeUrl }) => GIVEN.test(typeUrl));
}

/** Writes the recorded effects of a block's transactions that are given. */
export function writeGiven(state: State, { block, results }: RecordedBlock): void {
  for (const [index, transaction] of block.data.txs.entries()) {
    if (!isGiven(transaction)) continue;
    const { events = [] } = results.txs_results?.[index] ?? {};
    moveCoins(state, events);
    for (const event of events) countSequence(state, event, transaction);
  }
}

export function writeValidators(state: State, genesis: JsonObject, changes: RecordedChanges | undefined): void {
  for (const [operator, recorded] of validatorsIn(changes)) {
    state.validators.put(fromChainJson(ValidatorSchema, validatorJson(genesis, operator, recorded)));
    for (const former of Array.from(state.validators.delegationsTo(operator)))
      state.validators.deleteDelegation(former);
    for (const one of delegationsJson(operator, recorded)) {
      state.validators.putDelegation(fromChainJson(DelegationSchema, one));
    }
  }
}

/** The coins that a transaction's events move: each `coin_spent` is followed by the `coin_received` of the same coins. */
function moveCoins(state: State, events: readonly RecordedEvent[]): void {
  let spender = '';
  for (const event of events) {
    if (event.type === 'coin_spent') spender = attribute(event, 'spender');
    if (event.type !== 'coin_received') continue;
    // Rewards of delegators come out of fees, which are distributed there; here they are still where they were paid in.
    if (spender === moduleNamed('distribution').address) spender = moduleNamed('fee_collector').address;
    void state.bank.send(spender, attribute(event, 'receiver'), parseCoins(attribute(event, 'amount')));
  }
}

/** The event of a signature names the account and the sequence that was used. */
function countSequence(state: State, event: RecordedEvent, transaction: string): void {
  const [address = '', sequence] = attribute(event, 'acc_seq').split('/');
  if (sequence === undefined) return;
  const { authInfoBytes } = decode(TxRawSchema, fromBase64(transaction));
  const keys = decode(AuthInfoSchema, authInfoBytes).signerInfos.flatMap(({ publicKey }) => publicKey ?? []);
  const pubKey = keys.find(({ value }) => addressOf(decode(PubKeySchema, value).key) === address);
  const account = state.accounts.ensure(address);
  state.accounts.put({ ...account, sequence: BigInt(sequence) + 1n, ...(pubKey !== undefined && { pubKey }) });
}
