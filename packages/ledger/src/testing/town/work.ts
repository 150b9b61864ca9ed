/**
 * Work that suppliers of a random town claim: real relays in real tries, honest or spoiled in one known way.
 *
 * Block hashes of a town follow from heights alone, so towns share sessions, and a relay that was signed once serves all of
 * them.
 */
import { toHex, utf8 } from '@decai/protocol/bytes';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import type { Key } from '@decai/protocol/keys';
import { provenLeaf } from '@decai/protocol/closest-proof';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import {
  newRelayRequest,
  newRelayResponse,
  relayBytes,
  relayHash,
  requestHash,
  responseHash,
} from '@decai/protocol/relay';
import { signRing } from '@decai/protocol/ring';
import { applicationRing, gatewayRing } from '@decai/protocol/ring-members';
import { sessionHeaderProblem } from '@decai/protocol/session-header';
import { signResponseHash } from '@decai/protocol/signature';
import { SumTrie } from '@decai/protocol/sum-trie';
import type { ProofContent } from '../model/claims.ts';
import { GHOST } from './members.ts';

/** What is wrong with the relays of a trie. */
export const FLAWS = [
  'none',
  'stranger in the ring',
  'spoiled ring',
  'no response signature',
  'response of a stranger',
  'for another supplier',
] as const;

export type Flaw = (typeof FLAWS)[number];

export type WorkOrder = {
  readonly header: SessionHeader;
  readonly operator: Key;
  readonly application: Key;
  /** Signs requests for the application; absent: the application does so alone. */
  readonly gateway: Key | undefined;
  readonly flaw: Flaw;
  readonly relays: number;
  readonly unitsPerRelay: bigint;
  readonly target: Uint8Array;
};

export type FinishedWork = {
  readonly trie: SumTrie;
  readonly root: Uint8Array;
  /** By the digests of the leaves, in hexadecimal. */
  readonly relays: ReadonlyMap<string, RelayContent>;
};

type RelayContent = Omit<ProofContent, 'root' | 'path'>;

type Relay = { readonly bytes: Uint8Array; readonly content: RelayContent };

const RELAYS_KEPT = 20_000;

/** Shared by all towns of a process. Nothing in it depends on the order in which it was filled. */
const RELAYS = new Map<string, Relay>();

/** Of one town: what was claimed, and what the proofs of it show. */
export class Workshop {
  private readonly byRoot = new Map<string, FinishedWork>();
  private readonly contents = new Map<string, ProofContent>();

  /** A trie of those relays that count; undefined where none does. */
  finish(order: WorkOrder): FinishedWork | undefined {
    const trie = new SumTrie();
    const relays = new Map<string, RelayContent>();
    for (let index = 0; index < order.relays; index += 1) {
      const { bytes, content } = signedRelay(order, index);
      if (Buffer.compare(content.relayHash, order.target) >= 0) continue;
      trie.update(content.relayHash, bytes, order.unitsPerRelay);
      relays.set(toHex(content.relayHash), content);
    }
    const root = trie.root();
    if (root.subarray(40).every((byte) => byte === 0)) return undefined;
    const work = { trie, root, relays };
    this.byRoot.set(toHex(root), work);
    return work;
  }

  workOf(root: Uint8Array): FinishedWork | undefined {
    return this.byRoot.get(toHex(root));
  }

  allWork(): readonly FinishedWork[] {
    return [...this.byRoot.values()];
  }

  prove({ trie, root, relays }: FinishedWork, path: Uint8Array): Uint8Array {
    const proof = trie.proveClosest(path);
    const bytes = encodeClosestProof(proof);
    const relay = relays.get(toHex(relayHash(provenLeaf(proof)!.value)))!;
    this.contents.set(toHex(sha256(bytes)), { ...relay, root: toHex(root), path: toHex(path) });
    return bytes;
  }

  contentOf(proof: Uint8Array): ProofContent | undefined {
    return this.contents.get(toHex(sha256(proof)));
  }
}

function signedRelay(order: WorkOrder, index: number): Relay {
  const { header, operator, application, gateway, flaw } = order;
  // A session's id does not tell where it ends.
  const session = `${header.sessionId}/${header.sessionEndBlockHeight}`;
  const name = [session, operator.address, application.address, gateway?.address, flaw, index].join('/');
  const known = RELAYS.get(name);
  if (known !== undefined) return known;
  if (RELAYS.size > RELAYS_KEPT) RELAYS.clear();
  const relay = signRelay(order, name);
  RELAYS.set(name, relay);
  return relay;
}

function signRelay({ header, operator, application, gateway, flaw }: WorkOrder, name: string): Relay {
  const supplierOperatorAddress = flaw === 'for another supplier' ? GHOST.address : operator.address;
  const requester = flaw === 'stranger in the ring' ? GHOST : gateway;
  const request = newRelayRequest(header, supplierOperatorAddress, utf8(`question ${name}`));
  const { ring, signerIndex } =
    requester === undefined
      ? applicationRing(application.publicKey)
      : gatewayRing(application.publicKey, requester.publicKey);
  const signature = signRing({
    message: requestHash(request),
    ring: [...ring],
    signerIndex,
    privateKey: (requester ?? application).privateKey,
    randomBytes: steadyBytes(name),
  });
  // The last bytes are a member's key; those in the middle are what was signed.
  if (flaw === 'spoiled ring') signature[40]! ^= 1;
  request.meta!.signature = signature;
  const response = newRelayResponse(header, utf8(`answer ${name}`));
  const responder = flaw === 'response of a stranger' ? GHOST : operator;
  if (flaw !== 'no response signature') {
    response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), responder.privateKey);
  }
  const bytes = relayBytes(request, response);
  return {
    bytes,
    content: {
      relayHash: relayHash(bytes),
      sessionId: header.sessionId,
      isOfSession: sessionHeaderProblem(header) === undefined,
      supplierOperatorAddress,
      ring: [application.address, (requester ?? application).address],
      isRingSigned: flaw !== 'spoiled ring',
      responder: flaw === 'no response signature' ? undefined : responder.address,
    },
  };
}

/** Bytes for ring signatures, the same for the same name. */
function steadyBytes(name: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
      sha256(utf8(`${name}/${count}/${index}`)),
    );
    return new Uint8Array(Buffer.concat(blocks)).subarray(0, length);
  };
}
