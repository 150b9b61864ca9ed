/**
 * The end of a role that runs: one signal that all its work follows, however much of it is under way at once.
 */
import { setMaxListeners } from 'node:events';

/** A controller whose signal any number may wait for; Node would take the eleventh for a leak. */
export function createStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}
