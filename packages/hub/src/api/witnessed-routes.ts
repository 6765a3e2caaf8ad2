/** Witnessed checkpoints for everybody, beside the log itself. */

import { answer, problem } from '../problems.ts'
import { witnessedFile } from '../witness/witnessed-files.ts'
import type { App, HubParts } from './context.ts'

/** Before the routes of the log, which take every path below `/log/`. */
export function addWitnessedRoutes(app: App, { witnessed }: HubParts): void {
  const none = 'The log has no such file: no witnesses are set, or none has cosigned yet.'
  app.get(`/log/${witnessedFile}`, (context) => {
    const latest = witnessed?.files.latest ?? null
    return latest === null
      ? answer(context, problem('not_found', none))
      : context.text(latest, 200, noteHeaders)
  })
  app.get('/log/witnessed', async (context) => {
    const sizes = (await witnessed?.files.sizes()) ?? []
    return context.text(sizes.map((size) => `${size}\n`).join(''), 200, noteHeaders)
  })
  app.get(`/log/witnessed/:size{[0-9]{1,15}}`, async (context) => {
    const note = (await witnessed?.files.read(Number(context.req.param('size')))) ?? null
    return note === null
      ? answer(context, problem('not_found', none))
      : context.text(note, 200, noteHeaders)
  })
}

const noteHeaders = { 'cache-control': 'no-cache', 'access-control-allow-origin': '*' }
