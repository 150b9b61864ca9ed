/**
 * The modules whose parameters can be changed: for each, its rules, its refusals, and where a new set goes.
 *
 * The authority over all of them is the account of the module `gov`. It has no key: whoever it has granted the right to
 * (authz, from genesis on) speaks for it.
 *
 * Source: pokt-network/poktroll `x/<module>/types/message_update_param.go`, `x/<module>/keeper/msg_server_update_param.go`.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { ParamsSchema as ApplicationParamsSchema } from '@decai/protocol/gen/pocket/application/params_pb';
import { ParamsSchema as GatewayParamsSchema } from '@decai/protocol/gen/pocket/gateway/params_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import { ParamsSchema as SharedParamsSchema } from '@decai/protocol/gen/pocket/shared/params_pb';
import { ParamsSchema as SupplierParamsSchema } from '@decai/protocol/gen/pocket/supplier/params_pb';
import { ParamsSchema as TokenomicsParamsSchema } from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { announceSessionParams, announceSharedParams } from './announce-params.ts';
import { moduleNamed } from './module-account.ts';
import type { ParamRules } from './param-rules.ts';
import {
  APPLICATION_RULES,
  GATEWAY_RULES,
  PROOF_RULES,
  SERVICE_RULES,
  SESSION_RULES,
  SHARED_RULES,
  SUPPLIER_RULES,
  TOKENOMICS_RULES,
} from './params-check.ts';
import {
  APPLICATION,
  GATEWAY,
  PROOF,
  SDK,
  SERVICE,
  SESSION,
  SHARED,
  SUPPLIER,
  TOKENOMICS,
  UNREGISTERED,
  type RegisteredError,
} from './registered-error.ts';
import type { GrpcCode } from './refusal.ts';
import type { State } from './state.ts';

/** Who may change parameters. */
export const AUTHORITY: string = moduleNamed('gov').address;

export type GovernedModule<Desc extends DescMessage> = {
  readonly schema: Desc;
  readonly rules: ParamRules<MessageShape<Desc>>;
  /** The change of one parameter: its errors, and the status around a wrong authority. */
  readonly one: {
    readonly malformedAuthority: RegisteredError;
    readonly valueMissing: RegisteredError;
    readonly nameUnknown: RegisteredError;
    readonly wrongAuthority: GrpcCode;
  };
  /** The change of all of them. The status around a wrong authority is PermissionDenied everywhere. */
  readonly all: { readonly malformedAuthority: RegisteredError };
  readonly wrongAuthority: RegisteredError;
  live(state: State): MessageShape<Desc>;
  /** Takes a valid set over. */
  change(state: State, params: MessageShape<Desc>): void;
};

type GovernedModules = {
  readonly application: GovernedModule<typeof ApplicationParamsSchema>;
  readonly gateway: GovernedModule<typeof GatewayParamsSchema>;
  readonly supplier: GovernedModule<typeof SupplierParamsSchema>;
  readonly session: GovernedModule<typeof SessionParamsSchema>;
  readonly service: GovernedModule<typeof ServiceParamsSchema>;
  readonly proof: GovernedModule<typeof ProofParamsSchema>;
  readonly tokenomics: GovernedModule<typeof TokenomicsParamsSchema>;
  readonly shared: GovernedModule<typeof SharedParamsSchema>;
};

export const GOVERNED: GovernedModules = {
  application: {
    schema: ApplicationParamsSchema,
    rules: APPLICATION_RULES,
    one: {
      malformedAuthority: SDK.INVALID_ADDRESS,
      valueMissing: APPLICATION.PARAM_INVALID,
      nameUnknown: APPLICATION.PARAM_INVALID,
      wrongAuthority: 'PermissionDenied',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: APPLICATION.INVALID_SIGNER,
    live: (state) => state.params.application.live(),
    change: (state, params) => state.params.application.setLive(params),
  },
  gateway: {
    schema: GatewayParamsSchema,
    rules: GATEWAY_RULES,
    one: {
      malformedAuthority: SDK.INVALID_ADDRESS,
      valueMissing: GATEWAY.PARAM_INVALID,
      nameUnknown: GATEWAY.PARAM_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: GATEWAY.INVALID_SIGNER,
    live: (state) => state.params.gateway.live(),
    change: (state, params) => state.params.gateway.setLive(params),
  },
  supplier: {
    schema: SupplierParamsSchema,
    rules: SUPPLIER_RULES,
    one: {
      malformedAuthority: SDK.INVALID_ADDRESS,
      valueMissing: SUPPLIER.PARAM_INVALID,
      nameUnknown: SUPPLIER.PARAM_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: SUPPLIER.INVALID_SIGNER,
    live: (state) => state.params.supplier.live(),
    change: (state, params) => state.params.supplier.setLive(params),
  },
  session: {
    schema: SessionParamsSchema,
    rules: SESSION_RULES,
    one: {
      malformedAuthority: SDK.INVALID_ADDRESS,
      valueMissing: SESSION.PARAM_INVALID,
      nameUnknown: SESSION.PARAM_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: SESSION.INVALID_SIGNER,
    live: (state) => state.params.session.live(),
    change: announceSessionParams,
  },
  service: {
    schema: ServiceParamsSchema,
    rules: SERVICE_RULES,
    one: {
      malformedAuthority: SERVICE.INVALID_ADDRESS,
      valueMissing: SERVICE.PARAM_INVALID,
      nameUnknown: SERVICE.PARAM_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: SERVICE.INVALID_SIGNER,
    live: (state) => state.params.service.live(),
    change: (state, params) => state.params.service.setLive(params),
  },
  proof: {
    schema: ProofParamsSchema,
    rules: PROOF_RULES,
    one: {
      malformedAuthority: PROOF.INVALID_ADDRESS,
      valueMissing: PROOF.PARAM_INVALID,
      nameUnknown: PROOF.PARAM_NAME_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: PROOF.INVALID_ADDRESS },
    wrongAuthority: PROOF.INVALID_SIGNER,
    live: (state) => state.params.proof.live(),
    change: (state, params) => state.params.proof.setLive(params),
  },
  tokenomics: {
    schema: TokenomicsParamsSchema,
    rules: TOKENOMICS_RULES,
    one: {
      malformedAuthority: TOKENOMICS.INVALID_AUTHORITY_ADDRESS,
      valueMissing: TOKENOMICS.PARAMS_INVALID,
      nameUnknown: TOKENOMICS.PARAM_NAME_INVALID,
      wrongAuthority: 'PermissionDenied',
    },
    all: { malformedAuthority: TOKENOMICS.INVALID_AUTHORITY_ADDRESS },
    wrongAuthority: TOKENOMICS.INVALID_SIGNER,
    live: (state) => state.params.tokenomics.live(),
    change: (state, params) => state.params.tokenomics.setLive(params),
  },
  shared: {
    schema: SharedParamsSchema,
    rules: SHARED_RULES,
    one: {
      malformedAuthority: SHARED.INVALID_ADDRESS,
      valueMissing: SHARED.PARAM_INVALID,
      nameUnknown: SHARED.PARAM_NAME_INVALID,
      wrongAuthority: 'InvalidArgument',
    },
    all: { malformedAuthority: UNREGISTERED },
    wrongAuthority: SHARED.INVALID_SIGNER,
    live: (state) => state.params.shared.live(),
    change: announceSharedParams,
  },
};
