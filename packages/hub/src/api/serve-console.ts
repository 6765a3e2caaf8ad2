/** The console's files, with what browsers may do with them. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import type { App } from './context.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

const contentSecurity = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "style-src 'self' 'unsafe-inline'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

/** Serves the built console from `directory`; every other address of it is its first page. */
export function serveConsole(app: App, directory: string): void {
  app.get('*', async (context, next) => {
    const wanted = context.req.path
    if (wanted.startsWith('/v1/') || wanted.startsWith('/log/')) return next()
    const isFile = /^\/(assets\/)?[A-Za-z0-9_.-]+\.[a-z0-9]+$/.test(wanted)
    const file = path.join(directory, isFile ? wanted : 'index.html')
    const bytes = await readFile(file).catch(() => null)
    if (bytes === null) return next()
    context.header('content-type', mediaTypes[path.extname(file)] ?? 'application/octet-stream')
    context.header('content-security-policy', contentSecurity)
    context.header(
      'cache-control',
      wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    return context.body(new Uint8Array(bytes))
  })
}
