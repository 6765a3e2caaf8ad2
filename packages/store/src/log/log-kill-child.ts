/** Appends until it is killed, and says which entries it was told are durable. For log-faults.test. */

import * as fs from 'node:fs'

import { utf8 } from '@sallyport/proof/bytes'

import { open } from './log-fixture.ts'

async function main(): Promise<void> {
  const [, , folder = '', round = ''] = process.argv
  const log = await open(folder)
  for (let batch = 0; ; batch++) {
    const appends = Array.from({ length: 1 + ((batch * 13) % 40) }, async (_, at) => {
      const text = `${round}/${batch}/${at}`
      const { index } = await log.append(utf8(text))
      // Written at once and not through a stream: what was said survives the kill.
      fs.writeSync(1, `${index} ${text}\n`)
    })
    await Promise.all(appends)
  }
}

await main()
