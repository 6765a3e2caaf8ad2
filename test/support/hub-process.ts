/** A hub as its own process, as operators run it: started by the command, ended by force. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'

export const command = path.resolve('packages/cli/bin/sallyport.mjs')

export type HubProcess = {
  readonly origin: string
  readonly pid: number
  /** What it wrote to the terminal so far. */
  output(): string
  /** The one-time link it printed, if any. */
  link(): string | null
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>
}

/** Starts `sallyport hub` and resolves when it serves. Throws with its output when it ends instead. */
export async function startHubProcess(
  data: string,
  port: number,
  extra: readonly string[] = [],
): Promise<HubProcess> {
  const child = spawn(
    process.execPath,
    [command, 'hub', '--data', data, '--port', String(port), ...extra],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SALLYPORT_ROOT_IN_CLEAR: 'true' },
    },
  )
  const ended = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const origin = `http://localhost:${port}`
  await untilServing(origin, child, () => output)
  return {
    origin,
    pid: child.pid ?? 0,
    output: () => output,
    link: () => /\S+\/sign-in#token=\S+/.exec(output)?.[0] ?? null,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}

async function untilServing(
  origin: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the hub ended: ${output()}`)
    const answer = await fetch(`${origin}/healthz`).catch(() => null)
    if (answer?.ok === true && /Hub of/.test(output())) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the hub does not serve: ${output()}`)
}

export type Visitor = { readonly cookie: string; readonly roles: readonly Role[] }

/** Signs in with a printed link, over the network. */
export async function signInByLink(
  link: string,
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const { origin, hash } = new URL(link)
  const answer = await fetch(`${origin}/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.replace('#token=', '') }),
  })
  if (!answer.ok) throw new Error(`the link was refused: ${await answer.text()}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return (where, init = {}) =>
    fetch(`${origin}${where}`, { ...init, headers: { 'content-type': 'application/json', cookie } })
}
