/** What a sign says, made of what is in force: nothing on it is written by hand. Pure. */

import { contactWords, type Language } from '@sallyport/core/language'

import type { Period, Sign } from './sign-types.ts'

export type SignText = {
  readonly title: string
  readonly points: readonly string[]
  readonly keptTitle: string
  readonly kept: readonly { readonly what: string; readonly how: string }[]
  readonly keptNote: string | null
  readonly askTitle: string
  readonly ask: string
}

export function signText(sign: Sign, language: Language): SignText {
  const words = texts[language]
  const facesOn = sign.faces.kind === 'on'
  const classes = sign.retention.classes.filter((one) => facesOn || one.class !== 'face')
  return {
    title: words.title(sign.port.name),
    points: [
      words.plates,
      sign.watched_plates > 0 ? words.watched : words.notWatched,
      ...(facesOn
        ? [
            sign.basis === null || sign.faces.why === 'border'
              ? words.facesBorder
              : words.facesBasis(sign.basis.document, sign.basis.responsible),
            ...(sign.frequent_rules > 0 ? [words.frequent] : []),
            words.optOut,
            ...(sign.age_min > 0 ? [words.children(sign.age_min)] : []),
          ]
        : [words.facesOff]),
      words.people,
    ],
    keptTitle: words.keptTitle,
    kept: classes.map((one) => ({
      what: words.classes[one.class],
      how: periods(one.usual, one.longest, language),
    })),
    keptNote: sign.retention.policy === null ? words.noPolicy : null,
    askTitle: words.askTitle,
    ask: contactWords(sign.contact, language),
  }
}

function periods(usual: Period, longest: Period, language: Language): string {
  const [most, often] = [periodWords(longest, language), periodWords(usual, language)]
  return most === often ? often : texts[language].upTo(often, most)
}

function periodWords(period: Period, language: Language): string {
  const { hour, day } = texts[language]
  if (period?.hours !== undefined) return `${period.hours} ${hour(period.hours)}`
  return period?.days === undefined ? '–' : `${period.days} ${day(period.days)}`
}

const texts = {
  en: {
    title: (port: string) => `${port}: pictures are taken here`,
    plates: 'Vehicles are photographed and their plates are read.',
    watched: 'Plates are compared with a list of plates that are looked for.',
    notWatched: 'No list of plates is looked for at this moment.',
    facesOff: 'Faces are not compared here.',
    facesBorder:
      'Faces may be compared with the documents of expected travellers and with photographs of people who are looked for.',
    facesBasis: (document: string, who: string) =>
      `Faces may be compared with those expected and with people who are looked for, on the ground of: ${document} (${who}).`,
    frequent:
      'Of people who cross here often at certain hours the photograph of an earlier list is used again at those hours. Whoever declined is left out for two months.',
    optOut:
      'You may decline the comparison of your face: tell the officer. It costs you nothing, and your document is checked by eye.',
    children: (age: number) => `Faces of children known to be under ${age} are not compared.`,
    people: 'People decide, by name. No machine refuses entry or detains anybody.',
    keptTitle: 'How long it is kept, encrypted',
    classes: {
      scene: 'Pictures of vehicles',
      plate: 'Pictures of plates',
      face: 'Faces',
      reads: 'What was read',
    },
    upTo: (usual: string, longest: string) => `usually ${usual}, at most ${longest}`,
    noPolicy: 'No period was chosen yet: nothing is deleted by itself.',
    askTitle: 'To know what is held of you, or to complain',
    hour: (n: number) => (n === 1 ? 'hour' : 'hours'),
    day: (n: number) => (n === 1 ? 'day' : 'days'),
  },
  es: {
    title: (port: string) => `${port}: aquí se toman imágenes`,
    plates: 'Se fotografían los vehículos y se leen sus placas.',
    watched: 'Las placas se comparan con una lista de placas buscadas.',
    notWatched: 'En este momento no se busca ninguna lista de placas.',
    facesOff: 'Aquí no se comparan rostros.',
    facesBorder:
      'Los rostros pueden compararse con los documentos de los viajeros esperados y con fotografías de personas buscadas.',
    facesBasis: (document: string, who: string) =>
      `Los rostros pueden compararse con los de las personas esperadas y con los de personas buscadas, en virtud de: ${document} (${who}).`,
    frequent:
      'De quienes cruzan aquí a menudo a ciertas horas se vuelve a usar, en esas horas, la fotografía de una lista anterior. Quien lo haya rechazado queda excluido durante dos meses.',
    optOut:
      'Usted puede rechazar la comparación de su rostro: dígaselo al agente. No le cuesta nada; su documento se revisa a simple vista.',
    children: (age: number) =>
      `No se comparan los rostros de niños de quienes se sabe que tienen menos de ${age} años.`,
    people: 'Deciden personas, con su nombre. Ninguna máquina niega la entrada ni retiene a nadie.',
    keptTitle: 'Cuánto tiempo se conserva, cifrado',
    classes: {
      scene: 'Imágenes de vehículos',
      plate: 'Imágenes de placas',
      face: 'Rostros',
      reads: 'Lo que se leyó',
    },
    upTo: (usual: string, longest: string) => `normalmente ${usual}, como máximo ${longest}`,
    noPolicy: 'Aún no se ha elegido un plazo: nada se borra por sí solo.',
    askTitle: 'Para saber qué se conserva de usted, o para reclamar',
    hour: (n: number) => (n === 1 ? 'hora' : 'horas'),
    day: (n: number) => (n === 1 ? 'día' : 'días'),
  },
  fr: {
    title: (port: string) => `${port} : des images sont prises ici`,
    plates: 'Les véhicules sont photographiés et leurs plaques sont lues.',
    watched: 'Les plaques sont comparées à une liste de plaques recherchées.',
    notWatched: 'Aucune liste de plaques n’est recherchée en ce moment.',
    facesOff: 'Les visages ne sont pas comparés ici.',
    facesBorder:
      'Les visages peuvent être comparés aux documents des voyageurs attendus et aux photographies de personnes recherchées.',
    facesBasis: (document: string, who: string) =>
      `Les visages peuvent être comparés à ceux des personnes attendues et des personnes recherchées, sur le fondement de : ${document} (${who}).`,
    frequent:
      'Pour les personnes qui passent souvent ici à certaines heures, la photographie d’une liste antérieure est réutilisée à ces heures. Qui a refusé en est exclu pendant deux mois.',
    optOut:
      'Vous pouvez refuser la comparaison de votre visage : dites-le à l’agent. Cela ne vous coûte rien ; votre document est contrôlé à l’œil.',
    children: (age: number) =>
      `Les visages d’enfants que l’on sait âgés de moins de ${age} ans ne sont pas comparés.`,
    people:
      'Des personnes décident, nommément. Aucune machine ne refuse l’entrée ni ne retient quiconque.',
    keptTitle: 'Combien de temps c’est conservé, chiffré',
    classes: {
      scene: 'Images de véhicules',
      plate: 'Images de plaques',
      face: 'Visages',
      reads: 'Ce qui a été lu',
    },
    upTo: (usual: string, longest: string) => `d’habitude ${usual}, au plus ${longest}`,
    noPolicy: 'Aucune durée n’a encore été choisie : rien n’est effacé de soi-même.',
    askTitle: 'Pour savoir ce qui est conservé de vous, ou pour vous plaindre',
    hour: (n: number) => (n === 1 ? 'heure' : 'heures'),
    day: (n: number) => (n === 1 ? 'jour' : 'jours'),
  },
} as const
