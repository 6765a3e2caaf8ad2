import { expect, test } from 'vitest'

import type { Capture, Crossing, Device, Lane } from '../api/types.ts'
import { isStale, laneTrouble, pictureForWindow } from './lane-state.ts'

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

function laneWith(change: Partial<Device> | null): Lane {
  return {
    id: 'north',
    name: 'North',
    port: 'demo',
    direction: 'in',
    kind: 'vehicle',
    source: 'camera',
    device: change === null ? null : { ...device, ...change },
    newest: null,
  }
}

test.each<[string, Partial<Device> | null, string | undefined, boolean]>([
  ['all is well', {}, undefined, false],
  ['a lane without a device', null, 'no_device', true],
  ['a silent device whose camera was fine', { state: 'silent' }, 'not_reporting', true],
  ['a revoked device that is silent too', { state: 'revoked', camera: 'gone' }, 'revoked', true],
  ['a camera that is gone', { camera: 'gone' }, 'camera_gone', true],
  ['a late report', { state: 'late' }, 'late', true],
  [
    'crossings waiting at the lane',
    { spool: { bundles: 7, bytes: 9, oldest_at: null } },
    'spooling',
    false,
  ],
])('%s', (_name, change, kind, stale) => {
  const trouble = laneTrouble(laneWith(change))
  expect(trouble?.kind).toBe(kind)
  expect(isStale(trouble)).toBe(stale)
})

test('an inspection opens the plate, the scene where there is none, and nothing else', () => {
  const captures = (...classes: readonly Capture['class'][]) =>
    ({
      captures: classes.map((one) => ({ id: one, class: one, bytes: 1, sha256: '' })),
    }) as unknown as Crossing
  expect(pictureForWindow(captures('scene', 'plate'))?.class).toBe('plate')
  expect(pictureForWindow(captures('scene', 'face'))?.class).toBe('scene')
  expect(pictureForWindow(captures('face'))).toBeNull()
})
