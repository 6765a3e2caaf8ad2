/** Evaluation inside the vault: every picture logged, nothing but totals out. */

import { evaluationLimits } from '@sallyport/core/evaluation'
import { drawnPicture } from '@sallyport/marks/drawn'
import { encodeJpeg } from '@sallyport/vision/encode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createEvaluations } from '../../packages/hub/src/evaluations.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unsureReads, type Waiting } from '../support/review.ts'

let hub: TestHub
let device: TestDevice
let officer: Person
let picture: Uint8Array

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  officer = await hub.signIn(['officer'])
  picture = await encodeJpeg(drawnPicture(64, 32, 1), 80)
})
afterAll(() => hub.remove())

async function labelled(text: string | null): Promise<Waiting> {
  const item = await crossWith(hub, device, unsureReads(['GUESS1']), picture)
  expect((await decide(officer, item, text)).status).toBe(201)
  return item
}

/** Evaluations with a reader that says `says` of every picture. */
function withReader(says: string, looked: () => void = () => undefined) {
  const point = { x: 0, y: 0 }
  return createEvaluations({
    ...hub.hub.parts,
    openReader: async () => ({
      models: { detector: 'test', reader: `says ${says}` },
      read: async () => {
        looked()
        const look = {
          text: says,
          confidence: 0.9,
          characters: [],
          jurisdiction: null,
          corners: [point, point, point, point],
          box: { x: 0, y: 0, width: 1, height: 1 },
          alternatives: [],
          detection: 1,
          plateWidthPx: 60,
        }
        const picture = { width: 64, height: 32 }
        return { kind: 'read', looks: [look] as never, picture, ms: 1 } as const
      },
      close: async () => undefined,
    }),
  })
}

const asAuditor = async () => {
  const person = await hub.signIn(['auditor'])
  const { account } = (await (await person.request('/v1/session')).json()) as {
    account: { id: string; roles: readonly 'auditor'[] }
  }
  return { person, account }
}

async function ended(id: string) {
  const { db } = hub.hub.parts
  await expect
    .poll(
      async () =>
        (
          await db
            .selectFrom('evaluation')
            .select('state')
            .where('id', '=', id)
            .executeTakeFirstOrThrow()
        ).state,
      { timeout: 60_000 },
    )
    .not.toBe('running')
  return db.selectFrom('evaluation').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

describe('an evaluation', () => {
  let items: readonly Waiting[]

  beforeAll(async () => {
    items = [await labelled('ABC123'), await labelled('A8C123'), await labelled(null)]
  })

  test('counts against verdicts, opens each picture with its own log entry, and shows none', async () => {
    const { account } = await asAuditor()
    const { journal, db, vault, keks } = hub.hub.parts
    const before = journal.size()
    const evaluations = withReader('A8C123')
    const started = await evaluations.start({ account, filter: {} })
    if (started.kind !== 'started') throw new Error(started.detail)
    const row = await ended(started.id)
    expect(row).toMatchObject({
      state: 'done',
      labels: 3,
      pictures_done: 3,
      pictures_failed: 0,
      totals: { labelled: 2, exact: 1, wrong: 1, unreadable: 1, read_unreadable: 1 },
      models: { reader: 'says A8C123' },
    })
    expect(row.totals?.confusions).toEqual([{ label: 'B', read: '8', count: 1 }])

    // One entry for the evaluation, before one for each picture.
    const entries = await Promise.all(
      Array.from({ length: journal.size() - before }, async (_, at) => {
        const found = await journal.receipt(before + at)
        return JSON.parse(Buffer.from(found?.entry ?? []).toString()) as Record<string, unknown>
      }),
    )
    const own = entries.filter(({ kind }) => kind === 'evaluation' || kind === 'opening')
    expect(own.map(({ kind, purpose }) => [kind, purpose])).toEqual([
      ['evaluation', undefined],
      ['opening', 'evaluation'],
      ['opening', 'evaluation'],
      ['opening', 'evaluation'],
    ])
    expect(new Set(own.slice(1).map(({ capture }) => capture))).toEqual(
      new Set(items.map(({ plate }) => plate)),
    )
    expect(JSON.stringify(entries)).not.toMatch(/A[B8]C123/)

    // The list of labels lies sealed in the vault: hashes and commitments, no text.
    const body = await vault.read(
      { segment: row.segment, position: row.position, bytes: row.bytes },
      row.sha256,
    )
    if (body.kind !== 'body' || row.kek === null) throw new Error('the label set is not there')
    expect(Buffer.from(body.body).toString('latin1')).not.toContain('"labels"')
    const opened = keks.open(row.kek, { header: row.header, body: body.body })
    if (opened.kind !== 'opened') throw new Error(opened.kind)
    const text = Buffer.from(opened.plaintext).toString()
    expect(text).not.toMatch(/A[B8]C123/)
    const set = JSON.parse(text) as { labels: { capture: string; text: string; sha256: string }[] }
    expect(set.labels.map(({ capture }) => capture).toSorted()).toEqual(
      items.map(({ plate }) => plate).toSorted(),
    )
    const logged = await db.selectFrom('verdict').select('log_index').execute()
    const commitments = await Promise.all(
      logged.map(async ({ log_index }) => {
        const found = await journal.receipt(log_index ?? -1)
        return (JSON.parse(Buffer.from(found?.entry ?? []).toString()) as { text: string }).text
      }),
    )
    for (const label of set.labels) expect(commitments).toContain(label.text)
  })

  test('names what was misread only to those who may see plates, and stores no text', async () => {
    const { account } = await asAuditor()
    const evaluations = withReader('A8C123')
    const started = await evaluations.start({ account, filter: {} })
    if (started.kind !== 'started') throw new Error(started.detail)
    const row = await ended(started.id)
    await expect
      .poll(() => evaluations.misreadOf(started.id))
      .toMatchObject([{ label: null }, { label: 'ABC123', read: 'A8C123' }])
    const { header, sha256, ...stored } = row
    expect(JSON.stringify(stored)).not.toMatch(/ABC123/)
    expect(header.length + sha256.length).toBeGreaterThan(0)
  })

  test('of a verdict that was taken back or superseded uses what is in effect', async () => {
    const item = await labelled('WRONG1')
    const { db } = hub.hub.parts
    const { id } = await db
      .selectFrom('verdict')
      .select('id')
      .where('crossing', '=', item.crossing)
      .executeTakeFirstOrThrow()
    await officer.request(`/v1/reviews/${item.crossing}/verdicts/${id}/withdrawal`, {
      method: 'POST',
    })
    const { account } = await asAuditor()
    const evaluations = withReader('ABC123')
    const started = await evaluations.start({ account, filter: {} })
    if (started.kind !== 'started') throw new Error(started.detail)
    expect((await ended(started.id)).labels).toBe(3)
  })

  test('ends as failed when the log is away, and looks at nothing', async () => {
    const { account } = await asAuditor()
    let looked = 0
    const { parts } = hub.hub
    let appended = 0
    const broken = createEvaluations({
      ...parts,
      journal: {
        ...parts.journal,
        append: (entry) => {
          appended += 1
          // The beginning is logged; the first picture is not.
          return appended === 1
            ? parts.journal.append(entry)
            : Promise.reject(new Error('disk full'))
        },
      },
      openReader: async () => ({
        models: { detector: 'd', reader: 'r' },
        read: async () => {
          looked += 1
          return { kind: 'read', looks: [], picture: { width: 64, height: 32 }, ms: 1 } as const
        },
        close: async () => undefined,
      }),
    })
    const started = await broken.start({ account, filter: {} })
    if (started.kind !== 'started') throw new Error(started.detail)
    expect(await ended(started.id)).toMatchObject({ state: 'failed', totals: null })
    expect(looked).toBe(0)
  })
})

describe('over the API', () => {
  test('an integrator learns nothing of a few plates', async () => {
    const integrator = await hub.signIn(['integrator'])
    const answer = await integrator.request('/v1/evaluations', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({
      code: 'too_few_labels',
      detail: expect.stringContaining(String(evaluationLimits.labelsMin)),
    })
  })

  test('an officer starts none, and nobody opens a picture for it', async () => {
    expect((await officer.request('/v1/evaluations', { method: 'POST', body: '{}' })).status).toBe(
      403,
    )
    const item = await labelled('OPEN1')
    const everybody = await hub.signIn(['officer', 'supervisor', 'auditor', 'integrator'])
    const answer = await everybody.request(`/v1/captures/${item.plate}/openings`, {
      method: 'POST',
      body: '{"purpose":"evaluation"}',
    })
    expect(await answer.json()).toMatchObject({ code: 'purpose_not_for_role' })
  })

  test('runs the hub’s own reader, one at a time, and is listed', async () => {
    const { person } = await asAuditor()
    const started = await person.request('/v1/evaluations', { method: 'POST', body: '{}' })
    expect(started.status).toBe(202)
    const { id } = (await started.json()) as { id: string }
    const second = await person.request('/v1/evaluations', { method: 'POST', body: '{}' })
    expect([429, 202]).toContain(second.status)
    expect((await ended(id)).state).toBe('done')
    const one = (await (await person.request(`/v1/evaluations/${id}`)).json()) as {
      totals: { pictures: number }
      models: { reader: string }
    }
    expect(one.totals.pictures).toBe(4)
    expect(one.models.reader).not.toBe('')
    const list = (await (await person.request('/v1/evaluations')).json()) as {
      evaluations: { id: string }[]
    }
    expect(list.evaluations.map((each) => each.id)).toContain(id)
  }, 120_000)
})
