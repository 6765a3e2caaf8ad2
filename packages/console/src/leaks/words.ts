/** What a finding means, in words: what was found out of a file, on what evidence, and how surely. */

import type { FindingLevel, FindingVerdict } from '@sallyport/core/leaks/finding'

import type { LeakEvidence, LeakFile } from './api.ts'

export const verdictWords: Readonly<Record<FindingVerdict, string>> = {
  ours: 'Ours',
  unsure: 'Unsure',
  not_ours: 'Not ours',
}

export const levelWords: Readonly<Record<FindingLevel, string>> = {
  this_picture: 'this picture',
  same_subject: 'the same vehicle or person, another picture',
  look_alike: 'a look-alike',
}

/** To whom the copy was given; empty where no copy that left is named. */
export function provenanceOf({ party, opening, release }: LeakFile): string {
  const copy =
    opening === null
      ? release === null
        ? null
        : `release ${short(release)}`
      : `opening ${short(opening)}`
  if (copy === null) return ''
  return party === null ? copy : `given to ${party}, ${copy}`
}

/** How likely it is that the verdict is wrong, at most. */
export function errorWords(probability: number | null): string {
  if (probability === null) return 'how likely this is wrong was not measured'
  if (probability === 0) return 'no chance of error: byte for byte'
  const one = 1 / probability
  if (one >= 1e6) return `wrong at most once in 10^${Math.floor(Math.log10(one))}`
  return `wrong at most once in ${Math.floor(one)}`
}

/** One piece of evidence in a sentence; null for what is no evidence by itself and says nothing more. */
export function evidenceWords(one: LeakEvidence): string {
  const capture = short(textOf(one['capture']))
  switch (one.kind) {
    case 'exact_bytes':
      return `Byte for byte the copy of capture ${capture} that was sent`
    case 'mark':
      return `Carries the mark of a copy of capture ${capture}, read ${one['way'] === 'blind' ? 'by itself' : 'against the original'}`
    case 'laid_over':
      return `Laid over capture ${capture}: its ${one['subject'] === 'face' ? 'face' : 'plate'} agrees to ${share(one['box'])}${one['grain'] === null ? '' : `, what is finest to ${share(one['grain'])}`}${typeof one['around'] === 'number' ? `, what stands around it to ${share(one['around'])}` : ''}${typeof one['corners'] === 'number' ? `, ${one['corners']} corners` : ''}`
    case 'photograph':
      return `Capture ${capture} is the photograph of somebody ${whereOf(one['of'])}; whoever issued their document may hold it, too`
    case 'near_hash':
      return `Looks like capture ${capture} as a whole, which proves nothing`
    case 'plate':
      return one['differing'] === 0
        ? `Shows the plate of capture ${capture}`
        : `Shows a plate one character away from that of capture ${capture}`
    case 'face':
      return one['sure'] === true
        ? `A face as alike as pictures of one person are: capture ${capture}`
        : `A face that may be that of capture ${capture}`
    case 'canary':
      return `A planted record that nobody has but the recipient of release ${short(textOf(one['release']))}`
    case 'shredded':
      return `Capture ${capture} is shredded: nothing can be laid over it any more`
    case 'not_compared':
      return textOf(one['reason'])
    default:
      return one.kind
  }
}

/** A cell of CSV: quoted, and never taken for a formula. */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}

const columns = [
  'number',
  'file',
  'sha256',
  'verdict',
  'level',
  'capture',
  'crossing',
  'opening',
  'release',
  'party',
  'error_probability',
] as const

/** One line a file, as spreadsheets take it. */
export function csvOf(files: readonly LeakFile[]): string {
  const lines = files.map((file) => columns.map((name) => csvCell(file[name])).join(','))
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

export function short(id: string): string {
  return `${id.slice(0, 8)}…`
}

/** In which list a photograph stands. */
function whereOf(of: unknown): string {
  const listed = typeof of === 'object' && of !== null && 'name' in of ? textOf(of.name) : ''
  return listed === '' ? 'who is looked for' : `expected in the gallery ${listed}`
}

function share(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(2) : 'nothing'
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
