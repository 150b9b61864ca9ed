/**
 * Where our ledger knowingly decides otherwise than Shannon's in a way that a recorded chain can show.
 *
 * Each rule is named here once, with its reason. They always hold, except for whoever follows a chain that was made without
 * them: he is asked at the very place where a rule decides, and so knows where it did.
 */
export type StricterRule =
  | 'SESSION_HEIGHTS'
  | 'REQUIREMENT_WITHOUT_STATUS'
  | 'SLASHED_SUPPLIER_LEAVES'
  | 'SUPPLIER_SIGNER'
  | 'SESSION_PARAMS_FROM_FIRST';

export const STRICTER_RULES: Readonly<Record<StricterRule, string>> = {
  SESSION_HEIGHTS:
    'A claim or proof names the first and last height of its session. Every window is counted from the header, so one with ' +
    'other heights would settle at another time than its session, and its honest proof would fail.',
  REQUIREMENT_WITHOUT_STATUS:
    'Whether a claim must be proven is drawn over the claim without the status of a failed proof. Otherwise a claim whose ' +
    'required proof has failed would draw a second time, with another hash.',
  SLASHED_SUPPLIER_LEAVES:
    'A supplier that a penalty brings below the minimum serves to the end of the session, and what is left of its stake comes ' +
    'back after the unbonding period. Otherwise it would serve on without the stake that vouches for it, and never get it back.',
  SUPPLIER_SIGNER:
    'A new supplier is staked by its owner or its operator. Otherwise a stranger could take an operator address before its owner.',
  SESSION_PARAMS_FROM_FIRST:
    'Heights before the first change of session parameters keep the set that held then. Otherwise suppliers of a session that ' +
    'began before would be drawn otherwise when it is proven than when it was served.',
};

/** Whether a rule is not to hold here; asked only where it would decide. */
export type Relaxation = (rule: StricterRule) => boolean;
