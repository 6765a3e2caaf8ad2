import { expect, test } from 'vitest'

import {
  type FaceCalibration,
  faceCalibrationFormat,
  parseFaceCalibration,
} from './face-calibration-document.ts'
import { defaultThresholds, fitCurves } from './face-calibration.ts'
import { crossValidate } from './face-cross-validation.ts'
import { decideMatching, type FaceProfile } from './face-profile.ts'
import { enrolmentFaults, type FaceQuality, faceQualityAlgorithm } from './face-quality.ts'

/** Distances of people who differ by `shift` from those of another part. */
function known(shift: number) {
  const evenly = (from: number, to: number) =>
    Float64Array.from({ length: 4_000 }, (_, at) => from + shift + ((to - from) * at) / 4_000)
  return { genuine: evenly(0.2, 0.7), impostors: evenly(0.6, 1.6) }
}

const fitted = fitCurves(known(0))
if (fitted.kind === 'refused') throw new Error(fitted.detail)

const calibration: FaceCalibration = {
  format: faceCalibrationFormat,
  model: 'own@0123456789ab',
  camera_class: 'gate',
  made: '2026-11-22T12:00:00.000Z',
  made_from: { name: 'test', people: 40, pictures: 200, pictures_without_face: 1 },
  thresholds: defaultThresholds,
  curves: fitted.curves,
  cross_validated: null,
}
const own = { identity: 'own@0123456789ab', evaluation: false }
const signed = { calibration, signed: true }

test.each([
  ['production', { ...own, evaluation: true }, signed, 'evaluation_model'],
  ['production', own, null, 'no_calibration'],
  ['evaluation', own, null, 'no_calibration'],
  ['production', own, { calibration, signed: false }, 'unsigned_calibration'],
  ['evaluation', { ...own, identity: 'own@ffffffffffff' }, signed, 'calibration_of_other_model'],
] as const)('in %s, %o with %s is refused: %s', (profile, model, offered, code) => {
  expect(decideMatching(profile, model, offered, null)).toMatchObject({ kind: 'refused', code })
})

test('a calibration of another class of camera is refused, one of this class is used', () => {
  const decide = (camera: string | null, profile: FaceProfile = 'production') =>
    decideMatching(profile, own, signed, camera)
  expect(decide('document')).toMatchObject({ code: 'calibration_of_other_camera' })
  expect(decide('gate')).toEqual({ kind: 'allowed', calibration })
  expect(decide(null)).toEqual({ kind: 'allowed', calibration })
})

test('a calibration is read back as it was written', () => {
  const text = JSON.stringify(calibration)
  expect(parseFaceCalibration(text)).toEqual({ kind: 'calibration', calibration })
})

test('a calibration cut off at any place is refused, not half read', () => {
  const text = JSON.stringify(calibration)
  for (let length = 0; length < text.length; length += 7)
    expect(parseFaceCalibration(text.slice(0, length)).kind).toBe('refused')
})

type Writable = Record<string, unknown>
test.each<[string, (value: Writable) => void]>([
  ['of another format', (value) => (value['format'] = 'other/1')],
  ['without a model', (value) => delete value['model']],
  ['whose rate is 0', (value) => ((value['thresholds'] as Writable)['falseMatchRate'] = 0)],
  [
    'whose curve rises',
    (value) => (value['curves'] as { falseMatch: unknown[] }).falseMatch.reverse(),
  ],
  ['without a curve', (value) => ((value['curves'] as Writable)['falseMatch'] = [])],
  [
    'in which alike faces are less likely the same',
    (value) => (((value['curves'] as Writable)['logistic'] as Writable)['slope'] = -3),
  ],
])('a calibration %s is refused', (_, change) => {
  const value = structuredClone(calibration) as unknown as Writable
  change(value)
  expect(parseFaceCalibration(JSON.stringify(value))).toMatchObject({
    kind: 'refused',
    code: 'malformed_calibration',
  })
})

test('cross-validation shows it when people differ from those it was fitted on', () => {
  const thresholds = { ...defaultThresholds, falseMatchRate: 0.02 }
  const pairs = [
    { same: true, distance: 0.3 },
    { same: false, distance: 1.2 },
    { same: true, distance: null },
  ]
  const alike = crossValidate(
    [0, 0, 0].map((shift) => ({ ...known(shift), pairs })),
    thresholds,
  )
  const unlike = crossValidate(
    [0, 0, -0.2].map((shift) => ({ ...known(shift), pairs })),
    thresholds,
  )
  const rate = (found: typeof alike) => (found?.false_matches ?? 0) / (found?.impostors ?? 1)
  expect(rate(alike)).toBeCloseTo(0.02, 2)
  expect(rate(unlike)).toBeGreaterThan(0.05)
  expect(alike).toMatchObject({ folds: 3, pairs: 9, right: 6 })
  expect(crossValidate([{ ...known(0), pairs }], thresholds)).toBeNull()
})

const good: FaceQuality = {
  algorithm: faceQualityAlgorithm,
  inter_eye_distance: 90,
  sharpness: 80,
  head_pose_yaw: 3,
  head_pose_pitch: -4,
  head_pose_roll: 2,
  luminance_mean: 120,
  under_exposure_prevention: 99,
  over_exposure_prevention: 99,
  dynamic_range: 90,
}

test.each<[Partial<FaceQuality>, readonly string[]]>([
  [{}, []],
  [{ inter_eye_distance: 59.9 }, ['eyes_too_close']],
  [{ inter_eye_distance: 60 }, []],
  [{ sharpness: 5 }, ['blurred']],
  [{ head_pose_yaw: -40 }, ['turned_away']],
  [{ head_pose_pitch: 40, head_pose_roll: -50 }, ['turned_away', 'tilted']],
  [{ under_exposure_prevention: 20 }, ['too_dark']],
  [{ over_exposure_prevention: 20, dynamic_range: 3 }, ['too_bright', 'flat']],
])('a picture with %o is enrolled only without faults: %o', (change, faults) => {
  expect(enrolmentFaults({ ...good, ...change })).toEqual(faults)
})
