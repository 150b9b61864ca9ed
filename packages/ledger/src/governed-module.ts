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
import {
  announcePinnedParams,
  announceSessionParams,
  announceSharedParams,
  nextStart,
  onGrid,
} from './announce-params.ts';
import { moduleNamed } from './module-account.ts';
import type { ParamRules } from './param-rules.ts';
import type { ModuleParams } from './module-params.ts';
import type { Params } from './params.ts';
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
  /** The set that a change of one parameter starts from. */
  base(state: State): MessageShape<Desc>;
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

type Declared<Desc extends DescMessage> = Pick<GovernedModule<Desc>, 'schema' | 'rules' | 'wrongAuthority'> & {
  /** Where the module differs from most. */
  readonly one?: Partial<GovernedModule<Desc>['one']>;
  readonly all?: GovernedModule<Desc>['all'];
  /** Takes a set over under Shannon's rules, where it does not hold at once. */
  readonly change?: GovernedModule<Desc>['change'];
  /** What the chain adds to a set before it comes into force. */
  readonly complete?: (state: State, wanted: MessageShape<Desc>) => MessageShape<Desc>;
};

export const GOVERNED: GovernedModules = {
  application: governed(({ application }) => application, {
    schema: ApplicationParamsSchema,
    rules: APPLICATION_RULES,
    wrongAuthority: APPLICATION.INVALID_SIGNER,
    one: { wrongAuthority: 'PermissionDenied' },
  }),
  gateway: governed(({ gateway }) => gateway, {
    schema: GatewayParamsSchema,
    rules: GATEWAY_RULES,
    wrongAuthority: GATEWAY.INVALID_SIGNER,
  }),
  supplier: governed(({ supplier }) => supplier, {
    schema: SupplierParamsSchema,
    rules: SUPPLIER_RULES,
    wrongAuthority: SUPPLIER.INVALID_SIGNER,
  }),
  session: governed(({ session }) => session, {
    schema: SessionParamsSchema,
    rules: SESSION_RULES,
    wrongAuthority: SESSION.INVALID_SIGNER,
    change: announceSessionParams,
  }),
  service: governed(({ service }) => service, {
    schema: ServiceParamsSchema,
    rules: SERVICE_RULES,
    wrongAuthority: SERVICE.INVALID_SIGNER,
    one: { malformedAuthority: SERVICE.INVALID_ADDRESS },
  }),
  proof: governed(({ proof }) => proof, {
    schema: ProofParamsSchema,
    rules: PROOF_RULES,
    wrongAuthority: PROOF.INVALID_SIGNER,
    one: { malformedAuthority: PROOF.INVALID_ADDRESS, nameUnknown: PROOF.PARAM_NAME_INVALID },
    all: { malformedAuthority: PROOF.INVALID_ADDRESS },
  }),
  tokenomics: governed(({ tokenomics }) => tokenomics, {
    schema: TokenomicsParamsSchema,
    rules: TOKENOMICS_RULES,
    wrongAuthority: TOKENOMICS.INVALID_SIGNER,
    one: {
      malformedAuthority: TOKENOMICS.INVALID_AUTHORITY_ADDRESS,
      valueMissing: TOKENOMICS.PARAMS_INVALID,
      nameUnknown: TOKENOMICS.PARAM_NAME_INVALID,
      wrongAuthority: 'PermissionDenied',
    },
    all: { malformedAuthority: TOKENOMICS.INVALID_AUTHORITY_ADDRESS },
  }),
  shared: governed(({ shared }) => shared, {
    schema: SharedParamsSchema,
    rules: SHARED_RULES,
    wrongAuthority: SHARED.INVALID_SIGNER,
    one: { malformedAuthority: SHARED.INVALID_ADDRESS, nameUnknown: SHARED.PARAM_NAME_INVALID },
    change: announceSharedParams,
    complete: onGrid,
  }),
};

/**
 * A module with what most have in common: its own error for every value, and a change that holds at once.
 *
 * Where parameters are pinned, all modules are alike: a change holds from the next session on, and starts from what was
 * announced for that session before. Under Shannon's rules it starts from the live set, and loses what was announced.
 */
function governed<Desc extends DescMessage>(
  of: (params: Params) => ModuleParams<MessageShape<Desc>>,
  { one, all, change, complete, ...declared }: Declared<Desc>,
): GovernedModule<Desc> {
  return {
    ...declared,
    one: {
      malformedAuthority: SDK.INVALID_ADDRESS,
      valueMissing: declared.rules.error,
      nameUnknown: declared.rules.error,
      wrongAuthority: 'InvalidArgument',
      ...one,
    },
    all: all ?? { malformedAuthority: UNREGISTERED },
    base: (state) => (state.isPinned ? of(state.params).at(nextStart(state)) : of(state.params).live()),
    change: (state, wanted) => {
      const params = of(state.params);
      if (state.isPinned) announcePinnedParams(state, params, complete?.(state, wanted) ?? wanted);
      else if (change === undefined) params.setLive(wanted);
      else change(state, wanted);
    },
  };
}
