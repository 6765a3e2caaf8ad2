import * as fs from 'node:fs'
import * as path from 'node:path'

import { verifyLog } from '@sallyport/proof/log-verify'
import { verifyReceipt } from '@sallyport/proof/tlog-proof'
import { describe, expect, test } from 'vitest'

import { openLog } from './log-directory.ts'
import { appendRange, entryOf, open, origin, signer, signerOf, withFolder } from './log-fixture.ts'

describe('a start is refused', () => {
  async function damaged(size: number, damage: (folder: string) => void) {
    return withFolder(async (folder) => {
      const log = await open(folder)
      await appendRange(log, 0, size)
      await log.close()
      damage(folder)
      return open(folder).then(
        () => ({ code: 'opened' }),
        (error: unknown) => error,
      )
    })
  }
  const remove = (file: string) => (folder: string) => fs.rmSync(path.join(folder, file))
  const flip = (file: string, at: number) => (folder: string) => {
    const bytes = fs.readFileSync(path.join(folder, file))
    bytes[at]! ^= 1
    fs.writeFileSync(path.join(folder, file), bytes)
  }

  test.each([
    ['a full hash tile is missing', 'tile/0/000', remove('tile/0/000')],
    ['a full bundle is missing', 'tile/entries/001', remove('tile/entries/001')],
    ['a partial hash tile is missing', 'tile/0/002.p/88', remove('tile/0/002.p/88')],
    ['a partial bundle is missing', 'tile/entries/002.p/88', remove('tile/entries/002.p/88')],
    ['an upper tile is missing', 'tile/1/000.p/2', remove('tile/1/000.p/2')],
    ['the checkpoint is missing beside tiles', 'checkpoint', remove('checkpoint')],
    ['an entry at the edge was changed', 'tile/entries/002.p/88', flip('tile/entries/002.p/88', 5)],
    ['the last full bundle was changed', 'tile/entries/001', flip('tile/entries/001', 5)],
    ['the last full hash tile was changed', 'tile/0/001', flip('tile/0/001', 5)],
    ['an upper tile was changed', 'tile/0/001', flip('tile/1/000.p/2', 40)],
    ['the checkpoint was changed', 'checkpoint', flip('checkpoint', 24)],
    ['a tile was cut', 'tile/0/000', (f: string) => fs.truncateSync(`${f}/tile/0/000`, 8000)],
  ])('%s', async (_, file, damage) => {
    expect(await damaged(600, damage)).toMatchObject({ code: 'log_damaged', file })
  })

  test('the key is another one', async () => {
    await withFolder(async (folder) => {
      await (await open(folder)).close()
      const other = openLog({ directory: folder, origin, signer: signerOf(8) })
      await expect(other).rejects.toMatchObject({ code: 'wrong_key' })
    })
  })

  test('the log is shorter than its owner knows', async () => {
    await withFolder(async (folder) => {
      const log = await open(folder)
      await appendRange(log, 0, 5)
      await log.close()
      const restored = openLog({ directory: folder, origin, signer, sizeMin: 6 })
      await expect(restored).rejects.toMatchObject({ code: 'log_rolled_back' })
      expect((await openLog({ directory: folder, origin, signer, sizeMin: 5 })).size).toBe(5)
    })
  })
})

test('files beyond the checkpoint and half-written ones do no harm', async () => {
  await withFolder(async (folder) => {
    let log = await open(folder)
    await appendRange(log, 0, 100)
    await log.close()
    const write = (file: string) => {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      fs.writeFileSync(path.join(folder, file), 'left behind')
    }
    const left = ['tile/0/000', 'tile/entries/000', 'tile/0/000.p/101', 'tile/1/000.p/1']
    for (const file of [...left, '.tmp/tile-0', '.tmp/checkpoint']) write(file)
    log = await open(folder)
    expect(log.size).toBe(100)
    expect(fs.readdirSync(path.join(folder, '.tmp'))).toEqual([])
    expect(verifyReceipt(await log.receipt(99), entryOf(99), log.vkey).kind).toBe('verified')
    for (const file of left) expect(await log.published.read(file)).toBeNull()
    await appendRange(log, 100, 300)
    expect((await log.published.read('tile/0/000'))?.length).toBe(256 * 32)
    expect(await log.published.read('tile/0/001.p/45')).toBeNull()
    expect(await verifyLog(log.published, log.vkey)).toMatchObject({ kind: 'sound', size: 300 })
    await log.close()
    await (await open(folder)).close()
  })
})
