import fc from 'fast-check'
import { expect, test } from 'vitest'

import { countPeople, type KnownFace, type ScopePeople } from './people.ts'

type Crossing = {
  readonly vehicle: string | null
  readonly faces?: readonly Partial<KnownFace>[]
  readonly travellers?: readonly number[]
}

/** People of these crossings; each has a scene, and a picture for each face. */
function check(crossings: readonly Crossing[]) {
  const faces = new Map<string, KnownFace>()
  const pictures = crossings.flatMap(({ faces: seen = [] }, at) => [
    { capture: `scene ${at}`, class: 'scene', crossing: `${at}` },
    ...seen.map((face, number) => {
      const capture = `face ${at} ${number}`
      if (Object.keys(face).length > 0)
        faces.set(capture, { capture, same: null, maybe: null, person: null, ...face })
      return { capture, class: 'face', crossing: `${at}` }
    }),
  ])
  const known: ScopePeople = {
    faces,
    travellers: new Map(
      crossings.flatMap(({ travellers }, at) =>
        travellers === undefined ? [] : [[`${at}`, travellers] as const],
      ),
    ),
  }
  return countPeople(pictures, (at) => crossings[Number(at)]?.vehicle ?? null, known)
}

test('one traveller at two crossings is one, whatever the machine says of the two faces', () => {
  const twice = [1, 2].map((group) => ({
    vehicle: null,
    faces: [{ same: group, maybe: group, person: 7 }],
    travellers: [7],
  }))
  expect(check(twice)).toMatchObject({ low: 1, high: 1, identified: 1 })
})

test('twins whom people told apart are two, though their faces are surely the same', () => {
  const twins = [1, 2].map((person) => ({
    vehicle: null,
    faces: [{ same: 1, maybe: 1, person }],
    travellers: [person],
  }))
  expect(check(twins)).toMatchObject({ low: 2, high: 2, identified: 2 })
})

test('faces that may be the same are one at the least and two at the most', () => {
  const alike = [1, 2].map((same) => ({ vehicle: null, faces: [{ same, maybe: 1 }] }))
  expect(check(alike)).toMatchObject({
    low: 1,
    high: 2,
    identified: 0,
    by_face: { low: 1, high: 2, not_compared: 0 },
    plate_only: { low: 0, high: 0 },
  })
})

test('one face in two cars is not counted for the second plate', () => {
  const car = (vehicle: string, same: number) => ({ vehicle, faces: [{ same, maybe: same }] })
  expect(check([car('A', 1), car('B', 1)])).toMatchObject({ low: 1, high: 1 })
  expect(check([car('A', 1), car('B', 2)])).toMatchObject({ low: 2, high: 2 })
})

test('a face that cannot be compared is another person at the most, and nobody more at the least', () => {
  const opted = { vehicle: null, faces: [{}] }
  const found = check([{ vehicle: null, faces: [{ same: 1, maybe: 1 }] }, opted, opted])
  expect(found).toMatchObject({ low: 1, high: 3, by_face: { low: 1, high: 3, not_compared: 2 } })
  expect(check([opted])).toMatchObject({ low: 1, high: 1 })
})

test('who is only a plate is a figure of its own', () => {
  const found = check([
    { vehicle: 'A' },
    { vehicle: 'A' },
    { vehicle: null },
    { vehicle: 'B', faces: [{ same: 1, maybe: 1 }] },
  ])
  expect(found).toMatchObject({ low: 2, high: 3, plate_only: { low: 1, high: 2 } })
})

test('a traveller whose face is not in the scope may be any face of it', () => {
  const found = check([
    { vehicle: null, travellers: [1] },
    { vehicle: null, faces: [{ same: 1, maybe: 1 }] },
  ])
  expect(found).toMatchObject({ low: 1, high: 2, identified: 1 })
})

test('low never exceeds high, and everybody identified is in both', () => {
  const person = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null })
  const face = fc.oneof(
    fc.constant({}),
    fc.record({ same: fc.integer({ min: 1, max: 5 }), person }).map((one) => ({
      ...one,
      // As groups are made: what is surely the same may be the same.
      maybe: 1 + (one.same % 3),
    })),
  )
  const crossing = fc
    .record({
      vehicle: fc.constantFrom('A', 'B', 'C', null),
      faces: fc.array(face, { maxLength: 3 }),
    })
    .map((one) => {
      const named = one.faces.flatMap((seen) =>
        'person' in seen && seen.person !== null ? [seen.person] : [],
      )
      return named.length === 0 ? one : { ...one, travellers: named }
    })
  fc.assert(
    fc.property(fc.array(crossing, { maxLength: 8 }), (crossings) => {
      const { low, high, identified, by_face: faces, plate_only: plates } = check(crossings)
      expect(low).toBeLessThanOrEqual(high)
      expect(identified).toBeLessThanOrEqual(low)
      expect(faces?.low).toBeLessThanOrEqual(faces?.high ?? -1)
      expect(plates.low).toBeLessThanOrEqual(plates.high)
      if (crossings.length > 0) expect(low).toBeGreaterThan(0)
    }),
    { numRuns: 300 },
  )
})
