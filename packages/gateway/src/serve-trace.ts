/** `GET /v1/traces/{id}`: what this gateway saw of a request, for those who have a key here. */
import type { HttpAnswer, HttpExchange } from '@decai/protocol/http';
import type { Gateway } from './gateway.ts';
import { apiRefusal, refusalAnswer } from './openai-error.ts';
import { json } from './serve.ts';
import { admitTenant } from './tenants.ts';

/** Another tenant's trace is as unknown as one that never was. */
export function serveTrace(gateway: Gateway, exchange: HttpExchange, _requestId: string, id: string): HttpAnswer {
  const admitted = admitTenant(gateway.tenants, exchange.headers);
  if (!admitted.ok) return refusalAnswer(admitted);
  admitted.tenant.release();
  const trace = gateway.traces.find(decodeURIComponent(id));
  const tenant = trace?.hops.find(({ hop }) => hop === 'tenant.admitted')?.facts.tenant;
  if (trace === undefined || tenant !== admitted.tenant.label) {
    return refusalAnswer(apiRefusal('unknown_url', 'No such request is remembered here.'));
  }
  return json(200, trace);
}
