/** The body of a small answer as text or JSON: pages, errors, traces. Never that of a completion. */
import { fromUtf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import { type HttpAnswer, readBody } from '@decai/protocol/http';

const BYTES_MAX = 4 * 1024 * 1024;

/** @throws ANSWER_TOO_LARGE past 4 MiB; UTF8_INVALID. */
export async function bodyText({ body }: Pick<HttpAnswer, 'body'>): Promise<string> {
  const tooLarge = (bytes: number): Fault =>
    new Fault('ANSWER_TOO_LARGE', 'an answer is larger than it should be', { bytes, max: BYTES_MAX });
  return fromUtf8(await readBody(body, BYTES_MAX, tooLarge));
}

/** @throws ANSWER_NOT_JSON; and as `bodyText`. */
export async function bodyJson(answer: Pick<HttpAnswer, 'body'>): Promise<unknown> {
  const text = await bodyText(answer);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Fault('ANSWER_NOT_JSON', 'an answer is not JSON', { length: text.length }, cause);
  }
}
