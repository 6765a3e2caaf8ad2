/** Vectors of the log's entries (specs/log.md): each kind with its leaf hash, and malformed ones. */

import { toHex, utf8 } from '@sallyport/proof/bytes'
import { type LogEntry, commit, encodeEntry } from '@sallyport/proof/entry'
import { leafHash } from '@sallyport/proof/merkle'
import type { Random } from '@sallyport/proof/node/age-payload'

import { attestationExample, deviceExamples } from './device-entry-cases.ts'
import { calibrationExamples, faceExamples, frequentExamples } from './face-entry-cases.ts'
import { grantExamples, leakExamples } from './grant-entry-cases.ts'
import { incidentExamples } from './incident-entry-cases.ts'
import { keyExamples } from './key-entry-cases.ts'
import { releaseExamples } from './release-entry-cases.ts'
import { restoreExamples } from './restore-entry-cases.ts'
import { retentionExamples } from './retention-entry-cases.ts'
import { stayExamples } from './stay-entry-cases.ts'
import { travellerExamples } from './traveller-entry-cases.ts'
import { watchExamples } from './watch-entry-cases.ts'
import { windowExamples } from './window-entry-cases.ts'

function exampleEntries(random: Random, now: Date, by: string): readonly LogEntry[] {
  const id = () => toHex(random(16))
  const hash = () => toHex(random(32))
  const head = { v: 1, at: now.toISOString() } as const
  return [
    { ...head, kind: 'log_started' },
    {
      ...head,
      kind: 'crossing',
      crossing: id(),
      manifest_sha256: hash(),
      bodies: [
        { class: 'scene', sha256: hash() },
        { class: 'reads', sha256: hash() },
      ],
    },
    {
      ...head,
      kind: 'opening',
      opening: id(),
      capture: id(),
      class: 'scene',
      sha256: hash(),
      purpose: 'inspection',
      by,
    },
    {
      ...head,
      kind: 'opening_refused',
      opening: id(),
      capture: id(),
      class: 'face',
      code: 'other_lane',
      purpose: 'inspection',
      by,
    },
    { ...head, kind: 'device_enrolled', device: id(), public_key_sha256: hash() },
    { ...head, kind: 'device_revoked', device: id(), public_key_sha256: hash() },
    { ...head, kind: 'account_created', by },
    { ...head, kind: 'account_changed', by },
    { ...head, kind: 'session_started', by },
    { ...head, kind: 'alarm', alarm: id(), alarm_kind: 'sequence_gap', device: id() },
    { ...head, kind: 'alarm', alarm: id(), alarm_kind: 'disk_full' },
    { ...head, kind: 'token_issued', token: id(), by },
    { ...head, kind: 'token_revoked', token: id(), by },
    { ...head, kind: 'reading', reading: id(), token: id() },
    {
      ...head,
      kind: 'subscription_started',
      subscription: id(),
      purpose: 'gate_control',
      plates: 'with_plates',
      by,
    },
    {
      ...head,
      kind: 'subscription_ended',
      subscription: id(),
      purpose: 'statistics',
      plates: 'without_plates',
      by,
    },
    { ...head, kind: 'plate_sent', subscription: id(), crossing: id() },
    {
      ...head,
      kind: 'verdict',
      verdict: id(),
      crossing: id(),
      says: 'corrected',
      text: hash(),
      by,
      sha256: hash(),
      supersedes: id(),
    },
    {
      ...head,
      kind: 'verdict',
      verdict: id(),
      crossing: id(),
      says: 'withdrawn',
      text: hash(),
      by,
    },
    { ...head, kind: 'evaluation', evaluation: id(), label_set_sha256: hash(), labels: 250, by },
    ...watchExamples(head, id, hash, by),
    ...retentionExamples(head, id, hash, by),
    ...releaseExamples(head, id, hash, by),
    ...restoreExamples(head, hash),
    ...stayExamples(head, id, hash, by),
    ...windowExamples(head, id, hash, by),
    ...incidentExamples(head, id, hash, by),
    {
      ...head,
      kind: 'candidate_evaluation',
      evaluation: id(),
      set: 'verdicts:2026-10',
      model_sha256: hash(),
      owner: hash(),
      by,
    },
    { ...head, kind: 'candidate_reported', evaluation: id(), report_sha256: hash() },
    ...faceExamples(head, id, hash, by),
    ...deviceExamples(head, id, hash, by),
    ...travellerExamples(head, id, hash, by),
    attestationExample(head, id, hash),
    { ...head, kind: 'supervision_set', supervision: id(), terms: hash(), by },
    { ...head, kind: 'supervision_lifted', supervision: id(), by },
    ...calibrationExamples(head, id, hash, by),
    {
      ...head,
      kind: 'candidate_evaluation',
      evaluation: id(),
      set: 'verdicts:2026-10',
      subject: 'faces',
      model_sha256: hash(),
      owner: hash(),
      by,
    },
    ...frequentExamples(head, id, hash, by),
    {
      ...head,
      kind: 'supervised_act_answered',
      question: id(),
      act: 'make_link',
      answer: 'agreed',
      action: hash(),
      by,
    },
    ...keyExamples(head, id, hash, by),
    ...grantExamples(head, id, hash, by),
    ...leakExamples(head, id, hash, by),
    { ...head, kind: 'incident_closed', incident: id(), by },
  ]
}

export function entryVectors(random: Random, now: Date): unknown {
  const salt = random(16)
  const by = commit(salt, 'account 17')
  const entries = exampleEntries(random, now, by)
  const texts = entries.map((entry) => new TextDecoder().decode(encodeEntry(entry)))
  const opening = texts[2] ?? ''
  const changed = (name: string, from: string | RegExp, to: string) => {
    const entry = opening.replace(from, to)
    if (entry === opening) throw new Error(`${name}: nothing was changed`)
    return { name, entry }
  }
  return {
    commitment: { salt: toHex(salt), value: 'account 17', sha256: by },
    entries: texts.map((entry) => ({ entry, leaf_hash: toHex(leafHash(utf8(entry))) })),
    malformed: [
      { name: 'not JSON', entry: '' },
      changed('an unknown kind', '"opening"', '"closing"'),
      changed('no kind', '"kind":"opening",', ''),
      changed('a name in clear', '"by":', '"officer":"Ana Roe","by":'),
      changed('a purpose in free text', '"inspection"', '"she asked"'),
      changed('white space', '"v":1', '"v": 1'),
      changed('keys in another order', /("v":1),("at":"[^"]*")/, '$2,$1'),
    ],
  }
}
