/** The replay from its beginning to its result. */

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'

import { replayFileName, type ReplayResult, replayResult } from '@sallyport/hub/api/replay-schemas'
import { TaskThread } from '@sallyport/hub/task-thread'
import { storedFigures } from '@sallyport/store/stored-figures'
import { z } from 'zod'

import { containAll, noticesOf, scopeFromCold, searchFiles } from './aftermath.ts'
import { storyClock } from './clock.ts'
import { comparisonOf, drawnWords, timelineOf } from './comparison.ts'
import { figuresOf } from './figures.ts'
import type { LaneAnswer, LaneAsk } from './lane-thread.ts'
import type { LegacyTotals } from './legacy.ts'
import { tryAll } from './loot.ts'
import { firstDay, planTraffic } from './plan.ts'
import { type Cast, castOf, openPort, type Port } from './port.ts'
import { type Lanes, sixWeeks } from './six-weeks.ts'
import { picturesWithin } from './thief.ts'
import { foundOnTheWeb } from './web.ts'

export type ReplayOptions = {
  readonly scale: number
  /** Empty directory: the hub's data, and beside it what was taken. */
  readonly directory: string
  readonly step: (text: string) => void
  readonly progress: (text: string) => void
  readonly report: (message: string) => void
  readonly signal: AbortSignal
}

/** Replays 2019. Throws when anything does not go as it must, and when `signal` is aborted. */
export async function replay2019(options: ReplayOptions): Promise<ReplayResult> {
  const { scale, directory, step, report, signal } = options
  const progress = (text: string) => {
    signal.throwIfAborted()
    options.progress(text)
  }
  const began = performance.now()
  const data = path.join(directory, 'data')
  const stolen = path.join(directory, 'stolen')
  const drive = path.join(stolen, 'usb-drive')
  await mkdir(drive, { recursive: true })
  const traffic = planTraffic(scale)
  const clock = storyClock(firstDay)
  step('Starting a hub with its own database')
  const port = await openPort(data, clock, report)
  const lanes: Lanes = new TaskThread<LaneAsk, LaneAnswer>(
    new URL('lane-thread.ts', import.meta.url),
    (detail) => ({ kind: 'refused', detail }),
  )
  try {
    const cast = await castOf(port)
    await openLanes(port, lanes, { scale, legacy: path.join(stolen, 'legacy') })
    step(`Six weeks: ${traffic.pictures} pictures of ${traffic.people} people`)
    const weeks = await sixWeeks(traffic.crossings, {
      port,
      cast,
      lanes,
      drive,
      progress,
    })
    await port.hub().parts.faces.drain()

    // Counting what was taken needs no hub: it goes on beside the rest, in the lanes' thread and this one.
    const counting = lanes.ask({ kind: 'legacy_end' })
    step('A report, and the scope from a hub that was just started')
    const { incident, ms, scope } = await scopeFromCold(port, cast, weeks.sequences)
    signal.throwIfAborted()
    const contain = await containAll(incident, port, cast)
    const { board, sentences } = await noticesOf(incident, scope.scope, cast)
    step('Trying to read what was taken')
    const loot = await tryAll(drive)
    const vault = await vaultOf(data)
    signal.throwIfAborted()
    step('Searching what was found on the web')
    const files = await foundOnTheWeb(weeks.saved, path.join(stolen, 'web'))
    const search = await searchFiles(files, cast, (done) =>
      progress(`${done} of ${files.length} files`),
    )
    const legacy = legacyTotals(await counting)
    const measured = {
      traffic,
      weeks,
      loot,
      vault,
      legacy,
      alarms: await alarmsOf(cast),
      scope,
      scopeMs: ms,
      contain,
      board,
      search,
      stored: await storedFigures(port.hub().parts.db),
      logEntries: port.hub().parts.journal.size(),
    }
    const result = replayResult.parse({
      version: 1,
      made_at: new Date().toISOString(),
      scale,
      cores: os.cpus().length,
      load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
      ...figuresOf(measured),
      drawn: drawnWords(scale),
      sentences,
      timeline: timelineOf(measured),
      comparison: comparisonOf(measured),
      wall_ms: Math.round(performance.now() - began),
    })
    await writeFile(path.join(data, replayFileName), `${JSON.stringify(result, null, 2)}\n`)
    return result
  } finally {
    await lanes.close()
    await port.stop()
  }
}

async function openLanes(
  { lanes: devices, hub }: Port,
  lanes: Lanes,
  { scale, legacy }: { readonly scale: number; readonly legacy: string },
): Promise<void> {
  const model = hub().parts.faces.matching?.model
  if (model === undefined) throw new Error('the replayed hub compares faces')
  const { name, identity, evaluation, dimensions } = model
  const opened = await lanes.ask({
    kind: 'open',
    scale,
    legacy,
    devices: devices.map(({ id, lane, port, seed }) => ({ id, lane, port, seed })),
    model: { name, identity, evaluation, dimensions },
  })
  if (opened.kind === 'refused') throw new Error(opened.detail)
}

/** The hub's stored bodies, as somebody has them who copied the files and nothing else. */
async function vaultOf(data: string): Promise<{ readonly bytes: number; readonly clear: number }> {
  const vault = { bytes: 0, clear: 0 }
  const folder = path.join(data, 'vault')
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name)
    if (!(await stat(file)).isFile()) continue
    const bytes = await readFile(file)
    vault.bytes += bytes.length
    vault.clear += await picturesWithin(bytes)
  }
  return vault
}

function legacyTotals(answer: LaneAnswer): LegacyTotals {
  if (answer.kind !== 'ended')
    throw new Error(answer.kind === 'refused' ? answer.detail : 'the legacy crossing ends')
  return answer.totals
}

async function alarmsOf({ auditor }: Cast): Promise<ReplayResult['alarms']> {
  const { alarms } = z
    .object({
      alarms: z.array(z.object({ kind: z.string(), at: z.iso.datetime(), count: z.int() })),
    })
    .parse(await auditor.expect('/v1/alarms'))
  const kinds = new Map<string, { raised: number; first_at: string }>()
  for (const { kind, at, count } of alarms) {
    const known = kinds.get(kind) ?? { raised: 0, first_at: at }
    kinds.set(kind, {
      raised: known.raised + count,
      first_at: at < known.first_at ? at : known.first_at,
    })
  }
  return [...kinds].map(([kind, rest]) => ({ kind, ...rest }))
}
