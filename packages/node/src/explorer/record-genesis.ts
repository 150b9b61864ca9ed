/** What a chain begins with, written down: services, suppliers, applications, claims that wait, and the supply. */
import type { DescMessage, JsonValue, MessageShape } from '@bufbuild/protobuf';
import { UPOKT } from '@decai/protocol/coin';
import { GenesisStateSchema as ApplicationGenesisSchema } from '@decai/protocol/gen/pocket/application/genesis_pb';
import { GenesisStateSchema as ProofGenesisSchema } from '@decai/protocol/gen/pocket/proof/genesis_pb';
import { GenesisStateSchema as ServiceGenesisSchema } from '@decai/protocol/gen/pocket/service/genesis_pb';
import { GenesisStateSchema as SupplierGenesisSchema } from '@decai/protocol/gen/pocket/supplier/genesis_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import { decodeRoot } from '@decai/protocol/root';
import { parseGenesis } from '@decai/ledger/genesis';
import { BlockChanges } from './block-changes.ts';
import { claimKey } from './claim-columns.ts';
import { recordApplication, recordService, recordStakedSupplier, recordSupplierStatus } from './record-actors.ts';
import { recordSession } from './record-message.ts';

export type GenesisChanges = {
  readonly chainId: string;
  readonly changes: BlockChanges;
  readonly supplyUpokt: bigint;
};

/** Expects a document that a ledger has checked or written. */
export function recordGenesis(document: JsonValue): GenesisChanges {
  const { chainId, appState, initialHeight } = parseGenesis(document);
  const changes = new BlockChanges(initialHeight - 1);
  const part = <Desc extends DescMessage>(name: string, schema: Desc): MessageShape<Desc> => {
    return fromChainJson(schema, appState[name] ?? {});
  };
  for (const service of part('service', ServiceGenesisSchema).serviceList) recordService(changes, service);
  for (const supplier of part('supplier', SupplierGenesisSchema).supplierList) {
    recordStakedSupplier(changes, supplier);
    if (supplier.unstakeSessionEndHeight !== 0n) recordSupplierStatus(changes, supplier.operatorAddress, 'unbonding');
  }
  for (const application of part('application', ApplicationGenesisSchema).applicationList) {
    recordApplication(changes, application, application.unstakeSessionEndHeight === 0n ? 'staked' : 'unbonding');
  }
  for (const claim of part('proof', ProofGenesisSchema).claimList) recordClaim(changes, claim);
  return { chainId, changes, supplyUpokt: supplyIn(appState['bank']) };
}

/** What it is worth in uPOKT is known when it settles. */
function recordClaim(changes: BlockChanges, claim: Claim): void {
  const header = claim.sessionHeader;
  if (header === undefined) return;
  const { supplierOperatorAddress } = claim;
  const { sum, count } = decodeRoot(claim.rootHash);
  recordSession(changes, header);
  changes.put('claims', {
    ...claimKey({ ...header, supplierOperatorAddress }),
    sessionId: header.sessionId,
    status: 'pending',
    relays: `${count}`,
    computeUnits: `${sum}`,
  });
}

type Balances = { readonly balances?: readonly { readonly coins?: readonly { denom: string; amount: string }[] }[] };

function supplyIn(bank: JsonValue | undefined): bigint {
  const { balances = [] } = (bank ?? {}) as unknown as Balances;
  return balances
    .flatMap(({ coins = [] }) => coins)
    .reduce((sum, { denom, amount }) => (denom === UPOKT ? sum + BigInt(amount) : sum), 0n);
}
