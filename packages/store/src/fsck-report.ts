/** What fsck says: findings with their closed codes, and what was looked at. */

export type FsckCode =
  | 'log_unsound'
  | 'receipt_wrong'
  | 'checkpoint_contradicts'
  | 'log_entry_differs'
  | 'crossing_not_in_log'
  | 'logged_crossing_missing'
  | 'manifest_differs'
  | 'signature_wrong'
  | 'intake_without_crossing'
  | 'sequence_twice'
  | 'body_missing'
  | 'body_differs'
  | 'header_wrong'
  | 'vault_head_damaged'
  | 'opening_not_in_log'
  | 'logged_opening_missing'
  | 'plate_differs'
  | 'watch_not_in_log'
  | 'logged_watch_missing'
  | 'watch_differs'
  | 'verdict_not_in_log'
  | 'logged_verdict_missing'
  | 'verdict_differs'
  | 'stay_statement_not_in_log'
  | 'stay_statement_differs'
  | 'face_not_in_log'
  | 'face_differs'
  | 'gallery_differs'
  | 'window_step_not_in_log'
  | 'window_step_differs'
  | 'window_standing_differs'
  | 'release_not_in_log'
  | 'logged_release_missing'
  | 'release_differs'
  | 'shredding_differs'
  | 'logged_shredding_missing'
  | 'shredded_remains'
  | 'policy_differs'
  | 'hold_differs'
  | 'row_not_in_log'
  | 'row_differs'

export type FsckFinding = {
  readonly code: FsckCode
  readonly subject: string
  readonly detail: string
}

export type FsckReport = {
  readonly findings: readonly FsckFinding[]
  readonly counts: {
    readonly crossings: number
    readonly captures: number
    readonly openings: number
    readonly watchEntries: number
    readonly watchHits: number
    readonly verdicts: number
    readonly stayStatements: number
    readonly faces: number
    readonly galleries: number
    readonly windowSteps: number
    readonly releases: number
    readonly shreddings: number
    /** Bodies whose keys are destroyed: only that nothing of them remains can be checked. */
    readonly shredded: number
    readonly holds: number
    /** Rows whose entry names them: alarms, tokens, readings, passenger lists, leak searches and such. */
    readonly namedRows: number
    /** Closed days, days that were given up or ended, and confirmations of the hub's clock. */
    readonly epochRows: number
    readonly logEntries: number
    /** Receipts that were computed and checked. */
    readonly receipts: number
    readonly keptCheckpoints: number
    /** Logged, and without a row since a declared restore. */
    readonly lostInRestore: number
    readonly vaultRecords: number
    /** Bodies on disk that no row names: remains of a crash before the row. Ciphertext, harmless. */
    readonly orphanBodies: number
    /** Stored crossings whose log entry the next start of the hub will settle. */
    readonly unsettled: number
  }
}
