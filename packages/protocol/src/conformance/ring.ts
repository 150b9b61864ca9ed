/**
 * Checks files of ring signature vectors: hash to curve, hash to scalar, signing, verifying, mutations, linked pairs.
 *
 * Every signature whose private key is given is made again, byte for byte: from s and c of the signer follows the nonce,
 * and the other responses are what the signer drew.
 */
import { fromHex, toBigInt, toHex } from '../bytes.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import { activeCurve } from '../curve.ts';
import { isFault } from '../fault.ts';
import { compressPoint, GROUP_ORDER, POINT_LENGTH, scalarFromBigInt } from '../group.ts';
import { sha3_256, sha3_512 } from '../hash.ts';
import { evenPointAt, hashKey, hashToCurve } from '../hash-to-curve.ts';
import { hashToScalar } from '../hash-to-scalar.ts';
import { decodeRing, encodeRing, keyImageOf, linked, signRing, verifyRing, type RingSignature } from '../ring.ts';

type HashToCurveCase = { priv: string; pub: string; hashToCurve: string; keyImage: string; tries: number };
type HashToScalarCase = { input: string; nModOrder: string; scalar: string; short: boolean };
type SigningCase = { name: string; priv: string; ringPubs: string[]; signer: number; msg: string } & {
  u: string;
  s: string[];
  sig: string;
  result: string;
};
type SignatureCase = { name: string; msg: string; sig: string; result: string } & {
  ringPubs?: string[];
  signer?: number;
  priv?: string;
  challenges?: string[];
  shortChallenges?: number;
  leadingZeroScalars?: number;
};
type PairCase = { msgA: string; sigA: string; msgB: string; sigB: string; sameKey: boolean; linked: boolean };

/** Below this a hash has fewer than 32 bytes, and its scalar is shifted. */
const SHORT_HASH = 1n << 248n;

export const ringChecker: VectorChecker = {
  format: 'ring',

  recognises(document) {
    if (typeof document !== 'object' || document === null) return false;
    const { signatures } = document as { signatures?: unknown };
    const first: unknown = Array.isArray(signatures) ? signatures[0] : undefined;
    return typeof first === 'object' && first !== null && 'ringPubs' in first && 'sig' in first && 'msg' in first;
  },

  *check(document) {
    for (const [section, content] of Object.entries(document as Record<string, unknown>)) {
      if (section === 'library') continue;
      if (Object.hasOwn(SECTIONS, section) && Array.isArray(content)) {
        for (const [index, item] of content.entries()) yield SECTIONS[section as Section](item as never, index);
      } else {
        yield { name: section, passed: false, expected: 'a section of known shape', actual: typeof content };
      }
    }
  },
};

type Section = keyof typeof SECTIONS;

const SECTIONS = {
  hashToCurve: checkHashToCurve,
  hashToScalar: checkHashToScalar,
  signWithInjectedRandomness: checkSigning,
  signatures: checkSignature,
  mutations: checkSignature,
  pairs: checkPair,
  compact: checkCompact,
};

function checkHashToCurve(item: HashToCurveCase, index: number): CaseVerdict {
  const { priv, tries, ...points } = item;
  return attempt(`hash to curve ${index}`, { ...points, lastTry: points.hashToCurve }, () => {
    const publicKey = activeCurve().mulBase(fromHex(priv));
    let digest = sha3_256(publicKey);
    for (let i = 0; i < tries; i += 1) digest = sha3_256(digest);
    return {
      pub: toHex(publicKey),
      hashToCurve: toHex(compressPoint(hashToCurve(publicKey))),
      keyImage: toHex(keyImageOf(fromHex(priv))),
      lastTry: toHex(evenPointAt(digest)),
    };
  });
}

function checkHashToScalar(item: HashToScalarCase, index: number): CaseVerdict {
  const { input, ...expected } = item;
  return attempt(`hash to scalar ${index}`, expected, () => {
    const hash = toBigInt(sha3_512(fromHex(input))) % GROUP_ORDER;
    const digits = hash.toString(16); // The file writes this one without leading zero bytes.
    return {
      nModOrder: digits.padStart(digits.length + (digits.length % 2), '0'),
      scalar: toHex(hashToScalar(fromHex(input))),
      short: hash < SHORT_HASH,
    };
  });
}

function checkSigning({ name, sig, result, ...item }: SigningCase): CaseVerdict {
  return attempt(name, { sig, result }, () => {
    const made = signAgain(item, item.u, item.s);
    return { sig: toHex(made), result: String(verifyRing(fromHex(item.msg), made)) };
  });
}

/** Signs with a given nonce and given responses of the others, handed over in the order in which `signRing` draws. */
function signAgain(
  item: { priv: string; ringPubs: readonly string[]; signer: number; msg: string },
  nonce: string,
  responses: readonly string[],
): Uint8Array {
  const { signer } = item;
  const others = [...responses.slice(signer + 1), ...responses.slice(0, signer)];
  const draws = [nonce, ...others].map(fromHex);
  const made = signRing({
    message: fromHex(item.msg),
    ring: item.ringPubs.map(fromHex),
    signerIndex: signer,
    privateKey: fromHex(item.priv),
    randomBytes: () => draws.shift() as Uint8Array,
  });
  if (draws.length > 0) throw new RangeError(`${draws.length} drawn values were not used`);
  return made;
}

/** A signature with all that the file tells about it; of a refused one, only that it is refused. */
function checkSignature(item: SignatureCase): CaseVerdict {
  const result = item.result.startsWith('error') ? 'error' : item.result;
  if (result !== 'true') return attempt(item.name, result, () => outcomeOf(fromHex(item.msg), fromHex(item.sig)));

  const { name, msg, sig, priv, signer, ringPubs, challenges, shortChallenges, leadingZeroScalars } = item;
  const expected = { result, ringPubs, challenges, shortChallenges, leadingZeroScalars, remade: priv && sig };
  return attempt(name, expected, () => {
    const ring = decodeRing(fromHex(sig));
    const walk = walkRing(fromHex(msg), ring);
    const facts = {
      ringPubs: ring.members.map(toHex),
      challenges: walk.map((step) => toHex(step.challenge)),
      shortChallenges: walk.filter((step) => step.hash < SHORT_HASH).length,
      leadingZeroScalars: [ring.challenge, ...ring.responses].filter((scalar) => scalar[0] === 0).length,
    };
    const remade = (): string => {
      const position = { priv: priv as string, ringPubs: facts.ringPubs, signer: signer as number, msg };
      const response = toBigInt(ring.responses[position.signer] as Uint8Array);
      const challenge = toBigInt((walk[position.signer] as Step).challenge);
      const nonce = scalarFromBigInt(response + challenge * toBigInt(fromHex(position.priv)));
      return toHex(signAgain(position, toHex(nonce), ring.responses.map(toHex)));
    };
    return {
      result: outcomeOf(fromHex(msg), fromHex(sig)),
      ringPubs: ringPubs && facts.ringPubs,
      challenges: challenges && facts.challenges,
      shortChallenges: shortChallenges === undefined ? undefined : facts.shortChallenges,
      leadingZeroScalars: leadingZeroScalars === undefined ? undefined : facts.leadingZeroScalars,
      remade: priv && remade(),
    };
  });
}

/** `true`, `false`, or `error` where the bytes cannot be read; throws where reading and verifying disagree. */
function outcomeOf(message: Uint8Array, signature: Uint8Array): string {
  const verdict = verifyRing(message, signature);
  let ring: RingSignature;
  try {
    ring = decodeRing(signature);
  } catch (thrown) {
    if (!isFault(thrown) || verdict) throw thrown;
    return 'error';
  }
  if (verifyRing(message, ring) !== verdict || verifyRing(message, encodeRing(ring)) !== verdict) {
    throw new RangeError('bytes, parsed signature and bytes written again do not verify alike');
  }
  return String(verdict);
}

/** A challenge of the chain, and the hash that it was made from. */
type Step = { readonly challenge: Uint8Array; readonly hash: bigint };

/** The challenges c₀ … of a valid signature, computed apart from `verifyRing`, which keeps none of them. */
function walkRing(message: Uint8Array, { challenge, keyImage, responses, members }: RingSignature): Step[] {
  const curve = activeCurve();
  const image = curve.decompress(keyImage) as Uint8Array;
  const preimage = new Uint8Array(message.length + 2 * POINT_LENGTH);
  preimage.set(message);
  const steps: Step[] = [];
  let current = challenge;
  for (const [index, member] of members.entries()) {
    const { point, hashed } = hashKey(member);
    const response = responses[index] as Uint8Array;
    curve.mulAddBase(response, point, current, preimage.subarray(message.length, message.length + POINT_LENGTH));
    curve.mulAdd2(response, hashed, current, image, preimage.subarray(message.length + POINT_LENGTH));
    current = hashToScalar(preimage);
    steps.push({ challenge: current, hash: toBigInt(sha3_512(preimage)) % GROUP_ORDER });
  }
  // The last hash is the first challenge: that is what makes the signature valid.
  return steps.slice(-1).concat(steps.slice(0, -1));
}

function checkPair(item: PairCase, index: number): CaseVerdict {
  const expected = { valid: [true, true], linked: item.linked, sameKey: item.sameKey };
  return attempt(`pair ${index}`, expected, () => {
    const [a, b] = [fromHex(item.sigA), fromHex(item.sigB)];
    const isLinked = linked(a, b);
    const valid = [verifyRing(fromHex(item.msgA), a), verifyRing(fromHex(item.msgB), b)];
    return { valid, linked: isLinked, sameKey: isLinked };
  });
}

/** A line `signer message signature`, valid; which member signed cannot be seen in it, only that there is such a member. */
function checkCompact(line: string, index: number): CaseVerdict {
  return attempt(`compact ${index}`, { result: 'true', canonical: true, signerIsMember: true }, () => {
    const [signer, message, signature] = line.split(' ') as [string, string, string];
    const ring = decodeRing(fromHex(signature));
    return {
      result: outcomeOf(fromHex(message), fromHex(signature)),
      canonical: toHex(encodeRing(ring)) === signature,
      signerIsMember: Number(signer) < ring.members.length,
    };
  });
}
