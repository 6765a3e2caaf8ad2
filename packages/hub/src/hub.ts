/** Puts a hub together, and takes it apart again. */

import { mkdir, stat } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:net'
import path from 'node:path'

import { serve } from '@hono/node-server'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { highestReferredLogIndex } from '@sallyport/store/intake'
import { ensurePort, portById } from '@sallyport/store/lanes'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase, serverVersion } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { openVault } from '@sallyport/store/vault/segments'
import { openPlateReader } from '@sallyport/vision/plate-reader'

import { firstLink, type SignInLink } from './accounts.ts'
import { createAlarms } from './alarms.ts'
import { createAnnouncer } from './announce.ts'
import { createApp } from './api/app.ts'
import type { HubParts } from './api/context.ts'
import { brokerAddress, createBroker } from './delivery/broker.ts'
import { createDeliveries } from './delivery/deliveries.ts'
import { settleBroker } from './delivery/subscriptions.ts'
import { ranges } from './delivery/targets.ts'
import { openEpochKeys } from './epoch-keys.ts'
import { createEvaluations } from './evaluations.ts'
import { createEvents, type Events } from './events.ts'
import { newId } from './ids.ts'
import { createIntake } from './intake/intake.ts'
import { createOrigins } from './intake/origins.ts'
import { loadHubKeys } from './keys.ts'
import { limits } from './limits.ts'
import { openHubLog } from './open-log.ts'
import { createReaderDesk } from './reader/desk.ts'
import { createReviews } from './reviews.ts'
import type { HubSettings } from './settings.ts'
import { HubStartError } from './start-error.ts'
import { finishUnfinished } from './unfinished.ts'
import { startUpkeep } from './upkeep.ts'
import { openWatchList } from './watch/watch-list.ts'

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
  /** Progress for people, when a step may take longer than a second. */
  readonly progress?: (step: string) => void
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
    undo.push(await lock(data))
    await expectFreePort(settings)
    const db = await openStore(options, data, undo)
    const parts = await openParts(options, data, db, undo)
    const app = createApp(parts, options.consoleDirectory)
    undo.push(await listen(app.fetch, settings, parts.events))
    undo.push(startUpkeep(parts))
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

/** Told before a database is made for nothing; the hub listens last. */
async function expectFreePort({ host, port }: HubSettings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? reject(portInUse(port)) : reject(error),
    )
    probe.listen(port, host === 'localhost' ? '127.0.0.1' : host, () =>
      probe.close(() => resolve()),
    )
  })
}

function portInUse(port: number): Error {
  return new HubStartError(
    'port_in_use',
    `Port ${port} is in use. End what uses it, or choose another with --port.`,
  )
}

/** One hub to a data directory: two would write two logs under one name. */
async function lock(data: string): Promise<() => Promise<void>> {
  // Passable for the database's own user when the hub runs as root; what is in it is closed.
  await mkdir(data, { recursive: true, mode: 0o711 })
  const locked = lockDirectory(data)
  if (locked.kind === 'refused') {
    const next =
      locked.code === 'directory_in_use'
        ? 'End it first, or choose another directory with --data.'
        : 'Make the directory writable for the hub, or choose another with --data.'
    throw new HubStartError(locked.code, `${locked.detail} ${next}`)
  }
  return async () => locked.release()
}

async function openStore(
  { settings, progress, report }: HubOptions,
  data: string,
  undo: (() => Promise<void>)[],
): Promise<Db> {
  let db: Db
  if (settings.databaseUrl === undefined) {
    const server = await startEmbeddedServer({
      directory: path.join(data, 'db'),
      ...(progress === undefined ? {} : { progress }),
      ...(report === undefined ? {} : { report }),
    })
    undo.push(() => server.stop())
    db = openDatabase(server.address)
  } else {
    db = openDatabase({ kind: 'url', url: settings.databaseUrl })
  }
  undo.push(() => db.destroy())
  await reach(db)
  await migrate(db)
  return db
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

/** A database that is down is told apart from one that refuses the schema. */
async function reach(db: Db): Promise<void> {
  try {
    await serverVersion(db)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HubStartError(
      'database_down',
      `The database does not answer (${reason}). Start it, or check database_url.`,
      { cause: error },
    )
  }
}

async function openParts(
  { settings, now = () => new Date(), report = () => undefined }: HubOptions,
  data: string,
  db: Db,
  undo: (() => Promise<void>)[],
): Promise<HubParts> {
  await ensurePartitions(db, now())
  await ensurePort(db, { ...settings.portOfEntry, created_at: now() })
  const port = await portById(db, settings.portOfEntry.id)
  if (port === null) throw new Error('a port that was just stored is there')
  const keys = await loadHubKeys(
    path.join(data, 'keys'),
    !(await exists(path.join(data, 'log', 'checkpoint'))),
  )
  const { journal, witnessed, onAlarm } = await openHubLog({
    directory: path.join(data, 'log'),
    settings,
    key: keys.log,
    sizeMin: (await highestReferredLogIndex(db)) + 1,
    now,
    report,
    undo,
  })
  const vault = await openVault(path.join(data, 'vault'))
  undo.push(() => vault.close())
  const events = createEvents(now().getTime())
  const context = { db, vault, journal, events, origins: createOrigins(db), now, report }
  const alarms = createAlarms(context)
  onAlarm((kind, detail) => alarms.raise(kind, {}, detail))
  const announcer = createAnnouncer(context)
  undo.push(() => announcer.drain())
  const watch = await openWatchList(context)
  undo.push(() => watch.drain())
  const origin =
    settings.publicUrl?.replace(/\/$/, '') ?? `http://${hostName(settings.host)}:${settings.port}`
  const deliveries = createDeliveries({
    ...context,
    alarms,
    agencySeed: keys.agency.seed,
    origin: { logOrigin: settings.logOrigin, port: port.id, hub: origin },
    allowed: ranges(settings.privateTargets),
    broker:
      settings.mqttUrl === undefined
        ? null
        : createBroker({
            url: settings.mqttUrl,
            topic: settings.mqttTopic,
            port: port.id,
            clientId: `sallyport-hub-${newId().slice(0, 8)}`,
            allowed: ranges(settings.privateTargets),
          }),
  })
  undo.push(() => deliveries.stop())
  const intake = createIntake({
    ...context,
    alarms,
    watch,
    deliveries,
    accepted: (ids) => {
      deliveries.poke()
      announcer.crossings(ids)
      watch.announce()
    },
  })
  undo.push(() => intake.drain())
  await finishUnfinished(context)
  await intake.recover()
  const reviews = createReviews({
    ...context,
    changed: (id) => {
      announcer.verdict(id)
      watch.reconsider(id)
    },
  })
  await reviews.recover()
  await watch.recover()
  await settleBroker(brokerOf(settings), context)

  const desk = createReaderDesk(() => openPlateReader())
  undo.push(() => desk.close())
  const epochs = await openEpochKeys(path.join(data, 'keys'), port.id, keys.agency)
  const evaluations = createEvaluations({
    ...context,
    epochs,
    openReader: () => openPlateReader(),
  })
  undo.push(() => evaluations.stop())
  await evaluations.recover()

  return {
    ...context,
    deliveries,
    desk,
    evaluations,
    intake,
    watch,
    alarms,
    reviews,
    witnessed,
    keys,
    epochs,
    port,
    synthetic: settings.synthetic,
    origin,
  }
}

/** What the broker is for, by the settings; null when there is none. */
function brokerOf({ mqttUrl, mqttTopic, mqttPurpose, mqttPlates }: HubSettings) {
  return mqttUrl === undefined
    ? null
    : { url: brokerAddress(mqttUrl, mqttTopic), purpose: mqttPurpose, plates: mqttPlates }
}

/** A host as it stands in an address: IPv6 in brackets. */
function hostName(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Listens; resolves with the function that ends it. Throws with the address when it is taken. */
async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port }: HubSettings,
  events: Events,
): Promise<() => Promise<void>> {
  const server = await new Promise<Server>((resolve, reject) => {
    // Loopback has two addresses; "localhost" alone would take the one that the resolver names first.
    const started = serve(
      { fetch, hostname: host === 'localhost' ? '127.0.0.1' : host, port },
      () => resolve(started as Server),
    ) as Server
    // Longer than lanes and proxies keep a quiet connection: it is they who close it.
    started.keepAliveTimeout = limits.keepAliveMs
    started.maxConnections = limits.connectionsMax
    started.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error),
    )
  })
  return () =>
    new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), limits.stopMsMax)
      // A connection that falls quiet meanwhile would keep the server waiting.
      const sweep = setInterval(() => server.closeIdleConnections(), 50)
      server.close(() => {
        clearInterval(sweep)
        clearTimeout(timer)
        resolve()
      })
      events.end()
      server.closeIdleConnections()
    })
}
