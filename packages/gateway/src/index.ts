/** Sells an OpenAI-compatible API and carries requests into the network. */
export * from './gateway.ts'; // starting a gateway, and what it is made of
export * from './config.ts'; // its configuration file
export * from './openai-error.ts'; // every refusal that a client can meet
export { admitTenant, hashOfKey, type KeyConfig, type Tenant, Tenants } from './tenants.ts'; // API keys
