/**
 * Hops of several witnesses, put into the order of the story.
 *
 * Each hop appears once: of a request that was tried with several suppliers, the try that was answered. The order is the
 * vocabulary's and not the clocks', because the clocks of two machines need not agree.
 */
import { type Hop, HOPS } from '@decai/protocol/hop';

const PLACE: ReadonlyMap<string, number> = new Map(HOPS.map((hop, index) => [hop, index]));

export function inStoryOrder(hops: readonly Hop[]): Hop[] {
  const last = new Map(hops.filter(({ hop }) => PLACE.has(hop)).map((hop) => [hop.hop, hop]));
  return [...last.values()].sort((a, b) => PLACE.get(a.hop)! - PLACE.get(b.hop)!);
}
