/** `sallyport conformance`: a reader that conforms, and readers that only seem to. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import * as http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { startTestHub } from '../support/hub.ts'
import { drawnCar, issueToken } from '../support/reader-client.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function reader(answer: (authorization: string) => readonly [number, object]) {
  const server = http.createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const [status, body] = answer(request.headers.authorization ?? '')
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1/plate-reader/`
}

test('our own hub conforms to what it claims', async () => {
  const hub = await startTestHub()
  closers.push(() => hub.remove())
  const { token } = await issueToken(await hub.signIn(['integrator']))
  const url = `${hub.origin}/v1/plate-reader/`
  const { code, stdout } = await sallyport([
    ...['conformance', '--url', url, '--token', token, '--pictures', '2'],
  ])
  expect(stdout).not.toContain('FAIL')
  expect(stdout).toMatch(/pass {2}a wrong token is refused: status 403/)
  expect(stdout).toMatch(/theirs +2 /)
  expect(stdout).toContain('It conforms.')
  expect(code).toBe(0)
}, 120_000)

test('a reader that invents plates, takes any token and scores in percent is told so', async () => {
  const plate = {
    box: { xmin: 1, ymin: 1, xmax: 9, ymax: 9 },
    plate: 'FAKE123',
    region: { code: 'us-ca', score: 88 },
    score: 97,
    dscore: 0.5,
    candidates: [],
  }
  const url = await reader(() => [200, { processing_time: 1, results: [plate], filename: 'x' }])
  const { code, json } = await sallyport([
    ...['conformance', '--url', url, '--token', 'x'.repeat(20), '--pictures', '2', '--json'],
  ])
  expect(code).toBe(1)
  const failed = json.filter((line) => line['passed'] === false).map((line) => line['check'])
  expect(failed).toEqual([
    'camera_id',
    'timestamp',
    'results[].plate',
    'results[].region.score',
    'results[].score',
    'results[].vehicle.type',
    'results[].vehicle.score',
    'an empty lane is an answer without plates',
    'what is no picture is refused',
    'a wrong token is refused',
  ])
  expect(json.find((line) => line['reader'] === 'theirs')).toMatchObject({
    pictures: 2,
    exact: 0,
    found: 0,
    false: 2,
  })
}, 120_000)

test('a reader that is not there fails by that, not by each field', async () => {
  const { code, stdout } = await sallyport([
    ...['conformance', '--url', 'http://127.0.0.1:1/v1/plate-reader/', '--pictures', '1'],
  ])
  expect(code).toBe(1)
  expect(stdout).toMatch(/FAIL {2}answers every picture: 1 of 1 without an answer/)
  expect(stdout).not.toContain('results[]')
}, 120_000)

test('a folder with truth.csv is scored head to head, and a command may be the reader', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-truth-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  await writeFile(path.join(folder, 'car.jpg'), await drawnCar())
  await writeFile(path.join(folder, 'truth.csv'), 'file,plate\ncar.jpg,NOT THIS\n')
  const command = `${process.execPath} packages/cli/bin/sallyport.mjs read --format openalpr {}`
  const { code, json } = await sallyport([
    ...['conformance', '--command', command, '--folder', folder, '--json'],
  ])
  expect(code).toBe(0)
  const sheets = json.filter((line) => 'reader' in line)
  expect(sheets).toMatchObject([
    { reader: 'theirs', pictures: 1, exact: 0, found: 0, false: 0 },
    { reader: 'ours', pictures: 1, exact: 0, found: 0, false: 0 },
  ])
}, 120_000)

describe('wrong use is told', () => {
  test.each([
    [['conformance'], /--url or --command/],
    [['conformance', '--url', 'ftp://x'], /http or https/],
    [['conformance', '--command', 'true', '--folder', '/nowhere'], /truth\.csv/],
  ])(
    '%j',
    async (parameters, message) => {
      const { code, stderr } = await sallyport(parameters)
      expect(code).toBe(2)
      expect(stderr).toMatch(message)
    },
    60_000,
  )
})
