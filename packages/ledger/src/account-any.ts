/**
 * Accounts as queries and genesis documents show them.
 *
 * Source: cosmos/cosmos-sdk `x/auth/types/account.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { packAny } from '@decai/protocol/any';
import {
  BaseAccountSchema,
  ModuleAccountSchema,
  type BaseAccount,
} from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { moduleAt } from './module-account.ts';

/** An account as clients expect it: modules' accounts say so. */
export function accountAny(account: BaseAccount): Any {
  const module = moduleAt(account.address);
  if (module === undefined) return packAny(BaseAccountSchema, account);
  const { name, permissions } = module;
  return packAny(
    ModuleAccountSchema,
    create(ModuleAccountSchema, { baseAccount: account, name, permissions: [...permissions] }),
  );
}
