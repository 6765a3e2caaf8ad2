/** `sallyport keys ceremony` and `recover`: the root in k of n shares, and back. */

import { fileHolder } from '@sallyport/store/keystore/file-holder'
import { readKeystoreStatus, recoverHeld } from '@sallyport/store/keystore/folders'
import {
  joinShares,
  parseShare,
  type Share,
  shareLimits,
  splitRoot,
} from '@sallyport/store/keystore/shares'

import { type Asker, openAsker } from '../ask.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import {
  type KeysOptions,
  newPassphrase,
  passphraseOf,
  referenceSha256,
  withKeystoreHome,
} from '../keystore-home.ts'
import { note } from '../terminal.ts'

/** Shows each share alone, to the one person who keeps it, and has its end typed back. */
export async function ceremony({
  shares: count,
  threshold,
  ...options
}: KeysOptions & { readonly shares: number; readonly threshold: number }): Promise<void> {
  const { sharesMax, thresholdMin } = shareLimits
  if (threshold < thresholdMin || threshold > count || count > sharesMax)
    throw new CommandFailure(
      `--threshold is ${thresholdMin} or more and not more than --shares, which is at most ${sharesMax}.`,
      exitCodes.wrongUse,
    )
  const asker = openAsker()
  try {
    await withKeystoreHome(options, async (home) => {
      const words = await passphraseOf(home, asker)
      const holder = fileHolder({ folder: home.folder, passphrase: () => Promise.resolve(words) })
      const held = await recoverHeld(home.folder, holder)
      const root = holder.root()
      if (root === null) throw new CommandFailure('This keystore has no root of its own.')
      const lines = await splitRoot(root.key, count, threshold)
      await home.log({
        v: 1,
        at: new Date().toISOString(),
        kind: 'root_shared',
        reference_sha256: referenceSha256(held.reference),
        shares: count,
        threshold,
      })
      note(`${count} people, one after the other, each alone with this screen and a pen.`)
      note(`Any ${threshold} of them together bring the root back; fewer know nothing of it.`)
      for (const [index, line] of lines.entries()) await show(line, index + 1, count, asker)
      note('Done. Keep the shares apart from each other and from copies of the keystore.')
    })
  } finally {
    asker.close()
  }
}

async function show(line: string, number: number, count: number, asker: Asker): Promise<void> {
  await asker.line(`Share ${number} of ${count}: press Enter when its keeper is alone here. `)
  console.log(line)
  for (;;) {
    const typed = await asker.line('Write it down. Then type its last two groups from the paper: ')
    const end = line.split('-').slice(-2).join('')
    if (typed.toUpperCase().replaceAll(/[\s-]/g, '') === end) break
    note('That is not what it says.')
  }
  // The next keeper must not read it, in the scrollback neither.
  if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[3J\u001b[H')
}

/** Takes shares until they suffice, and keeps the root as `keys rotate` would. */
export async function recover({
  passphrase = false,
  ...options
}: KeysOptions & { readonly passphrase?: boolean }): Promise<void> {
  const asker = openAsker()
  try {
    await withKeystoreHome(options, async (home) => {
      const shares: Share[] = []
      while (shares.length < (shares[0]?.threshold ?? 1)) {
        const of = shares[0] === undefined ? '' : ` of ${shares[0].threshold}`
        const share = parseShare(await asker.secret(`Share ${shares.length + 1}${of}: `))
        if (share === null) note('It is mistyped somewhere. Once more.')
        else if (shares.some(({ bytes }) => bytes.at(-1) === share.bytes.at(-1)))
          note('That one was given already.')
        else shares.push(share)
      }
      const joined = await joinShares(shares)
      if (joined.kind === 'refused') throw new CommandFailure(joined.detail, exitCodes.no)
      const found = await readKeystoreStatus(home.folder, [])
      if (found === null || !found.reference.startsWith(`${joined.id}/`))
        throw new CommandFailure(
          `These are shares of the root ${joined.id}, and the keystore is under ${found?.reference.split('/')[0] ?? 'none'}.`,
          exitCodes.no,
        )
      const words = passphrase ? await newPassphrase(asker) : null
      await home.log({
        v: 1,
        at: new Date().toISOString(),
        kind: 'root_recovered',
        holder: found.holder,
        reference_sha256: referenceSha256(found.reference),
        generation: found.generation,
      })
      const holder = fileHolder({
        folder: home.folder,
        passphrase: () => Promise.resolve(words),
        root: joined.root,
      })
      await recoverHeld(home.folder, holder)
      await holder.eraseOthers()
      console.log(
        `The root ${joined.id} is back, ${words === null ? 'in clear' : 'sealed with the passphrase'}.`,
      )
    })
  } finally {
    asker.close()
  }
}
