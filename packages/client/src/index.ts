/** The border: asking a ledger, signing transactions, building, sending and verifying relays. */
export {};
