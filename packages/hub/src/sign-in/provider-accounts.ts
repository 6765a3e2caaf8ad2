/** Whose account a subject of the provider has; what its claims are worth becomes the account's, log first. */

import { randomBytes } from 'node:crypto'

import { type ClaimedPerson, personOfClaims } from '@sallyport/core/sign-in/provider-claims'
import { commit } from '@sallyport/proof/entry'
import { type AccountRow, activeAccount } from '@sallyport/store/accounts'
import { listParties } from '@sallyport/store/grants/parties'
import {
  accountOfSubject,
  changeAccount,
  hasProviderIdentity,
  insertProviderAccount,
  insertProviderIdentity,
  isUnconnectedName,
} from '@sallyport/store/provider-sign-in'

import type { HubParts } from '../api/context.ts'
import { newId } from '../ids.ts'
import type { Provider, ProviderClaims } from './provider.ts'

type Refused = { readonly kind: 'refused'; readonly detail: string }
type Found = { readonly kind: 'account'; readonly account: AccountRow } | Refused
type Parts = Pick<HubParts, 'db' | 'journal' | 'now'>

/**
 * The account that verified claims sign in to: made at the first time, changed when the claims are worth something
 * else by now. `connect` is the account of somebody who is signed in and connects it.
 */
export async function accountOfClaims(
  provider: Pick<Provider, 'issuer' | 'rules'>,
  { subject, claims }: ProviderClaims,
  connect: string | null,
  parts: Parts,
): Promise<Found> {
  const known = await accountOfSubject(parts.db, provider.issuer, subject)
  const said = personOfClaims(claims, provider.rules)
  if (known !== null && known.disabled_at !== null) return closed
  if (said.kind === 'refused') {
    // A passkey of the account must not go on with what the agency took back.
    if (known !== null) await become(known, { ...known, roles: [], unit: '' }, parts)
    return refused(
      said.code === 'no_rule'
        ? 'The agency knows you, but nobody said what you may do here. Ask whoever runs the hub to name one of your groups in sign_in_people.'
        : 'Your groups name two units or two parties, and one person signs for one. Ask whoever runs the hub to set sign_in_people right.',
    )
  }
  if (!(await listParties(parts.db)).some(({ id }) => id === said.party))
    return refused(`There is no party "${said.party}" here yet. A supervisor adds it first.`)
  if (connect !== null) return connected(connect, known, said, { provider, subject, parts })
  if (known === null) return first(said, { provider, subject, parts })
  if (known.party !== said.party)
    return refused('Your account belongs to another party by now. A supervisor has to look at it.')
  await become(known, said, parts)
  return current(known.id, parts)
}

type Identity = {
  readonly provider: Pick<Provider, 'issuer'>
  readonly subject: string
  readonly parts: Parts
}

/** Somebody new. Who has an account without the provider must not get a second one: two count as two people. */
async function first(said: ClaimedPerson, identity: Identity): Promise<Found> {
  const { provider, subject, parts } = identity
  if (await isUnconnectedName(parts.db, said.party, said.name))
    return refused(
      'There is an account of your name already. Sign in to it with its passkey or a link, and connect it from the account menu.',
    )
  const now = parts.now()
  const account = newId()
  await note(account, 'account_created', parts)
  const { issuer } = provider
  if (await insertProviderAccount(parts.db, { ...said, id: account, now }, { issuer, subject }))
    return current(account, parts)
  // Two pages of one person came back in the same moment.
  const known = await accountOfSubject(parts.db, issuer, subject)
  return known === null ? closed : current(known.id, parts)
}

async function connected(
  id: string,
  known: AccountRow | null,
  said: ClaimedPerson,
  { provider, subject, parts }: Identity,
): Promise<Found> {
  const own = await activeAccount(parts.db, id)
  if (own === null) return closed
  if (known !== null || (await hasProviderIdentity(parts.db, id))) return refused(connectedAlready)
  if (own.party !== said.party)
    return refused('The agency’s sign-in says that you belong to another party than this account.')
  await note(id, 'account_changed', parts)
  const identity = { issuer: provider.issuer, subject, account: id, now: parts.now() }
  const stored = await parts.db.transaction().execute(async (db) => {
    const isNew = await insertProviderIdentity(db, identity)
    if (isNew) await changeAccount(db, id, said)
    return isNew
  })
  if (!stored) return refused(connectedAlready)
  return current(id, parts)
}

/** Gives the account what the claims are worth, when that differs. */
async function become(
  account: AccountRow,
  said: Pick<ClaimedPerson, 'name' | 'roles' | 'unit'>,
  parts: Parts,
): Promise<void> {
  const same = (one: typeof said) => JSON.stringify([one.name, one.roles.toSorted(), one.unit])
  if (same(account) === same(said)) return
  await note(account.id, 'account_changed', parts)
  await changeAccount(parts.db, account.id, said)
}

async function current(id: string, { db }: Parts): Promise<Found> {
  const account = await activeAccount(db, id)
  return account === null ? closed : { kind: 'account', account }
}

async function note(
  account: string,
  kind: 'account_created' | 'account_changed',
  { journal, now }: Parts,
): Promise<void> {
  const by = commit(randomBytes(16), account)
  await journal.append({ v: 1, at: now().toISOString(), kind, by })
}

function refused(detail: string): Refused {
  return { kind: 'refused', detail }
}

const connectedAlready = 'One of the two is connected already: a person has one account here.'
const closed = refused('Your account here is closed. A supervisor can tell why.')
