/**
 * The one shape of SQL storage: statements in, rows out, at once. For what can be rebuilt or is nobody's money; never for
 * what the ledger agrees on.
 *
 * Amounts are texts: engines round integers above 2⁵³ without a word. Transactions are statements: BEGIN, COMMIT, ROLLBACK.
 */

/** A number is an integer that JavaScript holds exactly. A text is well-formed and has no NUL. */
export type SqlValue = string | number | null;

/** Values by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

export type SqlDatabase = {
  /**
   * Carries out one statement that has no rows.
   *
   * @throws DATABASE_VALUE_INVALID for a parameter that would not come back as it is, before anything is done;
   * DATABASE_BUSY while another process writes; DATABASE_BROKEN for a file that is no database; DATABASE_CLOSED;
   * DATABASE_FAILED for anything else.
   */
  run(sql: string, parameters?: readonly SqlValue[]): void;
  /** All rows of one statement. @throws as `run`, and DATABASE_VALUE_INVALID for an integer that would be rounded. */
  all(sql: string, parameters?: readonly SqlValue[]): readonly SqlRow[];
  /** Takes back what was begun and not committed. A second call does nothing. */
  close(): void;
};

export type OpenDatabaseOptions = {
  /** What lies there is removed first, whatever it is. */
  readonly fresh?: boolean;
};
