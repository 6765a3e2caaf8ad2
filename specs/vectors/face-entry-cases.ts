/** One entry of every kind about faces and galleries. */

import type { LogEntry } from '@sallyport/proof/entry'

export function faceExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const gallery = id()
  return [
    { ...head, kind: 'face_compared', face: id(), what: hash(), calibration_sha256: hash() },
    { ...head, kind: 'face_compared', face: id(), what: hash() },
    { ...head, kind: 'faces_forgotten', crossing: id(), faces: 2 },
    { ...head, kind: 'gallery_opened', gallery, entries: 214, by },
    { ...head, kind: 'gallery_changed', gallery, described: 25, removed: 0, by },
    { ...head, kind: 'gallery_ended', gallery, how: 'expired' },
  ]
}

/** Of a rule for those who cross often, and a gallery that a hub made by it. */
export function frequentExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const rule = id()
  return [
    { ...head, kind: 'frequent_rule', rule, says: 'proposed', terms: hash(), by },
    { ...head, kind: 'gallery_opened', gallery: id(), entries: 61, rule },
  ]
}

/** Of stored faces that are compared because people confirmed them. */
export function calibrationExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const calibration = id()
  return [
    {
      ...head,
      kind: 'face_calibration',
      calibration,
      purpose: 'evaluation',
      model_sha256: hash(),
      captures: 522,
      people: 174,
      set: hash(),
      by,
    },
    { ...head, kind: 'face_calibration_reported', calibration, report_sha256: hash() },
  ]
}
