/** Makes a KEK and destroys another, saying what is done. For keystore-kill.test. */

import * as fs from 'node:fs'

import { open, scope } from './keystore-fixture.ts'

const [folder = '', dying = '', made = ''] = process.argv.slice(2)

const keystore = await open(folder)
fs.writeSync(1, 'ready\n')
await keystore.create(made, scope)
fs.writeSync(1, 'made\n')
const { outstanding } = await keystore.destroy([dying])
fs.writeSync(1, `destroyed ${outstanding.length}\n`)
