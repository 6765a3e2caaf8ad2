/**
 * Events as CloudEvents 1.0 in structured JSON (https://cloudevents.io). They say as little of people
 * as can be: ids, lane and times. A plate stands in one only when its subscription may have it.
 */

import type { EventType } from '@sallyport/core/delivery'
import type { AlarmRow } from '@sallyport/store/alarms'
import type { CrossingRow } from '@sallyport/store/crossings'

export type EventOrigin = {
  /** Name of the agency's log: whose event it is. */
  readonly logOrigin: string
  readonly port: string
  /** Where the hub is reached, for the schema. */
  readonly hub: string
}

export type CloudEvent = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly dataschema: string
  readonly data: object
}

/** The id of an event: the same for each receiver and attempt. It holds no full stop, see the signature. */
export function eventId(type: EventType, subject: string): string {
  return `${type.replace('.', '_')}_${subject}`
}

export function crossingEvent(
  crossing: CrossingRow,
  withPlate: boolean,
  origin: EventOrigin,
): CloudEvent {
  return envelope('crossing.recorded', crossing.id, crossing.received_at, origin, {
    crossing: crossing.id,
    port: crossing.port,
    lane: crossing.lane,
    direction: crossing.direction,
    device: crossing.device,
    sequence: crossing.sequence,
    captured_at: crossing.captured_at.toISOString(),
    received_at: crossing.received_at.toISOString(),
    clock: crossing.clock,
    source: crossing.source,
    log_index: crossing.log_index,
    plate: withPlate ? plateOf(crossing) : { kind: crossing.plate_kind },
  })
}

/** Nothing of an alarm's detail, which may name what a person or a device said. */
export function alarmEvent(
  alarm: Pick<AlarmRow, 'id' | 'kind' | 'device' | 'lane' | 'at' | 'log_index'>,
  origin: EventOrigin,
): CloudEvent {
  return envelope('alarm.raised', alarm.id, alarm.at, origin, {
    alarm: alarm.id,
    kind: alarm.kind,
    lane: alarm.lane,
    device: alarm.device,
    at: alarm.at.toISOString(),
    log_index: alarm.log_index,
  })
}

/** Sent when somebody asks for it, to see whether it arrives. */
export function testEvent(id: string, now: Date, origin: EventOrigin): CloudEvent {
  return envelope('delivery.tested', id, now, origin, { at: now.toISOString() })
}

function envelope(
  type: EventType | 'delivery.tested',
  subject: string,
  time: Date,
  { logOrigin, port, hub }: EventOrigin,
  data: object,
): CloudEvent {
  const schema = { 'crossing.recorded': 'CrossingRecorded', 'alarm.raised': 'AlarmRaised' }
  const name = type === 'delivery.tested' ? 'DeliveryTested' : schema[type]
  return {
    specversion: '1.0',
    id: `${type.replace('.', '_')}_${subject}`,
    source: `//${logOrigin}/ports/${port}`,
    type: `sallyport.${type}.v1`,
    subject,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `${hub}/openapi.json#/components/schemas/${name}`,
    data,
  }
}

function plateOf({ plate_kind: kind, plate_text, plate_confidence, reads }: CrossingRow) {
  if (kind === 'none' || kind === 'unreadable' || reads === null) return { kind }
  const jurisdiction = reads.plate.kind === 'unreadable' ? null : reads.plate.jurisdiction
  return {
    kind,
    text: plate_text,
    confidence: plate_confidence,
    jurisdiction: jurisdiction?.code ?? null,
  }
}
