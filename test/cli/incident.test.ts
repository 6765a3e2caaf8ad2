/** `sallyport incident` as people run it: from the first suspicion to a bundle that a stranger verifies. */

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { agencySigner } from '@sallyport/hub/incidents/write-bundle'
import { checkIncidentPack, packNoteText } from '@sallyport/proof/incident-pack'
import { signNote } from '@sallyport/proof/note'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Ran, sallyport } from '../support/command.ts'
import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith } from '../support/review.ts'
import { post } from '../support/watch.ts'

const waitMs = 240_000
let hub: TestHub
let device: TestDevice
let folder: string
let auditor: string
const at = (name: string) => path.join(folder, name)
const day = (offset: number) =>
  new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-incident-'))
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  const person = await hub.signIn(['auditor'])
  auditor = await accountOf(person)
  for (const plate of ['ABC123', 'XYZ789']) {
    const { scene } = await crossWith(hub, device, readsOf(plate))
    const opened = await person.request(
      `/v1/captures/${scene}/openings`,
      post({ purpose: 'audit' }),
    )
    expect(opened.status).toBe(201)
  }
  await becomes('responder')
}, waitMs)
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

async function accountOf(person: Person): Promise<string> {
  const answer = (await (await person.request('/v1/session')).json()) as { account: { id: string } }
  return answer.account.id
}

/** Signs in as somebody new with this role, in a session of the terminal's own. */
async function becomes(...roles: readonly Role[]): Promise<void> {
  const { url } = await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts)
  const done = await run(['sign-in'], url)
  expect(done.code, done.stderr).toBe(0)
}

function run(parameters: readonly string[], input = ''): Promise<Ran> {
  return sallyport(parameters, {
    cwd: folder,
    environment: { SALLYPORT_SESSION_FILE: at('sessions.json') },
    input,
  })
}

/** The objects that a command prints with `--json`; fails with what it said when its exit code differs. */
async function told(parameters: readonly string[], code = 0) {
  const ran = await run([...parameters, '--json'])
  expect(ran.code, `${parameters.join(' ')}: ${ran.stderr}${ran.stdout}`).toBe(code)
  return ran.json
}

let incident = ''
let scope = ''

test(
  'a suspicion becomes an incident, and its scope a bundle whose every number a stranger reproduces',
  async () => {
    const suspected = new Date(Date.now() - 3_600_000).toISOString()
    const [opened] = await told([
      'incident',
      'open',
      'A drive is missing',
      '--suspected',
      suspected,
    ])
    incident = String(opened?.['id'])
    const asked = ['--party', 'agency', '--from', day(-1), '--to', day(2)]
    const [stated] = await told([
      ...['incident', 'scope', ...asked, '--why', 'a drive is missing'],
      ...['--incident', incident, '-o', at('scope.jsonl')],
    ])
    scope = String(stated?.['scope'])
    expect(stated).toMatchObject({
      version: 1,
      incident,
      result: { grades: { released_in_clear: { pictures: 2, plates: { low: 2, high: 2 } } } },
    })
    const { parts } = hub.hub
    const keys = ['--vkey', parts.journal.vkey, '--agency', agencySigner(parts).vkey]
    // As a stranger: with no session, beside no hub.
    const verified = await sallyport(['incident', 'verify', at('scope.jsonl'), ...keys, '--json'], {
      environment: { SALLYPORT_SESSION_FILE: at('nobody.json') },
    })
    expect(verified.code, verified.stdout).toBe(0)
    expect(verified.json).toMatchObject([{ holds: true, scope, pictures: 2 }])
    const lines = await readFile(at('scope.jsonl'), 'utf8')
    await writeFile(at('edited.jsonl'), lines.replace('released_in_clear', 'ciphertext_only'))
    const [edited] = await told(['incident', 'verify', at('edited.jsonl'), ...keys], 1)
    expect(edited).toMatchObject({ holds: false, code: 'bad_signature' })
    await writeFile(at('cut.jsonl'), lines.slice(0, lines.length / 2))
    const cut = await run(['incident', 'verify', at('cut.jsonl')])
    expect([cut.code, cut.stdout]).toEqual([1, expect.stringContaining('does NOT hold')])
  },
  waitMs,
)

test(
  'a second engine comes to the same numbers, and a later version says what changed',
  async () => {
    const [checked] = await told(['incident', 'check', scope])
    expect(checked).toMatchObject({ agrees: true, difference: null, moved: null })
    const asked = ['--window', '--device', device.id, '--from', day(-1), '--to', day(2)]
    const next = await run([
      ...['incident', 'scope', ...asked, '--why', 'the device as well', '--revises', scope],
    ])
    expect(next.code, next.stderr).toBe(0)
    expect(next.stdout).toMatch(/version 2\n/)
    expect(next.stdout).toMatch(/changed: total\.pictures from 2 to \d+/)
    expect(next.stdout).toMatch(/handled by untrusted device:\n {2}\d+ pictures of 2 crossings/)
  },
  waitMs,
)

test(
  'what is cut off is confirmed by every part, stands in the timeline, and is let back in',
  async () => {
    const person = await accountOf(await hub.signIn(['officer']))
    const cut = ['--device', device.id, '--person', person, '--freeze']
    const [contained] = await told(['incident', 'contain', incident, ...cut])
    expect(contained).toMatchObject({ confirmed: true, refused: [] })
    const steps = contained?.['steps'] as readonly { id: string; act: string }[]
    expect(steps.map(({ act }) => act).toSorted()).toEqual([
      'account_disabled',
      'device_quarantined',
      'retention_frozen',
    ])
    const again = await run(['incident', 'contain', incident, '--person', auditor])
    expect([again.code, again.stdout]).toEqual([
      1,
      expect.stringContaining(`NOT account disabled ${auditor}`),
    ])
    const shown = await run(['incident', 'show', incident])
    expect(shown.stdout).toContain('A drive is missing')
    expect(shown.stdout).toMatch(/intake: confirmed\. Its bundles wait at the lane\./)
    for (const { id } of steps)
      expect((await told(['incident', 'lift', id]))[0]).toMatchObject({ id })
  },
  waitMs,
)

test(
  'who is owed a notice is listed, a page is written in their language, and a sending is kept',
  async () => {
    const owed = await told(['incident', 'notices', incident])
    expect(owed.map(({ rule }) => rule)).toContain('cisa_1_hour')
    const page = ['--page', 'individuals', '--language', 'es', '-o', at('carta.html')]
    await told(['incident', 'notices', incident, ...page])
    expect(await readFile(at('carta.html'), 'utf8')).toContain('lang="es"')
    await writeFile(at('receipt.eml'), 'Received: yes')
    const sent = ['--sent', 'cisa_1_hour', '--to', 'duty officer', '--proof', at('receipt.eml')]
    const [kept] = await told(['incident', 'notices', incident, ...sent])
    expect(kept).toMatchObject({ version: 1 })
    const list = await run(['incident', 'notices', incident])
    expect(list.stdout).toMatch(/sent, version 1 {2}cisa_1_hour/)
  },
  waitMs,
)

test(
  'what the incident rests on is one file, in which a stranger finds any record that was changed',
  async () => {
    await told(['incident', 'pack', incident, '--party', 'agency', '-o', at('pack.jsonl')])
    const { parts } = hub.hub
    const keys = ['--vkey', parts.journal.vkey, '--agency', agencySigner(parts).vkey]
    const [holds] = await told(['incident', 'verify', at('pack.jsonl'), ...keys])
    expect(holds).toMatchObject({
      holds: true,
      incident,
      records: { incident: 1, scope: 2, step: 3, notice: 1 },
    })
    const read = await run(['incident', 'verify', at('pack.jsonl')])
    expect(read.stdout).toMatch(/scope #\d+ {2}.*"version":1/)
    expect(read.stdout).toContain('A drive is missing')
    // Who of the agency did what is not in it.
    expect(await readFile(at('pack.jsonl'), 'utf8')).not.toContain('Test responder')
    const lines = (await readFile(at('pack.jsonl'), 'utf8')).trimEnd().split('\n')
    const trusted = { vkey: parts.journal.vkey, agency: agencySigner(parts).vkey }
    for (const cut of lines.keys())
      expect(await checkIncidentPack(lines.toSpliced(cut, 1), trusted)).toMatchObject({
        kind: 'refused',
      })
    // The agency itself cannot sign what its log does not have.
    const forged = lines.map((line) => line.replace('duty officer', 'somebody else'))
    const target = lines.map((line) => line.replace(`"value":"${device.id}"`, '"value":"other"'))
    expect(await checkIncidentPack(signed(target), trusted)).toMatchObject({
      code: 'record_differs',
    })
    expect(await checkIncidentPack(forged, trusted)).toMatchObject({ code: 'bad_signature' })
    const without = lines.filter((line) => !line.startsWith('{"kind":"entry"'))
    expect(await checkIncidentPack(signed(without), trusted)).toMatchObject({
      code: 'not_included',
    })
  },
  waitMs,
)

/** The lines under a signature that is right. */
function signed(lines: readonly string[]): readonly string[] {
  const rows = lines.slice(0, -1)
  const digest = createHash('sha256')
    .update(`${rows.join('\n')}\n`)
    .digest()
  const note = signNote(packNoteText(incident, digest), [agencySigner(hub.hub.parts)])
  return [...rows, JSON.stringify({ kind: 'signature', note })]
}

test.each([
  [
    'no suspicion',
    ['scope', '--from', day(-1), '--to', day(0), '--why', 'w'],
    2,
    /at least one suspicion/,
  ],
  [
    'a time that is none',
    ['scope', '--window', '--from', 'monday', '--to', day(0), '--why', 'w'],
    2,
    /'monday' is no time/,
  ],
  [
    'a party that never was',
    ['scope', '--party', 'nobody', '--from', day(-1), '--to', day(0), '--why', 'w'],
    1,
    /know no such party/,
  ],
  ['an id that is none', ['show', 'the-drive'], 2, /'the-drive'.*is no id/],
  ['a bundle that is not there', ['verify', 'nothing.jsonl'], 2, /cannot be read/],
  ['nothing to cut off', ['contain', 'f'.repeat(32)], 2, /Name what to cut off/],
])(
  '%s is answered with what to do, and no trace of the code',
  async (_, parameters, code, says) => {
    const ran = await run(['incident', ...parameters])
    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).not.toMatch(/\n\s+at |node_modules/)
    expect(ran.code).toBe(code)
  },
  waitMs,
)
