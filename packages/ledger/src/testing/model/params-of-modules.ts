/**
 * The eight modules whose parameters can be changed, with the types of their parameter sets.
 */
import type { MessageShape } from '@bufbuild/protobuf';
import { ParamsSchema as ApplicationParamsSchema } from '@decai/protocol/gen/pocket/application/params_pb';
import { ParamsSchema as GatewayParamsSchema } from '@decai/protocol/gen/pocket/gateway/params_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import { ParamsSchema as SharedParamsSchema } from '@decai/protocol/gen/pocket/shared/params_pb';
import { ParamsSchema as SupplierParamsSchema } from '@decai/protocol/gen/pocket/supplier/params_pb';
import { ParamsSchema as TokenomicsParamsSchema } from '@decai/protocol/gen/pocket/tokenomics/params_pb';

type Schemas = {
  readonly application: typeof ApplicationParamsSchema;
  readonly gateway: typeof GatewayParamsSchema;
  readonly proof: typeof ProofParamsSchema;
  readonly service: typeof ServiceParamsSchema;
  readonly session: typeof SessionParamsSchema;
  readonly shared: typeof SharedParamsSchema;
  readonly supplier: typeof SupplierParamsSchema;
  readonly tokenomics: typeof TokenomicsParamsSchema;
};

export const PARAMS: Schemas = {
  application: ApplicationParamsSchema,
  gateway: GatewayParamsSchema,
  proof: ProofParamsSchema,
  service: ServiceParamsSchema,
  session: SessionParamsSchema,
  shared: SharedParamsSchema,
  supplier: SupplierParamsSchema,
  tokenomics: TokenomicsParamsSchema,
};

export type ParamsModule = keyof Schemas;

export type ParamsOf<M extends ParamsModule> = MessageShape<Schemas[M]>;

export type ModuleParams = ParamsOf<ParamsModule>;
