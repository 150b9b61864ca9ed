import { create } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { concat } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { PubKeySchema as Ed25519Schema } from '@decai/protocol/gen/cosmos/crypto/ed25519/keys_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { MsgUndelegateSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/tx_pb';
import { SignMode } from '@decai/protocol/gen/cosmos/tx/signing/v1beta1/signing_pb';
import { TipSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { describe, expect, it } from 'vitest';
import { sent } from './test-chain.ts';
import type { AdmissionMode, TransactionPolicy } from './admission.ts';
import { ALICE, BOB, GHOST, START_UPOKT, chain, send, run, changed } from './test-transactions.ts';

describe('a transaction is refused', () => {
  const town = chain();
  const refused = (
    name: string,
    bytes: () => Uint8Array,
    code: number,
    text: string,
    mode: AdmissionMode = 'execute',
    policy: TransactionPolicy = {},
  ) =>
    it(name, () => {
      const result = run(town, bytes(), mode, policy);
      expect([result.codespace, result.code, result.log]).toEqual(['sdk', code, expect.stringContaining(text)]);
      expect(result.events).toEqual([]);
    });

  refused('1. unless it can be read', () => Uint8Array.of(1, 2, 3), 2, 'tx parse error');
  refused(
    '1. unless it is canonical',
    () => concat(town.sign(ALICE, [send(ALICE.address, 1n)]), Uint8Array.of(0x22, 0)),
    2,
    'tx parse error',
  );
  refused('1. unless its signer is an address', () => town.sign(ALICE, [send('nobody', 1n)]), 2, 'tx parse error');
  refused(
    '2. without a message',
    () => changed(town, ({ body }) => void (body.messages = [])),
    18,
    'at least one message',
  );
  refused(
    '4. with a message that nobody handles',
    () => town.sign(ALICE, [sent(MsgUndelegateSchema, { delegatorAddress: ALICE.address })]),
    6,
    'no message handler',
  );
  refused(
    'A1. for more gas than a block may use',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 101n }),
    41,
    'exceeds block max gas 100',
    'execute',
    { maxBlockGas: 100n },
  );
  refused(
    'A2. for options that nobody understands',
    () =>
      changed(
        town,
        ({ body }) =>
          void (body.extensionOptions = [
            packAny(MsgSendSchema, create(MsgSendSchema, { fromAddress: ALICE.address })),
          ]),
      ),
    31,
    'unknown extension options',
  );
  refused(
    'A3. for a gas limit beyond 2^63 − 1',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.gasLimit = 2n ** 63n)),
    18,
    'invalid gas supplied',
  );
  refused(
    'A3. with a tip',
    () =>
      changed(
        town,
        ({ authInfo }) => void (authInfo.tip = create(TipSchema, { amount: [coin(1n)], tipper: BOB.address })),
      ),
    37,
    'tips: feature not supported',
  );
  refused(
    'A3. without a signature',
    () => changed(town, (parts) => void (parts.signatures = [])),
    15,
    'no signatures supplied',
  );
  refused(
    'A3. with more signatures than signers',
    () => changed(town, (parts) => void (parts.signatures = [new Uint8Array(64), new Uint8Array(64)])),
    4,
    'expected 1, got 2',
  );
  refused(
    'A3. with other signer infos than signers',
    () => changed(town, ({ authInfo }) => void (authInfo.signerInfos = [])),
    4,
    'wrong number of signers',
  );
  refused(
    'A5. for a memo of 257 bytes',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { memo: `${'é'.repeat(128)}x` }),
    12,
    'maximum number of characters is 256 but received 257',
  );
  refused(
    'A6. for less gas than its size costs',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 3000n }),
    11,
    'out of gas in location: chargeSize; gasWanted: 3000',
  );
  refused(
    'A6. for no gas at all',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 0n }),
    11,
    'gasWanted: 0',
  );
  refused(
    'A7. for a fee below the price of this node, on the way into the pool',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { fee: [coin(999n)] }),
    13,
    'required: 1000upokt',
    'check',
    { minGasPrice: { numerator: 1n, denominator: 1000n } },
  );
  refused(
    'A7. for an allowance of somebody else',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.granter = BOB.address)),
    38,
    'does not allow to pay fees',
  );
  refused('A7. for a payer without account', () => town.sign(GHOST, [send(GHOST.address, 1n)]), 9, 'does not exist');
  refused(
    'A7. for a fee that is no list of coins',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.amount = [coin(1n), coin(1n)])),
    13,
    'invalid fee amount',
  );
  refused(
    'A7. for a fee that its payer does not have',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { fee: [coin(START_UPOKT + 1n)] }),
    5,
    'insufficient funds: insufficient funds',
  );
  refused(
    'A8. for a key of another kind',
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            Ed25519Schema,
            create(Ed25519Schema, { key: new Uint8Array(32) }),
          )),
      ),
    8,
    'only secp256k1',
  );
  refused(
    'A8. for a key of a wrong length',
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            PubKeySchema,
            create(PubKeySchema, { key: new Uint8Array(32) }),
          )),
      ),
    8,
    'only secp256k1',
  );
  refused(
    "A8. for somebody else's key",
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            PubKeySchema,
            create(PubKeySchema, { key: BOB.publicKey }),
          )),
      ),
    8,
    'does not match signer address',
  );
  refused(
    'A11. for a signer whose key nobody knows',
    () => changed(town, ({ authInfo }) => void delete authInfo.signerInfos[0]!.publicKey),
    8,
    'pubkey on account is not set',
  );
  refused(
    'A11. for another sequence',
    () => changed(town, ({ authInfo }) => void (authInfo.signerInfos[0]!.sequence = 7n)),
    32,
    'account sequence mismatch, expected 0, got 7',
  );
  refused(
    'A11. for a signature of something else',
    () => changed(town, (parts) => void ((parts.body.memo = 'other'), (parts.sign = false))),
    4,
    'signature verification failed',
  );
  for (const mode of [SignMode.LEGACY_AMINO_JSON, SignMode.TEXTUAL, SignMode.UNSPECIFIED]) {
    refused(
      `A11. for sign mode ${mode}, which is not that of the signature`,
      () =>
        changed(
          town,
          ({ authInfo }) =>
            void (authInfo.signerInfos[0]!.modeInfo = {
              $typeName: 'cosmos.tx.v1beta1.ModeInfo',
              sum: { case: 'single', value: { $typeName: 'cosmos.tx.v1beta1.ModeInfo.Single', mode } },
            }),
        ),
      4,
      'signature verification failed',
    );
  }

  it('not for options that a reader may ignore', () => {
    const option = packAny(MsgSendSchema, create(MsgSendSchema, { fromAddress: ALICE.address }));
    const bytes = changed(town, ({ body }) => void (body.nonCriticalExtensionOptions = [option]));
    expect(run(town, bytes)).toMatchObject({ code: 0 });
  });

  it('3. with a message that no state could accept, before its fee is looked at', () => {
    const message = sent(MsgStakeApplicationSchema, { address: ALICE.address, stake: coin(0n) });
    const result = run(town, town.sign(ALICE, [message], { gasLimit: 0n }));
    expect(result).toMatchObject({ codespace: 'application', code: 1101, events: [] });
  });

  it('A4. after its height', () => {
    const late = chain();
    late.blocksTo(2);
    const bytes = (height: bigint) => changed(late, ({ body }) => void (body.timeoutHeight = height));
    const details = 'block height: 2, timeout height: 1: tx timeout height';
    expect(run(late, bytes(1n))).toMatchObject({ codespace: 'sdk', code: 30, log: details });
    expect(run(late, bytes(2n))).toMatchObject({ code: 0 });
  });

  it('A4. after its time', () => {
    const late = chain();
    late.blocksTo(2);
    const bytes = (seconds: bigint) => late.sign(ALICE, [send(ALICE.address, 1n)], { timeout: { seconds, nanos: 0 } });
    expect(run(late, bytes(1n))).toMatchObject({ codespace: 'sdk', code: 42 });
    expect(run(late, bytes(2n))).toMatchObject({ code: 0 });
  });

  it('A3. without a fee, with a code of nobody', () => {
    const result = run(
      town,
      changed(town, ({ authInfo }) => void delete authInfo.fee),
    );
    expect(result).toMatchObject({ codespace: 'undefined', code: 1 });
  });

  it('A9. for more signatures than allowed', () => {
    const few = chain();
    few.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), txSigLimit: 0n }));
    expect(run(few, few.sign(ALICE, [send(ALICE.address, 1n)]))).toMatchObject({ codespace: 'sdk', code: 14 });
  });

  it('A10. for less gas than its signatures cost', () => {
    const dear = chain();
    dear.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), sigVerifyCostSecp256k1: 900_000n }));
    const result = run(dear, dear.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 500_000n }));
    expect(result).toMatchObject({ code: 11, log: expect.stringContaining('chargeSignatures') });
  });

  it('tells a pool what was wrong with its bytes, and a block only that something was', () => {
    const bytes = Uint8Array.of(0x0f);
    expect(run(town, bytes).log).toBe('tx parse error');
    expect(run(town, bytes, 'check').log).toMatch(/: tx parse error: tx parse error$/);
  });
});
