/**
 * Linux as it shows itself in `/sys` and `/proc`. Read once a second rather than from udev's messages:
 * it works in a container and without a daemon, and a drive takes longer than that to be ready.
 */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { type DriveBus, sayable } from '@sallyport/proof/device-event'

import { limits } from '../limits.ts'
import type { Drive, Enclosure, EnclosureSensor, Machine, UsbThing } from './machine.ts'
import { namesIn, word } from './sys-files.ts'

const sectorBytes = 512
const hubClass = '09'
const storageClass = '08'

/** The computer whose `/sys` and `/proc` lie under `root`. */
export function linuxMachine(root = '/'): Machine {
  return {
    async look(sensor) {
      const [boot, drives, usb, enclosure] = await Promise.all([
        word(path.join(root, 'proc/sys/kernel/random/boot_id')),
        drivesIn(path.join(root, 'sys/block')),
        usbIn(path.join(root, 'sys/bus/usb/devices')),
        sensor === null ? chassis(path.join(root, 'sys/class/hwmon')) : contact(sensor),
      ])
      return { boot: boot === '' ? null : boot, drives, usb, enclosure }
    },
  }
}

async function drivesIn(block: string): Promise<readonly Drive[] | null> {
  const names = await namesIn(block)
  if (names === null) return null
  const found = await Promise.all(
    names.slice(0, limits.drivesMax).map((name) => drive(block, name)),
  )
  return found.flatMap((one) => one ?? [])
}

async function drive(block: string, name: string): Promise<Drive | null> {
  const place = await fs.realpath(path.join(block, name)).catch(() => null)
  // Loops, RAM disks and mappings are made of drives that are here already.
  if (place === null || place.includes('/devices/virtual/block/')) return null
  const of = (attribute: string): Promise<string> => word(path.join(place, attribute))
  const [sectors, number] = await Promise.all([of('size'), of('diskseq')])
  const bytes = Number(sectors) * sectorBytes
  // A reader without a card, a drive without a disc.
  if (!Number.isSafeInteger(bytes) || bytes <= 0) return null
  const [removable, maker, model, modelName, serial] = await Promise.all(
    ['removable', 'device/vendor', 'device/model', 'device/name', 'device/serial'].map(of),
  )
  const usb = await usbSerial(place)
  return {
    name: sayable(name),
    bus: busOf(name, usb !== null, removable === '1'),
    bytes,
    maker: sayable(maker ?? ''),
    model: sayable(model || modelName || ''),
    serial: sayable(serial || usb || ''),
    number: /^\d{1,15}$/.test(number) ? Number(number) : null,
  }
}

function busOf(name: string, onUsb: boolean, removable: boolean): DriveBus {
  if (name.startsWith('sr')) return 'optical'
  if (onUsb) return 'usb'
  // Soldered memory of this kind is not removable and says so.
  if (name.startsWith('mmcblk')) return removable ? 'card' : 'other'
  return removable ? 'card' : 'other'
}

/** Serial number of the thing on the USB that a drive belongs to; null when it is not on the USB. */
async function usbSerial(place: string): Promise<string | null> {
  if (!/\/usb\d+\//.test(place)) return null
  for (let at = place; /\/usb\d+\//.test(at); at = path.dirname(at)) {
    if ((await word(path.join(at, 'idVendor'))) !== '') return word(path.join(at, 'serial'))
  }
  return ''
}

async function usbIn(devices: string): Promise<readonly UsbThing[] | null> {
  const names = await namesIn(devices)
  if (names === null) return null
  const classes = await Promise.all(
    names
      .filter((name) => name.includes(':'))
      .map(async (name) => ({
        name,
        is: await word(path.join(devices, name, 'bInterfaceClass')),
      })),
  )
  const storage = new Set(
    classes.flatMap(({ name, is }) => (is === storageClass ? (name.split(':')[0] ?? []) : [])),
  )
  const things = names.filter(
    (name) => !name.includes(':') && !name.startsWith('usb') && !storage.has(name),
  )
  const found = await Promise.all(
    things.slice(0, limits.usbThingsMax).map(async (place) => {
      const of = (attribute: string): Promise<string> => word(path.join(devices, place, attribute))
      const [kind, vendor, product, serial, vendorId, productId] = await Promise.all(
        ['bDeviceClass', 'manufacturer', 'product', 'serial', 'idVendor', 'idProduct'].map(of),
      )
      // Gone between the two looks, or a hub.
      if (vendorId === undefined || vendorId === '' || kind === hubClass) return []
      return {
        place: sayable(place),
        vendor: sayable(vendor || vendorId),
        product: sayable(product || (productId ?? '')),
        serial: sayable(serial ?? ''),
      }
    }),
  )
  return found.flat()
}

async function contact({ file, open }: EnclosureSensor): Promise<Enclosure | null> {
  const said = await word(file)
  if (said === '') return null
  return { state: said === open ? 'open' : 'closed', sensor: sayable(file) }
}

/** Contacts that mainboards have of their own. */
async function chassis(hwmon: string): Promise<Enclosure | null> {
  for (const name of (await namesIn(hwmon)) ?? []) {
    const found = await contact({ file: path.join(hwmon, name, 'intrusion0_alarm'), open: '1' })
    if (found !== null) return found
  }
  return null
}
