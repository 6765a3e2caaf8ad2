/** `sallyport keys status`, `begin`, `rotate` */

import path from 'node:path'

import { roots } from '@sallyport/store/keystore/file-holder'
import { readKeystoreStatus } from '@sallyport/store/keystore/folders'
import { holderOf, holderPattern } from '@sallyport/store/keystore/holder-of'
import { openKeystore } from '@sallyport/store/keystore/open-keystore'

import { openAsker } from '../ask.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import { dataOfHub } from '../hub-data.ts'
import {
  type KeysOptions,
  newPassphrase,
  passphraseOf,
  referenceSha256,
  withKeystoreHome,
} from '../keystore-home.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, note } from '../terminal.ts'

/** Beside a running hub, too: what lies in the folder, without opening it. */
export async function status({
  settings: file,
  json = false,
  ...options
}: KeysOptions & { readonly json?: boolean }): Promise<void> {
  const settings = await readHubSettings(options, file)
  const folder = path.join(await dataOfHub(settings), 'keys', 'keystore')
  const found = await readKeystoreStatus(folder, settings.keystoreCopies)
  if (found === null) {
    if (json) jsonLine({ keystore: null })
    else console.log(`There is no keystore in ${folder}. A hub makes one at its start.`)
    process.exitCode = exitCodes.no
    return
  }
  const root = (await roots(folder)).find(({ id }) => found.reference.startsWith(id)) ?? null
  if (json) {
    jsonLine({
      generation: found.generation,
      holder: found.holder,
      root:
        found.holder !== 'file'
          ? null
          : root === null
            ? 'missing'
            : root.sealed
              ? 'sealed'
              : 'clear',
      bytes: found.bytes,
      left_over: found.leftOver,
      copies: found.copies.map(({ folder: copy, state }) => ({ folder: copy, state })),
    })
    return
  }
  console.log(`Keystore ${folder}: generation ${found.generation}, guarded by ${found.holder}`)
  if (found.holder === 'file') console.log(`Root: ${rootWords(root)}`)
  for (const { folder: copy, state } of found.copies) console.log(`Copy ${copy}: ${state}`)
  if (found.copies.length === 0)
    console.log('Copies: none. With this disk every picture is lost (keystore_copies).')
  if (found.leftOver > 0)
    console.log(`${found.leftOver} files of before are still to be erased: the hub does it.`)
}

function rootWords(root: { readonly id: string; readonly sealed: boolean } | null): string {
  if (root === null) return 'missing. Put it together from its shares: sallyport keys recover'
  return root.sealed
    ? `${root.id}, sealed with a passphrase`
    : `${root.id}, in clear: whoever has this disk opens everything. Seal it: sallyport keys rotate --passphrase`
}

/** Only by a person's own word: everything under the old one is lost from then on. */
export async function begin(options: KeysOptions): Promise<void> {
  const asker = openAsker()
  try {
    await withKeystoreHome(options, async (home) => {
      if ((await readKeystoreStatus(home.folder, [])) !== null)
        throw new CommandFailure(`There is a keystore in ${home.folder}.`, exitCodes.wrongUse)
      note('Every picture that was stored so far opens for nobody then. If there is a copy of')
      note('the keystore, or its disk can be mended, stop here.')
      if ((await asker.line('Type "begin" to go on: ')).trim() !== 'begin')
        throw new CommandFailure('Nothing was changed.', exitCodes.no)
      const words = await passphraseOf(home, asker)
      const now = () => new Date()
      const holder = holderOf(home.settings.keystoreHolder, {
        folder: home.folder,
        passphrase: () => Promise.resolve(words),
        environment: process.env,
        now,
      })
      await (await openKeystore({ folder: home.folder, holder, now })).close()
      console.log(`An empty keystore lies in ${home.folder}.`)
    })
  } finally {
    asker.close()
  }
}

/** Puts the store key under another root, or another holder; the old root is erased. */
export async function rotate({
  passphrase,
  to,
  ...options
}: KeysOptions & { readonly passphrase?: boolean; readonly to?: string }): Promise<void> {
  if (to !== undefined && !holderPattern.test(to))
    throw new CommandFailure(
      '--to is file, vault:https://HOST:8200/MOUNT, aws-kms:REGION or pkcs11:MODULE?token=LABEL.',
      exitCodes.wrongUse,
    )
  const asker = openAsker()
  try {
    await withKeystoreHome(options, async (home) => {
      const { folder, settings } = home
      const before = await passphraseOf(home, asker)
      const after =
        passphrase === true ? await newPassphrase(asker) : passphrase === false ? null : before
      const now = () => new Date()
      const common = { folder, environment: process.env, now }
      const holder = holderOf(settings.keystoreHolder, {
        ...common,
        passphrase: () => Promise.resolve(before),
      })
      const keystore = await openKeystore({
        folder,
        holder,
        mayBegin: false,
        copies: settings.keystoreCopies,
        now,
        report: note,
      })
      const next = holderOf(to ?? settings.keystoreHolder, {
        ...common,
        passphrase: () => Promise.resolve(after),
        fresh: true,
      })
      const { reference, generation } = keystore.status()
      await home.log({
        v: 1,
        at: now().toISOString(),
        kind: 'root_replaced',
        holder: next.kind,
        reference_sha256: referenceSha256(reference),
        generation: generation + 1,
      })
      await keystore.rotate(next)
      await next.eraseOthers()
      await keystore.close()
      if (next.kind === 'file') {
        console.log(
          `There is another root now, ${after === null ? 'in clear' : 'sealed with the passphrase'}.`,
        )
        note('Shares of the old one are worth nothing: hold a ceremony.')
      } else console.log(`The keystore is guarded by ${next.kind} now.`)
      if (to !== undefined && to !== settings.keystoreHolder)
        note(`Set keystore_holder = "${to}" before the hub starts.`)
    })
  } finally {
    asker.close()
  }
}
