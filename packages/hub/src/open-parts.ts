/** Puts the parts of a hub together, in the order in which they need each other. */

import { randomInt } from 'node:crypto'
import path from 'node:path'

import { epochEnds } from '@sallyport/store/epoch-ends'
import { epochRotations } from '@sallyport/store/epoch-rotations'
import type { Db } from '@sallyport/store/postgres/database'
import { PlateReaderPool } from '@sallyport/vision/pool'

import { createAlarms } from './alarms.ts'
import { createAnnouncer } from './announce.ts'
import type { HubParts } from './api/context.ts'
import { replayFileName } from './api/replay-schemas.ts'
import { createCandidateEvaluations } from './candidates/evaluations.ts'
import { faceInService } from './candidates/face-service.ts'
import { brokerOf, openBroker } from './delivery/configured-broker.ts'
import { createDeliveries } from './delivery/deliveries.ts'
import { settleBroker } from './delivery/subscriptions.ts'
import { ranges } from './delivery/targets.ts'
import { createEpochEnds } from './epoch-ends.ts'
import { openEpochKeys } from './epoch-keys.ts'
import { epochHistory, rotateEpochs } from './epoch-rotations.ts'
import { createEvaluations } from './evaluations.ts'
import { createFaces } from './faces/faces.ts'
import { createFrequentGalleries } from './faces/frequent-galleries.ts'
import { createFrequentRules } from './faces/frequent-rules.ts'
import { createGalleries } from './faces/galleries.ts'
import { openFaces } from './faces/open-faces.ts'
import { createVaultCalibrations } from './faces/vault-calibrations.ts'
import { openHubClock } from './hub-clock.ts'
import type { HubOptions } from './hub.ts'
import { newId } from './ids.ts'
import { recoverSteps } from './incidents/containment.ts'
import { recoverIncidents } from './incidents/incidents.ts'
import { createMonths } from './incidents/months.ts'
import { recoverNotices } from './incidents/notices.ts'
import { recoverScopes } from './incidents/scopes.ts'
import { createIntake } from './intake/intake.ts'
import { startOldHeaders } from './keystore/old-headers.ts'
import { openHubKeystore } from './keystore/open-hub-keystore.ts'
import { createLeaks } from './leaks/leaks.ts'
import { limits } from './limits.ts'
import { createMarker } from './marking/marker.ts'
import { openRecords } from './open-records.ts'
import { createPolicy } from './policy/policy.ts'
import { createReaderDesk } from './reader/desk.ts'
import { createReleases } from './releases/releases.ts'
import { reportWords } from './report-words.ts'
import { createRetention } from './retention/retention.ts'
import { createReviews } from './reviews.ts'
import { candidateOpeners } from './sandbox/candidate.ts'
import type { HubSettings } from './settings.ts'
import { createProvider } from './sign-in/provider.ts'
import { createStays } from './stays/stays.ts'
import { finishUnfinished } from './unfinished.ts'
import { createTravellers } from './watch/travellers.ts'
import { openWatchList } from './watch/watch-list.ts'
import { createFaceBasis } from './window/face-basis.ts'
import { createHandovers } from './window/handovers.ts'
import { createWindow } from './window/window.ts'

/** Ends what was opened, newest first. */
type Undo = (() => Promise<void>)[]

/** Opens everything that a hub serves with, recovered from its last end. `undo` gets what closes it. */
export async function openParts(
  options: HubOptions,
  data: string,
  db: Db,
  undo: Undo,
): Promise<HubParts> {
  const { settings } = options
  const records = await openRecords(options, data, db, undo)
  const { context, port, keys, onAlarm, isRestored, ...rest } = records
  const alarms = createAlarms(context)
  onAlarm((kind, detail) => alarms.raise(kind, {}, detail))
  const announcer = createAnnouncer(context)
  undo.push(() => announcer.drain())
  const watch = await openWatchList(context)
  undo.push(() => watch.drain())
  const origin = originOf(settings)
  const deliveries = createDeliveries({
    ...context,
    alarms,
    agencySeed: keys.agency.seed,
    origin: { logOrigin: settings.logOrigin, port: port.id, hub: origin },
    allowed: ranges(settings.privateTargets),
    broker: openBroker(settings, port.id),
  })
  undo.push(() => deliveries.stop())
  const keks = await openHubKeystore(path.join(data, 'keys'), settings, records.context)
  undo.push(() => keks.keystore.close())
  const openedFaces = await openFaces(settings)
  if (openedFaces !== null)
    undo.push(async () => {
      await openedFaces.matching.desk.closeAll()
      await openedFaces.matching.sought.close()
      await openedFaces.reader.close()
    })
  const faces = createFaces(
    {
      ...context,
      here: () => basis.here(),
      shred: () =>
        void retention
          .run()
          .catch((error: unknown) => context.report(`retention: ${reportWords(error)}`)),
      optedOut: () => frequentGalleries.leaveOut(),
    },
    openedFaces?.matching ?? null,
  )
  undo.push(() => faces.drain())
  const enrolment = { ...context, faces, keks, port, ageMin: settings.facesAgeMin }
  const galleries = createGalleries(enrolment, openedFaces)
  const frequentRules = createFrequentRules({
    ...enrolment,
    ended: () => frequentGalleries.endWithoutRule(),
  })
  const byRules = { ...enrolment, galleries, rules: frequentRules }
  const frequentGalleries = createFrequentGalleries(byRules, openedFaces)
  const travellers = createTravellers(enrolment, openedFaces)
  const vaultCalibrations = createVaultCalibrations({
    ...enrolment,
    agencySeed: keys.agency.seed,
    logOrigin: settings.logOrigin,
  })
  const intake = createIntake({
    ...context,
    keks,
    alarms,
    watch,
    faces,
    deliveries,
    sampling: { oneIn: settings.reviewSample, chance: () => randomInt(2 ** 32) / 2 ** 32 },
    accepted: (ids) => {
      deliveries.poke()
      announcer.crossings(ids)
      watch.announce()
      faces.announce()
      stays.poke()
    },
  })
  undo.push(() => intake.drain())
  const stays = createStays({ ...context, zone: port.zone, rules: settings.stayRules })
  undo.push(() => stays.drain())
  const reviews = createReviews({
    ...context,
    changed: (id) => {
      announcer.verdict(id)
      watch.reconsider(id)
      stays.reconsider(id)
    },
  })
  const basis = createFaceBasis({
    ...context,
    site: settings.siteType,
    switchedOn: settings.faces !== 'off',
  })
  const decided = (id: string): void => stays.reconsider(id)
  const window = createWindow({ ...context, alarms, faces, decided })
  const handovers = createHandovers(context)
  const over = await epochEnds(db, port.id)
  const epochs = await openEpochKeys(
    path.join(data, 'keys'),
    port.id,
    keys.agency,
    epochHistory(over, await epochRotations(db, port.id)),
  )
  // Rotations that the backup does not know would keep lanes from every announcement of this hub.
  if (isRestored)
    await rotateEpochs(
      { id: newId(), at: context.now(), why: 'restored' },
      { ...context, epochs, port },
    )
  const clock = await openHubClock({ ...context, steady: options.steady })
  const ends = createEpochEnds({ ...context, epochs, keks, port, clock }, over)
  const months = createMonths(path.join(data, 'months'), { ...context, port })
  undo.push(() => months.stop())
  const retention = createRetention({
    ...context,
    port,
    keks,
    intake,
    readsErased: () => {
      stays.poke()
      months.upkeep()
    },
  })
  undo.push(() => retention.stop())
  const desk = createReaderDesk(() =>
    PlateReaderPool.open({
      workers: settings.readerThreads,
      queueMax: limits.readerWaitingMax,
      lateMs: limits.readerLateMs,
    }),
  )
  undo.push(() => desk.close())
  const marker = createMarker(path.join(data, 'keys', 'marks'))
  undo.push(() => marker.close())
  const policy = createPolicy({ ...context, zone: port.zone })
  const opening = { ...context, desk, marker, policy, epochs, keks, port }
  const evaluations = createEvaluations({ ...opening, openReader: () => PlateReaderPool.open() })
  undo.push(() => evaluations.stop())
  const candidates = createCandidateEvaluations({
    ...opening,
    open: candidateOpeners,
    faceService: () => faceInService(faces, settings),
  })
  undo.push(() => candidates.stop())
  const releases = createReleases(
    { ...context, desk, marker, policy, epochs, keks, port, keys, draw: options.draw ?? null },
    alarms,
  )
  undo.push(() => releases.stop())
  const leaks = createLeaks({
    ...opening,
    faces: openedFaces,
    markKeys: () => marker.keys(context.now()),
  })
  undo.push(() => leaks.close())

  // What a crash left is finished in the order in which it is written: what was stored, then what follows.
  await finishUnfinished(context)
  await intake.recover()
  await reviews.recover()
  await window.recover()
  await handovers.recover()
  await basis.recover()
  await watch.recover()
  await frequentRules.recover()
  const believed = clock.doubt() === null
  await galleries.upkeep(believed)
  await frequentGalleries.upkeep(believed)
  await travellers.upkeep(believed)
  await faces.upkeep()
  await stays.start()
  await retention.recover()
  await recoverScopes({ ...context, port })
  await recoverIncidents(context)
  await recoverNotices(context)
  await recoverSteps({ ...context, epochs, ends, policy, port, clock })
  await settleBroker(brokerOf(settings), context)
  await evaluations.recover()
  await candidates.recover()
  await releases.recover()
  undo.push(startOldHeaders({ ...context, epochs, keks, port }))

  const { synthetic } = settings
  const services = {
    alarms,
    candidates,
    deliveries,
    desk,
    evaluations,
    faces,
    frequentGalleries,
    frequentRules,
    galleries,
    intake,
    leaks,
    matching: openedFaces?.matching ?? null,
    months,
    policy,
    releases,
    retention,
    reviews,
    stays,
    travellers,
    vaultCalibrations,
    watch,
    window,
    handovers,
    basis,
    pictureLane: settings.pictureLane ?? null,
    replayFile: path.join(data, replayFileName),
    signs: { ageMin: settings.facesAgeMin, contact: settings.contact ?? null },
  }
  return {
    ...context,
    ...rest,
    ...services,
    marker,
    keys,
    keks,
    epochs,
    ends,
    clock,
    port,
    provider: createProvider(settings, { ...context, origin }),
    synthetic,
    origin,
  }
}

/** Scheme, host and port that people use; IPv6 in brackets. */
function originOf({ publicUrl, host, port }: HubSettings): string {
  const name = host.includes(':') ? `[${host}]` : host
  return publicUrl?.replace(/\/$/, '') ?? `http://${name}:${port}`
}
