/** `sallyport keys days`, `lost`, `clock`: epoch keys that wait for their end, asked of a running hub. */

import { clockView, openEpochs, restLost } from '@sallyport/hub/api/epoch-schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export async function showDays(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { epochs } = await hub.ask({ path: '/v1/epochs', answer: openEpochs })
  if (options.json === true) {
    for (const epoch of epochs) jsonLine(epoch)
    return
  }
  for (const epoch of epochs) {
    const { day, state, waiting_for: devices, declared_lost_by: lostBy } = epoch
    const lost = lostBy > 0 ? `; given up by ${lostBy} of 2` : ''
    const replaced = epoch.rotated_out ? ', replaced' : ''
    const isOneOfSeveral = epochs.some((one) => one !== epoch && one.day === day)
    if (state === 'in_use')
      console.log(
        `${day} ${epoch.rotated_out ? 'replaced, opens what was sealed before' : 'in use'}`,
      )
    else console.log(`${day} waits for ${devices.length} devices${replaced}${lost}`)
    // As a scope asks for it: `--key DAY:RECIPIENT`.
    if (isOneOfSeveral) console.log(`           ${epoch.recipient}`)
    if (state === 'waits')
      for (const { lane, device, closed, missing } of devices)
        console.log(
          `           ${lane} (${device.slice(0, 8)}): ${closed ? `${missing} crossings never arrived` : 'has not closed the day'}`,
        )
  }
}

/** One person's word; with the second person's the key of the day is destroyed. */
export async function declareLost(
  day: string,
  options: Asking & { readonly accept?: boolean },
): Promise<void> {
  if (options.accept !== true)
    throw new CommandFailure(
      `Nothing was changed. With the second person's word the key of ${day} is destroyed, and what has not arrived opens for nobody, ever. Say so with --accept.`,
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  const said = await hub.ask({
    method: 'POST',
    path: `/v1/epochs/${encodeURIComponent(day)}/lost`,
    answer: restLost,
  })
  if (options.json === true) return jsonLine(said)
  console.log(
    said.destroyed
      ? `The key of ${day} is destroyed; the log has it.`
      : `${said.declared_lost_by} of 2 have given up what has not come of ${day}. Another person: npx sallyport keys lost ${day} --accept`,
  )
}

/** Whether the hub believes its clock; with `is`, a person says what time it is. Exit code 1 while it does not. */
export async function clock(options: Asking & { readonly is?: string }): Promise<void> {
  const time = options.is === undefined ? null : new Date(options.is)
  if (time !== null && Number.isNaN(time.getTime()))
    throw new CommandFailure(
      `'${options.is}' is no time, such as 2026-11-22T14:03Z.`,
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  const found = await hub.ask(
    time === null
      ? { path: '/v1/clock', answer: clockView }
      : {
          method: 'POST',
          path: '/v1/clock/confirmations',
          body: { time: time.toISOString() },
          answer: clockView,
        },
  )
  if (options.json === true) jsonLine(found)
  else if (found.doubt === null)
    console.log(`The hub takes it to be ${found.now}, and believes it.`)
  else {
    console.log(`The hub takes it to be ${found.now}, and does not believe it.`)
    note(`It was last believed at ${found.doubt.trusted_at}. Nothing is destroyed for its age, and`)
    note('lanes get no new keys. Look at another clock and say what it shows:')
    note('  npx sallyport keys clock --is 2026-11-22T14:03Z')
  }
  if (found.doubt !== null) process.exitCode = exitCodes.no
}
