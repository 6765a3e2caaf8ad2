/** A file system with the `/sys` and `/proc` of a computer into which tests plug things. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { linuxMachine } from '../machine/linux.ts'
import type { Machine } from '../machine/machine.ts'

const usbRoot = 'sys/devices/pci0000:00/0000:00:14.0/usb1'

export class FakeMachine {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'machine-'))
  readonly machine: Machine = linuxMachine(this.root)
  #plugged = 1

  constructor() {
    this.write('proc/self/mountinfo', '24 1 8:2 / / rw - ext4 /dev/sda2 rw')
    this.network('lo', null)
    this.network('eth0', 'up')
    this.boot('11111111-1111-4111-8111-111111111111')
    this.disk('sda', 'sys/devices/pci0000:00/ata1/block/sda', { size: '1000215216' })
    fs.mkdirSync(path.join(this.root, 'sys/bus/usb/devices'), { recursive: true })
  }

  boot(id: string): void {
    this.write('proc/sys/kernel/random/boot_id', id)
  }

  /** A USB hard drive as the one of 2018: the kernel does not call it removable. */
  plugDrive(name: string, serial = '575834314538'): void {
    this.#plugged += 1
    const place = `${usbRoot}/1-${this.#plugged}`
    this.#usb(place, { idVendor: '1058', idProduct: '25a2', serial, bDeviceClass: '00' })
    const block = `${place}/1-${this.#plugged}:1.0/host6/target6:0:0/6:0:0:0/block/${name}`
    this.write(`${place}/1-${this.#plugged}:1.0/bInterfaceClass`, '08')
    this.#link(`sys/bus/usb/devices/1-${this.#plugged}:1.0`, `${place}/1-${this.#plugged}:1.0`)
    this.disk(name, block, { size: '3906963456', removable: '0', diskseq: String(this.#plugged) })
    this.write(`${block}/device/vendor`, 'WD      ')
    this.write(`${block}/device/model`, 'Elements 25A2   ')
  }

  /** Something on the USB that is no drive. */
  plugThing(attributes: Readonly<Record<string, string>>): void {
    this.#plugged += 1
    this.#usb(`${usbRoot}/1-${this.#plugged}`, attributes)
  }

  disk(name: string, place: string, attributes: Readonly<Record<string, string>>): void {
    for (const [attribute, value] of Object.entries({ removable: '0', ...attributes }))
      this.write(`${place}/${attribute}`, value)
    this.#link(`sys/block/${name}`, place)
  }

  /** A network; `link` null: one of the system's own. */
  network(name: string, link: string | null): void {
    this.write(`sys/class/net/${name}/operstate`, link ?? 'unknown')
    this.write(`sys/class/net/${name}/address`, '02:00:00:00:00:01')
    if (link !== null) this.write(`sys/class/net/${name}/device/vendor`, '0x8086')
  }

  /** Mounts a partition of a drive, or with `through` a mapping that is made of it. */
  mount(drive: string, place: string, through?: string): void {
    const block = path.join('sys/block', drive)
    this.write(`${block}/dev`, '8:16')
    this.write(`${block}/${drive}1/partition`, '1')
    this.write(`${block}/${drive}1/dev`, '8:17')
    if (through !== undefined) {
      this.write(`sys/devices/virtual/block/${through}/dev`, '253:0')
      this.#link(`sys/block/${through}`, `sys/devices/virtual/block/${through}`)
      fs.mkdirSync(path.join(this.root, block, `${drive}1/holders/${through}`), { recursive: true })
    }
    const number = through === undefined ? '8:17' : '253:0'
    this.write('proc/self/mountinfo', `24 1 ${number} / ${place} rw - ext4 /dev/x rw`)
  }

  unplug(name: string): void {
    fs.rmSync(path.join(this.root, 'sys/block', name))
  }

  write(file: string, text: string): void {
    const whole = path.join(this.root, file)
    fs.mkdirSync(path.dirname(whole), { recursive: true })
    fs.writeFileSync(whole, `${text}\n`)
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true })
  }

  #usb(place: string, attributes: Readonly<Record<string, string>>): void {
    for (const [attribute, value] of Object.entries(attributes))
      this.write(`${place}/${attribute}`, value)
    this.#link(`sys/bus/usb/devices/${path.basename(place)}`, place)
  }

  #link(from: string, to: string): void {
    const whole = path.join(this.root, from)
    fs.mkdirSync(path.dirname(whole), { recursive: true })
    fs.rmSync(whole, { force: true })
    fs.symlinkSync(path.join(this.root, to), whole)
  }
}
