/** Bytes of a passenger list as text: the character set that the interchange names, or what they are. */

import type { Fault } from './edifact.ts'
import { listLimits } from './limits.ts'

export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly warning: string | null }
  | { readonly kind: 'refused'; readonly fault: Fault }

/** Character sets of ISO 9735 by their syntax identifier; A and B are parts of ASCII. */
const sets: Readonly<Record<string, string>> = {
  UNOC: 'iso-8859-1',
  UNOD: 'iso-8859-2',
  UNOE: 'iso-8859-5',
  UNOF: 'iso-8859-7',
  UNOG: 'iso-8859-3',
  UNOH: 'iso-8859-4',
  UNOI: 'iso-8859-6',
  UNOJ: 'iso-8859-8',
  UNOW: 'utf-8',
  UNOY: 'utf-8',
}

/** Decodes a file of at most `listLimits.bytesMax`. Never throws. */
export function decodeList(bytes: Uint8Array): Decoded {
  if (bytes.length > listLimits.bytesMax)
    return refused(`longer than ${listLimits.bytesMax} bytes; send it in parts`)
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return refused('UTF-16, which no interchange is in; save it as UTF-8')
  if (bytes.includes(0)) return refused('bytes of zero: this is no text')
  const head = new TextDecoder('iso-8859-1').decode(bytes.subarray(0, 2000))
  const named = /UNB.(UNO[A-Z])/.exec(head)?.[1] ?? ''
  const set = sets[named]
  if (set !== undefined && set !== 'utf-8')
    return { kind: 'text', text: new TextDecoder(set).decode(bytes), warning: null }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const beyond = (named === 'UNOA' || named === 'UNOB') && /\P{ASCII}/u.test(text)
    return {
      kind: 'text',
      text,
      warning: beyond ? `${named} has no such letters; they were read as UTF-8` : null,
    }
  } catch {
    if (set === 'utf-8') return refused(`${named} says UTF-8, and these bytes are not`)
    const text = new TextDecoder('windows-1252').decode(bytes)
    return { kind: 'text', text, warning: 'neither ASCII nor UTF-8; read as Windows-1252' }
  }
}

function refused(detail: string): Decoded {
  return { kind: 'refused', fault: { line: 1, column: 1, detail } }
}
