/** What happened between two looks at the lane's computer. */

import type { DeviceEvent, SeenWay } from '@sallyport/proof/device-event'

import { limits } from '../limits.ts'
import type { Drive, Look, UsbThing } from './machine.ts'

/** The last look, and when it was. */
export type Seen = Look & { readonly at: string }

/** What the lane began to run on: nothing is known of before, so what can be carried is an event. */
export function atFirst(look: Look): readonly DeviceEvent[] {
  return [
    ...(look.drives ?? [])
      .filter(({ bus }) => bus !== 'other')
      .map((one) => inserted(one, 'found')),
    ...(look.enclosure?.state === 'open' ? [enclosure(look.enclosure, 'found')] : []),
  ]
}

/** What happened while nobody looked, from the last look of the process before. */
export function sinceLastRun(before: Seen, look: Look): readonly DeviceEvent[] {
  const isBoot = before.boot !== null && look.boot !== null && before.boot !== look.boot
  return [
    { kind: isBoot ? 'boot' : 'restart', watched_until: before.at },
    ...differences(before, look, isBoot, 'found'),
  ]
}

/** What happened since the look before, a moment ago. */
export function sinceLastLook(before: Look, look: Look): readonly DeviceEvent[] {
  return differences(before, look, false, 'happened')
}

/** The jump of the wall clock against the steady one, if there was one. Milliseconds. */
export function clockStep(wallMs: number, steadyMs: number): readonly DeviceEvent[] {
  const step_ms = Math.round(wallMs - steadyMs)
  return Math.abs(step_ms) < limits.clockStepMsMin ? [] : [{ kind: 'clock_step', step_ms }]
}

function differences(
  before: Look,
  look: Look,
  rebooted: boolean,
  seen: SeenWay,
): readonly DeviceEvent[] {
  const events: DeviceEvent[] = []
  if (before.drives !== null && look.drives !== null) {
    const key = (drive: Drive) => driveKey(drive, rebooted)
    for (const gone of missingFrom(look.drives, before.drives, key))
      events.push({ kind: 'media_removed', seen, drive: gone.name, serial: gone.serial })
    for (const added of missingFrom(before.drives, look.drives, key))
      events.push(inserted(added, seen))
  }
  if (before.usb !== null && look.usb !== null)
    for (const thing of missingFrom(before.usb, look.usb, usbKey))
      events.push({ kind: 'usb_attached', seen, ...thing })
  const { enclosure: now } = look
  if (now !== null && now.state !== (before.enclosure?.state ?? 'closed'))
    events.push(enclosure(now, seen))
  return events
}

function missingFrom<T>(
  known: readonly T[],
  candidates: readonly T[],
  key: (one: T) => string,
): readonly T[] {
  const keys = new Set(known.map(key))
  return candidates.filter((one) => !keys.has(key(one)))
}

/** A drive that was swapped for one of the same name is another. Numbers begin anew at each start. */
function driveKey({ name, serial, bytes, number }: Drive, rebooted: boolean): string {
  return JSON.stringify([name, serial, bytes, rebooted ? null : number])
}

function usbKey({ place, vendor, product, serial }: UsbThing): string {
  return JSON.stringify([place, vendor, product, serial])
}

function inserted({ name, bus, bytes, maker, model, serial }: Drive, seen: SeenWay): DeviceEvent {
  return { kind: 'media_inserted', seen, drive: name, bus, bytes, maker, model, serial }
}

function enclosure({ state, sensor }: NonNullable<Look['enclosure']>, seen: SeenWay): DeviceEvent {
  return { kind: state === 'open' ? 'enclosure_opened' : 'enclosure_closed', seen, sensor }
}
