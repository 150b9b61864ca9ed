/**
 * Messages with many flaws for tests: whatever is wrong with one, it is refused for what is looked at first.
 */
import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect } from 'vitest';
import { typeUrlOf } from '@decai/protocol/any';
import { ruleFor } from './message-rules.ts';
import { refuse, type Verdict } from './refusal.ts';
import { SDK } from './registered-error.ts';
import type { State } from './state.ts';

/** A message on its way, and the state that it meets; both may be spoiled. */
export type Scene<Desc extends DescMessage> = { state: State; message: MessageShape<Desc> };

/** Something that is looked at: the error it is refused with, and ways of failing it. */
export type Step<Desc extends DescMessage> = readonly [
  codespace: string,
  code: number,
  ...flaws: ((scene: Scene<Desc>) => unknown)[],
];

/**
 * Sends the message without a flaw, when it must be carried out; with each flaw; with every two flaws of different steps;
 * and with many. It must be refused for the first step that fails.
 *
 * Flaws are put in from the last step to the first, so an earlier one may overwrite a later one.
 */
export function expectOrder<Desc extends DescMessage>(
  state: State,
  schema: Desc,
  fields: MessageInitShape<Desc>,
  steps: readonly Step<Desc>[],
): void {
  const flaws = steps.map(([codespace, code, ...spoils]) => spoils.map((spoil) => ({ codespace, code, spoil })));
  const expectFirst = (chosen: (typeof flaws)[number]): void => {
    const spoils = chosen.map(({ spoil }) => spoil).reverse();
    const { codespace, code } = chosen[0]!;
    expect(attempt(state, schema, fields, spoils), String(spoils)).toMatchObject({ ok: false, codespace, code });
  };
  expect(attempt(state, schema, fields, [])).toEqual({ ok: true });
  flaws.forEach((first, index) => {
    const later = flaws.slice(index + 1).flat();
    for (const flaw of first) {
      expectFirst([flaw]);
      for (const other of later) expectFirst([flaw, other]);
    }
  });
  const choices = flaws.map((step) => fc.option(fc.constantFrom(...step), { nil: undefined, freq: 2 }));
  fc.assert(
    fc.property(fc.tuple(...choices), (chosen) => {
      const many = chosen.filter((flaw) => flaw !== undefined);
      if (many.length > 0) expectFirst(many);
    }),
    { numRuns: 30 },
  );
}

/** What becomes of the message, spoiled so; nothing of it remains in the state. */
function attempt<Desc extends DescMessage>(
  state: State,
  schema: Desc,
  fields: MessageInitShape<Desc>,
  spoils: readonly ((scene: Scene<Desc>) => unknown)[],
): Verdict {
  const rule = ruleFor(typeUrlOf(schema))!;
  let verdict: Verdict | undefined;
  state.atomically(() => {
    const scene = { state, message: create(schema, structuredClone(fields)) };
    for (const spoil of spoils) spoil(scene);
    verdict = rule.check(scene.message) ?? rule.apply(scene.state, scene.message);
    return refuse(SDK.INVALID_REQUEST, 'undone');
  });
  return verdict!;
}
