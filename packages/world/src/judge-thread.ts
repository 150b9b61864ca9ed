/**
 * What runs on a thread that judges: it loads the judge, then takes tasks of each docket that it is sent.
 *
 * It never says anything: its verdicts are in the docket, and what it did not get to, the main thread does.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Judge } from '@decai/protocol/judge';
import { Docket } from './docket.ts';

const { judge } = (await import(workerData as string)) as { readonly judge: Judge };
parentPort?.on('message', (buffer: SharedArrayBuffer) => new Docket(buffer).work(judge));
