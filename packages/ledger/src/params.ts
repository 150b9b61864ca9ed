/**
 * The parameters of every module.
 *
 * Shared and session parameters have a history and are read `at` a height; what a session depends on is always read as of
 * a height of that session. The other modules' parameters have none: `live()` says so at every call.
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
import { HeightHistory } from './height-history.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

type ParamsShape<P> = {
  readonly live: CollectionShape<P>;
  readonly history: CollectionShape<P>;
  readonly none: () => P;
};

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

/** Parameters that hold from the moment they are set, also for what began before. */
export class LiveParams<P> {
  private readonly store: Store;
  private readonly shape: ParamsShape<P>;

  constructor(store: Store, shape: ParamsShape<P>) {
    this.store = store;
    this.shape = shape;
  }

  live(): P {
    return this.shape.live.in(this.store).get('') ?? this.shape.none();
  }

  setLive(params: P): void {
    this.shape.live.in(this.store).put('', params);
  }
}

/** Parameters that are read as of a height. The live set is what the module's own query answers. */
export class HistoricParams<P> extends LiveParams<P> {
  readonly history: HeightHistory<P>;

  constructor(store: Store, shape: ParamsShape<P>) {
    super(store, shape);
    this.history = new HeightHistory(store, shape.history);
  }

  /** What holds at `height`: the newest set that has come into force by then, or the live one if there is none. */
  at(height: number): P {
    return this.history.at('', height) ?? this.live();
  }
}

export class Params {
  readonly auth: LiveParams<MessageShape<typeof AuthParamsSchema>>;
  readonly bank: LiveParams<MessageShape<typeof BankParamsSchema>>;
  readonly application: LiveParams<MessageShape<typeof ApplicationParamsSchema>>;
  readonly gateway: LiveParams<MessageShape<typeof GatewayParamsSchema>>;
  readonly proof: LiveParams<MessageShape<typeof ProofParamsSchema>>;
  readonly service: LiveParams<MessageShape<typeof ServiceParamsSchema>>;
  readonly session: HistoricParams<MessageShape<typeof SessionParamsSchema>>;
  readonly shared: HistoricParams<MessageShape<typeof SharedParamsSchema>>;
  readonly staking: LiveParams<MessageShape<typeof StakingParamsSchema>>;
  readonly supplier: LiveParams<MessageShape<typeof SupplierParamsSchema>>;
  readonly tokenomics: LiveParams<MessageShape<typeof TokenomicsParamsSchema>>;

  constructor(store: Store) {
    this.auth = new LiveParams(store, SHAPES.auth);
    this.bank = new LiveParams(store, SHAPES.bank);
    this.application = new LiveParams(store, SHAPES.application);
    this.gateway = new LiveParams(store, SHAPES.gateway);
    this.proof = new LiveParams(store, SHAPES.proof);
    this.service = new LiveParams(store, SHAPES.service);
    this.session = new HistoricParams(store, SHAPES.session);
    this.shared = new HistoricParams(store, SHAPES.shared);
    this.staking = new LiveParams(store, SHAPES.staking);
    this.supplier = new LiveParams(store, SHAPES.supplier);
    this.tokenomics = new LiveParams(store, SHAPES.tokenomics);
  }
}
