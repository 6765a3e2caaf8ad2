/**
 * The package of a release as its recipient gets it: a ZIP of sealed files, signed manifest and the
 * receipt of the log. Stored, not compressed: ciphertext does not get smaller.
 */

import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { crc32 } from 'node:zlib'

import { releaseFileNames } from '@sallyport/proof/release'
import { formatProof, parseProof } from '@sallyport/proof/tlog-proof'
import { bodyOf, filesOf } from '@sallyport/store/releases/files'
import { releaseById } from '@sallyport/store/releases/releases'

import { type Problem, problem } from '../problems.ts'
import type { ReleaseContext } from './context.ts'
import { fileName } from './release-files.ts'

export type ReleasePackage = {
  readonly kind: 'package'
  readonly bytes: ReadableStream
}

/** The package, read file by file as it is sent. Only of a release that the log says is made. */
export async function packageOf(
  id: string,
  context: ReleaseContext,
): Promise<ReleasePackage | Problem> {
  const { db, journal, now } = context
  const release = await releaseById(db, id)
  if (release === null) return problem('not_found', 'There is no such release.')
  const { state, made_log_index: index, manifest, manifest_signature: signature } = release
  if (state !== 'made')
    return problem('release_not_waiting', `There is nothing to fetch: it is ${state}.`)
  if (manifest === null || signature === null || index === null || release.made_at === null)
    throw new Error('what was made has a manifest')
  const receipt = await journal.receipt(index)
  const proof = receipt === null ? null : parseProof(receipt.receipt)
  if (receipt === null || proof === null) throw new Error('an appended entry has a receipt')
  const files = await filesOf(db, id)
  const first = files[0] === undefined ? null : await bodyOf(db, id, files[0].number)
  if (release.expires_at <= now() || first === null)
    return problem(
      'release_gone',
      'The sealed copies are forgotten here once they expire or a picture of them is shredded.',
    )
  const at = release.made_at
  async function* parts(): AsyncGenerator<ZipFile> {
    yield { name: releaseFileNames.manifest, bytes: manifest ?? Buffer.alloc(0) }
    yield { name: releaseFileNames.signature, bytes: hexLine(signature ?? Buffer.alloc(0)) }
    const text = formatProof({ ...(proof as NonNullable<typeof proof>), extra: receipt!.entry })
    yield { name: releaseFileNames.receipt, bytes: Buffer.from(text) }
    for (const { number } of files) {
      const body = await bodyOf(db, id, number)
      // One that was shredded while the package is read: it is cut short and not believed.
      if (body === null) throw new Error('a sealed copy was forgotten meanwhile')
      yield { name: fileName(number), bytes: body }
    }
  }
  return { kind: 'package', bytes: Readable.toWeb(Readable.from(zip(parts(), at))) }
}

function hexLine(bytes: Uint8Array): Buffer {
  return Buffer.from(`${Buffer.from(bytes).toString('hex')}\n`)
}

type ZipFile = { readonly name: string; readonly bytes: Uint8Array }

/** A ZIP of stored files (APPNOTE 6.3.3), without ZIP64: a release is smaller than 4 GiB. */
async function* zip(files: AsyncIterable<ZipFile>, at: Date): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = []
  let position = 0
  for await (const { name, bytes } of files) {
    const common = Buffer.alloc(26)
    // Version 2.0, no flags, stored, time of the release.
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(dosTime(at), 6)
    common.writeUInt16LE(dosDay(at), 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name)])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(position, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name)]),
    )
    position += local.length + bytes.length
    yield local
    yield bytes
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(position, 16)
  yield listed
  yield end
}

function dosTime(at: Date): number {
  return (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
}

function dosDay(at: Date): number {
  return ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
}
