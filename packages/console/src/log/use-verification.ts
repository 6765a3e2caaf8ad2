/** A check asked for by the number of an entry, or by a receipt that was kept. */

import { fromBase64 } from '@sallyport/proof/bytes'
import { useEffect, useRef, useState } from 'react'

import { ApiFailure } from '../api/client.ts'
import { readReceipt } from '../api/queries.ts'
import { checkReceipt, type CheckedReceipt } from './check-receipt.ts'
import { entryBytes, proofText, typedIndex } from './read-input.ts'

export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'checked'; readonly checked: CheckedReceipt }
  | { readonly kind: 'failed'; readonly error: unknown }

export type Kept = { readonly receipt: string; readonly entry: string; readonly vkey: string }

export type Verification = {
  readonly outcome: Outcome
  readonly byIndex: (typed: string) => void
  readonly byReceipt: (kept: Kept) => void
}

/** `asked` is the entry that the address names: checked at once, with the session's log key. */
export function useVerification(asked: string, vkey: string): Verification {
  const [outcome, setOutcome] = useState<Outcome>({ kind: asked === '' ? 'none' : 'working' })
  const check = async (typed: string): Promise<void> => {
    try {
      setOutcome({ kind: 'checked', checked: await checkByIndex(typed, vkey) })
    } catch (error) {
      setOutcome({ kind: 'failed', error })
    }
  }
  const latest = useRef(check)
  useEffect(() => {
    if (asked !== '') void latest.current(asked)
  }, [asked])
  return {
    outcome,
    byIndex: (typed) => {
      setOutcome({ kind: 'working' })
      void check(typed)
    },
    byReceipt: (kept) => setOutcome(checkKept(kept)),
  }
}

async function checkByIndex(typed: string, vkey: string): Promise<CheckedReceipt> {
  const index = typedIndex(typed)
  if (index === null) throw new ApiFailure('not_an_index', 400, 'An entry has a number.')
  const found = await readReceipt(index)
  const entry = fromBase64(found.entry) ?? new Uint8Array()
  return checkReceipt({ proofText: found.receipt, entry, vkey })
}

function checkKept(kept: Kept): Outcome {
  const entry = entryBytes(kept.entry)
  if (entry === null || kept.receipt.trim() === '') {
    const detail = 'Paste both: the receipt and the entry it is for.'
    return { kind: 'failed', error: new ApiFailure('incomplete', 400, detail) }
  }
  const vkey = kept.vkey.trim()
  return {
    kind: 'checked',
    checked: checkReceipt({ proofText: proofText(kept.receipt), entry, vkey }),
  }
}
