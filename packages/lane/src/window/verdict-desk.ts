/** Takes verdicts at the lane's own page while the hub is out of reach: signed, sealed, kept, then shown. */

import { referralReasons } from '@sallyport/core/window/window'
import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { commit } from '@sallyport/proof/entry'
import { recipientFor } from '@sallyport/proof/epoch'
import {
  committedLaneVerdict,
  encodeLaneVerdict,
  type SaidAtLane,
  signLaneVerdict,
} from '@sallyport/proof/lane-verdict'
import type { Random } from '@sallyport/proof/node/age-payload'
import { sign } from '@sallyport/proof/node/ed25519'
import { seal } from '@sallyport/proof/node/seal'
import { z } from 'zod'

import type { Clock } from '../clock.ts'
import { parseJson } from '../device.ts'
import type { EpochBook } from '../epochs.ts'
import { type Report, reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import type { Signer } from '../sealing.ts'
import type { Contact } from './contact.ts'
import type { KeptVerdicts } from './kept-verdicts.ts'
import type { LocalView } from './local-view.ts'

const printable = /^[^\p{Cc}\p{Cs}]*$/u
const more = {
  crossing: z.string().regex(/^[0-9a-f]{32}$/),
  name: z
    .string()
    .trim()
    .min(limits.statedNameLengthMin, 'State your name.')
    .max(limits.statedNameLengthMax)
    .regex(printable),
  note: z
    .string()
    .trim()
    .max(limits.verdictNoteLengthMax)
    .regex(printable)
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .default(null),
}
const askShape = z.discriminatedUnion('says', [
  z.strictObject({ says: z.literal('admitted'), ...more }),
  z.strictObject({ says: z.literal('referred'), reason: z.enum(referralReasons), ...more }),
  z.strictObject({ says: z.literal('opted_out'), ...more }),
])

export type VerdictAnswer =
  | { readonly kind: 'given'; readonly verdict: string }
  | {
      readonly kind: 'refused'
      readonly code:
        | 'malformed_request'
        | 'hub_answers'
        | 'not_here'
        | 'said_already'
        | 'too_many'
        | 'no_epoch'
        | 'not_written'
      readonly detail: string
    }

type Parts = {
  readonly kept: KeptVerdicts
  readonly contact: Pick<Contact, 'localSince'>
  readonly view: LocalView
  readonly book: Pick<EpochBook, 'epochOf'>
  readonly signer: Signer
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>
  readonly random: Random
  readonly report: Report
}

export class VerdictDesk {
  readonly #parts: Parts
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Takes one verdict as the page posts it. What it answers `given` is on the disk. Never rejects. */
  give(body: string): Promise<VerdictAnswer> {
    const turn = this.#turn.then(() => this.#give(body))
    this.#turn = turn
    return turn
  }

  async #give(body: string): Promise<VerdictAnswer> {
    const { kept, contact, view, book, clock, report } = this.#parts
    const parsed = askShape.safeParse(parseJson(body))
    if (!parsed.success)
      return refuse('malformed_request', parsed.error.issues[0]?.message ?? 'It is not understood.')
    const ask = parsed.data
    if (contact.localSince === null)
      return refuse('hub_answers', 'The hub answers again: decide in the console.')
    const passed = view.plates.find(({ crossing }) => crossing === ask.crossing)
    if (passed === undefined || passed.sequence === null)
      return refuse(
        'not_here',
        'The lane does not remember this passing, or could not keep it. Note it by hand.',
      )
    const last = passed.said.filter(
      ({ says }) => (says === 'opted_out') === (ask.says === 'opted_out'),
    )
    if (last.at(-1)?.says === ask.says)
      return refuse('said_already', 'That is what was said of it already.')
    if (kept.waiting >= limits.verdictsWaitingMax)
      return refuse('too_many', 'So many verdicts wait that no more are kept. Note it by hand.')
    const now = clock.now()
    const epoch = book.epochOf(now)
    if (epoch === null)
      return refuse('no_epoch', 'The lane knows no key to seal to today. Note it by hand.')
    const code = ask.says === 'referred' ? ask.reason : null
    const said = { says: ask.says, code, note: ask.note, name: ask.name }
    const verdict = toHex(this.#parts.random(16))
    const made = this.#made(verdict, ask.crossing, said, recipientFor(epoch, 'reads'), now)
    try {
      const { day, recipient } = epoch
      await kept.keep(verdict, { ...made, sequence: passed.sequence, epoch: { day, recipient } })
    } catch (error) {
      report({ event: 'verdict_not_kept', reason: reasonOf(error) })
      return refuse(
        'not_written',
        'The lane’s disk did not take it: it does not count. Try again, or note it by hand.',
      )
    }
    report({ event: 'verdict_kept', verdict, sequence: passed.sequence })
    view.said(ask.crossing, { ...said, at: now.toISOString() })
    return { kind: 'given', verdict }
  }

  #made(
    verdict: string,
    crossing: string,
    said: SaidAtLane,
    recipient: string,
    now: Date,
  ): { readonly statement: string; readonly signature: string; readonly seal: string } {
    const { signer, clock, random } = this.#parts
    const { device, lane, port, boot, bootMonotonicMs, signingSeed } = signer
    const salt = random(16)
    const statement = encodeLaneVerdict({
      version: 1,
      ...{ device, lane, port, verdict, crossing, boot },
      given_at: now.toISOString(),
      monotonic_ms: Math.max(0, Math.round(clock.monotonicMs() - bootMonotonicMs)),
      terms: commit(salt, committedLaneVerdict(said)),
    })
    const plaintext = utf8(JSON.stringify({ ...said, salt: toHex(salt) }))
    return {
      statement: toBase64(statement),
      signature: toHex(signLaneVerdict(signingSeed, statement, sign)),
      seal: toBase64(seal(plaintext, [recipient], random)),
    }
  }
}

function refuse(
  code: Extract<VerdictAnswer, { kind: 'refused' }>['code'],
  detail: string,
): VerdictAnswer {
  return { kind: 'refused', code, detail }
}
