/** Signing in at the agency's own provider: there, and back with its answer. */

import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'
import type { SignInProvider } from '../api/types.ts'
import { returnPath } from './link-token.ts'

/** The address that the provider sends people back to. */
const backPath = '/sign-in/provider'
const wantedKey = 'sallyport-sign-in-to'

export const providerQuery = queryOptions({
  queryKey: ['sign-in-provider'],
  queryFn: ({ signal }) =>
    request<{ readonly provider: SignInProvider | null }>('/v1/session/provider', { signal }),
  staleTime: 60_000,
})

/**
 * Leaves for the provider. `to` is where the person wanted to go; `connect` adds the provider's word to the account
 * that is signed in.
 */
export async function leaveForProvider(to: string, connect: boolean): Promise<void> {
  const { url } = await request<{ readonly url: string }>('/v1/session/provider/attempts', {
    method: 'POST',
    body: { connect },
  })
  sessionStorage.setItem(wantedKey, to)
  location.assign(url)
}

/**
 * The provider's answer, taken out of the address and the history. It is taken once: whoever calls second gets null.
 * `to` is where the person wanted to go before.
 */
export function takeProviderAnswer(): { readonly query: string; readonly to: string } | null {
  if (location.pathname !== backPath || location.search.length < 2) return null
  const query = location.search.slice(1)
  const wanted = sessionStorage.getItem(wantedKey) ?? '/'
  sessionStorage.removeItem(wantedKey)
  const to = returnPath(`?to=${encodeURIComponent(wanted)}`)
  history.replaceState(
    history.state,
    '',
    to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`,
  )
  return { query, to }
}
