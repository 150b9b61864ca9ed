/** Turns a supplier's LLM server into paid relays. */
export {};
