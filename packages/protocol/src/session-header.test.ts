import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { SessionHeaderSchema, type SessionHeader } from './gen/pocket/session/types_pb.ts';
import { serviceIdProblem } from './service-id.ts';
import { sessionHeaderMismatch, sessionHeaderProblem } from './session-header.ts';

const APPLICATION = 'pokt1lpupgng7s548d73p6xrjwjkg843vspw0gwuqxf';

function header(changes: MessageInitShape<typeof SessionHeaderSchema> = {}): SessionHeader {
  return create(SessionHeaderSchema, {
    applicationAddress: APPLICATION,
    serviceId: 'svc1',
    sessionId: '8f',
    sessionStartBlockHeight: 21n,
    sessionEndBlockHeight: 40n,
    ...changes,
  } as MessageInitShape<typeof SessionHeaderSchema>);
}

describe('a session header', () => {
  it('is well formed', () => {
    expect(sessionHeaderProblem(header())).toBeUndefined();
    expect(sessionHeaderProblem(header({ sessionStartBlockHeight: 1n, sessionEndBlockHeight: 2n }))).toBeUndefined();
  });

  it('is refused in the documented order', () => {
    const flawed = create(SessionHeaderSchema, { applicationAddress: 'app', serviceId: 'a b' });
    expect(sessionHeaderProblem(flawed)).toMatch(/^"app"; \(address .*\): invalid application address for session$/);
    flawed.applicationAddress = APPLICATION;
    expect(sessionHeaderProblem(flawed)).toBe('"": invalid sessionId');
    flawed.sessionId = 'any text';
    expect(sessionHeaderProblem(flawed)).toBe("service ID 'a b' contains invalid characters: invalid service ID");
    flawed.serviceId = 'svc1';
    expect(sessionHeaderProblem(flawed)).toContain('sessions can only start at height 1 or greater');
    flawed.sessionStartBlockHeight = -1n;
    expect(sessionHeaderProblem(flawed)).toContain('sessions can only start at height 1 or greater');
    flawed.sessionStartBlockHeight = 5n;
    flawed.sessionEndBlockHeight = 5n;
    expect(sessionHeaderProblem(flawed)).toContain('cannot be less than or equal to session start block height');
    flawed.sessionEndBlockHeight = 6n;
    expect(sessionHeaderProblem(flawed)).toBeUndefined();
  });

  it('differs from another in the first field that differs', () => {
    const all = { serviceId: 'x', sessionStartBlockHeight: 2n, sessionEndBlockHeight: 3n, sessionId: 'y' };
    expect(sessionHeaderMismatch(header(), header())).toBeUndefined();
    expect(sessionHeaderMismatch(header(), header({ ...all, applicationAddress: 'z' }))).toBe(
      `session headers application addresses mismatch; expected: "${APPLICATION}", got: "z"`,
    );
    expect(sessionHeaderMismatch(header(), header(all))).toBe(
      'session headers service IDs mismatch; expected: "svc1", got: "x"',
    );
    expect(sessionHeaderMismatch(header(), header({ ...all, serviceId: 'svc1' }))).toBe(
      'session headers session start heights mismatch; expected: 21, got: 2',
    );
    expect(sessionHeaderMismatch(header(), header({ sessionEndBlockHeight: 41n, sessionId: 'y' }))).toBe(
      'session headers session end heights mismatch; expected: 40, got: 41',
    );
    expect(sessionHeaderMismatch(header(), header({ sessionId: 'y' }))).toBe(
      'session headers session IDs mismatch; expected: "8f", got: "y"',
    );
    expect(sessionHeaderMismatch(header(), undefined)).toContain('application addresses');
    expect(sessionHeaderMismatch(create(SessionHeaderSchema), undefined)).toBeUndefined();
  });
});

describe('a service id', () => {
  it('is 1 to 42 letters, digits, hyphens and underscores', () => {
    for (const id of ['a', 'svc-1_B', 'x'.repeat(42)]) expect(serviceIdProblem(id), id).toBeUndefined();
    expect(serviceIdProblem('')).toBe('empty service ID');
    expect(serviceIdProblem('x'.repeat(43))).toContain('exceeds maximum length: 42');
    expect(serviceIdProblem('ü'.repeat(22))).toContain('exceeds maximum length');
    for (const id of ['a b', 'ü', 'a/b', 'a.b', 'a\n']) {
      expect(serviceIdProblem(id), id).toBe(`service ID '${id}' contains invalid characters`);
    }
  });
});
