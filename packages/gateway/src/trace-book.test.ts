import { expect, test } from 'vitest';
import { createMemoryDisk } from '@decai/protocol/memory-store';
import { TraceBook, TRACES_MAX } from './trace-book.ts';

const nothing = () => undefined;

test('a trace is found by its own id and by that of its answer, in the order of its hops', () => {
  let now = 100;
  const seen: string[] = [];
  const book = new TraceBook(
    createMemoryDisk().openStore('traces'),
    () => (now += 1),
    (hop) => seen.push(hop.hop),
  );
  const tracing = book.begin('req_1');
  tracing.tell('request.received', { model: 'small' });
  tracing.tell('tenant.admitted');
  tracing.alsoKnownAs('chatcmpl-1');
  expect(book.find('req_1')).toBeUndefined();
  tracing.end();
  expect(book.find('chatcmpl-1')).toMatchObject({
    requestId: 'req_1',
    hops: [
      { hop: 'request.received', at: 101, role: 'gateway', facts: { model: 'small' } },
      { hop: 'tenant.admitted', at: 102, role: 'gateway', facts: {} },
    ],
  });
  expect(book.find('req_1')).toEqual(book.find('chatcmpl-1'));
  expect(seen).toEqual(['request.received', 'tenant.admitted']);
});

test('traces survive a restart and the oldest make room', () => {
  const store = createMemoryDisk().openStore('traces');
  const write = (book: TraceBook, id: string) => {
    const tracing = book.begin(id);
    tracing.alsoKnownAs(`answer-${id}`);
    tracing.end();
  };
  const first = new TraceBook(store, () => 0, nothing);
  write(first, 'old');
  write(first, 'older-than-most');
  const second = new TraceBook(store, () => 0, nothing);
  expect(second.find('old')).toBeDefined();
  for (let i = 0; i < TRACES_MAX - 1; i += 1) write(second, `r${i}`);
  expect(second.find('old')).toBeUndefined();
  expect(second.find('answer-old')).toBeUndefined();
  expect(second.find('older-than-most')).toBeDefined();
  expect([...store.range({})]).toHaveLength(3 * TRACES_MAX);
});
