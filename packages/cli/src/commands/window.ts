/** `sallyport window …`: what an officer decides at the window, from a terminal. */

import { handover as handoverSchema, handoverList } from '@sallyport/hub/api/handover-schemas'
import { lane as laneSchema, session as sessionSchema } from '@sallyport/hub/api/schemas'
import { figures, given, windowView } from '@sallyport/hub/api/window-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { nothing } from '../session/hub-calls.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
export type StepAsking = Asking & { readonly note?: string; readonly seen?: string }
type WindowView = z.output<typeof windowView>
type Handover = z.output<typeof handoverSchema>

const shiftShape = z.object({ lane: z.string(), started_at: z.string() })

export async function shift(
  lane: string | undefined,
  options: Asking & { readonly end?: boolean },
): Promise<void> {
  const hub = await openSession(options)
  if (lane !== undefined && options.end === true)
    throw new CommandFailure('Name a lane, or --end; not both.', exitCodes.wrongUse)
  if (options.end === true) await hub.ask({ method: 'DELETE', path: '/v1/shift', answer: nothing })
  if (lane !== undefined)
    await hub.ask({ method: 'PUT', path: '/v1/shift', body: { lane }, answer: shiftShape })
  const now = await shiftNow(hub)
  if (options.json === true) return jsonLine({ shift: now })
  console.log(now === null ? 'No shift.' : `Shift at ${now.lane} since ${now.started_at}`)
}

export async function standing(crossing: string | undefined, options: Asking): Promise<void> {
  const hub = await openSession(options)
  print(await windowAt(hub, crossing ?? (await newestAtShift(hub))), options)
}

/** Says one step upon what stands there, or upon what `--seen` names. */
export async function say(
  crossing: string,
  step: Readonly<Record<string, unknown>>,
  { note: text, seen, ...options }: StepAsking,
): Promise<void> {
  const hub = await openSession(options)
  const before = seen === undefined ? (await windowAt(hub, crossing)).seen : numberOf(seen)
  const done = await hub.ask({
    method: 'POST',
    path: pathOf(crossing),
    body: { ...step, seen: before, ...(text === undefined ? {} : { note: text }) },
    answer: given,
  })
  if (options.json === true) return jsonLine(done)
  print(done.window, options)
  if (done.window.undo_until !== null)
    note(`It can be undone until ${done.window.undo_until}: npx sallyport window undo ${crossing}`)
}

export async function handOver(options: Asking & { readonly note: string }): Promise<void> {
  const hub = await openSession(options)
  const done = await hub.ask({
    method: 'POST',
    path: '/v1/handovers',
    body: { note: options.note },
    answer: handoverSchema,
  })
  if (options.json === true) return jsonLine(done)
  printHandover(done)
  note('Your shift has ended.')
}

export async function takeOver(
  lane: string,
  options: Asking & { readonly read?: boolean },
): Promise<void> {
  const hub = await openSession(options)
  const { handovers } = await hub.ask({
    path: '/v1/handovers',
    query: { lane },
    answer: handoverList,
  })
  const waiting = handovers.find(({ taken }) => taken === null)
  if (waiting === undefined)
    throw new CommandFailure(
      `Nothing waits at ${lane}. Start your shift there: npx sallyport window shift ${lane}`,
      exitCodes.no,
    )
  if (options.read !== true) {
    if (options.json === true) return jsonLine(waiting)
    printHandover(waiting)
    return note(`When you have read it: npx sallyport window take-over ${lane} --read`)
  }
  const done = await hub.ask({
    method: 'POST',
    path: `/v1/handovers/${encodeURIComponent(waiting.id)}/taking`,
    answer: handoverSchema,
  })
  if (options.json === true) return jsonLine(done)
  printHandover(done)
  note(`Your shift is at ${done.lane}.`)
}

export async function times(options: Asking & { readonly days: string }): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({
    path: '/v1/window/figures',
    query: { days: numberOf(options.days) },
    answer: figures,
  })
  if (options.json === true) return jsonLine(found)
  const { opted_out: out, others, verdict } = found.parity
  for (const [name, group] of [
    ['opted out', out],
    ['others', others],
  ] as const)
    console.log(
      group.median === null
        ? `${name.padEnd(10)} ${group.count} people: too few to say`
        : `${name.padEnd(10)} ${group.count} people, median ${seconds(group.median)} (95 %: ${seconds(group.from)} to ${seconds(group.until)})`,
    )
  console.log(verdictWords[verdict])
}

const verdictWords = {
  too_few: 'Too few to compare.',
  no_difference_seen: 'No difference is seen.',
  longer: 'Opting out takes LONGER. It must cost nothing: find out why.',
  shorter: 'Opting out is shorter.',
} as const

/** Where a crossing stands. Shared with secondary. */
export async function windowAt(hub: HubSession, crossing: string): Promise<WindowView> {
  return hub.ask({ path: pathOf(crossing), answer: windowView })
}

function print(view: WindowView, { json }: Asking): void {
  if (json === true) return jsonLine(view)
  console.log(`${view.crossing}  ${view.standing}${view.opted_out === null ? '' : ', opted out'}`)
  for (const step of view.steps) {
    const who = step.by?.name ?? `${step.at_lane?.name ?? '?'} (stated at the lane, not signed in)`
    const code = step.code === null ? '' : `: ${step.code}`
    const wrong = step.wrong.length === 0 ? '' : `; wrong: ${step.wrong.join(', ')}`
    console.log(
      `  ${step.place}  ${step.at}  ${step.kind}${code}${wrong} by ${who}, log ${step.log_index ?? '–'}`,
    )
    if (step.note !== null) console.log(`     ${step.note}`)
  }
  for (const one of view.beside) {
    console.log(
      `  !  ${one.at}  said at the lane by ${one.name}, does not count: ${one.kind}${one.code === null ? '' : `: ${one.code}`}`,
    )
    if (one.note !== null) console.log(`     ${one.note}`)
  }
  if (view.outcome_withheld)
    note(
      'What colleagues found is shown when you have said what you see: npx sallyport secondary finding',
    )
}

function printHandover({ lane, written, taken, note: text, referrals }: Handover): void {
  console.log(`${lane}, handed over by ${written.by.name} at ${written.at}`)
  console.log(text === '' ? '  Nothing to note.' : text.replaceAll(/^/gm, '  '))
  for (const { crossing, plate, standing: at } of referrals)
    console.log(`  ${at}  ${plate ?? '(plate not read)'}  ${crossing}`)
  if (taken !== null) console.log(`taken over by ${taken.by.name} at ${taken.at}`)
}

async function shiftNow(hub: HubSession): Promise<z.output<typeof shiftShape> | null> {
  return (await hub.ask({ path: '/v1/session', answer: sessionSchema })).shift
}

async function newestAtShift(hub: HubSession): Promise<string> {
  const now = await shiftNow(hub)
  if (now === null)
    throw new CommandFailure(
      'You have no shift: name a crossing, or start it with npx sallyport window shift LANE.',
      exitCodes.wrongUse,
    )
  const { lanes } = await hub.ask({
    path: '/v1/lanes',
    answer: z.object({ lanes: z.array(laneSchema) }),
  })
  const newest = lanes.find(({ id }) => id === now.lane)?.newest
  if (newest === null || newest === undefined)
    throw new CommandFailure(`Nothing has crossed at ${now.lane} yet.`, exitCodes.no)
  return newest.id
}

function pathOf(crossing: string): string {
  return `/v1/crossings/${encodeURIComponent(crossing)}/window`
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(1)} s`
}

function numberOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new CommandFailure(`'${text}' is not a whole number.`, exitCodes.wrongUse)
}
