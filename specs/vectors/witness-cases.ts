/** Vectors of witnessing: cosignatures, requests to a witness, policies, a proof under them. */

import { toHex, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import type { Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { formatTypedSkey, noteSigner } from '@sallyport/proof/note'
import { proveEntry, proveGrowth } from '@sallyport/proof/prove'
import { cosign, cosigner } from '@sallyport/proof/tlog-cosignature'
import { formatAddCheckpoint } from '@sallyport/proof/tlog-witness'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'

import { numberedEntry } from './log-cases.ts'

const origin = 'example.gov/sallyport'
const time = 1_784_728_991

export async function witnessVectors(random: Random): Promise<unknown> {
  const seed = random(32)
  const log = noteSigner(origin, seed, publicKeyOf(seed), sign)
  const witnesses = ['witness.example/w1', 'audit.example/w1'].map((name) => {
    const own = random(32)
    const key = cosigner(name, 'ed25519', publicKeyOf(own), (message) => sign(own, message))
    return { key, skey: formatTypedSkey(name, 0x04, own, key.keyId) }
  })
  const [one, two] = witnesses.map(({ key }) => key)
  if (one === undefined || two === undefined) throw new Error('two witnesses')
  const treeAt = (size: number, text = (n: number) => numberedEntry(n)) => {
    const grown = growEdge(
      emptyEdge,
      Array.from({ length: size }, (_, n) => text(n)),
    )
    const files = new Map(grown.files.map((file) => [file.path, file.bytes]))
    const checkpoint = { origin, size, root: rootOf(grown.edge) }
    const note = signCheckpoint(checkpoint, log)
    return { checkpoint, note, reader: { read: async (path: string) => files.get(path) ?? null } }
  }
  const textOf = (note: string) => note.slice(0, note.indexOf('\n\n') + 1)
  const large = treeAt(300)
  const fork = treeAt(300, (n) => utf8(`other ${n}`))
  const cosigned = [one, two].reduce(
    (note, key, at) => note + cosign(textOf(large.note), key, time + at),
    large.note,
  )
  const { proof } = await proveEntry(large.reader, 130, cosigned, large.checkpoint, {
    withEntry: true,
  })
  const request = async (oldSize: number, tree: typeof large) =>
    formatAddCheckpoint({
      oldSize,
      proof: await proveGrowth(
        tree.reader,
        Math.min(oldSize, tree.checkpoint.size),
        tree.checkpoint.size,
      ),
      note: tree.note,
    })
  const good = await request(5, large)
  return {
    about: 'entry n is the text "entry n"; in the forked tree it is "other n"',
    log: log.vkey,
    witnesses: witnesses.map(({ key, skey }) => ({ vkey: key.vkey, skey })),
    cosigned,
    root: toHex(large.checkpoint.root),
    proof,
    policies: [
      { quorum: 'both', met: true },
      { quorum: 'one of two', met: true },
      { quorum: 'both, one of whom has not cosigned', met: false },
    ].map(({ quorum, met }) => ({
      name: quorum,
      met,
      policy: policyText(log.vkey, [one.vkey, two.vkey], quorum),
      checkpoint: met ? cosigned : large.note + cosign(textOf(large.note), one, time),
    })),
    requests: {
      about: 'to a witness that follows the log; state is the size it cosigned last, 0 for none',
      cases: [
        { name: 'the first', state: 0, body: await request(0, treeAt(5)), status: 200 },
        { name: 'an extension', state: 5, body: good, status: 200 },
        { name: 'the same again', state: 300, body: await request(300, large), status: 200 },
        { name: 'a client that is behind', state: 256, body: good, status: 409, size: 256 },
        {
          name: 'a rollback',
          state: 300,
          body: await request(5, treeAt(5)),
          status: 409,
          size: 300,
        },
        { name: 'a fork of one size', state: 300, body: await request(300, fork), status: 422 },
        { name: 'a fork', state: 5, body: await request(5, fork), status: 422 },
        { name: 'a cut proof', state: 5, body: good.replace(/(old 5\n).*\n/, '$1'), status: 422 },
        {
          name: 'an old size beyond',
          state: 0,
          body: good.replace('old 5', 'old 301'),
          status: 400,
        },
        { name: 'a changed size', state: 5, body: good.replace('\n300\n', '\n301\n'), status: 403 },
        { name: 'no old size', state: 5, body: good.replace('old 5\n', ''), status: 400 },
        {
          name: 'an unknown log',
          state: 5,
          body: good.replaceAll(origin, 'example.org/other'),
          status: 404,
        },
      ],
    },
  }
}

function policyText(log: string, keys: readonly string[], quorum: string): string {
  const lines = keys.map((vkey, at) => `witness W${at + 1} ${vkey}`)
  const threshold = quorum === 'one of two' ? 'any' : 'all'
  return [`log ${log}`, ...lines, `group G ${threshold} W1 W2`, 'quorum G', ''].join('\n')
}
