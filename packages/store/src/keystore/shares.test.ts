import * as crypto from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { joinShares, parseShare, type Share, splitRoot } from './shares.ts'

const root = crypto.randomBytes(32)

async function shares(count: number, threshold: number): Promise<Share[]> {
  return (await splitRoot(root, count, threshold)).map((line) => {
    const share = parseShare(line)
    if (share === null) throw new Error('it reads back')
    return share
  })
}

test.each([
  [2, 2],
  [5, 3],
  [7, 7],
])('of %i shares every %i put the root together, in any order', async (count, threshold) => {
  const all = await shares(count, threshold)
  for (let from = 0; from < count; from++) {
    const some = Array.from({ length: threshold }, (_, at) => all[(from + at) % count]!)
    expect(await joinShares(some.toReversed())).toMatchObject({
      kind: 'recovered',
      root: new Uint8Array(root),
    })
  }
})

describe('shares that do not fit', () => {
  test.each<[string, (all: Share[], others: Share[]) => Share[], string]>([
    ['one too few', (all) => all.slice(0, 2), 'too_few_shares'],
    ['none', () => [], 'too_few_shares'],
    ['one twice', (all) => [all[0]!, all[1]!, all[0]!], 'share_twice'],
    [
      'one of another ceremony with other numbers',
      (all, others) => [all[0]!, all[1]!, others[2]!],
      'other_roots',
    ],
    [
      'one that was changed',
      (all) => [
        all[0]!,
        all[1]!,
        { ...all[2]!, bytes: all[3]!.bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) },
      ],
      'wrong_root',
    ],
  ])('%s', async (_, choose, code) => {
    const chosen = choose(await shares(5, 3), await shares(5, 4))
    expect(await joinShares(chosen)).toMatchObject({ kind: 'refused', code })
  })
})

test('a line is read however it is typed, and a mistyped character is noticed wherever it is', async () => {
  const [line] = await splitRoot(root, 3, 2)
  const typed = line!.toLowerCase().replaceAll('-', ' ')
  expect(parseShare(typed)).toEqual(parseShare(line!))
  const plain = line!.replaceAll('-', '')
  for (let at = 0; at < plain.length; at++) {
    const other = plain[at] === 'A' ? 'B' : 'A'
    expect(parseShare(plain.slice(0, at) + other + plain.slice(at + 1)), `${at}`).toBeNull()
  }
  expect(parseShare(plain.slice(1))).toBeNull()
  expect(parseShare(`${plain}A`)).toBeNull()
  expect(parseShare('')).toBeNull()
})

test('a share alone has nothing of the root in it', async () => {
  const all = await shares(3, 2)
  for (const { bytes } of all) expect(Buffer.from(bytes).includes(root.subarray(0, 8))).toBe(false)
})

test.each([
  [3, 1],
  [2, 3],
  [21, 2],
])('%i shares of which %i are needed are refused', async (count, threshold) => {
  await expect(splitRoot(root, count, threshold)).rejects.toThrow('shares')
})
