/** Opens the records of a hub and does one piece of work when it is told. For `worker.ts`. */

import * as fs from 'node:fs'

import { openRecords } from './records-at-work.ts'

/** Written at once and not through a stream: what was said survives a kill. */
const say = (line: string): void => void fs.writeSync(1, `${line}\n`)

const [, , data = '', url = ''] = process.argv
const records = await openRecords(data, url)
const works: Readonly<Record<string, () => Promise<unknown>>> = {
  shred: () => records.retention.run(),
  compact: () => records.compact(),
}
say('ready')
process.stdin.setEncoding('utf8').on('data', (told: string) => {
  const work = works[told.trim()]
  if (work === undefined) throw new Error(`nothing is known of ${told}`)
  work().then(
    () => say('done'),
    (error: unknown) => say(`failed ${String(error).replaceAll('\n', ' ')}`),
  )
})
