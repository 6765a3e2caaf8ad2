/** `sallyport device attest`: what a lane's computer holds, signed for its hand-over; and whether such a page holds. */

import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { type AttestationFinding, judgeAttestation } from '@sallyport/core/attestation'
import { deviceKeys } from '@sallyport/hub/api/attestation-routes'
import { attest, type AttestRefusal } from '@sallyport/lane/attest/attest'
import { packagesDirectory, softwareHash } from '@sallyport/lane/attest/software'
import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { ask, problemCode } from '@sallyport/lane/http'
import { linuxMachine } from '@sallyport/lane/machine/linux'
import { fromHex, toBase64, toHex } from '@sallyport/proof/bytes'
import {
  type DeviceAttestation,
  verifyDeviceAttestation,
} from '@sallyport/proof/device-attestation'
import { verify } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import { CommandFailure, type ExitCode, exitCodes } from '../exit.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

export type AttestOptions = {
  readonly directory: string
  readonly hub?: string
  readonly output?: string
  readonly alone?: boolean
  readonly deliver?: string
  readonly verify?: string
  readonly keys?: string
  readonly json?: boolean
}

/** A page as a file: what `--verify` and `--deliver` take, and the console gives. */
const pageShape = z.strictObject({
  kind: z.literal('sallyport-device-attestation'),
  statement: z.base64(),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})
type Page = z.infer<typeof pageShape>

/** The head of a page whose device is not known yet. */
const headShape = z.object({ device: z.string().regex(/^[0-9a-f]{32}$/) })

const codeOf: Readonly<Record<AttestRefusal, ExitCode>> = {
  not_enrolled: exitCodes.wrongUse,
  device_damaged: exitCodes.failed,
  in_service: exitCodes.refused,
  directory_unusable: exitCodes.failed,
  hub_unreachable: exitCodes.failed,
  hub_refused: exitCodes.refused,
}

/** Attests the computer it runs on, hands a file in, or verifies one. Exit code 1: it holds something it should not. */
export async function attestDevice(options: AttestOptions): Promise<void> {
  if (options.verify !== undefined) return verifyPage(options.verify, options)
  if (options.deliver !== undefined) return deliverPage(options.deliver, options)
  if (options.alone === true && options.output === undefined)
    throw new CommandFailure(
      '--alone needs --output FILE to write the page to.',
      exitCodes.wrongUse,
    )
  const attested = await attest(
    {
      directory: path.resolve(options.directory),
      hub:
        options.alone === true
          ? { kind: 'none' }
          : options.hub === undefined
            ? { kind: 'enrolled_with' }
            : { kind: 'at', url: options.hub },
    },
    {
      ...{ ask, files: durableFiles, clock: systemClock, random: randomBytes },
      ...{ machine: linuxMachine(), root: '/', software: await softwareHash() },
    },
  )
  if (attested.kind === 'refused') throw new CommandFailure(attested.detail, codeOf[attested.code])
  const { bytes, signature, statement } = attested
  const page = {
    kind: 'sallyport-device-attestation',
    statement: toBase64(bytes),
    signature: toHex(signature),
  } as const
  if (options.output !== undefined)
    await writeFile(options.output, `${JSON.stringify(page, null, 2)}\n`, { flag: 'wx' })
  if (options.alone !== true) {
    const index = await hand(page, statement.device, options.hub ?? attested.device.hub)
    note(
      `The hub has it: page ${statement.attestation}, log entry ${index}. Print it under Devices.`,
    )
  }
  tell(statement, judgeAttestation(statement, null), options)
}

async function deliverPage(file: string, options: AttestOptions): Promise<void> {
  const page = await readPage(file)
  const head = headShape.safeParse(parseStatement(page))
  if (!head.success) throw notAPage(file)
  if (options.hub === undefined)
    throw new CommandFailure('Name the hub: --hub https://…', exitCodes.wrongUse)
  const index = await hand(page, head.data.device, options.hub)
  note(`The hub has it: log entry ${index}. Print it under Devices.`)
}

const takenShape = z.object({ log_index: z.int().min(0) })
const problemShape = z.object({ detail: z.string() })

async function hand(page: Page, device: string, hub: string): Promise<number> {
  const url = new URL(`/v1/devices/${device}/attestations`, hub).href
  const headers = { 'content-type': 'application/json', 'sallyport-signature': page.signature }
  const body = Buffer.from(page.statement, 'base64')
  const answer = await ask(url, { method: 'POST', headers, body }, AbortSignal.timeout(60_000))
  if (answer.kind === 'unreachable')
    throw new CommandFailure(
      `The hub at ${hub} does not answer (${answer.reason}). Write the page with --output FILE --alone and hand it in with --deliver FILE.`,
    )
  const taken = takenShape.safeParse(answer.json)
  if (taken.success) return taken.data.log_index
  const said = problemShape.safeParse(answer.json)
  throw new CommandFailure(
    `${said.success ? said.data.detail : 'The hub did not take it.'} (${problemCode(answer)})`,
    exitCodes.refused,
  )
}

/** Verifies a page with the agency's list of keys, asking nobody. */
async function verifyPage(file: string, options: AttestOptions): Promise<void> {
  if (options.keys === undefined)
    throw new CommandFailure(
      '--verify needs --keys FILE: the agency’s list, from sallyport device keys.',
      exitCodes.wrongUse,
    )
  const keys = z
    .array(deviceKeys)
    .safeParse(parsedJson(await readFile(options.keys, 'utf8').catch(() => '')))
  if (!keys.success)
    throw new CommandFailure(
      `${options.keys} is no list of device keys. Make one: sallyport device keys > ${options.keys}`,
      exitCodes.wrongUse,
    )
  const page = await readPage(file)
  const head = headShape.safeParse(parseStatement(page))
  if (!head.success) throw notAPage(file)
  const key = keys.data.find(({ device }) => device === head.data.device)
  if (key === undefined)
    throw new CommandFailure(
      `Device ${head.data.device} is not in the list: it is no device of this agency, or was enrolled since.`,
      exitCodes.no,
    )
  const verified = verifyDeviceAttestation(
    fromHex(key.public_key) ?? new Uint8Array(32),
    Buffer.from(page.statement, 'base64'),
    fromHex(page.signature) ?? new Uint8Array(64),
    verify,
  )
  if (verified.kind === 'refused')
    throw new CommandFailure(`${verified.detail} Trust nothing on it.`, exitCodes.no)
  const { statement } = verified
  note(`Signed by device ${key.device} of lane ${key.lane}, exactly as it stands.`)
  if (key.revoked_at !== null) note(`This device was revoked at ${key.revoked_at}.`)
  const own = await softwareHash(packagesDirectory)
  note(
    own.sha256 === statement.software.sha256
      ? 'Its program is the same as here, file by file.'
      : `Its program is another than here: ${statement.software.sha256}, here ${own.sha256}.`,
  )
  tell(statement, judgeAttestation(statement, null), options)
}

function tell(
  statement: DeviceAttestation,
  findings: readonly AttestationFinding[],
  { json }: AttestOptions,
): void {
  if (json === true) jsonLine({ statement, findings })
  else {
    const { directory, spool, state, made_at } = statement
    console.log(`Lane ${statement.lane}, device ${statement.device}, made ${made_at}`)
    console.log(state.kind === 'stopped' ? 'The lane is stopped.' : `Work order ${state.order}.`)
    console.log(
      `${directory.files} files looked at, ${directory.strays} that do not belong; ${spool.waiting} sealed bundles wait (${spool.waiting_bytes} bytes).`,
    )
    for (const { weight, detail } of findings)
      console.log(`${weight === 'bad' ? '!' : '-'} ${detail}`)
  }
  if (findings.some(({ weight }) => weight === 'bad')) process.exitCode = exitCodes.no
  else if (json !== true) console.log('Nothing unsealed was found in the lane’s directory.')
}

/** The agency's list of device keys, to verify pages with offline. */
export async function listKeys(options: { readonly hub?: string }): Promise<void> {
  const hub = await openSession(options)
  const { keys } = await hub.ask({
    path: '/v1/device-keys',
    answer: z.object({ keys: z.array(deviceKeys) }),
  })
  console.log(JSON.stringify(keys, null, 2))
}

async function readPage(file: string): Promise<Page> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const page = pageShape.safeParse(parsedJson(text))
  if (!page.success) throw notAPage(file)
  return page.data
}

function parseStatement({ statement }: Page): unknown {
  return parsedJson(Buffer.from(statement, 'base64').toString('utf8'))
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function notAPage(file: string): CommandFailure {
  return new CommandFailure(`${file} is no hand-over page, or was changed.`, exitCodes.no)
}
