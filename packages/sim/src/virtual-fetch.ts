/**
 * `fetch` through a simulated network, so that an unmodified client, which knows nothing of it, can live in the town.
 */
import type { HttpAnswer } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';

export function virtualFetch(world: Pick<World, 'request'>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const answer = await world.request({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: new Uint8Array(await request.arrayBuffer()),
      signal: request.signal,
    });
    return new Response(bodyOf(answer), { status: answer.status, headers: { ...answer.headers } });
  };
}

function bodyOf({ body, status }: HttpAnswer): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null {
  if (status === 204 || status === 304) return null;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
