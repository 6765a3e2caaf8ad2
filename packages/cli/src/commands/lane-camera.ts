/** The camera of a lane that is added: its address, its password, and whether it answers. */

import { readCameraFile } from '@sallyport/lane/camera-file'
import { asksForPassword, withoutPassword, withPassword } from '@sallyport/lane/sources/credential'
import { parseSource } from '@sallyport/lane/sources/open'
import { type Probed, probeRtsp, type ProbeRefusal } from '@sallyport/lane/sources/probe'

import { openAsker } from '../ask.ts'
import { CommandFailure, type ExitCode, exitCodes } from '../exit.ts'
import { cameraPassword, passwordOnCommandLine } from './lane.ts'

export type NamedCamera = {
  readonly rtsp?: string
  readonly video?: string
  readonly push?: number
  readonly source?: string
}

/** The source with its password, from the options, the lane's own file or the person. */
export async function cameraSource(named: NamedCamera, directory: string): Promise<string> {
  const given = sourceNamed(named)
  if (given !== null && withoutPassword(given).password !== null)
    throw new CommandFailure(passwordOnCommandLine, exitCodes.wrongUse)
  const kept = await readCameraFile(directory)
  if (kept.kind === 'refused' && given === null)
    throw new CommandFailure(kept.detail, exitCodes.wrongUse)
  const before = kept.kind === 'camera' ? kept.source : null
  const source = checked(
    given ?? before ?? (await askedFor('Address of the camera (rtsp://NAME@CAMERA/PATH): ')),
  )
  if (!asksForPassword(source)) return source
  const fromBefore =
    before !== null && withoutPassword(before).source === source
      ? withoutPassword(before).password
      : null
  const password =
    cameraPassword() ?? fromBefore ?? (await askedFor('Password of the camera (not shown): ', true))
  return withPassword(source, password)
}

function sourceNamed({ rtsp, video, push, source }: NamedCamera): string | null {
  const given = [
    rtsp === undefined ? null : `rtsp:${rtsp}`,
    video === undefined ? null : `file:${video}`,
    push === undefined ? null : `push:${push}`,
    source ?? null,
  ].filter((one) => one !== null)
  if (given.length > 1)
    throw new CommandFailure(
      'A lane has one camera: name one of --rtsp, --video, --push and --source.',
      exitCodes.wrongUse,
    )
  return given[0] ?? null
}

/** As a source has it; throws with an example where it is none. */
function checked(text: string): string {
  const spec = parseSource(text.trim())
  const url = spec !== null && URL.canParse(spec.rest) ? new URL(spec.rest) : null
  const camera = spec?.name !== 'rtsp' || (/^rtsps?:$/.test(url?.protocol ?? '') && url?.hostname)
  if (spec !== null && camera) return `${spec.name}:${spec.rest}`
  throw new CommandFailure(
    'That is no address of a camera. It looks like rtsp://NAME@192.168.1.20:554/stream1; the path stands in the camera’s manual.',
    exitCodes.wrongUse,
  )
}

async function askedFor(question: string, hidden = false): Promise<string> {
  if (!process.stdin.isTTY && hidden)
    throw new CommandFailure(
      'The camera’s password is missing. Set SALLYPORT_CAMERA_PASSWORD, or run this in a terminal.',
      exitCodes.wrongUse,
    )
  const asker = openAsker()
  try {
    return hidden ? await asker.secret(question) : await asker.line(question)
  } finally {
    asker.close()
  }
}

const trouble: Readonly<Record<ProbeRefusal, readonly [ExitCode, string]>> = {
  ffmpeg_missing: [
    exitCodes.failed,
    'ffmpeg is not installed, without which no RTSP camera can be filmed. Debian: apt install ffmpeg',
  ],
  wrong_password: [
    exitCodes.refused,
    'The camera refuses the name or password. Put its user into the address, rtsp://NAME@CAMERA/PATH, and give the password again.',
  ],
  no_such_stream: [
    exitCodes.wrongUse,
    'The camera has no stream under this path. Its manual names the path, often /stream1, /live, /h264 or /Streaming/Channels/101.',
  ],
  name_unknown: [exitCodes.failed, 'Nobody has this name. Use the camera’s IP address.'],
  connection_refused: [
    exitCodes.failed,
    'Something is there, but no RTSP camera at this port. Turn RTSP on in the camera; its port is 554 mostly.',
  ],
  no_answer: [
    exitCodes.failed,
    'Nothing answers at this address. Check cable and power of the camera, and that this computer is in its network.',
  ],
  no_picture: [
    exitCodes.failed,
    'The camera takes the connection and sends no picture. Restart it, or choose another of its streams (H.264).',
  ],
  not_a_camera: [
    exitCodes.failed,
    'What answers there sends no video that ffmpeg knows. Set the stream to H.264 in the camera.',
  ],
}

/** What an RTSP camera sends; null for another source, which is looked at when the lane starts. Throws with what to do. */
export async function askCamera(
  source: string,
  signal: AbortSignal,
): Promise<Extract<Probed, { readonly kind: 'camera' }> | null> {
  const spec = parseSource(source)
  if (spec?.name !== 'rtsp') return null
  const probed = await probeRtsp(new URL(spec.rest), signal)
  if (probed.kind === 'camera') return probed
  const [exitCode, words] = trouble[probed.code]
  throw new CommandFailure(`${words} (${probed.code})`, exitCode)
}
