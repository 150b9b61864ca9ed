/**
 * Reads the body of `POST /v1/chat/completions`.
 *
 * Tools may be offered: the models in the box never call one, which the API allows, unless a call is demanded.
 * Source: openai/openai-openapi, `CreateChatCompletionRequest`.
 */
import { INVALID_VALUE, MISSING_VALUE, UNSUPPORTED_VALUE } from './api-refusal.ts';
import type { ChatMessage } from './engine.ts';
import { readGeneration, type GenerationRequest } from './generation-request.ts';
import { isObject, readBoolean, readNumber, refuse, type JsonObject } from './request-fields.ts';

export type ChatRequest = GenerationRequest & { readonly messages: readonly ChatMessage[] };

/** The model knows three roles; the newer and rarer ones of the API count as the nearest of them. */
const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'user',
  function: 'user',
};

/** @throws FieldRefused at the first field at fault. */
export function readChatRequest(body: JsonObject): ChatRequest {
  const messages = readMessages(body['messages']);
  const logProbabilities = readBoolean(body, 'logprobs') ?? false;
  const topCount = readNumber(body, 'top_logprobs', { min: 0, max: 20, integer: true });
  if (topCount !== undefined && !logProbabilities) {
    refuse(UNSUPPORTED_VALUE('top_logprobs', 'allowed only with logprobs: true'));
  }
  const tokens = { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true };
  const older = readNumber(body, 'max_tokens', tokens);
  const maxTokens = readNumber(body, 'max_completion_tokens', tokens) ?? older;
  refuseDemands(body);
  return { ...readGeneration(body, { topCount: topCount ?? 0, logProbabilities, maxTokens }), messages };
}

function readMessages(messages: unknown): ChatMessage[] {
  if (messages === undefined || messages === null) refuse(MISSING_VALUE('messages'));
  if (!Array.isArray(messages) || messages.length === 0) {
    refuse(INVALID_VALUE('messages', 'an array of at least one message'));
  }
  return messages.map((message: unknown, at) => {
    const param = `messages[${at}]`;
    if (!isObject(message)) refuse(INVALID_VALUE(param, 'an object'));
    const { role } = message;
    if (typeof role !== 'string' || !Object.hasOwn(ROLES, role)) {
      refuse(INVALID_VALUE(`${param}.role`, `one of ${Object.keys(ROLES).join(', ')}`));
    }
    return { role: ROLES[role]!, content: readContent(message['content'], role, `${param}.content`) };
  });
}

function readContent(content: unknown, role: string, param: string): string {
  if (typeof content === 'string') return content;
  // An assistant's turn that only called a tool has no content.
  if ((content === null || content === undefined) && role === 'assistant') return '';
  if (!Array.isArray(content)) refuse(INVALID_VALUE(param, 'a string or an array of parts'));
  return content
    .map((part: unknown, at) => {
      if (!isObject(part)) refuse(INVALID_VALUE(`${param}[${at}]`, 'an object'));
      if (part['type'] !== 'text' && part['type'] !== 'refusal') {
        refuse(UNSUPPORTED_VALUE(`${param}[${at}].type`, 'this model reads text only'));
      }
      const text = part[part['type']];
      if (typeof text !== 'string') refuse(INVALID_VALUE(`${param}[${at}].${part['type']}`, 'a string'));
      return text;
    })
    .join('');
}

/** Refuses what the answer would have to contain and cannot. */
function refuseDemands(body: JsonObject): void {
  const { tools, tool_choice: toolChoice, response_format: format, modalities } = body;
  if (tools !== undefined && tools !== null && !Array.isArray(tools)) refuse(INVALID_VALUE('tools', 'an array'));
  if (toolChoice !== undefined && toolChoice !== null && toolChoice !== 'auto' && toolChoice !== 'none') {
    refuse(UNSUPPORTED_VALUE('tool_choice', 'this model cannot be made to call a tool'));
  }
  if (format !== undefined && format !== null) {
    if (!isObject(format)) refuse(INVALID_VALUE('response_format', 'an object'));
    if (format['type'] !== 'text')
      refuse(UNSUPPORTED_VALUE('response_format', 'this model answers in plain text only'));
  }
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    refuse(UNSUPPORTED_VALUE('modalities', 'this model answers in text only'));
  }
}
