/** `sallyport grant …`: contract clauses as documents, checked, signed and ended at a hub. */

import { readFile } from 'node:fs/promises'

import * as schemas from '@sallyport/hub/api/grant-schemas'
import { type GrantDocument, grantDocument } from '@sallyport/hub/policy/stored-terms'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { nothing } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

const proposed = z.object({ grant: z.string(), version: z.int() })

/** Judges a document at the hub and says what it means; exit code 1 when it cannot be proposed. */
export async function checkGrant(file: string, options: Asking): Promise<void> {
  const document = await readGrant(file)
  const hub = await openSession(options)
  const checked = await hub.ask({
    method: 'POST',
    path: '/v1/grants/checks',
    body: document,
    answer: schemas.grantCheck,
  })
  if (checked.problems.length > 0) process.exitCode = exitCodes.no
  if (options.json === true) return jsonLine(checked)
  for (const sentence of checked.sentences) console.log(sentence)
  console.log(`\n${checked.policy}`)
  const { days, pictures_in_scope: pictures, openings_by_party: openings } = checked.simulation
  console.log(
    `The past ${days} days: ${pictures} pictures lie within it; people of ${document.party} asked for ${openings}.`,
  )
  for (const { field, detail } of checked.problems) note(`${field}: ${detail}`)
  note(
    checked.problems.length === 0
      ? 'It can be proposed: sallyport grant propose FILE.'
      : 'It cannot be proposed. Mend the document and check it again.',
  )
}

export async function listGrants(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { grants } = await hub.ask({
    path: '/v1/grants',
    answer: z.object({ grants: z.array(schemas.grant) }),
  })
  for (const grant of grants) {
    if (options.json === true) jsonLine(grant)
    else {
      const { id, version, party, status, today, document } = grant
      const use = `${today.pictures} of ${document.pictures_per_day} pictures today`
      console.log(`${id}  ${version}  ${status}  ${party.id}  ${document.purpose}  ${use}`)
    }
  }
  if (grants.length === 0 && options.json !== true) note('There are no grants.')
}

/** Proposes a new grant, or a narrower version of one. */
export async function proposeGrant(
  file: string,
  options: Asking & { readonly narrows?: string },
): Promise<void> {
  const document = await readGrant(file)
  const hub = await openSession(options)
  const { narrows } = options
  const made = await hub.ask({
    method: 'POST',
    path:
      narrows === undefined ? '/v1/grants' : `/v1/grants/${encodeURIComponent(narrows)}/versions`,
    body: document,
    answer: proposed,
  })
  if (options.json === true) return jsonLine(made)
  console.log(`${made.grant}  ${made.version}`)
  note(`Somebody of another unit signs it: sallyport grant sign ${made.grant} ${made.version}.`)
}

export async function signGrant(grant: string, version: number, options: Asking): Promise<void> {
  const hub = await openSession(options)
  await hub.ask({
    method: 'POST',
    path: `/v1/grants/${encodeURIComponent(grant)}/versions/${version}/signature`,
    answer: nothing,
  })
  if (options.json === true) jsonLine({ grant, version, signed: true })
  else console.log(`In force: ${grant}, version ${version}.`)
}

export async function revokeGrant(
  grant: string,
  options: Asking & { readonly reason: string },
): Promise<void> {
  const hub = await openSession(options)
  await hub.ask({
    method: 'POST',
    path: `/v1/grants/${encodeURIComponent(grant)}/revocation`,
    body: { reason: options.reason },
    answer: nothing,
  })
  if (options.json === true) jsonLine({ grant, revoked: true })
  else console.log(`Revoked: ${grant}. Nothing opens under it any more.`)
}

export type ExplainOptions = Asking & {
  readonly purpose: string
  readonly account?: string
  readonly grant?: string
  readonly view?: string
}

/** What the policies would say to an opening; exit code 3 where they refuse. */
export async function explainDecision(capture: string, options: ExplainOptions): Promise<void> {
  const { purpose, account, grant, view } = options
  const hub = await openSession(options)
  const said = await hub.ask({
    method: 'POST',
    path: '/v1/policy/decisions',
    body: { capture, purpose, account, grant, view },
    answer: schemas.explanation,
  })
  if (said.decision === 'refuse') process.exitCode = exitCodes.refused
  if (options.json === true) return jsonLine(said)
  console.log(
    said.decision === 'allow'
      ? `Allowed: ${said.view}.`
      : `Refused: ${said.detail ?? said.code ?? ''}`,
  )
  if (said.reasons.length === 0) console.log('No policy speaks for it.')
  for (const { effect, words, policy } of said.reasons)
    console.log(`${effect === 'permit' ? 'Allowed' : 'Forbidden'} by ${policy}: ${words}`)
  console.log(`Policies in force: ${said.policy_set}.`)
}

/** Reads a grant's document: YAML (JSON is YAML), or TOML by its name. */
async function readGrant(file: string): Promise<GrantDocument> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(`${file} cannot be read: ${why}`, exitCodes.wrongUse)
  })
  if (text.length > limits.grantTextMax) {
    throw new CommandFailure(
      `${file} is larger than ${limits.grantTextMax} characters: it is no grant.`,
      exitCodes.wrongUse,
    )
  }
  const parsed = grantDocument.safeParse(parseAs(file, text))
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new CommandFailure(
    `${file}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not understood'}. The keys of a grant are in specs/policy.md.`,
    exitCodes.wrongUse,
  )
}

function parseAs(file: string, text: string): unknown {
  try {
    // Dates stay text in YAML's core schema; TOML's own become text again.
    return file.endsWith('.toml')
      ? JSON.parse(JSON.stringify(parseToml(text)))
      : parseYaml(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new CommandFailure(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      exitCodes.wrongUse,
    )
  }
}
