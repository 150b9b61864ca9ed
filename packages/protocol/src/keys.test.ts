import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './bytes.ts';
import { generateKey, generateMnemonic, keyFromMnemonic, keyFromPrivateKey } from './keys.ts';

const MNEMONIC = `${'abandon '.repeat(11)}about`;

describe('keys', () => {
  it('follow the account path of the Cosmos wallets', () => {
    const key = keyFromMnemonic(MNEMONIC);
    expect(toHex(key.publicKey)).toBe('024f4e2ad99c34d60b9ba6283c9431a8418af8673212961f97a77b6377fcd05b62');
    expect(key.address).toBe('pokt19rl4cm2hmr8afy4kldpxz3fka4jguq0apxjfrd');
  });

  it('differ from path to path', () => {
    expect(keyFromMnemonic(MNEMONIC, "m/44'/118'/0'/0/1").address).not.toBe(keyFromMnemonic(MNEMONIC).address);
  });

  it('do not mind spaces in a mnemonic', () => {
    expect(keyFromMnemonic(`\n ${MNEMONIC.replaceAll(' ', '  ')} `).address).toBe(keyFromMnemonic(MNEMONIC).address);
  });

  it('refuse what is no mnemonic and show none of its words', () => {
    for (const wrong of ['', 'abandon', `${'abandon '.repeat(11)}abandon`, `${'abandon '.repeat(11)}sesame`]) {
      const failing = expect(() => keyFromMnemonic(wrong));
      failing.toThrowError(expect.objectContaining({ code: 'MNEMONIC_INVALID' }));
      failing.toThrowError(expect.not.objectContaining({ message: expect.stringMatching(/abandon|sesame/) }));
    }
  });

  it('refuse what is no path', () => {
    expect(() => keyFromMnemonic(MNEMONIC, 'account 1')).toThrowError(
      expect.objectContaining({ code: 'HD_PATH_INVALID' }),
    );
  });

  it('are refused at zero, at the group order and in other lengths', () => {
    const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
    for (const wrong of ['', '01', '00'.repeat(32), order, 'ff'.repeat(32), '01'.repeat(33)]) {
      expect(() => keyFromPrivateKey(fromHex(wrong))).toThrowError(
        expect.objectContaining({ code: 'PRIVATE_KEY_INVALID' }),
      );
    }
    const last = keyFromPrivateKey(fromHex(`${order.slice(0, -1)}0`));
    expect(toHex(last.publicKey)).toBe('0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798');
  });

  it('are made from the bytes they are given', () => {
    const seven = (length: number): Uint8Array => new Uint8Array(length).fill(7);
    expect(toHex(generateKey(seven).privateKey)).toBe('07'.repeat(32));
    const mnemonic = generateMnemonic(seven);
    expect(mnemonic.split(' ')).toHaveLength(24);
    expect(keyFromMnemonic(mnemonic).address).toBe(keyFromMnemonic(generateMnemonic(seven)).address);
    expect(() => generateKey((length) => new Uint8Array(length))).toThrowError(
      expect.objectContaining({ code: 'PRIVATE_KEY_INVALID' }),
    );
  });
});
