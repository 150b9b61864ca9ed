/**
 * Simulation: what a transaction would do and cost, without signatures and without consequences.
 *
 * Source: cosmos/cosmos-sdk `x/auth/tx/service.go` (Simulate), `baseapp/test_helpers.go`.
 */
import { create } from '@bufbuild/protobuf';
import { decode } from '@decai/protocol/codec';
import { EventSchema } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { TxMsgDataSchema } from '@decai/protocol/gen/cosmos/base/abci/v1beta1/abci_pb';
import { Service } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { transactionBytes } from '@decai/protocol/transaction';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse, refuseAs } from './refusal.ts';
import { runTransaction } from './run-transaction.ts';

export const TRANSACTION_QUERIES: readonly QueryMethod[] = [
  queryMethod(Service.method.simulate, (state, { tx, txBytes }) => {
    const bytes = txBytes.length > 0 ? txBytes : tx === undefined ? undefined : transactionBytes(tx);
    if (bytes === undefined) return refuseAs('InvalidArgument', 'empty txBytes is not allowed');
    const { code, codespace, log, data, gasWanted, gasUsed, events } = runTransaction(state, bytes, 'simulate');
    if (code !== 0) return refuse([codespace, code, ''], `${log} with gas used: '${gasUsed}'`, 'Unknown');
    const { msgResponses } = decode(TxMsgDataSchema, data);
    return answered({
      gasInfo: { gasWanted, gasUsed },
      result: { data, events: events.map(abciEvent), msgResponses },
    });
  }),
];

function abciEvent({ type, attributes }: ChainEvent) {
  return create(EventSchema, { type, attributes: attributes.map(({ key, value }) => ({ key, value })) });
}
