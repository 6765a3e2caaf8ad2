/** `sallyport incident check`: whether a second engine comes to the numbers of a scope. */

import { recounted } from '@sallyport/hub/api/scope-schemas'

import { exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

/** Exit code 1 when the two engines differ. */
export async function check(
  scope: string,
  options: { readonly hub?: string; readonly json?: boolean },
): Promise<void> {
  const hub = await openSession(options)
  const done = await hub.ask({
    method: 'POST',
    path: `/v1/scopes/${encodeURIComponent(scope)}/recount`,
    waitMsMax: limits.recountMsMax,
    answer: recounted,
  })
  const { agrees, difference, moved, months } = done
  if (!agrees) process.exitCode = exitCodes.no
  if (options.json === true) return jsonLine(done)
  if (difference === null) console.log('Both engines agree.')
  else
    console.log(
      `The engines DIFFER: ${difference.figure} is ${difference.first} by the database and ${difference.second} by the files.`,
    )
  if (moved !== null)
    note(
      `Since it was stated ${moved.figure} went from ${moved.first} to ${moved.second}: plates were judged, or records were added or shredded. State it again with --revises.`,
    )
  note(
    `${months.length === 0 ? 'No month is over yet' : `Months from files: ${months.map((month) => month.slice(0, 7)).join(', ')}`}; what came since was read beside them. Counted in ${done.counted_ms} ms; entry ${done.log_index} of the log.`,
  )
}
