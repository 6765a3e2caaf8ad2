/** A new lane: its key is made here and never leaves; the code pins the agency it will trust. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { equal, fromHex, toHex, utf8 } from '@sallyport/proof/bytes'
import { agencyFingerprint, parseEnrolmentCode } from '@sallyport/proof/enrolment-code'
import type { Random } from '@sallyport/proof/node/age-payload'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { generateSigningKey, publicKeyOf } from '@sallyport/proof/node/ed25519'

import type { Clock } from './clock.ts'
import {
  type DeviceFile,
  deviceFileName,
  deviceKeyName,
  enrolledShape,
  readSigningSeed,
  spoolName,
} from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { reasonOf } from './events.ts'
import { type Ask, problemCode } from './http.ts'
import { foundSpool } from './spool.ts'

export type EnrolmentRefusal =
  | 'malformed_code'
  | 'malformed_hub'
  | 'already_enrolled'
  | 'directory_in_use'
  | 'directory_unusable'
  | 'hub_unreachable'
  | 'hub_refused'
  | 'malformed_answer'
  | 'other_agency'

export type Enrolment =
  | { readonly kind: 'enrolled'; readonly device: DeviceFile }
  | { readonly kind: 'refused'; readonly code: EnrolmentRefusal; readonly detail: string }

/**
 * Enrols the lane in `directory` (made if missing, mode 0700) with the hub. A key that an earlier,
 * failed try left there is used again, so that a hub that had enrolled it answers the same.
 */
export async function enrol(
  request: { readonly hub: string; readonly code: string; readonly directory: string },
  parts: {
    readonly ask: Ask
    readonly files: DurableFiles
    readonly clock: Clock
    readonly random: Random
  },
): Promise<Enrolment> {
  const code = parseEnrolmentCode(request.code)
  if (code === null) {
    return refuse('malformed_code', 'A code looks like SP1-, 26 characters, -, 16 characters.')
  }
  const hub = parseHub(request.hub)
  if (hub === null) return refuse('malformed_hub', 'The hub is an http or https address.')
  const { directory } = request
  try {
    await parts.files.directory(directory)
  } catch (error) {
    return refuse('directory_unusable', `${directory}: ${reasonOf(error)}`)
  }
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused') return refuse(lock.code, lock.detail)
  try {
    return await enrolLocked({ hub, code, directory }, parts)
  } catch (error) {
    return refuse('directory_unusable', `${directory}: ${reasonOf(error)}`)
  } finally {
    lock.release()
  }
}

async function enrolLocked(
  {
    hub,
    code,
    directory,
  }: {
    readonly hub: string
    readonly code: { readonly code: string; readonly fingerprint: string }
    readonly directory: string
  },
  {
    ask,
    files,
    clock,
    random,
  }: {
    readonly ask: Ask
    readonly files: DurableFiles
    readonly clock: Clock
    readonly random: Random
  },
): Promise<Enrolment> {
  const deviceFile = path.join(directory, deviceFileName)
  if (await exists(deviceFile)) {
    return refuse('already_enrolled', `${directory} holds an enrolled lane already.`)
  }
  const seed = await signingSeed(directory, files, random)
  const answer = await ask(
    new URL('/v1/devices/enrol', hub).href,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify({ code: code.code, public_key: toHex(publicKeyOf(seed)) })),
    },
    new AbortController().signal,
  )
  if (answer.kind === 'unreachable') {
    return refuse('hub_unreachable', `${hub} cannot be reached (${answer.reason}).`)
  }
  if (answer.status !== 201) return refuse('hub_refused', refusalWords(problemCode(answer)))
  const enrolled = enrolledShape.safeParse(answer.json)
  const agencyKey = enrolled.success ? fromHex(enrolled.data.agency_key) : null
  if (!enrolled.success || agencyKey === null) {
    return refuse('malformed_answer', 'The hub answered with something else than an enrolment.')
  }
  if (!equal(utf8(agencyFingerprint(agencyKey)), utf8(code.fingerprint))) {
    return refuse('other_agency', 'This hub does not hold the key that the code was made for.')
  }
  const device: DeviceFile = {
    version: 1,
    hub,
    enrolled_at: clock.now().toISOString(),
    ...enrolled.data,
  }
  // The device file comes last: a lane with one has everything else.
  await foundSpool(path.join(directory, spoolName), files)
  await files.write(deviceFile, utf8(`${JSON.stringify(device, null, 2)}\n`))
  return { kind: 'enrolled', device }
}

async function signingSeed(
  directory: string,
  files: DurableFiles,
  random: Random,
): Promise<Uint8Array> {
  const kept = await readSigningSeed(directory)
  if (kept !== null) return kept
  const { privateKey } = generateSigningKey(random)
  await files.write(path.join(directory, deviceKeyName), utf8(`${toHex(privateKey)}\n`))
  return privateKey
}

/** What the hub's refusal means, and what comes next. */
function refusalWords(code: string): string {
  switch (code) {
    case 'code_not_valid':
      return 'The hub does not know this code, or it is used up or expired (code_not_valid). A code works once and for a day: ask for a new one, under Devices in the console.'
    case 'misdirected':
      return 'The hub does not answer under this name (misdirected). Use the address that its console has.'
    case 'busy':
      return 'The hub is busy. Try again in a minute; the code is still good.'
    default:
      return `The hub refused (${code}). Its own report says why; the code may still be good.`
  }
}

function parseHub(hub: string): string | null {
  try {
    const url = new URL(hub)
    const web = url.protocol === 'http:' || url.protocol === 'https:'
    return web && url.username === '' ? url.origin : null
  } catch {
    return null
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  )
}

function refuse(code: EnrolmentRefusal, detail: string): Enrolment {
  return { kind: 'refused', code, detail }
}
