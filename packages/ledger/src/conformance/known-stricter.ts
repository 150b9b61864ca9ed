/**
 * Where our ledger knowingly refuses, or decides otherwise, than the implementation that made the vectors.
 *
 * Each rule is named here once, with the reason. A checker may answer for a difference only with one of these, and only
 * after it has found for itself that the rule explains exactly this difference; everything else is a failed case.
 */

export const KNOWN_STRICTER = {
  /**
   * A claim or proof must name its session's own first and last height. All windows are counted from the header: with
   * other heights a claim settles at another time than its session, and its honest proof fails.
   */
  SESSION_HEIGHTS: 'a claim or proof names the heights of its session',
  /**
   * The lot that decides about a proof is drawn over the claim without its validation status. Otherwise a claim whose
   * required proof failed draws a second time, with another hash, and may get away.
   */
  REQUIREMENT_WITHOUT_STATUS: 'the requirement of a claim does not change when its proof is validated',
  /**
   * An address is written in one way only: lower case, 20 bytes. Two texts for one account would be two owners.
   */
  ADDRESS_CANONICAL: 'addresses are canonical',
  /** A relay response is verified with a secp256k1 key or not at all. */
  SUPPLIER_KEY_SECP256K1: 'suppliers sign with secp256k1',
} as const;
