/** A source by its name: `drawn:SEED`, `folder:DIR`, `push:PORT`, `mjpeg:URL`, `file:VIDEO`, `rtsp:URL`, `frigate:URL`. */

import { drawnDefaults, drawnSource } from './drawn.ts'
import { openRtsp, openVideoFile, videoDefaults } from './ffmpeg.ts'
import { openFolder } from './folder.ts'
import { openFrigate } from './frigate.ts'
import { openMjpeg } from './mjpeg.ts'
import { openPush } from './push.ts'
import { type OpenedSource, type SourceParts, refuseSource } from './source.ts'

export const sourceNames = ['drawn', 'folder', 'push', 'mjpeg', 'file', 'rtsp', 'frigate'] as const
export type SourceName = (typeof sourceNames)[number]

export type SourceSpec = { readonly name: SourceName; readonly rest: string }

export type SourceSettings = {
  readonly spec: SourceSpec
  /** Wait between photographs of a folder, or between vehicles of a drawn camera. */
  readonly everyMs: number | null
  readonly repeat: boolean
  /** Of a push source. */
  readonly token: string
  readonly framesPerSecond: number
}

/** Splits `name:rest`; `rtsp://…` and `rtsps://…` may stand without the name. Null when unknown. */
export function parseSource(text: string): SourceSpec | null {
  if (/^rtsps?:\/\//.test(text)) return { name: 'rtsp', rest: text }
  const [, head, rest] = /^([a-z]+):(.+)$/s.exec(text) ?? []
  const name = sourceNames.find((one) => one === head)
  return name === undefined || rest === undefined ? null : { name, rest }
}

/** Opens a source. A camera that cannot be reached is not refused: it may come back. */
export async function openSource(
  settings: SourceSettings,
  parts: SourceParts,
): Promise<OpenedSource> {
  const { name, rest } = settings.spec
  const { everyMs, framesPerSecond } = settings
  switch (name) {
    case 'drawn': {
      const passEveryMs = everyMs ?? drawnDefaults.passEveryMs
      return {
        kind: 'source',
        source: drawnSource(rest, parts.clock, { ...drawnDefaults, passEveryMs }),
      }
    }
    case 'folder':
      return openFolder(rest, { everyMs: everyMs ?? 4_000, repeat: settings.repeat }, parts)
    case 'push': {
      const port = /^\d{1,5}$/.test(rest) ? Number(rest) : Number.NaN
      if (!(port >= 0 && port <= 65_535)) {
        return refuseSource('malformed_source', 'A push source is push:PORT.')
      }
      return openPush({ port, token: settings.token }, parts.clock)
    }
    case 'mjpeg':
      return openMjpeg(rest, parts)
    case 'file':
      return openVideoFile(rest, parts, { ...videoDefaults, framesPerSecond })
    case 'frigate':
      return openFrigate(rest, parts)
    case 'rtsp':
      return openRtsp(rest, parts, { ...videoDefaults, framesPerSecond })
  }
}
