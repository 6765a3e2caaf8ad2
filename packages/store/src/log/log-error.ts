export type LogErrorCode =
  /** A file that the checkpoint needs is missing or wrong; `file` names it. */
  | 'log_damaged'
  /** The checkpoint was not signed with this key under this origin. */
  | 'wrong_key'
  /** The log on disk is shorter than its owner knows it was. */
  | 'log_rolled_back'
  /** Somebody else wrote the checkpoint. The log is closed: two writers would fork it. */
  | 'log_forked'
  /** The disk refused. Nothing was acknowledged, and the next append tries again. */
  | 'log_write_failed'
  /** More appends wait than `logLimits.waitingMax`. */
  | 'log_busy'
  | 'log_closed'
  | 'entry_too_large'

/** Why a log did not open or an entry was not appended. `cause` is the system's own error. */
export class LogError extends Error {
  readonly code: LogErrorCode
  /** Relative to the log's folder; null when no single file is to blame. */
  readonly file: string | null

  constructor(
    code: LogErrorCode,
    message: string,
    more: { readonly file?: string; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.name = 'LogError'
    this.code = code
    this.file = more.file ?? null
  }
}

/** What the system refused becomes `log_write_failed`; a bug stays what it is. */
export function asFailure(error: unknown): unknown {
  const system = error instanceof Error && 'syscall' in error
  return system
    ? new LogError('log_write_failed', 'The log could not be written.', { cause: error })
    : error
}
