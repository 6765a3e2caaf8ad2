/** The lane's own page with what it lives from: an ear on the hub, and a memory of the camera. */

import type { World } from '../world.ts'
import { Contact } from './contact.ts'
import { LocalView } from './local-view.ts'
import { serveWindow, type WindowRefusal } from './serve.ts'

export type OwnPage = {
  readonly kind: 'page'
  /** The lane's requests to the hub, listened to. */
  readonly ask: World['ask']
  readonly view: LocalView
  /** Null where no page is served. */
  readonly port: number | null
  readonly close: () => void
}

/** Opens the page on a port of 127.0.0.1; without one the lane has none. */
export async function openOwnPage(
  port: number | undefined,
  lane: string,
  { ask, clock }: Pick<World, 'ask' | 'clock'>,
): Promise<OwnPage | WindowRefusal> {
  const view = new LocalView()
  if (port === undefined) return { kind: 'page', ask, view, port: null, close: () => undefined }
  const contact = new Contact(clock)
  const serving = await serveWindow(port, { lane, contact, view })
  if (serving.kind === 'refused') return serving
  return { kind: 'page', ask: contact.listen(ask), view, ...serving.window }
}
