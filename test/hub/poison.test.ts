/** Text that PostgreSQL cannot hold: refused or made harmless at the edge, never a failure of others. */

import { upkeep } from '@sallyport/hub/upkeep'
import type { Manifest } from '@sallyport/proof/manifest'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, readsOf } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let offsetMs = 0

beforeAll(async () => {
  hub = await startTestHub({
    now: () => new Date(Date.now() + offsetMs),
    steady: () => performance.now(),
  })
})
afterAll(() => hub.remove())

const poisons: readonly [string, string][] = [
  ['a NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['the other half first', '\udc00\ud800'],
]

describe.each(poisons)('%s', (name, text) => {
  test('in the reads of one lane does not keep another lane’s crossings out', async () => {
    const lane = name.replaceAll(' ', '-')
    const bad = await enrolTestDevice(hub, `${lane}-bad`)
    const good = await enrolTestDevice(hub, `${lane}-good`)
    for (const field of ['models', 'jurisdiction'] as const) {
      const sound = readsOf('ABC123')
      const reads =
        field === 'models'
          ? { ...sound, models: { detector: text, reader: 'x' } }
          : { ...sound, plate: { ...sound.plate, jurisdiction: { code: text, confidence: 0.5 } } }
      const answers = await Promise.all([
        deliver(hub, bad.bundle({ reads: Buffer.from(JSON.stringify(reads)) }).bytes),
        deliver(hub, good.bundle().bytes),
      ])
      // The pictures are evidence all the same: kept, with an alarm that says that the reads are not.
      expect(answers.map(({ status }) => status)).toEqual([201, 201])
    }
    const alarms = await hub.hub.parts.db
      .selectFrom('alarm')
      .select('kind')
      .where('device', '=', bad.id)
      .execute()
    expect(alarms).toEqual([{ kind: 'unreadable_reads' }])
  })

  test('in what people and devices write is a mistake of theirs, not of the hub', async () => {
    const supervisor = await hub.signIn(['supervisor', 'integrator'])
    const asks: [string, unknown][] = [
      ['/v1/lanes', { id: 'poison', name: text, direction: 'in' }],
      ['/v1/invitations', { name: text, roles: ['officer'] }],
      [`/v1/devices/${'0'.repeat(32)}/revocation`, { reason: `reason ${text}` }],
      [`/v1/alarms/${'0'.repeat(32)}/acknowledgement`, { note: text }],
    ]
    for (const [address, body] of asks) {
      const answer = await supervisor.request(address, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      expect([address, answer.status]).toEqual([address, 400])
    }
    const credential = {
      id: 'abc',
      rawId: 'abc',
      type: 'public-key',
      response: { clientDataJSON: '', transports: ['internal'] },
      clientExtensionResults: {},
    }
    const client = Buffer.from(JSON.stringify({ challenge: text })).toString('base64url')
    for (const change of [{ id: text }, { response: { clientDataJSON: client } }]) {
      const answer = await hub.request('/v1/passkeys/authentication/verify', {
        method: 'POST',
        body: JSON.stringify({ ...credential, ...change }),
      })
      expect([400, 401]).toContain(answer.status)
    }
    const device = await enrolTestDevice(hub, `beat-${name.replaceAll(' ', '-')}`)
    for (const change of [{ software: text }, { alarms: [text] }]) {
      expect((await sendHeartbeat(hub, device, change)).status).toBe(400)
    }
  })
})

test.each(['0000-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
  'a device whose clock says %s delivers and reports all the same, and is flagged',
  async (time) => {
    const device = await enrolTestDevice(hub, `clock-${time.slice(0, 4)}`)
    expect((await sendHeartbeat(hub, device, { sent_at: time })).status).toBe(204)
    const { bytes, manifest } = device.bundle({
      change: (one) => ({ ...one, captured_at: time, sealed_at: time }),
    })
    const answer = await deliver(hub, bytes)
    expect(answer.status, await answer.clone().text()).toBe(201)
    const auditor = await hub.signIn(['auditor'])
    const found = await auditor.request(`/v1/crossings/${manifest.crossing}`)
    expect(await found.json()).toMatchObject({ captured_at: time, clock: 'review' })
    const { alarms } = (await (await auditor.request('/v1/alarms')).json()) as {
      alarms: { kind: string; device: string }[]
    }
    expect(alarms.filter((one) => one.device === device.id)).toMatchObject([
      { kind: 'clock_review' },
    ])
  },
)

test('a crossing that the database will never take is refused for good, and alone', async () => {
  const { db } = hub.hub.parts
  await sql`create function refuse_one() returns trigger language plpgsql as $$
    begin
      if new.plate_text = 'REFUSED' then raise exception 'REFUSED' using errcode = '22P05'; end if;
      return new;
    end $$`.execute(db)
  await sql`create trigger refuse_one before insert on crossing for each row execute function refuse_one()`.execute(
    db,
  )
  try {
    const bad = await enrolTestDevice(hub, 'never-taken')
    const good = await enrolTestDevice(hub, 'taken')
    const before = hub.hub.parts.journal.size()
    const bundles = [
      good.bundle(),
      bad.bundle({ plate: 'REFUSED' }),
      good.bundle(),
      bad.bundle({ plate: 'GOOD123' }),
      good.bundle(),
    ]
    const answers = await Promise.all(bundles.map(({ bytes }) => deliver(hub, bytes)))
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 201, 201, 201])
    expect(await answers[1]?.json()).toMatchObject({ code: 'malformed_manifest' })
    expect((await deliver(hub, bundles[1]?.bytes ?? new Uint8Array())).status).toBe(400)
    // The four others are in the log, each once; that one is missing is an alarm.
    const stored = await db
      .selectFrom('crossing')
      .select('log_index')
      .where('device', 'in', [bad.id, good.id])
      .execute()
    expect(new Set(stored.map((row) => row.log_index)).size).toBe(4)
    expect(Math.min(...stored.map((row) => row.log_index ?? -1))).toBeGreaterThanOrEqual(before)
    const alarms = await db
      .selectFrom('alarm')
      .select('kind')
      .where('device', '=', bad.id)
      .execute()
    expect(alarms).toEqual([{ kind: 'sequence_gap' }])
    // What the row said is in no report.
    expect(hub.reports.some((line) => line.includes('22P05'))).toBe(true)
    expect(hub.reports.join('\n')).not.toContain('REFUSED')
  } finally {
    await sql`drop trigger refuse_one on crossing`.execute(db)
  }
})

describe('ids that another crossing has', () => {
  test.each<[string, (theirs: Manifest, own: Manifest) => Manifest]>([
    ['a crossing', (theirs, own) => ({ ...own, crossing: theirs.crossing })],
    [
      'a picture',
      (theirs, own) => ({
        ...own,
        bodies: own.bodies.map((body, index) =>
          index === 0 ? { ...body, id: theirs.bodies[0]?.id ?? '' } : body,
        ),
      }),
    ],
  ])('%s of another lane keeps its id: who borrows it is refused', async (name, borrow) => {
    const victim = await enrolTestDevice(hub, `${name.replace(' ', '-')}-victim`)
    const thief = await enrolTestDevice(hub, `${name.replace(' ', '-')}-thief`)
    const { bytes, manifest } = victim.bundle({ plate: 'VICTIM1' })
    expect((await deliver(hub, bytes)).status).toBe(201)
    const borrowed = thief.bundle({ plate: 'THIEF01', change: (own) => borrow(manifest, own) })
    const answer = await deliver(hub, borrowed.bytes)
    expect(answer.status).toBe(409)
    const auditor = await hub.signIn(['auditor'])
    const found = await auditor.request(`/v1/crossings/${manifest.crossing}`)
    expect(await found.json()).toMatchObject({ lane: victim.lane, plate: { text: 'VICTIM1' } })
    // The first comer may deliver again as often as it likes.
    expect((await deliver(hub, bytes)).status).toBe(200)
  })
})

// Last in this file: a clock that jumped is not believed until somebody confirms it.
test('after a jump of the hub’s clock crossings wait for their month instead of being refused for good', async () => {
  const device = await enrolTestDevice(hub, 'jump')
  const { bytes } = device.bundle()
  offsetMs = 400 * 86_400_000
  try {
    expect((await deliver(hub, bytes)).status).toBe(503)
    await upkeep(hub.hub.parts, new Map())
    expect((await deliver(hub, bytes)).status).toBe(201)
  } finally {
    offsetMs = 0
  }
})
