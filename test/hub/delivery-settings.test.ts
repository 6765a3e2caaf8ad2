/** Settings that would let more out than was meant are refused at the start. */

import { hubSettings } from '@sallyport/hub/settings'
import { expect, test } from 'vitest'

test.each([
  ['plates on a broker for statistics', { mqttPlates: true }, /carry no plates/],
  ['a range that is none', { privateTargets: ['10.0.0.0/'] }, /neither an address nor a range/],
  ['a broker that is a web server', { mqttUrl: 'https://broker.example' }, /./],
  ['a topic that everybody is in', { mqttTopic: 'a/#' }, /./],
])('%s', (_name, settings, message) => {
  const parsed = hubSettings.safeParse(settings)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues[0]?.message).toMatch(message)
})

test('plates on a broker for the case system are the operator’s decision', () => {
  const settings = { mqttPlates: true, mqttPurpose: 'case_system', mqttUrl: 'mqtts://b:8883' }
  expect(hubSettings.safeParse(settings).success).toBe(true)
})
