/** Why a backup was not made, checked or restored: a closed code, and words for the operator. */

export type BackupErrorCode =
  /** The folder holds another hub's backup, or one that another key signed. */
  | 'other_backup'
  | 'no_backup'
  | 'not_signed'
  | 'malformed_snapshot'
  | 'piece_missing'
  | 'piece_differs'
  | 'piece_damaged'
  | 'wrong_identity'
  /** The hub's log does not continue what was backed up. */
  | 'log_rolled_back'
  /** Rows refer to entries that the log does not have. */
  | 'log_behind_rows'
  | 'log_damaged'
  /** Rows name bytes that the vault does not have. */
  | 'vault_short'
  /** Where it should be restored is something already. */
  | 'not_empty'

export class BackupError extends Error {
  readonly code: BackupErrorCode

  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupError'
    this.code = code
  }
}
