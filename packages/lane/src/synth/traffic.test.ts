/** Hazards of drawn traffic: a vehicle that leaves twice, before it came, or with another plate. */

import { expect, test } from 'vitest'

import { drawnLane, planPass, truthOf } from './pass-plan.ts'
import { nextSlot, parseDrawnSpec, planSlot, returningIn } from './traffic.ts'

const now = Math.floor(Date.UTC(2026, 10, 22) / 16_000)
const slots = Array.from({ length: 2000 }, (_, index) => now + index)

test('no vehicle leaves twice, and none before it has come', () => {
  const seen = new Set<string>()
  for (const slot of slots) {
    const back = returningIn(slot, ['1', '2'])
    if (back === null) continue
    expect(back.slot).toBeLessThan(slot - 1)
    const name = `${back.seed} ${back.slot}`
    expect(seen).not.toContain(name)
    seen.add(name)
  }
  expect(seen.size).toBe((slots.length * 3) / 4)
})

test('what leaves bears the plate, body and colour of what came; seen from the end that the camera sees', () => {
  const out = drawnLane('3')
  for (const slot of slots.slice(0, 40)) {
    const plan = planSlot(out, slot, ['1', '2'], 5)
    const back = returningIn(slot, ['1', '2'])
    const came =
      back === null ? planPass(out, slot, 5) : planPass(drawnLane(back.seed), back.slot, 5)
    expect(truthOf(plan)).toEqual(truthOf(came))
    expect(plan.vehicle.body).toBe(came.vehicle.body)
    expect(plan.vehicle.colour).toBe(came.vehicle.colour)
    expect(plan.vehicle.facing).toBe(out.facing)
  }
})

test('lanes that cannot keep up still see vehicles that leave again, and never one slot twice', () => {
  const [ins, outs] = [new Set<number>(), new Set<number>()]
  for (const [seen, returning] of [
    [ins, []],
    [outs, ['1', '2']],
  ] as const) {
    let last: number | null = null
    // Every pass takes as long as five slots.
    for (let at = now; at < now + 400; at = last + 5) {
      last = nextSlot(last, at, returning)
      expect(seen).not.toContain(last)
      seen.add(last)
    }
  }
  const back = Array.from(outs, (slot) => returningIn(slot, ['1', '2']))
  const met = back.filter((one) => one !== null && ins.has(one.slot))
  expect(met.length).toBeGreaterThan(outs.size * 0.8)
})

test('a seed means what it meant; by the clock, with and without lanes to return from', () => {
  expect(parseDrawnSpec('7:front')).toEqual({ seed: '7:front', byClock: null })
  expect(parseDrawnSpec('1:by-clock')).toEqual({ seed: '1', byClock: { returning: [] } })
  expect(parseDrawnSpec('3:rear:by-clock=1+2')).toEqual({
    seed: '3:rear',
    byClock: { returning: ['1', '2'] },
  })
})
