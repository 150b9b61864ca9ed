/** What computes the answers of the models in the box: llama.cpp, the stand-in, or whichever works here. */
import { choiceOption, type Invocation, type OptionSpec } from './command.ts';

const ENGINES = ['auto', 'llama', 'stand-in'] as const;

export type EngineChoice = (typeof ENGINES)[number];

export const ENGINE_OPTION: OptionSpec = {
  flags: '--engine <kind>',
  help: `what answers: ${ENGINES.join(', ')}`,
  default: 'auto',
};

/** @throws UsageError for a kind that there is not. */
export function engineOf(invocation: Invocation): EngineChoice {
  return choiceOption(invocation, 'engine', ENGINES) ?? 'auto';
}
