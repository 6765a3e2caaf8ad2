import type { NoticeText } from '@sallyport/core/notices/compose'
import { noticeLanguages } from '@sallyport/core/notices/rules'
import { expect, test } from 'vitest'

import { noticePdf } from './notice-pdf.ts'
import { widthOf } from './pdf-letters.ts'

/** Where Windows-1252 is not Latin-1, as far as is used here; the decoder of some versions of Node does not know. */
const western: Readonly<Record<number, string>> = {
  0x80: '€',
  0x92: '’',
  0x93: '“',
  0x94: '”',
  0x97: '—',
  0x9c: 'œ',
}

function bytesOf(text: NoticeText): Uint8Array {
  const pdf = noticePdf(text)
  if (pdf.kind !== 'pdf') throw new Error(`unprintable: ${pdf.letter}`)
  return pdf.bytes
}

type Read = {
  readonly pages: readonly { readonly x: number; readonly y: number; readonly text: string }[][]
  readonly file: string
}

/** What a reader of the file finds: it goes by the table of places at its end, as readers do. */
function read(bytes: Uint8Array): Read {
  const file = Buffer.from(bytes).toString('latin1')
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1])
  const places = [...file.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) =>
    Number(at),
  )
  const object = (number: number) => {
    const from = places[number - 1] ?? -1
    expect(file.slice(from)).toMatch(new RegExp(`^${number} 0 obj\n`))
    return file.slice(from, file.indexOf('\nendobj\n', from))
  }
  const catalog = object(Number(/\/Root (\d+) 0 R/.exec(file)?.[1]))
  const tree = object(Number(/\/Pages (\d+) 0 R/.exec(catalog)?.[1]))
  const kids = [...(/\/Kids \[(.*?)\]/.exec(tree)?.[1] ?? '').matchAll(/(\d+) 0 R/g)]
  const pages = kids.map(([, page]) => {
    const content = object(Number(/\/Contents (\d+) 0 R/.exec(object(Number(page)))?.[1]))
    const length = Number(/\/Length (\d+)/.exec(content)?.[1])
    const body = content.slice(content.indexOf('stream\n') + 7, content.lastIndexOf('\nendstream'))
    expect(body).toHaveLength(length)
    return [...body.matchAll(/1 0 0 1 (\S+) (\S+) Tm <([0-9a-f]*)> Tj/g)].map(([, x, y, hex]) => ({
      x: Number(x),
      y: Number(y),
      text: [...Buffer.from(hex ?? '', 'hex')]
        .map((byte) => western[byte] ?? String.fromCharCode(byte))
        .join(''),
    }))
  })
  return { pages, file }
}

function letterOf(words: number, language: NoticeText['language'] = 'fr'): NoticeText {
  const text = Array.from({ length: words }, (_, at) => `mot${at}`).join(' ')
  return {
    language,
    letterhead: { name: 'Agence des Frontières', contact: 'privé@agence.example' },
    title: 'Avis de violation de données',
    sections: [
      { heading: 'Ce qui s’est passé', text: `Été, œuvre, “€” — ${text}` },
      { heading: 'Après', text },
    ],
  }
}

test('every word is read out of the file, in order, with its accents, on any number of pages', () => {
  for (const words of [0, 1, 400, 3_000]) {
    const letter = letterOf(words)
    const { pages } = read(bytesOf(letter))
    const { letterhead, title, sections } = letter
    const wanted = [
      ...[letterhead?.name, letterhead?.contact, title],
      ...sections.flatMap(({ heading, text }) => [heading, text]),
    ]
    const found = pages.flatMap((lines) => lines.slice(0, -1).map(({ text }) => text.trimEnd()))
    const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '')
    expect(wordsOf(found.join(' '))).toEqual(wordsOf(wanted.join(' ')))
    const feet = pages.map((lines) => lines.at(-1)?.text)
    expect(feet).toEqual(pages.map((_, at) => `Page ${at + 1} sur ${pages.length}`))
  }
})

test('nothing leaves the margins, and no heading is left alone at the foot of a page', () => {
  for (let words = 380; words < 480; words += 7) {
    const { pages } = read(bytesOf(letterOf(words)))
    for (const lines of pages) {
      for (const { x, y, text } of lines) {
        expect(y).toBeGreaterThanOrEqual(36)
        expect(y).toBeLessThanOrEqual(720)
        expect(x).toBeGreaterThanOrEqual(72)
        const letters = Buffer.from(text.trimEnd(), 'latin1')
        expect(x + widthOf(letters, 'regular', 9)).toBeLessThanOrEqual(540.1)
      }
      expect(lines.at(-2)?.text).not.toBe('Après')
    }
  }
})

test('a word that is wider than the page is cut and not lost', () => {
  const long = 'W'.repeat(500)
  const { pages } = read(bytesOf({ ...letterOf(0), sections: [{ heading: 'H', text: long }] }))
  const found = pages.flatMap((lines) => lines.map(({ text }) => text)).join('')
  expect(found).toContain(long)
})

test('the same text makes the same bytes, and another letter makes others', () => {
  for (const language of noticeLanguages)
    expect(bytesOf(letterOf(50, language))).toEqual(bytesOf(letterOf(50, language)))
  expect(bytesOf(letterOf(50))).not.toEqual(bytesOf(letterOf(51)))
})

test('title and language are there to be read aloud, and brackets in a title end nothing', () => {
  const title = 'Aviso (de) \\violación\\ & <más> Ж'
  const pdf = noticePdf({ ...letterOf(1, 'es'), title })
  expect(pdf).toEqual({ kind: 'unprintable', letter: 'Ж' })
  const { file } = read(bytesOf({ ...letterOf(900, 'es'), title: title.slice(0, -2) }))
  const utf16 = Buffer.from(title.slice(0, -2), 'utf16le').swap16().toString('hex')
  expect(file).toContain(`/Title <FEFF${utf16}>`)
  expect(file).toContain(`/Lang <FEFF${Buffer.from('es', 'utf16le').swap16().toString('hex')}>`)
  expect(file).toContain('/MarkInfo << /Marked true >>')
  expect(file.match(/\/S \/H1 /g)).toHaveLength(1)
  expect(file.match(/\/S \/H2 /g)).toHaveLength(2)
  // A paragraph that goes on on the next page is one.
  expect(file).toMatch(/\/S \/P .*\/MCR .*\/MCR /)
})
