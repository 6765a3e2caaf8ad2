/**
 * From the picture to the words on the card: how long an officer waits, and where.
 *
 *   npx tsx bench/card.ts [--minutes 5] [--every 8000] [--source 1:people] [--alone] [--each]
 *
 * A hub in this process, lanes as processes of their own, Chromium at the page Live with a shift at one lane.
 * Vehicles come to that lane one behind the other (`--every`: ms from one to the next, about), so that there
 * are enough of them; Lane 2 and a walkway work beside it as in the demo, unless `--alone`. Lanes draw what
 * they see in their own processes, so the machine is busier than with cameras. For every crossing the time
 * runs from the moment at which the sealed picture was taken until the card shows the crossing, and until it
 * says something of its faces; also from the last look that the vote waited for, whichever picture was
 * kept. One clock for all. The slowest crossings are shown with the stages in which their time went, and with
 * how busy the machine was; `--each` shows all.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { startBrowser } from '../test/support/browser.ts'
import { lookAtCard, waitsOf } from './card-page.ts'
import { startCardLanes, startCardHub } from './card-port.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    every: { type: 'string', default: '8000' },
    source: { type: 'string', default: '1:people' },
    alone: { type: 'boolean', default: false },
    each: { type: 'boolean', default: false },
  },
})
const slowestShown = 5

const data = await mkdtemp(path.join(tmpdir(), 'sallyport-card-'))
const hub = await startCardHub(path.join(data, 'hub'))
const browser = await startBrowser()
const lanes = await startCardLanes(hub, path.join(data, 'lanes'), {
  source: values.source,
  everyMs: Number(values.every),
  alone: values.alone,
})
try {
  const page = await browser.newPage()
  await page.goto(hub.link?.url ?? '')
  await page.getByRole('button', { name: 'Later' }).click()
  await page
    .getByRole('article', { name: 'Lane 1' })
    .getByRole('button', { name: 'Start shift here' })
    .click()
  const shown = await lookAtCard(page, Number(values.minutes) * 60_000)
  const waits = await waitsOf(shown, hub)
  const all = (pick: (wait: (typeof waits)[number]) => number | null) =>
    print(waits.flatMap((wait) => pick(wait) ?? []))
  console.table({
    'picture to card': all(({ card }) => card),
    'picture to face words': all(({ faces }) => faces),
    'last look to card': all(({ card, looks }) => (looks === null ? null : card - looks)),
    '· picture to last look': all(({ looks }) => looks),
    '· last look to sealed': all(({ sealed }) => sealed),
    '· sealed to hub': all(({ sent }) => sent),
    '· hub to page': all(({ told }) => told),
    '· page to card': all(({ drawn }) => drawn),
    '· hub to faces told': all(({ matched }) => matched),
    '· faces told to words': all(({ words }) => words),
  })
  console.log('The slowest, ms of each stage:')
  const slowest = waits.toSorted((a, b) => b.card - a.card)
  console.table(values.each ? slowest : slowest.slice(0, slowestShown))
  const load = loadavg()[0]?.toFixed(1)
  console.log(`${waits.length} crossings, load ${load}, ${new Date().toISOString().slice(0, 10)}`)
} finally {
  await browser.close()
  await lanes.stop()
  await hub.stop()
  await rm(data, { recursive: true, force: true })
}

function print(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { 'median ms': at(0.5), '95 % ms': at(0.95), 'most ms': at(1), of: sorted.length }
}
