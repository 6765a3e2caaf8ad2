/** The bundle of the vectors is checked by whoever has its two keys, and no edited line of it is. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { expect, test } from 'vitest'

import { checkScopeBundle } from '../scope-bundle.ts'
import { readVectors, vectorFolder } from './vector-files.ts'

type Keys = {
  readonly vkey: string
  readonly agency: string
  readonly counts: { readonly total: { readonly pictures: number; readonly crossings: number } }
}

const keys = readVectors<Keys>('scope/scope.json')
const lines = fs
  .readFileSync(path.join(vectorFolder, 'scope/bundle.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')

test('the bundle of the vectors holds, with as many pictures as its document counts', async () => {
  const checked = await checkScopeBundle(lines, keys)
  if (checked.kind !== 'checked') throw new Error(`${checked.code}: ${checked.detail}`)
  expect(checked.pictures).toHaveLength(keys.counts.total.pictures)
  expect(checked.crossings.size).toBe(keys.counts.total.crossings)
  expect(checked.entries).toBe(4)
})

test('it holds for no other log and no other agency', async () => {
  const swapped = { vkey: keys.agency, agency: keys.vkey }
  expect(await checkScopeBundle(lines, swapped)).toMatchObject({ kind: 'refused' })
  expect(await checkScopeBundle(lines, { ...keys, vkey: keys.agency })).toMatchObject({
    code: 'not_this_log',
  })
})

test('a bundle of which a single line is gone or anything else is refused with a closed code', async () => {
  for (const at of lines.keys()) {
    expect(await checkScopeBundle(lines.toSpliced(at, 1), keys)).toMatchObject({ kind: 'refused' })
    for (const instead of ['', '{}', '[]', '{"kind":"entry"}', 'null', '{"kind":"head"}'])
      expect(await checkScopeBundle(lines.toSpliced(at, 1, instead), keys)).toMatchObject({
        code: 'malformed_bundle',
      })
  }
  expect(await checkScopeBundle([], keys)).toMatchObject({ code: 'malformed_bundle' })
})
