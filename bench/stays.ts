/**
 * How many stays are recomputed in a second on one core: passages of every key put in order and paired,
 * days counted in the port's zone, and the first instant that is too long found.
 *
 *   npx tsx bench/stays.ts [--plates 50000] [--stays 10]
 *
 * Passages are drawn: each plate enters and leaves `--stays` times over a year; one exit in fifty is
 * missing, one entry in a hundred is seen twice, and of one plate in twenty a passage arrived late, out of
 * order. For 200 plates the days of 90 in 180 are counted one by one before anything is timed.
 */

import { parseArgs } from 'node:util'

import { withDue } from '@sallyport/core/stays/assess'
import { pairPassages } from '@sallyport/core/stays/pairing'
import type { Passage } from '@sallyport/core/stays/passage'
import type { StayRule, StayTerms } from '@sallyport/core/stays/rules'
import { spanOf, type Stay } from '@sallyport/core/stays/stay'
import { openZone } from '@sallyport/core/stays/zone'

import { measure, printRows } from './measure.ts'

const { values } = parseArgs({
  options: {
    plates: { type: 'string', default: '50000' },
    stays: { type: 'string', default: '10' },
  },
})
const platesCount = Number(values.plates)
const staysEach = Number(values.stays)
const zone = openZone('America/Chicago')
const dayMs = 86_400_000

let state = 20_261_122
/** A number from 0 below `below`, the same in every run. */
function draw(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

function passage(plate: number, count: number, direction: 'in' | 'out', at: number): Passage {
  return {
    id: `${plate}-${count}`,
    at,
    direction,
    lane: `${direction}-${draw(3)}`,
    clock: 'ok',
    jurisdiction: 'us-ca',
    otherErased: false,
  }
}

function drawPassages(plate: number): readonly Passage[] {
  const found: Passage[] = []
  let at = Date.UTC(2025, 10, 22) + draw(20 * dayMs)
  for (let stay = 0; stay < staysEach; stay++) {
    const entry = passage(plate, found.length, 'in', at)
    found.push(entry)
    if (draw(100) === 0) found.push({ ...entry, id: `${plate}-${found.length}`, at: at + 60_000 })
    at += 600_000 + draw(20 * dayMs)
    if (draw(50) !== 0) found.push(passage(plate, found.length, 'out', at))
    at += 3_600_000 + draw(20 * dayMs)
  }
  const late = draw(20) === 0 ? found.splice(draw(found.length), 1) : []
  return [...found, ...late]
}

const rules: readonly StayTerms[] = [
  { kind: 'permit_hours', hours: 72 },
  { kind: 'rolling_days', days: 90, window: 180 },
]
const none = new Map<string, number>()

function recompute(passages: readonly Passage[], rule: StayRule) {
  return withDue(pairPassages(passages, []), rule, { zone, admissions: none })
}

/** 90 days in 180, counted one day at a time. */
function countedDue(stays: readonly Stay[], stay: Stay): number | null {
  const from = spanOf(stay)?.from ?? null
  if (from === null || stay.state === 'exit_missing') return null
  const present = new Set<number>()
  for (const one of stays) {
    const span = one === stay ? null : spanOf(one)
    const [begin, end] = [span?.from ?? span?.until, span?.until ?? span?.from]
    if (begin === null || begin === undefined || begin > from) continue
    for (let day = zone.dayOf(begin); day <= zone.dayOf(end ?? begin); day++) present.add(day)
  }
  for (let day = zone.dayOf(from); ; day++) {
    present.add(day)
    let count = 0
    for (let one = day - 179; one <= day; one++) if (present.has(one)) count += 1
    if (count > 90) return zone.startOf(day)
  }
}

const keys = Array.from({ length: platesCount }, (_, plate) => drawPassages(plate))
const asRule = (terms: StayTerms): StayRule => ({ id: 'r', name: 'r', subject: 'vehicle', terms })

const rolling = asRule(rules[1] ?? { kind: 'admitted_until' })
for (const passages of keys.slice(0, 200)) {
  const due = recompute(passages, rolling)
  const stays = due.map(({ stay }) => stay)
  for (const { stay, dueAt } of due)
    if (dueAt !== countedDue(stays, stay)) throw new Error(`${stay.id}: not what counting gives`)
}

const total = keys.reduce((sum, passages) => sum + recompute(passages, rolling).length, 0)
const rows = []
for (const terms of rules)
  rows.push(
    await measure(`stays, ${terms.kind}`, total, 5, () => {
      for (const passages of keys) recompute(passages, asRule(terms))
    }),
  )
for (const { name, cpuMs } of rows)
  console.log(`${name}: ${Math.round(1000 / cpuMs)} in a second of one core`)
printRows(`${total} stays of ${platesCount} plates, one core`, rows, new Date())
