/** `sallyport hub` */

import { fileURLToPath } from 'node:url'

import { type Hub, startHub } from '@sallyport/hub/hub'
import type { HubSettings } from '@sallyport/hub/settings'
import { drawStranger } from '@sallyport/lane/synth/stranger'

import { withRootPassphrase } from '../keystore-home.ts'
import { readHubSettings } from '../settings.ts'
import { untilStopped } from '../stopping.ts'
import { note, step } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly host?: string
  readonly port?: number
  readonly databaseUrl?: string
  readonly settings?: string
  readonly signInLink?: boolean
}

export async function hub({ settings: file, ...options }: Options): Promise<void> {
  const settings = await withRootPassphrase(await readHubSettings(options, file))
  const running = await startHubForPeople(settings)
  note(`Hub of ${settings.portOfEntry.name}: ${running.origin}`)
  if (running.link !== null) {
    note(
      `Sign in once with this link (valid until ${momentAt(running.link.expiresAt, settings.portOfEntry.zone)}), then add a passkey:`,
    )
    note(`  ${running.link.url}`)
  }
  await untilStopped()
  note('Stopping…')
  await running.stop()
}

/** '14:02 on 23 Nov 2026 (America/Chicago)': the clock that people at the port look at. */
function momentAt(at: Date, zone: string): string {
  const words = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(at)
  const time = words({ hour: '2-digit', minute: '2-digit' })
  return `${time} on ${words({ day: 'numeric', month: 'short', year: 'numeric' })} (${zone})`
}

/** The console as `npm run build` leaves it. */
const consoleDirectory = fileURLToPath(new URL('../../../console/dist/', import.meta.url))

export async function startHubForPeople(settings: HubSettings): Promise<Hub> {
  return startHub({
    settings,
    consoleDirectory,
    draw: drawStranger,
    progress: step,
    report: (message) =>
      console.error(
        JSON.stringify({ at: new Date().toISOString(), level: 'warning', hub: message }),
      ),
  })
}
