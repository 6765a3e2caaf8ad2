/** A mirror of logs that are honest, cut off, rolled back, forked, or lie. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { verifyLog } from '@sallyport/proof/log-verify'
import { publicKeyOf, sign, verify } from '@sallyport/proof/node/ed25519'
import { nodeTileHashing } from '@sallyport/proof/node/tile-hashing'
import type { TileReader } from '@sallyport/proof/tiles'
import { cosigner, openCosignatures } from '@sallyport/proof/tlog-cosignature'
import { expect, test } from 'vitest'

import { nodeFiles } from './durable-files.ts'
import { folderTiles } from './folder-tiles.ts'
import type { LogWriter } from './log-directory.ts'
import { appendRange, failingFiles, open, signer, withFolder } from './log-fixture.ts'
import { mirrorLog } from './mirror.ts'

async function withLog(
  size: number,
  use: (log: LogWriter, copy: string, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const log = await open(path.join(folder, 'log'))
    await appendRange(log, 0, size)
    await use(log, path.join(folder, 'copy'), folder)
    await log.close()
  })
}

const mirror = (from: TileReader, directory: string) =>
  mirrorLog({ from, vkey: signer.vkey, directory })

async function expectCopy(directory: string, size: number): Promise<void> {
  const verdict = await verifyLog(folderTiles(directory), signer.vkey, {
    verifySignature: verify,
    hashing: nodeTileHashing,
  })
  expect(verdict).toMatchObject({ kind: 'sound', size })
}

test('a log is copied, goes on being copied, and every copy verifies', async () => {
  await withLog(0, async (log, copy) => {
    for (const [from, to] of [
      [0, 0],
      [0, 3],
      [3, 256],
      [256, 700],
      [700, 5000],
    ] as const) {
      await appendRange(log, from, to)
      expect(await mirror(log.published, copy)).toMatchObject({
        kind: 'mirrored',
        size: to,
        added: to - from,
      })
      await expectCopy(copy, to)
    }
    expect(await mirror(log.published, copy)).toMatchObject({ kind: 'mirrored', added: 0 })
  })
}, 60_000)

test('a copy whose last batch fills no tile has the tiles of every level', async () => {
  // Sixteen bundles are a batch: ten entries come alone behind the last one.
  await withLog(16 * 256 + 10, async (log, copy) => {
    await mirror(log.published, copy)
    await expectCopy(copy, 16 * 256 + 10)
  })
})

test('a line that breaks at any resource: run again, it goes on and fetches less', async () => {
  await withLog(9000, async (log, copy) => {
    const breaking = (after: number) => {
      let reads = 0
      const read: TileReader['read'] = async (name) => {
        reads += 1
        if (reads > after) throw new Error('the line broke')
        return log.published.read(name)
      }
      return { read, reads: () => reads }
    }
    await expect(mirror(breaking(20), copy)).rejects.toThrow('the line broke')
    expect(fs.existsSync(path.join(copy, 'checkpoint'))).toBe(false)
    const whole = breaking(Infinity)
    expect(await mirror(whole, copy)).toMatchObject({ kind: 'mirrored', size: 9000 })
    // 36 bundles and the checkpoint, but for the 16 that the first run had written.
    expect(whole.reads()).toBe(21)
    await expectCopy(copy, 9000)
  })
}, 60_000)

test('a disk that refuses at any operation leaves no checkpoint over missing tiles', async () => {
  await withLog(600, async (log, copy) => {
    for (let at = 2; at <= 20; at += 3) {
      const files = failingFiles((_, count) => count === at)
      const failed = await mirrorLog({
        from: log.published,
        vkey: signer.vkey,
        directory: copy,
        files: { ...nodeFiles, ...files },
      }).catch(() => null)
      if (fs.existsSync(path.join(copy, 'checkpoint'))) await expectCopy(copy, 600)
      else expect(failed).toBeNull()
    }
    expect(await mirror(log.published, copy)).toMatchObject({ kind: 'mirrored', size: 600 })
    await expectCopy(copy, 600)
  })
})

test('a log that was rolled back is not followed, and both heads are handed out', async () => {
  await withLog(300, async (log, copy, folder) => {
    const before = path.join(folder, 'before')
    fs.cpSync(path.join(folder, 'log'), before, { recursive: true })
    await appendRange(log, 300, 400)
    await mirror(log.published, copy)
    expect(await mirror(folderTiles(before), copy)).toMatchObject({
      code: 'rolled_back',
      evidence: [expect.stringContaining('\n400\n'), expect.stringContaining('\n300\n')],
    })
    await expectCopy(copy, 400)
  })
})

test('a log shown otherwise to another audience: the copy keeps to what it has', async () => {
  await withLog(300, async (log, copy, folder) => {
    const other = path.join(folder, 'other')
    fs.cpSync(path.join(folder, 'log'), other, { recursive: true })
    const forked = await open(other)
    await appendRange(log, 300, 310)
    await appendRange(forked, 1300, 1310)
    await mirror(log.published, copy)
    expect(await mirror(forked.published, copy)).toMatchObject({
      code: 'forked',
      evidence: [expect.stringContaining('\n310\n'), expect.stringContaining('\n310\n')],
    })
    await appendRange(forked, 1310, 1600)
    expect(await mirror(forked.published, copy)).toMatchObject({ code: 'forked' })
    await expectCopy(copy, 310)
    await appendRange(log, 310, 700)
    expect(await mirror(log.published, copy)).toMatchObject({ kind: 'mirrored', size: 700 })
    await forked.close()
  })
})

test('a server that changes one entry, cuts a bundle or swaps two is not copied', async () => {
  await withLog(700, async (log, copy) => {
    const lying = (change: (name: string, bytes: Uint8Array) => Uint8Array | null): TileReader => ({
      async read(name) {
        const bytes = await log.published.read(name)
        return bytes === null ? null : change(name, new Uint8Array(bytes))
      },
    })
    const flip = lying((name, bytes) => {
      if (name === 'tile/entries/001') bytes[40]! ^= 1
      return bytes
    })
    expect(await mirror(flip, copy)).toMatchObject({ code: 'not_what_was_signed' })
    const cut = lying((name, bytes) => (name === 'tile/entries/000' ? bytes.slice(0, -3) : bytes))
    await expect(mirror(cut, copy)).rejects.toThrow('tile/entries/000')
    const swapped: TileReader = {
      read: (name) =>
        log.published.read(
          name.startsWith('tile/entries/00') && !name.includes('.p')
            ? name.replace(/[01]$/, (n) => (n === '0' ? '1' : '0'))
            : name,
        ),
    }
    expect(await mirror(swapped, copy)).toMatchObject({ code: 'not_what_was_signed' })
    const stranger = lying((name, bytes) =>
      name === 'checkpoint' ? utf8('x\n\n— x AAAAAAA=\n') : bytes,
    )
    expect(await mirror(stranger, copy)).toMatchObject({ code: 'bad_checkpoint' })
    // What the lies left behind does not stand in the way of the truth.
    expect(await mirror(log.published, copy)).toMatchObject({ kind: 'mirrored', size: 700 })
    await expectCopy(copy, 700)
  })
})

test('a copy that was changed since is not built upon', async () => {
  await withLog(300, async (log, copy) => {
    await mirror(log.published, copy)
    const file = path.join(copy, 'tile/entries/001.p/44')
    const bytes = fs.readFileSync(file)
    bytes[9]! ^= 1
    fs.writeFileSync(file, bytes)
    await appendRange(log, 300, 400)
    expect(await mirror(log.published, copy)).toMatchObject({ code: 'copy_damaged' })
  })
})

test('a mirror signs that it holds the log, under its own name', async () => {
  await withLog(300, async (log, copy) => {
    const seed = new Uint8Array(32).fill(40)
    const own = cosigner('mirror.example/m1', 'ed25519', publicKeyOf(seed), (m) => sign(seed, m))
    await mirrorLog({
      from: log.published,
      vkey: signer.vkey,
      directory: copy,
      cosigner: own,
      now: () => new Date('2026-11-22T10:00:00Z'),
    })
    const note = fs.readFileSync(path.join(copy, 'checkpoint'))
    expect(openCosignatures(note, [own])).toMatchObject({ found: [{ key: { name: own.name } }] })
    await expectCopy(copy, 300)
  })
})
