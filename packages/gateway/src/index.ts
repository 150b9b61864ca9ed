/** Sells an OpenAI-compatible API and carries requests into the network. */
export {};
