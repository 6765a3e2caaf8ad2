/** What a traveller is told in writing about a referral, in plain words. Pure. */

import { contactWords, type Language } from '../language.ts'
import type { ReferralReason } from './window.ts'

export type Explanation = {
  readonly title: string
  readonly why: string
  readonly points: readonly string[]
  readonly referenceTitle: string
  readonly askTitle: string
  readonly ask: string
}

export function explanationText(
  reason: ReferralReason,
  optedOut: boolean,
  contact: string | null,
  language: Language,
): Explanation {
  const words = texts[language]
  return {
    title: words.title,
    why: `${words.because} ${words.reasons[reason]}`,
    points: [
      words.nothingAgainst,
      words.person,
      optedOut ? words.optedOut : words.mayOptOut,
      words.wrong,
    ],
    referenceTitle: words.reference,
    askTitle: words.askTitle,
    ask: contactWords(contact, language),
  }
}

const texts = {
  en: {
    title: 'Why we asked you to come in',
    because: 'An officer asked you to a second conversation. The reason:',
    reasons: {
      look_yourself: 'the officer wanted somebody to compare you and your document without haste.',
      watch_hit:
        'the plate or name may resemble one that is looked for. A machine can be wrong; a person checks.',
      plate_unsure: 'the plate of the vehicle could not be read with certainty.',
      document: 'a document had to be looked at more closely.',
      declaration: 'there was something to declare.',
      random_check: 'you were chosen at random.',
      traveller_asked: 'you asked for it.',
      other: 'another reason, which the officer tells you.',
    },
    nothingAgainst: 'Being asked in says nothing against you.',
    person: 'A person decides, by name, and looks before being shown what any machine found.',
    optedOut:
      'You declined the comparison of your face. No face of you is held, and it costs you nothing.',
    mayOptOut: 'You may decline the comparison of your face at any time; it costs you nothing.',
    wrong:
      'If something about you or your vehicle was wrong, say so: it is corrected, and counted.',
    reference: 'Reference',
    askTitle: 'To know what is held of you, or to complain',
  },
  es: {
    title: 'Por qué le pedimos que pasara',
    because: 'Un agente le pidió una segunda conversación. El motivo:',
    reasons: {
      look_yourself: 'el agente quiso que alguien comparara sin prisa a usted con su documento.',
      watch_hit:
        'la placa o el nombre puede parecerse a uno buscado. Una máquina puede equivocarse; lo comprueba una persona.',
      plate_unsure: 'la placa del vehículo no pudo leerse con certeza.',
      document: 'había que mirar un documento con más detalle.',
      declaration: 'había algo que declarar.',
      random_check: 'fue elegido al azar.',
      traveller_asked: 'usted lo pidió.',
      other: 'otro motivo, que le dice el agente.',
    },
    nothingAgainst: 'Que le pidan pasar no dice nada en su contra.',
    person:
      'Decide una persona, con su nombre, y mira antes de que se le muestre lo que halló una máquina.',
    optedOut:
      'Usted rechazó la comparación de su rostro. No se conserva ningún rostro suyo y no le cuesta nada.',
    mayOptOut: 'Puede rechazar en todo momento la comparación de su rostro; no le cuesta nada.',
    wrong: 'Si algo sobre usted o su vehículo estaba mal, dígalo: se corrige y se cuenta.',
    reference: 'Referencia',
    askTitle: 'Para saber qué se conserva de usted, o para reclamar',
  },
  fr: {
    title: 'Pourquoi nous vous avons demandé d’entrer',
    because: 'Un agent vous a demandé un second entretien. La raison :',
    reasons: {
      look_yourself: 'l’agent souhaitait que quelqu’un vous compare sans hâte à votre document.',
      watch_hit:
        'la plaque ou le nom peut ressembler à l’un de ceux qui sont recherchés. Une machine peut se tromper ; une personne vérifie.',
      plate_unsure: 'la plaque du véhicule n’a pas pu être lue avec certitude.',
      document: 'un document devait être regardé de plus près.',
      declaration: 'il y avait quelque chose à déclarer.',
      random_check: 'vous avez été choisi au hasard.',
      traveller_asked: 'vous l’avez demandé.',
      other: 'une autre raison, que l’agent vous dit.',
    },
    nothingAgainst: 'Être prié d’entrer ne dit rien contre vous.',
    person:
      'Une personne décide, nommément, et regarde avant qu’on lui montre ce qu’une machine a trouvé.',
    optedOut:
      'Vous avez refusé la comparaison de votre visage. Aucun visage de vous n’est conservé, et cela ne vous coûte rien.',
    mayOptOut:
      'Vous pouvez à tout moment refuser la comparaison de votre visage ; cela ne vous coûte rien.',
    wrong:
      'Si quelque chose à votre sujet ou à celui de votre véhicule était faux, dites-le : c’est corrigé, et compté.',
    reference: 'Référence',
    askTitle: 'Pour savoir ce qui est conservé de vous, ou pour vous plaindre',
  },
} as const
