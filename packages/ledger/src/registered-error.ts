/**
 * The errors that Shannon registers: codespace, code and the text that clients match on.
 *
 * Numbers and texts are wire facts. They are never reworded and never reused.
 *
 * Source: pokt-network/poktroll `x/<module>/types/errors.go`; cosmos/cosmos-sdk `types/errors/errors.go`,
 * `x/bank/types/errors.go`.
 */

export type RegisteredError = { readonly codespace: string; readonly code: number; readonly text: string };

type Registry<Name extends string> = Readonly<Record<Name, RegisteredError>>;

function register<Name extends string>(codespace: string, entries: Record<Name, [number, string]>): Registry<Name> {
  const errors = Object.entries<[number, string]>(entries).map(([name, [code, text]]) => [
    name,
    { codespace, code, text },
  ]);
  return Object.fromEntries(errors) as Registry<Name>;
}

const GOVERNANCE_ONLY = 'expected gov account as only signer for proposal message';
const PARAM_INVALID = 'the provided param is invalid';

export const SDK = register('sdk', {
  TX_DECODE: [2, 'tx parse error'],
  UNAUTHORIZED: [4, 'unauthorized'],
  INSUFFICIENT_FUNDS: [5, 'insufficient funds'],
  UNKNOWN_REQUEST: [6, 'unknown request'],
  INVALID_ADDRESS: [7, 'invalid address'],
  INVALID_PUBKEY: [8, 'invalid pubkey'],
  UNKNOWN_ADDRESS: [9, 'unknown address'],
  INVALID_COINS: [10, 'invalid coins'],
  OUT_OF_GAS: [11, 'out of gas'],
  MEMO_TOO_LARGE: [12, 'memo too large'],
  INSUFFICIENT_FEE: [13, 'insufficient fee'],
  TOO_MANY_SIGNATURES: [14, 'maximum number of signatures exceeded'],
  NO_SIGNATURES: [15, 'no signatures supplied'],
  INVALID_REQUEST: [18, 'invalid request'],
  KEY_NOT_FOUND: [22, 'key not found'],
  INVALID_HEIGHT: [26, 'invalid height'],
  TX_TIMEOUT_HEIGHT: [30, 'tx timeout height'],
  UNKNOWN_EXTENSION_OPTIONS: [31, 'unknown extension options'],
  WRONG_SEQUENCE: [32, 'incorrect account sequence'],
  NOT_SUPPORTED: [37, 'feature not supported'],
  INVALID_GAS_LIMIT: [41, 'invalid gas limit'],
  TX_TIMEOUT: [42, 'tx timeout'],
});

export const BANK = register('bank', {
  NO_INPUTS: [2, 'no inputs to send transaction'],
  NO_OUTPUTS: [3, 'no outputs to send transaction'],
  INPUT_OUTPUT_MISMATCH: [4, 'sum inputs != sum outputs'],
  SEND_DISABLED: [5, 'send transactions are disabled'],
  MULTIPLE_SENDERS: [9, 'multiple senders not allowed'],
});

/** What the SDK gives an error that no module has registered. */
export const UNREGISTERED: RegisteredError = { codespace: 'undefined', code: 1, text: 'internal' };

/** What the SDK gives a panic. */
export const PANIC: RegisteredError = { codespace: 'undefined', code: 111222, text: 'panic' };

export const SHARED = register('shared', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_ADDRESS: [1101, 'invalid address'],
  PARAM_NAME_INVALID: [1102, 'the provided param name is invalid'],
  PARAM_INVALID: [1103, PARAM_INVALID],
  UNAUTHORIZED_SUPPLIER_UPDATE: [1105, 'unauthorized supplier update'],
  INVALID_REVENUE_SHARE: [1106, 'invalid revenue share configuration'],
  INVALID_SERVICE: [1107, 'invalid service'],
  INVALID_SERVICE_ID: [1108, 'invalid service ID'],
  INVALID_SERVICE_NAME: [1109, 'invalid service name'],
  INVALID_COMPUTE_UNITS: [1110, 'invalid compute units per relay'],
  INVALID_METADATA: [1111, 'invalid service metadata'],
});

export const APPLICATION = register('application', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_STAKE: [1101, 'invalid application stake'],
  INVALID_ADDRESS: [1102, 'invalid application address'],
  UNAUTHORIZED: [1103, 'unauthorized application signer'],
  NOT_FOUND: [1104, 'application not found'],
  INVALID_SERVICE_CONFIGS: [1106, 'invalid service configs'],
  GATEWAY_NOT_FOUND: [1107, 'gateway not found'],
  INVALID_GATEWAY_ADDRESS: [1108, 'invalid gateway address'],
  ALREADY_DELEGATED: [1109, 'application already delegated to gateway'],
  MAX_DELEGATED_GATEWAYS: [1110, 'maximum number of delegated gateways reached'],
  NOT_DELEGATED: [1111, 'application not delegated to gateway'],
  IS_UNSTAKING: [1112, 'application is in unbonding period'],
  DUPLICATE_ADDRESS: [1113, 'duplicate application address'],
  HAS_PENDING_TRANSFER: [1114, 'application is in transfer period'],
  PARAM_INVALID: [1115, PARAM_INVALID],
  QUERY_INVALID_GATEWAY_ADDRESS: [1117, 'invalid gateway address querying for apps with delegatee gateway address'],
  INVALID_SPEND_LIMIT: [1118, 'invalid per-session spend limit'],
});

export const GATEWAY = register('gateway', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_ADDRESS: [1101, 'invalid gateway address'],
  INVALID_STAKE: [1102, 'invalid gateway stake'],
  UNAUTHORIZED: [1103, 'unauthorized signer'],
  NOT_FOUND: [1104, 'gateway not found'],
  PARAM_INVALID: [1105, PARAM_INVALID],
  IS_UNSTAKING: [1107, 'gateway is in unbonding period'],
  IS_INACTIVE: [1108, 'gateway is no longer active'],
});

export const SUPPLIER = register('supplier', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_STAKE: [1101, 'invalid supplier stake'],
  INVALID_ADDRESS: [1102, 'invalid address'],
  NOT_FOUND: [1103, 'supplier not found'],
  INVALID_SERVICE_CONFIG: [1104, 'invalid service config'],
  IS_UNSTAKING: [1105, 'supplier is in unbonding period'],
  SERVICE_NOT_FOUND: [1106, 'service not found'],
  PARAM_INVALID: [1107, PARAM_INVALID],
  INVALID_SERVICE_ID: [1109, 'invalid service ID'],
});

export const SESSION = register('session', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  HYDRATION: [1101, 'error during session hydration'],
  // The doubled words and the trailing space are what the network writes.
  APPLICATION_NOT_FOUND: [1102, 'application for session not found not found '],
  APPLICATION_NOT_STAKED: [1103, 'application in session not staked for requested service'],
  SUPPLIERS_NOT_FOUND: [1104, 'no suppliers not found for session'],
  INVALID_APPLICATION_ADDRESS: [1105, 'invalid application address for session'],
  INVALID_BLOCK_HEIGHT: [1107, 'invalid block height for session'],
  INVALID_SESSION_ID: [1108, 'invalid sessionId'],
  APPLICATION_NOT_ACTIVE: [1109, 'application is not active'],
  PARAM_INVALID: [1110, PARAM_INVALID],
});

export const SERVICE = register('service', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_ADDRESS: [1102, 'invalid address when adding a new service'],
  MISSING_ID: [1103, 'missing service ID'],
  MISSING_NAME: [1104, 'missing service name'],
  NOT_ENOUGH_FUNDS: [1108, 'not enough funds to add service'],
  FAILED_TO_DEDUCT_FEE: [1109, 'failed to deduct fee'],
  INVALID_RELAY_RESPONSE: [1110, 'invalid relay response'],
  INVALID_RELAY_REQUEST: [1111, 'invalid relay request'],
  INVALID_OWNER_ADDRESS: [1113, 'invalid owner address'],
  PARAM_INVALID: [1115, PARAM_INVALID],
  MISSING_DIFFICULTY: [1116, 'missing relay mining difficulty'],
  NOT_FOUND: [1117, 'service not found'],
  UNAUTHORIZED: [1118, 'unauthorized service operation'],
});

export const PROOF = register('proof', {
  INVALID_SIGNER: [1100, GOVERNANCE_ONLY],
  INVALID_ADDRESS: [1101, 'invalid address'],
  SUPPLIER_NOT_IN_SESSION: [1102, 'supplier not found'],
  INVALID_SERVICE: [1103, 'invalid service in supplier'],
  INVALID_ROOT_HASH: [1104, 'invalid root hash'],
  INVALID_QUERY: [1105, 'invalid query request'],
  CLAIM_NOT_FOUND: [1106, 'claim not found'],
  PROOF_NOT_FOUND: [1107, 'proof not found'],
  INVALID_PROOF: [1108, 'invalid proof'],
  INVALID_RELAY: [1109, 'invalid relay'],
  INVALID_RELAY_REQUEST: [1110, 'invalid relay request'],
  INVALID_RELAY_RESPONSE: [1111, 'invalid relay response'],
  NOT_SECP256K1: [1112, 'not secp256k1 curve'],
  APPLICATION_NOT_FOUND: [1113, 'application not found'],
  PUBLIC_KEY_NOT_FOUND: [1114, 'public key not found'],
  INVALID_SESSION_HEADER: [1115, 'invalid session header'],
  INVALID_SESSION_ID: [1116, 'invalid session ID'],
  INVALID_SESSION_END_HEIGHT: [1117, 'invalid session end height'],
  INVALID_SESSION_START_HEIGHT: [1118, 'invalid session start height'],
  PARAM_NAME_INVALID: [1119, 'the provided param name is invalid'],
  PARAM_INVALID: [1120, PARAM_INVALID],
  CLAIM_OUTSIDE_WINDOW: [1121, "claim attempted outside of the session's claim window"],
  PROOF_OUTSIDE_WINDOW: [1122, "proof attempted outside of the session's proof window"],
  SUPPLIER_MISMATCH: [1123, 'supplier operator address does not match the claim or proof'],
  ACCOUNT_NOT_FOUND: [1124, 'account not found'],
  SERVICE_NOT_FOUND: [1125, 'service not found'],
  COMPUTE_UNITS_MISMATCH: [
    1126,
    'mismatch: claim compute units != number of relays * service compute units per relay',
  ],
  NOT_ENOUGH_FUNDS: [1127, 'not enough funds to submit proof'],
  FAILED_TO_DEDUCT_FEE: [1128, 'failed to deduct proof submission fee'],
  PROOF_NOT_REQUIRED: [1129, 'proof not required'],
  INVALID_RELAY_DIFFICULTY: [1130, 'invalid relay difficulty'],
  INVALID_CLAIMED_AMOUNT: [1131, 'invalid claimed amount'],
});
