/** Bytes: messages, keys, ring signatures, the sum trie, relay digests, sessions, claims and proofs. Pure. */
export {};
