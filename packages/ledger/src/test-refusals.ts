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
 * Sends the message with every choice of flaws, and expects the refusal of the first step that fails. Without a flaw it
 * must be carried out. Flaws are put in from the last step to the first, so an earlier one may overwrite a later one.
 */
export function expectOrder<Desc extends DescMessage>(
  state: State,
  schema: Desc,
  fields: MessageInitShape<Desc>,
  steps: readonly Step<Desc>[],
): void {
  expect(attempt(state, schema, fields, [])).toEqual({ ok: true });
  const choices = steps.map(([codespace, code, ...flaws]) =>
    fc.option(
      fc.constantFrom(...flaws).map((spoil) => ({ codespace, code, spoil })),
      { nil: undefined },
    ),
  );
  for (const [codespace, code, ...flaws] of steps) {
    for (const spoil of flaws) {
      expect(attempt(state, schema, fields, [spoil]), `${codespace} ${code}: ${spoil}`).toMatchObject({
        codespace,
        code,
      });
    }
  }
  fc.assert(
    fc.property(fc.tuple(...choices), (chosen) => {
      const flaws = chosen.filter((choice) => choice !== undefined);
      fc.pre(flaws.length > 1);
      const { codespace, code } = flaws[0]!;
      const spoils = flaws.map(({ spoil }) => spoil).reverse();
      expect(attempt(state, schema, fields, spoils)).toMatchObject({ ok: false, codespace, code });
    }),
    { numRuns: 60 },
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
    const scene = { state, message: create(schema, fields) };
    for (const spoil of spoils) spoil(scene);
    verdict = rule.check(scene.message) ?? rule.apply(scene.state, scene.message);
    return refuse(SDK.INVALID_REQUEST, 'undone');
  });
  return verdict!;
}
