/** `sallyport evaluate` against a running hub: totals for whoever the link names. */

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { enrolTestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unsureReads } from '../support/review.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  const officer = await hub.signIn(['officer'])
  const item = await crossWith(hub, device, unsureReads(['GUESS1']), drawnJpeg(5000))
  expect((await decide(officer, item, 'LABEL1')).status).toBe(201)
})
afterAll(() => hub.remove())

const linkFor = async (role: 'auditor' | 'integrator' | 'officer'): Promise<string> =>
  (await inviteAccount(`Test ${role}`, [role], hub.hub.parts)).url

const evaluate = (link: string, ...more: readonly string[]) =>
  sallyport(['evaluate', '--hub', hub.origin, '--link', link, ...more])

test('an auditor gets totals, and what was misread when asked', async () => {
  const { code, stdout } = await evaluate(await linkFor('auditor'), '--json', '--misread')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'done',
    labels: 1,
    totals: { pictures: 1, labelled: 1, exact: 0 },
    misread: [{ label: 'LABEL1' }],
  })
}, 200_000)

test('an integrator is told that there are too few, and no plate', async () => {
  const { code, stdout, stderr } = await evaluate(await linkFor('integrator'))
  expect(code).toBe(3)
  expect(stderr).toMatch(/too_few_labels/)
  expect(stdout + stderr).not.toMatch(/LABEL1/)
}, 200_000)

test('a link that was used, a text that is no link, a role that may not', async () => {
  const used = await linkFor('officer')
  expect((await evaluate(used)).code).toBe(3)
  const again = await evaluate(used)
  expect(again.code).toBe(3)
  expect(again.stderr).toMatch(/link_not_valid/)
  const none = await evaluate('hello')
  expect(none.code).toBe(2)
  expect(none.stderr).toMatch(/one-time link/)
}, 200_000)
