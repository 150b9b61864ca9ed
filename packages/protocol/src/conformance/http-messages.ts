/**
 * Checks files of embedded HTTP messages: what the reference encodes, we encode to the same bytes and read back.
 */
import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { fromHex, toHex } from '../bytes.ts';
import { decode, encode } from '../codec.ts';
import { attempt, type VectorChecker } from '../conformance.ts';
import { HeaderSchema, POKTHTTPRequestSchema, POKTHTTPResponseSchema } from '../gen/sdk/types/http_pb.ts';

type HttpCase = {
  name: string;
  kind: 'request' | 'response';
  method?: string;
  url?: string;
  status?: number;
  headers: Record<string, string[]> | null;
  bodyHex: string;
  bytesHex: string;
};

export const httpMessageChecker: VectorChecker = {
  format: 'http',

  recognises(document) {
    const first: unknown = Array.isArray(document) ? document[0] : undefined;
    return typeof first === 'object' && first !== null && 'bytesHex' in first && 'bodyHex' in first;
  },

  *check(document) {
    for (const item of document as HttpCase[]) {
      yield attempt(`${item.kind}: ${item.name}`, [item.bytesHex, item.bytesHex], () => bytesAndBack(item));
    }
  },
};

function bytesAndBack(item: HttpCase): [bytes: string, again: string] {
  const bodyBz = fromHex(item.bodyHex);
  const header = Object.fromEntries(
    Object.entries(item.headers ?? {}).map(([key, values]) => [key, create(HeaderSchema, { key, values })]),
  );
  if (item.kind === 'request') {
    const { method = '', url = '' } = item;
    return thereAndBack(POKTHTTPRequestSchema, create(POKTHTTPRequestSchema, { method, url, header, bodyBz }));
  }
  const { status: statusCode = 0 } = item;
  return thereAndBack(POKTHTTPResponseSchema, create(POKTHTTPResponseSchema, { statusCode, header, bodyBz }));
}

function thereAndBack<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): [string, string] {
  const bytes = encode(schema, message);
  return [toHex(bytes), toHex(encode(schema, decode(schema, bytes)))];
}
