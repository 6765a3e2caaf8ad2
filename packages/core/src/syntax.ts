/**
 * Shapes of registrations by jurisdiction, as evidence about a text and never as a rule: of real plates
 * 30 % fit no shape of their own state (vanity plates, special and newer series), so that a text
 * which fits is a little likelier, and one that does not a little less likely.
 */

import type { Jurisdiction } from './plate.ts'

/** A letter is A, a digit 9. Ordinary series of cars and light trucks; one line a jurisdiction. */
const shapes: Readonly<Record<string, string>> = {
  'us-al': '9AA9999 99AA999 9A99999 99A9999 9A9999A 99A999A',
  'us-ak': 'AAA999',
  'us-az': 'AAA9999 AAA9A9A AAA999',
  'us-ar': '999AAA AAA999 AAA99A',
  'us-ca': '9AAA999 9A99999 99999A9 9AAAA999',
  'us-co': '999AAA AAA999 AAAA99 AAA9999',
  'us-ct': 'AA99999 999AAA 999999',
  'us-de': '999999 99999 9999',
  'us-dc': 'AA9999',
  'us-fl': 'AAAA99 AA99AA A999AA 9999AA AAA99A A99AAA 999AAA',
  'us-ga': 'AAA9999 AAA999 999AAA',
  'us-hi': 'AAA999',
  'us-id': '9A99999 A999999 9AA9999 9A9999A 9AA999A',
  'us-il': 'AA99999 A999999 999999 9999999 AAA9999',
  'us-in': '999A 999AA 999AAA 99A9999',
  'us-ia': 'AAA999 999AAA',
  'us-ks': '999AAA AAA999 9999AAA',
  'us-ky': '999AAA AAA999 A9A999',
  'us-la': '999AAA AAA999 A999999',
  'us-me': '9999AA 999AAA 9999A',
  'us-md': '9AA9999 AAA999 99A999',
  'us-ma': '9AAA99 999AA9 99AA99 9999AA 999AAA 9AA999',
  'us-mi': 'AAA9999 9AAA99 AAA999 AAA99',
  'us-mn': '999AAA AAA999',
  'us-ms': 'AAA999 AAA9999 999AAA',
  'us-mo': 'AA9A9A 999AAA AAA999',
  'us-mt': '99999A 999999A AAA999 999999',
  'us-ne': 'AAA999 99A999 9A9999 9A999 99A99',
  'us-nv': '999AAA 99A999 999A99',
  'us-nh': '9999999 999999',
  'us-nj': 'A99AAA AAA99A AA999A AAA999',
  'us-nm': 'AAA999 999AAA',
  'us-ny': 'AAA9999 AAA999 999AAA',
  'us-nc': 'AAA9999 AAA999',
  'us-nd': '999AAA AAA999',
  'us-oh': 'AAA9999 AA99AA AAA999',
  'us-ok': 'AAA999 999AAA',
  'us-or': '999AAA AAA999',
  'us-pa': 'AAA9999 AAA999',
  'us-ri': 'AA999 999999 99999',
  'us-sc': 'AAA999 999AAA 9999AA',
  'us-sd': '99A999 9A9999 9AA999 99AA99',
  'us-tn': '999AAA AAA999 A9999A AAA9999',
  'us-tx': 'AAA9999 AA9A999 999AAA AAA999 A99AAA 99AAA9 9AAA99',
  'us-ut': 'A999AA 999AAA A99AA',
  'us-vt': 'AAA999',
  'us-va': 'AAA9999 AAA999',
  'us-wa': 'AAA9999 999AAA A99999A',
  'us-wv': '9AA999 9A9999 AAA999',
  'us-wi': 'AAA9999 999AAA AAA999',
  'us-wy': '99999 999999 9999A 99999A',
  'ca-ab': 'AAA9999 AAA999',
  'ca-bc': 'AA999A AAA999 999AAA AA9999',
  'ca-mb': 'AAA999',
  'ca-nb': 'AAA999',
  'ca-nl': 'AAA999',
  'ca-ns': 'AAA999',
  'ca-nt': '999999',
  'ca-nu': '999999',
  'ca-on': 'AAAA999 AAA999 AA99999 999AAA',
  'ca-pe': '99999A A999AA 99AA9',
  'ca-qc': 'A99AAA AAA999 999AAA A999999',
  'ca-sk': '999AAA',
  'ca-yt': 'AAA99',
  mx: 'AAA999A AAA9999 999AAA A99AAA AA99999 AA9999A A99999A 9AAA999',
  br: 'AAA9999 AAA9A99',
  ar: 'AAA999 AA999AA',
  uy: 'AAA9999',
  at: 'A99999A A9999AA AA999AA AA9999A',
  be: '9AAA999 AAA999',
  ch: 'AA99999 AA999999 AA9999',
  cz: '9A99999 9AA9999',
  de: 'AAA999 AAA9999 AAAA999 AAAA99 AAAA9999 AA999 AA9999 AAAAA999 AAAAA99',
  dk: 'AA99999',
  es: '9999AAA A9999AA AA9999AA',
  fr: 'AA999AA 9999AA99 999AAA99',
  gb: 'AA99AAA A999AAA AAA999A',
  hu: 'AAA999 AAAA999',
  ie: '99A9999 99A99999 999A9999 999A99999',
  it: 'AA999AA',
  nl: 'AA99AA 99AAAA AAAA99 99AAA9 9AAA99 AA999A A999AA',
  no: 'AA99999',
  pl: 'AA99999 AAA9999 AAA99999 AA9999A AAA999A',
  pt: 'AA99AA 9999AA 99AA99 AA9999',
  ro: 'A99AAA A999AAA AA99AAA',
  se: 'AAA999 AAA99A',
}

export const syntaxLimits = {
  /** Share of plates that fit a shape of their own jurisdiction (746 labelled US plates: 70 %). */
  fitsWhenRight: 0.7,
  /** Share of misreads that do; a wrong character is as often one of the other kind. */
  fitsWhenWrong: 0.25,
} as const

const known = new Map(
  Object.entries(shapes).map(([code, list]) => [code, new Set(list.split(' '))] as const),
)

/** Whether a text has a shape of the jurisdiction; null where none is known. O and 0 fit as both. */
export function fitsSyntax(text: string, code: string): boolean | null {
  const list = known.get(code) ?? known.get(code.split('-')[0] ?? '')
  if (list === undefined) return null
  for (const shape of list) if (hasShape(text, shape)) return true
  return false
}

function hasShape(text: string, shape: string): boolean {
  if (text.length !== shape.length) return false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === 'O' || character === '0') continue
    const kind = character >= '0' && character <= '9' ? '9' : 'A'
    if (kind !== shape[at]) return false
  }
  return true
}

/**
 * What its shape says for a text (above 0) or against it, as log odds: at most 1.03 and -0.92, less
 * the less sure the jurisdiction is, 0 where it or its shapes are unknown.
 */
export function syntaxLogOdds(text: string, jurisdiction: Jurisdiction | null): number {
  if (jurisdiction === null) return 0
  const fits = fitsSyntax(text, jurisdiction.code.toLowerCase())
  if (fits === null) return 0
  const { fitsWhenRight, fitsWhenWrong } = syntaxLimits
  const ratio = fits ? fitsWhenRight / fitsWhenWrong : (1 - fitsWhenRight) / (1 - fitsWhenWrong)
  return Math.log(jurisdiction.confidence * ratio + 1 - jurisdiction.confidence)
}
