/** Durable appends, receipts and a whole verification: `node --import tsx bench/log.ts [folder]`. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { verifyLog } from '@sallyport/proof/log-verify'
import { generateSigningKey, sign, verify } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import { verifyReceipt } from '@sallyport/proof/tlog-proof'
import { nodeFiles } from '@sallyport/store/log/durable-files'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { type LogWriter, openLog } from '@sallyport/store/log/log-directory'

import { type Row, measure, printRows } from './measure.ts'

const entryBytes = 400
const origin = 'bench.example/log'

async function appendMany(log: LogWriter, count: number): Promise<void> {
  const entry = new Uint8Array(entryBytes).fill(65)
  await Promise.all(Array.from({ length: count }, async () => log.append(entry)))
}

async function main(parent: string): Promise<void> {
  const directory = fs.mkdtempSync(path.join(parent, 'sallyport-bench-'))
  try {
    const { privateKey, publicKey } = generateSigningKey()
    const signer = noteSigner(origin, privateKey, publicKey, sign)
    const log = await openLog({ directory: path.join(directory, 'log'), origin, signer })
    const rows: Row[] = []
    // The reference: what the disk itself takes for one durable file, without any log.
    const page = new Uint8Array(8192).fill(1)
    rows.push(
      await measure(
        'reference: write, sync, rename and sync the folder of one file',
        1,
        40,
        async () => {
          await nodeFiles.write(path.join(directory, 'temporary'), page)
          await nodeFiles.rename(path.join(directory, 'temporary'), path.join(directory, 'file'))
          await nodeFiles.syncFolder(directory)
        },
      ),
    )
    // What a log of 256 waiting entries is held against: their bytes alone, as durable.
    const batch = new Uint8Array(256 * entryBytes).fill(66)
    rows.push(
      await measure('reference: the same bytes of 256 entries as one file', 256, 20, async () => {
        await nodeFiles.write(path.join(directory, 'temporary'), batch)
        await nodeFiles.rename(path.join(directory, 'temporary'), path.join(directory, 'file'))
        await nodeFiles.syncFolder(directory)
      }),
    )
    for (const [waiting, rounds] of [
      [1, 40],
      [16, 20],
      [256, 20],
      [2000, 8],
      [8000, 4],
    ] as const) {
      const name = `append, ${waiting} waiting`
      rows.push(await measure(name, waiting, rounds, () => appendMany(log, waiting)))
    }
    const index = log.size - 1000
    const entry = await log.readEntry(index)
    const receipt = await log.receipt(index)
    rows.push(
      await measure('receipt from disk', 1, 100, () => log.receipt(index)),
      await measure('verify a receipt (node)', 1, 100, () =>
        verifyReceipt(receipt, entry, signer.vkey, verify),
      ),
      await measure('verify a receipt (as in a browser)', 1, 100, () =>
        verifyReceipt(receipt, entry, signer.vkey),
      ),
    )
    const { size } = log
    const tiles = folderTiles(path.join(directory, 'log'))
    const whole = await measure('verify the whole log, each entry', size, 2, async () => {
      const verdict = await verifyLog(tiles, signer.vkey)
      if (verdict.kind !== 'sound') throw new Error('the log is not sound')
    })
    rows.push(whole)
    const title = `Log: ${entryBytes}-byte entries in ${parent}, ${size} at the end`
    printRows(title, rows, new Date())
    await log.close()
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
}

await main(process.argv[2] ?? os.tmpdir())
