/** What the specifications show is what the vectors hold. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { expect, test } from 'vitest'

import { readVectors, vectorFolder } from './vector-files.ts'

function spec(name: string): string {
  return fs.readFileSync(path.join(vectorFolder, '..', name), 'utf8')
}

/** The JSON examples of a specification, in canonical form; one within a rule shows a part of something. */
function examples(name: string): readonly string[] {
  const blocks = spec(name).matchAll(/^```json\n([^`]*)```/gm)
  return Array.from(blocks, ([, text]) => JSON.stringify(JSON.parse(text ?? '')))
}

test('manifest.md shows the signed manifests', () => {
  const { cases } = readVectors<{ cases: { manifest: string }[] }>('manifest/manifest.json')
  expect(examples('manifest.md')).toEqual(cases.slice(0, 2).map(({ manifest }) => manifest))
})

test('log.md shows an entry and a receipt', () => {
  const { entries } = readVectors<{ entries: { entry: string }[] }>('log/entries.json')
  expect(entries.map(({ entry }) => entry)).toContain(examples('log.md')[0])
  const { cases } = readVectors<{ cases: { receipt: string }[] }>('log/receipts.json')
  expect(spec('log.md')).toContain(cases[1]?.receipt ?? 'no receipt')
})

test('seal.md shows the epochs, a header, one under a KEK and a closed day', () => {
  const { document } = readVectors<{ document: string }>('seal/epochs.json')
  const { statement } = readVectors<{ statement: string }>('seal/day-closed.json')
  expect(examples('seal.md')).toEqual([document, statement])
  const keks = readVectors<{ cases: { header_text: string }[] }>('seal/keks.json')
  expect(spec('seal.md')).toContain(keks.cases[0]?.header_text ?? 'no header')
  const { cases } = readVectors<{ cases: { file?: string }[] }>('seal/seal.json')
  const files = cases.map(({ file = '' }) => Buffer.from(file, 'base64').toString('latin1'))
  const [, header = ''] = /```\n(age-encryption[^`]*)```/.exec(spec('seal.md')) ?? []
  expect(files.some((file) => header !== '' && file.startsWith(header))).toBe(true)
})

test('every refusal of the code stands in a specification', () => {
  const code = [
    'bundle.ts',
    'epoch.ts',
    'day-closed.ts',
    'tlog-proof.ts',
    'checkpoint.ts',
    'note.ts',
    'node/seal.ts',
  ]
  const source = code
    .map((name) => fs.readFileSync(path.join(import.meta.dirname, '..', name), 'utf8'))
    .join()
  const refused = Array.from(source.matchAll(/refuse\('([a-z_]+)'/g), ([, name]) => name ?? '')
  const specs = ['seal.md', 'log.md', 'manifest.md'].map(spec).join()
  expect(new Set(refused).size).toBeGreaterThan(15)
  for (const name of refused) expect(specs).toContain(`\`${name}\``)
})
