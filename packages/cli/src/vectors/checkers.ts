/** Every format of vectors that this build knows. The order matters to nobody: shapes do not overlap. */
import type { VectorChecker } from '@decai/protocol/conformance';

export const CHECKERS: readonly VectorChecker[] = [];
