/** Bytes: messages, keys, ring signatures, the sum trie, relay digests, sessions, claims and proofs. Pure. */
export * from './bytes.ts'; // hexadecimal, base64, UTF-8, joining, comparing, integers in bytes
export * from './hash.ts'; // SHA-256, SHA3-256, SHA3-512, RIPEMD-160
export * from './fault.ts'; // errors that nobody chose
export * from './world.ts'; // clock, randomness, network, disk and threads, as one value
export * from './judge.ts'; // a pure verdict on many things at once
export * from './http.ts'; // one shape for servers and clients
export * from './key-value-store.ts'; // ordered durable storage, as an interface
export * from './hop.ts'; // the vocabulary of a completion's way
export * from './address.ts'; // bech32 addresses of accounts and modules
export * from './keys.ts'; // mnemonics and keys
export * from './curve.ts'; // secp256k1: which implementation is active
export * from './account-key.ts'; // keys of accounts, also thresholds of several
export * from './account-signature.ts'; // signatures of accounts, also of some members of a threshold
export * from './signature.ts'; // account signatures, and those on relay responses
export * from './known-signature.ts'; // signatures that were looked at before
export * from './ring.ts'; // ring signatures: sign, verify, read, write
export * from './ring-members.ts'; // who may sign for an application
export * from './signing-identity.ts'; // one act of signing, however it is written
export * from './codec.ts'; // messages to bytes and back
export * from './any.ts'; // messages inside messages
export * from './coin.ts'; // amounts with their denomination
export * from './transaction.ts'; // transactions as strangers send them
export * from './sign-transaction.ts'; // transactions as we send them
export * from './typed-event.ts'; // events as the chain prints them
export * from './chain-json.ts'; // the chain's own JSON
export * from './http-message.ts'; // HTTP inside relays
export * from './relay.ts'; // relays: what is signed, hashed, mined
export * from './relay-error.ts'; // what a miner answers instead of a relay
export * from './supplier-outcome.ts'; // what one request says about its supplier
export * from './root.ts'; // digest, sum and count of a session tree
export * from './sum-trie.ts'; // the session tree
export * from './closest-proof.ts'; // the leaf nearest to a path, and whether it is one
export * from './proof-bytes.ts'; // proofs as they travel
export * from './session-grid.ts'; // where sessions and their windows lie
export * from './session-id.ts'; // the name of a session
export * from './session-draw.ts'; // who serves in it
export * from './difficulty.ts'; // which relays count
export * from './claim-amount.ts'; // what a root is worth
export * from './proof-requirement.ts'; // which claims must be proven
export * from './proof-path.ts'; // which leaf is asked for
export * from './conformance.ts'; // how files of vectors are checked
