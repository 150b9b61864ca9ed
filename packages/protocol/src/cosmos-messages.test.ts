/** Our schemas of Cosmos and CometBFT messages against those of an independent library: same bytes, nothing lost. */
import { createRequire } from 'node:module';
import type { DescMessage } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from './bytes.ts';
import { decode, encode } from './codec.ts';
import { arbitraryMessage, everySchema } from './message.arbitrary.ts';

type Codec = {
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): { finish(): Uint8Array };
};

const require = createRequire(import.meta.url);

/** That library has no events. */
const ABSENT = ['cosmos/authz/v1beta1/event'];

function codecOf(schema: DescMessage): Codec {
  const module = require(`cosmjs-types/${schema.file.name}`) as Record<string, Codec>;
  return module[schema.name]!;
}

describe('Cosmos and CometBFT messages', async () => {
  const schemas = (await everySchema()).filter(
    ({ typeName, file }) => /^(?:cosmos|tendermint)\./.test(typeName) && !ABSENT.includes(file.name),
  );

  it('have the bytes that cosmjs-types gives them', () => {
    expect(schemas.length).toBeGreaterThan(180);
    for (const schema of schemas) {
      const codec = codecOf(schema);
      fc.assert(
        // Larger integers only below 2^31: from there on this library's writer loses bits of some.
        fc.property(arbitraryMessage(schema, 'below 2^31'), (message) => {
          const bytes = encode(schema, message);
          // Read once more, because that library writes an empty list of numbers as one of length 0.
          const again = decode(schema, codec.encode(codec.decode(bytes)).finish(), { unknownFields: 'refuse' });
          expect(toHex(encode(schema, again)), schema.typeName).toBe(toHex(bytes));
        }),
        { numRuns: 10 },
      );
    }
  });
});
