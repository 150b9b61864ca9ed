/**
 * One message of a transaction that succeeded, written down as far as no event tells it: services, suppliers, and the
 * sessions that claims and proofs are about. Messages inside an authorized execution count as well.
 *
 * Source: pokt-network/poktroll `proto/pocket/{proof,service,supplier}/tx.proto`; cosmos/cosmos-sdk `x/authz`.
 */
import type { Message } from '@bufbuild/protobuf';
import { unpackAny } from '@decai/protocol/any';
import type { MsgExec } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { MsgCreateClaim } from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { MsgAddService, MsgTransferService } from '@decai/protocol/gen/pocket/service/tx_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { MsgStakeSupplier } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { BlockChanges } from './block-changes.ts';
import { recordService, recordStakedSupplier, recordTransferredService } from './record-actors.ts';

type SessionParties = Pick<SessionHeader, 'serviceId' | 'applicationAddress' | 'sessionEndBlockHeight'>;

/** Ids of the sessions that messages named: the events of claims leave them out. */
export class SessionNames {
  readonly #ids = new Map<string, string>();

  add(header: SessionHeader): void {
    this.#ids.set(nameOf(header), header.sessionId);
  }

  of(event: SessionParties): string | undefined {
    return this.#ids.get(nameOf(event));
  }
}

function nameOf({ serviceId, applicationAddress, sessionEndBlockHeight }: SessionParties): string {
  return `${sessionEndBlockHeight}/${applicationAddress}/${serviceId}`;
}

export function recordMessage(changes: BlockChanges, message: Message, sessions: SessionNames): void {
  switch (message.$typeName) {
    case 'pocket.proof.MsgCreateClaim':
    case 'pocket.proof.MsgSubmitProof': {
      const { sessionHeader } = message as MsgCreateClaim;
      if (sessionHeader === undefined) return;
      sessions.add(sessionHeader);
      recordSession(changes, sessionHeader);
      return;
    }
    case 'pocket.service.MsgAddService': {
      const { service } = message as MsgAddService;
      if (service !== undefined) recordService(changes, service);
      return;
    }
    case 'pocket.service.MsgTransferService':
      recordTransferredService(changes, message as MsgTransferService);
      return;
    case 'pocket.supplier.MsgStakeSupplier':
      recordStakedSupplier(changes, message as MsgStakeSupplier);
      return;
    case 'cosmos.authz.v1beta1.MsgExec':
      for (const inner of (message as MsgExec).msgs) recordMessage(changes, unpackAny(inner).message, sessions);
  }
}

export function recordSession(changes: BlockChanges, header: SessionHeader): void {
  changes.put('sessions', {
    sessionId: header.sessionId,
    serviceId: header.serviceId,
    applicationAddress: header.applicationAddress,
    sessionStartHeight: Number(header.sessionStartBlockHeight),
    sessionEndHeight: Number(header.sessionEndBlockHeight),
  });
}
