/** Networks, sockets and mounts of the lane's computer, as Linux shows them in `/sys` and `/proc`. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import type { AttestedNetwork } from '@sallyport/proof/device-attestation'
import { sayable } from '@sallyport/proof/device-event'

import { limits } from '../limits.ts'
import { namesIn, word } from '../machine/sys-files.ts'

export type Inventory = {
  /** What this system does not tell is null. */
  readonly networks: readonly AttestedNetwork[] | null
  readonly usbPorts: { readonly ports: number; readonly taken: number } | null
  /** Mount points by the name of the drive. */
  readonly mounts: ReadonlyMap<string, readonly string[]> | null
}

/** The inventory of the computer whose `/sys` and `/proc` lie under `root`. `drives` as in `/sys/block`. */
export async function takeInventory(drives: readonly string[], root = '/'): Promise<Inventory> {
  const [networks, usbPorts, mounts] = await Promise.all([
    networksIn(path.join(root, 'sys/class/net')),
    usbPortsIn(path.join(root, 'sys/bus/usb/devices')),
    mountsOf(drives, root),
  ])
  return { networks, usbPorts, mounts }
}

async function networksIn(directory: string): Promise<readonly AttestedNetwork[] | null> {
  const names = await namesIn(directory)
  if (names === null) return null
  return Promise.all(
    names.map(async (name) => {
      const at = (attribute: string): string => path.join(directory, name, attribute)
      const [state, address] = await Promise.all([word(at('operstate')), word(at('address'))])
      const kind = (await exists(at('wireless')))
        ? 'wireless'
        : (await exists(at('device')))
          ? 'wired'
          : 'virtual'
      const link = state === 'up' || state === 'down' ? state : 'unknown'
      return { name: sayable(name), kind, link, address: sayable(address) }
    }),
  )
}

/** Sockets of every hub, and those into which something is plugged. Soldered ones are sockets, too. */
async function usbPortsIn(directory: string): Promise<Inventory['usbPorts']> {
  const hubs = (await namesIn(directory))?.filter((name) => name.endsWith(':1.0'))
  if (hubs === undefined) return null
  let ports = 0
  let taken = 0
  for (const hub of hubs) {
    const inside = (await namesIn(path.join(directory, hub))) ?? []
    for (const port of inside.filter((name) => /-port\d+$/.test(name))) {
      ports += 1
      if (await exists(path.join(directory, hub, port, 'device'))) taken += 1
    }
  }
  return { ports, taken }
}

/** Through partitions, and through what mappings make of them: a mounted volume names its drive. */
async function mountsOf(drives: readonly string[], root: string): Promise<Inventory['mounts']> {
  const table = await fs.readFile(path.join(root, 'proc/self/mountinfo'), 'utf8').catch(() => null)
  if (table === null) return null
  const places = new Map<string, string[]>()
  for (const line of table.split('\n')) {
    const [, , device, , place] = line.split(' ')
    if (device !== undefined && place !== undefined)
      places.set(device, [...(places.get(device) ?? []), sayable(place)])
  }
  const mounts = new Map<string, readonly string[]>()
  for (const drive of drives) {
    const devices = await devicesOf(path.join(root, 'sys/block', drive), root, 0)
    mounts.set(
      drive,
      devices.flatMap((device) => places.get(device) ?? []),
    )
  }
  return mounts
}

async function devicesOf(place: string, root: string, depth: number): Promise<readonly string[]> {
  if (depth > limits.attestHoldersDeep) return []
  const own = await word(path.join(place, 'dev'))
  const inside = (await namesIn(place)) ?? []
  const parts: string[] = []
  for (const name of inside)
    if (await exists(path.join(place, name, 'partition'))) parts.push(path.join(place, name))
  const holders = (await namesIn(path.join(place, 'holders'))) ?? []
  const made = [...parts, ...holders.map((name) => path.join(root, 'sys/block', name))]
  const theirs = await Promise.all(made.map((one) => devicesOf(one, root, depth + 1)))
  return [...new Set([...(own === '' ? [] : [own]), ...theirs.flat()])]
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  )
}
