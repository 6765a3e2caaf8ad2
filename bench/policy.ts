/**
 * Policy decisions a second, and whether Cedar and the second opinion ever differ.
 *
 *   npx tsx bench/policy.ts [--grants 20] [--decisions 5000] [--random 100000]
 *
 * The reference of the same run gives Cedar every policy as text with each question, unparsed.
 */

import { parseArgs } from 'node:util'

import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { grantPolicyText } from '@sallyport/core/grants/cedar-text'
import { decideView } from '@sallyport/core/grants/decide-view'
import { createPolicyEngine, policyTexts } from '@sallyport/hub/policy/engine'
import { randomGrant, randomRequest, seededDraw } from '@sallyport/hub/policy/random-request'

const { values } = parseArgs({
  options: {
    grants: { type: 'string', default: '20' },
    decisions: { type: 'string', default: '5000' },
    random: { type: 'string', default: '100000' },
  },
})
const now = new Date('2026-11-23T15:00:00.000Z')
const draw = seededDraw(7)

const grants = Array.from({ length: Number(values.grants) }, (_, at) =>
  randomGrant(draw, now, `g${at}`),
)
const engine = createPolicyEngine(grants)
const requests = Array.from({ length: 500 }, () => randomRequest(draw, now, grants))
const texts = [policyTexts.agency, ...grants.map(grantPolicyText)].join('\n')

const ours = perCpuSecond(Number(values.decisions), (at) => {
  const request = requests[at % requests.length]
  if (request !== undefined) engine.decide(request, now)
})
const opinion = perCpuSecond(200_000, (at) => {
  const request = requests[at % requests.length]
  if (request !== undefined) decideView(request, now)
})
const unparsed = perCpuSecond(100, () => {
  isAuthorized({
    principal: { type: 'Sallyport::Person', id: 'a' },
    action: { type: 'Sallyport::Action', id: 'view' },
    resource: { type: 'Sallyport::Capture', id: 'b' },
    context: {},
    policies: { staticPolicies: texts },
    entities: [],
  })
})

const asked = Number(values.random)
let differences = 0
let allowed = 0
for (let done = 0; done < asked;) {
  const at = new Date(now.getTime() + draw(90) * 86_400_000 + draw(1_440) * 60_000)
  const some = Array.from({ length: 3 }, (_, index) => randomGrant(draw, at, `r${done}-${index}`))
  const fresh = createPolicyEngine(some)
  for (let each = 0; each < 400 && done < asked; each++, done++) {
    const request = randomRequest(draw, at, some)
    const allows = decideView(request, at).kind === 'allow'
    if (allows) allowed += 1
    if ((fresh.decide(request, at).kind === 'allow') !== allows) differences += 1
  }
}

console.table({
  'parsed once, one grant a question': { decisions_per_cpu_second: ours },
  'second opinion': { decisions_per_cpu_second: opinion },
  'reference: all policies as text each time': { decisions_per_cpu_second: unparsed },
})
console.log(
  `${asked} random requests, ${allowed} of them allowed: ${differences} differences between Cedar and the second opinion`,
)
console.log(
  `${grants.length} grants, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
)
if (differences > 0) process.exitCode = 1

function perCpuSecond(count: number, work: (at: number) => void): number {
  for (let at = 0; at < Math.min(count, 300); at++) work(at)
  const before = process.cpuUsage()
  for (let at = 0; at < count; at++) work(at)
  const { user, system } = process.cpuUsage(before)
  return Math.round(count / ((user + system) / 1e6))
}
