/**
 * What an operator may set, as one type with one validator and one commented example, `miner.example.yaml`.
 *
 * Every value except a service and its backend has a default. A key that nobody reads is an error, because it is
 * usually a misspelt key that somebody relies on.
 */
import { Fault } from '@decai/protocol/fault';
import { parse } from 'yaml';
import { z } from 'zod';

/** One service: the backend behind it and how much it bears. */
export type ServiceConfig = {
  /** Where the backend answers; its path is put before the path of every request. */
  readonly backend: string;
  /** Sent with every call. `env:NAME` stands for an environment variable, so that a key need not stand in the file. */
  readonly headers: Readonly<Record<string, string>>;
  /** The name under which the backend knows the model, where it differs from the one it is asked for. */
  readonly model?: string | undefined;
  /** What a relay may ask for. `*` at the end takes everything below. */
  readonly allowedPaths: readonly string[];
  readonly bodyBytesMax: number;
  /** Of a buffered answer; a stream is bounded by time. */
  readonly responseBytesMax: number;
  readonly streamEventBytesMax: number;
  /** The whole answer. */
  readonly timeoutMs: number;
  readonly firstByteTimeoutMs: number;
  /** Between two pieces of an answer. */
  readonly idleTimeoutMs: number;
  readonly inflightMax: number;
  readonly queueMax: number;
  readonly queueTimeoutMs: number;
  /** Asked with GET; any answer below 500 means that the backend lives. */
  readonly probe: {
    readonly path: string;
    readonly everyMs: number;
    readonly timeoutMs: number;
    /** After so many failures in a row the backend is left alone until a probe succeeds. */
    readonly failuresMax: number;
  };
  /** Tells the backend supplier, service, session and application in `pocket-*` headers. */
  readonly pocketHeaders: boolean;
};

export type MinerConfig = {
  /** RPC of the ledger's node. */
  readonly ledger: string;
  readonly chainId?: string | undefined;
  readonly keys: { readonly file: string };
  readonly data: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly services: Readonly<Record<string, ServiceConfig>>;
  readonly admission: {
    /** How many blocks a gateway may be ahead of us or behind us. */
    readonly heightSkewBlocks: number;
    /** Questions about sessions that we have never seen: strangers can cause them. */
    readonly unknownSessionsPerSecond: number;
    /** Relays beyond the budget of a session: none, all, or so many. Nobody pays for them. */
    readonly overservice: 'off' | 'unlimited' | number;
  };
  /** Relays that may wait for the disk before new ones are told to come later. */
  readonly journal: { readonly unsyncedMax: number };
  readonly stream: {
    /** How long an event may wait for company. The first never waits. */
    readonly batchMs: number;
    readonly batchBytesMax: number;
    readonly batchEventsMax: number;
    /** A comment line goes to the gateway when the backend was silent this long. */
    readonly keepaliveMs: number;
    /** Above this, events wait for company so that one signature serves several. */
    readonly signaturesPerSecond: number;
    /** Whether what was delivered before a client left is mined. */
    readonly payPartial: boolean;
  };
  readonly claims: {
    readonly messagesPerTransactionMax: number;
    /** uPOKT for one unit of gas, as decimal text. */
    readonly gasPriceUpokt: string;
    /** Relays still running are no longer waited for when fewer blocks than this remain in the claim window. */
    readonly safetyBlocks: number;
    /** Evidence is kept this many sessions beyond settlement. */
    readonly retainSessions: number;
  };
  /** Whether the signed answer names the request that it answers. */
  readonly responseBinding: boolean;
  /** `always200` serves gateways that read refusals only from the body. */
  readonly errorStatus: 'specific' | 'always200';
  readonly metrics: boolean;
  /** `GET /hops` and `GET /earnings`, without authentication: so only where the miner listens on loopback. */
  readonly trace: { readonly enabled: boolean; readonly relaysMax: number };
};

const port = z.int().min(0).max(65_535);
const count = z.int().min(1);
const duration = z.int().min(1);

const headers = z.record(z.string().regex(/^[a-z0-9-]+$/, 'header names are lower case'), z.string()).default({});

const path = z.string().regex(/^\/[^?#]*$/, 'a path begins with / and has no query');

/** The paths of an OpenAI-compatible server that a relay may ask for. `*` at the end takes everything below. */
export const OPENAI_PATHS: readonly string[] = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/models',
  '/v1/models/*',
  '/v1/responses',
  '/v1/rerank',
  '/v1/images/generations',
  '/v1/audio/speech',
  '/v1/audio/transcriptions',
  '/v1/audio/translations',
  '/v1/moderations',
];

const SERVICE_ID_RULE = 'a service id has 1 to 42 letters, digits, _ or -';

const service = z.strictObject({
  backend: z.url({ protocol: /^https?$/ }),
  headers,
  model: z.string().min(1).optional(),
  allowedPaths: z
    .array(path)
    .min(1)
    .default([...OPENAI_PATHS]),
  bodyBytesMax: count.default(16 * 1024 * 1024),
  responseBytesMax: count.default(64 * 1024 * 1024),
  streamEventBytesMax: count.default(8 * 1024 * 1024),
  timeoutMs: duration.default(600_000),
  firstByteTimeoutMs: duration.default(300_000),
  idleTimeoutMs: duration.default(30_000),
  inflightMax: count.default(64),
  queueMax: z.int().min(0).default(256),
  queueTimeoutMs: duration.default(10_000),
  probe: z
    .strictObject({
      path: path.default('/v1/models'),
      everyMs: duration.default(10_000),
      timeoutMs: duration.default(5_000),
      failuresMax: count.default(5),
    })
    .prefault({}),
  pocketHeaders: z.boolean().default(false),
});

const minerConfig = z
  .strictObject({
    ledger: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:26657'),
    chainId: z.string().min(1).optional(),
    keys: z.strictObject({ file: z.string().min(1) }).prefault({ file: './supplier.key' }),
    data: z.string().min(1).default('./data'),
    listen: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.default(8545) }).prefault({}),
    services: z
      .record(z.string().regex(/^[A-Za-z0-9_-]{1,42}$/, SERVICE_ID_RULE), service)
      .refine((services) => Object.keys(services).length > 0, 'at least one service'),
    admission: z
      .strictObject({
        heightSkewBlocks: z.int().min(0).default(1),
        unknownSessionsPerSecond: count.default(50),
        overservice: z.union([z.literal('off'), z.literal('unlimited'), count]).default('off'),
      })
      .prefault({}),
    journal: z.strictObject({ unsyncedMax: count.default(512) }).prefault({}),
    stream: z
      .strictObject({
        batchMs: duration.default(20),
        batchBytesMax: count.default(64 * 1024),
        batchEventsMax: count.default(64),
        keepaliveMs: duration.default(15_000),
        signaturesPerSecond: count.default(2_000),
        payPartial: z.boolean().default(true),
      })
      .prefault({}),
    claims: z
      .strictObject({
        messagesPerTransactionMax: count.default(50),
        gasPriceUpokt: z
          .string()
          .regex(/^\d+(\.\d+)?$/, 'decimal text such as 0.001')
          .default('0'),
        safetyBlocks: z.int().min(0).default(2),
        retainSessions: z.int().min(0).default(96),
      })
      .prefault({}),
    responseBinding: z.boolean().default(true),
    errorStatus: z.enum(['specific', 'always200']).default('specific'),
    metrics: z.boolean().default(true),
    trace: z.strictObject({ enabled: z.boolean().default(false), relaysMax: count.default(1_000) }).prefault({}),
  })
  .refine(({ trace, listen }) => !trace.enabled || isLoopback(listen.host), {
    path: ['trace', 'enabled'],
    message: 'needs listen.host to be a loopback address',
  });

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Checks a configuration and fills in its defaults.
 *
 * @throws MINER_CONFIG_INVALID naming every wrong key by its path.
 */
export function checkMinerConfig(input: unknown): MinerConfig {
  const result = minerConfig.safeParse(input);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const at = issue.path.map(String).join('.') || 'the file';
    // zod keeps what is wrong with a key of a record apart from the record's own message.
    const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    return `${at}: ${message}${issue.code === 'unrecognized_keys' ? nearestKeys(issue.keys) : ''}`;
  });
  throw new Fault('MINER_CONFIG_INVALID', `configuration is wrong: ${complaints.join('; ')}`, {
    complaints: complaints.length,
  });
}

/** Reads YAML or JSON, which is a part of YAML. @throws MINER_CONFIG_INVALID, also for text that is neither. */
export function parseMinerConfig(text: string): MinerConfig {
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    throw new Fault('MINER_CONFIG_INVALID', `configuration is not YAML: ${(cause as Error).message}`, {}, cause);
  }
  return checkMinerConfig(document);
}

/**
 * The header values with every `env:NAME` replaced.
 *
 * @throws MINER_CONFIG_INVALID when the variable is not set: a backend would refuse everything without its key.
 */
export function resolveHeaders(
  configured: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => {
      if (!value.startsWith('env:')) return [name, value];
      const variable = value.slice('env:'.length);
      const found = environment[variable];
      if (found === undefined) {
        throw new Fault('MINER_CONFIG_INVALID', `header ${name} names an unset environment variable`, { variable });
      }
      return [name, found];
    }),
  );
}

const KNOWN_KEYS: readonly string[] = [minerConfig, service].flatMap((schema) => Object.keys(schema.shape));

function nearestKeys(keys: readonly string[]): string {
  const guesses = keys.flatMap((key) => {
    const best = KNOWN_KEYS.map((known) => ({ known, distance: editDistance(key.toLowerCase(), known.toLowerCase()) }))
      .filter(({ known, distance }) => distance <= Math.max(2, known.length / 3))
      .sort((a, b) => a.distance - b.distance)[0];
    return best === undefined ? [] : [best.known];
  });
  return guesses.length === 0 ? '' : ` (did you mean ${guesses.join(', ')}?)`;
}

/** Letters to insert, remove or replace, by the usual table (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
