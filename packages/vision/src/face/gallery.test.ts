import { expect, test } from 'vitest'

import { randomOf } from './drawn-person.ts'
import { faceLimits } from './face-limits.ts'
import type { FaceModel } from './face-reader.ts'
import { Gallery, type GalleryAnswer } from './gallery.ts'
import { type FaceTemplate, toUnitLength, vectorDistance } from './template.ts'

const model: FaceModel<'own'> = {
  name: 'own',
  identity: 'own@0123456789ab',
  dimensions: 128,
  evaluation: false,
  label: 'a model of a test',
  licence: 'none',
}

function templates(count: number, dimensions: number, seed: number): FaceTemplate<'own'>[] {
  const random = randomOf(seed)
  // Sums of four are nearly normal, as the numbers of real templates are.
  const one = (): number => random() + random() + random() + random() - 2
  return Array.from({ length: count }, () => ({
    name: 'own',
    model: model.identity,
    vector: toUnitLength(Float32Array.from({ length: dimensions }, one)),
  }))
}

function galleryOf(all: readonly FaceTemplate<'own'>[], dimensions: number): Gallery<'own'> {
  const gallery = new Gallery(model, dimensions)
  gallery.add(all.map((template, at) => ({ id: `t${at}`, template })))
  return gallery
}

function foundIn(answer: GalleryAnswer | undefined) {
  if (answer?.kind !== 'found') throw new Error(answer?.detail ?? 'no answer')
  return answer.found
}

const ids = (answer: GalleryAnswer | undefined) => foundIn(answer).map(({ id }) => id)

/** What a search over the floats answers. */
function exactly(all: readonly FaceTemplate[], query: FaceTemplate, count: number) {
  return all
    .map(({ vector }, at) => ({ id: `t${at}`, distance: vectorDistance(vector, query.vector) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
}

test.each([
  [1, 128],
  [3, 512],
  [4099, 128],
  [1001, 100],
  [500, 512],
  [2000, 33],
])('of %d templates of %d numbers none that is nearer is missed', async (count, dimensions) => {
  const all = templates(count, dimensions, count)
  const gallery = galleryOf(all, dimensions)
  const queries = templates(35, dimensions, 7)
  const together = await gallery.searchMany(queries, 5)
  expect(together.length).toBe(queries.length)
  for (const [at, query] of queries.entries()) {
    const wanted = exactly(all, query, 5)
    for (const answer of [gallery.search(query, 5), together[at]]) {
      expect(ids(answer)).toEqual(wanted.map(({ id }) => id))
      for (const [place, { distance }] of foundIn(answer).entries())
        expect(distance).toBeCloseTo(wanted[place]?.distance ?? 0, 4)
    }
  }
  await gallery.close()
})

test('what is all alike is told apart by the floats, not by chance', async () => {
  const [query] = templates(1, 128, 1)
  if (query === undefined) throw new Error('one template')
  // A hundred templates within a hundredth of the query: coarse scores of all are nearly the same.
  const alike = templates(100, 128, 2).map(({ vector }, at) => ({
    name: 'own' as const,
    model: model.identity,
    vector: toUnitLength(
      query.vector.map((value, i) => value + (vector[i] ?? 0) * (0.004 + at * 1e-4)),
    ),
  }))
  const gallery = galleryOf(alike, 128)
  const wanted = exactly(alike, query, 3).map(({ id }) => id)
  expect(ids(gallery.search(query, 3))).toEqual(wanted)
  expect(ids((await gallery.searchMany([query], 3))[0])).toEqual(wanted)
  await gallery.close()
})

test('who was removed is in no answer from then on, wherever the rows have moved', async () => {
  const all = templates(300, 64, 3)
  const gallery = galleryOf(all, 64)
  const random = randomOf(11)
  const left = new Set(all.keys())
  for (let round = 0; round < 250; round++) {
    const at = [...left][Math.floor(random() * left.size)] ?? 0
    const template = all[at]
    if (template === undefined) throw new Error('a template')
    expect(ids(gallery.search(template, 1))).toEqual([`t${at}`])
    gallery.remove(`t${at}`)
    left.delete(at)
    expect(ids(gallery.search(template, 300))).not.toContain(`t${at}`)
    expect(gallery.size).toBe(left.size)
  }
  gallery.remove('nobody')
  expect(gallery.size).toBe(50)
  await gallery.close()
})

test('one owner with several pictures is answered once, with the nearest of them', async () => {
  const all = templates(20, 128, 4)
  const gallery = new Gallery(model, 128)
  gallery.add(all.map((template, at) => ({ id: at < 15 ? 'ada' : `t${at}`, template })))
  const [third] = all.slice(3)
  if (third === undefined) throw new Error('a template')
  const found = foundIn(gallery.search(third, 4))
  expect(found[0]).toMatchObject({ id: 'ada' })
  expect(found[0]?.distance).toBeCloseTo(0, 3)
  expect(new Set(found.map(({ id }) => id)).size).toBe(4)
  gallery.remove('ada')
  expect(gallery.size).toBe(5)
  expect(ids(gallery.search(third, 10))).not.toContain('ada')
  await gallery.close()
})

test('a gallery that is replaced while it is searched answers from one state', async () => {
  const before = templates(20_000, 64, 5)
  const after = templates(50, 64, 6)
  const gallery = galleryOf(before, 64)
  const queries = before.slice(0, 20)
  const searching = gallery.searchMany(queries, 1)
  const entries = after.map((template, at) => ({ id: `new${at}`, template }))
  // One of those who are looked for stays, the others go.
  const [stays] = queries
  if (stays === undefined) throw new Error('a template')
  gallery.replace([...entries, { id: 't0', template: stays }])
  const answers = await searching
  expect(ids(answers[0])).toEqual(['t0'])
  for (const answer of answers.slice(1)) expect(ids(answer)).toEqual([])
  expect(new Set(answers.map((one) => (one.kind === 'found' ? one.version : 0))).size).toBe(1)
  expect(ids(gallery.search(stays, 1))).toEqual(['t0'])
  expect(gallery.size).toBe(51)
  await gallery.close()
})

test('a closed gallery answers that it is closed, also to a search under way', async () => {
  const all = templates(20_000, 64, 8)
  const gallery = galleryOf(all, 64)
  const searching = gallery.searchMany(all.slice(0, 3), 1)
  await gallery.close()
  for (const answer of await searching)
    expect(answer).toMatchObject({ kind: 'refused', code: 'gallery_closed' })
  const [first] = all
  if (first === undefined) throw new Error('a template')
  expect(gallery.search(first, 1)).toMatchObject({ code: 'gallery_closed' })
  expect(gallery.add([{ id: 'x', template: first }])).toMatchObject({ code: 'gallery_closed' })
  expect(gallery.size).toBe(0)
})

test('a template of another model is refused, and nothing of its batch is taken', async () => {
  const all = templates(3, 128, 9)
  const gallery = galleryOf(all, 128)
  const [first] = all
  if (first === undefined) throw new Error('a template')
  const foreign = { ...first, model: 'own@ffffffffffff' }
  const short = { ...first, vector: first.vector.slice(0, 64) }
  for (const wrong of [foreign, short]) {
    expect(gallery.search(wrong, 1)).toMatchObject({ kind: 'refused', code: 'other_model' })
    const entries = [first, wrong].map((template, at) => ({ id: `n${at}`, template }))
    expect(gallery.add(entries)).toMatchObject({ code: 'other_model' })
    expect(gallery.replace(entries)).toMatchObject({ code: 'other_model' })
  }
  const [refused, found] = await gallery.searchMany([foreign, first], 1)
  expect(refused).toMatchObject({ code: 'other_model' })
  expect(ids(found)).toEqual(['t0'])
  expect(gallery.size).toBe(3)
  // @ts-expect-error a template of a model that was opened under another name does not compile
  gallery.search({ ...first, name: 'evaluation' }, 1)
  await gallery.close()
})

test('an empty gallery finds nobody', async () => {
  const gallery = new Gallery(model, 128)
  const [query] = templates(1, 128, 1)
  if (query === undefined) throw new Error('a template')
  expect(ids(gallery.search(query, 5))).toEqual([])
  expect(ids((await gallery.searchMany([query], 5))[0])).toEqual([])
  await gallery.close()
})

test('no more owners are named than the limit allows', async () => {
  const all = templates(faceLimits.searchResultsMax + 50, 32, 10)
  const gallery = galleryOf(all, 32)
  const [query] = all
  if (query === undefined) throw new Error('a template')
  expect(ids(gallery.search(query, 1_000_000)).length).toBe(faceLimits.searchResultsMax)
  await gallery.close()
})
