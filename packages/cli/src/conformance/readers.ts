/** Readers under test: one behind an address, one behind a command, and our own beside them. */

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { ReaderFormat } from '@sallyport/core/reader-check'
import type { Guess } from '@sallyport/core/reader-score'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader } from '@sallyport/vision/plate-reader'

export const limits = {
  answerBytesMax: 4 * 1024 * 1024,
  answerMsMax: 60_000,
} as const

/** What a foreign reader said of one picture. */
export type Said =
  | { readonly kind: 'answer'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'silent'; readonly reason: string }

export type ForeignReader = {
  readonly format: ReaderFormat
  read(picture: Uint8Array, name: string): Promise<Said>
  /** Asks with a wrong token; null when the reader knows none. */
  readonly asStranger: ((picture: Uint8Array) => Promise<Said>) | null
  close(): Promise<void>
}

/** A reader that answers Plate Recognizer's request at `url`. */
export function readerAt(url: string, token: string | null): ForeignReader {
  const ask = async (picture: Uint8Array, name: string, secret: string | null): Promise<Said> => {
    const form = new FormData()
    form.append('upload', new Blob([new Uint8Array(picture)]), name)
    form.append('regions', 'us-ca')
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: form,
        redirect: 'error',
        headers: secret === null ? {} : { authorization: `Token ${secret}` },
        signal: AbortSignal.timeout(limits.answerMsMax),
      })
      const text = await response.text()
      return { kind: 'answer', status: response.status, json: parsed(text) }
    } catch (error) {
      return { kind: 'silent', reason: error instanceof Error ? error.name : 'failed' }
    }
  }
  return {
    format: 'platerecognizer',
    read: (picture, name) => ask(picture, name, token),
    asStranger:
      token === null ? null : (picture) => ask(picture, 'car.jpg', 'a-token-of-nobody-0000'),
    close: async () => undefined,
  }
}

/**
 * A command that prints OpenALPR's JSON for a picture; `{}` in it stands for the picture's path, else
 * that comes last. No shell is used. Pictures lie in a temporary folder until `close`.
 */
export async function readerBehind(command: string): Promise<ForeignReader> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-conformance-'))
  const words = command.split(/\s+/).filter((word) => word !== '')
  const pattern = words.includes('{}') ? words : [...words, '{}']
  return {
    format: 'openalpr',
    asStranger: null,
    async read(picture, name) {
      const file = path.join(folder, path.basename(name))
      await writeFile(file, picture)
      const [program = '', ...parameters] = pattern.map((word) => (word === '{}' ? file : word))
      const ran = await run(program, parameters)
      await rm(file, { force: true })
      if (typeof ran === 'string') return { kind: 'silent', reason: ran }
      // A reader that finds nothing to say of a picture ends with another code: that is an answer.
      return { kind: 'answer', status: ran.code === 0 ? 200 : 400, json: parsed(ran.text) }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

function run(
  program: string,
  parameters: readonly string[],
): Promise<{ readonly code: number; readonly text: string } | string> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: limits.answerMsMax,
    })
    const chunks: Buffer[] = []
    let length = 0
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'not_started'))
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limits.answerBytesMax) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.on('close', (code) =>
      resolve(code === null ? 'ended_by_force' : { code, text: Buffer.concat(chunks).toString() }),
    )
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type OwnReader = {
  read(picture: Uint8Array): Promise<readonly Guess[]>
  close(): Promise<void>
}

/** The reader that ships with Sallyport, in this process. */
export async function ownReader(): Promise<OwnReader> {
  const reader = await openPlateReader()
  return {
    async read(bytes) {
      const decoded = await decodePicture(bytes)
      if (decoded.kind === 'refused') return []
      const looks = await reader.look(decoded.picture)
      return looks.map(({ text, corners }) => ({ text, box: boxOf(corners) }))
    },
    close: () => reader.close(),
  }
}
