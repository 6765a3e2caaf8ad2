/** Settings of the hubs of tests, wherever they run. */

import { type HubSettings, hubSettings } from '@sallyport/hub/settings'
import type { z } from 'zod'

export function testSettings(given: Partial<z.input<typeof hubSettings>>): HubSettings {
  return hubSettings.parse({
    // Chance is no test's business but of those that ask for it.
    reviewSample: 0,
    ...given,
    portOfEntry: { id: 'test-port', name: 'Test port', zone: 'America/Chicago' },
  })
}
