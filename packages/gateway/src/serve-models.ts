/** `GET /v1/models`: what may be asked for, and who published it. */
import type { HttpAnswer, HttpExchange } from '@decai/protocol/http';
import type { CatalogEntry } from './catalog.ts';
import type { Gateway } from './gateway.ts';
import { apiRefusal, refusalAnswer } from './openai-error.ts';
import { json } from './serve.ts';
import { admitTenant } from './tenants.ts';

export function serveModels(gateway: Gateway, exchange: HttpExchange): HttpAnswer {
  const admitted = admitTenant(gateway.tenants, exchange.headers);
  if (!admitted.ok) return refusalAnswer(admitted);
  admitted.tenant.release();
  const data = gateway.catalog.entries.filter(({ model }) => admitted.tenant.mayUse(model)).map(modelObject);
  return json(200, { object: 'list', data });
}

export function serveModel(gateway: Gateway, exchange: HttpExchange, _requestId: string, name: string): HttpAnswer {
  const admitted = admitTenant(gateway.tenants, exchange.headers);
  if (!admitted.ok) return refusalAnswer(admitted);
  admitted.tenant.release();
  const entry = gateway.catalog.find(decodedName(name));
  if (entry === undefined || !admitted.tenant.mayUse(entry.model))
    return refusalAnswer(modelNotFound(decodedName(name)));
  return json(200, modelObject(entry));
}

export function modelNotFound(model: string): ReturnType<typeof apiRefusal> {
  const shown = model.length > 64 ? `${model.slice(0, 64)}...` : model;
  return apiRefusal('model_not_found', `The model '${shown}' is not sold here; GET /v1/models lists what is.`, {
    param: 'model',
  });
}

function modelObject({ model, source, computeUnitsPerRelay }: CatalogEntry): Record<string, unknown> {
  return {
    id: model,
    object: 'model',
    // The ledger keeps no time of publication; the SDKs insist on a number.
    created: 0,
    owned_by: source,
    compute_units_per_relay: Number(computeUnitsPerRelay),
  };
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
