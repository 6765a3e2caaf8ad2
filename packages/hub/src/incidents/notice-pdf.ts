/** A notice as a PDF: a letter with its head, on as many pages as it takes. */

import type { NoticeText } from '@sallyport/core/notices/compose'

import { type PlacedBlock, type PlacedLine, writePdf } from './pdf-file.ts'
import { type Face, lettersOf, widthOf } from './pdf-letters.ts'

/** US Letter in points, which A4 printers take as it is with these margins. */
const page = { width: 612, height: 792, margin: 72, foot: 36 } as const
const column = page.width - 2 * page.margin
const pagesMax = 200

type Style = {
  readonly tag: PlacedBlock['tag']
  readonly face: Face
  readonly size: number
  /** From line to line, and before the first. */
  readonly leading: number
  readonly before: number
  /** What must find room below it on the same page: a heading is not left alone. */
  readonly keeps: number
}

const styles = {
  name: { tag: 'P', face: 'bold', size: 11, leading: 14, before: 0, keeps: 0 },
  address: { tag: 'P', face: 'regular', size: 10, leading: 13, before: 0, keeps: 0 },
  title: { tag: 'H1', face: 'bold', size: 18, leading: 23, before: 30, keeps: 60 },
  heading: { tag: 'H2', face: 'bold', size: 13, leading: 17, before: 16, keeps: 32 },
  text: { tag: 'P', face: 'regular', size: 11.5, leading: 16, before: 3, keeps: 0 },
} as const satisfies Readonly<Record<string, Style>>

const pageWords = {
  en: (at: number, of: number) => `Page ${at} of ${of}`,
  es: (at: number, of: number) => `Página ${at} de ${of}`,
  fr: (at: number, of: number) => `Page ${at} sur ${of}`,
} as const

export type NoticePdf =
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array }
  /** A letter that is in no font of every reader: the page is printed instead. */
  | { readonly kind: 'unprintable'; readonly letter: string }

/** The same text makes the same bytes. */
export function noticePdf({ language, title, sections, letterhead }: NoticeText): NoticePdf {
  const paragraphs = [
    ...(letterhead === undefined
      ? []
      : [
          { style: styles.name, text: letterhead.name },
          ...(letterhead.contact === ''
            ? []
            : [{ style: styles.address, text: letterhead.contact }]),
        ]),
    { style: styles.title, text: title },
    ...sections.flatMap(({ heading, text }) => [
      { style: styles.heading, text: heading },
      { style: styles.text, text },
    ]),
  ]
  const blocks: PlacedBlock[] = []
  let at: Place = { page: 0, y: page.height - page.margin }
  for (const { style, text } of paragraphs) {
    const letters = lettersOf(text.replaceAll(/\s*\n\s*/g, ' '))
    if (letters.kind === 'unprintable') return letters
    const placed = place(brokenLines(letters.bytes, style), style, at)
    blocks.push({ tag: style.tag, lines: placed.lines })
    at = placed.end
  }
  const pages = at.page + 1
  if (pages > pagesMax) throw new Error(`a notice of ${pages} pages`)
  const marks = new Map<number, PlacedLine>()
  for (let number = 0; number < pages; number++)
    marks.set(number, footOf(pageWords[language](number + 1, pages)))
  const { width, height } = page
  return {
    kind: 'pdf',
    bytes: writePdf({ title, language, width, height, pages, blocks, marks }),
  }
}

type Place = { readonly page: number; readonly y: number }

function place(lines: readonly Uint8Array[], style: Style, from: Place) {
  const { face, size, leading, before, keeps } = style
  const placed = new Map<number, PlacedLine[]>()
  const isTop = from.y === page.height - page.margin
  let { page: number, y } = { ...from, y: from.y - (isTop ? 0 : before) }
  if (y - lines.length * leading - keeps < page.margin && keeps > 0) {
    number += 1
    y = page.height - page.margin
  }
  for (const letters of lines) {
    if (y - leading < page.margin) {
      number += 1
      y = page.height - page.margin
    }
    y -= leading
    placed.set(number, [
      ...(placed.get(number) ?? []),
      { x: page.margin, y: y + leading - size, face, size, letters },
    ])
  }
  return { lines: placed, end: { page: number, y } }
}

const space = 0x20

/** Words as they fit; a line keeps the space at its end, so that what is read out of the file has its words apart. */
function brokenLines(letters: Uint8Array, { face, size }: Style): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let line: number[] = []
  let used = 0
  for (const word of wordsOf(letters)) {
    const bare = word.at(-1) === space ? word.subarray(0, -1) : word
    if (line.length > 0 && used + widthOf(bare, face, size) > column) {
      lines.push(Uint8Array.from(line))
      line = []
      used = 0
    }
    for (const byte of word) {
      const width = widthOf(Uint8Array.of(byte), face, size)
      // A word that is wider than the column is cut wherever it reaches the edge.
      if (line.length > 0 && byte !== space && used + width > column) {
        lines.push(Uint8Array.from(line))
        line = []
        used = 0
      }
      line.push(byte)
      used += width
    }
  }
  return line.length > 0 ? [...lines, Uint8Array.from(line)] : lines
}

/** Each with the spaces behind it. */
function* wordsOf(letters: Uint8Array): Generator<Uint8Array> {
  let from = 0
  for (let at = 1; at <= letters.length; at++)
    if (at === letters.length || (letters[at - 1] === space && letters[at] !== space)) {
      yield letters.subarray(from, at)
      from = at
    }
}

function footOf(text: string): PlacedLine {
  const letters = lettersOf(text)
  if (letters.kind === 'unprintable') throw new Error('the foot of a page is printable')
  const [face, size] = ['regular', 9] as const
  const x = page.width - page.margin - widthOf(letters.bytes, face, size)
  return { x, y: page.foot, face, size, letters: letters.bytes }
}
