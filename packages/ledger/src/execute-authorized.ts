/**
 * Messages sent by somebody who was granted the right to: each is carried out as if its own signer had sent it.
 *
 * All of them or none. What a granter signs is one kind of message, so a message that needs several signers cannot be sent
 * this way.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper/msg_server.go` (Exec), `x/authz/keeper/keeper.go` (DispatchActions).
 */
import { create, type Message } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { unpackAny } from '@decai/protocol/any';
import { encode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import { Msg, MsgExecResponseSchema, type MsgExec } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { isTransactionMessage, signersOf } from '@decai/protocol/signers';
import { checkGas } from './admission.ts';
import { timestampNs } from './grant-authorization.ts';
import { chargeDispatch } from './gas.ts';
import { messageRule, type MessageRule } from './message-rule.ts';
import { ACCEPTED, refuse, refusalText, type Outcome, type Refusal, type Verdict } from './refusal.ts';
import { AUTHZ, SDK, UNREGISTERED } from './registered-error.ts';
import type { State } from './state.ts';

type RuleFor = (messageType: string) => MessageRule | undefined;

/** The rule for MsgExec; `ruleFor` gives those for the messages inside. */
export function executionRule(ruleFor: RuleFor): MessageRule {
  return {
    ...messageRule(Msg.method.exec, checkInside, (state, message) => execute(ruleFor, state, message)),
    respond: (message) => responseOf(ruleFor, message as MsgExec),
  };
}

/** Refuses what is no transaction message (sdk 2). Everything else inside is looked at when it is carried out. */
function checkInside({ msgs }: MsgExec): Refusal | undefined {
  const other = msgs.find((any) => !isTransactionMessage(unpackAny(any).schema));
  return other === undefined ? undefined : refuse(SDK.TX_DECODE, `${other.typeUrl} is no transaction message`);
}

/**
 * Refuses, in this order: nothing inside (sdk 18); the first message inside that no state could accept, with its own code;
 * then, message by message: several signers (authz 9), a right that was not granted (authz 2) or has ended (authz 6), a
 * type that nobody handles (sdk 6), what the message itself is refused for.
 */
function execute(ruleFor: RuleFor, state: State, { grantee, msgs }: MsgExec): Verdict {
  if (msgs.length === 0) return refuse(SDK.INVALID_REQUEST, 'messages cannot be empty');
  for (const [index, any] of msgs.entries()) {
    const refusal = ruleFor(any.typeUrl)?.check(unpackAny(any).message);
    if (refusal !== undefined) return within(`msg ${index}`, refusal);
  }
  for (const [index, any] of msgs.entries()) {
    const mark = state.journal.mark();
    const verdict = carryOut(ruleFor, state, grantee, any);
    if (!verdict.ok) return verdict;
    state.journal.stamp(mark, 'authz_msg_index', String(index));
    const spent =
      state.store.meter === undefined ? undefined : checkGas(state.store.meter, `authorized message ${index}`);
    if (spent !== undefined) return spent;
  }
  return ACCEPTED;
}

function carryOut(ruleFor: RuleFor, state: State, grantee: string, any: Any): Verdict {
  const { schema, message } = unpackAny(any);
  const signers = signersIn(schema, message);
  if (!signers.ok) return signers;
  const [granter] = signers.value;
  if (signers.value.length !== 1 || granter === undefined) return refuse(AUTHZ.NUMBER_OF_SIGNERS);
  const unauthorized = granter === grantee ? undefined : checkGrant(state, granter, grantee, any.typeUrl);
  if (unauthorized !== undefined) return unauthorized;
  const rule = ruleFor(any.typeUrl);
  if (rule === undefined) return refuse(SDK.UNKNOWN_REQUEST, `unrecognized message route: ${any.typeUrl}`);
  chargeDispatch(state.store.meter);
  const verdict = rule.apply(state, message);
  return verdict.ok ? verdict : within(`failed to execute message; message ${any.typeUrl}`, verdict);
}

function signersIn(schema: Parameters<typeof signersOf>[0], message: Message): Outcome<readonly string[]> {
  try {
    return { ok: true, value: signersOf(schema, message) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse(UNREGISTERED, thrown.message);
  }
}

/** A grant holds up to and including the time of its expiration. */
function checkGrant(state: State, granter: string, grantee: string, messageType: string): Refusal | undefined {
  const grant = state.grants.get({ granter, grantee, messageType });
  if (grant === undefined) {
    // The space before the colon is what the network writes.
    const details = `failed to get grant with given granter: ${granter}, grantee: ${grantee} & msgType: ${messageType} `;
    return refuse(AUTHZ.NOT_GRANTED, details);
  }
  const { expiration } = grant;
  if (expiration === undefined || timestampNs(expiration) >= state.block.timeNs) return undefined;
  return refuse(AUTHZ.EXPIRED);
}

/** The refusal with words before it. Its status ends here: it is part of the text. */
function within(place: string, refusal: Refusal): Refusal {
  const { codespace, code } = refusal;
  return { ok: false, codespace, code, message: `${place}: ${refusalText(refusal)}` };
}

/** One response for each message inside, encoded. */
function responseOf(ruleFor: RuleFor, { msgs }: MsgExec): Message {
  const results = msgs.map((any) => {
    const { responseSchema, respond } = ruleFor(any.typeUrl)!;
    return encode(responseSchema, respond?.(unpackAny(any).message) ?? create(responseSchema));
  });
  return create(MsgExecResponseSchema, { results });
}
