/** `sallyport release …`: copies for courts and other agencies, asked for, approved and made at a hub. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

import type { AttestedHow } from '@sallyport/core/releases/release'
import * as schemas from '@sallyport/hub/api/release-schemas'
import { pdqOf, pdqText } from '@sallyport/marks/hash/pdq'
import { decodePicture } from '@sallyport/vision/picture'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { nothing } from '../session/hub-calls.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type Release = z.output<typeof schemas.release>

const made = z.object({ id: z.string() })

export async function addRecipient(
  party: string,
  options: Asking & { readonly name: string; readonly contact: string; readonly key: string },
): Promise<void> {
  const { name, contact, key } = options
  const hub = await openSession(options)
  const body = { party, name, contact, key }
  const { id } = await hub.ask({ method: 'POST', path: '/v1/recipients', body, answer: made })
  if (options.json === true) jsonLine({ recipient: id })
  else console.log(`${id}  ${party}  ${key}`)
}

export async function listRecipients(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { recipients } = await hub.ask({
    path: '/v1/recipients',
    answer: z.object({ recipients: z.array(schemas.recipient) }),
  })
  for (const one of recipients) {
    const standing = one.revoked_at === null ? 'in force' : `revoked ${one.revoked_at}`
    if (options.json === true) jsonLine(one)
    else console.log(`${one.id}  ${one.party.id}  ${one.key}  ${standing}`)
  }
}

export async function revokeRecipient(recipient: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const path = `/v1/recipients/${encodeURIComponent(recipient)}/revocation`
  await hub.ask({ method: 'POST', path, answer: nothing })
  if (options.json === true) jsonLine({ recipient, revoked: true })
  else console.log(`Revoked: ${recipient}. Nothing is sealed to it any more.`)
}

export type RequestOptions = Asking & {
  readonly to: string
  readonly purpose: string
  readonly basis: string
  readonly until: string
  readonly canaries?: number
}

/** Asks for copies of these captures; two people of other units approve. */
export async function requestRelease(
  captures: readonly string[],
  options: RequestOptions,
): Promise<void> {
  const { to: recipient, purpose, basis, canaries } = options
  const until = new Date(options.until)
  if (Number.isNaN(until.getTime()))
    throw new CommandFailure(
      `'${options.until}' is no instant. It looks like 2026-12-24T12:00:00Z.`,
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  const { id } = await hub.ask({
    method: 'POST',
    path: '/v1/releases',
    body: { recipient, purpose, basis, expires_at: until.toISOString(), captures, canaries },
    answer: made,
  })
  if (options.json === true) return jsonLine({ release: id })
  console.log(id)
  note(`Two people of other units approve it: sallyport release approve ${id}.`)
}

export async function answerRelease(
  release: string,
  options: Asking & { readonly decline?: boolean },
): Promise<void> {
  const approved = options.decline !== true
  const hub = await openSession(options)
  await hub.ask({
    method: 'POST',
    path: `/v1/releases/${encodeURIComponent(release)}/answer`,
    body: { approved },
    answer: nothing,
  })
  if (options.json === true) jsonLine({ release, approved })
  else console.log(`${approved ? 'Approved' : 'Declined'}: ${release}.`)
}

/** Has an approved release made, waits for it, and keeps the package when a file is named. */
export async function makeRelease(
  release: string,
  options: Asking & { readonly output?: string },
): Promise<void> {
  const hub = await openSession(options)
  const place = `/v1/releases/${encodeURIComponent(release)}`
  let view = await hub.ask({ path: place, answer: schemas.release })
  if (view.state !== 'made') {
    await hub.ask({ method: 'POST', path: `${place}/making`, answer: made })
    view = await untilMade(hub, place)
  }
  if (view.state !== 'made') {
    if (options.json === true) jsonLine(view)
    else note(`It could not be made (${view.code ?? view.state}). Nothing left. Ask anew.`)
    process.exitCode = exitCodes.no
    return
  }
  const { output } = options
  if (output !== undefined)
    await hub.save({ path: `${place}/package`, file: output, waitMsMax: limits.releaseMsMax })
  if (options.json === true) return jsonLine({ ...view, file: output ?? null })
  console.log(
    `Made: ${release}, manifest ${view.manifest_sha256 ?? ''}, log entry ${view.made_log_index ?? ''}.`,
  )
  note(
    output === undefined
      ? `Fetch it: sallyport release make ${release} -o FILE.zip.`
      : `${output} is for the recipient, who checks it with: sallyport release verify ${output} --key KEY_OF_THE_AGENCY.`,
  )
}

async function untilMade(hub: HubSession, path: string): Promise<Release> {
  const line = progressLine()
  const end = Date.now() + limits.releaseMsMax
  try {
    for (;;) {
      const view = await hub.ask({ path, answer: schemas.release })
      if (view.state !== 'making') return view
      if (Date.now() > end)
        throw new CommandFailure(
          'It is still being made. Ask again: sallyport release list.',
          exitCodes.failed,
        )
      line.show(`${view.pictures} pictures are marked and sealed …`)
      await wait(limits.recomputeLookMs)
    }
  } finally {
    line.end()
  }
}

export async function listReleases(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { releases } = await hub.ask({
    path: '/v1/releases',
    answer: z.object({ releases: z.array(schemas.release) }),
  })
  for (const one of releases) {
    if (options.json === true) jsonLine(one)
    else {
      const { id, state, copies, recipient, pictures, expires_at: until } = one
      const where = copies === 'none' ? state : copies.replaceAll('_', ' ')
      console.log(`${id}  ${where}  ${recipient.party.id}  ${pictures} pictures  until ${until}`)
    }
  }
  if (releases.length === 0 && options.json !== true) note('There are no releases.')
}

/** Writes down what the recipient says of its copies, with the hash of what was signed there. */
export async function attestRelease(
  release: string,
  options: Asking & { readonly how: string; readonly by: string; readonly statement: string },
): Promise<void> {
  const how: AttestedHow | null =
    options.how === 'returned' || options.how === 'destroyed' ? options.how : null
  if (how === null)
    throw new CommandFailure(
      'Copies are returned or destroyed: --how says which.',
      exitCodes.wrongUse,
    )
  const statement = await bytesOf(options.statement)
  const hub = await openSession(options)
  const sha256 = createHash('sha256').update(statement).digest('hex')
  await hub.ask({
    method: 'POST',
    path: `/v1/releases/${encodeURIComponent(release)}/attestations`,
    body: { how, said_by: options.by, statement_sha256: sha256 },
    answer: nothing,
  })
  if (options.json === true) jsonLine({ release, how, statement_sha256: sha256 })
  else
    console.log(
      `Written down: ${release} is ${how}. Keep ${options.statement}: its hash is ${sha256}.`,
    )
}

/** Whether files or plates found outside are planted records; exit code 1 when none is. */
export async function findCanaries(
  files: readonly string[],
  options: Asking & { readonly plate?: readonly string[] },
): Promise<void> {
  const hub = await openSession(options)
  const sha256: string[] = []
  const pdq: string[] = []
  for (const file of files) {
    const bytes = await bytesOf(file)
    sha256.push(createHash('sha256').update(bytes).digest('hex'))
    const decoded = await decodePicture(bytes)
    if (decoded.kind === 'picture')
      pdq.push(pdqText(pdqOf({ ...decoded.picture, channels: 3 }).hash))
  }
  const { matches } = await hub.ask({
    method: 'POST',
    path: '/v1/canaries/matches',
    body: { sha256, pdq, plates: options.plate ?? [] },
    answer: schemas.canaryMatches,
  })
  if (matches.length === 0) process.exitCode = exitCodes.no
  for (const one of matches) {
    if (options.json === true) jsonLine(one)
    else console.log(`Release ${one.release}: planted in its copies, known again by its ${one.by}.`)
  }
  if (matches.length === 0 && options.json !== true) console.log('None of it was planted.')
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(`${file} cannot be read: ${why}`, exitCodes.wrongUse)
  })
}
