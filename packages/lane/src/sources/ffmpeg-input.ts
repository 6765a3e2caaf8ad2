/**
 * How ffmpeg is told of an RTSP camera: by a list on its standard input, so that the camera's password
 * stands in no process list and in no file (https://ffmpeg.org/ffmpeg-formats.html#concat-1).
 */

import { limits } from '../limits.ts'

export type FfmpegInput = {
  readonly parameters: readonly string[]
  /** Written to its standard input; null where it reads none. */
  readonly list: string | null
}

/** An RTSP camera over TCP. */
export function rtspInput(address: URL): FfmpegInput {
  // In quotes only a quote means something to the list.
  const quoted = address.href.replaceAll("'", String.raw`'\''`)
  return {
    parameters: [
      ...['-f', 'concat', '-safe', '0'],
      ...['-protocol_whitelist', 'pipe,rtsp,rtp,rtcp,tcp,tls,crypto'],
      // List and camera are each looked into before the first picture: by default for five seconds.
      ...['-probesize', '500000', '-analyzeduration', '1000000', '-i', 'pipe:0'],
    ],
    list: [
      'ffconcat version 1.0',
      `file '${quoted}'`,
      'option rtsp_transport tcp',
      `option timeout ${limits.cameraIdleMsMax * 1000}`,
      'option probesize 1000000',
      'option analyzeduration 2000000',
      '',
    ].join('\n'),
  }
}

/** Why ffmpeg has no picture, as far as its own words tell. */
export type Complaint =
  | 'wrong_password'
  | 'no_such_stream'
  | 'name_unknown'
  | 'connection_refused'
  | 'no_answer'

const complaints: readonly (readonly [RegExp, Complaint])[] = [
  [/\b(401 Unauthorized|403 Forbidden)\b/, 'wrong_password'],
  [/\b(404 Not Found|454 Session Not Found|400 Bad Request)\b/, 'no_such_stream'],
  [/Failed to resolve hostname/, 'name_unknown'],
  [/Connection refused/, 'connection_refused'],
  [/(Connection|Operation) timed out|No route to host|Network is unreachable/, 'no_answer'],
]

/** What its words mean, in one of ours: they may quote addresses and are never repeated. Null when unknown. */
export function complaintOf(words: string): Complaint | null {
  return complaints.find(([pattern]) => pattern.test(words))?.[1] ?? null
}

/** The surroundings that ffmpeg gets: nothing of ours that it has no need of. */
export function ffmpegEnvironment(): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH } = process.env
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }),
  }
}
