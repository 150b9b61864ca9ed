/**
 * What the ledger knows about one kind of message: what is wrong with it whatever the state, and what it does.
 */
import type { DescMessage, DescMethodUnary, Message, MessageShape } from '@bufbuild/protobuf';
import type { Refusal, Verdict } from './refusal.ts';
import type { State } from './state.ts';

export type MessageRule<Input = Message> = {
  readonly schema: DescMessage;
  readonly responseSchema: DescMessage;
  /** The response to a message that was carried out. Absent where it is empty, which it is nearly everywhere. */
  readonly respond?: (message: Input) => Message;
  /** Refuses what no state could accept. Runs before fees, sequences and signatures are looked at. */
  check(message: Input): Refusal | undefined;
  /** Carries the message out, or refuses it; whatever a refused message wrote is undone by the caller. */
  apply(state: State, message: Input): Verdict;
};

/** The rule for a method of a Msg service. A rule is only ever given messages of its own schema, so a table may mix them. */
export function messageRule<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  check: (message: MessageShape<Input>) => Refusal | undefined,
  apply: (state: State, message: MessageShape<Input>) => Verdict,
): MessageRule {
  const rule: MessageRule<MessageShape<Input>> = {
    schema: method.input,
    responseSchema: method.output,
    check,
    apply,
  };
  return rule as unknown as MessageRule;
}
