/** `sallyport incident notices` and `sallyport subject`, over the API. */

import { readFile } from 'node:fs/promises'

import * as schemas from '@sallyport/hub/api/notice-schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export type NoticeOptions = Asking & {
  readonly page?: string
  readonly pdf?: string
  readonly sentVersion?: number
  readonly sent?: string
  readonly language: string
  readonly to?: string
  readonly proof?: string
  readonly output?: string
}

export async function notices(incident: string, options: NoticeOptions): Promise<void> {
  const hub = await openSession(options)
  const base = `/v1/incidents/${encodeURIComponent(incident)}/notices`
  const { page, pdf, sentVersion, sent, language, to, proof, output } = options
  if (page !== undefined) {
    const file = output ?? `${page}-${language}.html`
    await hub.save({
      path: `${base}/${encodeURIComponent(page)}/page?language=${encodeURIComponent(language)}`,
      file,
      waitMsMax: limits.requestMsMax,
    })
    return options.json === true ? jsonLine({ file }) : console.log(file)
  }
  if (pdf !== undefined) {
    const file = output ?? `${pdf}-${language}.pdf`
    const query = new URLSearchParams({
      language,
      ...(sentVersion === undefined ? {} : { version: String(sentVersion) }),
    })
    await hub.save({
      path: `${base}/${encodeURIComponent(pdf)}/pdf?${query.toString()}`,
      file,
      waitMsMax: limits.requestMsMax,
    })
    return options.json === true ? jsonLine({ file }) : console.log(file)
  }
  if (sent !== undefined) {
    if (to === undefined || proof === undefined)
      throw new CommandFailure('--sent needs --to and --proof.', exitCodes.wrongUse)
    const bytes = await readFile(proof).catch((error: unknown) => {
      throw new CommandFailure(`${proof} cannot be read.`, exitCodes.wrongUse, { cause: error })
    })
    const done = await hub.ask({
      method: 'POST',
      path: `${base}/${encodeURIComponent(sent)}/sendings`,
      body: { language, sent_to: to, proof: bytes.toString('base64') },
      answer: schemas.recordedSending,
    })
    if (options.json === true) return jsonLine(done)
    console.log(`Version ${done.version} stands in the log at ${done.log_index}.`)
    if (done.pdf_sha256 !== null) note(`Its PDF has the SHA-256 ${done.pdf_sha256}.`)
    return
  }
  const board = await hub.ask({ path: base, answer: schemas.noticeBoard })
  for (const one of board.notices) {
    if (options.json === true) jsonLine(one)
    else {
      const state = one.sent.length > 0 ? `sent, version ${one.sent.at(-1)?.version}` : one.owed
      console.log(
        `${one.due_at}  ${one.late ? 'LATE' : state}  ${one.rule}  ${one.to}. ${one.reason}`,
      )
    }
  }
  if (board.unreachable !== null && options.json !== true)
    note(
      `${board.unreachable.low} to ${board.unreachable.high} people are only a plate or a face: nobody can write to them.`,
    )
}

export async function subject(
  plate: string,
  options: Asking & { readonly reference: string },
): Promise<void> {
  const hub = await openSession(options)
  const told = await hub.ask({
    method: 'POST',
    path: '/v1/subject-requests',
    body: { plate, reference: options.reference },
    answer: schemas.subjectAnswer,
  })
  if (options.json === true) return jsonLine(told)
  for (const { captured_at: at, port, lane, direction, held, seen } of told.crossings) {
    console.log(`${at}  ${port} ${lane} ${direction}`)
    for (const { class: name, shredded_at: gone } of held)
      console.log(`  held: ${name}${gone === null ? '' : `, shredded ${gone}`}`)
    for (const one of seen)
      console.log(`  seen: ${one.at}  ${one.class} for ${one.purpose} by ${one.party}`)
  }
  if (told.crossings.length === 0) note('Nothing is held of this plate.')
  if (told.more) note('There are more; these are the newest.')
  note(`The answer stands in the log at ${told.log_index}.`)
}
