/**
 * Backup and restore of a hub with real crossings, as commands: the first backup beside the running
 * hub, the next after a tenth more, verify, restore with everything that it checks.
 *
 *   npx tsx bench/backup.ts [--bundles 300] [--kilobytes 150]
 *
 * The reference of the same run copies the same data directory with `cp -a` and syncs it.
 */

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { sallyport } from '../test/support/command.ts'
import { enrolByCode, type TestDevice } from '../test/support/device.ts'
import { signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'

const { values } = parseArgs({
  options: {
    bundles: { type: 'string', default: '300' },
    kilobytes: { type: 'string', default: '150' },
  },
})
const bundles = Number(values.bundles)
const picture = randomBytes(Number(values.kilobytes) * 1000)
const place = await mkdtemp(path.join(tmpdir(), 'sallyport-bench-'))
await chmod(place, 0o711)
const data = path.join(place, 'data')
const folder = path.join(place, 'backup')
const hub = await startHubProcess(data, await freePort())
let hubRuns = true
try {
  const device = await enrol()
  await deliver(device, bundles)
  const first = await timed(['backup', folder, '--data', data, '--json'])
  await writeFile(path.join(place, 'identity'), String(first.answer['identity']))
  await deliver(device, Math.ceil(bundles / 10))
  const second = await timed(['backup', folder, '--data', data, '--json'])
  await hub.stop()
  hubRuns = false
  const identity = ['--identity', path.join(place, 'identity')]
  const verify = await timed(['backup', 'verify', folder, ...identity, '--json'])
  const elsewhere = ['--data', path.join(place, 'elsewhere')]
  const restore = await timed(['restore', folder, ...identity, ...elsewhere, '--json'])
  // What a command costs before it does anything.
  const start = await timed(['--version'])
  const began = performance.now()
  execFileSync('cp', ['-a', data, path.join(place, 'copy')])
  execFileSync('sync')
  const copied = (performance.now() - began) / 1000
  const all = Number(second.answer['bytes'])
  const row = (seconds: number, bytes: number) => ({
    seconds: Math.round(seconds * 10) / 10,
    megabytes: Math.round(bytes / 1e6),
    'MB/s': Math.round(bytes / 1e6 / seconds),
  })
  console.table({
    'first backup, hub running': row(first.seconds, Number(first.answer['added_bytes'])),
    'next backup, a tenth more': row(second.seconds, Number(second.answer['added_bytes'])),
    'verify, opened': row(verify.seconds, all),
    'restore, with fsck': row(restore.seconds, all),
    'cp -a and sync of the same': row(copied, all),
    'starting a command': row(start.seconds, 0),
  })
  console.log(
    `${bundles} bundles of ${values.kilobytes} + ${Number(values.kilobytes) / 3} KB, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
} finally {
  if (hubRuns) await hub.stop()
  await rm(place, { recursive: true, force: true })
}

async function enrol(): Promise<TestDevice> {
  const request = await signInByLink(hub.link() ?? '')
  await request('/v1/lanes', {
    method: 'POST',
    body: JSON.stringify({ id: 'in-1', name: 'in-1', direction: 'in' }),
  })
  const answer = await request('/v1/lanes/in-1/enrolment-codes', { method: 'POST', body: '{}' })
  const { code } = (await answer.json()) as { code: string }
  return enrolByCode(code, 'in-1', (where, init) =>
    fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
  )
}

async function deliver(device: TestDevice, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    const answer = await fetch(`${hub.origin}/v1/bundles`, {
      method: 'POST',
      body: new Uint8Array(device.bundle({ picture }).bytes),
      headers: { 'content-type': 'application/octet-stream' },
    })
    if (answer.status !== 201) throw new Error(`the hub answered ${answer.status}`)
    await answer.arrayBuffer()
  }
}

async function timed(parameters: readonly string[]) {
  const began = performance.now()
  const ran = await sallyport(parameters)
  if (ran.code !== 0) throw new Error(`${parameters.join(' ')}: ${ran.stderr}`)
  const seconds = (performance.now() - began) / 1000
  return { seconds, answer: parameters.includes('--json') ? (ran.json.at(-1) ?? {}) : {} }
}
