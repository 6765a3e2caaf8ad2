/** Notices of an incident: who is owed one by when, their text from the newest scope, and what went out. */

import { createHash, randomBytes } from 'node:crypto'

import { composeNotice, type NoticeText, unreachablePeople } from '@sallyport/core/notices/compose'
import {
  type NoticeLanguage,
  type NoticeRule,
  noticeRules,
  noticesDue,
} from '@sallyport/core/notices/rules'
import type { ScopeDocument } from '@sallyport/core/scope/scope'
import { commit } from '@sallyport/proof/entry'
import { listParties } from '@sallyport/store/grants/parties'
import type { IncidentRow } from '@sallyport/store/incidents/incidents'
import {
  dropNotice,
  insertNotice,
  noteNoticeLogged,
  type NoticeRow,
  noticesOf,
  unloggedNotices,
} from '@sallyport/store/incidents/notices'
import { listScopes } from '@sallyport/store/incidents/scopes'

import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import type { IncidentContext } from './incidents.ts'
import { noticePdf } from './notice-pdf.ts'
import { documentOf } from './scopes.ts'

/** Every duty with its deadline, what was sent, and of whom nobody can be told. */
export async function noticeBoard(incident: IncidentRow, context: IncidentContext) {
  const { db, now } = context
  const scope = await newestScope(incident.id, context)
  const sent = await noticesOf(db, incident.id)
  const clocks = { knownAt: incident.known_at, suspectedAt: incident.suspected_at }
  return {
    scope: scope === null ? null : { id: scope.scope, version: scope.version },
    unreachable: scope === null ? null : unreachablePeople(scope),
    notices: noticesDue(clocks, scope?.result ?? null).map(({ rule, dueAt, owed, reason }) => {
      const done = sent.filter((one) => one.rule === rule.id)
      return {
        rule: rule.id,
        to: rule.to,
        law: rule.law,
        languages: [...rule.languages],
        due_at: dueAt.toISOString(),
        owed,
        reason,
        late: owed === 'yes' && done.length === 0 && dueAt < now(),
        sent: done.map((one) => ({
          version: one.version,
          language: one.language,
          sent_at: one.sent_at.toISOString(),
          sent_to: one.sent_to,
          proof_sha256: one.proof_sha256.toString('hex'),
          pdf_sha256: sentTextOf(one).pdf_sha256 ?? null,
          scope: one.scope,
          log_index: Number(one.log_index),
        })),
      }
    }),
  }
}

/** The text of a notice as it would go out now; null when there is no such rule or language. */
export async function noticeDraft(
  incident: IncidentRow,
  wanted: { readonly rule: string; readonly language: NoticeLanguage },
  context: IncidentContext,
): Promise<NoticeText | null> {
  const rule = ruleOf(wanted.rule)
  if (rule === null || !rule.languages.includes(wanted.language)) return null
  const scope = await newestScope(incident.id, context)
  const agency = (await listParties(context.db)).find(({ kind }) => kind === 'agency')
  return composeNotice(
    rule,
    {
      incident: incident.title,
      agency: agency?.name ?? 'the agency',
      contact:
        agency === undefined || agency.contact === ''
          ? 'the privacy office of the agency'
          : agency.contact,
      suspectedAt: incident.suspected_at,
      knownAt: incident.known_at,
      scope,
    },
    wanted.language,
  )
}

/** Records that a notice went out as it reads now, with what shows it. */
export async function recordSending(
  incident: IncidentRow,
  ask: {
    readonly rule: string
    readonly language: NoticeLanguage
    readonly sentTo: string
    readonly proof: Uint8Array
    readonly account: string
  },
  context: IncidentContext,
): Promise<
  | {
      readonly kind: 'recorded'
      readonly version: number
      readonly logIndex: number
      /** Null where the text is in letters that a PDF here does not have. */
      readonly pdfSha256: string | null
    }
  | Problem
> {
  const { db, journal, now } = context
  const text = await noticeDraft(incident, ask, context)
  if (text === null) return problem('not_found', 'There is no such notice in that language.')
  const pdf = noticePdf(text)
  const pdfSha256 = pdf.kind === 'pdf' ? sha256Of(pdf.bytes).toString('hex') : null
  const sent: SentText = { ...text, ...(pdfSha256 === null ? {} : { pdf_sha256: pdfSha256 }) }
  const scope = await newestScope(incident.id, context)
  const before = (await noticesOf(db, incident.id)).filter((one) => one.rule === ask.rule)
  const row = {
    id: newId(),
    incident: incident.id,
    rule: ask.rule,
    version: (before.at(-1)?.version ?? 0) + 1,
    language: ask.language,
    text: JSON.stringify(sent),
    text_salt: randomBytes(16),
    scope: scope?.scope ?? null,
    sent_at: now(),
    sent_by: ask.account,
    sent_to: ask.sentTo,
    proof_sha256: sha256Of(ask.proof),
    by_salt: randomBytes(16),
    log_from: journal.size(),
    log_index: null,
  }
  if (!(await insertNotice(db, row)))
    return problem('already_exists', 'Somebody recorded one at this moment. Look again.')
  const logIndex = await journal.append({
    v: 1,
    at: row.sent_at.toISOString(),
    kind: 'notice_sent',
    notice: row.id,
    incident: row.incident,
    rule: row.rule,
    version: row.version,
    text: commit(row.text_salt, row.text),
    proof_sha256: row.proof_sha256.toString('hex'),
    by: commit(row.by_salt, row.sent_by),
  })
  await noteNoticeLogged(db, row.id, logIndex)
  return { kind: 'recorded', version: row.version, logIndex, pdfSha256 }
}

/** A notice as a PDF: as it would go out now, or as one of its versions did, to the byte. */
export async function noticeFile(
  incident: IncidentRow,
  wanted: {
    readonly rule: string
    readonly language: NoticeLanguage
    readonly version: number | undefined
  },
  context: IncidentContext,
): Promise<{ readonly kind: 'file'; readonly bytes: Uint8Array } | Problem> {
  const sent =
    wanted.version === undefined
      ? null
      : (await noticesOf(context.db, incident.id)).find(
          ({ rule, version }) => rule === wanted.rule && version === wanted.version,
        )
  const text =
    sent === null
      ? await noticeDraft(incident, wanted, context)
      : sent === undefined
        ? null
        : sentTextOf(sent)
  if (text === null) return problem('not_found', 'There is no such notice.')
  const pdf = noticePdf(text)
  if (pdf.kind === 'unprintable')
    return problem(
      'notice_unprintable',
      `A PDF here has the letters of Western Europe; ${pdf.letter} is not one of them. Print the page instead.`,
    )
  const stated = sent == null ? undefined : sentTextOf(sent).pdf_sha256
  if (stated !== undefined && stated !== sha256Of(pdf.bytes).toString('hex'))
    return problem(
      'notice_laid_out_otherwise',
      'This version of the hub lays the text out otherwise than the one that sent it. The text is unchanged: take it from the evidence pack.',
    )
  return { kind: 'file', bytes: pdf.bytes }
}

/** What the log commits to of a notice that went out. */
type SentText = NoticeText & {
  /** Hex, of the PDF of this text. */
  readonly pdf_sha256?: string
}

/** Written by this hub. */
function sentTextOf({ text }: Pick<NoticeRow, 'text'>): SentText {
  return JSON.parse(text) as SentText
}

function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** The log decides over what a crash left. Call before serving. */
export async function recoverNotices({ db, journal }: IncidentContext): Promise<void> {
  const rows = await unloggedNotices(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const logIndex = await journal.find(
      (entry) => entry.kind === 'notice_sent' && entry.notice === row.id,
      row.log_from,
    )
    if (logIndex === null) await dropNotice(db, row.id)
    else await noteNoticeLogged(db, row.id, logIndex)
  }
}

/** A notice as a page that prints: it loads nothing and runs nothing. */
export function noticePage({ language, letterhead, title, sections }: NoticeText): string {
  const head =
    letterhead === undefined
      ? ''
      : `<header><strong>${escaped(letterhead.name)}</strong><br>${escaped(letterhead.contact)}</header>\n`
  const parts = sections.map(
    ({ heading, text }) => `<h2>${escaped(heading)}</h2>\n<p>${escaped(text)}</p>`,
  )
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>
body { font: 12pt/1.5 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
h1 { font-size: 20pt } h2 { font-size: 13pt; margin: 1.4em 0 0.2em }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } @page { margin: 2.5cm } }
</style></head><body>${head}<h1>${escaped(title)}</h1>
${parts.join('\n')}
</body></html>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function ruleOf(id: string): NoticeRule | null {
  return noticeRules.find((rule) => rule.id === id) ?? null
}

async function newestScope(
  incident: string,
  { db }: Pick<IncidentContext, 'db'>,
): Promise<ScopeDocument | null> {
  const [newest] = await listScopes(db, { incident, limit: 1 })
  return newest === undefined ? null : documentOf(newest)
}
