/** Keys of courts and other agencies. One that was revoked is never taken again. */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { seal } from '@sallyport/proof/node/seal'
import { parseRecipient } from '@sallyport/proof/seal-format'
import { insertParty, listParties } from '@sallyport/store/grants/parties'
import {
  insertRecipient,
  noteRecipientLogged,
  noteRecipientRevoked,
  recipientById,
} from '@sallyport/store/releases/recipients'

import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import type { ReleaseContext } from './context.ts'

export type NewRecipient = {
  readonly party: string
  readonly name: string
  readonly contact: string
  /** `age1…`, as the recipient gave it. */
  readonly key: string
}

/** Adds a key, and its party as a partner when nobody knows it yet. */
export async function addRecipient(
  asked: NewRecipient,
  by: string,
  { db, journal, now }: ReleaseContext,
): Promise<{ readonly kind: 'added'; readonly id: string } | Problem> {
  if (!sealable(asked.key))
    return problem(
      'recipient_not_valid',
      asked.key.toUpperCase().startsWith('AGE-SECRET-KEY-')
        ? 'That is a secret key, which its owner must not hand out. Ask for a new pair, and for the part that begins with age1.'
        : 'That is no age X25519 recipient. It begins with age1 and has 62 characters.',
    )
  const at = now()
  const party = (await listParties(db)).find(({ id }) => id === asked.party)
  if (party !== undefined && party.kind !== 'partner')
    return problem(
      'never_for_contractors',
      party.kind === 'agency'
        ? 'The agency’s own people open pictures; they are sent none.'
        : 'No copy goes to a contractor: its people see pictures under a grant, one at a time.',
    )
  if (party === undefined) {
    const { party: id, name, contact } = asked
    await insertParty(db, { id, name, kind: 'partner', parent: null, contact, added_at: at })
  }
  const [id, salt] = [newId(), randomBytes(16)]
  const stored = await insertRecipient(db, {
    id,
    party: asked.party,
    name: asked.name,
    recipient: asked.key,
    added_at: at,
    added_by: by,
    revoked_at: null,
    revoked_by: null,
    commitment_salt: salt,
    log_index: null,
  })
  if (!stored)
    return problem(
      'already_exists',
      'This key is known already, or was revoked: a key belongs to one recipient, once.',
    )
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'recipient_added',
    recipient: id,
    key: commit(salt, `${asked.party} ${asked.key}`),
    by: commit(randomBytes(16), by),
  })
  await noteRecipientLogged(db, id, index)
  return { kind: 'added', id }
}

/** Also of a key whose Diffie-Hellman would come to nothing. */
function sealable(key: string): boolean {
  if (parseRecipient(key) === null) return false
  try {
    seal(new Uint8Array(), [key])
    return true
  } catch {
    return false
  }
}

/** Ends a key: nothing is sealed to it any more, also where two have approved. */
export async function revokeRecipient(
  id: string,
  by: string,
  { db, journal, now }: ReleaseContext,
): Promise<{ readonly kind: 'revoked' } | Problem> {
  const recipient = await recipientById(db, id)
  if (recipient === null) return problem('not_found', 'There is no such recipient.')
  if (recipient.revoked_at !== null) return { kind: 'revoked' }
  const at = now()
  // The row first: whatever is being made for it stops, also if the log is away.
  await noteRecipientRevoked(db, id, { at, by })
  await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'recipient_revoked',
    recipient: id,
    key: commit(recipient.commitment_salt, `${recipient.party} ${recipient.recipient}`),
    by: commit(randomBytes(16), by),
  })
  return { kind: 'revoked' }
}
