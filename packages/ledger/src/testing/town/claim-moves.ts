/**
 * Claims and proofs that suppliers of a random town send: honest ones in time, and all others.
 */
import { decodeRoot, encodeRoot } from '@decai/protocol/root';
import { sha256 } from '@decai/protocol/hash';
import { utf8 } from '@decai/protocol/bytes';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { Key } from '@decai/protocol/keys';
import { proofPath } from '@decai/protocol/proof-path';
import { sessionAt } from '@decai/protocol/session-grid';
import type { Draw } from './draw.ts';
import { seedOf } from '../model/claims.ts';
import { EVERYBODY, keyOf, SERVICES } from './members.ts';
import type { Model } from '../model/model.ts';
import { typed, type Scene, type Sent } from './scene.ts';
import { targetAt, unitsAt } from '../model/services.ts';
import { drawSession, timingsAt, windowsAt, type DrawnSession } from '../model/sessions.ts';
import { FLAWS } from './work.ts';

/** Claims of one session, by most of those who were drawn for it. */
export function claim(scene: Scene): readonly Sent[] {
  const { draw, model } = scene;
  const session = someSession(draw, model);
  if (session === undefined) return [];
  const { header, operators } = session;
  const units = unitsAt(model, header.serviceId, Number(header.sessionStartBlockHeight)) ?? 1n;
  return operators.flatMap((operator) => {
    if (draw.perMille(350)) return [];
    const drawn = keyOf(operator);
    const by = drawn !== undefined && draw.perMille(950) ? drawn : draw.pick(EVERYBODY);
    const rootHash = draw.perMille(780) ? honestRoot(scene, header, by, units) : falseRoot(draw, units);
    if (rootHash === undefined) return [];
    const fields = { supplierOperatorAddress: by.address, sessionHeader: spoiled(draw, header), rootHash };
    return [{ by, message: typed(MsgCreateClaimSchema, fields) }];
  });
}

/** A session that has ended: mostly one whose claim window is open in the next block. */
function someSession(draw: Draw, model: Model): DrawnSession | undefined {
  const applications = model.book.applications.sorted().map(([, application]) => application);
  if (applications.length === 0) return undefined;
  const wanted = draw.perMille(920);
  const next = model.height + 1;
  const first = draw.below(applications.length);
  for (let index = 0; index < applications.length; index += 1) {
    const application = applications[(first + index) % applications.length]!;
    const configs = application.serviceConfigHistory.map(({ service }) => service);
    const past = draw.perMille(250) ? configs : [];
    const ids = [...application.serviceConfigs, ...past].flatMap((config) => config?.serviceId ?? []);
    const serviceId = draw.perMille(970) ? draw.pick(ids) : draw.pick(SERVICES);
    let height = model.height;
    for (let back = 0; back < 4 && height > 0; back += 1) {
      const { startHeight, endHeight } = sessionAt(timingsAt(model, height), height);
      height = startHeight - 1;
      const { claimOpen, claimClose } = windowsAt(model, endHeight);
      if (wanted ? next < claimOpen || next > claimClose : draw.perMille(500)) continue;
      const session = drawSession(model, application.address, serviceId, startHeight);
      if (typeof session !== 'string') return session;
    }
  }
  return undefined;
}

/** Mostly left as it is. */
function spoiled(draw: Draw, header: SessionHeader): SessionHeader {
  if (!draw.perMille(40)) return header;
  return draw.pick([
    { ...header, sessionId: 'no session' },
    { ...header, sessionEndBlockHeight: header.sessionEndBlockHeight - 1n },
    { ...header, sessionEndBlockHeight: header.sessionEndBlockHeight + 1n },
    { ...header, sessionStartBlockHeight: header.sessionStartBlockHeight + 1n },
    { ...header, sessionStartBlockHeight: 0n },
    { ...header, serviceId: 'nothing' },
  ]);
}

function honestRoot({ draw, model, workshop }: Scene, header: SessionHeader, operator: Key, unitsPerRelay: bigint) {
  const application = keyOf(header.applicationAddress);
  if (application === undefined) return undefined;
  const { delegateeGatewayAddresses, pendingUndelegations } = model.book.applications.get(application.address)!;
  const gone = Object.values(pendingUndelegations).flatMap(({ gatewayAddresses }) => gatewayAddresses);
  const gateways = [...delegateeGatewayAddresses, ...gone].flatMap((address) => keyOf(address) ?? []);
  const order = {
    header,
    operator,
    application,
    gateway: gateways.length > 0 && draw.perMille(900) ? draw.pick(gateways) : undefined,
    flaw: draw.perMille(850) ? ('none' as const) : draw.pick(FLAWS),
    relays: draw.between(1, 4),
    unitsPerRelay,
    // Some count relays that do not count.
    target: draw.perMille(850)
      ? targetAt(model, header.serviceId, Number(header.sessionStartBlockHeight))
      : new Uint8Array(32).fill(255),
  };
  return workshop.finish(order)?.root;
}

/** Work that was never done, or that does not even add up. */
function falseRoot(draw: Draw, units: bigint): Uint8Array {
  const digest = sha256(utf8(`nothing ${draw.below(1000)}`));
  const count = draw.pick([0n, 1n, draw.upokt(1, 500), draw.upokt(1, 30_000), draw.upokt(1, 1_000_000)]);
  const sum = BigInt.asUintN(64, count * units + (draw.perMille(60) ? 1n : 0n));
  const root = encodeRoot({ digest, sum, count });
  return draw.perMille(20) ? root.subarray(1) : root;
}

/** Proofs of most claims that may be proven now. */
export function prove(scene: Scene): readonly Sent[] {
  const { draw, model } = scene;
  return someClaims(draw, model).flatMap((proven) => {
    if (draw.perMille(300)) return [];
    const operator = keyOf(proven.supplierOperatorAddress);
    const by = operator !== undefined && draw.perMille(960) ? operator : draw.pick(EVERYBODY);
    const sessionHeader = spoiled(draw, proven.sessionHeader!);
    const fields = { supplierOperatorAddress: by.address, sessionHeader, proof: proofOf(scene, proven) };
    return [{ by, message: typed(MsgSubmitProofSchema, fields) }];
  });
}

/** Of what was claimed, or where nothing was done for it, of something else. */
function proofOf({ draw, model, workshop }: Scene, { rootHash, sessionHeader }: Claim): Uint8Array {
  const all = workshop.allWork();
  const known = draw.perMille(950) ? workshop.workOf(rootHash) : undefined;
  const work = known ?? (all.length > 0 && draw.perMille(900) ? draw.pick(all) : undefined);
  if (work === undefined) return utf8(draw.pick(['', 'no proof', `of ${decodeRoot(rootHash).count} relays`]));
  const path = proofPath(seedOf(model, sessionHeader!), sessionHeader!.sessionId);
  return workshop.prove(work, draw.perMille(950) ? path : sha256(path));
}

/** Mostly those whose proof window is open in the next block. */
function someClaims(draw: Draw, model: Model): readonly Claim[] {
  const claims = model.book.claims.sorted().map(([, each]) => each);
  const open = claims.filter(({ sessionHeader }) => {
    const { proofOpen, proofClose } = windowsAt(model, Number(sessionHeader!.sessionEndBlockHeight));
    return model.height + 1 >= proofOpen && model.height + 1 <= proofClose;
  });
  if (draw.perMille(880)) return open;
  return claims.length > 0 ? [draw.pick(claims)] : [];
}
