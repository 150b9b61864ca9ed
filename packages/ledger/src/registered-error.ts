/**
 * The errors that Shannon registers: codespace, code and the text that clients match on.
 *
 * Numbers and texts are wire facts. They are never reworded and never reused.
 *
 * Source: pokt-network/poktroll `x/<module>/types/errors.go`; cosmos/cosmos-sdk `types/errors/errors.go`,
 * `x/bank/types/errors.go`, `x/authz/errors.go`.
 */

export type RegisteredError = readonly [codespace: string, code: number, text: string];

export const SDK = {
  TX_DECODE: ['sdk', 2, 'tx parse error'],
  UNAUTHORIZED: ['sdk', 4, 'unauthorized'],
  INSUFFICIENT_FUNDS: ['sdk', 5, 'insufficient funds'],
  UNKNOWN_REQUEST: ['sdk', 6, 'unknown request'],
  INVALID_ADDRESS: ['sdk', 7, 'invalid address'],
  INVALID_PUBKEY: ['sdk', 8, 'invalid pubkey'],
  UNKNOWN_ADDRESS: ['sdk', 9, 'unknown address'],
  INVALID_COINS: ['sdk', 10, 'invalid coins'],
  OUT_OF_GAS: ['sdk', 11, 'out of gas'],
  MEMO_TOO_LARGE: ['sdk', 12, 'memo too large'],
  INSUFFICIENT_FEE: ['sdk', 13, 'insufficient fee'],
  TOO_MANY_SIGNATURES: ['sdk', 14, 'maximum number of signatures exceeded'],
  NO_SIGNATURES: ['sdk', 15, 'no signatures supplied'],
  INVALID_REQUEST: ['sdk', 18, 'invalid request'],
  KEY_NOT_FOUND: ['sdk', 22, 'key not found'],
  INVALID_HEIGHT: ['sdk', 26, 'invalid height'],
  INVALID_TYPE: ['sdk', 29, 'invalid type'],
  TX_TIMEOUT_HEIGHT: ['sdk', 30, 'tx timeout height'],
  UNKNOWN_EXTENSION_OPTIONS: ['sdk', 31, 'unknown extension options'],
  WRONG_SEQUENCE: ['sdk', 32, 'incorrect account sequence'],
  NOT_SUPPORTED: ['sdk', 37, 'feature not supported'],
  NOT_FOUND: ['sdk', 38, 'not found'],
  INVALID_GAS_LIMIT: ['sdk', 41, 'invalid gas limit'],
  TX_TIMEOUT: ['sdk', 42, 'tx timeout'],
} as const;

export const BANK = {
  NO_INPUTS: ['bank', 2, 'no inputs to send transaction'],
  NO_OUTPUTS: ['bank', 3, 'no outputs to send transaction'],
  INPUT_OUTPUT_MISMATCH: ['bank', 4, 'sum inputs != sum outputs'],
  SEND_DISABLED: ['bank', 5, 'send transactions are disabled'],
  MULTIPLE_SENDERS: ['bank', 9, 'multiple senders not allowed'],
} as const;

export const AUTHZ = {
  NOT_GRANTED: ['authz', 2, 'authorization not found'],
  INVALID_EXPIRATION: ['authz', 3, 'expiration time of authorization should be more than current time'],
  EXPIRED: ['authz', 6, 'authorization expired'],
  GRANTEE_IS_GRANTER: ['authz', 7, 'grantee and granter should be different'],
  NUMBER_OF_SIGNERS: ['authz', 9, 'authorization can be given to msg with only one signer'],
} as const;

/** What the SDK gives an error that no module has registered. */
export const UNREGISTERED: RegisteredError = ['undefined', 1, ''];

/** What the SDK gives a panic. */
export const PANIC: RegisteredError = ['undefined', 111222, 'panic'];

export const SHARED = {
  INVALID_SIGNER: ['shared', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_ADDRESS: ['shared', 1101, 'invalid address'],
  PARAM_NAME_INVALID: ['shared', 1102, 'the provided param name is invalid'],
  PARAM_INVALID: ['shared', 1103, 'the provided param is invalid'],
  UNAUTHORIZED_SUPPLIER_UPDATE: ['shared', 1105, 'unauthorized supplier update'],
  INVALID_REVENUE_SHARE: ['shared', 1106, 'invalid revenue share configuration'],
  INVALID_SERVICE: ['shared', 1107, 'invalid service'],
  INVALID_SERVICE_ID: ['shared', 1108, 'invalid service ID'],
  INVALID_SERVICE_NAME: ['shared', 1109, 'invalid service name'],
  INVALID_COMPUTE_UNITS: ['shared', 1110, 'invalid compute units per relay'],
  INVALID_METADATA: ['shared', 1111, 'invalid service metadata'],
} as const;

export const APPLICATION = {
  INVALID_SIGNER: ['application', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_STAKE: ['application', 1101, 'invalid application stake'],
  INVALID_ADDRESS: ['application', 1102, 'invalid application address'],
  UNAUTHORIZED: ['application', 1103, 'unauthorized application signer'],
  NOT_FOUND: ['application', 1104, 'application not found'],
  INVALID_SERVICE_CONFIGS: ['application', 1106, 'invalid service configs'],
  GATEWAY_NOT_FOUND: ['application', 1107, 'gateway not found'],
  INVALID_GATEWAY_ADDRESS: ['application', 1108, 'invalid gateway address'],
  ALREADY_DELEGATED: ['application', 1109, 'application already delegated to gateway'],
  MAX_DELEGATED_GATEWAYS: ['application', 1110, 'maximum number of delegated gateways reached'],
  NOT_DELEGATED: ['application', 1111, 'application not delegated to gateway'],
  IS_UNSTAKING: ['application', 1112, 'application is in unbonding period'],
  DUPLICATE_ADDRESS: ['application', 1113, 'duplicate application address'],
  HAS_PENDING_TRANSFER: ['application', 1114, 'application is in transfer period'],
  PARAM_INVALID: ['application', 1115, 'the provided param is invalid'],
  QUERY_INVALID_GATEWAY_ADDRESS: [
    'application',
    1117,
    'invalid gateway address querying for apps with delegatee gateway address',
  ],
  INVALID_SPEND_LIMIT: ['application', 1118, 'invalid per-session spend limit'],
} as const;

export const GATEWAY = {
  INVALID_SIGNER: ['gateway', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_ADDRESS: ['gateway', 1101, 'invalid gateway address'],
  INVALID_STAKE: ['gateway', 1102, 'invalid gateway stake'],
  UNAUTHORIZED: ['gateway', 1103, 'unauthorized signer'],
  NOT_FOUND: ['gateway', 1104, 'gateway not found'],
  PARAM_INVALID: ['gateway', 1105, 'the provided param is invalid'],
  IS_UNSTAKING: ['gateway', 1107, 'gateway is in unbonding period'],
  IS_INACTIVE: ['gateway', 1108, 'gateway is no longer active'],
} as const;

export const SUPPLIER = {
  INVALID_SIGNER: ['supplier', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_STAKE: ['supplier', 1101, 'invalid supplier stake'],
  INVALID_ADDRESS: ['supplier', 1102, 'invalid address'],
  NOT_FOUND: ['supplier', 1103, 'supplier not found'],
  INVALID_SERVICE_CONFIG: ['supplier', 1104, 'invalid service config'],
  IS_UNSTAKING: ['supplier', 1105, 'supplier is in unbonding period'],
  SERVICE_NOT_FOUND: ['supplier', 1106, 'service not found'],
  PARAM_INVALID: ['supplier', 1107, 'the provided param is invalid'],
  INVALID_SERVICE_ID: ['supplier', 1109, 'invalid service ID'],
} as const;

export const SESSION = {
  INVALID_SIGNER: ['session', 1100, 'expected gov account as only signer for proposal message'],
  HYDRATION: ['session', 1101, 'error during session hydration'],
  // The doubled words and the trailing space are what the network writes.
  APPLICATION_NOT_FOUND: ['session', 1102, 'application for session not found not found '],
  APPLICATION_NOT_STAKED: ['session', 1103, 'application in session not staked for requested service'],
  SUPPLIERS_NOT_FOUND: ['session', 1104, 'no suppliers not found for session'],
  INVALID_APPLICATION_ADDRESS: ['session', 1105, 'invalid application address for session'],
  INVALID_BLOCK_HEIGHT: ['session', 1107, 'invalid block height for session'],
  INVALID_SESSION_ID: ['session', 1108, 'invalid sessionId'],
  APPLICATION_NOT_ACTIVE: ['session', 1109, 'application is not active'],
  PARAM_INVALID: ['session', 1110, 'the provided param is invalid'],
} as const;

export const SERVICE = {
  INVALID_SIGNER: ['service', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_ADDRESS: ['service', 1102, 'invalid address when adding a new service'],
  MISSING_ID: ['service', 1103, 'missing service ID'],
  MISSING_NAME: ['service', 1104, 'missing service name'],
  NOT_ENOUGH_FUNDS: ['service', 1108, 'not enough funds to add service'],
  FAILED_TO_DEDUCT_FEE: ['service', 1109, 'failed to deduct fee'],
  INVALID_RELAY_RESPONSE: ['service', 1110, 'invalid relay response'],
  INVALID_RELAY_REQUEST: ['service', 1111, 'invalid relay request'],
  INVALID_OWNER_ADDRESS: ['service', 1113, 'invalid owner address'],
  PARAM_INVALID: ['service', 1115, 'the provided param is invalid'],
  MISSING_DIFFICULTY: ['service', 1116, 'missing relay mining difficulty'],
  NOT_FOUND: ['service', 1117, 'service not found'],
  UNAUTHORIZED: ['service', 1118, 'unauthorized service operation'],
} as const;

export const PROOF = {
  INVALID_SIGNER: ['proof', 1100, 'expected gov account as only signer for proposal message'],
  INVALID_ADDRESS: ['proof', 1101, 'invalid address'],
  SUPPLIER_NOT_IN_SESSION: ['proof', 1102, 'supplier not found'],
  INVALID_SERVICE: ['proof', 1103, 'invalid service in supplier'],
  INVALID_ROOT_HASH: ['proof', 1104, 'invalid root hash'],
  INVALID_QUERY: ['proof', 1105, 'invalid query request'],
  CLAIM_NOT_FOUND: ['proof', 1106, 'claim not found'],
  PROOF_NOT_FOUND: ['proof', 1107, 'proof not found'],
  INVALID_PROOF: ['proof', 1108, 'invalid proof'],
  INVALID_RELAY: ['proof', 1109, 'invalid relay'],
  INVALID_RELAY_REQUEST: ['proof', 1110, 'invalid relay request'],
  INVALID_RELAY_RESPONSE: ['proof', 1111, 'invalid relay response'],
  NOT_SECP256K1: ['proof', 1112, 'not secp256k1 curve'],
  APPLICATION_NOT_FOUND: ['proof', 1113, 'application not found'],
  PUBLIC_KEY_NOT_FOUND: ['proof', 1114, 'public key not found'],
  INVALID_SESSION_HEADER: ['proof', 1115, 'invalid session header'],
  INVALID_SESSION_ID: ['proof', 1116, 'invalid session ID'],
  INVALID_SESSION_END_HEIGHT: ['proof', 1117, 'invalid session end height'],
  INVALID_SESSION_START_HEIGHT: ['proof', 1118, 'invalid session start height'],
  PARAM_NAME_INVALID: ['proof', 1119, 'the provided param name is invalid'],
  PARAM_INVALID: ['proof', 1120, 'the provided param is invalid'],
  CLAIM_OUTSIDE_WINDOW: ['proof', 1121, "claim attempted outside of the session's claim window"],
  PROOF_OUTSIDE_WINDOW: ['proof', 1122, "proof attempted outside of the session's proof window"],
  SUPPLIER_MISMATCH: ['proof', 1123, 'supplier operator address does not match the claim or proof'],
  ACCOUNT_NOT_FOUND: ['proof', 1124, 'account not found'],
  SERVICE_NOT_FOUND: ['proof', 1125, 'service not found'],
  COMPUTE_UNITS_MISMATCH: [
    'proof',
    1126,
    'mismatch: claim compute units != number of relays * service compute units per relay',
  ],
  NOT_ENOUGH_FUNDS: ['proof', 1127, 'not enough funds to submit proof'],
  FAILED_TO_DEDUCT_FEE: ['proof', 1128, 'failed to deduct proof submission fee'],
  PROOF_NOT_REQUIRED: ['proof', 1129, 'proof not required'],
  INVALID_RELAY_DIFFICULTY: ['proof', 1130, 'invalid relay difficulty'],
  INVALID_CLAIMED_AMOUNT: ['proof', 1131, 'invalid claimed amount'],
} as const;

/** Seen only inside the text of a proof's validity event. */
export const RINGS = {
  NOT_SECP256K1: ['rings', 1, 'key is not a secp256k1 public key'],
  INVALID_REQUEST: ['rings', 2, 'invalid relay request'],
  INVALID_REQUEST_SIGNATURE: ['rings', 3, 'invalid relay request signature'],
} as const;

export const TOKENOMICS = {
  INVALID_SIGNER: ['tokenomics', 1100, 'the provided authority address does not match the onchain governance address'],
  INVALID_AUTHORITY_ADDRESS: ['tokenomics', 1101, 'the provided authority address is not a valid bech32 address'],
  SESSION_HEADER_MISSING: ['tokenomics', 1102, "provided claim's session header is nil"],
  SESSION_HEADER_INVALID: ['tokenomics', 1103, "provided claim's session header is invalid"],
  SUPPLIER_NOT_FOUND: ['tokenomics', 1105, 'supplier not found'],
  APPLICATION_NOT_FOUND: ['tokenomics', 1106, 'application not found'],
  PARAMS_INVALID: ['tokenomics', 1108, 'provided params are invalid'],
  ROOT_HASH_INVALID: ['tokenomics', 1109, 'the root hash in the claim is invalid'],
  APPLICATION_STAKE_INVALID: ['tokenomics', 1110, 'application stake cannot be reduced to a -ve amount'],
  PARAM_NAME_INVALID: ['tokenomics', 1111, 'the provided param name is invalid'],
  PARAM_INVALID: ['tokenomics', 1112, 'the provided param is invalid'],
  SERVICE_NOT_FOUND: ['tokenomics', 1115, 'service not found'],
  CONSTRAINT: ['tokenomics', 1116, 'constraint violation'],
  SETTLEMENT_INTERNAL: ['tokenomics', 1117, 'internal claim settlement error'],
  TOKEN_LOGIC_INTERNAL: ['tokenomics', 1118, 'internal token logic module error'],
  PROCESSING_TOKEN_LOGIC: ['tokenomics', 1119, 'failed to process token logic module'],
} as const;
