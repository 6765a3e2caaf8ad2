/** `sallyport grant waiting`, `answer` and `supervise`: what contractors wait for, and who has to wait at all. */

import { seconding, supervisedAct } from '@sallyport/hub/api/grant-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { nothing } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

/** What waits for an answer, oldest first. */
export async function listWaiting(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { secondings } = await hub.ask({
    path: '/v1/secondings',
    answer: z.object({ secondings: z.array(seconding) }),
  })
  const { acts } = await hub.ask({
    path: '/v1/supervised-acts',
    answer: z.object({ acts: z.array(supervisedAct) }),
  })
  const asked = acts.filter(({ state }) => state === 'waiting')
  for (const one of asked) {
    if (options.json === true) jsonLine(one)
    else {
      const { id, asked_by, request } = one
      console.log(`${id}  waiting  ${asked_by.name} of ${asked_by.party}  now: ${request}`)
    }
  }
  for (const one of secondings) {
    if (options.json === true) jsonLine(one)
    else {
      const { id, live, asked_by, purpose, capture, view, reason } = one
      const who = asked_by === null ? 'you' : `${asked_by.name} of ${asked_by.party}`
      const what = live ? `now: ${view ?? ''}` : 'an original'
      console.log(
        `${id}  ${one.state}  ${who}  ${purpose}  ${what} of ${capture}  ${reason}`.trim(),
      )
    }
  }
  if (secondings.length + asked.length === 0 && options.json !== true) note('Nothing waits.')
}

/** The answer of a person of the agency: for one opening, or one act. */
export async function answer(
  question: string,
  {
    decline,
    reason,
    ...options
  }: Asking & { readonly decline?: boolean; readonly reason?: string },
): Promise<void> {
  const hub = await openSession(options)
  const { acts } = await hub.ask({
    path: '/v1/supervised-acts',
    answer: z.object({ acts: z.array(supervisedAct) }),
  })
  const isAct = acts.some(({ id }) => id === question)
  await hub.ask({
    method: 'POST',
    path: `/v1/${isAct ? 'supervised-acts' : 'secondings'}/${question}/answer`,
    body: { agreed: decline !== true, reason },
    answer: nothing,
  })
  if (decline === true) note('Declined.')
  else note(isAct ? 'Agreed: it is done once.' : 'Agreed: it is shown once.')
}

/** Puts a contractor under supervision, or is one of the two who end it. */
export async function supervise(
  party: string,
  { end, reason, ...options }: Asking & { readonly end?: boolean; readonly reason?: string },
): Promise<void> {
  const path = `/v1/parties/${encodeURIComponent(party)}/supervision`
  if (end !== true && reason === undefined)
    throw new CommandFailure('Say why: --reason TEXT.', exitCodes.wrongUse)
  const hub = await openSession(options)
  if (end !== true) {
    await hub.ask({ method: 'POST', path, body: { reason }, answer: nothing })
    return note(
      'Each opening and act of its people now waits for a live approval: sallyport grant waiting',
    )
  }
  const { state } = await hub.ask({
    method: 'POST',
    path: `${path}/lifting`,
    body: {},
    answer: z.object({ state: z.enum(['asked', 'lifted']) }),
  })
  note(
    state === 'asked'
      ? 'Asked. Somebody of another unit ends it with the same command.'
      : 'Ended: its people open under their grants alone.',
  )
}
