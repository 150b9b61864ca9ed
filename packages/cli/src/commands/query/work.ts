/** `decai query session | claim | claims | proof | params`: who serves whom, what was claimed for it, and under which rules. */
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Query as TokenomicsQuery } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import { type Command, numberOption, textOption, UsageError } from '../../command.ts';
import { homeOf } from '../../home-option.ts';
import { addressFor } from '../../keys/chosen-key.ts';
import { type Asked, HEIGHT_OPTION, queryCommand, recordOf } from './query-command.ts';

const PARAMS_OF = {
  application: (asked: Asked) => recordOf(asked, ApplicationQuery.method.params, {}),
  gateway: (asked: Asked) => recordOf(asked, GatewayQuery.method.params, {}),
  proof: (asked: Asked) => recordOf(asked, ProofQuery.method.params, {}),
  service: (asked: Asked) => recordOf(asked, ServiceQuery.method.params, {}),
  session: (asked: Asked) => recordOf(asked, SessionQuery.method.params, {}),
  shared: (asked: Asked) => recordOf(asked, SharedQuery.method.params, {}),
  supplier: (asked: Asked) => recordOf(asked, SupplierQuery.method.params, {}),
  tokenomics: (asked: Asked) => recordOf(asked, TokenomicsQuery.method.params, {}),
};

const MODULES = Object.keys(PARAMS_OF).join(', ');

export const WORK_QUERIES: readonly Command[] = [
  queryCommand({
    name: 'session',
    summary: 'The session of an application and a service: id, first and last block, suppliers.',
    arguments: [
      { name: '<application>', help: 'address, or name of a key of the home' },
      { name: '<service>', help: 'id of a service' },
    ],
    options: [{ flags: '--at <height>', help: 'a block of the session; absent: the current session' }],
    examples: ['decai query session application-1 decai-small-4m'],
    ask: async (asked) =>
      recordOf(asked, SessionQuery.method.getSession, {
        applicationAddress: await asked.address(0, 'the application'),
        serviceId: asked.argument(1, 'the service'),
        blockHeight: BigInt(numberOption(asked.invocation, 'at', 1, Number.MAX_SAFE_INTEGER) ?? 0),
      }),
  }),
  queryCommand({
    name: 'claim',
    summary: 'The claim of a supplier to the work of a session.',
    arguments: [
      { name: '<session>', help: 'id of the session' },
      { name: '<supplier>', help: 'operator address, or name of a key of the home' },
    ],
    options: [HEIGHT_OPTION],
    examples: ['decai query claim SESSION supplier-1'],
    ask: async (asked) =>
      recordOf(asked, ProofQuery.method.claim, {
        sessionId: asked.argument(0, 'the session'),
        supplierOperatorAddress: await asked.address(1, 'the supplier'),
      }),
  }),
  queryCommand({
    name: 'claims',
    summary: 'Claims that wait for their settlement.',
    options: [
      { flags: '--supplier <address>', help: 'only of this supplier' },
      { flags: '--session <id>', help: 'only of this session' },
      HEIGHT_OPTION,
    ],
    examples: ['decai query claims', 'decai query claims --supplier supplier-1'],
    async ask(asked) {
      const supplier = textOption(asked.invocation, 'supplier');
      const session = textOption(asked.invocation, 'session');
      if (supplier !== undefined && session !== undefined)
        throw new UsageError('give --supplier or --session, not both');
      return recordOf(asked, ProofQuery.method.allClaims, {
        pagination: { limit: 500n },
        ...(supplier === undefined
          ? {}
          : {
              filter: {
                case: 'supplierOperatorAddress',
                value: await addressFor(homeOf(asked.invocation), supplier),
              } as const,
            }),
        ...(session === undefined ? {} : { filter: { case: 'sessionId', value: session } as const }),
      });
    },
  }),
  queryCommand({
    name: 'proof',
    summary: 'The proof of a claim, until it is validated.',
    arguments: [
      { name: '<session>', help: 'id of the session' },
      { name: '<supplier>', help: 'operator address, or name of a key of the home' },
    ],
    options: [HEIGHT_OPTION],
    examples: ['decai query proof SESSION supplier-1'],
    ask: async (asked) =>
      recordOf(asked, ProofQuery.method.proof, {
        sessionId: asked.argument(0, 'the session'),
        supplierOperatorAddress: await asked.address(1, 'the supplier'),
      }),
  }),
  queryCommand({
    name: 'params',
    summary: 'The parameters of a module, as they are in force now.',
    arguments: [{ name: '<module>', help: MODULES }],
    options: [HEIGHT_OPTION],
    examples: ['decai query params shared', 'decai query params tokenomics'],
    ask(asked) {
      const name = asked.argument(0, 'the module');
      if (!Object.hasOwn(PARAMS_OF, name)) throw new UsageError(`no module is called ${name}`, `there are ${MODULES}`);
      return PARAMS_OF[name as keyof typeof PARAMS_OF](asked);
    },
  }),
];
