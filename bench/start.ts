/**
 * How long a person waits: for the first page, and for a crossing to reach it.
 *
 *   npx tsx bench/start.ts [--pictures 20]
 *
 * Cold start: `sallyport demo` on an empty data directory until the page and its API answer a person
 * who has signed in; then the same again on the data that is there. Picture to page: a lane process
 * with a push source is given drawn pictures one by one; the time runs from the first byte sent to
 * the lane until the hub's live event of that crossing reaches a listening console.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { systemClock } from '@sallyport/lane/clock'
import { drawnDefaults, drawnSource } from '@sallyport/lane/sources/drawn'
import { encodeJpeg } from '@sallyport/vision/encode'

import {
  command,
  type HubProcess,
  signInByLink,
  startHubProcess,
} from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'

const { values } = parseArgs({ options: { pictures: { type: 'string', default: '20' } } })
const data = await mkdtemp(path.join(tmpdir(), 'sallyport-bench-'))
try {
  const cold = await startMs('demo')
  const warm = await startMs('demo')
  const latencies = await pictureToPage(Number(values.pictures))
  console.table({
    'cold start to page usable, first database included': { ms: Math.round(cold) },
    'start on existing data': { ms: Math.round(warm) },
    'picture to crossing on the page, median': { ms: Math.round(quantile(latencies, 0.5)) },
    'picture to crossing on the page, 95 %': { ms: Math.round(quantile(latencies, 0.95)) },
  })
  console.log(
    `${latencies.length} pictures of 1280 × 720, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
} finally {
  await rm(data, { recursive: true, force: true })
}

/** Starts the demo in `name` below the data directory, waits until a signed-in page has its data. */
async function startMs(name: string): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [command, 'demo', '--data', path.join(data, name), '--port', String(port), '--no-open'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = once(child, 'exit')
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const link = await until(() => /http\S+#token=\S+/.exec(output)?.[0])
  const request = await signInByLink(link)
  const page = await request('/')
  if (!(await page.text()).includes('<div id="root">')) throw new Error('the page is not there')
  await Promise.all(
    ['/v1/session', '/v1/lanes', '/v1/figures', '/v1/crossings'].map(async (one) =>
      (await request(one)).arrayBuffer(),
    ),
  )
  const ms = performance.now() - started
  child.kill('SIGTERM')
  await ended
  return ms
}

async function pictureToPage(count: number): Promise<number[]> {
  const pictures = await drawPictures(count)
  const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
  const lanePort = await freePort()
  const directory = path.join(data, 'lane')
  const token = 'x'.repeat(32)
  try {
    const request = await signInByLink(hub.link() ?? '')
    await enrol(hub, request, directory)
    const lane = spawn(
      process.execPath,
      [
        command,
        'lane',
        'run',
        '--directory',
        directory,
        '--source',
        `push:${lanePort}`,
        '--push-token',
        token,
      ],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    )
    const ended = once(lane, 'exit')
    const arrivals = await listen(request)
    const push = (picture: Uint8Array) =>
      fetch(`http://127.0.0.1:${lanePort}/v1/pictures`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
        body: new Uint8Array(picture),
      }).catch(() => null)
    const latencies = []
    for (const [index, picture] of pictures.entries()) {
      let started = performance.now()
      let answer = await push(picture)
      while (answer?.status !== 201) {
        if (index > 0 || performance.now() - started > 60_000)
          throw new Error(`the lane answered ${answer?.status ?? 'nothing'}`)
        // The lane process is still loading its models.
        await new Promise((resolve) => setTimeout(resolve, 200))
        started = performance.now()
        answer = await push(picture)
      }
      const { crossing } = (await answer.json()) as { crossing: string }
      const arrived = await until(() => arrivals.get(crossing))
      // The first one warms the models up.
      if (index > 0) latencies.push(arrived - started)
    }
    lane.kill('SIGTERM')
    await ended
    return latencies
  } finally {
    await hub.stop()
  }
}

async function drawPictures(count: number): Promise<Uint8Array[]> {
  const pictures = []
  const source = drawnSource('bench', systemClock, { ...drawnDefaults, passEveryMs: 0 })
  const ending = new AbortController()
  for await (const { image } of source.frames(ending.signal)) {
    pictures.push(image instanceof Uint8Array ? image : await encodeJpeg(image, 90))
    if (pictures.length > count) break
  }
  ending.abort()
  return pictures
}

type SignedIn = Awaited<ReturnType<typeof signInByLink>>

async function enrol({ origin }: HubProcess, request: SignedIn, directory: string): Promise<void> {
  await request('/v1/lanes', {
    method: 'POST',
    body: JSON.stringify({ id: 'in-1', name: 'Lane', direction: 'in' }),
  })
  const { code } = (await (
    await request('/v1/lanes/in-1/enrolment-codes', { method: 'POST', body: '{}' })
  ).json()) as { code: string }
  const child = spawn(
    process.execPath,
    [command, 'lane', 'enrol', '--hub', origin, '--code', code, '--directory', directory],
    { stdio: 'ignore' },
  )
  const [exitCode] = (await once(child, 'exit')) as [number]
  if (exitCode !== 0) throw new Error('the lane could not be enrolled')
}

/** Times at which crossings arrive on the event stream, by id. */
async function listen(request: SignedIn): Promise<Map<string, number>> {
  const arrivals = new Map<string, number>()
  const stream = (await request('/v1/events')).body
  if (stream === null) throw new Error('no event stream')
  void (async () => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const id = /^event: crossing$/m.test(event)
          ? /"id":"([0-9a-f]{32})"/.exec(event)?.[1]
          : undefined
        if (id !== undefined && !arrivals.has(id)) arrivals.set(id, performance.now())
      }
    }
  })().catch(() => undefined)
  return arrivals
}

async function until<T>(find: () => T | undefined): Promise<T> {
  const giveUpAt = performance.now() + 120_000
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    if (performance.now() > giveUpAt) throw new Error('nothing came within two minutes')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function quantile(measured: readonly number[], share: number): number {
  return (
    measured.toSorted((a, b) => a - b)[
      Math.min(measured.length - 1, Math.floor(measured.length * share))
    ] ?? 0
  )
}
