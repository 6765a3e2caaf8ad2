/** The text of a notice, filled from a scope. Every number in it is one of the scope's. */

import type { Interval, PeopleCount } from '../scope/counts.ts'
import { together } from '../scope/legal-lines.ts'
import type { ScopeDocument } from '../scope/scope.ts'
import type { NoticeLanguage, NoticeRule } from './rules.ts'

export type NoticeText = {
  readonly language: NoticeLanguage
  /** Who writes; notices of before have none. */
  readonly letterhead?: { readonly name: string; readonly contact: string }
  readonly title: string
  readonly sections: readonly { readonly heading: string; readonly text: string }[]
}

export type NoticeFacts = {
  readonly incident: string
  readonly agency: string
  readonly contact: string
  readonly suspectedAt: Date
  readonly knownAt: Date
  /** Null while none was stated. */
  readonly scope: ScopeDocument | null
}

/** The notice of a rule in one language. */
export function composeNotice(
  rule: NoticeRule,
  facts: NoticeFacts,
  language: NoticeLanguage,
): NoticeText {
  const text = rule.letter === 'individual' ? letter(facts, language) : report(rule, facts)
  return { letterhead: { name: facts.agency, contact: facts.contact }, ...text }
}

function report(rule: NoticeRule, facts: NoticeFacts): NoticeText {
  const { scope, suspectedAt, knownAt } = facts
  return {
    language: 'en',
    title: `Notice to: ${rule.to}`,
    sections: [
      { heading: 'Under', text: rule.law },
      {
        heading: 'When',
        text: `First suspected by anyone in the chain ${suspectedAt.toISOString()}; known to ${facts.agency} ${knownAt.toISOString()}.`,
      },
      { heading: 'What was exposed', text: exposure(scope) },
      { heading: 'What is not known', text: unknowns(scope) },
      { heading: 'Contact', text: facts.contact },
      {
        heading: 'How this can be checked',
        text:
          scope === null
            ? 'A scope will follow.'
            : `Scope ${scope.scope}, version ${scope.version}, stated in the log; its bundle reproduces every number.`,
      },
    ],
  }
}

function exposure(scope: ScopeDocument | null): string {
  if (scope === null) return 'It is being counted.'
  const { grades, total } = scope.result
  const clear = grades.released_in_clear
  const device = grades.handled_by_untrusted_device
  return [
    `${clear.pictures} pictures were released in clear, of ${between(clear.people)} people and ${between(clear.plates)} plates.`,
    `${device.pictures} more were taken by a device that was not to be trusted, of ${between(device.people)} people.`,
    `${grades.reachable_not_read.pictures} could have been read and are not known to have been.`,
    `${grades.ciphertext_only.pictures} were copied as ciphertext only.`,
    `They were taken at ${total.ports.join(', ')} at ${total.lanes.length} lanes, on ${total.days.count} days from ${total.days.first ?? 'no day'} to ${total.days.last ?? 'no day'}.`,
  ].join(' ')
}

function unknowns(scope: ScopeDocument | null): string {
  if (scope === null) return 'Everything that a scope would say.'
  const { people } = scope.result.total
  return `${scope.result.assumes.join(' ')} Of ${between(people)} people ${people.identified} are identified; the others cannot be written to.`
}

function between({ low, high }: Interval): string {
  return low === high ? String(low) : `between ${low} and ${high}`
}

type Words = {
  readonly title: string
  readonly happened: readonly [string, (from: string, to: string) => string]
  readonly information: readonly [string, string]
  readonly doing: readonly [string, string]
  readonly youCan: readonly [string, string]
  readonly more: readonly [string, (contact: string) => string]
}

const letterWords: Readonly<Record<NoticeLanguage, Words>> = {
  en: {
    title: 'Notice of Data Breach',
    happened: [
      'What Happened',
      (from, to) =>
        `Pictures taken at a border crossing between ${from} and ${to} were seen by somebody who had no right to them.`,
    ],
    information: [
      'What Information Was Involved',
      'A picture of you or your vehicle, and its number plate. No document number and no payment was involved.',
    ],
    doing: [
      'What We Are Doing',
      'Whoever had access was cut off. Each picture is sealed, and each time one is opened stands in a log that others can check.',
    ],
    youCan: [
      'What You Can Do',
      'You may ask us what we hold about you and who saw it. Be careful with messages that mention your journey.',
    ],
    more: ['For More Information', (contact) => `Write to or call ${contact}.`],
  },
  es: {
    title: 'Aviso de violación de datos',
    happened: [
      'Qué ocurrió',
      (from, to) =>
        `Alguien sin derecho a ello vio imágenes tomadas en un cruce fronterizo entre el ${from} y el ${to}.`,
    ],
    information: [
      'Qué información estuvo involucrada',
      'Una imagen suya o de su vehículo y su matrícula. No se vieron números de documentos ni pagos.',
    ],
    doing: [
      'Qué estamos haciendo',
      'Se retiró el acceso a quien lo tenía. Cada imagen está sellada y cada apertura consta en un registro que otros pueden comprobar.',
    ],
    youCan: [
      'Qué puede hacer usted',
      'Puede preguntarnos qué datos suyos tenemos y quién los vio. Desconfíe de mensajes que mencionen su viaje.',
    ],
    more: ['Para más información', (contact) => `Escriba o llame a ${contact}.`],
  },
  fr: {
    title: 'Avis de violation de données',
    happened: [
      'Ce qui s’est passé',
      (from, to) =>
        `Des images prises à un poste frontière entre le ${from} et le ${to} ont été vues par une personne qui n’y avait pas droit.`,
    ],
    information: [
      'Informations concernées',
      'Une image de vous ou de votre véhicule et sa plaque. Aucun numéro de document ni paiement n’est concerné.',
    ],
    doing: [
      'Ce que nous faisons',
      'L’accès a été coupé. Chaque image est scellée et chaque ouverture figure dans un journal que d’autres peuvent vérifier.',
    ],
    youCan: [
      'Ce que vous pouvez faire',
      'Vous pouvez demander ce que nous détenons sur vous et qui l’a vu. Méfiez-vous des messages qui mentionnent votre voyage.',
    ],
    more: ['Pour en savoir plus', (contact) => `Écrivez ou appelez ${contact}.`],
  },
}

function letter(
  { scope, contact, suspectedAt }: NoticeFacts,
  language: NoticeLanguage,
): NoticeText {
  const words = letterWords[language]
  const days = scope?.result.total.days
  const suspected = suspectedAt.toISOString().slice(0, 10)
  const [happened, say] = words.happened
  return {
    language,
    title: words.title,
    sections: [
      { heading: happened, text: say(days?.first ?? suspected, days?.last ?? suspected) },
      { heading: words.information[0], text: words.information[1] },
      { heading: words.doing[0], text: words.doing[1] },
      { heading: words.youCan[0], text: words.youCan[1] },
      { heading: words.more[0], text: words.more[1](contact) },
    ],
  }
}

/** Of whom nobody can be told: a plate or a face without a name. */
export function unreachablePeople(scope: ScopeDocument): Interval {
  const { released_in_clear: clear, handled_by_untrusted_device: device } = scope.result.grades
  const nameless = ({ plate_only: plates, by_face: faces }: PeopleCount): Interval => ({
    low: Math.max(plates.low, faces?.low ?? 0),
    high: plates.high + (faces?.high ?? 0),
  })
  return together(nameless(clear.people), nameless(device.people))
}
