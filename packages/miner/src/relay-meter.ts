/**
 * What an application may still spend at one supplier in one session: reserved before work, settled or released after.
 *
 * Money is compared as whole sums of compute units, so that a service whose relay costs less than one uPOKT is limited
 * too. A reservation ends exactly once; ending it again changes nothing, so every path may end it in a `finally`.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/relay_meter.go`.
 */

/** What a budget follows from, all as of the session's start. */
export type BudgetTerms = {
  readonly applicationStakeUpokt: bigint;
  /** How many suppliers were drawn for the session. */
  readonly suppliers: bigint;
  /** How many sessions of an application can be unsettled at once, this one included. */
  readonly pendingSessions: bigint;
  readonly computeUnitsToTokensMultiplier: bigint;
  readonly computeUnitCostGranularity: bigint;
};

export type Reservation = {
  /** Whether the application's stake covers this relay. */
  readonly paid: boolean;
  /** Charges what was really done and gives back the rest. */
  settle(computeUnits: bigint): void;
  /** Gives everything back. */
  release(): void;
};

/**
 * The uPOKT that one supplier may count on from one session.
 *
 * The stake is shared by the session's suppliers and by all sessions that are not settled yet when this one is.
 */
export function budgetUpokt({ applicationStakeUpokt, suppliers, pendingSessions }: BudgetTerms): bigint {
  return applicationStakeUpokt / suppliers / pendingSessions;
}

export class RelayMeter {
  readonly limitUpokt: bigint;
  readonly #terms: BudgetTerms;
  readonly #unpaidRelaysMax: number;
  #consumed: bigint;
  #reserved = 0n;
  #unpaidRelays = 0;

  /** `consumed`: compute units charged before a restart. `overservice`: relays served beyond the budget. */
  constructor(terms: BudgetTerms, overservice: 'off' | 'unlimited' | number = 'off', consumed = 0n) {
    this.#terms = terms;
    this.limitUpokt = budgetUpokt(terms);
    this.#unpaidRelaysMax = overservice === 'off' ? 0 : overservice === 'unlimited' ? Infinity : overservice;
    this.#consumed = consumed;
  }

  /** Compute units charged. */
  get consumed(): bigint {
    return this.#consumed;
  }

  /** Compute units that running relays may still charge. */
  get reserved(): bigint {
    return this.#reserved;
  }

  /** Relays served beyond the budget, which nobody pays for. */
  get unpaidRelays(): number {
    return this.#unpaidRelays;
  }

  /** Sets aside `computeUnits`; undefined when the budget and what is given beyond it are used up. */
  reserve(computeUnits: bigint): Reservation | undefined {
    const paid = this.#covers(this.#consumed + this.#reserved + computeUnits);
    if (!paid && this.#unpaidRelays >= this.#unpaidRelaysMax) return undefined;
    if (!paid) this.#unpaidRelays += 1;
    this.#reserved += computeUnits;
    let open = true;
    const end = (charged: bigint | undefined): void => {
      if (!open) return;
      open = false;
      this.#reserved -= computeUnits;
      if (charged !== undefined) this.#consumed += charged;
      else if (!paid) this.#unpaidRelays -= 1;
    };
    return { paid, settle: (charged) => end(charged), release: () => end(undefined) };
  }

  /** Whether the budget covers a sum of compute units. Exact: both sides are multiplied out. */
  #covers(computeUnits: bigint): boolean {
    const { computeUnitsToTokensMultiplier, computeUnitCostGranularity } = this.#terms;
    return computeUnits * computeUnitsToTokensMultiplier <= this.limitUpokt * computeUnitCostGranularity;
  }
}
