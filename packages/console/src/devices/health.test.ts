import { expect, test } from 'vitest'

import type { Device, Lane } from '../api/types.ts'
import {
  asOfLast,
  byNeed,
  cameraReading,
  clockReading,
  spoolReading,
  stateWeight,
} from './health.ts'

const device: Device = {
  id: 'd',
  state: 'online',
  last_seen_at: '2026-11-22T14:02:11Z',
  last_sequence: 4,
  spool: { bundles: 0, bytes: 0, oldest_at: null },
  clock_offset_ms: 3,
  camera: 'ok',
  software: '0.1.0',
  gauge: null,
  quarantined_at: null,
}
const lane = (id: string, change: Partial<Device> | null): Lane => ({
  id,
  name: id,
  port: 'demo',
  direction: 'in',
  kind: 'vehicle',
  source: 'camera',
  device: change === null ? null : { ...device, ...change },
  newest: null,
})

test.each<[string, Partial<Device>, string, string]>([
  ['in step', { clock_offset_ms: 3 }, '+0.0 s', 'well'],
  ['five seconds, the limit itself', { clock_offset_ms: -5000 }, '−5.0 s', 'well'],
  ['over five seconds', { clock_offset_ms: -5001 }, '−5.0 s', 'notice'],
  ['over five minutes', { clock_offset_ms: 301_000 }, '+5 min', 'bad'],
  ['unknown', { clock_offset_ms: null }, '–', 'none'],
])('a clock %s', (_name, change, words, weight) => {
  expect(clockReading({ ...device, ...change })).toEqual({ words, weight })
})

test('one crossing on its way is ordinary, more are worth a look', () => {
  const spool = (bundles: number) => ({ spool: { bundles, bytes: 1200, oldest_at: null } })
  expect(spoolReading({ ...device, ...spool(1) }).weight).toBe('well')
  expect(spoolReading({ ...device, ...spool(9) })).toEqual({
    words: '9 crossings, 1.2 kB',
    weight: 'notice',
  })
  expect(spoolReading({ ...device, spool: null }).weight).toBe('none')
})

test('a lane in trouble comes first, whatever the trouble is', () => {
  const lanes = [
    lane('fine', {}),
    lane('bare', null),
    lane('revoked', { state: 'revoked', clock_offset_ms: null, camera: null, spool: null }),
    lane('late', { state: 'late' }),
    lane('blind', { camera: 'gone' }),
    lane('silent', { state: 'silent' }),
  ]
  expect(byNeed(lanes).map((one) => one.id)).toEqual([
    'blind',
    'silent',
    'late',
    'fine',
    'bare',
    'revoked',
  ])
  expect(stateWeight({ ...device, state: 'silent' })).toBe('bad')
  expect(cameraReading({ ...device, camera: 'gone' }).weight).toBe('bad')
})

test('the last figures of a silent device are not called well', () => {
  const silent: Device = { ...device, state: 'silent' }
  expect(asOfLast(silent, cameraReading(silent))).toEqual({ words: 'picture', weight: 'none' })
  expect(asOfLast(device, cameraReading(device)).weight).toBe('well')
})
