import { afterEach, beforeEach, expect, test } from 'vitest'

import { FakeMachine } from '../testing/fake-machine.ts'
import { linuxMachine } from './linux.ts'

let computer: FakeMachine
beforeEach(() => {
  computer = new FakeMachine()
})
afterEach(() => computer.remove())

const look = () => computer.machine.look(null)

test('a USB hard drive is seen although the kernel does not call it removable', async () => {
  computer.plugDrive('sdb')
  expect((await look()).drives).toEqual([
    expect.objectContaining({ name: 'sda', bus: 'other' }),
    {
      name: 'sdb',
      bus: 'usb',
      bytes: 3_906_963_456 * 512,
      maker: 'WD',
      model: 'Elements 25A2',
      serial: '575834314538',
      number: 2,
    },
  ])
})

test('a reader without a card, a loop and a mapping are no drives that were put in', async () => {
  computer.disk('sdc', 'sys/devices/pci0000:00/usb1/1-9/1-9:1.0/block/sdc', {
    size: '0',
    removable: '1',
  })
  computer.disk('loop0', 'sys/devices/virtual/block/loop0', { size: '2048' })
  computer.disk('dm-0', 'sys/devices/virtual/block/dm-0', { size: '2048' })
  expect((await look()).drives?.map(({ name }) => name)).toEqual(['sda'])
})

test('a memory card and a disc are seen; soldered memory is the computer’s own', async () => {
  const card = { size: '62333952', removable: '1' }
  computer.disk('mmcblk1', 'sys/devices/platform/mmc1/block/mmcblk1', card)
  computer.disk('mmcblk0', 'sys/devices/platform/mmc0/block/mmcblk0', { size: '62333952' })
  computer.disk('sr0', 'sys/devices/pci0000:00/ata2/block/sr0', { size: '1000', removable: '1' })
  const buses = (await look()).drives?.map(({ name, bus }) => `${name} ${bus}`)
  expect(buses).toEqual(['mmcblk0 other', 'mmcblk1 card', 'sda other', 'sr0 optical'])
})

test('a telephone on the USB is seen; hubs are not, and a drive is not told twice', async () => {
  computer.plugThing({ idVendor: '1d6b', idProduct: '0002', bDeviceClass: '09', product: 'Hub' })
  computer.plugThing({
    ...{ idVendor: '18d1', idProduct: '4ee1', bDeviceClass: '00' },
    ...{ manufacturer: 'Example', product: 'Telephone \u001b[2J', serial: '98A1' },
  })
  computer.plugDrive('sdb')
  expect((await look()).usb).toEqual([
    { place: '1-3', vendor: 'Example', product: 'Telephone ?[2J', serial: '98A1' },
  ])
})

test.each([
  ['1', '1', 'open'],
  ['0', '1', 'closed'],
  ['0', '0', 'open'],
] as const)('a contact that reads %s and is open at %s: %s', async (reads, open, state) => {
  computer.write('sys/class/gpio/gpio17/value', reads)
  const file = `${computer.root}/sys/class/gpio/gpio17/value`
  expect((await computer.machine.look({ file, open })).enclosure).toMatchObject({ state })
})

test('the contact of a mainboard is found by itself', async () => {
  computer.write('sys/class/hwmon/hwmon0/name', 'k10temp')
  expect((await look()).enclosure).toBeNull()
  computer.write('sys/class/hwmon/hwmon1/intrusion0_alarm', '1')
  expect((await look()).enclosure).toMatchObject({ state: 'open' })
})

test('a system without /sys is told as unknown, not as empty', async () => {
  const nothing = await linuxMachine('/nowhere').look(null)
  expect(nothing).toEqual({ boot: null, drives: null, usb: null, enclosure: null })
})

test.skipIf(process.platform !== 'linux')(
  'the computer that runs this can be looked at',
  async () => {
    const real = await linuxMachine().look(null)
    expect(real.boot).toMatch(/^[0-9a-f-]{36}$/)
    for (const { name, bytes } of real.drives ?? []) {
      expect(name).not.toBe('')
      expect(bytes).toBeGreaterThan(0)
    }
  },
)
