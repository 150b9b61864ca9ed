/**
 * Every event of the network is raised by some story here, with every field that its schema has.
 */
import { create, type DescMessage } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { coin } from '@decai/protocol/coin';
import { file_pocket_application_event as application } from '@decai/protocol/gen/pocket/application/event_pb';
import { file_pocket_gateway_event as gateway } from '@decai/protocol/gen/pocket/gateway/event_pb';
import {
  MsgStakeGatewaySchema,
  MsgUnstakeGatewaySchema,
  MsgUpdateGatewayMetadataSchema,
} from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { file_pocket_proof_event as proof } from '@decai/protocol/gen/pocket/proof/event_pb';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { file_pocket_service_event as service } from '@decai/protocol/gen/pocket/service/event_pb';
import { file_pocket_supplier_event as supplierEvents } from '@decai/protocol/gen/pocket/supplier/event_pb';
import {
  file_pocket_tokenomics_event as tokenomics,
  RewardDistributionDetailSchema,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { announceServices } from './announce-services.ts';
import { completeTransfers } from './complete-transfers.ts';
import { createClaim } from './create-claim.ts';
import { releaseApplications } from './release-applications.ts';
import { releaseGateways } from './release-gateways.ts';
import { releaseSuppliers } from './release-suppliers.ts';
import { settleClaims, settledRelays } from './settle-claims.ts';
import { stakeGateway } from './stake-gateway.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { submitProof } from './submit-proof.ts';
import * as apps from './test-applications.ts';
import { addressNamed, atHeight, emptyState, endow, eventsOf } from './test-chain.ts';
import {
  claimMessage,
  HEIGHTS,
  honestTrie,
  proofMessage,
  sessionHeader,
  sessionState,
  setProofParams,
} from './test-session.ts';
import {
  addApplication,
  addClaim,
  addSupplier,
  addValidator,
  moduleBalance,
  setMinimumStakes,
  smallTown,
} from './test-settlement.ts';
import * as suppliers from './test-suppliers.ts';
import { defaults } from './test-terms.ts';
import { unstakeGateway } from './unstake-gateway.ts';
import { updateDifficulty } from './update-difficulty.ts';
import { updateGatewayMetadata } from './update-gateway-metadata.ts';
import { validateProofs } from './validate-proofs.ts';

/** What happens to somebody; the states in which it was told. */
type Story = () => readonly State[];

const APPLICATIONS: Story = () => {
  const state = apps.town();
  apps.delegate(state, apps.G1);
  apps.unstake(state);
  const back = atHeight(state, 2);
  apps.stakeAs(back, apps.APP, 'svc1', 2_000_000n);
  apps.transfer(back, addressNamed('heir'));
  const failing = atHeight(state, 3);
  apps.stakeAs(failing, addressNamed('other'), 'svc1');
  apps.transfer(failing, addressNamed('other heir'), addressNamed('other'));
  failing.applications.put({ ...apps.app(failing, addressNamed('other')), unstakeSessionEndHeight: 20n });
  const end = atHeight(state, 20);
  completeTransfers(end);
  const stuck = atHeight(state, 40);
  stuck.bank.burn('application', [coin(moduleBalance(stuck, 'application') - 1n)]);
  releaseApplications(stuck);
  return [state, back, failing, end, stuck];
};

const GATEWAYS: Story = () => {
  const address = addressNamed('gateway');
  const state = emptyState(1);
  endow(state, address, 1_000n);
  const stake = (amountUpokt: bigint) =>
    stakeGateway(state, create(MsgStakeGatewaySchema, { address, stake: coin(amountUpokt) }));
  const unstake = () => unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address }));
  stake(100n);
  updateGatewayMetadata(
    state,
    create(MsgUpdateGatewayMetadataSchema, { address, metadata: { card: new Uint8Array(1) } }),
  );
  unstake();
  stake(101n);
  unstake();
  const end = atHeight(state, 20);
  releaseGateways(end);
  return [state, end];
};

const SUPPLIERS: Story = () => {
  const state = suppliers.town();
  suppliers.stake(state);
  const start = atHeight(state, 11);
  announceServices(start);
  suppliers.unstake(start);
  suppliers.stake(start, { signer: suppliers.OWNER, stake: coin(1_000_001n), services: [] });
  suppliers.unstake(start);
  start.bank.burn('supplier', [coin(10n)]);
  const end = atHeight(state, 30);
  releaseSuppliers(end);
  return [state, start, end];
};

const CLAIMS: Story = () => {
  const claiming = sessionState(HEIGHTS.claimOpen);
  const header = sessionHeader(claiming);
  const trie = honestTrie(header, 2);
  for (let time = 0; time < 2; time += 1) createClaim(claiming, claimMessage(header, trie.root()));
  const proving = atHeight(claiming, HEIGHTS.proofOpen);
  for (let time = 0; time < 2; time += 1) submitProof(proving, proofMessage(proving, header, trie));
  validateProofs(proving);
  return [claiming, proving];
};

const SETTLEMENT: Story = () => {
  const state = smallTown();
  defaults(state);
  addValidator(state, 'validator', 5n);
  setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(1n) });
  setMinimumStakes(state, 1_000_000n);
  const status = ClaimProofStatus.VALIDATED;
  addClaim(state, 2_000_000n, { status });
  addSupplier(state, 'careless', 1n, {
    revShare: [
      ['one', 60],
      ['two', 60],
    ],
  });
  addClaim(state, 1_000n, { status, supplier: 'careless' });
  addSupplier(state, 'silent', 1_000_000n);
  addApplication(state, 'client', 1_000_000n);
  addClaim(state, 1_000n, { application: 'client', supplier: 'silent' });
  addClaim(state, 1_000n, { application: 'nobody', status });
  updateDifficulty(state, settledRelays(settleClaims(state)));
  return [state];
};

const told = [APPLICATIONS, GATEWAYS, SUPPLIERS, CLAIMS, SETTLEMENT]
  .flatMap((story) => story())
  .flatMap((state) => eventsOf(state))
  .filter(({ type }) => type.startsWith('pocket.'));

const EVENTS: readonly DescMessage[] = [application, gateway, proof, service, supplierEvents, tokenomics]
  .flatMap(({ messages }) => messages)
  .filter((schema) => schema !== RewardDistributionDetailSchema);

test.each(EVENTS.map((schema) => [schema.typeName, schema] as const))('%s is told, whole', (typeName, { fields }) => {
  const ofType = told.filter(({ type }) => type === typeName);
  expect(ofType.length).toBeGreaterThan(0);
  for (const { data } of ofType) expect(Object.keys(data)).toEqual(fields.map(({ name }) => name).sort());
});

test('nothing else is told', () => {
  const known = new Set(EVENTS.map(({ typeName }) => typeName));
  expect(told.filter(({ type }) => !known.has(type))).toEqual([]);
});

test('the owner of a supplier whose shares cannot be followed is paid, and why is said', () => {
  const fallbacks = told.filter(({ type }) => type.endsWith('EventSupplierRevShareFallbackDistribution'));
  expect(fallbacks.map(({ data }) => data)).toMatchObject([
    {
      supplier_operator_address: addressNamed('careless'),
      supplier_owner_address: addressNamed('owner of careless'),
      service_id: 'svc',
      session_end_block_height: '10',
      amount: '700upokt',
      op_reason: 'TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION',
      observed_sum_percentage: '120',
    },
    { amount: '70upokt', op_reason: 'TLM_GLOBAL_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION' },
  ]);
});

test('an application asks back what inflation took from it', () => {
  const requests = told.filter(({ type }) => type.endsWith('EventApplicationReimbursementRequest'));
  expect(requests.map(({ data }) => data)).toContainEqual({
    application_addr: addressNamed('app'),
    supplier_operator_addr: addressNamed('careless'),
    supplier_owner_addr: addressNamed('owner of careless'),
    service_id: 'svc',
    session_id: 'session of app',
    amount: '100upokt',
  });
});

test('a gateway that begins to unbond is shown with the end of its session and of the period', () => {
  expect(told.find(({ type }) => type.endsWith('EventGatewayUnbondingBegin'))?.data).toEqual({
    gateway: {
      address: addressNamed('gateway'),
      stake: { denom: 'upokt', amount: '100' },
      unstake_session_end_height: '10',
      metadata: null,
    },
    session_end_height: '10',
    unbonding_end_height: '20',
  });
});
