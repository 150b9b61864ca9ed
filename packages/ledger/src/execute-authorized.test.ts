/**
 * Rights on a running chain: granted, used, taken back, ended; and the authority's rights over parameters, which are nothing
 * else.
 */
import { create, type DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { packAny, typeUrlOf } from '@decai/protocol/any';
import { toHex } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import { GenericAuthorizationSchema, GrantSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { MsgExecSchema, MsgGrantSchema, MsgRevokeSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { MsgMultiSendSchema, MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { MsgUndelegateSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/tx_pb';
import { MsgUpdateParamSchema } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { MsgUpdateParamSchema as MsgUpdateSharedParamSchema } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { messageOfEvent } from '@decai/protocol/typed-event';
import type { Key } from '@decai/protocol/keys';
import { UPOKT } from './coins.ts';
import { addressNamed, endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { authorize, decreed, GOVERNOR, onBehalf } from './test-governance.ts';

const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'].map(keyNamed) as [Key, Key, Key];
const TO = addressNamed('to');
const SEND = typeUrlOf(MsgSendSchema);

function town(): TestChain {
  return new TestChain((state) => {
    for (const { address } of [ALICE, BOB, CAROL]) endow(state, address, 1_000n);
    authorize(state, MsgUpdateParamSchema, MsgUpdateSharedParamSchema);
  });
}

type Sent = ReturnType<typeof sent>;

/** The result of the messages in a block of their own, and what became of the chain is in `chain`. */
function did(chain: TestChain, key: Key, ...messages: Sent[]) {
  return chain.block(chain.sign(key, messages)).results[0]!;
}

function expiresAt(second: number) {
  return { seconds: BigInt(second), nanos: 0 };
}

function grant(granter: string, grantee: string, messageType = SEND, expirationSecond?: number): Sent {
  const authorization = packAny(GenericAuthorizationSchema, create(GenericAuthorizationSchema, { msg: messageType }));
  const expiration = expirationSecond === undefined ? {} : { expiration: expiresAt(expirationSecond) };
  return sent(MsgGrantSchema, { granter, grantee, grant: { authorization, ...expiration } });
}

const revoke = (granter: string, grantee: string, msgTypeUrl = SEND): Sent =>
  sent(MsgRevokeSchema, { granter, grantee, msgTypeUrl });

const send = (from: string, amountUpokt = 1n, to = TO): Sent =>
  sent(MsgSendSchema, { fromAddress: from, toAddress: to, amount: [coin(amountUpokt)] });

describe('a right that was granted', () => {
  it('is used in the name of its granter, until it is taken back', () => {
    const chain = town();
    const granted = did(chain, ALICE, grant(ALICE.address, BOB.address));
    expect(granted).toMatchObject({ code: 0 });
    const parties = { granter: ALICE.address, grantee: BOB.address, msgTypeUrl: SEND };
    expect(messageOfEvent(granted.events.at(-1)!)!.message).toMatchObject(parties);
    expect(granted.events.at(-1)).toEqual({
      type: 'cosmos.authz.v1beta1.EventGrant',
      attributes: [
        { key: 'grantee', value: `"${BOB.address}"` },
        { key: 'granter', value: `"${ALICE.address}"` },
        { key: 'msg_type_url', value: `"${SEND}"` },
        { key: 'msg_index', value: '0' },
      ],
    });

    const used = did(chain, BOB, onBehalf(BOB.address, send(ALICE.address, 3n), send(BOB.address, 4n)));
    expect(used).toMatchObject({ code: 0 });
    expect(chain.state().bank.balance(TO, UPOKT)).toBe(7n);
    expect(chain.state().bank.balance(ALICE.address, UPOKT)).toBe(997n);
    const transfers = used.events.filter(({ type }) => type === 'transfer');
    expect(transfers.map(({ attributes }) => attributes.slice(-2))).toEqual([
      [
        { key: 'authz_msg_index', value: '0' },
        { key: 'msg_index', value: '0' },
      ],
      [
        { key: 'authz_msg_index', value: '1' },
        { key: 'msg_index', value: '0' },
      ],
    ]);

    const revoked = did(chain, ALICE, revoke(ALICE.address, BOB.address));
    expect(revoked).toMatchObject({ code: 0 });
    expect(messageOfEvent(revoked.events.at(-1)!)!.message).toMatchObject(parties);
    expect(revoked.events.at(-1)!.type).toBe('cosmos.authz.v1beta1.EventRevoke');
    expect(did(chain, BOB, onBehalf(BOB.address, send(ALICE.address)))).toMatchObject({ codespace: 'authz', code: 2 });
  });

  it('holds up to the time of its end, and is forgotten after it', () => {
    const chain = town();
    // Blocks of this chain are made at the second of their height.
    expect(did(chain, ALICE, grant(ALICE.address, BOB.address, SEND, 3))).toMatchObject({ code: 0 });
    chain.blocksTo(2);
    expect(did(chain, BOB, onBehalf(BOB.address, send(ALICE.address)))).toMatchObject({ code: 0 });
    expect([...chain.state().grants.entries({ granter: ALICE.address })]).toHaveLength(1);
    expect(did(chain, BOB, onBehalf(BOB.address, send(ALICE.address)))).toMatchObject({ codespace: 'authz', code: 2 });
    expect([...chain.state().grants.entries({ granter: ALICE.address })]).toEqual([]);
  });

  it('gives no right after its end even if nobody has forgotten it yet', () => {
    const chain = town();
    chain.blocksTo(4);
    const others = Array.from({ length: 205 }, (_, index) => addressNamed(`grantee ${index}`));
    chain.patch((state) => {
      for (const grantee of [...others, BOB.address]) {
        state.grants.put(
          { granter: ALICE.address, grantee, messageType: SEND },
          {
            $typeName: 'google.protobuf.Timestamp',
            ...expiresAt(grantee === BOB.address ? 4 : 3),
          },
        );
      }
    });
    expect(did(chain, BOB, onBehalf(BOB.address, send(ALICE.address)))).toMatchObject({ codespace: 'authz', code: 6 });
    expect([...chain.state().grants.entries({ granter: ALICE.address })]).toHaveLength(6);
    chain.block();
    expect([...chain.state().grants.entries({ granter: ALICE.address })]).toEqual([]);
  });

  it('may be granted anew with another end, and may be one to use rights', () => {
    const chain = town();
    did(chain, ALICE, grant(ALICE.address, BOB.address, SEND, 2));
    did(chain, ALICE, grant(ALICE.address, BOB.address));
    chain.blocksTo(6);
    did(chain, BOB, grant(BOB.address, CAROL.address, typeUrlOf(MsgExecSchema)));
    const nested = onBehalf(CAROL.address, onBehalf(BOB.address, send(ALICE.address, 5n)));
    const result = did(chain, CAROL, nested);
    expect(result).toMatchObject({ code: 0 });
    expect(chain.state().bank.balance(TO, UPOKT)).toBe(5n);
    // One response inside one response: 0a 00 is an empty one.
    expect(toHex(result.data)).toMatch(/0a020a00$/);
  });

  it('creates the account of a grantee who has none', () => {
    const chain = town();
    const newcomer = addressNamed('newcomer');
    did(chain, ALICE, grant(ALICE.address, newcomer));
    expect(chain.state().accounts.get(newcomer)).toBeDefined();
  });
});

describe('granting and revoking are refused', () => {
  const [alice, bob] = [ALICE.address, BOB.address];
  const withAuthorization = (schema: DescMessage | undefined): Sent =>
    sent(MsgGrantSchema, {
      granter: alice,
      grantee: bob,
      grant: schema === undefined ? {} : { authorization: packAny(schema, create(schema)) },
    });
  const refusals: [why: string, message: Sent, codespace: string, code: number][] = [
    ['to oneself', grant(alice, alice), 'authz', 7],
    ['to nobody', grant(alice, 'x'), 'sdk', 7],
    ['without authorization', withAuthorization(undefined), 'sdk', 29],
    ['with another authorization', withAuthorization(GrantSchema), 'sdk', 29],
    ['for messages that nobody handles', grant(alice, bob, typeUrlOf(MsgUndelegateSchema)), 'sdk', 29],
    ['for the past', grant(alice, bob, SEND, 1), 'authz', 3],
    ['for no time', grant(alice, bob, SEND, 253_402_300_800), 'sdk', 2],
    ['for a time before 1970', grant(alice, bob, SEND, -1), 'authz', 3],
    ['of one’s own right', revoke(alice, alice), 'authz', 7],
    ['of nobody’s right', revoke(alice, 'x'), 'sdk', 7],
    ['of no type', revoke(alice, bob, ''), 'sdk', 18],
    ['of what was not granted', revoke(alice, bob), 'authz', 2],
    ['of a type that is too long to be one', revoke(alice, bob, 'x'.repeat(5_000)), 'authz', 2],
  ];
  it.each(refusals)('%s', (_why, message, codespace, code) => {
    const chain = town();
    expect(did(chain, ALICE, message)).toMatchObject({ codespace, code });
    expect([...chain.state().grants.entries({ granter: alice })]).toEqual([]);
  });
});

describe('messages in somebody else’s name are refused', () => {
  const bob = BOB.address;
  const several = sent(MsgMultiSendSchema, {
    inputs: [
      { address: ALICE.address, coins: [coin(1n)] },
      { address: BOB.address, coins: [coin(1n)] },
    ],
  });
  const unknown = sent(MsgUndelegateSchema, { delegatorAddress: bob });
  const noName = { authority: 'x', name: 'no_such_param' };
  const refusals: [why: string, message: Sent, codespace: string, code: number, log: string][] = [
    ['without any', onBehalf(bob), 'sdk', 18, 'messages cannot be empty'],
    ['when they are none', onBehalf(bob, sent(GrantSchema, {})), 'sdk', 2, 'is no transaction message'],
    [
      'when no state could accept the second',
      onBehalf(bob, send(ALICE.address), sent(MsgUpdateParamSchema, noName)),
      'tokenomics',
      1101,
      'msg 1: invalid authority address x',
    ],
    ['of several signers', onBehalf(bob, several), 'authz', 9, 'only one signer'],
    ['of nobody', onBehalf(bob, sent(MsgSendSchema, { fromAddress: 'x' })), 'undefined', 1, 'holds no address'],
    [
      'without a right',
      onBehalf(bob, send(ALICE.address)),
      'authz',
      2,
      `failed to execute message; message index: 0: failed to get grant with given granter: ${ALICE.address}, grantee: ${bob} & msgType: ${SEND} : authorization not found`,
    ],
    ['that nobody handles', onBehalf(bob, unknown), 'sdk', 6, 'unrecognized message route'],
    [
      'that are refused themselves, and nothing of those before remains',
      onBehalf(bob, send(bob, 5n), send(bob, 5_000n)),
      'sdk',
      5,
      'failed to execute message; message /cosmos.bank.v1beta1.MsgSend: spendable balance 995upokt',
    ],
  ];
  it.each(refusals)('%s', (_why, message, codespace, code, log) => {
    const chain = town();
    const result = did(chain, BOB, message);
    expect(result).toMatchObject({ codespace, code, log: expect.stringContaining(log) });
    expect(chain.state().bank.balance(TO, UPOKT)).toBe(0n);
  });

  it('as soon as they have used up the gas', () => {
    const chain = town();
    const many = Array.from({ length: 60 }, () => send(bob));
    const bytes = chain.sign(BOB, [onBehalf(bob, ...many)], { gasLimit: 200_000n });
    const [result] = chain.block(bytes).results;
    expect(result).toMatchObject({ codespace: 'sdk', code: 11, log: expect.stringContaining('authorized message') });
    expect(chain.state().bank.balance(TO, UPOKT)).toBe(0n);
  });
});

describe('the authority', () => {
  const multiplier = (value: bigint): Sent =>
    decreed(MsgUpdateParamSchema, {
      name: 'overservicing_bonus_multiplier',
      asType: { case: 'asUint64', value },
    });

  it('speaks through those whom it granted the right, with the events and the response that Shannon gives', () => {
    const chain = town();
    const result = did(chain, GOVERNOR, multiplier(3n));
    expect(result).toMatchObject({ code: 0 });
    expect(chain.state().params.tokenomics.live().overservicingBonusMultiplier).toBe(3n);
    expect(result.events.filter(({ type }) => type !== 'tx')).toEqual([
      {
        type: 'message',
        attributes: [
          { key: 'action', value: '/cosmos.authz.v1beta1.MsgExec' },
          { key: 'sender', value: GOVERNOR.address },
          { key: 'module', value: 'authz' },
          { key: 'msg_index', value: '0' },
        ],
      },
    ]);
    const response = Buffer.from('\x12+\n%/cosmos.authz.v1beta1.MsgExecResponse\x12\x02\n\x00', 'latin1');
    expect(toHex(result.data)).toBe(toHex(response));
  });

  it('is refused like everybody, with the codes of the module', () => {
    const chain = town();
    expect(did(chain, GOVERNOR, multiplier(1001n))).toMatchObject({
      codespace: 'tokenomics',
      code: 1112,
      log: expect.stringMatching(/^failed to execute message; message index: 0: msg 0: overservicing_bonus_multiplier/),
    });
    const grace = decreed(MsgUpdateSharedParamSchema, {
      name: 'grace_period_end_offset_blocks',
      asType: { case: 'asUint64', value: 10n },
    });
    expect(did(chain, GOVERNOR, grace)).toMatchObject({
      codespace: 'shared',
      code: 1103,
      log: expect.stringContaining(
        'rpc error: code = InvalidArgument desc = GracePeriodEndOffsetBlocks (10) must be less than NumBlocksPerSession (10): the provided param is invalid',
      ),
    });
    expect(
      did(
        chain,
        BOB,
        onBehalf(
          BOB.address,
          sent(MsgUpdateParamSchema, {
            authority: BOB.address,
            name: 'mint_ratio',
            asType: { case: 'asFloat', value: 0.5 },
          }),
        ),
      ),
    ).toMatchObject({
      codespace: 'tokenomics',
      code: 1100,
    });
  });
});
