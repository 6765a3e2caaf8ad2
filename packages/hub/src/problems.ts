/** Problem documents (RFC 9457) with a closed list of codes. */

import type { Context } from 'hono'

import type { PolicyRefusal } from './policy/policy.ts'

const table = {
  malformed_request: [400, 'The request is not understood'],
  truncated_bundle: [400, 'The bundle is cut off'],
  not_a_bundle: [400, 'The bytes are not a bundle'],
  malformed_manifest: [400, 'The manifest is not understood'],
  body_mismatch: [400, 'The bodies do not fit the manifest'],
  trailing_bytes: [400, 'Something follows the bundle'],
  picture_not_taken: [400, 'The picture cannot be read'],
  malformed_epochs: [400, 'The epoch is not understood'],
  not_signed_in: [401, 'Sign in first'],
  unknown_device: [401, 'The device is not enrolled'],
  link_not_valid: [401, 'The link is used up or expired'],
  passkey_not_valid: [401, 'The passkey was not accepted'],
  provider_answer_not_valid: [401, 'The agency’s sign-in was not accepted'],
  sign_in_refused: [403, 'You are not let in here'],
  provider_unreachable: [503, 'The agency’s sign-in does not answer'],
  device_revoked: [403, 'The device is revoked'],
  bad_signature: [403, 'The signature is not by the enrolled key'],
  wrong_lane: [403, 'The device belongs to another lane'],
  token_not_valid: [403, 'The token is not valid'],
  plates_not_for_purpose: [403, 'Plates may not be sent for this purpose'],
  plates_not_for_role: [403, 'Your role may not let plates be sent'],
  role_missing: [403, 'Your role does not allow this'],
  foreign_origin: [403, 'The request comes from another site'],
  purpose_not_for_role: [403, 'Your role may not open for this purpose'],
  no_shift: [403, 'You have no shift'],
  other_lane: [403, 'Your shift is at another lane'],
  outside_shift: [403, 'Outside your shift'],
  not_in_review: [403, 'This plate is not up for review'],
  never_for_contractors: [403, 'No grant can carry this'],
  not_for_people: [403, 'Copies leave by a release only'],
  no_grant: [403, 'It needs a grant'],
  outside_grant: [403, 'The grant does not allow it'],
  grant_not_in_force: [403, 'The grant is not in force'],
  grant_revoked: [403, 'The grant is revoked'],
  needs_second_person: [403, 'It needs a second person'],
  needs_live_approval: [403, 'A person of the agency has to approve it live'],
  policies_disagree: [403, 'The policies do not agree'],
  signs_own_proposal: [403, 'Somebody else has to sign'],
  signs_for_same_unit: [403, 'Somebody of another unit has to sign'],
  verdict_of_another: [403, 'This verdict is somebody else’s'],
  basis_own_proposal: [403, 'Another person must agree to it'],
  maintenance_own_order: [403, 'Another person lets the work begin'],
  inspector_stays: [403, 'An auditor keeps their access'],
  hold_own_request: [403, 'Another person must approve it'],
  not_found: [404, 'There is no such thing'],
  sequence_conflict: [409, 'This sequence number is taken by another crossing'],
  attestation_older: [409, 'A newer page of this device is here'],
  challenge_over: [409, 'The question behind this page is over'],
  already_exists: [409, 'It exists already'],
  verdict_conflict: [409, 'Somebody decided on this plate meanwhile'],
  window_conflict: [409, 'Somebody decided on this crossing meanwhile'],
  handover_over: [409, 'It was taken over already'],
  undo_over: [409, 'It cannot be undone any more'],
  basis_over: [409, 'The ground does not allow this any more'],
  look_first: [409, 'You have not recorded what you see'],
  claimed: [409, 'Somebody else is looking at this plate'],
  picture_not_seen: [409, 'You have not opened this picture'],
  set_not_over: [409, 'The month is not over'],
  evaluation_budget: [403, 'This set was used as often as it may be'],
  model_refused: [422, 'The model is not taken'],
  no_sandbox: [503, 'This system has no sandbox for models'],
  too_few_labels: [409, 'There are too few verdicts'],
  watch_preview_differs: [409, 'It would accept other plates than the preview showed'],
  watch_list_full: [409, 'The watch list has no room'],
  watch_entry_over: [409, 'The entry is no longer in force'],
  hit_already_judged: [409, 'The possible match was judged'],
  stay_statement_conflict: [409, 'Somebody stated something else meanwhile'],
  grant_waits: [409, 'A version of the grant waits for its signature'],
  leak_search_over: [409, 'The search has ended'],
  already_answered: [409, 'It was answered already'],
  release_not_waiting: [409, 'The release does not stand where this is possible'],
  release_gone: [410, 'The sealed copies are not here any more'],
  epoch_not_over: [409, 'The day is not over, or its key is gone already'],
  maintenance_not_now: [409, 'The work order does not allow this now'],
  clock_doubted: [503, 'The clock of the hub is not believed'],
  code_not_valid: [409, 'The enrolment code is used up or expired'],
  too_many_subscriptions: [409, 'There are too many subscriptions'],
  no_policy: [409, 'No retention policy is chosen'],
  retention_preview_differs: [409, 'It would shred more than the dry run showed'],
  not_reversible: [409, 'It cannot be taken back'],
  scope_revised: [409, 'Somebody revised this scope meanwhile'],
  hold_over: [409, 'The hold does not allow this any more'],
  too_many_holds: [409, 'There are too many holds'],
  picture_shredded: [410, 'The picture was shredded'],
  bundle_too_large: [413, 'The bundle is too large'],
  request_too_large: [413, 'The request is too large'],
  unsupported_media_type: [415, 'The content type is not accepted'],
  misdirected: [421, 'This hub does not answer under that name'],
  body_hash_mismatch: [422, 'A sealed body is not the one that was signed'],
  unknown_epoch: [422, 'The bodies are sealed to an epoch this agency did not announce'],
  epoch_destroyed: [422, 'The key of that day was destroyed'],
  seal_not_for_epoch: [422, 'A body is not sealed to the epoch that its manifest names'],
  watch_expiry: [422, 'The expiry is not allowed'],
  stay_statement_wrong: [422, 'The statement does not fit what was recorded'],
  photograph_not_taken: [422, 'Nobody can be looked for by this photograph'],
  gallery_not_taken: [422, 'The gallery cannot be made like this'],
  frequent_rule_over: [409, 'The rule does not allow this any more'],
  gallery_of_other_model: [409, 'The gallery is of another face model'],
  faces_off: [409, 'Faces are off here'],
  passenger_list_over: [422, 'The list is not of these days'],
  passenger_list_differs: [409, 'It names other travellers than the check showed'],
  watch_too_wide: [422, 'The entry would accept too many plates'],
  import_refused: [422, 'Nothing was imported'],
  scope_window: [422, 'The window cannot be counted'],
  notice_unprintable: [422, 'The notice is in letters that a PDF here does not have'],
  notice_laid_out_otherwise: [409, 'This hub lays the notice out otherwise'],
  no_second_engine: [503, 'This system has no second engine'],
  scope_too_large: [422, 'The scope is too large for one bundle'],
  terms_refused: [422, 'The grant cannot be signed'],
  lane_takes_no_pictures: [409, 'This lane takes no pictures from a page'],
  lane_unreachable: [503, 'The lane does not answer'],
  no_plate_found: [422, 'There is no plate to show alone'],
  picture_not_openable: [422, 'The picture cannot be opened'],
  recipient_not_valid: [422, 'The key cannot be sealed to'],
  release_not_taken: [422, 'The release cannot be asked for'],
  picture_not_markable: [422, 'The copy cannot be marked'],
  policy_not_taken: [422, 'The policy cannot be used'],
  hold_not_taken: [422, 'The hold cannot be taken'],
  target_not_allowed: [422, 'Nothing is sent to this address'],
  quota_used_up: [429, 'The quota of today is used up'],
  busy: [429, 'The hub is busy'],
  internal: [500, 'The hub failed'],
  device_quarantined: [503, 'The device is cut off for now'],
  not_durable: [503, 'The hub cannot store at the moment'],
  log_unavailable: [503, 'The log cannot be written'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof table

/** What a handler answers instead of its result. */
export type Problem = {
  readonly kind: 'problem'
  readonly code: ProblemCode
  readonly detail: string
  readonly extra?: Readonly<Record<string, unknown>>
}

export function problem(
  code: ProblemCode,
  detail: string,
  extra?: Readonly<Record<string, unknown>>,
): Problem {
  return extra === undefined
    ? { kind: 'problem', code, detail }
    : { kind: 'problem', code, detail, extra }
}

export function statusOf(code: ProblemCode): (typeof table)[ProblemCode][0] {
  return table[code][0]
}

/** The problem as an HTTP answer. A refusal that a retry mends says when. */
export function answer(
  context: Context,
  { code, detail, extra }: Problem,
  retryAfterSeconds?: number,
): Response {
  const [status, title] = table[code]
  if (retryAfterSeconds !== undefined) context.header('retry-after', String(retryAfterSeconds))
  context.header('content-type', 'application/problem+json')
  return context.body(
    JSON.stringify({
      type: `urn:sallyport:problem:${code}`,
      title,
      status,
      code,
      detail,
      ...extra,
    }),
    status,
  )
}

/** Every refusal of the policies has a problem; those of a grant's terms share one, their words differ. */
export const openingProblem: Readonly<Record<PolicyRefusal, ProblemCode>> = {
  purpose_not_for_role: 'purpose_not_for_role',
  no_shift: 'no_shift',
  other_lane: 'other_lane',
  outside_shift: 'outside_shift',
  not_in_review: 'not_in_review',
  picture_shredded: 'picture_shredded',
  never_for_contractors: 'never_for_contractors',
  not_for_people: 'not_for_people',
  no_grant: 'no_grant',
  grant_of_another_party: 'no_grant',
  grant_not_signed: 'grant_not_in_force',
  grant_suspended: 'grant_not_in_force',
  grant_revoked: 'grant_revoked',
  grant_not_begun: 'grant_not_in_force',
  grant_over: 'grant_not_in_force',
  outside_hours: 'outside_grant',
  outside_ports: 'outside_grant',
  outside_lanes: 'outside_grant',
  purpose_not_in_grant: 'outside_grant',
  view_not_in_grant: 'outside_grant',
  needs_second_person: 'needs_second_person',
  needs_live_approval: 'needs_live_approval',
  quota_pictures: 'quota_used_up',
  quota_bytes: 'quota_used_up',
  policies_disagree: 'policies_disagree',
}
