/** One attempt at one webhook. A receiver that misbehaves is a value, never an exception. */

import * as http from 'node:http'
import * as https from 'node:https'
import { type BlockList, isIP } from 'node:net'

import type { Attempt } from '@sallyport/core/delivery'

import { limits } from '../limits.ts'
import { findTarget, type Resolve, type Target } from './targets.ts'

export type Message = {
  readonly url: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Posts a message to the address that its name leads to now. Redirects are not followed: they are
 * failures, wherever they lead. Nothing of the answer but its status and `retry-after` is read.
 */
export async function post(
  message: Message,
  {
    allowed,
    resolve,
    msMax = limits.deliveryMsMax,
  }: { readonly allowed: BlockList; readonly resolve?: Resolve; readonly msMax?: number },
): Promise<Attempt> {
  const target = await findTarget(message.url, allowed, resolve)
  if (target.kind === 'refused') return failed(target.code)
  return send(target, message, msMax)
}

function send(
  { url, address }: Target,
  { body, headers }: Message,
  msMax: number,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const request = (secure ? https : http).request({
      agent: false,
      method: 'POST',
      host: address,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      // The certificate is the name's, though the address is connected to.
      ...(secure && isIP(host) === 0 ? { servername: host } : {}),
      headers: {
        host: url.host,
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': body.length,
        'user-agent': 'sallyport',
        ...headers,
      },
    })
    const end = (attempt: Attempt): void => {
      clearTimeout(late)
      resolve(attempt)
      request.destroy()
    }
    const late = setTimeout(() => end(failed('timeout')), msMax)
    request.on('error', (error: NodeJS.ErrnoException) =>
      end(failed((error.code ?? 'connection_failed').toLowerCase())),
    )
    request.on('response', (response) => {
      response.on('error', () => undefined)
      end(attemptOf(response.statusCode ?? 0, response.headers['retry-after']))
    })
    request.end(body)
  })
}

function attemptOf(status: number, retryAfter: string | undefined): Attempt {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const reason = `status_${status}`
  if (status === 410) return { kind: 'gone', reason }
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : null
  return { kind: 'failed', reason, retryAfterSeconds: seconds }
}

function failed(reason: string): Attempt {
  return { kind: 'failed', reason: reason.slice(0, 80), retryAfterSeconds: null }
}
