/** Entries about faces and galleries in words. */

import type { FaceLogEntry } from '@sallyport/proof/face-entry'

import { plural } from '../format/figures.ts'

const frequentRuleWords = {
  proposed: 'a person proposed a rule for galleries of those who cross often.',
  agreed: 'a second person agreed to a rule for galleries of those who cross often: it holds.',
  ended: 'a rule for galleries of those who cross often was ended.',
} as const

export function faceSentence(entry: FaceLogEntry): string {
  switch (entry.kind) {
    case 'face_compared':
      return entry.calibration_sha256 === undefined
        ? 'a face of a crossing was not compared with anybody.'
        : 'a face of a crossing was compared with those who are expected. With whom does not stand in the log.'
    case 'faces_forgotten':
      return `${plural(entry.faces, 'face', 'faces')} of a crossing were forgotten.`
    case 'gallery_opened':
      return entry.rule === undefined
        ? `a gallery of ${plural(entry.entries, 'person', 'people')} was opened.`
        : `a gallery of ${plural(entry.entries, 'person', 'people')} who cross often at this hour was opened, by a rule.`
    case 'frequent_rule':
      return frequentRuleWords[entry.says]
    case 'gallery_changed':
      return `a gallery was changed: ${plural(entry.described, 'photograph', 'photographs')} described, ${plural(entry.removed, 'person', 'people')} removed.`
    case 'gallery_ended':
      return 'a gallery is over: its templates and photographs are gone.'
    case 'face_calibration':
      return `templates of ${plural(entry.captures, 'face', 'faces')} of ${plural(entry.people, 'person', 'people')}, whom people had confirmed, were opened to be compared. Whose does not stand in the log.`
    case 'face_calibration_reported':
      return 'totals of comparing stored faces were told.'
  }
}
