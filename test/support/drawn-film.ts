/** A drawn vehicle driving through a lane, as a camera would stream it: an MPEG transport stream. Needs ffmpeg. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { videoDefaults } from '@sallyport/lane/sources/ffmpeg'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnFrame, drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'

export type DrawnFilm = { readonly stream: Uint8Array; readonly bytesPerSecond: number }

/** The nearest `frames` poses of a pass, 5 frames a second. */
export async function drawnFilm(seed: string, pass: number, frames = 12): Promise<DrawnFilm> {
  const lane = drawnLane(seed)
  const plan = planPass(lane, pass)
  const painter = new Painter(lane)
  const nearest = plan.poses.toSorted((a, b) => a.distance - b.distance).slice(0, frames)
  const poses = nearest.toSorted((a, b) => a.atMs - b.atMs)
  const pictures: Uint8Array[] = []
  for (const pose of poses) pictures.push((await painter.drawPose(plan, pose)).jpeg)
  const seconds = pictures.length / (1000 / drawnFrame.intervalMs)
  const input = ['-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', '5', '-i', 'pipe:0']
  const coded = [
    '-r',
    '25',
    '-c:v',
    'mpeg2video',
    '-g',
    '5',
    '-b:v',
    '6M',
    '-f',
    'mpegts',
    'pipe:1',
  ]
  const child = spawn(videoDefaults.ffmpeg, [
    '-hide_banner',
    '-loglevel',
    'error',
    ...input,
    ...coded,
  ])
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.resume()
  child.stdin.end(Buffer.concat(pictures))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  const stream = Buffer.concat(chunks)
  return { stream, bytesPerSecond: Math.ceil(stream.length / seconds) }
}
