/**
 * What a transaction must satisfy before its messages are carried out: basics, timeouts, gas, fee, keys, signatures.
 *
 * One list, in the order of the Go application's ante chain, so that the first failure is the same one. What it writes (fee,
 * sequence, key, nonce) stays even when the messages are refused afterwards; if it refuses, nothing stays.
 *
 * Source: pokt-network/poktroll `app/ante.go`; cosmos/cosmos-sdk `x/auth/ante`.
 */
import { utf8 } from '@decai/protocol/bytes';
import type { Transaction } from '@decai/protocol/transaction';
import { deductFee } from './deduct-fee.ts';
import { GasMeter } from './gas.ts';
import { refuse, type Refusal, type Verdict } from './refusal.ts';
import { SDK, UNREGISTERED } from './registered-error.ts';
import { countSignatures, rememberKeys } from './remember-keys.ts';
import type { State } from './state.ts';
import { useNonces } from './use-nonces.ts';
import { chargeSignatures, checkSignatures, raiseSequences } from './verify-signatures.ts';

/**
 * `check`: may it enter the pool; `recheck`: is it still good after a block; `execute`: in a block; `simulate`: what would
 * it cost. Signatures are not verified in a recheck and in a simulation.
 */
export type AdmissionMode = 'check' | 'recheck' | 'execute' | 'simulate';

export type Admission = {
  readonly state: State;
  readonly transaction: Transaction;
  readonly mode: AdmissionMode;
  readonly policy: TransactionPolicy;
};

export type TransactionPolicy = {
  /** Most gas that a block may use; −1 or absent: any amount. */
  readonly maxBlockGas?: bigint;
  /** Least price of a unit of gas, in upokt, that this node takes into its pool. Absent: 0. A matter of the node, not of the network. */
  readonly minGasPrice?: { readonly numerator: bigint; readonly denominator: bigint };
};

type AdmissionStep = (admission: Admission) => Refusal | undefined;

const GAS_LIMIT_MAX = 2n ** 63n - 1n;

const STEPS: readonly AdmissionStep[] = [
  checkBlockGas,
  checkExtensions,
  checkBasics,
  checkTimeouts,
  checkMemo,
  chargeSize,
  deductFee,
  rememberKeys,
  countSignatures,
  chargeSignatures,
  useNonces,
  checkSignatures,
  raiseSequences,
];

/** Runs every step and looks at the gas after each. The store's meter counts from here on. */
export function admitTransaction(admission: Admission): Verdict {
  const { state, transaction, mode } = admission;
  const gasLimit = transaction.authInfo.fee?.gasLimit ?? 0n;
  const meter = new GasMeter(mode === 'simulate' ? undefined : gasLimit);
  state.store.meter = meter;
  for (const step of STEPS) {
    const refusal = step(admission) ?? checkGas(meter, step.name);
    if (refusal !== undefined) return refusal;
  }
  return { ok: true };
}

/** Refuses once more gas is used than wanted (sdk 11). */
export function checkGas(meter: GasMeter, location: string): Refusal | undefined {
  if (!meter.isExceeded) return undefined;
  return refuse(
    SDK.OUT_OF_GAS,
    `out of gas in location: ${location}; gasWanted: ${meter.limit}, gasUsed: ${meter.used}`,
  );
}

/** Refuses more gas than a block may use (sdk 41). */
function checkBlockGas({ transaction, policy }: Admission): Refusal | undefined {
  const { maxBlockGas = -1n } = policy;
  const gasLimit = transaction.authInfo.fee?.gasLimit ?? 0n;
  if (maxBlockGas <= 0n || gasLimit <= maxBlockGas) return undefined;
  return refuse(SDK.INVALID_GAS_LIMIT, `tx gas limit ${gasLimit} exceeds block max gas ${maxBlockGas}`);
}

/** Refuses options that a reader must understand: none are known (sdk 31). */
function checkExtensions({ transaction }: Admission): Refusal | undefined {
  return transaction.body.extensionOptions.length === 0 ? undefined : refuse(SDK.UNKNOWN_EXTENSION_OPTIONS);
}

/**
 * Refuses, in this order: no fee at all (undefined 1), a tip, which nobody here would be paid (sdk 37), a gas limit beyond
 * 2^63 − 1 (18), no signature (15), another number than there are signers (4).
 */
function checkBasics({ transaction, mode }: Admission): Refusal | undefined {
  const { authInfo, signatures, signers } = transaction;
  if (authInfo.fee === undefined) return refuse(UNREGISTERED, 'fee is missing');
  if (authInfo.tip !== undefined) return refuse(SDK.NOT_SUPPORTED, 'tips');
  if (authInfo.fee.gasLimit > GAS_LIMIT_MAX) {
    return refuse(SDK.INVALID_REQUEST, `invalid gas supplied; ${authInfo.fee.gasLimit} > ${GAS_LIMIT_MAX}`);
  }
  if (signatures.length === 0) return refuse(SDK.NO_SIGNATURES);
  // A simulated transaction may carry placeholders, but one for each signer.
  const count = mode === 'simulate' ? signatures.length : Math.max(signatures.length, authInfo.signerInfos.length);
  if (count !== signers.length || authInfo.signerInfos.length !== signers.length) {
    return refuse(SDK.UNAUTHORIZED, `wrong number of signers; expected ${signers.length}, got ${count}`);
  }
  return undefined;
}

/** Refuses a transaction that came too late: by height (sdk 30), by time (sdk 42). */
function checkTimeouts({ state, transaction }: Admission): Refusal | undefined {
  const { timeoutHeight } = transaction.body;
  if (timeoutHeight !== 0n && BigInt(state.height) > timeoutHeight) {
    return refuse(SDK.TX_TIMEOUT_HEIGHT, `block height: ${state.height}, timeout height: ${timeoutHeight}`);
  }
  const timeoutNs = timeoutNsOf(transaction);
  if (timeoutNs !== undefined && timeoutNs < state.block.timeNs) {
    return refuse(SDK.TX_TIMEOUT, `block time: ${state.block.timeNs} ns, timeout timestamp: ${timeoutNs} ns`);
  }
  return undefined;
}

/** The zero of Go's clock, in the year 1; its programs send it where they mean no time. */
const GO_ZERO_SECONDS = -62_135_596_800n;

/** Nanoseconds since the epoch; undefined where no timeout, or a zero one, is set. */
export function timeoutNsOf({ body }: Transaction): bigint | undefined {
  const { timeoutTimestamp } = body;
  if (timeoutTimestamp === undefined) return undefined;
  if (timeoutTimestamp.seconds === 0n || timeoutTimestamp.seconds === GO_ZERO_SECONDS) return undefined;
  return timeoutTimestamp.seconds * 1_000_000_000n + BigInt(timeoutTimestamp.nanos);
}

/** Refuses a memo of more bytes than allowed (sdk 12). */
function checkMemo({ state, transaction }: Admission): Refusal | undefined {
  const length = utf8(transaction.body.memo).length;
  // Nothing is looked up, and paid for, where there is nothing to compare.
  if (length === 0) return undefined;
  const { maxMemoCharacters } = state.params.auth.live();
  if (BigInt(length) <= maxMemoCharacters) return undefined;
  return refuse(
    SDK.MEMO_TOO_LARGE,
    `maximum number of characters is ${maxMemoCharacters} but received ${length} characters`,
  );
}

function chargeSize({ state, transaction }: Admission): undefined {
  const { txSizeCostPerByte } = state.params.auth.live();
  state.store.meter?.consume(Number(txSizeCostPerByte) * transaction.bytes.length);
}
