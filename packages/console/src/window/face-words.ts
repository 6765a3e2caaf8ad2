/** What the console says of a face: a machine suggests, a person looks. */

import type { AcquisitionFault } from '@sallyport/core/faces/acquisition'
import type { OffReason } from '@sallyport/core/faces/outcome'

import type { FaceCandidate, FaceOutcome } from './face-queries.ts'

const faultWords: Readonly<Record<AcquisitionFault, string>> = {
  too_small: 'too small',
  blurred: 'blurred',
  turned_away: 'turned away',
  tilted: 'tilted',
  too_dark: 'too dark',
  too_bright: 'too bright',
  flat: 'without contrast',
  other_model: 'described by another model',
  template_not_opened: 'not to be opened',
}

const offWords: Partial<Readonly<Record<OffReason | 'no_basis', string>>> = {
  off_at_hub: 'by the hub’s setting',
  no_basis: 'no ground is recorded for this site',
  no_calibration: 'no calibration is in service',
  gallery_too_large: 'too many people are expected for the calibration',
}

/** One sentence; the heading of a face. */
export function faceWords(outcome: FaceOutcome): string {
  switch (outcome.kind) {
    case 'match':
      return outcome.candidates
        .map((one) => `May be ${candidateWords(one)}. Compare them.`)
        .join(' ')
    case 'too_close':
      return outcome.candidates.some((one) => one.mark_of_watch)
        ? 'Look yourself: may resemble somebody who is looked for.'
        : 'Look yourself: too close to call.'
    case 'no_match':
      return 'Look yourself: nobody who is expected resembles enough.'
    case 'no_gallery':
      return 'Look yourself: nobody is expected here at this time.'
    case 'not_acquired':
      return `Look yourself: the face is ${faultWords[outcome.why]}.`
    case 'off':
      return `Faces are not compared here: ${offWords[outcome.reason] ?? outcome.reason}.`
    case 'opted_out':
      return 'Opted out: no face is held. Check the document by eye.'
    case 'withheld':
      return 'Shown when you have recorded what you see.'
  }
}

/** As passenger lists name them. */
const documentNames: Readonly<Record<string, string>> = {
  P: 'passport',
  V: 'visa',
  I: 'identity card',
}

/** 'ERIKSSON ANNA, passport …98C3'. */
export function candidateWords(one: FaceCandidate): string {
  const number = one.document_number_tail === null ? '' : ` …${one.document_number_tail}`
  const kind = one.document_kind ?? ''
  const document = `${documentNames[kind] ?? kind}${number}`.trim()
  const unknown = one.mark_of_watch ? 'somebody of unknown name' : 'somebody whose list has ended'
  const name = one.name ?? unknown
  return document === '' ? name : `${name}, ${document}`
}

/** Where somebody is expected: 'In the gallery DF042.' Null once it has ended, and of a watch entry. */
export function galleryWords({ gallery }: FaceCandidate): string | null {
  if (gallery === null) return null
  return gallery.kind === 'frequent'
    ? `In ${gallery.name}, a gallery made by a rule.`
    : `Expected: ${gallery.kind === 'flight' ? 'flight ' : ''}${gallery.name}.`
}

export function candidatesIn(outcome: FaceOutcome): readonly FaceCandidate[] {
  return outcome.kind === 'match' || outcome.kind === 'too_close' ? outcome.candidates : []
}
