/**
 * Who is expected at the demo: a passenger list of drawn people with the photographs of their documents,
 * made as a supervisor makes one and logged like any other. A third of those who pass are on no list.
 */

import { inviteAccount } from '@sallyport/hub/accounts'
import type { HubParts } from '@sallyport/hub/api/context'
import { importPassengerLists } from '@sallyport/hub/travellers/passenger-lists'
import { documentPhotograph } from '@sallyport/lane/synth/known-people'
import { populationSize } from '@sallyport/lane/synth/people'
import { between, pick, randomFrom } from '@sallyport/lane/synth/random'
import { listAccounts } from '@sallyport/store/accounts'
import { openGalleries } from '@sallyport/store/faces/galleries'

import { note } from '../terminal.ts'

const galleryName = 'Drawn travellers of the demo'
const accountName = 'Set-up of the demo'
const daysOpen = 7
/** So near its end a gallery is not worth keeping. */
const hoursLeftMin = 12
/** Photographs described at once: the hub serves pages meanwhile. */
const photosAtOnce = 4
/** As at a counter: of whom no good picture came out another is taken. */
const photosOfOneMax = 8

const surnames = ['ARDEN', 'BREMOND', 'CASTILHO', 'DRAGAN', 'ELLERY', 'FENWICK', 'GALLI', 'HOLM']
const givenNames = ['ANNA', 'BORIS', 'CARLA', 'DAVID', 'ELENA', 'FELIX', 'GRETA', 'HUGO', 'IRIS']

type Expected = { readonly who: number; readonly document: string; readonly line: string }

/** Makes list and gallery unless one is open; ends early when `signal` is aborted. Never throws. */
export async function expectDrawnPeople(parts: HubParts, signal: AbortSignal): Promise<void> {
  try {
    const now = parts.now()
    const enough = now.getTime() + hoursLeftMin * 3_600_000
    const open = await openGalleries(parts.db)
    if (open.some(({ name, expires_at: end }) => name === galleryName && end.getTime() > enough))
      return
    const people = expectedPeople(now.toISOString())
    const account = await accountOf(parts)
    const gallery = await openGallery(people, account, parts, now)
    const described = await describe(gallery, people, { account, parts, signal })
    if (!signal.aborted)
      note(
        `  ${described} drawn travellers are expected: Lane 1 and the walkway compare faces with them.`,
      )
  } catch (error) {
    note(
      `Nobody is expected at the demo: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

async function accountOf(parts: HubParts): Promise<string> {
  const known = async () => (await listAccounts(parts.db)).find(({ name }) => name === accountName)
  // Its link is shown to nobody: what is done under this name is what stands here.
  if ((await known()) === undefined) await inviteAccount(accountName, ['supervisor'], parts)
  const made = await known()
  if (made === undefined) throw new Error('the account of the set-up is there')
  return made.id
}

/** `booking` differs from list to list: a file that was imported before is refused. */
function expectedPeople(booking: string): readonly Expected[] {
  return Array.from({ length: populationSize }, (_, who) => who)
    .filter((who) => who % 3 !== 2)
    .map((who) => {
      const random = randomFrom(`expected ${who}`)
      const document = `D${String(Math.floor(between(random, 0, 10_000_000))).padStart(7, '0')}`
      const name = `${pick(random, surnames)},${pick(random, givenNames)} ${pick(random, givenNames)}`
      return { who, document, line: `${name},P,${document},UTO,${booking}` }
    })
}

async function openGallery(
  people: readonly Expected[],
  account: string,
  parts: HubParts,
  now: Date,
): Promise<string> {
  const table = [
    'surname,given_names,document_kind,document_number,document_issuer,booking',
    ...people.map(({ line }) => line),
    '',
  ].join('\n')
  const imported = await importPassengerLists(
    {
      file: Buffer.from(table),
      format: 'csv',
      head: {
        transport: 'road',
        reference: 'DEMO',
        departsFrom: null,
        departsAt: null,
        arrivesIn: null,
        arrivesAt: null,
      },
      accepts: people.length,
      account,
    },
    parts,
  )
  const list = imported.kind === 'imported' ? imported.lists[0]?.id : null
  if (list == null) throw new Error(imported.kind === 'problem' ? imported.detail : 'no list')
  const made = await parts.galleries.make({
    kind: 'list',
    list,
    name: galleryName,
    lanes: [],
    direction: 'in',
    opensAt: new Date(now.getTime() - 60_000),
    expiresAt: new Date(now.getTime() + daysOpen * 86_400_000),
    account,
  })
  if (made.kind !== 'made') throw new Error(made.detail)
  return made.id
}

async function describe(
  gallery: string,
  people: readonly Expected[],
  {
    account,
    parts,
    signal,
  }: { readonly account: string; readonly parts: HubParts; readonly signal: AbortSignal },
): Promise<number> {
  let described = 0
  let waiting = people
  for (let take = 0; take < photosOfOneMax && waiting.length > 0; take++) {
    const again: Expected[] = []
    for (let at = 0; at < waiting.length && !signal.aborted; at += photosAtOnce) {
      const some = waiting.slice(at, at + photosAtOnce)
      const photos = await Promise.all(
        some.map(async ({ who, document }) => ({
          name: document,
          bytes: await documentPhotograph(who, take),
        })),
      )
      const taken = await parts.galleries.addPhotos(gallery, photos, account)
      if (taken.kind !== 'taken') throw new Error(taken.detail)
      const done = new Set(
        taken.photos.filter(({ result }) => result === 'described').map(({ name }) => name),
      )
      described += done.size
      again.push(...some.filter(({ document }) => !done.has(document)))
    }
    waiting = again
  }
  return described
}
