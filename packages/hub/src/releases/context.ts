/** What releases are made of and with. */

import type { KeyPair } from '../keys.ts'
import type { OpeningContext } from '../openings.ts'
import type { Policy } from '../policy/policy.ts'

/** A drawn picture of nobody, of the same look as those of the lanes. */
export type DrawnPicture = { readonly picture: Uint8Array; readonly plate: string }

/** Draws what `seed` stands for. */
export type DrawPicture = (seed: string, kind: 'scene' | 'plate') => Promise<DrawnPicture>

export type ReleaseContext = OpeningContext & {
  readonly policy: Policy
  readonly port: { readonly id: string }
  readonly keys: { readonly agency: KeyPair }
  /** Null where nothing can be drawn: then only releases without canaries are made. */
  readonly draw: DrawPicture | null
}
