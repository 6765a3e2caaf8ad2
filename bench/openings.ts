/**
 * How long an opening takes, from the request to the first byte of its answer: decided, logged, unsealed,
 * marked.
 *
 *   npx tsx bench/openings.ts [--count 60] [--width 1280] [--height 720]
 *
 * A hub process on its embedded database holds one drawn picture; one supervisor opens it again and again.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { drawnPicture } from '@sallyport/marks/drawn'
import { encodeJpeg } from '@sallyport/vision/encode'

import { enrolByCode } from '../test/support/device.ts'
import { signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'
import { cpuMsOf } from './measure.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '60' },
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '720' },
  },
})
const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
try {
  const request = await signInByLink(hub.link() ?? '')
  const capture = await deliverPicture()
  const open = () =>
    request(`/v1/captures/${capture}/openings`, {
      method: 'POST',
      body: '{"purpose":"investigation"}',
    })
  // The first starts the thread that marks.
  for (let warm = 0; warm < 5; warm++) await (await open()).arrayBuffer()
  const cpuBefore = await cpuMsOf(hub.pid)
  const times: number[] = []
  for (let at = 0; at < Number(values.count); at++) {
    const started = performance.now()
    const answer = await open()
    times.push(performance.now() - started)
    if (answer.status !== 201) throw new Error(await answer.text())
    await answer.arrayBuffer()
  }
  const cpuMs = Math.round(((await cpuMsOf(hub.pid)) - cpuBefore) / times.length)
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)
  const waits = { best_ms: at(0), p50_ms: at(0.5), p95_ms: at(0.95) }
  console.table([{ openings: times.length, ...waits, hub_cpu_ms_each: cpuMs }])
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`)

  async function deliverPicture(): Promise<string> {
    const send = (where: string, body: string | Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${hub.origin}${where}`, { method: 'POST', body, headers: { 'content-type': type } })
    await request('/v1/lanes', {
      method: 'POST',
      body: JSON.stringify({ id: 'bench', name: 'Bench', direction: 'in' }),
    })
    const asked = await request('/v1/lanes/bench/enrolment-codes', { method: 'POST', body: '{}' })
    const { code } = (await asked.json()) as { code: string }
    const device = await enrolByCode(code, 'bench', (where, init) =>
      fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
    )
    const pixels = drawnPicture(Number(values.width), Number(values.height), 1)
    const { bytes, manifest } = device.bundle({ picture: await encodeJpeg(pixels, 85) })
    const answer = await send('/v1/bundles', new Uint8Array(bytes), 'application/octet-stream')
    if (answer.status !== 201) throw new Error(await answer.text())
    return manifest.bodies[0]?.id ?? ''
  }
} finally {
  await hub.stop()
  await rm(data, { recursive: true, force: true })
}
