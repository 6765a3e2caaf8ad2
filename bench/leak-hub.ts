/** A hub process with one lane and a responder who searches: what benches of the leak search share. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'

import type { Finding } from '@sallyport/core/leaks/finding'

import { enrolByCode, type TestDevice } from '../test/support/device.ts'
import { signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'

export type FileAnswer = Pick<Finding, 'verdict' | 'evidence'> & {
  /** That of the picture which the finding names. */
  readonly crossing: string | null
}

export type LeakHub = {
  readonly device: TestDevice
  /** Takes a bundle in; throws with the hub's answer when it is refused. */
  deliver(bundle: Uint8Array): Promise<void>
  /** Begins a search; files go to it one by one. */
  search(): Promise<(name: string, bytes: Uint8Array) => Promise<FileAnswer>>
  /** Ends the hub and takes its data away. */
  remove(): Promise<void>
}

/** `settings` are those of the hub's environment, as `SALLYPORT_FACES`. */
export async function startLeakHub(
  settings: Readonly<Record<string, string>> = {},
): Promise<LeakHub> {
  const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
  // The database's own user passes through, else its files lie elsewhere and stay behind.
  await chmod(data, 0o711)
  Object.assign(process.env, settings)
  const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
  const remove = async () => {
    await hub.stop()
    await rm(data, { recursive: true, force: true })
  }
  try {
    const first = await signInByLink(hub.link() ?? '')
    const invited = await posted(first, '/v1/invitations', { name: 'Bench', roles: ['responder'] })
    const responder = await signInByLink(String(invited['url']))
    await posted(first, '/v1/lanes', { id: 'in-1', name: 'Lane 1', direction: 'in' })
    const { code } = await posted(first, '/v1/lanes/in-1/enrolment-codes', {})
    const device = await enrolByCode(String(code), 'in-1', (where, init) =>
      fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
    )
    return {
      device,
      async deliver(bundle) {
        const answer = await fetch(`${hub.origin}/v1/bundles`, {
          method: 'POST',
          body: new Uint8Array(bundle),
          headers: { 'content-type': 'application/octet-stream' },
        })
        if (answer.status !== 201) throw new Error(await answer.text())
      },
      async search() {
        const begun = { reference: 'bench', sources: ['bench'] }
        const { id } = await posted(responder, '/v1/leak-searches', begun)
        return async (name, bytes) => {
          const content = Buffer.from(bytes).toString('base64')
          const files = `/v1/leak-searches/${String(id)}/files`
          return (await posted(responder, files, { name, content })) as FileAnswer
        }
      },
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function posted(
  request: Awaited<ReturnType<typeof signInByLink>>,
  where: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const answer = await request(where, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Record<string, unknown>
}
