/**
 * A mirror as its own process, killed while entries come in: what it cosigned it holds, whole and under
 * the log's own root, and after each start it goes on. SLOW=1 kills 25 times.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'

import { verifyLog } from '@sallyport/proof/log-verify'
import { verify } from '@sallyport/proof/node/ed25519'
import { parseCosignerVkey } from '@sallyport/proof/tlog-cosignature'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { originHash } from '@sallyport/store/witness/witness-directory'
import { expect, test } from 'vitest'

import {
  journalIn,
  origin,
  policyOf,
  someEntry,
  withFolder,
} from '../../packages/hub/src/witness/witness-fixture.ts'
import { witnessJournal } from '../../packages/hub/src/witness/witnessed-journal.ts'
import { command } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'

const kills = process.env['SLOW'] === '1' ? 25 : 5

type Running = { readonly child: ChildProcess; readonly mirrorVkey: string }

async function startMirror(directory: string, port: number): Promise<Running> {
  const args = ['witness', 'run', '--directory', directory, '--port', String(port)]
  const child = spawn(process.execPath, [command, ...args, '--mirror', 'mirror.example/m1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  for await (const part of child.stdout ?? []) {
    said += String(part)
    const line = said.split('\n').find((one) => one.includes('"mirror":true'))
    if (line !== undefined && said.endsWith('\n'))
      return { child, mirrorVkey: (JSON.parse(line) as { vkey: string }).vkey }
  }
  throw new Error(`the mirror did not start: ${said}`)
}

test('killed at random moments while it is sent entries, it signs only what it holds, and goes on', async () => {
  await withFolder(async (folder) => {
    const directory = path.join(folder, 'mirror')
    const journal = await journalIn(folder)
    const sallyport = (...args: readonly string[]) =>
      expect(spawnSync(process.execPath, [command, ...args]).status).toBe(0)
    sallyport('witness', 'init', '--directory', directory, '--name', 'witness.example/w1')
    sallyport('witness', 'add-log', journal.vkey, '--directory', directory)
    const port = await freePort()
    let running = await startMirror(directory, port)
    const cosigner = parseCosignerVkey(running.mirrorVkey)
    if (cosigner === null) throw new Error('it prints its key')
    const signer = { ...cosigner, vkey: running.mirrorVkey, sign: () => new Uint8Array() }
    const begun = Date.now()
    const url = `http://127.0.0.1:${port}`
    const hub = await witnessJournal(journal, {
      policy: policyOf(journal.vkey, [{ cosigner: signer, url }]),
      directory: path.join(folder, 'log'),
      // Whoever was away is asked again at once.
      now: () => new Date(begun + (Date.now() - begun) * 10_000),
      report: () => undefined,
      everyMs: 10,
    })
    const copy = path.join(directory, 'mirror', originHash(origin))
    let state = 20_261_122
    const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const append = (count: number) =>
      Promise.all(Array.from({ length: count }, () => hub.append(someEntry())))
    const heldNow = async () => {
      if (!existsSync(path.join(copy, 'checkpoint'))) return 0
      const held = await verifyLog(folderTiles(copy), journal.vkey, { verifySignature: verify })
      if (held.kind !== 'sound') throw new Error(JSON.stringify(held.findings))
      return held.size
    }
    let before = 0
    for (let kill = 0; kill < kills; kill++) {
      const appending = append(300 + Math.floor(chance() * 900))
      if (kill % 2 === 0) await hub.witnessing.witnessed((await appending).at(-1) ?? 0)
      else await new Promise((resolve) => setTimeout(resolve, chance() * 600))
      running.child.kill('SIGKILL')
      await once(running.child, 'exit')
      await appending
      const held = await heldNow()
      expect(held, `after kill ${kill + 1}`).toBeGreaterThanOrEqual(before)
      before = held
      running = await startMirror(directory, port)
    }
    const [last = 0] = await append(1)
    await hub.witnessing.witnessed(last + 1)
    expect(await heldNow()).toBe(last + 1)
    await hub.close()
    running.child.kill('SIGKILL')
    await once(running.child, 'exit')
  })
}, 600_000)
