/** A hub that cannot compare faces as its settings ask does not start, and says what to do. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { openFaces } from '@sallyport/hub/faces/open-faces'
import { generateSigningKey, sign } from '@sallyport/proof/node/ed25519'
import { formatVkey, noteSigner, signNote } from '@sallyport/proof/note'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { drawnCalibration } from '../support/faces.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let data: string
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sallyport-faces-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

type Settings = Parameters<typeof openFaces>[0]

async function open(settings: Partial<Settings>): Promise<string> {
  const none = { faceModel: undefined, faceCalibrations: [], faceCalibrationKeys: [] }
  const opened = await openFaces({ faces: 'evaluation', data, ...none, ...settings }).catch(
    (error: unknown) => error,
  )
  if (opened instanceof Error) return opened.message
  const identity = (opened as Awaited<ReturnType<typeof openFaces>>)?.matching.model.identity
  await (opened as Awaited<ReturnType<typeof openFaces>>)?.reader.close()
  return identity ?? 'off'
}

async function file(name: string, text: string): Promise<string> {
  const where = path.join(data, name)
  await writeFile(where, text)
  return where
}

test('production does not begin with the evaluation model, nor with a folder that holds none', async () => {
  expect(await open({ faces: 'production' })).toContain('in production bring a model of your own')
  expect(await open({ faces: 'production', faceModel: data })).toContain('face-model.json')
})

test('off opens no network at all', async () => {
  expect(await open({ faces: 'off', faceModel: '/nowhere' })).toBe('off')
})

test('a calibration of another model, or two for one class of camera, are refused by name', async () => {
  const identity = await open({})
  const other = await file('other.calibration', drawnCalibration('other@0123456789ab'))
  expect(await open({ faceCalibrations: [other] })).toContain(`not for ${identity}`)
  const gate = await file('gate.calibration', drawnCalibration(identity, 'gate'))
  const again = await file('again.calibration', drawnCalibration(identity, 'gate'))
  expect(await open({ faceCalibrations: [gate, again] })).toContain('again.calibration')
  expect(await open({ faceCalibrations: [gate] })).toBe(identity)
})

test('where keys are named, a calibration without a signature by one of them is refused', async () => {
  const key = generateSigningKey(randomBytes)
  const signer = noteSigner('agency/faces', key.privateKey, key.publicKey, sign)
  const vkey = formatVkey('agency/faces', key.publicKey)
  const text = `${drawnCalibration(await open({}))}\n`
  const plain = await file('plain.calibration', text)
  const signed = await file('signed.calibration', signNote(text, [signer]))
  expect(await open({ faceCalibrations: [plain], faceCalibrationKeys: [vkey] })).toContain(
    'is not signed by a key',
  )
  expect(await open({ faceCalibrations: [signed], faceCalibrationKeys: [vkey] })).toMatch(/@/)
})
