import { expect, test } from 'vitest';
import { committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { claimsProofsChecker } from './claims-proofs.ts';

const document = committedVectors('claims-proofs.json');

type Case = {
  name: string;
  error?: { code: number };
  submitError?: { code: number };
  claimStatus?: string;
  events?: unknown[];
};
type Session = {
  name: string;
  sampleBits: string;
  validation: { claimHash: string };
  createClaimTx: { signature: string };
};
type Document = { sessions: Session[]; claimCases: Case[]; proofCases: Case[] };

/** The document with only the first session and no altered messages but those named. */
function excerpt(...names: string[]): Document {
  const copy = structuredClone(document) as Document;
  const named = ({ name }: Case): boolean => names.includes(name);
  return {
    ...copy,
    sessions: copy.sessions.slice(0, 1),
    claimCases: copy.claimCases.filter(named),
    proofCases: copy.proofCases.filter(named),
  };
}

test('every session, transaction, claim and proof of the reference keepers has the same outcome', () => {
  expect(claimsProofsChecker.recognises(document)).toBe(true);
  expect(failuresOf(claimsProofsChecker, document)).toEqual({ checked: 88, failures: [] });
});

test.each<[string, (changed: Document) => void]>([
  ['session', ({ sessions }) => void (sessions[0]!.sampleBits = '0'.repeat(16))],
  ['validation', ({ sessions }) => void (sessions[0]!.validation.claimHash = '00')],
  ['transaction', ({ sessions }) => void (sessions[0]!.createClaimTx.signature = '00'.repeat(64))],
  ['refusal', ({ claimCases }) => void (claimCases.find(({ name }) => name === 'sum 0')!.error!.code = 1126)],
  [
    'events',
    ({ claimCases }) => void claimCases.find(({ name }) => name === 'other supplier of the session')!.events!.pop(),
  ],
  ['status', ({ proofCases }) => void (proofCases.find(({ name }) => name === 'depth 0')!.claimStatus = 'INVALID')],
])('a changed %s is noticed', (_what, change) => {
  const changed = excerpt('sum 0', 'other supplier of the session', 'depth 0');
  change(changed);
  expect(failuresOf(claimsProofsChecker, changed).failures).toHaveLength(1);
});

test('headers with heights that are not the session’s are refused where the vectors take them', () => {
  const names = [
    "end height one after the end of the session, in that session's claim window",
    'message header: start inside the same session',
    'message header: end one before the end of the session',
  ];
  const { claimCases, proofCases } = excerpt(...names);
  expect([...claimCases, ...proofCases].map(({ error, submitError }) => error ?? submitError)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(failuresOf(claimsProofsChecker, excerpt(...names)).failures).toEqual([]);
});
