/** The languages that signs and explanations are printed in, and the words that both use. */

export const languages = ['en', 'es', 'fr'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  es: 'Español',
  fr: 'Français',
}

/** Day and time as people of that language write them, in the port's zone: paper has no today. */
export function printedInstant(at: string, language: Language, zone: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: zone,
  }).format(new Date(at))
}

/** The contact line, or that the officer names it. */
export function contactWords(contact: string | null, language: Language): string {
  if (contact !== null) return contact
  return {
    en: 'The officer tells you where.',
    es: 'El agente le indica dónde.',
    fr: 'L’agent vous indique où.',
  }[language]
}
