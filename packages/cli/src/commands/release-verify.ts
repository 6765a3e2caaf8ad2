/** `sallyport release verify`: for the recipient of copies, without a hub and without the network. */

import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { fromHex } from '@sallyport/proof/bytes'
import { parseEntry } from '@sallyport/proof/entry'
import { limits as proofLimits } from '@sallyport/proof/limits'
import { verify } from '@sallyport/proof/node/ed25519'
import { type OpeningKey, openSeal } from '@sallyport/proof/node/seal'
import {
  releaseFileNames,
  type ReleaseManifest,
  type ReleasedFile,
  verifyRelease,
} from '@sallyport/proof/release'
import { splitSeal } from '@sallyport/proof/seal-format'
import { parseProof, verifyReceipt } from '@sallyport/proof/tlog-proof'

import { CommandFailure, exitCodes } from '../exit.ts'
import { readIdentities } from '../identity-file.ts'
import { openPackage, type PackageFiles } from '../releases/package-files.ts'
import { jsonLine, note } from '../terminal.ts'

type Options = {
  /** The agency's public key, 64 hexadecimal digits, known from elsewhere than the package. */
  readonly key: string
  readonly logKey?: string
  readonly identity?: string
  readonly output?: string
  readonly json?: boolean
}

type Flaw = { readonly file: string; readonly code: string; readonly detail: string }

/** Checks signature, files and receipt; with an identity it opens them. Exit code 1 when anything does not hold. */
export async function verifyPackage(where: string, options: Options): Promise<void> {
  const { key, logKey, identity, output, json = false } = options
  const agencyKey = /^[0-9a-f]{64}$/i.test(key) ? fromHex(key.toLowerCase()) : null
  if (agencyKey === null)
    throw new CommandFailure(
      `'${key}' is no key of an agency: 64 hexadecimal digits are. Ask the agency for it on another way than the copies came.`,
      exitCodes.wrongUse,
    )
  if ((identity === undefined) !== (output === undefined))
    throw new CommandFailure(
      'To open the files name both --identity and -o; to check them alone, neither.',
      exitCodes.wrongUse,
    )
  const identities = identity === undefined ? [] : await readIdentities(identity)
  const files = await openPackage(where)
  try {
    const { manifest, bytes } = await trustedManifest(files, agencyKey)
    const flaws = [...(await flawsOf(files, manifest, identities, output))]
    const receipt = await receiptFlaw(files, bytes, manifest, logKey)
    if (receipt !== null) flaws.push(receipt)
    report(manifest, flaws, { json, ...(output === undefined ? {} : { output }) })
    if (logKey === undefined && !json)
      note('Whether the log has it was not checked: name the key of the log with --log-key.')
  } finally {
    await files.close()
  }
}

function report(
  manifest: ReleaseManifest,
  flaws: readonly Flaw[],
  { json, output }: { readonly json: boolean; readonly output?: string },
): void {
  const { release, expires_at: expiresAt, purpose } = manifest
  const overdue = Date.parse(expiresAt) <= Date.now()
  if (flaws.length > 0) process.exitCode = exitCodes.no
  const count = manifest.files.length
  if (json) {
    jsonLine({ release, verified: flaws.length === 0, files: count, expires_at: expiresAt, flaws })
    return
  }
  for (const { file, detail } of flaws) note(`${file}: ${detail}`)
  console.log(
    flaws.length === 0
      ? `Release ${release} for ${purpose.replaceAll('_', ' ')}: ${count} files, all as the agency signed them.`
      : `Release ${release} does NOT hold: ${flaws.length} of its files are not as the agency signed them.`,
  )
  if (output !== undefined) console.log(`Opened into ${output}.`)
  note(
    overdue
      ? `It expired ${expiresAt}: return or destroy every copy now, and tell the agency.`
      : `Return or destroy every copy by ${expiresAt}.`,
  )
}

/** Throws, with exit code 1, when the agency did not sign it: then no word of it means anything. */
async function trustedManifest(files: PackageFiles, agencyKey: Uint8Array) {
  const bytes = await beside(files, releaseFileNames.manifest)
  const signature = fromHex(
    Buffer.from(await beside(files, releaseFileNames.signature))
      .toString('utf8')
      .trim(),
  )
  const trusted =
    signature?.length === 64
      ? verifyRelease(agencyKey, bytes, signature, verify)
      : ({ kind: 'refused', detail: 'The signature is damaged.' } as const)
  if (trusted.kind === 'refused')
    throw new CommandFailure(`Not verified: ${trusted.detail}`, exitCodes.no)
  return { manifest: trusted.manifest, bytes }
}

async function beside(files: PackageFiles, name: string): Promise<Uint8Array> {
  const bytes = files.names.includes(name)
    ? await files.read(name, proofLimits.releaseManifestMax)
    : null
  if (bytes !== null) return bytes
  throw new CommandFailure(`Not verified: ${name} is missing or too large.`, exitCodes.no)
}

async function flawsOf(
  files: PackageFiles,
  manifest: ReleaseManifest,
  identities: readonly OpeningKey[],
  output: string | undefined,
): Promise<readonly Flaw[]> {
  const known = new Set([
    ...manifest.files.map(({ name }) => name),
    releaseFileNames.manifest,
    releaseFileNames.signature,
    releaseFileNames.receipt,
  ])
  const flaws: Flaw[] = files.names
    .filter((name) => !known.has(name))
    .map((file) => ({ file, code: 'not_in_manifest', detail: 'The agency did not sign it.' }))
  if (output !== undefined) await mkdir(output, { recursive: true, mode: 0o700 })
  for (const file of manifest.files) {
    const flaw = await checkFile(files, file, identities, output)
    if (flaw !== null) flaws.push({ file: file.name, ...flaw })
  }
  return flaws
}

async function checkFile(
  files: PackageFiles,
  { name, bytes, sha256 }: ReleasedFile,
  identities: readonly OpeningKey[],
  output: string | undefined,
): Promise<Omit<Flaw, 'file'> | null> {
  if (!files.names.includes(name)) return { code: 'missing', detail: 'It is missing.' }
  const body = await files.read(name, bytes)
  if (body?.length !== bytes || createHash('sha256').update(body).digest('hex') !== sha256)
    return { code: 'differs', detail: 'It is not the file that was signed.' }
  if (output === undefined) return null
  const split = splitSeal(body)
  for (const identity of split === null ? [] : identities) {
    const opened = openSeal(split as NonNullable<typeof split>, identity)
    if (opened.kind === 'refused') continue
    await writeFile(path.join(output, name.replace(/\.age$/, '')), opened.plaintext, {
      mode: 0o600,
    })
    return null
  }
  return { code: 'not_opened', detail: 'It does not open with this identity.' }
}

/** What is wrong with the receipt of the log, or null; not asked for without the log's key. */
async function receiptFlaw(
  files: PackageFiles,
  manifestBytes: Uint8Array,
  { release, files: { length } }: ReleaseManifest,
  logKey: string | undefined,
): Promise<Flaw | null> {
  if (logKey === undefined) return null
  const file = releaseFileNames.receipt
  const text = Buffer.from(await beside(files, file)).toString('utf8')
  const entry = parseProof(text)?.extra
  if (entry === undefined || entry === null)
    return { file, code: 'receipt', detail: 'The receipt is damaged.' }
  const verified = verifyReceipt(text, entry, logKey, verify)
  if (verified.kind === 'refused') return { file, code: 'receipt', detail: verified.detail }
  const parsed = parseEntry(entry)
  const hash = createHash('sha256').update(manifestBytes).digest('hex')
  const same =
    parsed.kind === 'entry' &&
    parsed.entry.kind === 'release_made' &&
    parsed.entry.release === release &&
    parsed.entry.manifest_sha256 === hash &&
    parsed.entry.files === length
  return same ? null : { file, code: 'receipt', detail: 'The receipt is of something else.' }
}
