/** Whatever is asked, at whatever height: a node answers or refuses, and nothing in it is a fault. */
import type { DescMethodUnary, DescService, Message } from '@bufbuild/protobuf';
import { concat, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { arbitraryMessage, everyService } from '@decai/protocol/message.arbitrary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryPaths } from './query.ts';
import { PANIC } from './registered-error.ts';
import { ALICE, APPS, HEIGHT, OPERATORS, OWNER, SESSION, town, VALIDATOR } from './test-queries.ts';
import { send } from './test-transactions.ts';

const methods = new Map(
  (await everyService())
    .flatMap((service: DescService) => service.methods)
    .map((method): [string, DescMethodUnary] => [
      `/${method.parent.typeName}/${method.name}`,
      method as DescMethodUnary,
    ]),
);

/** Names that mean something in the town, put wherever a request has a text. */
const NAMES = [ALICE.address, APPS[0]!, OPERATORS[0]!, OWNER, VALIDATOR, 'svc', 'upokt', SESSION];
const page = fc.record({
  key: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 50 }), fc.constantFrom(...NAMES.map(utf8))),
  offset: fc.constantFrom(0n, 0n, 1n, 2n ** 64n - 1n),
  limit: fc.constantFrom(0n, 1n, 2n, 2n ** 32n, 2n ** 64n - 1n),
  countTotal: fc.boolean(),
  reverse: fc.boolean(),
});

function meant(method: DescMethodUnary): fc.Arbitrary<Message> {
  const names = fc.array(fc.constantFrom(...NAMES), { minLength: 4, maxLength: 4 });
  return fc
    .tuple(arbitraryMessage(method.input), names, page, fc.boolean())
    .map(([request, texts, pagination, isMeant]) => {
      const fields = Object.entries(request).map(([name, value], index): [string, unknown] => {
        if (name === 'pagination') return [name, { $typeName: 'cosmos.base.query.v1beta1.PageRequest', ...pagination }];
        const isName = isMeant && typeof value === 'string' && name !== '$typeName';
        return [name, isName ? texts[index % texts.length] : value];
      });
      return Object.fromEntries(fields) as Message;
    });
}

const heights = fc.oneof(fc.constant(0), fc.constant(HEIGHT), fc.integer({ min: -2, max: HEIGHT + 2 }), fc.double());

it('covers every path that is answered', () => {
  expect(queryPaths().filter((path) => !methods.has(path))).toEqual([]);
  expect(queryPaths().length).toBeGreaterThan(50);
});

describe.each(queryPaths())('%s', (path) => {
  const method = methods.get(path)!;

  it('answers what can be asked, and refuses the rest', () => {
    fc.assert(
      fc.property(meant(method), heights, (request, height) => {
        const { code, codespace, log, value } = town.ledger.query({
          path,
          data: encode(method.input, request),
          height,
        });
        expect([codespace, code], log).not.toEqual([PANIC[0], PANIC[1]]);
        if (code === 0) encode(method.output, decode(method.output, value));
        else expect(log).not.toBe('');
      }),
      { numRuns: 25 },
    );
  });

  it('is not harmed by bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), meant(method), fc.nat(20), (bytes, request, cut) => {
        for (const data of [bytes, concat(encode(method.input, request).subarray(cut), bytes)]) {
          const { code, codespace } = town.ledger.query({ path, data });
          expect([codespace, code]).not.toEqual([PANIC[0], PANIC[1]]);
        }
      }),
      { numRuns: 15 },
    );
  });
});

it('a path that nobody serves is refused, whatever it is', () => {
  const some = fc.oneof(
    fc.string(),
    fc.constantFrom(...queryPaths()).map((path) => `${path}/`),
    fc.constant('/store/x/key'),
  );
  fc.assert(
    fc.property(some, fc.uint8Array({ maxLength: 40 }), fc.boolean(), (path, data, prove) => {
      const { code, codespace } = town.ledger.query({ path, data, prove });
      expect(code).toBeGreaterThan(0);
      expect(codespace).toBe('sdk');
    }),
  );
});

it('a simulation of anything ends with an answer', () => {
  const path = '/cosmos.tx.v1beta1.Service/Simulate';
  const method = methods.get(path)!;
  const whole = encode(method.input, {
    $typeName: method.input.typeName,
    txBytes: town.sign(ALICE, [send(ALICE.address, 1n)]),
  } as Message);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.uint8Array({ minLength: 1, maxLength: 5 }), (at, put) => {
      const data = concat(whole.subarray(0, at), put, whole.subarray(at + put.length));
      const { codespace, code } = town.ledger.query({ path, data });
      expect([codespace, code]).not.toEqual([PANIC[0], PANIC[1]]);
    }),
  );
});
