/** Bundles that an agency with its own key would forge. */

import { createHash } from 'node:crypto'

import { type NoteSigner, signNote } from '@sallyport/proof/note'
import { bundleNoteText } from '@sallyport/proof/scope-bundle-lines'

/** The lines of a bundle under a signature that is right. */
export function resign(
  lines: readonly string[],
  scope: string,
  signer: NoteSigner,
): readonly string[] {
  const rows = lines.slice(0, -1)
  const digest = createHash('sha256')
    .update(`${rows.join('\n')}\n`)
    .digest()
  const note = signNote(bundleNoteText(scope, digest), [signer])
  return [...rows, JSON.stringify({ kind: 'signature', note })]
}
