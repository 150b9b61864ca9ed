import { expect, test } from 'vitest';
import { toHex, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { proofPath } from './proof-path.ts';

test('the path follows from the seed block and the text of the session id', () => {
  const session = 'c1abcf37c227b64835d15e8e896377aefe6a976c588ad8eae8223dabaa22d6c2';
  const path = proofPath(sha256(utf8('block-62')), session);
  expect(toHex(path)).toBe('7f4f4c1135f25269af7403b2f95b118bc1f7f891a73ca85aabe2f9f74f663eaa');
});
