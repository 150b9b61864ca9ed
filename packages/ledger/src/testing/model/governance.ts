/**
 * Changes of parameters in the model: who may make them, and when they begin to hold.
 *
 * Source: pokt-network/poktroll `x/<module>/keeper/msg_update_params.go`, `x/shared/keeper/params_history.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { sessionAt } from '@decai/protocol/session-grid';
import type { Model } from './model.ts';
import { AUTHORITY } from './money.ts';
import { areParams, fieldOf, isInBounds } from './param-bounds.ts';
import type { ParamsModule, ParamsOf } from './params-of-modules.ts';
import { timingsAt } from './sessions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

type OneChange = {
  readonly authority: string;
  readonly name: string;
  readonly asType: { readonly case: string | undefined; readonly value?: unknown };
};

type WholeChange<M extends ParamsModule> = { readonly authority: string; readonly params?: ParamsOf<M> | undefined };

/** For a name that is none, for a value that cannot be. */
const CODES: Readonly<Record<ParamsModule, readonly [name: number, value: number]>> = {
  application: [1115, 1115],
  gateway: [1105, 1105],
  supplier: [1107, 1107],
  session: [1110, 1110],
  service: [1115, 1115],
  proof: [1119, 1120],
  tokenomics: [1111, 1112],
  shared: [1102, 1103],
};

const TIMINGS = [
  'numBlocksPerSession',
  'gracePeriodEndOffsetBlocks',
  'claimWindowOpenOffsetBlocks',
  'claimWindowCloseOffsetBlocks',
  'proofWindowOpenOffsetBlocks',
  'proofWindowCloseOffsetBlocks',
] as const;

/** Members give values of the right kind, and authorities that are addresses. */
export function checkOneChange(module: ParamsModule, { name, asType }: OneChange): Verdict {
  const inBounds = isInBounds(module, name, asType.value);
  const [unknown, invalid] = CODES[module];
  return inBounds === undefined ? `${module}/${unknown}` : inBounds ? ACCEPTED : `${module}/${invalid}`;
}

export function changeOne<M extends ParamsModule>(model: Model, module: M, message: OneChange): Verdict {
  const { authority, name, asType } = message;
  if (authority !== AUTHORITY) return `${module}/1100`;
  const params = { ...model.live(module), [fieldOf(name)]: asType.value };
  if (!areParams(module, params)) return `${module}/${CODES[module][1]}`;
  enter(model, module, params);
  return ACCEPTED;
}

export function checkWholeChange<M extends ParamsModule>(module: M, { authority, params }: WholeChange<M>): Verdict {
  if (addressProblem(authority) !== undefined) return 'sdk/7';
  return params !== undefined && areParams(module, params) ? ACCEPTED : `${module}/${CODES[module][1]}`;
}

export function changeAll<M extends ParamsModule>(model: Model, module: M, message: WholeChange<M>): Verdict {
  if (message.authority !== AUTHORITY) return `${module}/1100`;
  enter(model, module, message.params!);
  return ACCEPTED;
}

function enter<M extends ParamsModule>(model: Model, module: M, params: ParamsOf<M>): void {
  model.count(`params of ${module} changed`);
  if (module === 'shared') enterShared(model, params as ParamsOf<'shared'>);
  else if (module === 'session') enterSession(model, params as ParamsOf<'session'>);
  else model.setLive(module, params);
}

function enterPast(model: Model, module: 'shared' | 'session', height: number, params: ParamsOf<'shared' | 'session'>) {
  model.book.pastParams.set(`${module}@${height}`, { module, height, params });
}

function hasPast(model: Model, module: ParamsModule): boolean {
  return [...model.book.pastParams.values()].some((row) => row.module === module);
}

function enterShared(model: Model, wanted: ParamsOf<'shared'>): void {
  const live = model.live('shared');
  if (!hasPast(model, 'shared')) {
    enterPast(model, 'shared', 1, { ...live, sessionGridAnchorHeight: 1n, sessionNumberAtAnchor: 1n });
  }
  const present = model.at('shared', model.height);
  const { endHeight, number } = sessionAt(timingsAt(model, model.height), model.height);
  const newGrid = { sessionGridAnchorHeight: BigInt(endHeight + 1), sessionNumberAtAnchor: BigInt(number + 1) };
  const gridOf = ({ sessionGridAnchorHeight, sessionNumberAtAnchor }: ParamsOf<'shared'>) => ({
    sessionGridAnchorHeight,
    sessionNumberAtAnchor,
  });
  const isSameGrid = wanted.numBlocksPerSession === present.numBlocksPerSession;
  const announced = { ...wanted, ...(isSameGrid ? gridOf(present) : newGrid) };
  enterPast(model, 'shared', endHeight + 1, announced);
  if (TIMINGS.every((name) => wanted[name] === live[name])) model.setLive('shared', { ...announced, ...gridOf(live) });
}

function enterSession(model: Model, wanted: ParamsOf<'session'>): void {
  if (!hasPast(model, 'session')) enterPast(model, 'session', 1, model.live('session'));
  const { endHeight } = sessionAt(timingsAt(model, model.height), model.height);
  enterPast(model, 'session', endHeight + 1, wanted);
  model.setLive('session', wanted);
}

/** Last thing in a block: what comes into force at its height is live from now on. */
export function promoteShared(model: Model): void {
  const row = model.book.pastParams.get(`shared@${model.height}`);
  if (row !== undefined) model.setLive('shared', row.params as ParamsOf<'shared'>);
}
