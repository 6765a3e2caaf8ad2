/**
 * c2sp.org/tlog-policy: which logs, which witnesses, and how many of them make a checkpoint valid.
 * The file is octets: names of witnesses and groups are compared byte for byte.
 */

import { fromUtf8, toHex } from './bytes.ts'
import { parseDecimal } from './checkpoint.ts'
import { limits } from './limits.ts'
import { type NoteKey, parseVkey } from './note.ts'
import { type Refused, refuse } from './refusal.ts'
import { type CosignerKey, parseCosignerVkey } from './tlog-cosignature.ts'

/** A log signs its checkpoints as a note (Ed25519) or, like a witness, as a cosignature. */
export type PolicyLog = {
  readonly vkey: string
  readonly key:
    | { readonly kind: 'note'; readonly key: NoteKey }
    | { readonly kind: 'cosigner'; readonly key: CosignerKey }
  readonly url: string | null
}

export type PolicyWitness = {
  /** Its name within the policy, one character an octet. The key has a name of its own. */
  readonly name: string
  readonly vkey: string
  readonly key: CosignerKey
  readonly url: string | null
}

export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | {
      readonly kind: 'group'
      readonly name: string
      /** How many of the members must have witnessed. */
      readonly threshold: number
      readonly members: readonly Quorum[]
    }

export type Policy = {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly quorum: Quorum
}

export type ParsedPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | Refused<'malformed_policy'>

/** Reads a policy file. Never throws; a refusal names the line. */
export function parsePolicy(file: Uint8Array): ParsedPolicy {
  if (file.length > limits.policyMax) return refuse('malformed_policy', 'The policy is too large.')
  const text = octets(file)
  const stray = /[^\t\n\u0020-\u007e\u0080-\u00ff]/.exec(text)
  if (stray !== null) {
    return malformed(lineAt(text, stray.index), 'has a control character')
  }
  const reading = new PolicyReading()
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    const items = line.split(/[ \t]+/).filter((item) => item !== '')
    if (items.length === 0 || items[0]?.startsWith('#') === true) continue
    const wrong = reading.line(items)
    if (wrong !== null) return malformed(at + 1, wrong)
  }
  const { logs, witnesses, quorum } = reading
  return quorum === null
    ? refuse('malformed_policy', 'The policy has no quorum line.')
    : { kind: 'policy', policy: { logs, witnesses, quorum } }
}

/**
 * The policy of somebody who knows the log from elsewhere: with the log of `vkey` where the file
 * names none, and as it is where it names that one; null where it names others only.
 */
export function policyForLog(policy: Policy, vkey: string): Policy | null {
  if (policy.logs.some((log) => log.vkey === vkey)) return policy
  const key = parseVkey(vkey)
  if (policy.logs.length > 0 || key === null) return null
  return { ...policy, logs: [{ vkey, key: { kind: 'note', key }, url: null }] }
}

/** Whether the witnesses named in `witnessed` are enough. */
export function isQuorum(quorum: Quorum, witnessed: ReadonlySet<string>): boolean {
  switch (quorum.kind) {
    case 'none':
      return true
    case 'witness':
      return witnessed.has(quorum.name)
    case 'group': {
      const count = quorum.members.filter((member) => isQuorum(member, witnessed)).length
      return count >= quorum.threshold
    }
  }
}

/** Fewest witnesses that can make the quorum: says how much a policy asks for. */
export function smallestQuorum(quorum: Quorum): number {
  if (quorum.kind !== 'group') return quorum.kind === 'none' ? 0 : 1
  const costs = quorum.members.map(smallestQuorum).sort((a, b) => a - b)
  return costs.slice(0, quorum.threshold).reduce((sum, one) => sum + one, 0)
}

/** The lines read so far. A line that does not fit answers what is wrong with it. */
class PolicyReading {
  readonly logs: PolicyLog[] = []
  readonly witnesses: PolicyWitness[] = []
  quorum: Quorum | null = null
  readonly #names = new Map<string, Quorum>()
  readonly #members = new Set<string>()
  readonly #logKeys = new Set<string>()
  readonly #witnessKeys = new Set<string>()
  #groups = 0

  line([keyword = '', ...items]: readonly string[]): string | null {
    switch (keyword) {
      case 'log':
        return this.#log(items)
      case 'witness':
        return this.#witness(items)
      case 'group':
        return this.#group(items)
      case 'quorum':
        return this.#quorum(items)
      default:
        return 'begins with an unknown word'
    }
  }

  #log([vkey = '', url, more]: readonly string[]): string | null {
    if (vkey === '' || more !== undefined) return 'is not: log VKEY [URL]'
    if (this.logs.length >= limits.policyLogsMax) return 'is one log too many'
    const spelled = utf8Of(vkey)
    const note = parseVkey(spelled)
    const cosigner = note === null ? parseCosignerVkey(spelled) : null
    // An Ed25519 cosignature is a witness's statement; logs sign with 0x01 or ML-DSA-44.
    if (note === null && cosigner?.algorithm !== 'ml-dsa-44') return 'has no key of a log'
    const publicKey = toHex((note ?? cosigner)?.publicKey ?? new Uint8Array())
    if (this.#logKeys.has(publicKey)) return 'repeats the key of a log'
    this.#logKeys.add(publicKey)
    const key =
      note === null
        ? cosigner && ({ kind: 'cosigner', key: cosigner } as const)
        : ({ kind: 'note', key: note } as const)
    if (key !== null) this.logs.push({ vkey: spelled, key, url: urlOf(url) })
    return null
  }

  #witness([name = '', vkey = '', url, more]: readonly string[]): string | null {
    if (vkey === '' || more !== undefined) return 'is not: witness NAME VKEY [URL]'
    if (this.witnesses.length >= limits.policyWitnessesMax) return 'is one witness too many'
    const spelled = utf8Of(vkey)
    const key = parseCosignerVkey(spelled)
    if (key === null) return 'has no key of a witness'
    const publicKey = toHex(key.publicKey)
    if (this.#witnessKeys.has(publicKey)) return 'repeats the key of a witness'
    const wrong = this.#define(name, { kind: 'witness', name })
    if (wrong !== null) return wrong
    this.#witnessKeys.add(publicKey)
    this.witnesses.push({ name, vkey: spelled, key, url: urlOf(url) })
    return null
  }

  #group([name = '', count = '', ...names]: readonly string[]): string | null {
    if (names.length === 0) return 'is not: group NAME all|any|K NAME...'
    this.#groups += 1
    if (this.#groups > limits.policyGroupsMax) return 'is one group too many'
    const threshold =
      count === 'all' ? names.length : count === 'any' ? 1 : (parseDecimal(count) ?? 0)
    if (threshold < 1 || threshold > names.length) return 'asks for more or fewer than its members'
    const members: Quorum[] = []
    for (const member of names) {
      const known = this.#names.get(member)
      if (known === undefined) return 'names a member that is not defined above'
      if (this.#members.has(member)) return 'names a member that has its place already'
      this.#members.add(member)
      members.push(known)
    }
    return this.#define(name, { kind: 'group', name, threshold, members })
  }

  #quorum([name = '', more]: readonly string[]): string | null {
    if (name === '' || more !== undefined) return 'is not: quorum NAME'
    if (this.quorum !== null) return 'is a second quorum'
    const known = name === 'none' ? ({ kind: 'none' } as const) : this.#names.get(name)
    if (known === undefined) return 'names a quorum that is not defined above'
    this.quorum = known
    return null
  }

  #define(name: string, quorum: Quorum): string | null {
    if (name === 'none') return 'uses the name none, which is taken'
    if (this.#names.has(name)) return 'defines a name again'
    this.#names.set(name, quorum)
    return null
  }
}

/** One character an octet. */
function octets(file: Uint8Array): string {
  let text = ''
  for (let at = 0; at < file.length; at += 4096) {
    text += String.fromCharCode(...file.subarray(at, at + 4096))
  }
  return text
}

/** The UTF-8 text of octets; keys whose name is none are refused by their parser. */
function utf8Of(item: string): string {
  return fromUtf8(Uint8Array.from(item, (octet) => octet.charCodeAt(0))) ?? ''
}

function urlOf(item: string | undefined): string | null {
  return item === undefined ? null : utf8Of(item)
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function malformed(line: number, what: string): ParsedPolicy {
  return refuse('malformed_policy', `Line ${line} of the policy ${what}.`)
}
