/**
 * What a file of claim and proof vectors says.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import type { BlockHash, VectorEvent } from './vector-state.ts';

export type Json = { readonly [name: string]: JsonValue };

export type VectorAccount = {
  readonly address: string;
  readonly balance: string;
  readonly private: string;
  readonly public: string;
};

export type Setting = {
  readonly accounts: readonly VectorAccount[];
  readonly applications: readonly JsonValue[];
  readonly suppliers: readonly JsonValue[];
  readonly services: readonly JsonValue[];
  readonly blockHashes: readonly BlockHash[];
  readonly sharedParams: JsonValue;
  readonly sessionParams: JsonValue;
  readonly serviceParams: JsonValue;
  readonly proofParams: JsonValue;
  /** Claim open, claim close, proof open, proof close of the one session height that everything is about. */
  readonly windows: readonly number[];
};

export type VectorTransaction = {
  readonly accountNumber: number;
  readonly sequence: number;
  readonly fee: number;
  readonly gas: number;
  readonly memo: string;
  readonly timeoutHeight: number;
  readonly signBytes: string;
  readonly signature: string;
  readonly txBytes: string;
  readonly txHash: string;
  readonly valid: boolean;
};

export type HonestSession = {
  readonly name: string;
  readonly application: string;
  readonly supplier: string;
  readonly sessionHeader: JsonValue;
  readonly leaves: readonly { readonly key: string; readonly value: string; readonly weight: number }[];
  readonly createClaim: { readonly height: number; readonly messageBytes: string };
  readonly submitProof: { readonly height: number };
  readonly requirements: readonly { readonly probability: number; readonly threshold: number }[];
  readonly createClaimTx: VectorTransaction;
  readonly submitProofTx: VectorTransaction;
};

export type ExpectedError = {
  readonly grpcCode: string;
  readonly codespace: string;
  readonly code: number;
  readonly message: string;
  readonly abci: readonly [codespace: string, code: number];
};

/** One of these keys each, or those that belong together. */
export type Change = {
  readonly removeService?: string;
  readonly removeApplication?: string;
  readonly computeUnitsHistory?: readonly { readonly effectiveHeight: number; readonly computeUnitsPerRelay: number }[];
  readonly existingClaim?: string;
  readonly applicationUnstakeSessionEndHeight?: number;
  readonly difficulty?: { readonly effectiveHeight: number; readonly targetHash: string };
  readonly proofParams?: { readonly [name: string]: number | string };
  readonly balance?: readonly [address: string, amount: string];
  readonly noPublicKey?: string;
  readonly delegatees?: readonly string[];
  readonly pendingUndelegations?: { readonly [sessionEndHeight: string]: readonly string[] };
  readonly claimHeader?: readonly [start: number, end: number];
};

export type Altered = {
  readonly name: string;
  readonly height: number;
  readonly messageBytes: string;
  readonly changes?: readonly Change[];
};

export type ClaimCase = Altered & { readonly error?: ExpectedError; readonly events?: readonly VectorEvent[] };

export type ProofCase = Altered & {
  readonly session: string;
  readonly claimRootHash?: string;
  readonly submitError?: ExpectedError;
  readonly submitEvents?: readonly VectorEvent[];
  readonly validationError?: { readonly codespace: string; readonly code: number; readonly message: string };
  readonly validationEvents?: readonly VectorEvent[];
  readonly claimStatus?: string;
};

export type ClaimsProofsDocument = {
  readonly chainId: string;
  readonly state: Setting;
  readonly sessionHeaders: { readonly [name: string]: JsonValue };
  readonly sessions: readonly HonestSession[];
  readonly batchTransactions: { readonly [name: string]: VectorTransaction };
  readonly claimCases: readonly ClaimCase[];
  readonly proofCases: readonly ProofCase[];
};
