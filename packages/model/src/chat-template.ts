/**
 * The chat template of the models in the box (ChatML), as a list of parts.
 *
 * The same text stands as a Jinja template in the GGUF files. Here it is parts, so that the name of a control token inside a
 * message stays text: nobody can end a turn from within it.
 */
import type { ChatMessage } from './engine.ts';

export type ControlToken = 'begin' | 'turn-start' | 'turn-end';

export type TemplatePart = { readonly control: ControlToken } | { readonly text: string };

/** How control tokens are written in the template. */
export const CONTROL_NAMES: Readonly<Record<ControlToken, string>> = {
  begin: '<s>',
  'turn-start': '<|im_start|>',
  'turn-end': '<|im_end|>',
};

/** Everything the model reads before it writes the next turn of the assistant. */
export function renderChatParts(messages: readonly ChatMessage[]): TemplatePart[] {
  const parts: TemplatePart[] = [{ control: 'begin' }];
  for (const { role, content } of messages) {
    // The head is one text of its own, as in training: role and message never merge into one token.
    parts.push(
      { control: 'turn-start' },
      { text: `${role}\n` },
      { text: content.trim() },
      { control: 'turn-end' },
      { text: '\n' },
    );
  }
  parts.push({ control: 'turn-start' }, { text: 'assistant\n' });
  return parts;
}
