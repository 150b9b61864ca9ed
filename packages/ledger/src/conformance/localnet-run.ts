/**
 * A recorded run of a whole chain, as its files say: genesis, blocks with their results, state after each, query answers.
 *
 * The caller reads the files; here they are values. What the files hold beyond this is not looked at.
 */
import type { JsonValue } from '@bufbuild/protobuf';

export type JsonObject = { readonly [name: string]: JsonValue };

export type RecordedEvent = {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
};

export type RecordedResult = {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  /** Base64; null for nothing. */
  readonly data: string | null;
  readonly gas_wanted: string;
  readonly gas_used?: string;
  readonly events: readonly RecordedEvent[];
};

export type RecordedBlock = {
  readonly height: number;
  readonly block_id: { readonly hash: string };
  readonly block: {
    readonly header: { readonly time: string };
    readonly data: { readonly txs: readonly string[] };
  };
  readonly results: {
    readonly txs_results: readonly RecordedResult[] | null;
    readonly finalize_block_events: readonly RecordedEvent[] | null;
  };
};

/** What a block changed, by section and key; null: removed. */
export type RecordedChanges = { readonly height: number } & { readonly [section: string]: JsonObject | number };

/** A validator: stake and shares, and who delegated them. */
export type RecordedValidator = {
  readonly account: string;
  readonly status: string;
  readonly tokens: string;
  readonly delegator_shares: string;
  readonly commission: JsonValue;
  readonly delegations: readonly { readonly delegator: string; readonly shares: string }[];
};

export type RecordedQuery = {
  readonly height: number;
  readonly path: string;
  readonly request_json: JsonValue;
  readonly request_b64: string;
  readonly abci: {
    readonly code: number;
    readonly codespace: string;
    readonly log: string;
    /** Base64; null for nothing. */
    readonly value: string | null;
  };
  /** The same answer over REST; absent where it was not asked for there. */
  readonly rest_url?: string;
  readonly rest_status?: number;
  readonly rest_body?: string;
};

/** A relay as it went over the wire: whole HTTP messages in base64. */
export type RecordedRelay = {
  /** What it was meant to show. */
  readonly label?: string;
  readonly height: number;
  readonly request_http_b64: string;
  readonly response_http_b64: string;
  /** The answer, decoded; absent where nobody decoded it. */
  readonly response_json?: JsonValue;
};

export type LocalnetRun = {
  readonly genesis: JsonObject;
  readonly blocks: readonly RecordedBlock[];
  readonly state: readonly RecordedChanges[];
  /** Absent in runs that only record blocks. */
  readonly queries?: readonly RecordedQuery[];
  /** Absent in runs without a miner. */
  readonly relays?: readonly RecordedRelay[];
  /** Genesis documents that the chain exported, by height; absent in runs that only record blocks. */
  readonly exports?: Readonly<Record<string, { readonly app_state: JsonObject }>>;
};

/** The validators that a block changed, by operator. */
export function validatorsIn(changes: RecordedChanges | undefined): [operator: string, validator: RecordedValidator][] {
  return Object.entries((changes?.['validators'] ?? {}) as unknown as Record<string, RecordedValidator>);
}

/** Whether a value has the parts of a run. */
export function isLocalnetRun(document: unknown): document is LocalnetRun {
  if (typeof document !== 'object' || document === null) return false;
  const { genesis, blocks, state } = document as Partial<Record<keyof LocalnetRun, unknown>>;
  return typeof genesis === 'object' && genesis !== null && Array.isArray(blocks) && Array.isArray(state);
}
