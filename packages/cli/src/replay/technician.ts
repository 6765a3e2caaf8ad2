/** The technician of the work order as built: asks for pictures through the grant, and tries more. */

import { limits } from './limits.ts'
import type { Cast } from './port.ts'

/** A copy that was shown, as it was kept. */
export type Saved = {
  readonly number: number
  readonly capture: string
  readonly opening: string
  readonly name: string
  readonly bytes: Uint8Array
}

export type Visit = {
  readonly saved: readonly Saved[]
  /** Codes of what the hub refused. */
  readonly refused: readonly string[]
}

/**
 * Opens the originals of faults, each agreed to by a second person of the agency, and keeps what is
 * shown. Then asks for what no grant gives. `scenes` are crossings with the ids of their scenes.
 */
export async function technicianAtWork(
  scenes: readonly (readonly [number, string])[],
  { technician, supervisor, grant }: Cast,
): Promise<Visit> {
  const saved: Saved[] = []
  const refused: string[] = []
  const open = async (capture: string, change: Readonly<Record<string, unknown>> = {}) => {
    const asked = { purpose: 'fault_analysis', grant, view: 'original', ...change }
    const answer = await technician.ask(`/v1/captures/${capture}/openings`, asked)
    if (answer.status >= 300) refused.push(String(answer.body['code']))
    return answer
  }
  for (const [number, capture] of scenes) {
    const first = await open(capture)
    if (first.status < 300) throw new Error('an original needs a second person')
    const { id } = await technician.expect(`/v1/captures/${capture}/secondings`, {
      grant,
      purpose: 'fault_analysis',
      reason: 'The exposure of this frame is off.',
    })
    await supervisor.expect(`/v1/secondings/${String(id)}/answer`, { agreed: true })
    const answer = await open(capture)
    if (answer.status >= 300) continue
    saved.push({
      number,
      capture,
      opening: String(answer.body['opening']),
      name: `saved-${String(number).padStart(6, '0')}.jpg`,
      bytes: Buffer.from(String(answer.body['picture']), 'base64'),
    })
  }
  const [, another] = scenes[0] ?? []
  if (another !== undefined) {
    await open(another, { purpose: 'training' })
    // Plates alone until the day's quota is used up, and a few more.
    for (let more = saved.length; more < limits.picturesPerDay + 2; more++)
      await open(another, { view: 'plate_crop' })
  }
  return { saved, refused }
}
