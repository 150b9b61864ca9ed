/**
 * Who governs a network: the part of its genesis that lets one account, or a threshold of several, change every parameter.
 *
 * The authority is an account without a key, on every network the same; a genesis says who speaks for it. Nobody can be
 * added later: only the authority itself could grant such a right.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper/genesis.go`.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { typeUrlOf } from '@decai/protocol/any';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { GOVERNANCE_MESSAGES } from './governance-messages.ts';
import { AUTHORITY } from './governed-module.ts';

/** `app_state.authz` of a genesis whose parameters `grantee` may change, for ever. */
export function governanceGrants(grantee: string): JsonValue {
  const messages = Object.values(GOVERNANCE_MESSAGES).flatMap(({ one, all }) => [one, all]);
  return {
    authorization: messages.map((schema) => ({
      granter: AUTHORITY,
      grantee,
      authorization: { '@type': typeUrlOf(GenericAuthorizationSchema), msg: typeUrlOf(schema) },
      expiration: null,
    })),
  };
}
