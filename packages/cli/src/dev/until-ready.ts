/** Waits until a role's own page says what it should. A role that is away, or being started again, is asked again. */
import { fromUtf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';

const POLL_MS = 150;
const BYTES_MAX = 1_024 * 1_024;

export type Page = { readonly status: number; readonly document: Readonly<Record<string, unknown>> };

/** Resolves when the page pleases. @throws the signal's reason. */
export async function untilReady(
  world: Pick<World, 'request' | 'sleep'>,
  url: string,
  pleases: (page: Page) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const page = await ask(world, url, signal);
    if (page !== undefined && pleases(page)) return;
    await world.sleep(POLL_MS, signal);
  }
}

async function ask(world: Pick<World, 'request'>, url: string, signal: AbortSignal): Promise<Page | undefined> {
  try {
    const answer = await world.request({ method: 'GET', url, headers: {}, body: new Uint8Array(0), signal });
    const tooLarge = (bytes: number): Fault => new Fault('PAGE_TOO_LARGE', 'a page is too large', { bytes });
    const text = fromUtf8(await readBody(answer.body, BYTES_MAX, tooLarge));
    return { status: answer.status, document: JSON.parse(text) as Page['document'] };
  } catch (thrown) {
    signal.throwIfAborted();
    if (isFault(thrown) || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
