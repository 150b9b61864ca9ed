/**
 * The end of a role that runs: one signal that all its work follows, however much of it is under way at once.
 */
import { setMaxListeners } from 'node:events';

/** A controller whose signal any number may wait for; Node would take the eleventh for a leak. It aborts after `before`. */
export function createStop(before?: AbortSignal): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  if (before?.aborted) stop.abort(before.reason);
  else before?.addEventListener('abort', () => stop.abort(before.reason), { once: true });
  return stop;
}
