/** Rows as the API gives them: snake_case, ISO instants, nothing that must stay inside. */

import type { TrackedLook } from '@sallyport/core/crossing'
import type { PlateRead } from '@sallyport/core/plate'
import type { CrossingRow, CrossingWithCaptures } from '@sallyport/store/crossings'
import type { DeviceRow, LaneRow } from '@sallyport/store/lanes'
import type { OpeningRow } from '@sallyport/store/openings'
import type { VerdictRow } from '@sallyport/store/verdicts'

import { limits } from './limits.ts'

export function crossingView({ crossing, captures, verdict }: CrossingWithCaptures) {
  return {
    id: crossing.id,
    lane: crossing.lane,
    port: crossing.port,
    direction: crossing.direction,
    sequence: crossing.sequence,
    device: crossing.device,
    captured_at: crossing.captured_at.toISOString(),
    received_at: crossing.received_at.toISOString(),
    clock: crossing.clock,
    source: crossing.source,
    log_index: crossing.log_index,
    plate: plateView(crossing.reads?.plate ?? null),
    verdict: verdict === null ? null : verdictView(verdict),
    captures: captures
      .filter((capture) => capture.class !== 'reads')
      .map((capture) => ({ ...capture, rear: isRear(crossing, capture.id) }))
      .toSorted((a, b) => a.class.localeCompare(b.class) || Number(a.rear) - Number(b.rear))
      .map((capture) => ({
        id: capture.id,
        class: capture.class as 'scene' | 'plate' | 'face',
        rear: capture.rear,
        bytes: capture.bytes,
        sha256: capture.sha256.toString('hex'),
      })),
  }
}

export type CrossingView = ReturnType<typeof crossingView>

function isRear({ reads }: CrossingRow, capture: string): boolean {
  return reads?.rear?.captures.includes(capture) ?? false
}

/** What the cameras at both ends say of a vehicle, each by itself; null where only one saw it. */
function endsView({ reads }: CrossingRow) {
  const rear = reads?.rear
  if (rear === undefined) return null
  const { pair, front, plate, looks } = rear
  return { pair, front: plateView(front), rear: plateView(plate), rear_looks: looks.map(lookView) }
}

function lookView(look: TrackedLook) {
  return {
    text: look.text,
    confidence: look.confidence,
    frame: look.frame,
    at_ms: look.atMs,
    plate_width_px: look.plateWidthPx,
    jurisdiction: look.jurisdiction,
  }
}

function plateView(plate: PlateRead | null) {
  const nothing = {
    text: null,
    confidence: null,
    jurisdiction: null,
    looks: 0,
    agreement: 0,
    characters: [] as Extract<PlateRead, { kind: 'read' }>['characters'][number][],
  }
  if (plate === null) return { kind: 'unreadable' as const, reason: 'no_reads', ...nothing }
  if (plate.kind === 'unreadable') return { kind: plate.kind, reason: plate.reason, ...nothing }
  return {
    kind: plate.kind,
    reason: plate.kind === 'unsure' ? plate.reason : null,
    text: plate.text,
    confidence: plate.confidence,
    jurisdiction: plate.jurisdiction,
    looks: plate.looks,
    agreement: plate.agreement,
    characters: [...plate.characters],
  }
}

export function verdictView(row: VerdictRow) {
  return {
    id: row.id,
    kind: row.kind,
    text: row.text,
    jurisdiction: row.jurisdiction,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    picture_sha256: row.picture_sha256?.toString('hex') ?? null,
    supersedes: row.supersedes,
    log_index: row.log_index,
  }
}

export function crossingDetailView(
  found: CrossingWithCaptures,
  openings: readonly OpeningRow[],
  verdicts: readonly VerdictRow[],
) {
  const { crossing } = found
  return {
    ...crossingView(found),
    looks: (crossing.reads?.looks ?? []).map(lookView),
    ends: endsView(crossing),
    models: crossing.reads?.models ?? null,
    lane_ms: crossing.reads?.laneMs ?? null,
    manifest_sha256: crossing.manifest_sha256.toString('hex'),
    epoch_day: crossing.epoch_day,
    openings: openings.map(openingView),
    verdicts: verdicts.map(verdictView),
  }
}

export function openingView(row: OpeningRow) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    capture: row.capture,
    capture_class: row.capture_class,
    crossing: row.crossing,
    view: row.view,
    grant: row.access_grant,
    policies: row.policies ?? [],
    purpose: row.purpose,
    note: row.note,
    account: { id: row.account, name: row.account_name },
    outcome: row.outcome,
    code: row.code,
    log_index: row.log_index,
  }
}

export type DeviceState = 'enrolled' | 'online' | 'late' | 'silent' | 'revoked'

export function deviceState(device: DeviceRow, now: Date): DeviceState {
  if (device.revoked_at !== null) return 'revoked'
  if (device.last_seen_at === null) return 'enrolled'
  const silentSeconds = (now.getTime() - device.last_seen_at.getTime()) / 1000
  if (silentSeconds > limits.deviceSilentSeconds) return 'silent'
  return silentSeconds > limits.deviceLateSeconds ? 'late' : 'online'
}

export function laneView(
  lane: LaneRow,
  device: DeviceRow | null,
  newest: CrossingWithCaptures | null,
  now: Date,
) {
  return {
    id: lane.id,
    name: lane.name,
    port: lane.port,
    direction: lane.direction,
    kind: lane.kind,
    source: device?.source ?? null,
    device:
      device === null
        ? null
        : {
            id: device.id,
            state: deviceState(device, now),
            last_seen_at: device.last_seen_at?.toISOString() ?? null,
            last_sequence: device.last_sequence,
            spool: device.spool,
            clock_offset_ms: device.clock_offset_ms,
            camera:
              device.camera === 'gone'
                ? ('gone' as const)
                : device.camera === 'ok'
                  ? ('ok' as const)
                  : null,
            software: device.software,
            gauge: device.gauge,
            quarantined_at: device.quarantined_at?.toISOString() ?? null,
          },
    newest: newest === null ? null : crossingView(newest),
  }
}

export type LaneView = ReturnType<typeof laneView>
