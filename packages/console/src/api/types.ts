/**
 * The hub's API as the console reads it: what is on the wire, snake_case. The contract test checks
 * these types against the hub's schemas.
 */

import type { CaptureClass, Direction, LaneKind, SourceKind } from '@sallyport/core/crossing'
import type { GaugeFigures } from '@sallyport/core/gauge'
import type { GrantPurpose, View } from '@sallyport/core/grants/grant'
import type { Purpose, Role } from '@sallyport/core/opening'
import type { PlatePair } from '@sallyport/core/plate-pair'
import type { VerdictKind } from '@sallyport/core/review'

export type Account = { readonly id: string; readonly name: string }

export type Shift = { readonly lane: string; readonly started_at: string }

export type Session = {
  /** `party` is `agency` for its own people. */
  readonly account: Account & { readonly roles: readonly Role[]; readonly party: string }
  readonly purposes: readonly Purpose[]
  readonly passkeys: number
  readonly shift: Shift | null
  readonly port: { readonly id: string; readonly name: string; readonly zone: string }
  /** True where the demo draws its own pictures. */
  readonly synthetic: boolean
  /** The lane that takes pictures from this page; null where none does. */
  readonly picture_lane: string | null
  readonly log: { readonly origin: string; readonly vkey: string }
}

/** The agency's own sign-in. `connected`: whether it leads to the account that is signed in. */
export type SignInProvider = { readonly name: string; readonly connected: boolean }

export type AccountRow = Account & {
  readonly roles: readonly Role[]
  readonly passkeys: number
  readonly created_at: string
  readonly disabled: boolean
}

export type Invitation = { readonly url: string; readonly expires_at: string }

export type DeviceState = 'enrolled' | 'online' | 'late' | 'silent' | 'revoked'

export type Device = {
  readonly id: string
  readonly state: DeviceState
  readonly last_seen_at: string | null
  readonly last_sequence: number
  readonly spool: {
    readonly bundles: number
    readonly bytes: number
    readonly oldest_at: string | null
  } | null
  readonly clock_offset_ms: number | null
  readonly camera: 'ok' | 'gone' | null
  readonly software: string | null
  /** How its camera sees plates; null for a lane of before. */
  readonly gauge: GaugeFigures | null
  /** Since when nothing that it sends is taken in. */
  readonly quarantined_at: string | null
}

export type Lane = {
  readonly id: string
  readonly name: string
  readonly port: string
  readonly direction: Direction
  readonly kind: LaneKind
  readonly source: SourceKind | null
  readonly device: Device | null
  readonly newest: Crossing | null
}

export type EnrolmentCode = {
  readonly code: string
  readonly expires_at: string
  readonly command: string
}

export type Scored = { readonly character: string; readonly confidence: number }
export type Character = Scored & { readonly alternatives: readonly Scored[] }
export type Jurisdiction = { readonly code: string; readonly confidence: number }

export type PlateKind = 'read' | 'unsure' | 'unreadable'

export type Plate = {
  readonly kind: PlateKind
  readonly text: string | null
  /** 0 to 1, like every confidence here. */
  readonly confidence: number | null
  readonly reason: string | null
  readonly jurisdiction: Jurisdiction | null
  readonly looks: number
  readonly agreement: number
  readonly characters: readonly Character[]
}

export type Capture = {
  readonly id: string
  readonly class: CaptureClass
  /** Taken by the camera that sees vehicles from behind. */
  readonly rear: boolean
  readonly bytes: number
  readonly sha256: string
}

/** What a person says of a plate, beside what the machine read. */
export type Verdict = {
  readonly id: string
  readonly kind: VerdictKind
  readonly text: string | null
  readonly jurisdiction: string | null
  readonly at: string
  readonly by: Account
  readonly picture_sha256: string | null
  readonly supersedes: string | null
  readonly log_index: number | null
}

export type Crossing = {
  readonly id: string
  readonly lane: string
  readonly port: string
  readonly direction: Direction
  readonly sequence: number
  readonly device: string
  readonly captured_at: string
  readonly received_at: string
  readonly clock: 'ok' | 'skewed' | 'review'
  readonly source: SourceKind
  /** Null until its entry is in the log. */
  readonly log_index: number | null
  readonly plate: Plate
  /** The verdict in effect. */
  readonly verdict: Verdict | null
  readonly captures: readonly Capture[]
}

export type Look = {
  readonly text: string
  readonly confidence: number
  readonly frame: number
  readonly at_ms: number
  readonly plate_width_px: number
  readonly jurisdiction: Jurisdiction | null
}

export type PlateEnds = {
  readonly pair: PlatePair
  readonly front: Plate
  readonly rear: Plate
  readonly rear_looks: readonly Look[]
}

export type CrossingDetail = Crossing & {
  readonly looks: readonly Look[]
  /** What the cameras at both ends of the vehicle read; null where only one saw it. */
  readonly ends: PlateEnds | null
  /** Null where the sealed reads could not be understood. */
  readonly models: { readonly detector: string; readonly reader: string } | null
  readonly lane_ms: number | null
  readonly manifest_sha256: string
  readonly epoch_day: string
  readonly openings: readonly Opening[]
  /** All of them, oldest first, also those that were taken back. */
  readonly verdicts: readonly Verdict[]
}

export type CrossingsPage = {
  readonly crossings: readonly Crossing[]
  readonly next: string | null
}

export type Opening = {
  readonly id: string
  readonly at: string
  readonly capture: string
  readonly capture_class: string
  readonly crossing: string
  readonly purpose: Purpose | GrantPurpose
  /** What was shown, and under which grant and policies. */
  readonly view: View | null
  readonly grant: string | null
  readonly policies: readonly string[]
  readonly note: string | null
  readonly account: Account
  readonly outcome: 'opened' | 'refused' | 'failed'
  readonly code: string | null
  readonly log_index: number | null
}

export type OpeningsPage = {
  readonly openings: readonly Opening[]
  readonly next: string | null
}

/** The answer to an opening: the only place where picture bytes travel to the console. */
export type OpenedCapture = {
  readonly opening: string
  readonly log_index: number
  /** C2SP tlog-proof text. */
  readonly receipt: string
  /** Base64 of the exact log entry bytes. */
  readonly entry: string
  readonly media_type: 'image/jpeg'
  /** Base64. */
  readonly picture: string
}

export type LogReceipt = {
  readonly index: number
  readonly entry: string
  readonly receipt: string
}

export type Alarm = {
  readonly id: string
  readonly kind: string
  readonly device: string | null
  readonly lane: string | null
  readonly at: string
  /** The last of `count` times. */
  readonly last_at: string
  readonly count: number
  readonly detail: string
  readonly acknowledged: {
    readonly at: string
    readonly by: string
    readonly note: string | null
  } | null
  readonly log_index: number | null
}

export type Figures = {
  readonly crossings_today: number
  readonly crossings_last_hour: number
  readonly by_hour: readonly { readonly hour: string; readonly in: number; readonly out: number }[]
  readonly read_share: number
  readonly unsure_today: number
  readonly openings_today: number
  readonly alarms_open: number
  readonly log_size: number
  readonly vault_bytes: number
}

/** RFC 9457; `log_index` where the refusal itself was logged. */
export type Problem = {
  readonly type?: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly log_index?: number
  readonly errors?: readonly WrongLine[]
}

/** One line of a file that the hub refused, from 1. */
export type WrongLine = { readonly line: number; readonly detail: string }
