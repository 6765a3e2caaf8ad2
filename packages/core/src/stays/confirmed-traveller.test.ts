import { expect, test } from 'vitest'

import type { FaceOutcome } from '../faces/outcome.ts'
import { type Said, type Step, windowState } from '../window/window.ts'
import { confirmedEntry } from './confirmed-traveller.ts'

const ann = { entry: 'ann', gallery: 'ferry' }
const twin = { entry: 'twin', gallery: 'ferry' }
const match: FaceOutcome = { kind: 'match', candidates: [ann] }
const oneClose: FaceOutcome = { kind: 'too_close', candidates: [ann] }
const twins: FaceOutcome = { kind: 'too_close', candidates: [ann, twin] }
const lookedFor: FaceOutcome = { kind: 'too_close', candidates: [{ entry: 'ann', gallery: null }] }
const admitted: Said = { kind: 'admitted' }
const referred: Said = { kind: 'referred', reason: 'look_yourself' }
const looked = (finding: 'same_person' | 'another_person' | 'cannot_tell'): Said => ({
  kind: 'looked',
  finding,
})
const closed = (
  outcome: 'admitted' | 'left_by_choice' | 'taken_over',
  wrong: readonly 'face'[] = [],
): Said => ({ kind: 'closed', outcome, wrong })

function state(...said: readonly Said[]) {
  return windowState(
    said.map((one, at): Step => ({
      id: `s${at}`,
      place: at + 1,
      at: new Date(at),
      account: `officer ${at}`,
      said: one,
    })),
  )
}

test.each([
  ['a match that nobody looked at', match, [], null],
  ['a match, and the officer lets it go on', match, [admitted], 'ann'],
  ['which was taken back', match, [admitted, { kind: 'undone' }], null],
  ['a match that was referred and waits', match, [referred], null],
  ['the same person by eye', match, [referred, looked('same_person'), closed('admitted')], 'ann'],
  [
    'by eye, where the machine was unsure',
    oneClose,
    [referred, looked('same_person'), closed('admitted')],
    'ann',
  ],
  ['where the machine was unsure, admitting names nobody', oneClose, [admitted], null],
  ['twins: of two candidates nobody knows which', twins, [admitted], null],
  [
    'twins, and a person who says "the same"',
    twins,
    [referred, looked('same_person'), closed('admitted')],
    null,
  ],
  [
    'two who looked and disagree',
    match,
    [referred, looked('same_person'), looked('another_person'), closed('admitted')],
    null,
  ],
  ['nobody could tell', match, [referred, looked('cannot_tell'), closed('admitted')], null],
  [
    'closed, and the face was wrong',
    match,
    [referred, looked('same_person'), closed('admitted', ['face'])],
    null,
  ],
  [
    'who turned round did not pass',
    match,
    [referred, looked('same_person'), closed('left_by_choice')],
    null,
  ],
  ['who opted out is nobody', match, [{ kind: 'opted_out' }, admitted], null],
  [
    'a watch entry is no traveller that is expected',
    lookedFor,
    [referred, looked('same_person'), closed('admitted')],
    null,
  ],
  ['no match', { kind: 'no_match' }, [admitted], null],
] as const)('%s', (_, outcome, said, entry) => {
  expect(confirmedEntry(outcome, state(...said))).toBe(entry)
})
