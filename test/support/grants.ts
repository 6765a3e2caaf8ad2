/** Parties and grants that are simply there, for tests of what follows from them. */

import type { TestHub } from './hub.ts'

/** A contractor with a grant that two units signed, good for a day from the hub's now. Answers its id. */
export async function grantInForce(
  hub: TestHub,
  party: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const first = await hub.signIn(['supervisor'], { unit: 'operations' })
  const second = await hub.signIn(['privacy'], { unit: 'privacy office' })
  const send = async (person: typeof first, path: string, body: unknown = {}) => {
    const answer = await person.request(path, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return answer
  }
  const known = { id: party, kind: 'prime', parent: 'agency', name: party, contact: 'duty desk' }
  await send(first, '/v1/parties', known)
  const now = hub.hub.parts.now().getTime()
  const proposed = await send(first, '/v1/grants', {
    party,
    basis: 'Work order 114',
    purpose: 'fault_analysis',
    ports: ['test-port'],
    lanes: ['in-1'],
    views: ['plate_crop'],
    pictures_per_day: 50,
    bytes_per_day: 100_000_000,
    from: new Date(now - 60_000).toISOString(),
    until: new Date(now + 86_400_000).toISOString(),
    incident_hours: 24,
    ...change,
  })
  const { grant, version } = (await proposed.json()) as { grant: string; version: number }
  await send(second, `/v1/grants/${grant}/versions/${version}/signature`)
  return grant
}
