/**
 * Who may use this gateway: API keys, kept as hashes, and what each is allowed.
 *
 * A secret is never stored: its SHA-256 is looked up in a map, so a wrong key costs the same as a right one. Counting
 * requests in flight is the only state; it is given back on every way out.
 */
import { sha256 } from '@decai/protocol/hash';
import { toHex, utf8 } from '@decai/protocol/bytes';
import type { HttpHeaders } from '@decai/protocol/http';
import { type ApiRefusal, apiRefusal } from './openai-error.ts';

export type KeyConfig = {
  /** Shown in logs and dashboards in place of the key. */
  readonly label: string;
  /** Lower-case hexadecimal SHA-256 of the secret. */
  readonly sha256: string;
  /** Models that this key may use. Absent: all. */
  readonly models?: readonly string[] | undefined;
  /** Requests that may be under way at once. */
  readonly inFlightMax?: number | undefined;
};

export type Tenant = {
  readonly label: string;
  readonly mayUse: (model: string) => boolean;
  /** Ends this request's claim on the tenant's allowance. Calling it twice is the same as once. */
  readonly release: () => void;
};

export const IN_FLIGHT_MAX_DEFAULT = 256;

/**
 * Admits one request by its key.
 *
 * Refuses, in this order: no key or an unknown one (`invalid_api_key`); too many requests under way
 * (`rate_limit_exceeded`). Who is admitted must call `release`.
 */
export function admitTenant(
  tenants: Tenants,
  headers: HttpHeaders,
): { readonly ok: true; readonly tenant: Tenant } | ApiRefusal {
  const secret = secretOf(headers);
  if (secret === undefined) {
    return apiRefusal('invalid_api_key', 'No API key: send it as "Authorization: Bearer YOUR_KEY".');
  }
  const key = tenants.find(secret);
  if (key === undefined) return apiRefusal('invalid_api_key', 'The API key is not known here.');
  const tenant = tenants.take(key);
  if (tenant !== undefined) return { ok: true, tenant };
  const message = 'This key has as many requests under way as it may.';
  return apiRefusal('rate_limit_exceeded', message, { retryAfterS: 1 });
}

/** The hash under which a secret is configured. */
export function hashOfKey(secret: string): string {
  return toHex(sha256(utf8(secret)));
}

export class Tenants {
  readonly #keys: ReadonlyMap<string, KeyConfig>;
  readonly #inFlight = new Map<string, number>();

  constructor(keys: readonly KeyConfig[]) {
    this.#keys = new Map(keys.map((key) => [key.sha256, key]));
  }

  find(secret: string): KeyConfig | undefined {
    return this.#keys.get(hashOfKey(secret));
  }

  /** A place for one more request of the key, or nothing when it has as many under way as it may. */
  take(key: KeyConfig): Tenant | undefined {
    const inFlight = this.#inFlight.get(key.sha256) ?? 0;
    if (inFlight >= (key.inFlightMax ?? IN_FLIGHT_MAX_DEFAULT)) return undefined;
    this.#inFlight.set(key.sha256, inFlight + 1);
    return this.#tenantOf(key);
  }

  /** Requests under way, over all keys. */
  get inFlight(): number {
    return [...this.#inFlight.values()].reduce((sum, count) => sum + count, 0);
  }

  #tenantOf(key: KeyConfig): Tenant {
    let held = true;
    return {
      label: key.label,
      mayUse: (model) => key.models === undefined || key.models.includes(model),
      release: () => {
        if (held) this.#inFlight.set(key.sha256, (this.#inFlight.get(key.sha256) ?? 1) - 1);
        held = false;
      },
    };
  }
}

/** The key as clients send it: bearer token, or one of the two header names in use elsewhere. */
function secretOf(headers: HttpHeaders): string | undefined {
  const bearer = /^Bearer[ ]+(\S+)[ ]*$/i.exec(headers.authorization ?? '')?.[1];
  const secret = bearer ?? headers['x-api-key'] ?? headers['api-key'];
  return secret === undefined || secret === '' ? undefined : secret;
}
