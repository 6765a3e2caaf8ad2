/** A witness's own folder: its keys, the logs it follows, what it remembers. */

import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { mlDsa44 } from '@sallyport/proof/node/ml-dsa'
import { type NoteKey, formatTypedSkey, isNoteName, parseTypedSkey } from '@sallyport/proof/note'
import { type Cosigner, cosigner, cosignatureTypes } from '@sallyport/proof/tlog-cosignature'
import { parsePolicy } from '@sallyport/proof/tlog-policy'

import { readSecret, writeSecret } from '../keys.ts'

const keyFile = 'witness.key'
const mirrorKeyFile = 'mirror.key'
const logsFile = 'logs'

/** What an operator must mend, in words. */
export class WitnessHomeError extends Error {}

/**
 * Makes a witness's folder with a new Ed25519 key, and an ML-DSA-44 key beside it when asked. Throws
 * when there is one already: a witness that forgets its key or its memory is another witness.
 */
export async function initWitness(
  directory: string,
  name: string,
  options: { readonly mlDsa: boolean; readonly random?: (n: number) => Uint8Array },
): Promise<readonly Cosigner[]> {
  if (!isNoteName(name)) {
    throw new WitnessHomeError('A name has no spaces and no plus signs, like witness.example/w1.')
  }
  if (options.mlDsa && mlDsa44 === null) {
    throw new WitnessHomeError('This Node has no ML-DSA-44. Node 24.6 or newer has.')
  }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = path.join(directory, keyFile)
  if ((await readSecret(file)) !== null) {
    throw new WitnessHomeError(`${file} is there already. Another witness needs another folder.`)
  }
  const random = options.random ?? ((n: number) => new Uint8Array(randomBytes(n)))
  const made = [ed25519Cosigner(name, random(32))]
  if (options.mlDsa) made.push(mlDsaCosigner(name, random(32)))
  await writeSecret(file, made.map(({ skey }) => skey).join('\n'))
  return made.map(({ key }) => key)
}

/** The witness's keys. Throws with the file at fault. */
export async function readWitnessKeys(directory: string): Promise<readonly Cosigner[]> {
  const file = path.join(directory, keyFile)
  const text = await readSecret(file)
  if (text === null) {
    throw new WitnessHomeError(`${file} is not there. Begin with: sallyport witness init`)
  }
  return keysIn(file, text)
}

/**
 * The keys of the mirror in a witness's folder, made under `name` when there are none. A mirror says
 * more than a witness, so it is another cosigner: its name must differ.
 */
export async function openMirrorKeys(
  directory: string,
  name: string,
  random: (n: number) => Uint8Array = (n) => new Uint8Array(randomBytes(n)),
): Promise<readonly Cosigner[]> {
  const witness = await readWitnessKeys(directory)
  if (!isNoteName(name) || witness.some((key) => key.name === name)) {
    throw new WitnessHomeError(
      'A mirror has a name of its own, like mirror.example/m1, with no spaces or plus signs.',
    )
  }
  const file = path.join(directory, mirrorKeyFile)
  const text = await readSecret(file)
  if (text === null) {
    const made = ed25519Cosigner(name, random(32))
    await writeSecret(file, made.skey)
    return [made.key]
  }
  const keys = keysIn(file, text)
  const other = keys.find((key) => key.name !== name)
  if (other === undefined) return keys
  throw new WitnessHomeError(`The mirror in ${directory} is ${other.name}, for ever.`)
}

function keysIn(file: string, text: string): readonly Cosigner[] {
  return text.split('\n').map((line) => {
    const skey = parseTypedSkey(line)
    if (skey?.type === cosignatureTypes.ed25519) return ed25519Cosigner(skey.name, skey.seed).key
    if (skey?.type === cosignatureTypes['ml-dsa-44']) return mlDsaCosigner(skey.name, skey.seed).key
    throw new WitnessHomeError(`${file} is damaged. Restore it: its signatures name this key.`)
  })
}

/** The logs that the witness follows: lines as of tlog-policy, `log VKEY`. */
export async function readFollowedLogs(directory: string): Promise<readonly NoteKey[]> {
  const file = path.join(directory, logsFile)
  const text = await readFile(file, 'utf8').catch(() => '')
  const parsed = parsePolicy(new TextEncoder().encode(`${text}\nquorum none\n`))
  if (parsed.kind === 'refused') throw new WitnessHomeError(`${file}: ${parsed.detail}`)
  return parsed.policy.logs.map(({ key }) => {
    if (key.kind === 'note') return key.key
    throw new WitnessHomeError(`${file}: only logs with Ed25519 keys are followed.`)
  })
}

/** Adds a log. A second key of one origin is for a log that changes its key. */
export async function addFollowedLog(directory: string, vkey: string): Promise<void> {
  const file = path.join(directory, logsFile)
  const text = await readFile(file, 'utf8').catch(() => '')
  const line = `log ${vkey}`
  if (text.split('\n').includes(line)) return
  const parsed = parsePolicy(new TextEncoder().encode(`${text}\n${line}\nquorum none\n`))
  if (parsed.kind === 'refused') throw new WitnessHomeError(`${vkey} is no key of a log.`)
  await writeSecret(file, `${text.trimEnd()}\n${line}`.trimStart())
}

type MadeKey = { readonly key: Cosigner; readonly skey: string }

function ed25519Cosigner(name: string, seed: Uint8Array): MadeKey {
  const key = cosigner(name, 'ed25519', publicKeyOf(seed), (message) => sign(seed, message))
  return { key, skey: formatTypedSkey(name, cosignatureTypes.ed25519, seed, key.keyId) }
}

function mlDsaCosigner(name: string, seed: Uint8Array): MadeKey {
  const available = mlDsa44
  if (available === null) {
    throw new WitnessHomeError('The ML-DSA-44 key needs Node 24.6 or newer.')
  }
  const publicKey = available.publicKeyOf(seed)
  const key = cosigner(name, 'ml-dsa-44', publicKey, (message) => available.sign(seed, message))
  return { key, skey: formatTypedSkey(name, cosignatureTypes['ml-dsa-44'], seed, key.keyId) }
}
