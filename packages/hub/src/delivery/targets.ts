/**
 * Where the hub may send to. Whoever sets up a subscription names an address, and the hub stands in
 * the agency's network: without this it would be anybody's way in (SSRF).
 */

import { lookup as resolveName } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

export type Target = {
  readonly kind: 'target'
  readonly url: URL
  /** The one address that is connected to; it was checked, and no name is asked again. */
  readonly address: string
}

export type TargetRefusal = {
  readonly kind: 'refused'
  readonly code: 'target_not_allowed' | 'target_unknown'
  readonly detail: string
}

export type Resolve = (host: string) => Promise<readonly string[]>

/** Asks the system's resolver, all addresses of both families. */
export const resolveSystem: Resolve = async (host) =>
  (await resolveName(host, { all: true })).map(({ address }) => address)

/** Ranges that are not the public internet (IANA special-purpose registries). */
const notPublic = ranges([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
])

/** Addresses and ranges (`10.20.0.0/16`) as a list to check against. Throws at what is neither. */
export function ranges(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', prefix] = text.split('/')
    const family = isIP(address)
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
    const valid =
      family !== 0 && /^\d{1,3}$/.test(prefix ?? '0') && bits <= (family === 4 ? 32 : 128)
    if (!valid) throw new Error(`"${text}" is neither an address nor a range such as 10.20.0.0/16.`)
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** The form of an address that a subscription may have; what it leads to is checked when it is used. */
export function parseTargetUrl(text: string): URL | TargetRefusal {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse('The address is an https address.')
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return refuse(
      'The address has no name, password or fragment in it: the signature is the proof.',
    )
  return url
}

/**
 * Finds where an address leads now. Every address of the name must be allowed, so that a name with two
 * faces is refused. Public ones need https; others must stand in `allowed` and may then use http.
 */
export async function findTarget(
  text: string,
  allowed: BlockList,
  resolve: Resolve = resolveSystem,
): Promise<Target | TargetRefusal> {
  const url = parseTargetUrl(text)
  if (!(url instanceof URL)) return url
  const host = url.hostname.replace(/^\[|\]$/g, '')
  let addresses: readonly string[]
  try {
    addresses = isIP(host) === 0 ? await resolve(host) : [host]
  } catch {
    return { kind: 'refused', code: 'target_unknown', detail: `The name ${host} leads nowhere.` }
  }
  const [first] = addresses
  if (first === undefined)
    return { kind: 'refused', code: 'target_unknown', detail: `The name ${host} leads nowhere.` }
  for (const address of addresses) {
    if (contains(allowed, address)) continue
    if (url.protocol !== 'https:')
      return refuse('Only https is spoken, except to addresses that private_targets names.')
    if (contains(notPublic, address))
      return refuse(
        `${host} leads into a private or reserved network. The operator can allow it with private_targets.`,
      )
  }
  return { kind: 'target', url, address: first }
}

/** Whether an address lies in a list of ranges. */
export function contains(list: BlockList, address: string): boolean {
  const bare = address.split('%')[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (mapped !== undefined) return list.check(mapped, 'ipv4')
  const family = isIP(bare)
  // What is no address is not let through.
  return family === 0 ? list === notPublic : list.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}

function refuse(detail: string): TargetRefusal {
  return { kind: 'refused', code: 'target_not_allowed', detail }
}
