import { expect, test } from 'vitest'

import { type Answer } from './http.ts'
import { judgeAnswer } from './sender.ts'

const now = new Date('2026-11-22T08:00:00.000Z')

function answered(status: number, json: unknown = {}, retryAfter: string | null = null): Answer {
  return { kind: 'answer', status, json, retryAfter }
}

test.each([
  ['stored now', answered(201, { sequence: 7 }), { kind: 'accepted' }],
  ['stored before', answered(200, { sequence: 7 }), { kind: 'accepted' }],
  [
    'a captive portal that says 200 to everything',
    answered(200, undefined),
    { kind: 'later', reason: 'not_an_acknowledgement' },
  ],
  [
    'an acknowledgement of another sequence',
    answered(201, { sequence: 6 }),
    { kind: 'later', reason: 'not_an_acknowledgement' },
  ],
  ['malformed', answered(400, { code: 'not_a_bundle' }), { kind: 'refused', code: 'not_a_bundle' }],
  [
    'unknown device',
    answered(401, { code: 'unknown_device' }),
    { kind: 'refused', code: 'unknown_device' },
  ],
  [
    'revoked',
    answered(403, { code: 'device_revoked' }),
    { kind: 'refused', code: 'device_revoked' },
  ],
  [
    'conflict',
    answered(409, { code: 'sequence_conflict' }),
    { kind: 'refused', code: 'sequence_conflict' },
  ],
  [
    'too large',
    answered(413, { code: 'bundle_too_large' }),
    { kind: 'refused', code: 'bundle_too_large' },
  ],
  [
    'unknown epoch',
    answered(422, { code: 'unknown_epoch' }),
    { kind: 'refused', code: 'unknown_epoch' },
  ],
  [
    'a proxy that forbids without a problem document',
    answered(403, '<html>'),
    { kind: 'later', reason: 'status_403' },
  ],
  [
    'not found: another server on that port',
    answered(404, { code: 'not_found' }),
    { kind: 'later', reason: 'not_found' },
  ],
  ['busy', answered(429, { code: 'busy' }, '7'), { kind: 'later', reason: 'busy', waitMs: 7000 }],
  [
    'disk full',
    answered(503, { code: 'not_durable' }, 'Sun, 22 Nov 2026 08:01:00 GMT'),
    { kind: 'later', reason: 'not_durable', waitMs: 60_000 },
  ],
  ['an absurd wait', answered(503, { code: 'x' }, '999999'), { kind: 'later', waitMs: 600_000 }],
  ['a wait that is no time', answered(503, { code: 'x' }, 'soon'), { kind: 'later', waitMs: null }],
  [
    'a wait in the past',
    answered(503, { code: 'x' }, 'Sun, 22 Nov 2020 08:01:00 GMT'),
    { kind: 'later', waitMs: 0 },
  ],
  [
    'a code made to break a log line',
    answered(400, { code: 'x\n{"event":"crossing_sent"}' }),
    { kind: 'later', reason: 'status_400' },
  ],
  [
    'no network',
    { kind: 'unreachable', reason: 'ECONNREFUSED' } as Answer,
    { kind: 'later', reason: 'ECONNREFUSED', waitMs: null },
  ],
])('%s', (_, answer, verdict) => {
  expect(judgeAnswer(answer, 7, now)).toMatchObject(verdict)
})
