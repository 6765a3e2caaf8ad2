/** `sallyport doctor`: a line for every check, and exit 1 exactly when one of them would stop a hub. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'

const checks = [
  'Node',
  'Embedded PostgreSQL',
  'Plate reader',
  'Console',
  'Data directory',
  'Root of the keystore',
  'Port 8080',
  'ffmpeg',
  'Chromium',
]

test('every check is told, for people and for machines, and the exit code follows from them', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'sallyport-doctor-'))
  const { code, json } = await sallyport(['doctor', '--data', data, '--json'])
  expect(json.map((line) => line['check'])).toEqual(checks)
  for (const line of json) {
    expect(['ok', 'note', 'trouble']).toContain(line['health'])
    expect(String(line['detail']).length).toBeGreaterThan(1)
  }
  expect(code).toBe(json.some((line) => line['health'] === 'trouble') ? 1 : 0)
  const found = Object.fromEntries(json.map((line) => [line['check'], line['health']]))
  expect(found).toMatchObject({ Node: 'ok', 'Plate reader': 'ok' })

  const people = await sallyport(['doctor', '--data', data])
  for (const check of checks) expect(people.stdout).toMatch(new RegExp(`^[✓·✗] ${check}: \\S`, 'm'))
  await rm(data, { recursive: true, force: true })
})

test('data that cannot be written are trouble: exit 1 and the reason', async () => {
  const { code, json } = await sallyport(['doctor', '--data', '/dev/null/data', '--json'])
  expect(code).toBe(1)
  expect(json.find((line) => line['check'] === 'Data directory')).toMatchObject({
    health: 'trouble',
    detail: expect.stringMatching(/cannot be written/),
  })
})

test('what is not installed is named with the command that installs it', async () => {
  const { json } = await sallyport(['doctor', '--json'], { environment: { PATH: '/nowhere' } })
  for (const check of ['ffmpeg', 'Chromium']) {
    expect(json.find((line) => line['check'] === check)).toMatchObject({
      health: 'note',
      detail: expect.stringMatching(/apt install/),
    })
  }
})
