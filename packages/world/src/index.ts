/** The real world: clock, randomness, HTTP, WebSocket and disk behind the one World value. */
export {};
