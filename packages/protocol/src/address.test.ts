import fc from 'fast-check';
import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  addressProblem,
  decodeAddress,
  encodeAddress,
  isAddress,
  moduleAddress,
  withPrefix,
  type AddressPrefix,
} from './address.ts';
import { fromHex, toHex } from './bytes.ts';
import { isFault } from './fault.ts';
import { keyFromPrivateKey } from './keys.ts';

const ADDRESS = 'pokt1mrqt5f7qh8uxs27cjm9t7v9e74a9vvdnq5jva4';
const BYTES = fromHex('d8c0ba27c0b9f8682bd896cabf30b9f57a5631b3');

describe('address', () => {
  it('is the published one of a published key', () => {
    const { publicKey } = keyFromPrivateKey(
      fromHex('2d00ef074d9b51e46886dc9a1df11e7b986611d0f336bdcf1f0adce3e037ec0a'),
    );
    expect(addressOf(publicKey)).toBe(ADDRESS);
    expect(toHex(decodeAddress(ADDRESS))).toBe(toHex(BYTES));
  });

  it('of a module is taken from its name', () => {
    expect(moduleAddress('application')).toBe('pokt1rl3gjgzexmplmds3tq3r3yk84zlwdl6djzgsvm');
    expect(moduleAddress('supplier')).toBe('pokt1j40dzzmn6cn9kxku7a5tjnud6hv37vesr5ccaa');
    expect(moduleAddress('gov')).toBe('pokt10d07y265gmmuvt4z0w9aw880jnsr700j8yv32t');
    expect(moduleAddress('not_bonded_tokens_pool')).toBe('pokt1tygms3xhhs3yv487phx3dw4a95jn7t7lua22nm');
  });

  it('reads back what it writes, under each prefix', () => {
    const prefixes = fc.constantFrom<AddressPrefix>('pokt', 'poktvaloper', 'poktvalcons');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), prefixes, (bytes, prefix) => {
        expect(decodeAddress(encodeAddress(bytes, prefix), prefix)).toEqual(bytes);
      }),
    );
  });

  it('keeps its bytes under another prefix', () => {
    const operator = withPrefix(ADDRESS, 'pokt', 'poktvaloper');
    expect(operator.startsWith('poktvaloper1')).toBe(true);
    expect(withPrefix(operator, 'poktvaloper', 'pokt')).toBe(ADDRESS);
  });

  it('refuses malformed texts in the documented order', () => {
    const wrongSum = `${ADDRESS.slice(0, -1)}${ADDRESS.endsWith('4') ? '5' : '4'}`;
    const cases: [string, string][] = [
      ['', 'address is empty'],
      ['p'.repeat(91), 'address has 91 characters, at most 90 are read'],
      [ADDRESS.toUpperCase(), 'address has upper-case letters'],
      [ADDRESS.replace('mrq', 'MRQ'), 'address has upper-case letters'],
      ['pokt', 'address is not bech32, or its checksum fails'],
      [wrongSum, 'address is not bech32, or its checksum fails'],
      [` ${ADDRESS}`, 'address is not bech32, or its checksum fails'],
      ['pöktüaddress', 'address is not bech32, or its checksum fails'],
      [encodeAddress(BYTES, 'poktvaloper'), 'address has prefix poktvaloper, expected pokt'],
      [bech32.encodeFromBytes('cosmos', BYTES), 'address has prefix cosmos, expected pokt'],
      [bech32.encode('pokt', [31, 31, 31]), 'address has padding that is not zero'],
      [bech32.encodeFromBytes('pokt', BYTES.subarray(1)), 'address has 19 bytes, expected 20'],
      [bech32.encodeFromBytes('pokt', new Uint8Array(32)), 'address has 32 bytes, expected 20'],
      [bech32.encodeFromBytes('pokt', new Uint8Array(0)), 'address has 0 bytes, expected 20'],
    ];
    for (const [text, problem] of cases) {
      expect(addressProblem(text)).toBe(problem);
      expect(isAddress(text)).toBe(false);
      expect(() => decodeAddress(text)).toThrowError(
        expect.objectContaining({ code: 'ADDRESS_INVALID', message: problem }),
      );
    }
    expect(addressProblem(ADDRESS)).toBeUndefined();
  });

  it('refuses to write anything but 20 bytes', () => {
    expect(() => encodeAddress(new Uint8Array(19))).toThrowError(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
  });

  it('has one text only: every other text is refused or names other bytes', () => {
    fc.assert(
      fc.property(fc.nat({ max: ADDRESS.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
        const changed = ADDRESS.slice(0, at) + letter + ADDRESS.slice(at + 1);
        expect(isAddress(changed)).toBe(changed === ADDRESS);
      }),
    );
  });

  it('never throws anything but a fault on arbitrary text', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 120 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ maxLength: 60 }).map((tail) => `pokt1${tail}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          decodeAddress(text);
        } catch (thrown) {
          expect(isFault(thrown, 'ADDRESS_INVALID')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
