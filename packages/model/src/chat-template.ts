/**
 * The chat template of the models in the box (ChatML), as a list of parts.
 *
 * The same text stands as a Jinja template in the GGUF files. Here it is parts, so that the name of a control token inside a
 * message stays text: nobody can end a turn from within it.
 */
export type ControlToken = 'begin' | 'turn-start' | 'turn-end';

/** `head` is text that the template itself adds; `content` is a message as it was given. */
export type TemplatePart<Content> =
  { readonly control: ControlToken } | { readonly head: string } | { readonly content: Content };

/** How control tokens are written in the template. */
export const CONTROL_NAMES: Readonly<Record<ControlToken, string>> = {
  begin: '<s>',
  'turn-start': '<|im_start|>',
  'turn-end': '<|im_end|>',
};

/** Everything the model reads before it writes the next turn of the assistant. */
export function renderChatParts<Content>(
  messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: Content }[],
): TemplatePart<Content>[] {
  const parts: TemplatePart<Content>[] = [{ control: 'begin' }];
  for (const { role, content } of messages) {
    // The head is one text of its own, as in training: role and message never merge into one token.
    parts.push({ control: 'turn-start' }, { head: `${role}\n` }, { content }, { control: 'turn-end' }, { head: '\n' });
  }
  parts.push({ control: 'turn-start' }, { head: 'assistant\n' });
  return parts;
}
