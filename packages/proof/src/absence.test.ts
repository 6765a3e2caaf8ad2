import { describe, expect, test } from 'vitest'

import { type AbsenceSubject, type Disclosure, absenceLines, checkAbsence } from './absence.ts'
import { toHex, utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type LogEntry, commit, encodeEntry } from './entry.ts'
import { generateSigningKey, sign } from './node/ed25519.ts'
import { nodeVerifiers } from './node/ml-dsa.ts'
import { noteSigner } from './note.ts'
import { cosign, cosigner } from './tlog-cosignature.ts'
import { parsePolicy } from './tlog-policy.ts'
import { emptyEdge, growEdge, rootOf } from './tree-edge.ts'

const origin = 'example.gov/sallyport'
const logKey = generateSigningKey()
const log = noteSigner(origin, logKey.privateKey, logKey.publicKey, sign)
const witnessKey = generateSigningKey()
const witness = cosigner('w.example', 'ed25519', witnessKey.publicKey, (m) =>
  sign(witnessKey.privateKey, m),
)
const policy = policyFrom(`log ${log.vkey}\nwitness W ${witness.vkey}\nquorum W\n`)

const idOf = (n: number) => n.toString(16).padStart(32, '0')
const accounts = ['anna', 'bert', 'carla']
const saltOf = (n: number) => new Uint8Array(16).fill(n % 251)
const wanted = idOf(0xabc)

/** Entry n: every third one an opening, by accounts in turn, of captures in turn. */
function entryAt(n: number): LogEntry {
  const at = '2026-11-22T10:00:00.000Z'
  const by = commit(saltOf(n), accounts[n % 2] ?? '')
  if (n % 3 !== 0) return { v: 1, at, kind: 'session_started', by }
  const capture = n === 60 ? wanted : idOf(n)
  const sha256 = toHex(new Uint8Array(32).fill(n % 200))
  return {
    v: 1,
    at,
    kind: 'opening',
    opening: idOf(n),
    capture,
    class: 'scene',
    sha256,
    purpose: 'inspection',
    by,
  }
}

const entries = Array.from({ length: 700 }, (_, n) => encodeEntry(entryAt(n)))
const tiles = new Map<string, Uint8Array>()
for (let size = 0; size <= 700; size += 1) {
  if (![0, 1, 50, 256, 300, 700].includes(size)) continue
  for (const one of growEdge(emptyEdge, entries.slice(0, size)).files)
    tiles.set(one.path, one.bytes)
}
const reader = { read: async (path: string) => tiles.get(path) ?? null }

function policyFrom(file: string) {
  const parsed = parsePolicy(utf8(file))
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.policy
}

function checkpointAt(size: number, time = 1_800_000_000 + size) {
  const { edge } = growEdge(emptyEdge, entries.slice(0, size))
  const checkpoint = { origin, size, root: rootOf(edge) }
  const note = signCheckpoint(checkpoint, log)
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  return { note: note + cosign(text, witness, time), checkpoint }
}

const disclosureOf = (index: number): Disclosure => ({
  salt: toHex(saltOf(index)),
  value: accounts[index % 2] ?? '',
})

async function statement(
  subject: AbsenceSubject,
  from: number,
  to: number,
  disclosed: (index: number) => Disclosure | null = disclosureOf,
): Promise<string[]> {
  const lines: string[] = []
  for await (const line of absenceLines(
    reader,
    subject,
    checkpointAt(from),
    checkpointAt(to),
    disclosed,
  ))
    lines.push(line)
  return lines
}
const capture = (id: string): AbsenceSubject => ({ kind: 'capture', id })
const account = (id: string): AbsenceSubject => ({ kind: 'account', id })

test.each([
  [0, 700, 'of a picture that was never taken', idOf(0xfff)],
  [300, 700, 'of a picture that was opened before', wanted],
  [0, 50, 'of a picture that was opened later', wanted],
  [256, 300, 'between full tiles', wanted],
  [300, 300, 'between a tree and itself', wanted],
  [0, 1, 'in a tree of one entry', wanted],
])('%i to %i, %s: absent, with the times of the witness', async (from, to, _, id) => {
  const checked = await checkAbsence(await statement(capture(id), from, to), policy)
  expect(checked).toMatchObject({
    kind: 'absent',
    subject: capture(id),
    entries: to - from,
    from: { size: from, witnesses: [{ name: 'W', time: 1_800_000_000 + from }] },
    to: { size: to },
  })
})

test('a picture that was opened in between: the statement says so itself', async () => {
  const lines = await statement(capture(wanted), 50, 300)
  expect(await checkAbsence(lines, policy)).toEqual({ kind: 'present', indexes: [60] })
})

test('an account that opened nothing: every opening in between is shown to be of another', async () => {
  const lines = await statement(account('carla'), 50, 300)
  expect(await checkAbsence(lines, policy)).toMatchObject({ kind: 'absent', openings: 83 })
  const opened = await checkAbsence(await statement(account('anna'), 50, 256), policy)
  expect(opened).toMatchObject({ kind: 'present' })
})

describe('what is no statement', () => {
  const subject = capture(idOf(0xfff))
  const good = statement(subject, 50, 300)
  const opening = (lines: readonly string[]) =>
    lines.findIndex((line) => line.includes('"opening"'))

  test.each([
    ['an entry left out', (l: string[]) => l.toSpliced(opening(l), 1), 'entries_mismatch'],
    ['the last entry left out', (l: string[]) => l.slice(0, -1), 'entries_mismatch'],
    ['an entry put in', (l: string[]) => [...l, l.at(-1) ?? ''], 'entries_mismatch'],
    [
      'two entries exchanged',
      (l: string[]) => [...l.slice(0, -2), l.at(-1)!, l.at(-2)!],
      'entries_mismatch',
    ],
    [
      'an entry made another',
      (l: string[]) => l.with(opening(l), l[opening(l) + 1]!),
      'entries_mismatch',
    ],
    [
      'an edge that is not the first tree’s',
      (l: string[]) => l.with(0, l[0]!.replace(/"edge":\["./, '"edge":["A')),
      'edge_mismatch',
    ],
    [
      'no edge',
      (l: string[]) => l.with(0, l[0]!.replace(/"edge":\[.*\]/, '"edge":[]')),
      'edge_mismatch',
    ],
    [
      'a witness less',
      (l: string[]) => l.with(0, l[0]!.replace(/— w\.example [^\\]*\\n/, '')),
      'quorum_not_met',
    ],
    [
      'a later size',
      (l: string[]) => l.with(0, l[0]!.replace('\\n300\\n', '\\n301\\n')),
      'bad_signature',
    ],
    [
      'an unknown kind of subject',
      (l: string[]) => l.with(0, l[0]!.replace('"capture"', '"grant"')),
      'malformed_statement',
    ],
    [
      'a disclosure of nothing',
      (l: string[]) => [...l, '{"salt":"' + idOf(1) + '","value":"x"}'],
      'malformed_statement',
    ],
    ['nothing', () => [], 'malformed_statement'],
    ['rubbish', () => ['rubbish'], 'malformed_statement'],
  ])('%s', async (_, change, code) => {
    expect(await checkAbsence(change(await good), policy)).toMatchObject({ kind: 'refused', code })
  })

  test('checkpoints in the wrong order', async () => {
    const [head = ''] = await good
    const { from, to } = JSON.parse(head) as { from: string; to: string }
    const swapped = head
      .replace(JSON.stringify(from), '0')
      .replace(JSON.stringify(to), JSON.stringify(from))
      .replace('"from":0', `"from":${JSON.stringify(to)}`)
    expect(await checkAbsence([swapped], policy)).toMatchObject({ code: 'not_in_order' })
  })

  test('an opening that nobody disclosed, or that is disclosed falsely', async () => {
    const hidden = await statement(account('carla'), 50, 256, (n) =>
      n === 99 ? null : disclosureOf(n),
    )
    expect(await checkAbsence(hidden, policy)).toMatchObject({ code: 'not_disclosed' })
    const last = await statement(account('carla'), 256, 300, (n) =>
      n === 297 ? null : disclosureOf(n),
    )
    expect(await checkAbsence(last, policy)).toMatchObject({ code: 'not_disclosed' })
    const lie = { salt: toHex(saltOf(99)), value: 'somebody' }
    const lied = await statement(account('carla'), 50, 256, (n) =>
      n === 99 ? lie : disclosureOf(n),
    )
    expect(await checkAbsence(lied, policy)).toMatchObject({ code: 'disclosure_wrong' })
  })

  test('a policy without witnesses: two times of the hub prove nothing', async () => {
    const alone = policyFrom(`log ${log.vkey}\nquorum none\n`)
    expect(await checkAbsence(await good, alone)).toMatchObject({ code: 'not_witnessed' })
  })

  test('an entry of a kind that this version does not know', async () => {
    const strange = [...entries.slice(0, 50), utf8('{"v":2,"kind":"peek"}')]
    const { edge, files } = growEdge(emptyEdge, strange)
    for (const one of files) tiles.set(one.path, one.bytes)
    const checkpoint = { origin, size: 51, root: rootOf(edge) }
    const note = signCheckpoint(checkpoint, log)
    const signed = note + cosign(note.slice(0, note.indexOf('\n\n') + 1), witness, 1)
    const lines: string[] = []
    for await (const line of absenceLines(reader, subject, checkpointAt(50), {
      note: signed,
      checkpoint,
    }))
      lines.push(line)
    expect(await checkAbsence(lines, policy)).toMatchObject({ code: 'malformed_entry' })
  })

  test('one bit flipped in any line is told, and never still absent', async () => {
    const short = await statement(subject, 256, 300)
    for (let at = 0; at < short.length; at++) {
      const bytes = utf8(short[at] ?? '')
      for (let byte = 0; byte < bytes.length; byte += 13) {
        const flipped = Uint8Array.from(bytes, (one, where) =>
          where === byte ? one ^ (1 << (byte % 8)) : one,
        )
        const changed = short.with(at, new TextDecoder().decode(flipped))
        const checked = await checkAbsence(changed, policy, nodeVerifiers)
        // The subject is a question, not a proof: another question may have the same answer.
        const isSubject = at === 0 && byte < short[0]!.indexOf('"from"')
        if (!isSubject) expect(checked.kind, `line ${at} byte ${byte}`).toBe('refused')
      }
    }
  }, 60_000)
})
