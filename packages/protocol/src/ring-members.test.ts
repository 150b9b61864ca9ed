import { describe, expect, it } from 'vitest';
import { addressBytesOf } from './address.ts';
import { fromBigInt, toBigInt, toHex, utf8 } from './bytes.ts';
import { GROUP_ORDER, scalarFromBigInt } from './group.ts';
import { sha256 } from './hash.ts';
import { keyFromPrivateKey, type Key } from './keys.ts';
import {
  applicationRing,
  checkRingMembers,
  expectedRing,
  gatewayRing,
  PLACEHOLDER_PUBLIC_KEY,
  ringMemberAddresses,
  type RingApplication,
} from './ring-members.ts';

const [application, gateway, left, stranger] = [1n, 2n, 3n, 4n].map((k) => keyFromPrivateKey(scalarFromBigInt(k))) as [
  Key,
  Key,
  Key,
  Key,
];

const record = (change: Partial<RingApplication> = {}): RingApplication => ({
  address: application.address,
  delegateeGatewayAddresses: [],
  pendingUndelegations: [],
  ...change,
});

const publicKeyOf = (address: string): Uint8Array | undefined =>
  [application, gateway, left].find((key) => key.address === address)?.publicKey;

describe('ring members', () => {
  it('are the application and its gateways, each once, in order of text', () => {
    const members = ringMemberAddresses(
      record({
        delegateeGatewayAddresses: [gateway.address, left.address, gateway.address],
        pendingUndelegations: [[40, [gateway.address]]],
      }),
      40,
    );
    expect(members).toEqual([application.address, gateway.address, left.address].sort());
  });

  it('keep a gateway until the session in which it left has ended', () => {
    const leaving = record({ pendingUndelegations: new Map([[40, [left.address]]]) });
    const isMemberAt = (sessionEndHeight: number): boolean =>
      ringMemberAddresses(leaving, sessionEndHeight).includes(left.address);
    expect([20, 40, 41, 60].map(isMemberAt)).toEqual([true, true, false, false]);
  });

  it('need a public key each', () => {
    const delegating = record({ delegateeGatewayAddresses: [stranger.address] });
    expect(expectedRing(delegating, 40, publicKeyOf, false)).toEqual({
      ok: false,
      refusal: { code: 'RING_KEY_MISSING', message: `ring member ${stranger.address} has no public key` },
    });
  });

  it('include the placeholder only where it is wanted and there is no gateway', () => {
    const keysOf = (change: Partial<RingApplication>, placeholder: boolean): string[] => {
      const ring = expectedRing(record(change), 40, publicKeyOf, placeholder);
      return ring.ok ? ring.publicKeys.map(toHex) : [];
    };
    const delegating = { delegateeGatewayAddresses: [gateway.address] };
    const undelegated = { pendingUndelegations: [[40, [left.address]]] as const };
    const extra = toHex(PLACEHOLDER_PUBLIC_KEY);
    expect(keysOf({}, true)).toEqual([toHex(application.publicKey), extra]);
    expect(keysOf({}, false)).toEqual([toHex(application.publicKey)]);
    expect(keysOf(delegating, true)).not.toContain(extra);
    expect(keysOf(undelegated, true)).not.toContain(extra);
    expect(keysOf(undelegated, true)).toHaveLength(2);
  });

  it('may sign in any order, number and repetition; nobody else may', () => {
    const expected = [application.publicKey, gateway.publicKey, left.publicKey];
    for (const members of [[gateway, application], [application, application], [left], [gateway, left, application]]) {
      expect(
        checkRingMembers(
          members.map((key) => key.publicKey),
          expected,
        ),
      ).toBeUndefined();
    }
    expect(checkRingMembers([application.publicKey, stranger.publicKey], expected)).toEqual({
      code: 'RING_MEMBER_FOREIGN',
      message: `member ${stranger.address} is not in the application's ring`,
    });
  });
});

describe('the ring to sign with', () => {
  it('is the application and the gateway, or the application twice', () => {
    const [a, g] = [application.publicKey, gateway.publicKey];
    expect(gatewayRing(a, g)).toEqual({ ring: [a, g], signerIndex: 1 });
    expect(applicationRing(a, g)).toEqual({ ring: [a, g], signerIndex: 0 });
    expect(applicationRing(a)).toEqual({ ring: [a, a], signerIndex: 0 });
  });
});

describe('the placeholder key', () => {
  it('follows from its published sentence', () => {
    const secret = utf8('placeholder_ring_key_for_apps_without_gateways');
    const privateKey = fromBigInt((toBigInt(sha256(secret)) % (GROUP_ORDER - 1n)) + 1n, 32);
    expect(toHex(keyFromPrivateKey(privateKey).publicKey)).toBe(toHex(PLACEHOLDER_PUBLIC_KEY));
    expect(toHex(addressBytesOf(PLACEHOLDER_PUBLIC_KEY)).toUpperCase()).toBe(
      '6178B12D0711F3A930A6133C39AE3B89E9E79A04',
    );
  });
});
