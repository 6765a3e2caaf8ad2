/** What one look for faces costs at a lane: CPU of a frame of 1280 × 720 with drawn heads in it. */

import os from 'node:os'

import { openEvaluationReader } from '@sallyport/vision/face/face-reader'
import type { Picture } from '@sallyport/vision/picture'

import { headPicture } from '../test/support/faces.ts'

const [width, height, rounds] = [1280, 720, 15]
const [step, left, top, cut] = [410, 40, 10, 400]

/** Heads side by side before a grey wall. */
function frameOf(heads: readonly Picture[]): Picture {
  const data = new Uint8Array(width * height * 3).fill(120)
  for (const [at, head] of heads.entries()) {
    const from = Math.floor((head.width - cut) / 2)
    for (let y = 0; y < Math.min(head.height, height - top); y++) {
      const row = head.data.subarray((y * head.width + from) * 3, (y * head.width + from + cut) * 3)
      data.set(row, ((top + y) * width + left + at * step) * 3)
    }
  }
  return { width, height, data }
}

const reader = await openEvaluationReader()
const heads = await Promise.all([3, 4, 6].map((who) => headPicture(who)))
console.log(
  `load ${os
    .loadavg()
    .map((one) => one.toFixed(0))
    .join(' ')}`,
)
for (const count of [0, 1, 3]) {
  const frame = frameOf(heads.slice(0, count))
  const times: number[] = []
  let found = (await reader.look(frame)).length
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    found = (await reader.look(frame)).length
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  times.sort((a, b) => a - b)
  const [best = 0, median = 0] = [times[0], times[Math.floor(rounds / 2)]]
  console.log(
    `${count} heads, ${found} found: ${median.toFixed(0)} ms CPU (best ${best.toFixed(0)})`,
  )
}
await reader.close()
