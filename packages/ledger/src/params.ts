/**
 * The parameters of every module, as the profile of the chain keeps them (docs/decisions/0006).
 *
 * The modules of Cosmos have nothing but a live set. Those of Pocket are asked in three ways: `live()` for what belongs to
 * no session, `governing()` for what a session is held to, and `at()` for what is read as of a height in every profile.
 *
 * Source: pokt-network/poktroll `x/<module>/keeper/params.go`, `x/shared/keeper/params_history.go`.
 */
import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { ParamsSchema as AuthParamsSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { ParamsSchema as BankParamsSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/bank_pb';
import { ParamsSchema as ApplicationParamsSchema } from '@decai/protocol/gen/pocket/application/params_pb';
import { ParamsSchema as GatewayParamsSchema } from '@decai/protocol/gen/pocket/gateway/params_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import { ParamsSchema as SharedParamsSchema } from '@decai/protocol/gen/pocket/shared/params_pb';
import { ParamsSchema as SupplierParamsSchema } from '@decai/protocol/gen/pocket/supplier/params_pb';
import { ParamsSchema as StakingParamsSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ParamsSchema as TokenomicsParamsSchema } from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { CollectionShape } from './collection.ts';
import type { StoredSize } from './gas.ts';
import { messageValue } from './message-value.ts';
import { LiveParams, ModuleParams, type ParamsShape } from './module-params.ts';
import { PinnedParams } from './pinned-params.ts';
import type { BlockContext } from './state.ts';
import type { Store } from './store.ts';

/** The modules of Cosmos keep theirs under a single byte; those of Pocket under a name as long as ours. */
const BY_ONE_BYTE: StoredSize = { keyBytes: 1 };

function paramsShape<Desc extends DescMessage>(module: string, schema: Desc): ParamsShape<MessageShape<Desc>> {
  const value = messageValue(schema);
  return {
    live: new CollectionShape(
      `${module}/p_${module}`,
      value,
      module === 'auth' || module === 'bank' ? BY_ONE_BYTE : {},
    ),
    history: new CollectionShape(`${module}/${module}_params_history/`, value),
    none: () => create(schema),
  };
}

const SHAPES = {
  auth: paramsShape('auth', AuthParamsSchema),
  bank: paramsShape('bank', BankParamsSchema),
  application: paramsShape('application', ApplicationParamsSchema),
  gateway: paramsShape('gateway', GatewayParamsSchema),
  proof: paramsShape('proof', ProofParamsSchema),
  service: paramsShape('service', ServiceParamsSchema),
  session: paramsShape('session', SessionParamsSchema),
  shared: paramsShape('shared', SharedParamsSchema),
  staking: paramsShape('staking', StakingParamsSchema),
  supplier: paramsShape('supplier', SupplierParamsSchema),
  tokenomics: paramsShape('tokenomics', TokenomicsParamsSchema),
};

export class Params {
  readonly auth: LiveParams<MessageShape<typeof AuthParamsSchema>>;
  readonly bank: LiveParams<MessageShape<typeof BankParamsSchema>>;
  readonly application: ModuleParams<MessageShape<typeof ApplicationParamsSchema>>;
  readonly gateway: ModuleParams<MessageShape<typeof GatewayParamsSchema>>;
  readonly proof: ModuleParams<MessageShape<typeof ProofParamsSchema>>;
  readonly service: ModuleParams<MessageShape<typeof ServiceParamsSchema>>;
  readonly session: ModuleParams<MessageShape<typeof SessionParamsSchema>>;
  readonly shared: ModuleParams<MessageShape<typeof SharedParamsSchema>>;
  readonly staking: LiveParams<MessageShape<typeof StakingParamsSchema>>;
  readonly supplier: ModuleParams<MessageShape<typeof SupplierParamsSchema>>;
  readonly tokenomics: ModuleParams<MessageShape<typeof TokenomicsParamsSchema>>;

  constructor(store: Store, { profile, height }: Pick<BlockContext, 'profile' | 'height'>) {
    const governed = <P>(shape: ParamsShape<P>): ModuleParams<P> =>
      profile === 'decai' ? new PinnedParams(store, shape, height) : new ModuleParams(store, shape);
    this.auth = new LiveParams(store, SHAPES.auth);
    this.bank = new LiveParams(store, SHAPES.bank);
    this.application = governed(SHAPES.application);
    this.gateway = governed(SHAPES.gateway);
    this.proof = governed(SHAPES.proof);
    this.service = governed(SHAPES.service);
    this.session = governed(SHAPES.session);
    this.shared = governed(SHAPES.shared);
    this.staking = new LiveParams(store, SHAPES.staking);
    this.supplier = governed(SHAPES.supplier);
    this.tokenomics = governed(SHAPES.tokenomics);
  }
}
