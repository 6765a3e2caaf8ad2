/** Pictures, tokens and forms, as programs that ask the plate reader have them. */

import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'

import type { Person, TestHub } from './hub.ts'

/** One drawn car whose plate can be read. */
export async function drawnCar(): Promise<Buffer> {
  const lane = drawnLane('b')
  const plan = planPass(lane, 28)
  const [pose] = plan.poses.toSorted((a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5))
  if (pose === undefined) throw new Error('a pass has poses')
  return Buffer.from((await new Painter(lane).drawPose(plan, pose)).jpeg)
}

export type IssuedToken = { readonly id: string; readonly token: string }

export async function issueToken(person: Person, days = 30): Promise<IssuedToken> {
  const answer = await person.request('/v1/tokens', {
    method: 'POST',
    body: JSON.stringify({ name: 'Barrier', purpose: 'opens the staff gate', days }),
  })
  if (answer.status !== 201) throw new Error(`no token: ${await answer.text()}`)
  return (await answer.json()) as IssuedToken
}

/** A request as `curl -F` or `requests` make it. `change` spoils the bytes on their way. */
export async function askReader(
  hub: TestHub,
  token: string,
  fields: Readonly<Record<string, string | Buffer>>,
  change: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([new Uint8Array(value)]), 'car.jpg')
  }
  const made = new Request('http://hub/', { method: 'POST', body: form })
  return hub.request('/v1/plate-reader/', {
    method: 'POST',
    headers: {
      authorization: `Token ${token}`,
      'content-type': made.headers.get('content-type') ?? '',
    },
    body: new Uint8Array(change(Buffer.from(await made.arrayBuffer()))),
  })
}
