/** Months later: a report, a scope from cold, everything cut off, who is to be told, and whose copies they are. */

import * as incidentSchemas from '@sallyport/hub/api/incident-schemas'
import * as leakSchemas from '@sallyport/hub/api/leak-schemas'
import * as noticeSchemas from '@sallyport/hub/api/notice-schemas'
import { statedScope } from '@sallyport/hub/api/scope-schemas'
import { upkeep } from '@sallyport/hub/upkeep'
import { z } from 'zod'

import { lanesSay } from './lane-words.ts'
import { limits } from './limits.ts'
import { askHub } from './people.ts'
import { dayAt, firstDay, laneIds } from './plan.ts'
import { type Cast, contractor, type Port } from './port.ts'
import type { WebFile } from './web.ts'

/** The subcontractor hears of it, 13 May 2019, and reports the same day. */
export const suspectedAt = new Date('2019-05-13T14:00:00Z')
const reportedAt = new Date('2019-05-13T20:00:00Z')

/** The hub is started anew and asked at once. Answers the incident that the report opened, too. */
export async function scopeFromCold(port: Port, { responder }: Cast, sequences: readonly number[]) {
  port.clock.moveTo(reportedAt)
  await lanesSay(port, sequences)
  await upkeep(port.hub().parts, new Map())
  const reported = await askHub(port.hub(), '/v1/reports', {
    body: JSON.stringify({
      organisation: 'Lane Optics, subcontractor of Gate Works',
      contact: 'duty desk',
      suspected_at: suspectedAt.toISOString(),
      what: 'A demand for money. Our network was broken into; a copy of lane disks lay there.',
    }),
  })
  if (reported.status !== 201) throw new Error(JSON.stringify(reported.body))
  const { incidents } = z
    .object({ incidents: z.array(incidentSchemas.incidentLine) })
    .parse(await responder.expect('/v1/incidents'))
  const [incident] = incidents
  if (incident === undefined) throw new Error('a report opens an incident')
  await port.restart()
  const began = performance.now()
  const answer = await responder.expect('/v1/scopes', {
    from: firstDay.toISOString(),
    to: dayAt(limits.days + 1, 0).toISOString(),
    suspicions: [
      { kind: 'party', party: contractor },
      ...laneIds.map((lane) => ({ kind: 'lane', lane })),
    ],
    why: 'what the technician was shown, and what lay on the disks that were copied',
    incident: incident.id,
  })
  const ms = performance.now() - began
  return { incident: incident.id, ms, scope: statedScope.parse(answer) }
}

/** Cuts off everything that the suspicion names; `ms` until every part has confirmed. */
export async function containAll(incident: string, port: Port, { responder, technician }: Cast) {
  const cuts = [
    { act: 'account_disabled', target: technician.account },
    { act: 'grants_suspended', target: contractor },
    ...port.lanes.map(({ id }) => ({ act: 'device_quarantined', target: id })),
    { act: 'retention_frozen', target: port.hub().parts.port.id },
  ]
  const began = performance.now()
  const done = incidentSchemas.contained.parse(
    await responder.expect(`/v1/incidents/${incident}/containment`, { cuts }),
  )
  if (done.refused.length > 0) throw new Error(JSON.stringify(done.refused))
  let { steps } = done
  while (steps.some(({ effect }) => !effect.confirmed) && performance.now() - began < 60_000)
    ({ steps } = incidentSchemas.incident.parse(
      await responder.expect(`/v1/incidents/${incident}`),
    ))
  return {
    ms: performance.now() - began,
    steps: steps.length,
    confirmed: steps.every(({ effect }) => effect.confirmed),
  }
}

/** The board of notices, and what may be said in public of the scope. */
export async function noticesOf(incident: string, scope: string, { responder }: Cast) {
  const board = noticeSchemas.noticeBoard.parse(
    await responder.expect(`/v1/incidents/${incident}/notices`),
  )
  const { sentences } = noticeSchemas.sentences.parse(
    await responder.expect(`/v1/scopes/${scope}/sentences`),
  )
  return { board, sentences: sentences.map(({ text }) => text) }
}

export type Finding = {
  readonly name: string
  readonly planted: boolean
  readonly change: string
  readonly verdict: 'ours' | 'not_ours' | 'unsure'
  /** The stored picture is the one that it was made of. */
  readonly found: boolean
  /** The opening and the party are those that it was shown to. */
  readonly attributed: boolean
  readonly errorProbability: number | null
  readonly evidence: readonly string[]
}

/** Looks at every file as `sallyport leaks search` does, two at a time. */
export async function searchFiles(
  files: readonly WebFile[],
  { responder }: Cast,
  progress: (done: number) => void,
) {
  const began = performance.now()
  const { id } = leakSchemas.leakSearch.parse(
    await responder.expect('/v1/leak-searches', {
      reference: 'replay 2019',
      sources: ['a folder of pictures from the web'],
    }),
  )
  const findings: Finding[] = []
  const left = [...files]
  const look = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      const found = leakSchemas.leakFile.parse(
        await responder.expect(`/v1/leak-searches/${id}/files`, {
          name: file.name,
          content: Buffer.from(file.bytes).toString('base64'),
        }),
      )
      findings.push(findingOf(file, found))
      progress(findings.length)
    }
  }
  await Promise.all([look(), look()])
  const ended = leakSchemas.leakSearch.parse(
    await responder.expect(`/v1/leak-searches/${id}/end`, {}),
  )
  return { findings, ms: performance.now() - began, ended }
}

function findingOf(file: WebFile, found: z.output<typeof leakSchemas.leakFile>): Finding {
  const isOurs = found.verdict === 'ours'
  const isIt = isOurs && file.of !== null && found.capture === file.of.capture
  return {
    name: file.name,
    planted: file.of !== null,
    change: file.change,
    verdict: found.verdict,
    found: isIt,
    attributed: isIt && found.opening === file.of.opening && found.party === contractor,
    errorProbability: found.error_probability,
    evidence: found.evidence.map(({ kind }) => kind),
  }
}
