import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { concat, utf8 } from './bytes.ts'
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { generateSigningKey, sign } from './node/ed25519.ts'
import { formatTypedVkey, noteSigner } from './note.ts'
import { cosign, cosigner } from './tlog-cosignature.ts'
import { isQuorum, parsePolicy, smallestQuorum } from './tlog-policy.ts'
import { addSignatures, openWitnessed } from './witnessed.ts'

const origin = 'example.gov/sallyport'
const logKey = generateSigningKey()
const log = noteSigner(origin, logKey.privateKey, logKey.publicKey, sign)
const names = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3']
const witnesses = names.map((name) => {
  const { privateKey, publicKey } = generateSigningKey()
  return cosigner(`${name.toLowerCase()}.example/w`, 'ed25519', publicKey, (m) =>
    sign(privateKey, m),
  )
})
const vkeyOf = (name: string) => witnesses[names.indexOf(name)]?.vkey ?? ''
const checkpoint = { origin, size: 7, root: new Uint8Array(32).fill(5) }
const note = signCheckpoint(checkpoint, log)
const text = note.slice(0, note.indexOf('\n\n') + 1)

// The example of the specification.
const example = `log ${log.vkey}

witness X1 ${vkeyOf('X1')}
witness X2 ${vkeyOf('X2')}
witness X3 ${vkeyOf('X3')}
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkeyOf('Y1')}
witness Y2 ${vkeyOf('Y2')}
\t witness  Y3\t${vkeyOf('Y3')}  https://y3.example/
group Y-witnesses any Y1 Y2 Y3
  # X and Y
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

function policyOf(file: string | Uint8Array) {
  const parsed = parsePolicy(typeof file === 'string' ? utf8(file) : file)
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.policy
}

function cosignedBy(...by: readonly string[]): string {
  return by.reduce((signed, name) => {
    const one = witnesses[names.indexOf(name)]
    return one === undefined ? signed : addSignatures(signed, cosign(text, one, 1_800_000_000))
  }, note)
}

test('the example of the specification is read, and asks for three witnesses at least', () => {
  const policy = policyOf(example)
  expect(policy.logs.map(({ vkey }) => vkey)).toEqual([log.vkey])
  expect(policy.witnesses.map(({ name }) => name)).toEqual(names)
  expect(policy.witnesses.at(-1)?.url).toBe('https://y3.example/')
  expect(smallestQuorum(policy.quorum)).toBe(3)
})

test.each([
  [['X1', 'X2', 'Y1'], true],
  [['X1', 'X3', 'Y3'], true],
  [names, true],
  [['X1', 'X2', 'X3'], false],
  [['X1', 'Y1', 'Y2', 'Y3'], false],
  [[], false],
])('cosigned by %j: %s', (by, met) => {
  const opened = openWitnessed(cosignedBy(...by), policyOf(example))
  if (met) {
    expect(opened).toMatchObject({ kind: 'witnessed', checkpoint, vkey: log.vkey })
  } else {
    expect(opened).toMatchObject({ kind: 'refused', code: 'quorum_not_met' })
  }
})

describe('policies that are none', () => {
  const w = `witness W ${vkeyOf('X1')}\n`
  test.each([
    ['no quorum', w, 'no quorum'],
    ['two quorums', `${w}quorum W\nquorum none\n`, 'Line 3'],
    ['a quorum that comes later', `quorum W\n${w}`, 'Line 1'],
    ['an unknown word', `${w}witnesses W\nquorum W\n`, 'Line 2'],
    ['a name twice', `${w}witness W ${vkeyOf('X2')}\nquorum W\n`, 'defines a name again'],
    ['a key twice', `${w}witness V ${vkeyOf('X1')}\nquorum W\n`, 'repeats the key'],
    ['a log key twice', `log ${log.vkey}\nlog ${log.vkey}\nquorum none\n`, 'repeats the key'],
    ['a witness named none', `witness none ${vkeyOf('X1')}\nquorum none\n`, 'none'],
    ['a member named none', `${w}group G any W none\nquorum G\n`, 'not defined above'],
    ['a group without members', `${w}group G any\nquorum G\n`, 'is not: group'],
    ['a group of zero', `${w}group G 0 W\nquorum G\n`, 'asks for'],
    ['a group of more than it has', `${w}group G 2 W\nquorum G\n`, 'asks for'],
    ['a threshold with a leading zero', `${w}group G 01 W\nquorum G\n`, 'asks for'],
    [
      'a member of two groups',
      `${w}group G any W\ngroup H any W G\nquorum H\n`,
      'its place already',
    ],
    ['a member twice in one group', `${w}group G any W W\nquorum G\n`, 'its place already'],
    ['the key of a log for a witness', `witness W ${log.vkey}\nquorum W\n`, 'no key of a witness'],
    ['the key of a witness for a log', `log ${vkeyOf('X1')}\nquorum none\n`, 'no key of a log'],
    ['a carriage return', `${w}quorum W\r\n`, 'Line 2'],
    ['a form feed', `${w}\fquorum W\n`, 'Line 2'],
    ['a word too many', `${w}quorum W X\n`, 'Line 2'],
  ])('%s', (_, file, detail) => {
    const parsed = parsePolicy(utf8(file))
    expect(parsed).toMatchObject({ kind: 'refused', code: 'malformed_policy' })
    expect(parsed.kind === 'refused' && parsed.detail).toContain(detail)
  })
})

test('names are octets: a Kelvin sign is no K, and bytes that are no UTF-8 are a name', () => {
  const named = (name: Uint8Array) =>
    concat(utf8('witness '), name, utf8(` ${vkeyOf('X1')}\nquorum `), name, utf8('\n'))
  expect(policyOf(named(Uint8Array.of(0xff, 0x80))).witnesses.length).toBe(1)
  const kelvin = utf8(`witness \u212a ${vkeyOf('X1')}\nquorum K\n`)
  expect(parsePolicy(kelvin)).toMatchObject({ code: 'malformed_policy' })
})

test('without a quorum the log alone is enough; without logs nobody is', () => {
  expect(openWitnessed(note, policyOf(`log ${log.vkey}\nquorum none\n`))).toMatchObject({
    kind: 'witnessed',
    witnesses: [],
  })
  expect(openWitnessed(note, policyOf('quorum none\n'))).toMatchObject({
    code: 'no_known_signature',
  })
})

test('witnesses alone do not make a checkpoint: the log must have signed it', () => {
  const unsigned = `${text}\n${cosignedBy(...names).slice(note.length)}`
  expect(parseCheckpoint(text)).not.toBeNull()
  expect(openWitnessed(unsigned, policyOf(example))).toMatchObject({ code: 'no_known_signature' })
})

test('one bad cosignature of a known witness refuses what the others would carry', () => {
  const other = signCheckpoint({ ...checkpoint, size: 8 }, log)
  const bad = cosign(other.slice(0, other.indexOf('\n\n') + 1), witnesses[5]!, 1)
  const opened = openWitnessed(cosignedBy('X1', 'X2', 'Y1') + bad, policyOf(example))
  expect(opened).toMatchObject({ code: 'bad_signature' })
})

test('an ML-DSA cosignature that cannot be checked here counts for nothing, and is named', () => {
  const key = cosigner(
    'pq.example/w',
    'ml-dsa-44',
    new Uint8Array(1312),
    () => new Uint8Array(2420),
  )
  const policy = policyOf(`log ${log.vkey}\nwitness PQ ${key.vkey}\nquorum PQ\n`)
  const opened = openWitnessed(addSignatures(note, cosign(text, key, 1)), policy)
  expect(opened).toMatchObject({ code: 'quorum_not_met' })
  expect(opened.kind === 'refused' && opened.detail).toContain('cannot be checked here')
})

test('a log of another origin than its checkpoint is refused', () => {
  const lying = noteSigner('example.org/other', logKey.privateKey, logKey.publicKey, sign)
  const policy = policyOf(`log ${lying.vkey}\nquorum none\n`)
  const signature =
    note
      .slice(note.indexOf('\n\n') + 2)
      .trim()
      .split(' ')[2] ?? ''
  expect(signature).not.toBe('')
  const bytes = Buffer.from(signature, 'base64').subarray(4)
  const renamed = Buffer.concat([lying.keyId, bytes]).toString('base64')
  expect(openWitnessed(`${text}\n— ${lying.name} ${renamed}\n`, policy)).toMatchObject({
    code: 'other_origin',
  })
})

test('a policy of many: 32 logs, 32 witnesses, 32 groups', () => {
  const lines: string[] = []
  for (let n = 0; n < 32; n++) {
    lines.push(`log ${formatTypedVkey(`log${n}`, 1, new Uint8Array(32).fill(n))}`)
    lines.push(`witness w${n} ${formatTypedVkey(`w${n}`, 4, new Uint8Array(32).fill(n))}`)
    lines.push(`group g${n} any w${n}${n === 0 ? '' : ` g${n - 1}`}`)
  }
  const { quorum } = policyOf(`${lines.join('\n')}\nquorum g31\n`)
  expect(isQuorum(quorum, new Set(['w0']))).toBe(true)
  expect(isQuorum(quorum, new Set(['w99']))).toBe(false)
})

test('whatever the file is, it is read or refused', () => {
  const words = fc.constantFrom(
    'log',
    'witness',
    'group',
    'quorum',
    'none',
    'any',
    'W',
    '1',
    '#',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (items) => {
      expect(['policy', 'refused']).toContain(parsePolicy(utf8(items.join(' '))).kind)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(parsePolicy(bytes).kind).toBe('refused')
    }),
  )
})
