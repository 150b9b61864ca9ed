/**
 * The configuration of a gateway: one type, one validator, one commented example (`gateway.example.yaml`).
 *
 * Unknown fields are refused: a misspelt limit must not silently be no limit.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import type { KeyConfig } from './tenants.ts';

export type GatewayLimits = {
  readonly requestBytesMax: number;
  /** Of a whole answer; a stream is bounded by time. */
  readonly answerBytesMax: number;
  /** Suppliers asked for one request, before its first byte. */
  readonly attemptsMax: number;
  /** Time to the first byte of one attempt. */
  readonly firstByteMsMax: number;
  /** Silence inside a stream. */
  readonly silenceMsMax: number;
  /** The whole request, over all attempts. */
  readonly totalMsMax: number;
};

export type GatewayConfig = {
  readonly listen: { readonly host: string; readonly port: number };
  readonly ledger: { readonly rpc: string };
  /** File with the gateway's own key; its secret never stands in the configuration. */
  readonly keyFile: string;
  readonly keys: readonly KeyConfig[];
  /** Sells these models only. Absent: all that an application delegated. */
  readonly models?: readonly string[] | undefined;
  readonly limits: GatewayLimits;
  /** Folder in which traces are kept. */
  readonly data: string;
};

/** The limits of a gateway whose configuration names none. */
export const LIMITS_DEFAULT: GatewayLimits = {
  requestBytesMax: 32 * 1_024 * 1_024,
  answerBytesMax: 64 * 1_024 * 1_024,
  attemptsMax: 3,
  firstByteMsMax: 120_000,
  silenceMsMax: 60_000,
  totalMsMax: 600_000,
};

const limit = (name: keyof GatewayLimits, min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z.int().min(min).max(max).default(LIMITS_DEFAULT[name]);

const schema: z.ZodType<GatewayConfig> = z.strictObject({
  listen: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(8_080) })
    .prefault({}),
  ledger: z.strictObject({ rpc: z.url() }),
  keyFile: z.string().min(1),
  keys: z
    .array(
      z.strictObject({
        label: z.string().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        models: z.array(z.string()).optional(),
        inFlightMax: z.int().min(1).optional(),
      }),
    )
    .min(1),
  models: z.array(z.string()).optional(),
  limits: z
    .strictObject({
      requestBytesMax: limit('requestBytesMax', 1_024),
      answerBytesMax: limit('answerBytesMax', 1_024),
      attemptsMax: limit('attemptsMax', 1, 10),
      firstByteMsMax: limit('firstByteMsMax', 100),
      silenceMsMax: limit('silenceMsMax', 100),
      totalMsMax: limit('totalMsMax', 100),
    })
    .prefault({}),
  data: z.string().default('.'),
});

/** What is wrong, one line a field, in the order of the file; or the configuration. */
export function readGatewayConfig(
  yaml: string,
):
  { readonly ok: true; readonly config: GatewayConfig } | { readonly ok: false; readonly problems: readonly string[] } {
  let document: unknown;
  try {
    document = parse(yaml);
  } catch (thrown) {
    return { ok: false, problems: [`not YAML: ${(thrown as Error).message}`] };
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return { ok: true, config: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`),
  };
}
