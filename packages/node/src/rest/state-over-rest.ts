/**
 * What a URL asks of the state, and the answer: REST without HTTP around it.
 *
 * Source: grpc-ecosystem/grpc-gateway v1 `runtime/{mux,handler}.go`.
 */
import type { DescMethodUnary, Message } from '@bufbuild/protobuf';
import { chainJsonText } from '@decai/protocol/chain-json';
import { decode, encode } from '@decai/protocol/codec';
import type { StateAnswer, StateQuery } from '../ledger-node.ts';
import { httpStatusOf, NOT_IMPLEMENTED, refusalBody, restRefusal, type RestOutcome } from './grpc-status.ts';
import { methodPath } from './rest-method.ts';
import { findRoute, restRoutes, type FoundRoute, type RestRoute } from './rest-route.ts';
import { REST_SERVICES } from './rest-services.ts';
import { stateRefusal } from './state-refusal.ts';
import { requestFromUrl, unescapeUrl } from './url-fields.ts';

/** Anything that answers queries by path. */
export type QueriedState = { query(query: StateQuery): StateAnswer };

/** An answer's text and the height of the state that gave or refused it; 0 when none was asked. */
export type Answered = { readonly outcome: RestOutcome<string>; readonly height: number };

export type Question = FoundRoute & {
  /** What follows the question mark. */
  readonly query: string;
};

const ROUTES = restRoutes(REST_SERVICES);

/** Status and body of a GET about a height; 0 is the last one. */
export function answerUrl(state: QueriedState, url: string, height = 0): { status: number; body: string } {
  const outcome = answerGet(state, url, height);
  if (outcome.ok) return { status: 200, body: outcome.value };
  return { status: httpStatusOf(outcome), body: refusalBody(outcome) };
}

/** The method that a URL names. Refuses a broken escape (InvalidArgument), and what names none (Unimplemented). */
export function questionOf(routes: readonly RestRoute[], verb: string, url: string): RestOutcome<Question> {
  const local = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const [rawPath, query] = cutAt(local, local.indexOf('?'));
  const path = unescapeUrl(rawPath);
  if (path === undefined) return restRefusal('InvalidArgument', 'Bad Request');
  const found = findRoute(routes, verb, path);
  return found === undefined ? NOT_IMPLEMENTED : { ok: true, value: { ...found, query } };
}

/** @throws a wire fault when the state's answer is none of the method's. */
export function answerFromState(
  state: QueriedState,
  method: DescMethodUnary,
  request: Message,
  height: number,
): Answered {
  const answer = state.query({ path: methodPath(method), data: encode(method.input, request), height });
  if (answer.code !== 0) return { outcome: stateRefusal(answer), height: answer.height };
  const value = chainJsonText(method.output, decode(method.output, answer.value));
  return { outcome: { ok: true, value }, height: answer.height };
}

function answerGet(state: QueriedState, url: string, height: number): RestOutcome<string> {
  const asked = questionOf(ROUTES, 'GET', url);
  if (!asked.ok) return asked;
  const { route, fields, query } = asked.value;
  const request = requestFromUrl(route.method.input, fields, query);
  return request.ok ? answerFromState(state, route.method, request.value, height).outcome : request;
}

function cutAt(text: string, mark: number): [before: string, after: string] {
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}
