/**
 * One method of a query service: what it is asked, and how it is answered from a state.
 */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { decode, encode } from '@decai/protocol/codec';
import type { Outcome } from './refusal.ts';
import type { State } from './state.ts';

export type QueryMethod = {
  /** `/<service>/<Method>`: the path of ABCI queries, and the name of the gRPC method. */
  readonly path: string;
  /** Request and response as bytes. @throws a Fault when the request is no message of the method. */
  answer(state: State, request: Uint8Array): Outcome<Uint8Array>;
};

/** A method that answers with the fields of its response, or refuses. */
export function queryMethod<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  answer: (state: State, request: MessageShape<Input>) => Outcome<MessageInitShape<Output>>,
): QueryMethod {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    answer(state, request) {
      const answered = answer(state, decode(method.input, request));
      if (!answered.ok) return answered;
      return { ok: true, value: encode(method.output, create(method.output, answered.value)) };
    },
  };
}

/** The fields of a response, for a method that cannot refuse. */
export function answered<Fields>(fields: Fields): Outcome<Fields> {
  return { ok: true, value: fields };
}
