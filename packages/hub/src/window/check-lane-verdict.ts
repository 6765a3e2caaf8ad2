/** The checklist that a verdict of a lane passes before anything of it is kept. */

import { referralReasons, type SaidAtLane } from '@sallyport/core/window/window'
import { fromHex } from '@sallyport/proof/bytes'
import { commit } from '@sallyport/proof/entry'
import {
  committedLaneVerdict,
  type LaneVerdict,
  verifyLaneVerdict,
} from '@sallyport/proof/lane-verdict'
import { verify } from '@sallyport/proof/node/ed25519'
import { openSeal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import type { DeviceRow } from '@sallyport/store/lanes'
import { z } from 'zod'

import { note } from '../api/schemas.ts'
import type { EpochEnds } from '../epoch-ends.ts'
import type { EpochKeys } from '../epoch-keys.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'

/** As a lane sends it. */
export type SentLaneVerdict = {
  readonly statement: Buffer
  readonly signature: Buffer
  readonly epoch: { readonly day: string; readonly recipient: string }
  /** A whole age file. */
  readonly seal: Buffer
}

export type CheckedLaneVerdict = {
  readonly kind: 'checked'
  readonly statement: LaneVerdict
  readonly statementBytes: Buffer
  readonly signature: Buffer
  readonly salt: Buffer
  readonly said: SaidAtLane
  readonly note: string | null
  readonly name: string
}

const more = {
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  note: note.unwrap().nullable(),
  name: z
    .string()
    .trim()
    .min(limits.statedNameLengthMin)
    .max(limits.statedNameLengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u),
}
const sealedShape = z.discriminatedUnion('says', [
  z.strictObject({ says: z.literal('admitted'), code: z.null(), ...more }),
  z.strictObject({ says: z.literal('referred'), code: z.enum(referralReasons), ...more }),
  z.strictObject({ says: z.literal('opted_out'), code: z.null(), ...more }),
])

/** Believes what the device signed, and opens what was said; or says why not. */
export async function checkLaneVerdict(
  sent: SentLaneVerdict,
  device: Pick<DeviceRow, 'id' | 'lane' | 'public_key'>,
  context: {
    readonly port: { readonly id: string }
    readonly epochs: Pick<EpochKeys, 'identityFor'>
    readonly ends: Pick<EpochEnds, 'of'>
  },
): Promise<CheckedLaneVerdict | Problem> {
  const verified = verifyLaneVerdict(device.public_key, sent.statement, sent.signature, verify)
  if (verified.kind === 'refused')
    return verified.code === 'bad_signature'
      ? problem('bad_signature', 'The verdict was not signed by the enrolled key.')
      : problem('malformed_request', verified.detail)
  const { statement } = verified
  if (
    statement.device !== device.id ||
    statement.lane !== device.lane ||
    statement.port !== context.port.id
  )
    return problem('wrong_lane', `This device is enrolled for lane ${device.lane}.`)
  const { day, recipient } = sent.epoch
  const identity = await context.epochs.identityFor(day, recipient)
  if (identity === null) {
    const end = context.ends.of(day, recipient)
    return end === null
      ? problem('unknown_epoch', `No epoch of ${day} with this recipient was announced.`)
      : problem('epoch_destroyed', `The key of ${day} was destroyed: nobody can open this verdict.`)
  }
  const split = splitSeal(sent.seal)
  const opened = split === null ? null : openSeal(split, identity)
  if (opened?.kind !== 'opened')
    return problem('seal_not_for_epoch', 'The verdict is not sealed to the epoch that it names.')
  const said = parse(opened.plaintext)
  if (said === null) return problem('malformed_request', 'What was said is not understood.')
  const { says, code, note: text, name } = said
  const salt = fromHex(said.salt)
  if (
    salt === null ||
    commit(salt, committedLaneVerdict({ says, code, note: text, name })) !== statement.terms
  )
    return problem('body_hash_mismatch', 'What was said is not what the device signed.')
  return {
    kind: 'checked',
    statement,
    statementBytes: sent.statement,
    signature: sent.signature,
    salt: Buffer.from(salt),
    said: says === 'referred' ? { kind: says, reason: code } : { kind: says },
    note: text,
    name,
  }
}

function parse(bytes: Uint8Array): z.output<typeof sealedShape> | null {
  try {
    const parsed = sealedShape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
