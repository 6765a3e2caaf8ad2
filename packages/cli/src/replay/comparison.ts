/** Words of the result: what was drawn how, what happened when, and 2019 beside both systems. */

import type { ReplayResult } from '@sallyport/hub/api/replay-schemas'

import { suspectedAt } from './aftermath.ts'
import { figuresOf, type Measured } from './figures.ts'
import { limits } from './limits.ts'
import { dayAt, webOf } from './plan.ts'

const n = (value: number) => value.toLocaleString('en-US')
const seconds = (ms: number) => (ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** What is not as large, or not as real, as it was. */
export function drawnWords(scale: number): readonly string[] {
  return [
    ...(scale === 1 ? [] : [`People, crossings and pictures: one in ${scale}.`]),
    `Pictures are drawn. ${webOf(scale)} crossings are drawn at full size (1280 × 720 and the plate); the bodies of all others are small JPEGs, ${limits.stubsDrawn} drawings of each class, each stored one with its own number.`,
    'Templates are numbers at full length, drawn for each person and varied at each crossing; no face was described.',
    'Every picture is sealed by itself, every crossing signed and chained, checked, stored, and in the log; lanes hand bundles over in the hub’s own process, without HTTP, and the hub commits them in its own batches.',
    'Time is told: the hub’s clock stands where the story is. Durations are measured.',
    'A retention of two years is chosen, so that nothing has been shredded when it comes out: with periods as short as the pilot promised there would be less.',
    'The legacy crossing is a model for this replay alone. No lane and no hub can be switched to it.',
    'That the contractor reports on the day it learns is our story; nobody can be made to. What is found on the web names it all the same.',
  ]
}

export function timelineOf(measured: Measured): ReplayResult['timeline'] {
  const figures = figuresOf(measured)
  const { legacy, sealed, leaks, scope, contain } = figures
  const { forged } = measured.weeks
  const first = limits.visits[0]
  const last = limits.visits.at(-1) ?? first
  const at = (date: Date) => date.toISOString()
  const raised = (kind: string) => figures.alarms.find((one) => one.kind === kind)?.raised ?? 0
  const media = raised('media_inserted')
  return [
    {
      at: at(dayAt(first, limits.closes)),
      legacy:
        'A technician on a work order opens the enclosure and copies the recorders to a USB drive. Nothing notes it.',
      sallyport: `The same drive gets what the lanes hold: sealed bundles.${media === 0 ? '' : ' The lane signs that a drive was plugged in, and the alarm is raised.'} Originals are shown one by one, each agreed to by a second person; the rest is refused.`,
    },
    {
      at: at(dayAt(last, limits.closes)),
      legacy: `After ${limits.visits.length} visits ${n(legacy.left)} pictures are on the drive.`,
      sallyport: `After ${limits.visits.length} visits ${n(sealed.on_drive)} sealed pictures are on the drive, and ${n(sealed.tapped)} were heard on the lanes’ network; ${n(sealed.shown)} were shown.`,
    },
    {
      at: at(dayAt(limits.days, 1)),
      legacy: 'The drive is copied to the company’s network, which is broken into.',
      sallyport: `A crossing signed with the copied device key is ${forged === 'taken' ? 'taken' : `refused (${forged})`}.`,
    },
    {
      at: at(suspectedAt),
      legacy: `The dump is public. ${n(legacy.readable)} of ${n(legacy.recorded)} pictures decode. Nobody can say whose they are, or who took them.`,
      sallyport: `The report reaches the agency: alarm, incident, scope in ${seconds(scope.ms)}, everything cut off in ${seconds(contain.ms)}. ${n(leaks.found)} of ${n(leaks.planted)} pictures from the web are found, ${n(leaks.attributed)} name the opening and the party.`,
    },
  ]
}

export function comparisonOf(measured: Measured): ReplayResult['comparison'] {
  const { passed, legacy, sealed, alarms, scope, contain, notices, leaks } = figuresOf(measured)
  const raised = alarms.reduce((sum, one) => sum + one.raised, 0)
  const owed = notices.rules.filter((one) => one.owed !== 'no')
  const inClear = scope.grades['released_in_clear']
  return [
    {
      question: 'How many pictures left?',
      reported: 'First fewer than 100,000 people, a year later about 184,000 pictures',
      legacy: `${n(legacy.left)}, counted in the dump`,
      sallyport: `${n(sealed.on_drive)} sealed on the drive and ${n(sealed.tapped)} heard on the network; ${n(sealed.shown)} shown under a grant`,
    },
    {
      question: 'How many can be read?',
      reported: 'All of them: the drive was not encrypted',
      legacy: `${n(legacy.readable)} of ${n(legacy.recorded)}`,
      sallyport: `${n(sealed.readable)}: the ${n(sealed.shown)} that were shown, and ${n(sealed.opened_by_thieves)} others`,
    },
    {
      question: 'Of how many people?',
      reported: 'About 100,000 after de-duplication',
      legacy: 'Not known: the dump has no records',
      sallyport: `In clear ${n(inClear?.people.low ?? 0)} to ${n(inClear?.people.high ?? 0)}; in all that passed ${n(passed.people_by_records.low)} to ${n(passed.people_by_records.high)} by the records (${n(passed.people)} were drawn)`,
    },
    {
      question: 'At how many ports, on how many days?',
      reported: 'One land port, a few lanes, about six weeks',
      legacy: 'Not known from the dump',
      sallyport: `${passed.ports} port, ${passed.days} days`,
    },
    {
      question: 'What raised an alarm?',
      reported: 'Nothing',
      legacy: 'Nothing can',
      sallyport: `${raised}: ${alarms.map(({ kind, raised: times }) => `${kind.replaceAll('_', ' ')} ${times}`).join(', ')}`,
    },
    {
      question: 'When did the agency learn of it?',
      reported: '18 days after its contractor',
      legacy: 'When somebody tells',
      sallyport: 'With the report of the contractor, which needs no account, the same minute',
    },
    {
      question: 'How long did it take to say how far it went?',
      reported: 'Months; the numbers changed twice',
      legacy: 'No records to count',
      sallyport: `${seconds(scope.ms)} from a hub just started (${seconds(scope.counted_ms)} of it counting)`,
    },
    {
      question: 'Is it a major incident (100,000 people)?',
      reported: 'It hung on the count',
      legacy: 'Not known',
      sallyport:
        scope.lines.find(({ line }) => line === 'us_major_incident')?.side.replaceAll('_', ' ') ??
        '',
    },
    {
      question: 'How was it stopped?',
      reported: 'The contractor was suspended seven weeks later',
      legacy: 'The enclosure is locked again',
      sallyport: `${contain.steps} steps in one request, confirmed by every part after ${seconds(contain.ms)}`,
    },
    {
      question: 'Who had to be told, by when?',
      reported: 'Told late, and in stages',
      legacy: 'Nobody can be named',
      sallyport: `${owed.length} of ${notices.rules.length} notices may be owed, the first by ${owed[0]?.due_at.slice(0, 16).replace('T', ' ') ?? '–'} UTC`,
    },
    {
      question: 'Whose copies are on the web?',
      reported: 'At least 19, found by others; first said to be none',
      legacy: 'The pictures say nothing of who had them',
      sallyport: `${leaks.found} of ${leaks.planted} found among ${leaks.planted + leaks.foreign} files, ${leaks.attributed} with the opening and the party, ${leaks.false_findings} false`,
    },
  ]
}
