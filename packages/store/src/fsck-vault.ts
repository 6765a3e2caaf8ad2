/** The part of fsck that compares rows with the vault, in both directions. */

import { pageRows, pages } from './fsck-pages.ts'
import type { Db } from './postgres/database.ts'
import { headerBytes } from './vault/record.ts'
import type { VaultDamage, VaultRecord } from './vault/scan.ts'
import type { VaultReader } from './vault/segments.ts'

type Subject = {
  readonly db: Db
  readonly vault: VaultReader
  readonly progress?: (text: string) => void
}

type Code = 'body_missing' | 'body_differs' | 'header_wrong' | 'vault_head_damaged'
type Add = (code: Code, about: string, detail: string) => void

/** Where bodies of rows lie in a segment, with their hash, a character for a byte; null where it does not hold. */
type Bodies = Map<number, string | null>
type Named = Map<number, Bodies>

export async function checkCaptures({ db, vault, progress }: Subject, add: Add) {
  const named: Named = new Map()
  let captures = 0
  for await (const row of pages(db, 'capture', [
    'id',
    'received_at',
    'sha256',
    'bytes',
    'header',
    'segment',
    'position',
    'shredded_at',
  ])) {
    captures += 1
    if (captures % pageRows === 0) progress?.(`captures: ${captures}`)
    // Its key and header are gone; the ciphertext may be, and nobody misses it.
    if (row.shredded_at === null) await checkBody(row)
    else name(row, null)
  }
  const labelSets = await db
    .selectFrom('evaluation')
    .select(['id', 'sha256', 'bytes', 'header', 'segment', 'position'])
    .execute()
  for (const row of labelSets) await checkBody(row)
  return { captures, ...(await checkRecords(vault, named, add)) }

  function name(row: Pick<StoredBody, 'segment' | 'position'>, hash: string | null): void {
    if (row.segment === null || row.position === null) return
    const bodies = named.get(row.segment) ?? new Map<number, string | null>()
    named.set(row.segment, bodies.set(row.position, hash))
  }

  async function checkBody(row: StoredBody): Promise<void> {
    const read =
      row.segment === null || row.position === null
        ? ({ kind: 'missing', detail: 'Its row names no place in the vault.' } as const)
        : await vault.read(
            { segment: row.segment, position: row.position, bytes: row.bytes },
            row.sha256,
          )
    name(row, read.kind === 'body' ? hashText(row.sha256) : null)
    if (read.kind === 'missing') add('body_missing', row.id, read.detail)
    if (read.kind === 'damaged') add('body_differs', row.id, read.detail)
    if (!row.header.subarray(0, 22).equals(Buffer.from('age-encryption.org/v1\n'))) {
      add('header_wrong', row.id, 'The stored header is not an age header.')
    }
  }
}

type StoredBody = {
  readonly id: string
  readonly sha256: Buffer
  readonly bytes: number
  readonly header: Buffer
  readonly segment: number | null
  readonly position: number | null
}

async function checkRecords(vault: VaultReader, named: Named, add: Add) {
  let vaultRecords = 0
  let orphanBodies = 0
  for (const { segment, name } of await vault.segments()) {
    const bodies: Bodies = named.get(segment) ?? new Map()
    for await (const found of vault.records(segment)) {
      if (found.kind === 'record') {
        vaultRecords += 1
        if (!checkHead(found, bodies, name, add)) orphanBodies += 1
      } else if (!reportDamage(found, bodies, name, add)) orphanBodies += 1
    }
  }
  return { vaultRecords, orphanBodies }
}

/** False when no row names the record. */
function checkHead(
  { place, sha256 }: VaultRecord,
  bodies: Bodies,
  name: string,
  add: Add,
): boolean {
  const expected = bodies.get(place.position)
  if (typeof expected === 'string' && expected !== hashText(sha256)) {
    const at = place.position - headerBytes
    add('vault_head_damaged', `${name}:${at}`, 'The record there has another hash than its body.')
  }
  return expected !== undefined
}

/** False when it is what a crash leaves at the end of a segment: a piece that no row names. */
function reportDamage(
  { position, until, last }: VaultDamage,
  bodies: Bodies,
  name: string,
  add: Add,
): boolean {
  let lying = 0
  for (const at of bodies.keys())
    if (at - headerBytes >= position && at - headerBytes < until) lying += 1
  if (last && lying === 0) return false
  add(
    'vault_head_damaged',
    `${name}:${position}`,
    `No record can be made out from there to ${until}; rows name ${lying} of the bodies between.`,
  )
  return true
}

function hashText(sha256: Uint8Array): string {
  return Buffer.from(sha256).toString('latin1')
}
