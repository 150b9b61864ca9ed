/**
 * A method that is answered beside the ledger's state: about blocks, transactions and the node itself.
 */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { chainJsonText } from '@decai/protocol/chain-json';
import type { RestOutcome } from './grpc-status.ts';

export type RestMethod = {
  /** `/<service>/<Method>` */
  readonly path: string;
  /** The text of the answer. */
  readonly answer: (request: Message) => RestOutcome<string>;
};

/** JSON that is already written. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A method that answers with the fields of its response, with the whole text where parts have a form of their own, or not. */
export function restMethod<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  answer: (request: MessageShape<Input>) => RestOutcome<MessageInitShape<Output> | JsonText>,
): RestMethod {
  return {
    path: methodPath(method),
    answer(request) {
      const answered = answer(request as MessageShape<Input>);
      if (!answered.ok) return answered;
      const { value } = answered;
      if (value instanceof JsonText) return { ok: true, value: value.text };
      return { ok: true, value: chainJsonText(method.output, create(method.output, value)) };
    },
  };
}

/** The path of ABCI queries, and the name of the gRPC method. */
export function methodPath({ parent, name }: DescMethodUnary): string {
  return `/${parent.typeName}/${name}`;
}
