/** Where a ledger runs: blocks, disk, and the RPC in front of it. */
export {};
