/** The lane's own page with what it lives from: an ear on the hub, a memory of the camera, kept verdicts. */

import * as path from 'node:path'

import { type Device, verdictsName } from '../device.ts'
import { Gauge } from '../gauge.ts'
import type { LaneSettings } from '../settings.ts'
import type { World } from '../world.ts'
import { Contact } from './contact.ts'
import { type KeptVerdicts, openKeptVerdicts } from './kept-verdicts.ts'
import { LocalView } from './local-view.ts'
import { serveWindow, type WindowRefusal } from './serve.ts'
import { VerdictDesk } from './verdict-desk.ts'

type DeskParts = Omit<ConstructorParameters<typeof VerdictDesk>[0], 'kept' | 'contact' | 'view'>

export type OwnPage = {
  readonly kind: 'page'
  /** The lane's requests to the hub, listened to. */
  readonly ask: World['ask']
  readonly view: LocalView
  /** Shown also while the hub answers: it names no plate. */
  readonly gauge: Gauge
  /** Also where no page is served: an earlier run may have left some. */
  readonly kept: KeptVerdicts
  /** Lets verdicts be given, now that the lane knows what it signs and seals with. */
  readonly openDesk: (parts: DeskParts) => void
  /** Null where no page is served. */
  readonly port: number | null
  readonly close: () => void
}

/** Opens the page on a port of 127.0.0.1; without one the lane has none. */
export async function openOwnPage(
  { window: port, directory }: Pick<LaneSettings, 'window' | 'directory'>,
  { lane }: Pick<Device, 'lane'>,
  { ask, clock, files }: Pick<World, 'ask' | 'clock' | 'files'>,
): Promise<OwnPage | WindowRefusal> {
  const view = new LocalView()
  const kept = await openKeptVerdicts(path.join(directory, verdictsName), files)
  const gauge = new Gauge()
  const common = { kind: 'page', view, gauge, kept } as const
  if (port === undefined)
    return { ...common, ask, port: null, openDesk: () => undefined, close: () => undefined }
  const contact = new Contact(clock)
  let desk: VerdictDesk | null = null
  const serving = await serveWindow(port, {
    ...{ lane: lane.id, contact, view, kept },
    gauge: () => gauge.figures(clock.monotonicMs()),
    desk: () => desk,
  })
  if (serving.kind === 'refused') return serving
  return {
    ...common,
    ask: contact.listen(ask),
    openDesk: (parts) => {
      desk = new VerdictDesk({ ...parts, kept, contact, view })
    },
    ...serving.window,
  }
}
