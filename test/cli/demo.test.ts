/** `sallyport demo`: hub and lanes as processes, ending by themselves, leaving data that agree. */

import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { freePort } from '../support/hub.ts'

test('after its time it ends with 0; its log has crossings, and fsck finds nothing', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'sallyport-demo-'))
  // So that root's database server, which is another user, may enter.
  await chmod(data, 0o711)
  const port = String(await freePort())
  try {
    const ran = await sallyport([
      'demo',
      '--for',
      '40',
      '--port',
      port,
      '--data',
      data,
      '--no-open',
    ])
    expect({ code: ran.code, stdout: ran.stdout }, ran.stderr).toEqual({ code: 0, stdout: '' })
    expect(ran.stderr).toContain(`Sallyport is running: http://localhost:${port}`)
    expect(ran.stderr).toMatch(/Sign in once with: +http:\/\/localhost:\d+\/sign-in#token=\S{32}/)
    expect(ran.stderr).not.toMatch(/starting it again|"level"/)

    const log = await sallyport(['log', 'verify', data, '--json'])
    expect(log.json).toMatchObject([{ verified: true }])
    const found = await sallyport(['fsck', '--data', data, '--json'])
    expect(found.code, found.stdout + found.stderr).toBe(0)
    const report = found.json.at(-1) ?? {}
    expect(report).toMatchObject({ sound: true, unsettled: 0, orphan_bodies: 0 })
    expect(Number(report['crossings'])).toBeGreaterThan(0)

    // Started again on its data it goes on where it was: the same lanes, not new ones.
    const device = await readFile(path.join(data, 'lanes/in-1/device.json'), 'utf8')
    const again = await sallyport([
      'demo',
      '--for',
      '5',
      '--port',
      port,
      '--data',
      data,
      '--no-open',
    ])
    expect(again.code, again.stderr).toBe(0)
    expect(await readFile(path.join(data, 'lanes/in-1/device.json'), 'utf8')).toBe(device)
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}, 240_000)
