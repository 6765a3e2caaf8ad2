/** A contractor's face model on travellers of a month whom people confirmed at the window. */

import { randomInt } from 'node:crypto'

import type { LabelMonth } from '@sallyport/core/evaluation-candidate'
import { type FaceTrials, reportFaces, type TriedPair } from '@sallyport/core/evaluation-faces'
import {
  type DrawnPerson,
  drawPeople,
  peopleLimits,
  strangerPairs,
} from '@sallyport/core/evaluation-people'
import { chanceOf } from '@sallyport/marks/chance'
import { confirmedFaces } from '@sallyport/store/faces/confirmed'
import type { FaceCard } from '@sallyport/vision/face/face-card'
import { vectorDistance } from '@sallyport/vision/face/template'

import type { BothDescriptions } from '../sandbox/candidate-job.ts'
import type { FaceInService, Trial, TrialContext } from './trial.ts'

/** How a face model is to be counted, as its owner asks. */
export type FaceQuestions = Pick<FaceTrials, 'rates'> & { readonly cuts: readonly number[] }

export async function faceTrial(
  { card, questions }: { readonly card: FaceCard; readonly questions: FaceQuestions },
  set: LabelMonth,
  service: FaceInService,
  { db, open }: TrialContext,
): Promise<Trial> {
  const labels = await confirmedFaces(db, set, peopleLimits.picturesMax)
  const people = drawPeople(labels, chanceOf(randomInt(2 ** 32)))
  // A person's pictures one after the other.
  const captures = people.flatMap(({ first, again }) => (again === null ? [first] : [first, again]))
  return {
    subject: 'faces',
    name: card.name,
    labels: people.filter(({ again }) => again !== null).length,
    captures,
    async open({ model, sha256 }) {
      const job = { subject: 'faces', model, sha256, card, service, options: {} } as const
      const candidate = await open.faces(job)
      if (candidate.kind === 'refused') return candidate
      const tried = new Map<string, BothDescriptions>()
      return {
        ...candidate,
        async tryOn(place, picture) {
          const [both, capture] = [await candidate.tryOn(picture), captures[place]]
          if (both !== null && capture !== undefined) tried.set(capture, both)
        },
        report(chance) {
          const cuts = { candidate: questions.cuts, service: service.cuts }
          return reportFaces({ ...trialsOf(people, tried), cuts, rates: questions.rates }, chance)
        },
        async close() {
          for (const { candidate: mine, service: theirs } of tried.values()) {
            mine?.fill(0)
            theirs?.fill(0)
          }
          await candidate.close()
        },
      }
    },
  }
}

/** Distances of everybody to themselves and to others. Who could not be opened is not there. */
function trialsOf(
  drawn: readonly DrawnPerson[],
  tried: ReadonlyMap<string, BothDescriptions>,
): Pick<FaceTrials, 'people' | 'strangers'> {
  const here = drawn.flatMap(({ first, again, camera, issuer }) => {
    const seen = tried.get(first)
    const second = again === null ? undefined : tried.get(again)
    return seen === undefined ? [] : [{ seen, second, camera, issuer }]
  })
  return {
    people: here.map(({ seen, second, camera, issuer }) => {
      const pictures = second === undefined ? [seen] : [seen, second]
      return {
        camera,
        issuer,
        light: seen.light,
        pictures: pictures.length,
        lost: {
          candidate: pictures.filter(({ candidate }) => candidate === null).length,
          service: pictures.filter(({ service }) => service === null).length,
        },
        pair: second === undefined ? null : pairOf(seen, second),
      }
    }),
    strangers: strangerPairs(here.length).flatMap(([one, other]) => {
      const [a, b] = [here[one]?.seen, here[other]?.seen]
      return a === undefined || b === undefined ? [] : [pairOf(a, b)]
    }),
  }
}

function pairOf(a: BothDescriptions, b: BothDescriptions): TriedPair {
  return {
    candidate: distanceOf(a.candidate, b.candidate),
    service: distanceOf(a.service, b.service),
  }
}

function distanceOf(a: Float32Array | null, b: Float32Array | null): number | null {
  return a === null || b === null ? null : vectorDistance(a, b)
}
