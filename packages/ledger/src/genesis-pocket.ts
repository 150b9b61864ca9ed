/**
 * The pocket modules' parts of a genesis document: parameters, services, actors, claims, in the order in which the Go
 * application reads them.
 *
 * Source: pokt-network/poktroll `x/<module>/module/genesis.go`, `x/<module>/types/genesis.go`.
 */
import type { MessageShape } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { GenesisStateSchema as ProofGenesisSchema } from '@decai/protocol/gen/pocket/proof/genesis_pb';
import type { Claim, Proof } from '@decai/protocol/gen/pocket/proof/types_pb';
import { GenesisStateSchema as ServiceGenesisSchema } from '@decai/protocol/gen/pocket/service/genesis_pb';
import { GenesisStateSchema as SessionGenesisSchema } from '@decai/protocol/gen/pocket/session/genesis_pb';
import { GenesisStateSchema as SharedGenesisSchema } from '@decai/protocol/gen/pocket/shared/genesis_pb';
import { GenesisStateSchema as TokenomicsGenesisSchema } from '@decai/protocol/gen/pocket/tokenomics/genesis_pb';
import { ROOT_BYTES } from '@decai/protocol/root';
import { sessionHeaderProblem } from '@decai/protocol/session-header';
import { textKey } from './collection.ts';
import { readActors } from './genesis-actors.ts';
import { checkedParams, heightIn, invalidRecord, refuseRecord, type GenesisReader } from './genesis-record.ts';
import {
  checkProofParams,
  checkServiceParams,
  checkSessionParams,
  checkSharedParams,
  checkTokenomicsParams,
} from './params-check.ts';
import { checkComputeUnits, checkService } from './service-check.ts';
import type { State } from './state.ts';

/**
 * Reads what the modules say.
 *
 * `isExport`: the document names the root of its state, so its records are those of a chain. A chain may come to hold what
 * nobody may begin with: two services of one name, a supplier that serves nothing, an application with other than one service.
 *
 * @throws GENESIS_INVALID
 */
export function readPocketGenesis(state: State, part: GenesisReader, isExport: boolean): void {
  readServices(state, part('service', ServiceGenesisSchema), isExport);
  readActors(state, part, isExport);
  readSession(state, part('session', SessionGenesisSchema));
  readProofs(state, part('proof', ProofGenesisSchema));
  const { params } = part('tokenomics', TokenomicsGenesisSchema);
  state.params.tokenomics.setLive(checkedParams('tokenomics', params, checkTokenomicsParams));
  readShared(state, part('shared', SharedGenesisSchema));
}

/** Names must differ as well as ids, and no service may have two difficulties. */
function readServices(state: State, genesis: MessageShape<typeof ServiceGenesisSchema>, isExport: boolean): void {
  state.params.service.setLive(checkedParams('service', genesis.params, checkServiceParams));
  const names = new Set<string>();
  for (const service of genesis.serviceList) {
    refuseRecord('service', service.id, checkService(service));
    if (state.services.get(service.id) !== undefined) throw invalidRecord('service', service.id, 'id twice');
    if (names.has(service.name) && !isExport)
      throw invalidRecord('service', service.id, `name '${service.name}' twice`);
    names.add(service.name);
    state.services.put(service);
  }
  readDifficulties(state, genesis);
  for (const update of genesis.computeUnitsPerRelayHistory) {
    const { serviceId, effectiveHeight, computeUnitsPerRelay } = update;
    if (state.services.get(serviceId) === undefined) throw invalidRecord('compute units', serviceId, 'no such service');
    refuseRecord('compute units', serviceId, checkComputeUnits(computeUnitsPerRelay));
    state.services.unitsHistory.put(textKey(serviceId), heightIn('compute units', serviceId, effectiveHeight), update);
  }
}

/** Difficulties begin without history, as in Shannon. */
function readDifficulties(state: State, genesis: MessageShape<typeof ServiceGenesisSchema>): void {
  for (const difficulty of genesis.relayMiningDifficultyList) {
    const { serviceId, targetHash } = difficulty;
    if (state.services.get(serviceId) === undefined) throw invalidRecord('difficulty', serviceId, 'no such service');
    if (targetHash.length !== 32) throw invalidRecord('difficulty', serviceId, 'target hash is not 32 bytes');
    if (targetHash.every((byte) => byte === 0)) throw invalidRecord('difficulty', serviceId, 'target hash is zero');
    if (state.services.newestDifficulties.has(textKey(serviceId))) {
      throw invalidRecord('difficulty', serviceId, 'twice');
    }
    state.services.newestDifficulties.put(textKey(serviceId), difficulty);
  }
}

function readSession(state: State, genesis: MessageShape<typeof SessionGenesisSchema>): void {
  const live = checkedParams('session', genesis.params, checkSessionParams);
  const past = genesis.paramsHistory.map(({ effectiveHeight, params }) => {
    const held = checkedParams('session', params, checkSessionParams);
    return [heightIn('parameters', 'session', effectiveHeight), held] as const;
  });
  state.params.session.found(live, past);
}

function readProofs(state: State, genesis: MessageShape<typeof ProofGenesisSchema>): void {
  state.params.proof.setLive(checkedParams('proof', genesis.params, checkProofParams));
  for (const claim of genesis.claimList) {
    const { sessionId, operator, name } = ofSession('claim', claim);
    if (claim.rootHash.length !== ROOT_BYTES) {
      throw invalidRecord('claim', name, `root hash is not ${ROOT_BYTES} bytes`);
    }
    if (state.claims.get(sessionId, operator) !== undefined) throw invalidRecord('claim', name, 'twice');
    state.claims.put(claim);
  }
  for (const proof of genesis.proofList) {
    const { sessionId, operator, name } = ofSession('proof', proof);
    if (state.proofs.get(sessionId, operator) !== undefined) throw invalidRecord('proof', name, 'twice');
    state.proofs.put(proof);
  }
}

/** What names a claim or proof, once its header and its operator are known to be well formed. */
function ofSession(kind: string, { sessionHeader, supplierOperatorAddress: operator }: Claim | Proof) {
  const sessionId = sessionHeader?.sessionId ?? '';
  const name = `${sessionId}/${operator}`;
  const problem =
    addressProblem(operator) ??
    (sessionHeader === undefined ? 'session header is missing' : sessionHeaderProblem(sessionHeader));
  if (problem !== undefined) throw invalidRecord(kind, name, problem);
  heightIn(kind, name, sessionHeader!.sessionEndBlockHeight);
  return { sessionId, operator, name };
}

function readShared(state: State, genesis: MessageShape<typeof SharedGenesisSchema>): void {
  const live = checkedParams('shared', genesis.params, checkSharedParams);
  const past = genesis.paramsHistory.map(({ effectiveHeight, params }) => {
    const held = checkedParams('shared', params, checkSharedParams);
    return [heightIn('parameters', 'shared', effectiveHeight), held] as const;
  });
  state.params.shared.found(live, past);
}
