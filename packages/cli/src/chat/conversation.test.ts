import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { HttpAnswer } from '@decai/protocol/http';
import { describe, expect, test } from 'vitest';
import { Conversation } from './conversation.ts';

const { signal } = new AbortController();
const chunk = (content: string): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [{ delta: { content } }] })}\n\n`;

function answering(...answers: HttpAnswer[]) {
  const asked: { messages: { role: string; content: string }[]; stream: boolean; model: string }[] = [];
  const conversation = new Conversation('large', (body) => {
    asked.push(JSON.parse(fromUtf8(body)) as (typeof asked)[number]);
    return Promise.resolve(answers[asked.length - 1]!);
  });
  return { conversation, asked };
}

const ok = (text: string): HttpAnswer => ({ status: 200, headers: {}, body: utf8(text) });

describe('a conversation', () => {
  test('tells pieces as they come and remembers what was said', async () => {
    const { conversation, asked } = answering(ok(`${chunk('Hel')}${chunk('lo')}data: [DONE]\n\n`), ok(chunk('Yes')));
    const pieces: string[] = [];
    expect(await conversation.ask('Hi', (piece) => pieces.push(piece), signal)).toEqual({
      id: 'chatcmpl-1',
      text: 'Hello',
    });
    expect(pieces).toEqual(['Hel', 'lo']);
    await conversation.ask('Again?', () => undefined, signal);
    expect(asked[1]).toEqual({
      model: 'large',
      stream: true,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Again?' },
      ],
    });
  });

  test.each([
    ['{"error":{"message":"No such model.","code":"model_not_found"}}', 'No such model. (404 model_not_found)'],
    ['<html>', 'the answer has status 404'],
  ])('says why it was refused: %s', async (body, words) => {
    const { conversation, asked } = answering({ status: 404, headers: {}, body: utf8(body) }, ok(chunk('Yes')));
    await expect(conversation.ask('Hi', () => undefined, signal)).rejects.toThrow(words);
    // What was refused was never said.
    await conversation.ask('Hi', () => undefined, signal);
    expect(asked[1]!.messages).toHaveLength(1);
  });

  test('fails when the answer breaks off', async () => {
    const { conversation } = answering(ok(`${chunk('Hel')}data: {"error":{"message":"broke off"}}\n\n`));
    await expect(conversation.ask('Hi', () => undefined, signal)).rejects.toMatchObject({ code: 'STREAM_FAILED' });
  });
});
