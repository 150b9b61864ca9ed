/** Waits until a role's own page says what it should. A role that is away, or being started again, is asked again. */
import { isFault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';
import { bodyJson } from '../body-text.ts';

const POLL_MS = 150;

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
    return { status: answer.status, document: (await bodyJson(answer)) as Page['document'] };
  } catch (thrown) {
    signal.throwIfAborted();
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}
