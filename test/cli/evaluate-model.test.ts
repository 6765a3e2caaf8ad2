/** `sallyport evaluate --model` against a running hub: a file goes in, counts come out. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { faceCardFor, meansModel } from '../../packages/hub/src/sandbox/testing/face-models.ts'
import * as models from '../../packages/hub/src/sandbox/testing/models.ts'
import { sallyport } from '../support/command.ts'
import { enrolTestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unsureReads } from '../support/review.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let hub: TestHub
let folder: string
let now = new Date('2026-10-20T15:00:00Z')
const card = {
  name: 'quiet',
  input: models.madeFor.input,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
}

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-model-'))
  await writeFile(path.join(folder, 'quiet.onnx'), models.quietModel())
  await writeFile(path.join(folder, 'quiet.json'), JSON.stringify(card))
  await writeFile(
    path.join(folder, 'other.json'),
    JSON.stringify({ ...card, sha256: 'ab'.repeat(32) }),
  )
  await writeFile(path.join(folder, 'text.onnx'), 'this is a text')
  await writeFile(path.join(folder, 'faces.onnx'), meansModel())
  await writeFile(path.join(folder, 'faces.json'), JSON.stringify(faceCardFor(meansModel())))
  const device = await enrolTestDevice(hub, 'in-1')
  const officer = await hub.signIn(['officer'])
  for (let each = 0; each < 20; each++) {
    const item = await crossWith(hub, device, unsureReads(['GUESS1']), drawnJpeg(5000))
    expect((await decide(officer, item, `LABEL${each}`)).status).toBe(201)
  }
  now = new Date('2026-11-05T15:00:00Z')
})
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

async function evaluate(file: string, ...more: readonly string[]) {
  const { url } = await inviteAccount('Test auditor', ['auditor'], hub.hub.parts)
  const model = path.join(folder, file)
  return sallyport(['evaluate', '--hub', hub.origin, '--link', url, '--model', model, ...more])
}

test('counts come out, and no plate', async () => {
  const { code, stdout, stderr } = await evaluate('quiet.onnx', '--on', 'verdicts:2026-10')
  expect(stderr).toMatch(/files closed/)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^quiet on verdicts:2026-10: about \d+ plates/)
  expect(stdout + stderr).not.toMatch(/LABEL|GUESS/)
})

test('what is wrong is said before anything is sent, or by the hub', async () => {
  const on = ['--on', 'verdicts:2026-10'] as const
  const unsaid = await evaluate('quiet.onnx')
  expect(unsaid.code).toBe(2)
  expect(unsaid.stderr).toMatch(/--on verdicts:2026-10/)
  expect((await evaluate('none.onnx', ...on)).code).toBe(2)
  const other = await evaluate('quiet.onnx', ...on, '--card', path.join(folder, 'other.json'))
  expect(other.stderr).toMatch(/other weights/)
  const text = await evaluate('text.onnx', ...on, '--card', path.join(folder, 'quiet.json'))
  expect(text.code).toBe(2)
  expect(text.stderr).toMatch(/model_refused/)
  const foreign = await evaluate('quiet.onnx', ...on, '--card', path.join(folder, 'faces.json'))
  expect(foreign.stderr).toMatch(/other weights/)
  // A card of a face model goes the way of faces, and here none are compared.
  expect((await evaluate('faces.onnx', ...on, '--at', '10,1')).stderr).toMatch(/faces_off/)
  expect((await evaluate('faces.onnx', ...on, '--at', 'ten')).code).toBe(2)
  expect((await evaluate('quiet.onnx', '--on', 'verdicts:2026-11')).stderr).toMatch(/set_not_over/)
})
