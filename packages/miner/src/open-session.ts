/**
 * One supplier's side of one running session: its budget, the requests it has taken, the relays still running.
 *
 * A request enters once: its signing is taken when its signature has been checked and given back only if nothing came of
 * it, so that a copy of a signed request costs nobody anything. Restored from the journal after a restart.
 */
import { toHex } from '@decai/protocol/bytes';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { RelayJournal, TreeName } from './relay-journal.ts';
import { RelayMeter } from './relay-meter.ts';
import type { SessionTerms } from './session-terms.ts';

export class OpenSession {
  readonly name: TreeName;
  readonly header: SessionHeader;
  readonly terms: SessionTerms;
  readonly meter: RelayMeter;
  readonly #taken: Set<string>;
  #running = 0;
  #sealed = false;

  constructor(name: TreeName, terms: SessionTerms, meter: RelayMeter, taken: Set<string>) {
    this.name = name;
    this.header = terms.session.header;
    this.terms = terms;
    this.meter = meter;
    this.#taken = taken;
  }

  /** Relays that are between admission and their end: the tree is not sealed while there are any. */
  get running(): number {
    return this.#running;
  }

  /** Whether the tree is closed for good: what is served from now on is not counted. */
  get isSealed(): boolean {
    return this.#sealed;
  }

  seal(): void {
    this.#sealed = true;
  }

  isTaken(signing: Uint8Array): boolean {
    return this.#taken.has(toHex(signing));
  }

  /** Takes a request. Returns the way to end it: `served` keeps it taken, otherwise the request may come again. */
  take(signing: Uint8Array): (served: boolean) => void {
    const name = toHex(signing);
    this.#taken.add(name);
    this.#running += 1;
    let open = true;
    return (served) => {
      if (!open) return;
      open = false;
      this.#running -= 1;
      if (!served) this.#taken.delete(name);
    };
  }
}

export class OpenSessions {
  readonly #journal: RelayJournal;
  readonly #overservice: 'off' | 'unlimited' | number;
  readonly #sessions = new Map<string, OpenSession>();

  constructor(journal: RelayJournal, overservice: 'off' | 'unlimited' | number) {
    this.#journal = journal;
    this.#overservice = overservice;
  }

  /** The supplier's side of a session, restored from the journal when it is not open yet. */
  open(supplier: string, terms: SessionTerms): OpenSession {
    const name: TreeName = { sessionId: terms.session.id, supplier };
    const key = keyOf(name);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const taken = new Set<string>();
    let consumed = 0n;
    for (const { signing, computeUnits } of this.#journal.served(name)) {
      taken.add(toHex(signing));
      consumed += computeUnits;
    }
    const session = new OpenSession(name, terms, new RelayMeter(terms.budget, this.#overservice, consumed), taken);
    this.#sessions.set(key, session);
    return session;
  }

  find(name: TreeName): OpenSession | undefined {
    return this.#sessions.get(keyOf(name));
  }

  /** Forgets a session whose tree is sealed; later requests are refused by their heights. */
  close(name: TreeName): void {
    this.#sessions.delete(keyOf(name));
  }

  values(): IterableIterator<OpenSession> {
    return this.#sessions.values();
  }
}

function keyOf({ sessionId, supplier }: TreeName): string {
  return `${sessionId}/${supplier}`;
}
