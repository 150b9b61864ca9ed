import { utf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAS, GasMeter } from './gas.ts';
import { keyBytes, keyText, prefixEnd, Store } from './store.ts';

/** Few letters, so that random keys collide and share prefixes; 0xff tests the end of the byte order. */
const keys = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\xff'), minLength: 1, maxLength: 4 });
const values = fc.integer({ min: 0, max: 255 }).map((byte) => Uint8Array.of(byte));

type Action =
  | { readonly do: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'branch'; readonly actions: readonly Action[]; readonly keep: boolean };

const { action: actions } = fc.letrec<{ action: Action }>((tie) => ({
  action: fc.oneof(
    { depthSize: 'small' },
    fc.record({ do: fc.constant('put' as const), key: keys, value: values }),
    fc.record({ do: fc.constant('delete' as const), key: keys }),
    fc.record({
      do: fc.constant('branch' as const),
      actions: fc.array(tie('action'), { maxLength: 6 }),
      keep: fc.boolean(),
    }),
  ),
}));

function perform(
  store: Store,
  model: ReadonlyMap<string, Uint8Array>,
  action: Action,
): ReadonlyMap<string, Uint8Array> {
  if (action.do === 'put') {
    store.put(action.key, action.value);
    return new Map(model).set(action.key, action.value);
  }
  if (action.do === 'delete') {
    store.delete(action.key);
    const next = new Map(model);
    next.delete(action.key);
    return next;
  }
  let inner = model;
  store.atomically(
    () => {
      for (const step of action.actions) inner = perform(store, inner, step);
    },
    () => action.keep,
  );
  return action.keep ? inner : model;
}

describe('Store', () => {
  it('agrees with a plain map through nested actions, kept and undone, over committed state', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(keys, values)),
        fc.array(actions, { maxLength: 30 }),
        keys,
        keys,
        (base, steps, a, b) => {
          const committed = createMemoryStore();
          committed.write(base.map(([key, value]) => ({ key: keyBytes(key), value })));
          const store = new Store(committed);
          let model: ReadonlyMap<string, Uint8Array> = new Map(base);
          for (const step of steps) model = perform(store, model, step);

          const sorted = [...model].sort(([x], [y]) => (x < y ? -1 : 1));
          expect([...store.range({ start: '' })]).toEqual(sorted);
          expect([...store.range({ start: '', reverse: true })]).toEqual([...sorted].reverse());
          const [start, end] = a < b ? [a, b] : [b, a];
          expect([...store.range({ start, end })]).toEqual(sorted.filter(([key]) => key >= start && key < end));
          for (const [key] of [...base, ...sorted]) expect(store.get(key)).toEqual(model.get(key));

          committed.write(store.writes());
          expect([...committed.range({})].map(([key, value]) => [keyText(key), value])).toEqual(sorted);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('undoes what a throwing action wrote, and passes the throw on', () => {
    const store = new Store(createMemoryStore());
    store.put('kept', utf8('1'));
    const act = (): void => {
      store.put('kept', utf8('2'));
      store.put('gone', utf8('3'));
      throw new Error('broken');
    };
    expect(() => store.atomically(act, () => true)).toThrow('broken');
    expect([...store.range({ start: '' })]).toEqual([['kept', utf8('1')]]);
    expect(store.rollbacks).toBe(1);
  });

  it('lets a walk delete what it is given and see what is added ahead of it', () => {
    const committed = createMemoryStore();
    committed.write(['a', 'c', 'e'].map((key) => ({ key: utf8(key), value: utf8(key) })));
    const store = new Store(committed);
    const seen: string[] = [];
    for (const [key] of store.range({ start: '' })) {
      seen.push(key);
      store.delete(key);
      if (key === 'a') store.put('d', utf8('d'));
      if (key === 'c') store.put('b', utf8('b'));
    }
    expect(seen).toEqual(['a', 'c', 'd', 'e']);
    expect([...store.range({ start: '' })].map(([key]) => key)).toEqual(['b']);
  });

  it('keeps order through thousands of keys', () => {
    const store = new Store(createMemoryStore());
    const written = Array.from({ length: 5000 }, (_, index) => String((index * 7919) % 5000).padStart(4, '0'));
    for (const key of written) store.put(key, utf8(key));
    expect([...store.range({ start: '' })].map(([key]) => key)).toEqual([...written].sort());
    expect(store.writes().map(({ key }) => keyText(key))).toEqual([...written].sort());
  });

  it('answers absent for a key that no disk takes', () => {
    const store = new Store(createMemoryStore());
    expect(store.get('k'.repeat(5000))).toBeUndefined();
    expect([...store.range({ start: 'k'.repeat(5000) })]).toEqual([]);
  });

  it('charges a meter what Cosmos charges for the same accesses', () => {
    const store = new Store(createMemoryStore());
    const meter = new GasMeter();
    store.meter = meter;
    store.put('key', utf8('value'));
    store.get('key');
    store.get('none');
    store.delete('key');
    const written = GAS.writeFlat + GAS.writePerByte * 8;
    const read = GAS.readFlat + GAS.readPerByte * 8 + GAS.readFlat + GAS.readPerByte * 4;
    expect(meter.used).toBe(BigInt(written + read + GAS.deleteFlat));
  });
});

describe('prefixEnd', () => {
  it('is the first key behind all keys with the prefix', () => {
    expect(prefixEnd('ab')).toBe('ac');
    expect(prefixEnd('a\xff\xff')).toBe('b');
    expect(prefixEnd('\xff')).toBeUndefined();
  });
});
