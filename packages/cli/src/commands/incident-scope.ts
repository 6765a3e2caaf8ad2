/** `sallyport incident scope`: asks a hub what a suspicion reached. */

import { rename } from 'node:fs/promises'

import type { ScopeDocument } from '@sallyport/core/scope/scope'
import { statedScope } from '@sallyport/hub/api/scope-schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

export type ScopeOptions = {
  readonly hub?: string
  readonly json?: boolean
  readonly party: readonly string[]
  readonly person: readonly string[]
  readonly grant: readonly string[]
  readonly device: readonly string[]
  readonly lane: readonly string[]
  readonly key: readonly string[]
  readonly captureHash: readonly string[]
  readonly release: readonly string[]
  readonly window?: boolean
  readonly from: string
  readonly to: string
  readonly why: string
  readonly incident?: string
  readonly revises?: string
  readonly faces?: boolean
  readonly output?: string
}

export async function scope(options: ScopeOptions): Promise<void> {
  const suspicions = suspicionsOf(options)
  if (suspicions.length === 0)
    throw new CommandFailure(
      'Name at least one suspicion, such as --party or --device; --window asks for everything.',
      exitCodes.wrongUse,
    )
  const { why, incident, revises } = options
  const hub = await openSession(options)
  const stated = await hub.ask({
    method: 'POST',
    path: '/v1/scopes',
    waitMsMax: limits.scopeMsMax,
    body: {
      suspicions,
      from: instantOf(options.from),
      to: instantOf(options.to),
      why,
      incident,
      revises,
      by_face: options.faces === true,
    },
    answer: statedScope,
  })
  if (options.output !== undefined) await writeBundle(stated.scope, options.output, hub)
  if (options.json === true) return jsonLine(stated)
  sayScope(stated)
  note(`Counted in ${stated.counted_ms} ms; entry ${stated.log_index} of the log.`)
  if (options.output !== undefined)
    note(`Anybody can check it: sallyport incident verify ${options.output}`)
}

/** The numbers, for people. */
export function sayScope({
  result,
  ...stated
}: Pick<ScopeDocument, 'scope' | 'version' | 'result'>): void {
  console.log(`scope ${stated.scope}, version ${stated.version}`)
  for (const [grade, counts] of [
    ['in all', result.total],
    ...Object.entries(result.grades),
  ] as const) {
    const { pictures, crossings, people, plates, lanes, days } = counts
    if (pictures === 0) continue
    console.log(`${grade.replaceAll('_', ' ')}:`)
    console.log(
      `  ${pictures} pictures of ${crossings} crossings, ${lanes.length} lanes, ${days.count} days (${days.first ?? ''} to ${days.last ?? ''})`,
    )
    console.log(
      `  people ${between(people)} (${people.identified} identified), plates ${between(plates)}`,
    )
    if (people.by_face !== undefined)
      console.log(
        `  known by face only ${between(people.by_face)} (${people.by_face.not_compared} pictures not compared), by plate only ${between(people.plate_only)}`,
      )
  }
  for (const { people, side, side_with_reachable, means } of result.lines)
    console.log(
      `${people} people: ${side.replaceAll('_', ' ')}; with what was reachable: ${side_with_reachable.replaceAll('_', ' ')}. ${means}`,
    )
  for (const { figure, before, after } of result.changes)
    console.log(`changed: ${figure} from ${before} to ${after}`)
  for (const sentence of result.assumes) note(sentence)
}

function between({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? String(low) : `${low} to ${high}`
}

function suspicionsOf(options: ScopeOptions): readonly Record<string, string>[] {
  const each = (values: readonly string[], make: (value: string) => Record<string, string>) =>
    values.map(make)
  return [
    ...each(options.party, (party) => ({ kind: 'party', party })),
    ...each(options.person, (account) => ({ kind: 'person', account })),
    ...each(options.grant, (grant) => ({ kind: 'grant', grant })),
    ...each(options.device, (device) => ({ kind: 'device', device })),
    ...each(options.lane, (lane) => ({ kind: 'lane', lane })),
    ...each(options.key, (key): Record<string, string> => {
      const [, day, recipient] = /^(\d{4}-\d{2}-\d{2})(?::(age1\w+))?$/.exec(key) ?? []
      if (day === undefined) return { kind: 'kek', kek: key }
      return { kind: 'epoch', day, ...(recipient === undefined ? {} : { recipient }) }
    }),
    ...each(options.captureHash, (sha256) => ({ kind: 'capture', sha256 })),
    ...each(options.release, (release) => ({ kind: 'release', release })),
    ...(options.window === true ? [{ kind: 'window' }] : []),
  ]
}

/** A day begins at midnight in UTC. */
function instantOf(text: string): string {
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(ms))
    throw new CommandFailure(
      `'${text}' is no time. Write 2026-05-01 or 2026-05-01T12:00:00Z.`,
      exitCodes.wrongUse,
    )
  return new Date(ms).toISOString()
}

async function writeBundle(id: string, file: string, hub: HubSession): Promise<void> {
  const draft = `${file}.part`
  await hub.save({ path: `/v1/scopes/${id}/bundle`, file: draft, waitMsMax: limits.bundleMsMax })
  await rename(draft, file)
}
