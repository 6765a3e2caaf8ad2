/**
 * What reading plates for programs takes from everything else that the hub does: the same drawn pictures
 * read in a thread, as the hub does it, and on the thread of the caller.
 *
 *     npx tsx bench/reader-desk.ts
 */

import { performance } from 'node:perf_hooks'

import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader } from '@sallyport/vision/plate-reader'
import { PlateReaderPool } from '@sallyport/vision/pool'

import { drawnCar } from '../test/support/reader-client.ts'

const pictures = 40

async function measure(name: string, read: () => Promise<unknown>): Promise<void> {
  // The first one compiles.
  await read()
  const before = performance.eventLoopUtilization()
  const started = performance.now()
  for (let count = 0; count < pictures; count++) await read()
  const ms = (performance.now() - started) / pictures
  const { utilization } = performance.eventLoopUtilization(before)
  console.log(
    `${name}: ${ms.toFixed(1)} ms a picture, the caller's thread busy for ${(100 * utilization).toFixed(1)} %`,
  )
}

const picture = await drawnCar()
const pool = await PlateReaderPool.open()
const reader = await openPlateReader()
await measure('in a thread of its own', () => pool.read(picture))
await measure("on the caller's thread", async () => {
  const decoded = await decodePicture(picture)
  if (decoded.kind === 'picture') await reader.look(decoded.picture)
})
await pool.close()
await reader.close()
