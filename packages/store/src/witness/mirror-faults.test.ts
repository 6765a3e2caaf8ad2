/** A mirror on disks that fail, lose power or were put back: what it cosigned it has, and it goes on. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { verifyLog } from '@sallyport/proof/log-verify'
import { verify } from '@sallyport/proof/node/ed25519'
import { expect, test } from 'vitest'

import { CutDisk } from '../log/cut-disk.ts'
import { failingFiles, signer, withFolder } from '../log/log-fixture.ts'
import { hash, heldBy, honest, info, openPair, said, shown } from './mirror-fixture.ts'

test('the power goes at every operation: the checkpoint is never ahead of its tiles, and it goes on', async () => {
  const first = await honest.entriesRequest(0, 300)
  const second = await honest.entriesRequest(300, 600)
  const prepare = async () => {
    const disk = new CutDisk()
    await disk.files().makeFolder('/m')
    await disk.files().syncFolder('/')
    const pair = await openPair('/m', disk.files())
    await shown(pair, 300)
    expect(said(await pair.entries(first))).toBe('200')
    await shown(pair, 600)
    return { disk, pair }
  }
  const whole = await prepare()
  const before = whole.disk.operations
  expect(said(await whole.pair.entries(second))).toBe('200')
  const most = whole.disk.operations - before
  expect(most).toBeGreaterThan(12)
  let state = 1
  const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let at = 0; at <= most; at++) {
    const { disk, pair } = await prepare()
    disk.cutAfter(disk.operations + at)
    const answer = await pair.entries(second)
    expect(answer.status).toBe(at === most ? 200 : 500)
    for (let luck = 0; luck < 2; luck++) {
      const found = await openPair('/m', disk.restart(chance).files())
      const held = await heldBy(found)
      expect(answer.status === 200 ? [600] : [300, 600], `cut after ${at}`).toContain(held)
      const { next } = info(await found.entries(await honest.entriesRequest(0, 0))) ?? { next: -1 }
      expect(next).toBeGreaterThanOrEqual(300)
      expect(said(await found.entries(await honest.entriesRequest(next, 600)))).toBe('200')
      expect(await heldBy(found)).toBe(600)
    }
  }
})

test('a disk that refuses at any operation: no cosignature is given out, and the next attempt is taken', async () => {
  const body = await honest.entriesRequest(300, 600)
  for (let at = 1, tried = 1; tried > 0; at++) {
    await withFolder(async (folder) => {
      let fails = Infinity
      const files = failingFiles((_, count) => count === fails)
      const pair = await openPair(folder, files)
      await shown(pair, 300)
      await pair.entries(await honest.entriesRequest(0, 300))
      await shown(pair, 600)
      fails = files.count() + at
      const answer = await pair.entries(body)
      tried = files.count() >= fails ? 1 : 0
      // A cosignature was given out only when the disk has what it says.
      if (answer.status === 200) expect(await heldBy(await openPair(folder))).toBe(600)
      else expect(answer.body).not.toContain('—')
      fails = Infinity
      const { next } = info(await pair.entries(await honest.entriesRequest(0, 0))) ?? { next: -1 }
      expect(said(await pair.entries(await honest.entriesRequest(next, 600))), `${at}`).toBe('200')
      expect(await heldBy(pair)).toBe(600)
    })
    expect(at).toBeLessThan(100)
  }
})

test('yesterday’s memory of the witness beside today’s copy: it does not start', async () => {
  await withFolder(async (folder) => {
    const pair = await openPair(folder)
    await shown(pair, 300)
    const file = path.join(folder, 'latest', hash)
    const yesterday = fs.readFileSync(file)
    await shown(pair, 600)
    expect(said(await pair.entries(await honest.entriesRequest(0, 600)))).toBe('200')
    fs.writeFileSync(file, yesterday)
    await expect(openPair(folder)).rejects.toMatchObject({ file })
  })
})

test('one bit flipped in any file of a copy: no start, or what was changed is sent again', async () => {
  await withFolder(async (folder) => {
    const whole = path.join(folder, 'whole')
    fs.mkdirSync(whole)
    const pair = await openPair(whole)
    await shown(pair, 300)
    await pair.entries(await honest.entriesRequest(0, 300))
    await shown(pair, 900)
    await pair.entries(await honest.entriesRequest(300, 900, { packages: 2 }))
    const names = fs
      .readdirSync(path.join(whole, 'mirror', hash), { recursive: true, encoding: 'utf8' })
      .filter((name) => fs.statSync(path.join(whole, 'mirror', hash, name)).isFile())
    expect(names.length).toBeGreaterThan(7)
    const seen: string[] = []
    for (const name of names) {
      const copy = path.join(folder, 'copy')
      fs.cpSync(whole, copy, { recursive: true })
      const file = path.join(copy, 'mirror', hash, name)
      const bytes = fs.readFileSync(file)
      bytes[bytes.length >> 1]! ^= 4
      fs.writeFileSync(file, bytes)
      seen.push(await madeOf(copy, name))
      fs.rmSync(copy, { recursive: true })
    }
    expect(new Set(seen)).toEqual(new Set(['no start', 'sent again']))
  })
})

/** What becomes of a copy whose file `name` was damaged. */
async function madeOf(folder: string, name: string): Promise<string> {
  const found = await openPair(folder).catch(() => null)
  if (found === null) return 'no start'
  const nextOf = async () =>
    info(await found.entries(await honest.entriesRequest(0, 0)))?.next ?? Number.NaN
  const send = async () => found.entries(await honest.entriesRequest(await nextOf(), 900))
  const first = await send()
  if (first.status === 500) expect(said(await send()), name).toBe('200')
  const reader = found.mirror.reader(hash)
  if (reader === null) throw new Error('the log is mirrored')
  const verdict = await verifyLog(reader, signer.vkey, { verifySignature: verify })
  expect(verdict.kind, name).toBe('sound')
  return 'sent again'
}
