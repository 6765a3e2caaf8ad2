/** `sallyport secondary …`: referrals from a terminal. */

import { type Language, printedInstant } from '@sallyport/core/language'
import { explanationText } from '@sallyport/core/window/explanation'
import { errorsFound, referralReasons } from '@sallyport/core/window/window'
import { session as sessionSchema } from '@sallyport/hub/api/schemas'
import { sign as signSchema } from '@sallyport/hub/api/sign-schemas'
import { referralPage } from '@sallyport/hub/api/window-schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'
import { say, type StepAsking, windowAt } from './window.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export async function list(options: Asking & { readonly closed?: boolean }): Promise<void> {
  const hub = await openSession(options)
  const state = options.closed === true ? 'closed' : 'referred'
  let cursor: string | undefined
  let count = 0
  for (let page = 0; page < limits.pagesMax; page += 1) {
    const { referrals, next } = await hub.ask({
      path: '/v1/window/referrals',
      query: { state, cursor, limit: 100 },
      answer: referralPage,
    })
    for (const one of referrals) {
      count += 1
      if (options.json === true) jsonLine(one)
      else {
        const { crossing, window, changed_at: at } = one
        const how = window.standing === 'closed' ? window.by?.code : window.referral?.code
        console.log(
          [
            at,
            crossing.plate.text ?? '(plate not read)',
            how ?? '',
            crossing.lane,
            crossing.id,
          ].join('  '),
        )
      }
    }
    if (next === null) break
    cursor = next
  }
  if (count === 0 && options.json !== true)
    note(state === 'closed' ? 'No referral was closed yet.' : 'No referral waits.')
}

export async function find(crossing: string, finding: string, options: StepAsking): Promise<void> {
  await say(crossing, { says: 'looked', finding }, options)
}

export async function close(
  crossing: string,
  outcome: string,
  { wrong, ...options }: StepAsking & { readonly wrong?: string },
): Promise<void> {
  const named = wrong === undefined ? [] : wrong.split(',').map((one) => one.trim())
  const unknown = named.find((one) => !errorsFound.some((known) => known === one))
  if (unknown !== undefined)
    throw new CommandFailure(
      `'${unknown}' is nothing that can be wrong. Name ${errorsFound.join(', ')}.`,
      exitCodes.wrongUse,
    )
  await say(crossing, { says: 'closed', outcome, wrong: named }, options)
}

/** Prints the sheet for the traveller. It names no officer. */
export async function explanation(
  crossing: string,
  options: { readonly hub?: string; readonly language: Language },
): Promise<void> {
  const hub = await openSession(options)
  const { referral, opted_out: optedOut } = await windowAt(hub, crossing)
  const reason = referralReasons.find((one) => one === referral?.code)
  if (referral === null || reason === undefined)
    throw new CommandFailure(
      'This crossing was not referred: there is nothing to explain.',
      exitCodes.no,
    )
  const sign = await hub.ask({ path: '/v1/signs', answer: signSchema })
  const { port } = await hub.ask({ path: '/v1/session', answer: sessionSchema })
  const { language } = options
  const text = explanationText(reason, optedOut !== null, sign.contact, language)
  const lines = [
    ...[text.title, '', text.why, ''],
    ...text.points.map((point) => `- ${point}`),
    ...['', text.referenceTitle, `${crossing} · ${referral.log_index ?? ''}`],
    ...['', text.askTitle, text.ask],
    ...['', `${port.name}, ${printedInstant(referral.at, language, port.zone)}`],
  ]
  for (const line of lines) console.log(line)
}
