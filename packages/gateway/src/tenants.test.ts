import { expect, test } from 'vitest';
import { admitTenant, hashOfKey, Tenants } from './tenants.ts';

const tenants = new Tenants([
  { label: 'alice', sha256: hashOfKey('sk-alice'), models: ['small'], inFlightMax: 2 },
  { label: 'bob', sha256: hashOfKey('sk-bob') },
]);

test.each([
  ['no header', {}],
  ['an empty bearer', { authorization: 'Bearer ' }],
  ['another scheme', { authorization: 'Basic sk-alice' }],
  ['an unknown key', { authorization: 'Bearer sk-mallory' }],
  ['the hash of a key', { authorization: `Bearer ${hashOfKey('sk-alice')}` }],
])('%s is refused with invalid_api_key', (_name, headers) => {
  expect(admitTenant(tenants, headers)).toMatchObject({ ok: false, code: 'invalid_api_key' });
});

test.each([
  [{ authorization: 'Bearer sk-bob' }],
  [{ authorization: 'bearer  sk-bob ' }],
  [{ 'x-api-key': 'sk-bob' }],
  [{ 'api-key': 'sk-bob' }],
])('a known key is admitted from %o', (headers) => {
  const admitted = admitTenant(tenants, headers);
  expect(admitted).toMatchObject({ ok: true, tenant: { label: 'bob' } });
  if (admitted.ok) admitted.tenant.release();
});

test('a key with a list of models may use those only', () => {
  const admitted = admitTenant(tenants, { authorization: 'Bearer sk-alice' });
  if (!admitted.ok) throw new Error('refused');
  expect([admitted.tenant.mayUse('small'), admitted.tenant.mayUse('large')]).toEqual([true, false]);
  admitted.tenant.release();
});

test('requests under way are bounded, and giving one back twice frees one place', () => {
  const admit = () => admitTenant(tenants, { authorization: 'Bearer sk-alice' });
  const [first, second] = [admit(), admit()];
  expect(admit()).toMatchObject({ ok: false, code: 'rate_limit_exceeded', retryAfterS: 1 });
  if (!first.ok || !second.ok) throw new Error('refused');
  first.tenant.release();
  first.tenant.release();
  expect(tenants.inFlight).toBe(1);
  expect(admit().ok).toBe(true);
  expect(admit().ok).toBe(false);
});
