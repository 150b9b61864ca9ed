/**
 * The hops of a completion: one vocabulary for logs, metrics, traces and tests, noun then verb, in the order of the story.
 */

/** Every hop from the client's request to the Source's royalty. */
export const HOPS = [
  'request.received',
  'tenant.admitted',
  'session.found',
  'supplier.chosen',
  'relay.signed',
  'relay.received',
  'relay.admitted',
  'backend.called',
  'backend.answered',
  'relay.served',
  'relay.verified',
  'request.answered',
  'relay.mined',
  'claim.submitted',
  'claim.accepted',
  'proof.submitted',
  'proof.accepted',
  'proof.validated',
  'claim.settled',
  'source.paid',
] as const;

export type HopName = (typeof HOPS)[number];

/** One step seen by one role. Facts are identifiers, counts and amounts; never prompts, answers or keys. */
export type Hop = {
  readonly hop: HopName;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who saw it: `gateway`, `miner`, `ledger`. */
  readonly role: string;
  readonly facts: Readonly<Record<string, string | number>>;
};

/** Receives hops as they happen. Metrics, traces and tests subscribe; the business functions only tell. */
export type HopSink = (hop: Hop) => void;
