/** Agreement: the state machine that keeps accounts, actors, sessions, claims, proofs and settlement. Pure and synchronous. */
export {};
