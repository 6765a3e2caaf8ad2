/** The broker that the settings name, if they name one. */

import { newId } from '../ids.ts'
import type { HubSettings } from '../settings.ts'
import { brokerAddress, createBroker } from './broker.ts'
import { ranges } from './targets.ts'

export function openBroker({ mqttUrl, mqttTopic, privateTargets }: HubSettings, port: string) {
  if (mqttUrl === undefined) return null
  return createBroker({
    url: mqttUrl,
    topic: mqttTopic,
    port,
    clientId: `sallyport-hub-${newId().slice(0, 8)}`,
    allowed: ranges(privateTargets),
  })
}

/** What the broker is for, by the settings; null when there is none. */
export function brokerOf({ mqttUrl, mqttTopic, mqttPurpose, mqttPlates }: HubSettings) {
  return mqttUrl === undefined
    ? null
    : { url: brokerAddress(mqttUrl, mqttTopic), purpose: mqttPurpose, plates: mqttPlates }
}
