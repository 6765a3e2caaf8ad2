/** Go's own transparency log reads what we write. */

import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { appendRange, open, signer, withFolder } from './log-fixture.ts'

const goPath = '/usr/share/gocode'
const tlog = path.join(goPath, 'src/golang.org/x/mod/sumdb/tlog')
const present =
  needTool('go', 'golang-go') !== null && needTool(tlog, 'golang-golang-x-mod-dev') !== null

test.skipIf(!present)(
  'golang.org/x/mod/sumdb accepts log and receipts (skipped unless Debian golang-go and golang-golang-x-mod-dev are installed)',
  async () => {
    await withFolder(async (folder) => {
      const env = {
        ...process.env,
        GOPATH: goPath,
        GO111MODULE: 'off',
        GOFLAGS: '',
        GOCACHE: `${folder}/cache`,
      }
      const program = path.join(folder, 'oracle')
      const source = path.join(import.meta.dirname, 'go-oracle/main.go')
      execFileSync('go', ['build', '-o', program, source], { env })

      const directory = path.join(folder, 'log')
      const log = await open(directory)
      for (const [from, to] of [
        [0, 1],
        [1, 255],
        [255, 257],
        [257, 1000],
      ] as const) {
        await appendRange(log, from, to)
        const receipts: string[] = []
        for (const index of [0, Math.floor(to / 2), to - 1]) {
          const file = path.join(folder, `${to}-${index}.tlog-proof`)
          fs.writeFileSync(file, await log.receipt(index))
          receipts.push(file, String(index))
        }
        const output = execFileSync(program, [directory, signer.vkey, ...receipts], {
          encoding: 'utf8',
        })
        expect(output).toBe(`${to} entries\n`)
      }

      const tile = path.join(directory, 'tile/0/001')
      const bytes = fs.readFileSync(tile)
      bytes[100]! ^= 1
      fs.writeFileSync(tile, bytes)
      const refused = spawnSync(program, [directory, signer.vkey], { encoding: 'utf8' })
      expect(refused.status).toBe(1)
    })
  },
  120_000,
)
