/** Where a log lies: a directory, a data directory, a mirror, or an address. */

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { fetchTiles } from '@sallyport/proof/fetch-tiles'
import { parseVkey } from '@sallyport/proof/note'
import type { TileReader } from '@sallyport/proof/tiles'
import { folderTiles } from '@sallyport/store/log/folder-tiles'

import { CommandFailure, exitCodes } from './exit.ts'
import { note } from './terminal.ts'

export type LogPlace = {
  readonly reader: TileReader
  readonly vkey: string
  /** A file beside the log, such as `witnessed-checkpoint`; null when it is not there. */
  readonly beside: (name: string) => Promise<string | null>
}

/** Opens the log at `where`; warns when its key comes from the same place. Throws for the operator. */
export async function openLogPlace(where: string, vkey: string | undefined): Promise<LogPlace> {
  const place = /^https?:\/\//.test(where) ? atUrl(where) : await inDirectory(where)
  if (vkey !== undefined) return { ...place, vkey: checkKey(vkey, null, where) }
  const found = (await place.beside('vkey'))?.trim()
  if (found === undefined) {
    throw new CommandFailure(
      `${place.name('vkey')} has no verifier key. Give it with --vkey.`,
      exitCodes.wrongUse,
    )
  }
  note(
    `Verifier key from ${place.name('vkey')}: whoever made this log chose it. Pin yours with --vkey.`,
  )
  return { ...place, vkey: checkKey(found, place.name('vkey'), where) }
}

type Place = Omit<LogPlace, 'vkey'> & { readonly name: (file: string) => string }

function atUrl(where: string): Place {
  const base = where.replace(/\/+$/, '')
  const ask = (url: string) =>
    fetch(url).catch((error: unknown) => {
      throw new CommandFailure(`${where} does not answer. Is the hub running?`, exitCodes.failed, {
        cause: error,
      })
    })
  return {
    reader: fetchTiles(where, ask),
    name: (file) => `${base}/${file}`,
    async beside(file) {
      const answered = await ask(`${base}/${file}`)
      return answered.ok ? answered.text() : null
    },
  }
}

async function inDirectory(where: string): Promise<Place> {
  const directory = (await isDirectory(path.join(where, 'log'))) ? path.join(where, 'log') : where
  if (!(await isDirectory(directory)))
    throw new CommandFailure(`${where} is no log directory.`, exitCodes.wrongUse)
  return {
    reader: folderTiles(directory),
    name: (file) => path.join(directory, file),
    beside: (file) => readFile(path.join(directory, file), 'utf8').catch(() => null),
  }
}

function checkKey(key: string, from: string | null, where: string): string {
  if (parseVkey(key) !== null) return key
  throw new CommandFailure(
    from === null
      ? '--vkey is no verifier key. It looks like NAME+1234abcd+BASE64; the hub has it at /log/vkey.'
      : `${from} holds no verifier key. Is ${where} a log? That of a hub is at HUB/log.`,
    exitCodes.wrongUse,
  )
}

async function isDirectory(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
