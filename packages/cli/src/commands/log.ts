/** `sallyport log verify` */

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { fetchTiles } from '@sallyport/proof/fetch-tiles'
import { verifyLog } from '@sallyport/proof/log-verify'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'
import { parseVkey } from '@sallyport/proof/note'
import type { TileReader } from '@sallyport/proof/tiles'
import { folderTiles } from '@sallyport/store/log/folder-tiles'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = { readonly vkey?: string; readonly json?: boolean }

/** Verifies a whole log; exit code 1 when anything does not hold. */
export async function verify(where: string, { vkey, json = false }: Options): Promise<void> {
  const { reader, key, keyFrom } = await openPlace(where, vkey)
  if (keyFrom !== null)
    note(`Verifier key from ${keyFrom}: whoever made this log chose it. Pin yours with --vkey.`)
  if (parseVkey(key) === null) {
    throw new CommandFailure(
      keyFrom === null
        ? '--vkey is no verifier key. It looks like NAME+1234abcd+BASE64; the hub has it at /log/vkey.'
        : `${keyFrom} holds no verifier key. Is ${where} a log? That of a hub is at HUB/log.`,
      exitCodes.wrongUse,
    )
  }
  const progress = progressLine()
  const verdict = await verifyLog(reader, key, {
    verifySignature,
    progress: ({ entries, size }) => progress.show(`${entries} of ${size} entries`),
    checkEntry: (entry) => {
      const parsed = parseEntry(entry)
      return parsed.kind === 'refused' ? parsed.detail : null
    },
  })
  progress.end()
  if (verdict.kind === 'sound') {
    const root = Buffer.from(verdict.root).toString('base64')
    if (json) jsonLine({ sound: true, size: verdict.size, root })
    else console.log(`The log is sound: ${verdict.size} entries, root ${root}`)
    return
  }
  for (const { code, path: file, index, detail } of verdict.findings) {
    if (json) jsonLine({ sound: false, code, file, index, detail })
    else console.log(`${file}${index === null ? '' : ` entry ${index}`}: ${code}: ${detail}`)
  }
  if (!json) console.log(`The log is NOT sound: ${verdict.findings.length} finding(s).`)
  process.exitCode = exitCodes.no
}

async function openPlace(
  where: string,
  vkey: string | undefined,
): Promise<{ reader: TileReader; key: string; keyFrom: string | null }> {
  if (/^https?:\/\//.test(where)) {
    const reader = fetchTiles(where, fetch)
    if (vkey !== undefined) return { reader, key: vkey, keyFrom: null }
    const url = `${where.replace(/\/+$/, '')}/vkey`
    const answered = await fetch(url).catch((error: unknown) => {
      throw new CommandFailure(`${where} does not answer. Is the hub running?`, exitCodes.failed, {
        cause: error,
      })
    })
    if (!answered.ok)
      throw new CommandFailure(
        `${url} has no verifier key (${answered.status}). Give it with --vkey.`,
        exitCodes.wrongUse,
      )
    return { reader, key: (await answered.text()).trim(), keyFrom: url }
  }
  const directory = (await isDirectory(path.join(where, 'log'))) ? path.join(where, 'log') : where
  if (!(await isDirectory(directory)))
    throw new CommandFailure(`${where} is no log directory.`, exitCodes.wrongUse)
  const reader = folderTiles(directory)
  if (vkey !== undefined) return { reader, key: vkey, keyFrom: null }
  const file = path.join(directory, 'vkey')
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null)
    throw new CommandFailure(
      `${file} is not there. Give the verifier key with --vkey.`,
      exitCodes.wrongUse,
    )
  return { reader, key: text.trim(), keyFrom: file }
}

async function isDirectory(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
