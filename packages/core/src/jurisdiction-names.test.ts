import { readFile } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { jurisdictionName } from './jurisdiction-names.ts'

test.each([
  ['us-ca', 'California'],
  ['US', 'United States'],
  ['mx-bcn', 'Baja California'],
  ['ca-qc', 'Québec'],
  ['xx-yy', 'XX-YY'],
  ['constructor', 'CONSTRUCTOR'],
])('%s is %s', (code, name) => {
  expect(jurisdictionName(code)).toBe(name)
})

test('every jurisdiction that a shipped model can name has a name for people', async () => {
  const models = new URL('../../vision/models/', import.meta.url)
  for (const file of ['plate-reader.json', 'plate-jurisdiction.json']) {
    const text = await readFile(new URL(file, models), 'utf8').catch(() => '{}')
    const card = JSON.parse(text) as { jurisdictions?: string[] }
    for (const code of card.jurisdictions ?? []) {
      if (code === 'other' || code === 'unknown') continue
      expect(jurisdictionName(code), code).not.toBe(code.toUpperCase())
    }
  }
})
