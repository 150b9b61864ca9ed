import { expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { drawSuppliers, supplierTicket } from './session-draw.ts';
import { sessionPreimage } from './session-id.ts';

const PREIMAGE = sessionPreimage({
  blockHash: sha256(utf8('block-21')),
  serviceId: 'anvil',
  applicationAddress: 'pokt1rl3gjgzexmplmds3tq3r3yk84zlwdl6djzgsvm',
  startHeight: 21,
});
const IN_ORDER = [
  'pokt1f6j7u6875p2cvyrgjr0d2uecyzah0kget9vlpl',
  'pokt18ua0rm8th52pp26p0mqdy7aledwngrshg85d7h',
  'pokt1j40dzzmn6cn9kxku7a5tjnud6hv37vesr5ccaa',
  'pokt1nhmtqf4gcmpxu0p6e53hpgtwj0llmsqpxtumcf',
];
const AS_STORED = [IN_ORDER[3]!, IN_ORDER[1]!, IN_ORDER[0]!, IN_ORDER[2]!];

test('tickets are signed: a hash from 80 on is negative', () => {
  expect(IN_ORDER.map((address) => supplierTicket(PREIMAGE, address))).toEqual([
    -3744596101796944576n,
    2617348443990319710n,
    4683030826249797590n,
    7434210836753853203n,
  ]);
});

test('the lowest tickets are drawn, also when there is exactly a seat for each', () => {
  expect(drawSuppliers(PREIMAGE, AS_STORED, 2)).toEqual(IN_ORDER.slice(0, 2));
  expect(drawSuppliers(PREIMAGE, AS_STORED, 4)).toEqual(IN_ORDER);
});

test('fewer candidates than seats all serve, in the order they are stored', () => {
  expect(drawSuppliers(PREIMAGE, AS_STORED, 5)).toEqual(AS_STORED);
  expect(drawSuppliers(PREIMAGE, [], 5)).toEqual([]);
});

test('the draw does not depend on the order of the candidates', () => {
  expect(drawSuppliers(PREIMAGE, AS_STORED.toReversed(), 3)).toEqual(IN_ORDER.slice(0, 3));
});
