/**
 * From the picture to the words on the card: how long an officer waits.
 *
 *   npx tsx bench/card.ts [--lane "Lane 1"] [--minutes 5]
 *
 * The demo runs as it does for people: lane processes, a hub, Chromium at the page Live with a shift at one
 * lane. For every crossing the time runs from the moment at which the sealed picture was taken (several looks
 * follow it) until the card shows the crossing, and until it says something of its faces. One clock for all.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import type { Page } from 'playwright-core'

import { startBrowser } from '../test/support/browser.ts'
import { command } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'

type Shown = { readonly id: string; readonly cardAt: number; readonly facesAt: number | null }

const { values } = parseArgs({
  options: {
    lane: { type: 'string', default: 'Lane 1' },
    minutes: { type: 'string', default: '5' },
  },
})
const data = await mkdtemp(path.join(tmpdir(), 'sallyport-card-'))
const port = await freePort()
const demo = spawn(
  process.execPath,
  [command, 'demo', '--data', data, '--port', String(port), '--no-open'],
  { stdio: ['ignore', 'ignore', 'pipe'] },
)
const ended = once(demo, 'exit')
let output = ''
demo.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
const browser = await startBrowser()
try {
  const page = await browser.newPage()
  await page.goto(await said(/http\S+#token=\S+/))
  await page.getByRole('button', { name: 'Later' }).click()
  // The first start describes photographs; that is not what is measured.
  await said(/travellers are expected/)
  await page
    .getByRole('article', { name: values.lane })
    .getByRole('button', { name: 'Start shift here' })
    .click()
  const shown = await watchCard(page, Number(values.minutes) * 60_000)
  const waits = await Promise.all(shown.map((one) => waitOf(page, one)))
  const faces = waits.flatMap(({ facesMs }) => (facesMs === null ? [] : [facesMs]))
  print(
    'picture to card',
    waits.map(({ cardMs }) => cardMs),
  )
  print('picture to face words on the card', faces)
  console.log(
    `${values.lane}, load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}`,
  )
} finally {
  await browser.close()
  demo.kill('SIGTERM')
  await ended
  await rm(data, { recursive: true, force: true })
}

/** Waits until the demo has said it. */
async function said(words: RegExp): Promise<string> {
  for (;;) {
    const found = words.exec(output)?.[0]
    if (found !== undefined) return found
    if (demo.exitCode !== null) throw new Error(output)
    await sleep(200)
  }
}

/** Notes when the card first shows each crossing; the crossing that is there already does not count. */
async function watchCard(page: Page, ms: number): Promise<readonly Shown[]> {
  // What tsx puts around functions that have a name; the page does not know it.
  await page.evaluate('globalThis.__name = (one) => one')
  return page.evaluate(async (forMs) => {
    const seen = new Map<string, { id: string; cardAt: number; facesAt: number | null }>()
    const crossingNow = (): string | undefined =>
      document
        .querySelector('article[data-mine="true"] a.sp-lane-more')
        ?.getAttribute('href')
        ?.split('/')
        .at(-1)
    const first = crossingNow()
    const look = (): void => {
      const id = crossingNow()
      if (id === undefined || id === first) return
      const known = seen.get(id) ?? { id, cardAt: Date.now(), facesAt: null }
      seen.set(id, known)
      const words = document.querySelector('article[data-mine="true"] .sp-face-words')
      if (words !== null) known.facesAt ??= Date.now()
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    await new Promise((resolve) => setTimeout(resolve, forMs))
    observer.disconnect()
    return [...seen.values()]
  }, ms)
}

async function waitOf(page: Page, { id, cardAt, facesAt }: Shown) {
  const takenAt = await page.evaluate(async (crossing) => {
    const answer = await fetch(`/v1/crossings/${crossing}`)
    return ((await answer.json()) as { readonly captured_at: string }).captured_at
  }, id)
  const from = Date.parse(takenAt)
  return { cardMs: cardAt - from, facesMs: facesAt === null ? null : facesAt - from }
}

function print(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  console.log(`${name}: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, ${sorted.length} crossings`)
}
