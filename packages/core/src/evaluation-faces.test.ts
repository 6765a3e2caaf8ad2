/** What is told of a contractor's face model: true where people are many, nothing where they are few. */

import { describe, expect, test } from 'vitest'

import type { Chance } from './cohorts.ts'
import {
  type FaceReport,
  faceReportLimits,
  type FaceTrials,
  reportFaces,
  type TriedPair,
  type TriedPerson,
} from './evaluation-faces.ts'
import { drawPeople, type FaceLabel, strangerPairs, strangersEach } from './evaluation-people.ts'

/** Mulberry32. */
function chanceOf(seed: number): Chance {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** No noise at all: both geometric draws are 0. */
const quiet: Chance = () => 0

/** Of every 100 people the candidate misses 3 and the model in service 8; of strangers 1 in 100 is near. */
function trialsOf(count: number): FaceTrials {
  const pair = (at: number): TriedPair => ({
    candidate: at % 100 < 3 ? 1.35 : 0.35,
    service: at % 100 < 8 ? 1.35 : 0.35,
  })
  const people = Array.from({ length: count }, (_, at): TriedPerson => ({
    camera: at % 3 === 0 ? 'in-1' : 'in-2',
    issuer: at % 50 === 0 ? 'ATA' : at % 2 === 0 ? 'USA' : 'MEX',
    light: at % 4 === 0 ? 'dark' : 'bright',
    pictures: 2,
    lost: { candidate: 0, service: 0 },
    pair: pair(at),
  }))
  const strangers = strangerPairs(count).map((_, at) => {
    const distance = at % 100 === 0 ? 0.55 : 1.25
    return { candidate: distance, service: distance }
  })
  const { cuts, rates } = faceReportLimits
  return { people, strangers, cuts: { candidate: cuts, service: cuts }, rates }
}

function told(trials: FaceTrials, chance: Chance = chanceOf(7)): FaceReport {
  const report = reportFaces(trials, chance)
  if (report === null) throw new Error('there are enough people')
  return report
}

describe('who is compared with whom', () => {
  const labels = (people: number, each: number): readonly FaceLabel[] =>
    Array.from({ length: people * each }, (_, at) => ({
      capture: `c${at}`,
      person: `p${at % people}`,
      camera: 'in-1',
      issuer: 'USA',
    }))

  test('everybody once, with two pictures of theirs at most, however often they crossed', () => {
    const drawn = drawPeople(labels(30, 9), chanceOf(1))
    expect(drawn).toHaveLength(30)
    const captures = drawn.flatMap(({ first, again }) => [first, again ?? ''])
    expect(new Set(captures).size).toBe(60)
    for (const { first, again } of drawn)
      expect(Number(first.slice(1)) % 30).toBe(Number(again?.slice(1)) % 30)
  })

  test('the same seed draws the same, another one others, and no more pictures than allowed', () => {
    const some = labels(30, 3)
    expect(drawPeople(some, chanceOf(1))).toEqual(drawPeople(some, chanceOf(1)))
    expect(drawPeople(some, chanceOf(1))).not.toEqual(drawPeople(some, chanceOf(2)))
    const few = drawPeople(some, chanceOf(1), 11)
    expect(few.flatMap(({ again }) => (again === null ? [1] : [1, 1]))).toHaveLength(11)
  })

  test.each([0, 1, 2, 3, 20, 21, 22, 57])(
    'of %i people nobody meets themselves, a pair twice, or more others than is counted on',
    (count) => {
      const pairs = strangerPairs(count)
      expect(pairs.every(([a, b]) => a !== b)).toBe(true)
      const names = pairs.map(([a, b]) => [a, b].toSorted((x, y) => x - y).join(' '))
      expect(new Set(names).size).toBe(names.length)
      for (let one = 0; one < count; one++)
        expect(pairs.filter((pair) => pair.includes(one)).length).toBeLessThanOrEqual(strangersEach)
    },
  )
})

describe('what is told', () => {
  test('without noise it is what was counted', () => {
    const { candidate, against, at_rate: rate } = told(trialsOf(20_000), quiet)
    expect(candidate.rates.find((one) => one.rate === 0.01)).toMatchObject({
      kind: 'stated',
      point: { distance: 1.2, false_match: { share: 0.01 }, false_non_match: { share: 0.03 } },
    })
    expect(rate).toBe(0.01)
    expect(against).toEqual({ both: 18_400, only_candidate: 1_000, only_service: 0, neither: 600 })
  })

  test('with noise the truth lies within what is said beside it', () => {
    let outside = 0
    const trials = trialsOf(3_000)
    for (let seed = 0; seed < 40; seed++) {
      const { candidate } = told(trials, chanceOf(seed))
      const point = candidate.curve.find(({ distance }) => distance === 0.8)
      if (point === undefined) throw new Error('a cut has a point')
      const { false_match: match, false_non_match: miss } = point
      if (Math.abs(match.share - 0.01) > match.within) outside += 1
      if (Math.abs(miss.share - 0.03) > miss.within) outside += 1
    }
    expect(outside).toBeLessThan(10)
  })

  test('a rate that noise would hide is not stated', () => {
    for (const people of [40, 200, 1_000]) {
      const trials = trialsOf(people)
      for (let seed = 0; seed < 20; seed++)
        expect(told(trials, chanceOf(seed)).candidate.rates.at(-1)?.kind).toBe('too_few_people')
    }
  })

  test('nothing is told of nineteen people, however many pairs they make', () => {
    const { people, strangers, ...rest } = trialsOf(300)
    const nineteen = people.map((one, at) => (at < 19 ? one : { ...one, pair: null }))
    expect(reportFaces({ ...rest, people: nineteen, strangers }, quiet)).toBeNull()
    expect(reportFaces({ ...rest, people: people.slice(0, 20), strangers }, quiet)).not.toBeNull()
  })

  test('a group of fewer than twenty people is counted with another', () => {
    const { by_issuer: groups } = told({ ...trialsOf(900), rates: [0.5] }, quiet)
    expect(groups.map(({ cohort }) => cohort)).toEqual(['MEX', 'others'])
    const sizes = groups.map(({ matched, not_matched: not }) => matched + not)
    expect(sizes).toEqual([450, 450])
  })

  test('one person more or less changes single counts by what the noise is made for', () => {
    const all = trialsOf(3_000)
    const [gone] = all.people
    if (gone === undefined) throw new Error('somebody is there')
    const lost = { candidate: null, service: null }
    const met = new Set(strangerPairs(3_000).flatMap((pair, at) => (pair.includes(0) ? [at] : [])))
    const without: FaceTrials = {
      ...all,
      people: all.people.map((one) =>
        one === gone ? { ...one, pair: lost, lost: { candidate: 2, service: 2 } } : one,
      ),
      strangers: all.strangers.map((pair, at) => (met.has(at) ? lost : pair)),
    }
    const [before, after] = [told(all, quiet), told(without, quiet)]
    for (const model of ['candidate', 'service'] as const) {
      const moved = (kind: 'genuine' | 'strangers') =>
        before[model].cells.reduce(
          (sum, cell, at) => sum + Math.abs(cell[kind] - (after[model].cells[at]?.[kind] ?? 0)),
          0,
        )
      expect(moved('genuine')).toBe(1)
      expect(moved('strangers')).toBe(strangersEach)
    }
    const cells = ({ against }: FaceReport) => Object.values(against ?? {})
    const changed = cells(before).map((count, at) => Math.abs(count - (cells(after)[at] ?? 0)))
    expect(changed.reduce((sum, one) => sum + one, 0)).toBe(1)
  })
})
