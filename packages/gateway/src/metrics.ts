/**
 * What the gateway counts, fed by the hops and by the outcomes of relays. Label values are bounded: models on sale, statuses,
 * outcomes; never a tenant, a request or a word of anybody's text.
 */
import { Counter, Histogram, Registry } from 'prom-client';
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';
import { curveName } from '@decai/protocol/curve';
import { utf8 } from '@decai/protocol/bytes';
import type { Hop } from '@decai/protocol/hop';
import type { HttpAnswer } from '@decai/protocol/http';

export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'gw_requests_total',
    help: 'Inference requests answered, by model and status.',
    labelNames: ['model', 'status'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'gw_request_seconds',
    help: 'Time from receiving a request to the last byte of its answer.',
    labelNames: ['model'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    registers: [this.#registry],
  });
  readonly #tokens = new Counter({
    name: 'gw_tokens_total',
    help: 'Tokens as suppliers report them.',
    labelNames: ['model', 'kind'],
    registers: [this.#registry],
  });
  readonly #relays = new Counter({
    name: 'gw_relays_total',
    help: 'Relays sent, by what came of them.',
    labelNames: ['model', 'outcome', 'curve'],
    registers: [this.#registry],
  });

  /** Counts a request once it is answered. */
  observe({ hop, facts }: Hop): void {
    if (hop !== 'request.answered') return;
    const model = String(facts.model);
    this.#requests.inc({ model, status: String(facts.status) });
    this.#seconds.observe({ model }, Number(facts.ms) / 1_000);
    if (facts.promptTokens !== undefined) this.#tokens.inc({ model, kind: 'prompt' }, Number(facts.promptTokens));
    if (facts.completionTokens !== undefined) {
      this.#tokens.inc({ model, kind: 'completion' }, Number(facts.completionTokens));
    }
  }

  relayEnded(model: string, outcome: SupplierOutcome): void {
    this.#relays.inc({ model, outcome, curve: curveName() });
  }

  /** `GET /metrics`, in the text format of Prometheus. */
  async answer(): Promise<HttpAnswer> {
    const text = await this.#registry.metrics();
    return { status: 200, headers: { 'content-type': this.#registry.contentType }, body: utf8(text) };
  }
}
