import { create } from '@bufbuild/protobuf';
import { fromUtf8 } from '@decai/protocol/bytes';
import { PageRequestSchema } from '@decai/protocol/gen/cosmos/base/query/v1beta1/pagination_pb';
import { expect, it } from 'vitest';
import { paginate, type Page } from './pagination.ts';

const COUNT = 250_000;

/** Numbers as rows, each under itself in six digits. */
function pageOf(limit: bigint, key = ''): Page<number> {
  const request = create(PageRequestSchema, { limit, key: new TextEncoder().encode(key) });
  const page = paginate(function* ({ start = '' }) {
    for (let row = Number(start); row < COUNT; row += 1) yield [String(row).padStart(6, '0'), row] as const;
  }, request);
  if (!page.ok) throw new Error(page.message);
  return page.value;
}

it('a page has a hundred thousand rows at most, and says where the next one begins', () => {
  const rows: number[] = [];
  let pages = 0;
  for (let key = ''; pages === 0 || key !== ''; pages += 1) {
    const page = pageOf(2n ** 64n - 1n, key);
    expect(page.rows.length).toBeLessThanOrEqual(100_000);
    rows.push(...page.rows);
    key = fromUtf8(page.pagination.nextKey);
  }
  expect([pages, rows.length, new Set(rows).size]).toEqual([3, COUNT, COUNT]);
  expect(pageOf(100_000n).rows).toHaveLength(100_000);
  expect(pageOf(99_999n).rows).toHaveLength(99_999);
});
