import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { recordInWords } from './record-in-words.ts';

test('a record says what its key promises', () => {
  const service = create(ServiceSchema, { id: 'a', name: 'A', computeUnitsPerRelay: 5n });
  expect(recordInWords(utf8('service/Service/id/a/'), encode(ServiceSchema, service))).toMatchObject({
    id: 'a',
    compute_units_per_relay: '5',
  });
  expect(recordInWords(utf8('bank/supply/upokt/'), utf8('12'))).toBe('12');
  expect(recordInWords(utf8('session/BlockHash/height/1/'), utf8('?'))).toBeUndefined();
  expect(() => recordInWords(utf8('service/Service/id/a/'), Uint8Array.of(255))).toThrow();
});
