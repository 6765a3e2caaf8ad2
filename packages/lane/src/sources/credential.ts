/** A camera's password beside its address: apart in every file, and on no command line. */

import { parseSource } from './open.ts'

/**
 * `rtsp:rtsp://viewer@camera/live` and the password that stood in it, decoded; null where none did. Of a
 * source that is no address all is as it was.
 */
export function withoutPassword(source: string): {
  readonly source: string
  readonly password: string | null
} {
  const found = addressIn(source)
  if (found === null || found.url.password === '') return { source, password: null }
  const password = decoded(found.url.password)
  found.url.password = ''
  return { source: `${found.name}:${found.url.href}`, password }
}

/** The address with `password` in it, as a source takes it. An address that has one, or names nobody, keeps what it has. */
export function withPassword(source: string, password: string | null): string {
  const found = addressIn(source)
  if (password === null || !asksForPassword(source) || found === null) return source
  // A quote as well: an address is written in one way only.
  found.url.password = encodeURIComponent(password).replaceAll("'", '%27')
  return `${found.name}:${found.url.href}`
}

/** Whether an address names who looks, and not the password. */
export function asksForPassword(source: string): boolean {
  const url = addressIn(source)?.url
  return url !== undefined && url.username !== '' && url.password === ''
}

function addressIn(source: string): { readonly name: string; readonly url: URL } | null {
  const spec = parseSource(source)
  if (spec === null || !/^[a-z]+:\/\//.test(spec.rest) || !URL.canParse(spec.rest)) return null
  return { name: spec.name, url: new URL(spec.rest) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
