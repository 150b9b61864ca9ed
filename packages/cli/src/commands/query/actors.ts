/** `decai query account | balance | application | supplier | gateway | service …`: who is there and what they have. */
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { type Command, textOption } from '../../command.ts';
import { ADDRESS_ARGUMENT, HEIGHT_OPTION, queryCommand, recordOf } from './query-command.ts';

/** As many rows as one answer may have. */
const PAGE = { limit: 500n };
const SERVICE_ARGUMENT = { name: '<service>', help: 'id of a service' };

export const ACTOR_QUERIES: readonly Command[] = [
  queryCommand({
    name: 'account',
    summary: 'Number, sequence and public key of an account.',
    arguments: [ADDRESS_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query account faucet'],
    ask: async (asked) =>
      recordOf(asked, AuthQuery.method.accountInfo, { address: await asked.address(0, 'the address') }),
  }),
  queryCommand({
    name: 'balance',
    summary: 'What an account has.',
    arguments: [ADDRESS_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query balance source'],
    ask: async (asked) =>
      recordOf(asked, BankQuery.method.allBalances, {
        address: await asked.address(0, 'the address'),
        pagination: PAGE,
      }),
  }),
  queryCommand({
    name: 'application',
    summary: 'An application: stake, service, gateways that it delegated to.',
    arguments: [ADDRESS_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query application application-1'],
    ask: async (asked) =>
      recordOf(asked, ApplicationQuery.method.application, { address: await asked.address(0, 'the address') }),
  }),
  queryCommand({
    name: 'applications',
    summary: 'All applications, or those that delegated to one gateway.',
    options: [{ flags: '--gateway <address>', help: 'only those that delegated to it' }, HEIGHT_OPTION],
    examples: ['decai query applications'],
    ask: (asked) =>
      recordOf(asked, ApplicationQuery.method.allApplications, {
        delegateeGatewayAddress: textOption(asked.invocation, 'gateway') ?? '',
        pagination: PAGE,
      }),
  }),
  queryCommand({
    name: 'supplier',
    summary: 'A supplier: stake, services, endpoints, who shares the revenue.',
    arguments: [ADDRESS_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query supplier supplier-1'],
    ask: async (asked) =>
      recordOf(asked, SupplierQuery.method.supplier, { operatorAddress: await asked.address(0, 'the address') }),
  }),
  queryCommand({
    name: 'suppliers',
    summary: 'All suppliers, or those of one service.',
    options: [{ flags: '--service <id>', help: 'only those that serve it' }, HEIGHT_OPTION],
    examples: ['decai query suppliers --service decai-small-4m'],
    ask: (asked) =>
      recordOf(asked, SupplierQuery.method.allSuppliers, {
        serviceId: textOption(asked.invocation, 'service') ?? '',
        pagination: PAGE,
      }),
  }),
  queryCommand({
    name: 'gateway',
    summary: 'A gateway and its stake.',
    arguments: [ADDRESS_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query gateway gateway'],
    ask: async (asked) =>
      recordOf(asked, GatewayQuery.method.gateway, { address: await asked.address(0, 'the address') }),
  }),
  queryCommand({
    name: 'gateways',
    summary: 'All gateways.',
    options: [HEIGHT_OPTION],
    examples: ['decai query gateways'],
    ask: (asked) => recordOf(asked, GatewayQuery.method.allGateways, { pagination: PAGE }),
  }),
  queryCommand({
    name: 'service',
    summary: 'A service: its Source and what one relay weighs.',
    arguments: [SERVICE_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query service decai-small-4m'],
    ask: (asked) => recordOf(asked, ServiceQuery.method.service, { id: asked.argument(0, 'the service') }),
  }),
  queryCommand({
    name: 'services',
    summary: 'All services: every model that was published.',
    options: [HEIGHT_OPTION],
    examples: ['decai query services'],
    ask: (asked) => recordOf(asked, ServiceQuery.method.allServices, { pagination: PAGE }),
  }),
  queryCommand({
    name: 'difficulty',
    summary: 'How hard it is for a relay of a service to be counted.',
    arguments: [SERVICE_ARGUMENT],
    options: [HEIGHT_OPTION],
    examples: ['decai query difficulty decai-small-4m'],
    ask: (asked) =>
      recordOf(asked, ServiceQuery.method.relayMiningDifficulty, { serviceId: asked.argument(0, 'the service') }),
  }),
];
