/**
 * One change of parameters between claim and settlement, in both profiles: under Shannon's rules it reaches claims that are
 * made already wherever the parameter has no history; where sessions are pinned it reaches none.
 */
import { describe, expect, test } from 'vitest';
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import type { Profile } from './chain-record.ts';
import type { GovernedName } from './governance-messages.ts';
import { GOVERNED, type GovernedModule } from './governed-module.ts';
import { paramChange } from './param-change.ts';
import type { State } from './state.ts';
import { claimed, closest, money, PENALTY_UPOKT, PROOF_FEE_UPOKT, prove, type Scene } from './test-attempt.ts';
import { addressNamed, emptyState } from './test-chain.ts';
import { HEIGHTS, STAKE_UPOKT } from './test-session.ts';
import { changeOfOne, type OneChange } from './update-params.ts';

/** The session of blocks 11 to 20, claimed in block 22; what is changed is changed after block 24. */
const CHANGED_AT = 24;

function change(state: State, module: GovernedName, name: string, value: JsonValue): void {
  const { apply } = changeOfOne<DescMessage>(GOVERNED[module] as GovernedModule<DescMessage>);
  const { message } = paramChange(module, name, value);
  expect(apply(state, message as unknown as OneChange)).toEqual({ ok: true });
}

function claimedThenChanged(profile: Profile, changes: readonly (readonly [GovernedName, string, JsonValue])[]): Scene {
  const scene = claimed(undefined, CHANGED_AT + 1, profile);
  scene.chain.patch((state) => {
    for (const each of changes) change(state, ...each);
  });
  scene.chain.blocksTo(HEIGHTS.proofOpen - 1);
  return scene;
}

/** The proof was taken, and found good at the end of its block. */
const VALID = { code: 0, failure: '""' };
const provenIn = (scene: Scene) => prove(scene, encodeClosestProof(closest(scene, scene.trie)));

/** What is seen of a change that was made after the claim, and what it is in each profile. */
const OUTCOMES: readonly [
  what: string,
  changes: readonly (readonly [GovernedName, string, JsonValue])[],
  observe: (scene: Scene) => unknown,
  pocket: unknown,
  decai: unknown,
][] = [
  [
    'the penalty for a proof that does not come',
    [['proof', 'proof_missing_penalty', { denom: 'upokt', amount: '900000' }]],
    (scene) => {
      scene.chain.blocksTo(HEIGHTS.proofClose);
      return money(scene).supplierStake;
    },
    String(STAKE_UPOKT - 900_000n),
    String(STAKE_UPOKT - PENALTY_UPOKT),
  ],
  [
    'the fee for a proof',
    [['proof', 'proof_submission_fee', { denom: 'upokt', amount: '70' }]],
    (scene) => {
      expect(provenIn(scene)).toMatchObject({ code: 0 });
      return money(scene).proofFees;
    },
    70n,
    PROOF_FEE_UPOKT,
  ],
  [
    'whether a proof is asked for',
    [['proof', 'proof_request_probability', 0]],
    (scene) => {
      const { codespace, code } = provenIn(scene);
      return [codespace, code];
    },
    ['proof', 1129],
    ['', 0],
  ],
  [
    'who is paid',
    [
      [
        'tokenomics',
        'mint_equals_burn_claim_distribution',
        { dao: 1, proposer: 0, supplier: 0, source_owner: 0, application: 0 },
      ],
    ],
    (scene) => {
      expect(provenIn(scene)).toMatchObject(VALID);
      scene.chain.blocksTo(HEIGHTS.proofClose);
      // Its part of 12,600 upokt, and that of their inflation, whose shares are as they were.
      return money(scene).owner;
    },
    882n,
    8_820n + 882n,
  ],
  [
    'the price',
    [['shared', 'compute_units_to_tokens_multiplier', '84000000']],
    (scene) => {
      expect(provenIn(scene)).toMatchObject(VALID);
      const before = BigInt(money(scene).applicationStake!);
      scene.chain.blocksTo(HEIGHTS.proofClose);
      // Three relays of a hundred units at 42 upokt, and inflation of a tenth.
      return before - BigInt(money(scene).applicationStake!);
    },
    13_860n,
    13_860n,
  ],
  [
    'the windows',
    [['shared', 'proof_window_open_offset_blocks', '1']],
    (scene) => {
      expect(provenIn(scene)).toMatchObject(VALID);
      scene.chain.blocksTo(HEIGHTS.proofClose - 1);
      const open = [...scene.chain.state().claims.entries()].length;
      scene.chain.block();
      return [open, [...scene.chain.state().claims.entries()].length];
    },
    [1, 0],
    [1, 0],
  ],
];

describe.each(OUTCOMES)('%s, changed after the claim', (_what, changes, observe, pocket, decai) => {
  test('under Shannon’s rules', () => expect(observe(claimedThenChanged('pocket', changes))).toEqual(pocket));
  test('where sessions are pinned', () => expect(observe(claimedThenChanged('decai', changes))).toEqual(decai));
});

describe('two changes of one session, asked for at height 25', () => {
  const asked = (profile: Profile): State => {
    const state = emptyState(25, undefined, profile);
    change(state, 'shared', 'num_blocks_per_session', '20');
    change(state, 'shared', 'compute_units_to_tokens_multiplier', '5');
    return state;
  };

  test('the second loses the first one under Shannon’s rules', () => {
    const { shared } = asked('pocket').params;
    expect(shared.at(31)).toMatchObject({ numBlocksPerSession: 10n, computeUnitsToTokensMultiplier: 5n });
    expect(shared.live()).toMatchObject({ computeUnitsToTokensMultiplier: 5n });
  });

  test('the second adds to the first one where sessions are pinned, and nothing shows before the next session', () => {
    const { shared } = asked('decai').params;
    const grid = { sessionGridAnchorHeight: 31n, sessionNumberAtAnchor: 4n };
    expect(shared.at(31)).toMatchObject({ numBlocksPerSession: 20n, computeUnitsToTokensMultiplier: 5n, ...grid });
    const before = { numBlocksPerSession: 10n, computeUnitsToTokensMultiplier: 42_000_000n };
    for (const set of [shared.live(), shared.at(1), shared.at(30)]) expect(set).toMatchObject(before);
  });
});

test.each([
  ['pocket', true],
  ['decai', false],
] as const)('under %s, a module that has no history in Shannon has its new set at once: %s', (profile, isAtOnce) => {
  const state = emptyState(25, undefined, profile);
  const treasury = addressNamed('treasury');
  change(state, 'tokenomics', 'dao_reward_address', treasury);
  expect(state.params.tokenomics.live().daoRewardAddress === treasury).toBe(isAtOnce);
  expect(emptyState(31, state.store, profile).params.tokenomics.live().daoRewardAddress).toBe(treasury);
});
