/** One-time sign-in links: `/sign-in#token=…`. The fragment never reaches a server's log or a referrer. */

/** The token of a fragment, or null. */
export function tokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token')
  return token === null || token === '' || token.length > 512 ? null : token
}

/**
 * Takes the token out of the address bar and the history, so that neither a screenshot nor a bookmark
 * carries it. A token is taken once: whoever calls second gets null.
 */
export function takeToken(): string | null {
  const token = tokenOf(location.hash)
  if (token !== null) history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

/** Where to go after signing in: a path of this console only, so no link can lead people elsewhere. */
export function returnPath(search: string): string {
  const wanted = new URLSearchParams(search).get('to') ?? '/'
  const inside = /^\/(?![/\\])[\w\-./?=&%]*$/.test(wanted) && !wanted.startsWith('/sign-in')
  return inside ? wanted : '/'
}
