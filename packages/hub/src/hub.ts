/** Starts a hub and stops it: store, parts, application, address. */

import path from 'node:path'

import { firstLink, type SignInLink } from './accounts.ts'
import { createApp } from './api/app.ts'
import type { HubParts } from './api/context.ts'
import { expectFreePort, listen } from './listening.ts'
import { openParts } from './open-parts.ts'
import { expectOwnData, lockData, openStore } from './open-store.ts'
import type { DrawPicture } from './releases/context.ts'
import type { HubSettings } from './settings.ts'
import { startUpkeep } from './upkeep.ts'

export type Hub = {
  readonly parts: HubParts
  /** `http://localhost:8080`. */
  readonly origin: string
  /** To print; null when the first account signs in with its passkey. */
  readonly link: SignInLink | null
  readonly app: ReturnType<typeof createApp>
  stop(): Promise<void>
}

export type HubOptions = {
  readonly settings: HubSettings
  readonly consoleDirectory: string | null
  readonly now?: () => Date
  /** Milliseconds of a clock that nobody sets; by default the process's own. */
  readonly steady?: () => number
  /** False where time is told: nothing is looked after by itself, and whoever moves `now` calls `upkeep`. */
  readonly ownUpkeep?: boolean
  /** Progress for people, when a step may take longer than a second. */
  readonly progress?: (step: string) => void
  /** Draws what is planted in releases; without it releases have no canaries. */
  readonly draw?: DrawPicture
  /** Trouble, one line each, without personal data. */
  readonly report?: (message: string) => void
}

/** Starts a hub. Throws with a message for the operator when something it needs is not there. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { settings } = options
  const data = path.resolve(settings.data)
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    undo.push(await lockData(data))
    await expectOwnData(data)
    await expectFreePort(settings)
    const db = await openStore(options, data, undo)
    const parts = await openParts(options, data, db, undo)
    const app = createApp(parts, options.consoleDirectory)
    undo.push(await listen(app.fetch, settings, parts.events))
    if (options.ownUpkeep !== false) undo.push(startUpkeep(parts))
    return {
      parts,
      origin: parts.origin,
      app,
      link: await firstLink(settings.firstAccount, settings.signInLink, parts),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
