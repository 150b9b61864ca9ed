/**
 * What must have come to pass in many towns, for them to prove anything: every message taken and refused, every way in which
 * a transaction is not admitted, and every end that a claim, an actor or a right may have.
 */
import { KNOWN_TYPES } from '../model/messages.ts';
import { PARAMS } from '../model/params-of-modules.ts';

const MESSAGES = [...new Set(KNOWN_TYPES.map((typeUrl) => typeUrl.split('.').at(-1)!))];

/** Undecodable; signature; funds; key; no account; gas; nonce; height; sequence; time. */
const ADMISSION = [2, 4, 5, 8, 9, 11, 18, 30, 32, 42];

export const WANTED: readonly string[] = [
  ...MESSAGES.flatMap((name) => [`${name} accepted`, `${name} refused`]),
  ...ADMISSION.map((code) => `transaction refused sdk/${code}`),
  ...Object.keys(PARAMS).map((module) => `params of ${module} changed`),
  ...['settles', 'expires', 'is discarded'].map((end) => `claim ${end}`),
  'proof valid',
  'proof invalid',
  ...['proof/1108', 'proof/1109', 'proof/1117', 'proof/1122', 'proof/1123', 'proof/1129'].map(
    (verdict) => `MsgSubmitProof refused ${verdict}`,
  ),
  ...['proof/1102', 'proof/1116', 'proof/1117', 'proof/1118', 'proof/1121', 'proof/1126'].map(
    (verdict) => `MsgCreateClaim refused ${verdict}`,
  ),
  ...['application', 'gateway', 'supplier'].map((actor) => `${actor} released`),
  'application below minimum',
  'supplier below minimum',
  'transfer completed',
  'grant expired',
];
