/**
 * Results of blocks and transactions as CometBFT's RPC writes them.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core/types/responses.go`, `abci/types`.
 */
import { toBase64 } from '@decai/protocol/bytes';
import type { Event, ExecTxResult, ResponseFinalizeBlock } from '@decai/protocol/gen/tendermint/abci/types_pb';
import type { Json } from './block-json.ts';

export function eventsJson(events: readonly Event[]): Json[] {
  return events.map(({ type, attributes }) => ({
    type,
    attributes: attributes.map(({ key, value, index }) => ({ key, value, index })),
  }));
}

export function txResultJson(result: ExecTxResult): Json {
  return {
    code: result.code,
    // Go writes null where there are no bytes.
    data: result.data.length === 0 ? null : toBase64(result.data),
    log: result.log,
    info: result.info,
    gas_wanted: `${result.gasWanted}`,
    gas_used: `${result.gasUsed}`,
    events: eventsJson(result.events),
    codespace: result.codespace,
  };
}

/** As in events of a subscription, where what is zero or empty is left out. */
export function sparseTxResultJson(result: ExecTxResult): Json {
  const whole = txResultJson(result) as Readonly<Record<string, Json>>;
  const kept = Object.entries(whole).filter(
    ([, value]) => value !== null && value !== 0 && value !== '' && value !== '0',
  );
  return Object.fromEntries(kept);
}

export function blockResultsJson(height: number, results: ResponseFinalizeBlock): Json {
  return {
    height: `${height}`,
    txs_results: results.txResults.length === 0 ? null : results.txResults.map(txResultJson),
    finalize_block_events: results.events.length === 0 ? null : eventsJson(results.events),
    validator_updates: null,
    consensus_param_updates: null,
    app_hash: toBase64(results.appHash),
  };
}
