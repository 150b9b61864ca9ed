/** Every format of vectors that this build knows. The order matters to nobody: shapes do not overlap. */
import { claimsProofsChecker } from '@decai/ledger/conformance/claims-proofs';
import { difficultyChecker } from '@decai/ledger/conformance/difficulty';
import { localnetCheckerWith } from '@decai/ledger/conformance/localnet';
import { sessionsChecker } from '@decai/ledger/conformance/sessions';
import { settlementChecker } from '@decai/ledger/conformance/settlement';
import { answerUrl } from '@decai/node/rest/state-over-rest';
import type { VectorChecker } from '@decai/protocol/conformance';
import { httpMessageChecker } from '@decai/protocol/conformance/http-messages';
import { protocolValuesChecker } from '@decai/protocol/conformance/protocol-values';
import { relayChecker } from '@decai/protocol/conformance/relays';
import { ringChecker } from '@decai/protocol/conformance/ring';
import { smallTriesChecker } from '@decai/protocol/conformance/smst';
import { largeTriesChecker } from '@decai/protocol/conformance/smst-large';
import { transactionChecker } from '@decai/protocol/conformance/transactions';

export const CHECKERS: readonly VectorChecker[] = [
  smallTriesChecker,
  largeTriesChecker,
  ringChecker,
  protocolValuesChecker,
  relayChecker,
  httpMessageChecker,
  transactionChecker,
  sessionsChecker,
  difficultyChecker,
  claimsProofsChecker,
  settlementChecker,
  localnetCheckerWith(answerUrl),
];
