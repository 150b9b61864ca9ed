/**
 * What the ledger knows about one kind of message: what is wrong with it whatever the state, and what it does.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Refusal, Verdict } from './refusal.ts';
import type { State } from './state.ts';

export type MessageRule<Desc extends DescMessage = DescMessage> = {
  readonly schema: Desc;
  readonly responseSchema: DescMessage;
  /** Refuses what no state could accept. Runs before fees, sequences and signatures are looked at. */
  check?(message: MessageShape<Desc>): Refusal | undefined;
  /** Carries the message out, or refuses it; whatever a refused message wrote is undone by the caller. */
  apply(state: State, message: MessageShape<Desc>): Verdict;
};

/** Lets a table hold rules for different messages: a rule is only ever given messages of its own schema. */
export function messageRule<Desc extends DescMessage>(rule: MessageRule<Desc>): MessageRule {
  return rule as unknown as MessageRule;
}
