/** A verdict as a lane makes it at its own page, with every field in reach. */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import {
  committedLaneVerdict,
  encodeLaneVerdict,
  type LaneVerdict,
  type SaidAtLane,
  signLaneVerdict,
} from '@sallyport/proof/lane-verdict'
import { sign } from '@sallyport/proof/node/ed25519'
import { seal } from '@sallyport/proof/node/seal'

import type { TestDevice } from './device.ts'
import type { TestHub } from './hub.ts'

export type LaneVerdictOptions = {
  readonly said?: Partial<SaidAtLane>
  readonly change?: (statement: LaneVerdict) => LaneVerdict
  /** Sealed in place of what was signed for. */
  readonly sealed?: object
  readonly seed?: Uint8Array
  readonly at?: Date
}

/** The body of the delivery. */
export function madeLaneVerdict(
  device: TestDevice,
  crossing: string,
  {
    said,
    change = (one) => one,
    sealed,
    seed = device.seed,
    at = new Date(),
  }: LaneVerdictOptions = {},
) {
  const salt = randomBytes(16)
  const what = { says: 'admitted', code: null, note: null, name: 'Ann Ruiz', ...said } as const
  const statement = encodeLaneVerdict(
    change({
      version: 1,
      device: device.id,
      lane: device.lane,
      port: device.port,
      verdict: randomBytes(16).toString('hex'),
      crossing,
      given_at: at.toISOString(),
      boot: 'b'.repeat(32),
      monotonic_ms: 1000,
      terms: commit(salt, committedLaneVerdict(what)),
    }),
  )
  const plaintext = JSON.stringify({ ...what, salt: salt.toString('hex'), ...sealed })
  return {
    statement: Buffer.from(statement).toString('base64'),
    signature: Buffer.from(signLaneVerdict(seed, statement, sign)).toString('hex'),
    epoch: { day: device.day, recipient: device.recipient },
    seal: Buffer.from(seal(Buffer.from(plaintext), [device.recipient])).toString('base64'),
  }
}

export async function deliverLaneVerdict(
  hub: TestHub,
  device: TestDevice,
  body: object,
): Promise<{ status: number; code?: string; place?: number | null; log_index?: number }> {
  const answer = await hub.request(`/v1/devices/${device.id}/verdicts`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: answer.status, ...((await answer.json()) as object) }
}
