/** Strangers' models in the sandbox: what is refused, what is killed, what the process can reach. */

import { readFile } from 'node:fs/promises'

import { expect, test, vi } from 'vitest'

import { type SandboxOptions, startSandbox } from './sandbox.ts'
import * as models from './testing/models.ts'

vi.setConfig({ testTimeout: 120_000 })

const shipped = await readFile(new URL('../../../vision/models/plate-reader.onnx', import.meta.url))
const pixels = 3 * models.madeFor.input.width * models.madeFor.input.height

async function refusalOf(bytes: Uint8Array, options?: SandboxOptions): Promise<string> {
  const started = await startSandbox(bytes, models.madeFor, options)
  if (started.kind === 'refused') return `${started.code}: ${started.detail}`
  await started.close()
  return 'running'
}

test('a model runs behind walls that its own process found standing, and is gone when closed', async () => {
  const promised = {
    input: { name: 'image', width: 160, height: 48 },
    outputs: { characters: 40 * 37, slots: 9 * 37 },
  }
  const sandbox = await startSandbox(shipped, promised)
  if (sandbox.kind === 'refused') throw new Error(sandbox.detail)
  expect(sandbox.standing.files).toBe(true)
  const outputs = await sandbox.run(new Float32Array(2 * 3 * 48 * 160), 2)
  expect(outputs?.['characters']).toHaveLength(2 * 40 * 37)
  await sandbox.close()
  expect(sandbox.ended).toBe(true)
  expect(await sandbox.run(new Float32Array(3 * 48 * 160), 1)).toBeNull()
})

test('where neither wall stands nothing is run', async () => {
  expect(
    await refusalOf(models.quietModel(), { walls: { namespace: false, permissions: false } }),
  ).toMatch(/^no_sandbox: .*docs\/contractors.md/)
})

test('an endless loop is stopped, and says so', async () => {
  expect(await refusalOf(models.endlessModel(), { limits: { runMs: 1_500 } })).toMatch(
    /^model_too_slow/,
  )
})

test('a model that swells is stopped at its memory, whatever the machine has', async () => {
  expect(await refusalOf(models.swellingModel())).toMatch(/^model_(not_run|too_large)/)
})

test('a process that grows beyond its bound is killed', async () => {
  const tight = { limits: { processBytes: 20 * 1024 * 1024 } }
  expect(await refusalOf(models.quietModel(), tight)).toMatch(/^model_too_large/)
})

test('what the runtime cannot load is refused in its words, without control characters', async () => {
  expect(await refusalOf(models.customModel())).toMatch(/^model_not_run: ONNX Runtime refuses/)
  const cut = await refusalOf(shipped.subarray(0, 100_000))
  expect(cut).toMatch(/^model_not_run/)
  expect(cut).not.toMatch(/\p{Cc}/u)
})

test('a model that gives something else than its card promises is refused before any picture', async () => {
  expect(await refusalOf(models.lyingModel())).toMatch(/^model_not_run: .*promises/)
  const other = { ...models.madeFor, outputs: { characters: 8 * 37, slots: 10 } }
  const started = await startSandbox(models.quietModel(), other)
  expect(started).toMatchObject({ kind: 'refused', code: 'model_not_run' })
})

test('a failure on a picture has no reason: the reason could be the picture', async () => {
  const sandbox = await startSandbox(models.quietModel(), models.madeFor)
  if (sandbox.kind === 'refused') throw new Error(sandbox.detail)
  expect(await sandbox.run(new Float32Array(pixels), 1)).toMatchObject({
    characters: expect.any(Float32Array),
  })
  // One number more than three planes: no shape fits.
  expect(await sandbox.run(new Float32Array(pixels + 1), 1)).toBeNull()
  await sandbox.close()
})
