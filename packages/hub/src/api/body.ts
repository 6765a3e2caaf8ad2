/** The bytes of a request whose length was declared. */

import type { IncomingMessage } from 'node:http'

import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

/**
 * The body, of at most `declared` bytes. Over the network it is read from the request itself: the
 * framework would copy what is large twice more. Throws an `HTTPException` when it is cut off.
 */
export async function bodyOf(context: Context, declared: number): Promise<Uint8Array> {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: IncomingMessage }
  return incoming === undefined
    ? new Uint8Array(await context.req.arrayBuffer())
    : received(incoming, declared)
}

function received(incoming: IncomingMessage, declared: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(declared)
  let length = 0
  return new Promise((resolve, reject) => {
    const cut = () => reject(new HTTPException(400, { message: 'the body was cut off' }))
    if (incoming.destroyed) {
      cut()
      return
    }
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.copy(bytes, length)
    })
    incoming.once('end', () => {
      if (length === declared) resolve(bytes)
      else cut()
    })
    incoming.once('error', cut)
    incoming.once('close', () => {
      if (!incoming.readableEnded) cut()
    })
  })
}
