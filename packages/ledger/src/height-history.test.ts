import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { describe, expect, it } from 'vitest';
import { CollectionShape } from './collection.ts';
import { HeightHistory } from './height-history.ts';
import { Store } from './store.ts';

const SHAPE = new CollectionShape('history/', { encode: utf8, decode: fromUtf8 });

describe('HeightHistory', () => {
  it('answers with the newest entry that is not above the height, for each owner alone', () => {
    const history = new HeightHistory(new Store(createMemoryStore()), SHAPE);
    history.put('a/', 10, 'ten');
    history.put('a/', 300, 'three hundred');
    history.put('b/', 1, 'one');
    expect([9, 10, 299, 300, 2 ** 63].map((height) => history.at('a/', height))).toEqual([
      undefined,
      'ten',
      'ten',
      'three hundred',
      'three hundred',
    ]);
    expect(history.at('b/', 9)).toBe('one');
    expect(history.at('a/', -1)).toBeUndefined();
    expect([...history.entries('a/')]).toEqual([
      [10, 'ten'],
      [300, 'three hundred'],
    ]);
    expect(history.isEmpty('c/')).toBe(true);
    expect(history.isEmpty('b/')).toBe(false);
  });

  it('forgets what it remembers when an entry is written and when one is undone', () => {
    const store = new Store(createMemoryStore());
    const history = new HeightHistory(store, SHAPE);
    history.put('', 1, 'old');
    expect(history.at('', 5)).toBe('old');
    store.atomically(
      () => {
        history.put('', 3, 'new');
        expect(history.at('', 5)).toBe('new');
      },
      () => false,
    );
    expect(history.at('', 5)).toBe('old');
  });
});
