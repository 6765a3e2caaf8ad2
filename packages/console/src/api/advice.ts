/** What to do next after a failure: a sentence for people, chosen by closed code, else by status. */

import { ApiFailure } from './client.ts'

const byCode: Readonly<Record<string, string>> = {
  hub_unreachable:
    'Check that the hub is running and this machine’s network cable. Lanes keep recording meanwhile.',
  hub_timeout: 'Try again. If it keeps happening, tell whoever runs the hub.',
  not_json: 'Reload the page. The console and the hub may be of different versions.',
  not_signed_in: 'Sign in again; your place is kept.',
  link_not_valid: 'A supervisor makes new links under People.',
  passkey_not_valid: 'A supervisor can make you a new link under People.',
  passkey_unavailable: 'Sign in with a one-time link instead.',
  passkey_failed: 'Try again, or use a one-time link.',
  provider_unreachable: 'Use a passkey or a one-time link meanwhile.',
  provider_answer_not_valid: 'Begin again. If it stays, tell whoever runs the hub.',
  sign_in_refused: 'Sign in again once that is done.',
  picture_not_openable: 'The attempt stands in the log. Tell whoever runs the hub.',
  picture_not_markable: 'A copy without its mark is not shown. Tell whoever runs the hub.',
  purpose_not_for_role: 'Choose another purpose, or ask a supervisor to open it.',
  no_shift: 'Start your shift at this lane, then ask again.',
  other_lane: 'Start your shift at this lane, or ask secondary to open it.',
  outside_shift: 'Ask for it with another purpose, or hand it to secondary.',
  window_conflict: 'Look at what was said meanwhile, then decide.',
  verdict_of_another: 'A supervisor can change it; what was said stays on record.',
  undo_over: 'Correct it instead: both verdicts stay on record.',
  look_first: 'Compare the pictures, say what you see, then close it.',
  needs_second_person: 'Ask a colleague to look; they record what they see on their own.',
  attestation_older: 'Attest again, where the lane reaches the hub.',
  challenge_over: 'Attest again: the hub’s question is for one page, within an hour.',
  maintenance_own_order: 'Ask a colleague to let it begin, here on this page.',
  maintenance_not_now: 'Look at its time and state; write another order, or end what is under way.',
  watch_preview_differs: 'Look at the preview again, then save.',
  watch_expiry: 'Choose another day.',
  watch_too_wide: 'Choose fewer misreads.',
  watch_list_full: 'Withdraw what is not needed any more.',
  watch_entry_over: 'Reject it, or ask the issuer for a new entry.',
  photograph_not_taken: 'Choose another photograph of one person.',
  hit_already_judged: 'Go on to the next one.',
  picture_not_seen: 'Open the picture first, then say it again.',
  import_refused: 'Correct the lines and choose the file again.',
  log_unavailable: 'Without the log nothing opens. Tell whoever runs the hub; nothing was shown.',
  not_durable: 'The hub’s disk may be full. Tell whoever runs the hub.',
}

const byStatus: Readonly<Record<number, string>> = {
  400: 'Check what was entered and try again.',
  401: 'Sign in again; your place is kept.',
  403: 'Your roles do not allow this. A supervisor can change them.',
  404: 'It may have been deleted by retention. Go back and search again.',
  409: 'Somebody else changed it first. Reload and look again.',
  413: 'Send less at once.',
  429: 'Wait a moment, then try again.',
  503: 'Try again in a moment. If it stays, tell whoever runs the hub.',
}

/** What happened and what to do, for any thrown value. */
export function explainFailure(error: unknown): {
  readonly what: string
  readonly next: string
  readonly code: string
} {
  if (error instanceof ApiFailure) {
    const next =
      byCode[error.code] ??
      byStatus[error.status] ??
      (error.status >= 500
        ? 'This is the hub’s fault, not yours. Try again; its own log says more.'
        : 'Try again.')
    return { what: error.detail, next, code: error.code }
  }
  const what = error instanceof Error ? error.message : String(error)
  return { what, next: 'Reload the page. If it stays, report it with this text.', code: 'console' }
}
