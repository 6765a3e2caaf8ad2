/** `sallyport leaks …`: files from outside go to the hub one by one; it says whose they are. */

import { leakFile, leakFilePage, leakSearch } from '@sallyport/hub/api/leak-schemas'
import { z } from 'zod'

import { atAddresses, inBucket, parseS3 } from '../leaks/addresses.ts'
import { at, comingInto } from '../leaks/folders.ts'
import type { Found } from '../leaks/found.ts'
import { limits } from '../limits.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { untilStopped } from '../stopping.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type SearchOptions = Asking & {
  readonly case: string
  readonly urls?: boolean
  readonly watch?: boolean
  readonly selfTest?: number
}
type File = z.output<typeof leakFile>
type Search = z.output<typeof leakSearch>

export async function searchLeaks(paths: readonly string[], options: SearchOptions): Promise<void> {
  const hub = await openSession(options)
  const stop = new AbortController()
  const sources = paths.map((one) => ({
    label: labelOf(one, options),
    files: filesAt(one, options, stop.signal),
  }))
  const search = await hub.ask({
    method: 'POST',
    path: '/v1/leak-searches',
    body: { reference: options.case, sources: sources.map(({ label }) => label) },
    answer: leakSearch,
    waitMsMax: limits.leakBeginMsMax,
  })
  if (options.watch === true) {
    note('Watching. Ctrl+C ends the search.')
    void untilStopped().then(() => stop.abort())
  }
  const progress = progressLine()
  let looked = 0
  try {
    for (const { files } of sources) {
      for await (const found of files) {
        looked += 1
        progress.show(`${looked} · ${found.name}`)
        const answer = await sent(hub, search.id, found)
        progress.end()
        print(answer, options)
      }
    }
    if (options.selfTest !== undefined) {
      progress.show('Planting copies of stored pictures …')
      await hub.ask({
        method: 'POST',
        path: `/v1/leak-searches/${search.id}/self-test`,
        body: { pictures: options.selfTest },
        answer: leakSearch,
        waitMsMax: limits.leakSelfTestMsMax,
      })
    }
  } finally {
    progress.end()
    // What was looked at is said, also when a source broke off.
    const ended = await hub.ask({
      method: 'POST',
      path: `/v1/leak-searches/${search.id}/end`,
      answer: leakSearch,
    })
    conclude(ended, options)
  }
}

export async function listSearches(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { searches } = await hub.ask({
    path: '/v1/leak-searches',
    answer: z.object({ searches: z.array(leakSearch) }),
  })
  for (const one of searches) {
    if (options.json === true) jsonLine(one)
    else
      console.log(
        `${one.id}  ${one.at.slice(0, 16)}Z  ${one.reference}  ${one.files} files, ${one.ours} ours, ${one.unsure} unsure${one.state === 'running' ? ', not ended' : ''}`,
      )
  }
  if (searches.length === 0)
    note('Nothing was searched yet. sallyport leaks search PATH --case TEXT')
}

export async function showSearch(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const where = `/v1/leak-searches/${encodeURIComponent(id)}`
  const search = await hub.ask({ path: where, answer: leakSearch })
  for (let after = 0; ;) {
    const page = await hub.ask({ path: `${where}/files`, query: { after }, answer: leakFilePage })
    for (const file of page.files) print(file, options)
    const last = page.files.at(-1)
    if (!page.more || last === undefined) break
    after = last.number
  }
  conclude(search, options)
}

function filesAt(
  place: string,
  { urls = false, watch = false }: SearchOptions,
  stop: AbortSignal,
): AsyncGenerator<Found> {
  if (urls) return atAddresses(place)
  if (place.startsWith('s3://')) return inBucket(parseS3(place, process.env))
  return watch ? comingInto(place, stop) : at(place)
}

function labelOf(place: string, { urls = false }: SearchOptions): string {
  return (urls ? `addresses of ${place}` : place).slice(0, 200)
}

/** The hub takes a few files at once; this command sends one after another and waits its turn. */
async function sent(hub: HubSession, search: string, found: Found): Promise<File> {
  const name = found.name.slice(-1_000)
  return hub.ask({
    method: 'POST',
    path: `/v1/leak-searches/${search}/files`,
    body:
      'unread' in found
        ? { name, unread: found.unread }
        : { name, content: Buffer.from(found.bytes).toString('base64') },
    answer: leakFile,
    waitMsMax: limits.leakFileMsMax,
  })
}

function print(file: File, { json = false }: Asking): void {
  if (json) return jsonLine(file)
  const { verdict, level, party, opening, release } = file
  const copy = opening === null ? release : `opening ${opening}`
  const given = party === null ? '' : `, given to ${party} (${copy ?? ''})`
  const words = {
    ours: level === 'this_picture' ? `OURS, ${whatOf(file)}${given}` : 'OURS',
    unsure: `unsure: ${whyUnsure(file)}`,
    not_ours: 'not ours',
  }
  console.log(`${file.file}: ${words[verdict]}`)
}

/** The stored picture; of a photograph the list that it stands in. */
function whatOf({ capture, evidence }: File): string {
  const photograph = evidence.find(
    (one) => one.kind === 'photograph' && one['capture'] === capture,
  )?.['of']
  if (typeof photograph !== 'object' || photograph === null)
    return `capture ${capture ?? 'planted'}`
  return 'name' in photograph
    ? `a photograph of the gallery ${String(photograph.name)}`
    : 'the photograph of somebody who is looked for'
}

function whyUnsure({ evidence, level, capture }: File): string {
  const reason = evidence.find((one) => one.kind === 'not_compared')?.['reason']
  if (typeof reason === 'string') return reason
  if (level === 'same_subject')
    return `the plate of capture ${capture ?? ''}, perhaps in another picture`
  if (level === 'look_alike')
    return `it looks like capture ${capture ?? 'a stored one'}; a person has to compare them`
  return 'a stored picture that it might be of is shredded'
}

function conclude(search: Search, { json = false }: Asking): void {
  if (json) jsonLine(search)
  else for (const sentence of search.statement) console.log(sentence)
}
