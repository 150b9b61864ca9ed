import { expect, test } from 'vitest';
import { EMPTY, fromHex, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { sessionId, sessionPreimage } from './session-id.ts';

const APP_1 = 'pokt1mdccn4u38eyjdxkk4h0jaddw4n3c72u82m5m9e';
const APP_2 = 'pokt133amv5suh75zwkxxcq896azvmmwszg99grvk9f';
const AT_5 = '261594ddc3c8afc5b4c63f59ee58e89d3a115bcd164c83fd79349de0b1ffd21d';
const AT_9 = '251665c7cf286a30fbd98acd983c63e9a34efc16496511373405e24eb02a8fb9';

// The first four are the reference's own test, `TestSession_HydrateSession_SessionId`.
test.each([
  [AT_5, 'svc1', APP_1, 5, 'e161348f2153bb41092040c3c287596f8daf98e90986475be21412a1ded945ed'],
  [AT_9, 'svc1', APP_1, 9, 'fea5d6f7544ff6d8af5c22529b2ccf01ed7930b3d454d42dda5ccc0b65b6ebfd'],
  [AT_5, 'svc12', APP_1, 5, 'c01eb8924dbb9dae7cab8ed56016ce8fdd2d23542f9e0b7ca8d6972d3fb45ce5'],
  [AT_5, 'svc12', APP_2, 5, 'f6dbe4961afd8ff0e444a1159d02bc645f9ded3daaa605c187e6bd7ee2232a68'],
])('block %s, service %s, application %s from %i', (blockHash, serviceId, applicationAddress, startHeight, id) => {
  expect(
    sessionId(sessionPreimage({ blockHash: fromHex(blockHash), serviceId, applicationAddress, startHeight })),
  ).toBe(id);
});

test('a session may start where no block hash is stored', () => {
  const rest = { serviceId: 'anvil', applicationAddress: 'pokt1rl3gjgzexmplmds3tq3r3yk84zlwdl6djzgsvm' };
  expect(sessionId(sessionPreimage({ ...rest, blockHash: EMPTY, startHeight: 1 }))).toBe(
    '1d9763789640549c57d6e1c0aee7e89705924de34493329d3172239a78309704',
  );
  expect(sessionId(sessionPreimage({ ...rest, blockHash: sha256(utf8('block-21')), startHeight: 21 }))).toBe(
    'c1abcf37c227b64835d15e8e896377aefe6a976c588ad8eae8223dabaa22d6c2',
  );
});
