import { expect, test } from 'vitest'

import { groupFaces } from './group-faces.ts'
import { type FaceTemplate, toUnitLength, vectorDistance } from './template.ts'

const model = { identity: 'drawn@1', dimensions: 48 }
const noRest = () => Promise.resolve()

/** Numbers from 0 to 1, the same each time. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function vectorOf(draw: () => number): Float32Array {
  return toUnitLength(Float32Array.from({ length: model.dimensions }, () => draw() - 0.5))
}

/** `people` drawn, and faces of each at about `spread` from each other. */
function drawn(people: number, faces: number, spread: number): Float32Array[] {
  const draw = chance(7)
  return Array.from({ length: people }, () => vectorOf(draw)).flatMap((person) =>
    Array.from({ length: faces }, () =>
      toUnitLength(person.map((value) => value + (draw() - 0.5) * spread)),
    ),
  )
}

const templatesOf = (vectors: readonly Float32Array[]): FaceTemplate[] =>
  vectors.map((vector) => ({ name: 'drawn', model: model.identity, vector: vector.slice() }))

/** The slow way: every pair by the full distance. */
function bySlowPairs(vectors: readonly Float32Array[], joins: (distance: number) => boolean) {
  const groups = vectors.map((_, at) => at)
  for (const [a, one] of vectors.entries())
    for (let b = 0; b < a; b++)
      if (joins(vectorDistance(one, vectors[b] ?? one))) {
        const [from, to] = [groups[a] ?? 0, groups[b] ?? 0]
        for (const [at, group] of groups.entries()) if (group === from) groups[at] = to
      }
  const numbers = new Map<number, number>()
  return groups.map((group) => {
    const number = numbers.get(group) ?? numbers.size + 1
    numbers.set(group, number)
    return number
  })
}

test('faces are joined exactly as comparing every pair in full joins them', async () => {
  for (const spread of [0.02, 0.1, 0.2, 0.4]) {
    const vectors = drawn(40, 5, spread)
    for (const lines of [
      { sure: 0.3, perhaps: 0.6 },
      { sure: 0.1, perhaps: 1.1 },
      { sure: null, perhaps: 0.5 },
    ]) {
      const found = await groupFaces(templatesOf(vectors), model, lines, noRest)
      const { sure, perhaps } = lines
      expect(found.sure).toEqual(bySlowPairs(vectors, (one) => sure !== null && one <= sure))
      expect(found.perhaps).toEqual(bySlowPairs(vectors, (one) => one < perhaps))
    }
  }
})

test('a template of another model, or one that is no description, is in no group', async () => {
  const [one, other] = drawn(2, 1, 0)
  if (one === undefined || other === undefined) throw new Error('two were drawn')
  const long = other.map((value) => value * 3)
  const templates = [
    ...templatesOf([one, long, new Float32Array(model.dimensions).fill(Number.NaN)]),
    { name: 'drawn', model: 'other@1', vector: one.slice() },
    { name: 'drawn', model: model.identity, vector: new Float32Array(12) },
    ...templatesOf([one]),
  ]
  const found = await groupFaces(templates, model, { sure: 0.1, perhaps: 0.2 }, noRest)
  expect(found.sure).toEqual([1, null, null, null, null, 1])
  expect(found.perhaps).toEqual(found.sure)
})

test('no template is left in memory, also when the comparison is broken off', async () => {
  const templates = templatesOf(drawn(10, 10, 0.1))
  const broken = groupFaces(templates, model, { sure: 0.1, perhaps: 0.2 }, () =>
    Promise.reject(new Error('stopped')),
  )
  await expect(broken).rejects.toThrow('stopped')
  expect(templates.every(({ vector }) => vector.every((value) => value === 0))).toBe(true)
})
