import { expect, test } from 'vitest'

import {
  decideBeginning,
  decideEnding,
  isOverrun,
  windowProblem,
  type WorkOrder,
} from './maintenance.ts'

const order: WorkOrder = {
  madeBy: 'ana',
  from: new Date('2026-11-22T08:00:00.000Z'),
  until: new Date('2026-11-22T12:00:00.000Z'),
  begunAt: null,
  endedAt: null,
}
const beside = { supervised: false, watching: false, sameUnit: true }
const at = (time: string) => new Date(`2026-11-22T${time}Z`)

test.each([
  ['whoever wrote the order', order, 'ana', '09:00:00.000', 'maintenance_own_order'],
  ['a second too early', order, 'bo', '07:59:59.999', 'maintenance_not_now'],
  ['at the first moment', order, 'bo', '08:00:00.000', null],
  ['at the last moment', order, 'bo', '11:59:59.999', null],
  ['at the end', order, 'bo', '12:00:00.000', 'maintenance_not_now'],
  [
    'a second time',
    { ...order, begunAt: at('08:30:00.000') },
    'bo',
    '09:00:00.000',
    'maintenance_not_now',
  ],
  [
    'after its end',
    { ...order, endedAt: at('08:30:00.000') },
    'bo',
    '09:00:00.000',
    'maintenance_not_now',
  ],
])('work is begun by a second person within its window: %s', (_, of, by, time, code) => {
  const decision = decideBeginning(of, by, beside, at(time))
  expect(decision.kind === 'allow' ? null : decision.code).toBe(code)
})

test.each([
  ['nobody watches', { supervised: true, watching: false, sameUnit: false }, 'needs_live_approval'],
  [
    'one unit alone is there',
    { supervised: true, watching: true, sameUnit: true },
    'signs_for_same_unit',
  ],
  ['somebody of another unit watches', { supervised: true, watching: true, sameUnit: false }, null],
])('work of a party under supervision, when %s', (_, watch, code) => {
  const decision = decideBeginning(order, 'bo', watch, at('09:00:00.000'))
  expect(decision.kind === 'allow' ? null : decision.code).toBe(code)
})

test('an order ends once', () => {
  expect(decideEnding(order).kind).toBe('allow')
  expect(decideEnding({ ...order, endedAt: at('09:00:00.000') }).kind).toBe('refuse')
})

test('work that goes on past its time is an overrun, work that never began is none', () => {
  const begun = { ...order, begunAt: at('09:00:00.000') }
  expect(isOverrun(begun, at('11:59:59.999'))).toBe(false)
  expect(isOverrun(begun, at('12:00:00.000'))).toBe(true)
  expect(isOverrun({ ...begun, endedAt: at('11:00:00.000') }, at('13:00:00.000'))).toBe(false)
  expect(isOverrun(order, at('13:00:00.000'))).toBe(false)
})

test.each([
  ['08:00:00.000', '08:00:00.000', 'It ends before it begins.'],
  ['05:00:00.000', '06:00:00.000', 'It is over already.'],
  ['08:00:00.000', '12:00:00.000', null],
])('a window from %s to %s: %s', (from, until, problem) => {
  expect(windowProblem(at(from), at(until), at('07:00:00.000'))).toBe(problem)
})

test('a work order is no standing permission', () => {
  const week = new Date(order.from.getTime() + 7 * 86_400_000)
  expect(windowProblem(order.from, week, at('07:00:00.000'))).toContain('72 hours')
})
