/**
 * What one request says about the supplier that was asked: the words in which senders judge and reputations are kept.
 */

export type SupplierOutcome =
  /** A verified answer. */
  | 'ok'
  /** The request's own fault, or the client went away: says nothing about the supplier. */
  | 'user_error'
  /** The supplier keeps to the application's budget: no fault at all. */
  | 'over_service'
  | 'queue_full'
  | 'unreachable'
  | 'timeout'
  | 'backend_error'
  | 'truncated'
  | 'malformed'
  /** A wrong signature, payload hash, session or request: evidence of misbehaviour, not bad luck. */
  | 'fraud';
