/** Addresses by which a stranger would reach what only the hub can reach. */

import { describe, expect, test } from 'vitest'

import { findTarget, ranges } from './targets.ts'

const none = ranges([])
const leadsTo =
  (...addresses: readonly string[]) =>
  () =>
    Promise.resolve(addresses)

async function codeOf(url: string, allowed = none, resolve = leadsTo('93.184.216.34')) {
  const found = await findTarget(url, allowed, resolve)
  return found.kind === 'target' ? found.address : found.code
}

test('a public https address is taken, and the address that was checked is the one that is used', async () => {
  expect(await codeOf('https://hooks.example/x?y=1')).toBe('93.184.216.34')
  expect(await codeOf('https://93.184.216.34:8443/')).toBe('93.184.216.34')
  expect(await codeOf('https://[2606:4700::1111]/')).toBe('2606:4700::1111')
})

describe('what leads inside is refused', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0/',
    'https://10.1.2.3/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
  ])('%s', async (url) => expect(await codeOf(url)).toBe('target_not_allowed'))

  test.each([
    ['a name that leads to loopback', ['127.0.0.1']],
    ['a name with two faces', ['93.184.216.34', '10.0.0.5']],
    ['a name with two faces, the other way', ['fd00::5', '93.184.216.34']],
    ['a mapped address', ['::ffff:10.0.0.5']],
    ['something that is no address', ['localhost']],
  ])('%s', async (_name, addresses) => {
    expect(await codeOf('https://hooks.example/', none, leadsTo(...addresses))).toBe(
      'target_not_allowed',
    )
  })
})

test('http is spoken to nobody but to what the operator allowed', async () => {
  expect(await codeOf('http://hooks.example/')).toBe('target_not_allowed')
  const allowed = ranges(['10.20.0.0/16', '127.0.0.1', 'fd00:1::/32'])
  expect(await codeOf('http://barrier.local/', allowed, leadsTo('10.20.3.4'))).toBe('10.20.3.4')
  expect(await codeOf('http://127.0.0.1:9000/', allowed)).toBe('127.0.0.1')
  expect(await codeOf('http://[fd00:1::9]/', allowed)).toBe('fd00:1::9')
  expect(await codeOf('http://barrier.local/', allowed, leadsTo('10.21.3.4'))).toBe(
    'target_not_allowed',
  )
  expect(
    await codeOf('http://barrier.local/', allowed, leadsTo('10.20.3.4', '93.184.216.34')),
  ).toBe('target_not_allowed')
})

test.each([
  'ftp://hooks.example/',
  'file:///etc/passwd',
  'https://user:secret@hooks.example/',
  'https://hooks.example/#x',
  'hooks.example',
  '',
])('%s is no address of a receiver', async (url) => {
  expect(await codeOf(url)).toBe('target_not_allowed')
})

test('a name that nobody knows is told apart from one that is not allowed', async () => {
  expect(await codeOf('https://nowhere.example/', none, () => Promise.reject(new Error('x')))).toBe(
    'target_unknown',
  )
  expect(await codeOf('https://nowhere.example/', none, leadsTo())).toBe('target_unknown')
})

test.each([
  '10.0.0.0/33',
  '10.0.0',
  'example.com',
  '::/129',
  '10.0.0.0/-1',
  '10.0.0.0/x',
  '10.0.0.0/',
])('the setting %s is refused instead of allowing more than was meant', (text) =>
  expect(() => ranges([text])).toThrow(/neither an address nor a range/),
)
