/**
 * A grant as a Cedar policy (specs/policy.md): the text that is signed, evaluated and shown. One
 * permit a version; what it does not say stays refused.
 */

import type { Grant, GrantTerms } from './grant.ts'

/** The id under which decisions name a version of a grant. */
export function grantPolicyId({ id, version }: Pick<Grant, 'id' | 'version'>): string {
  return `grant/${id}/${version}`
}

/** The Cedar text of a grant's version. */
export function grantPolicyText(grant: Pick<Grant, 'id' | 'version' | 'terms'>): string {
  const { terms } = grant
  return [
    `@id(${quote(grantPolicyId(grant))})`,
    `@basis(${quote(terms.basis)})`,
    'permit (',
    '  principal is Sallyport::Person,',
    '  action == Sallyport::Action::"view",',
    '  resource is Sallyport::Capture',
    ')',
    'when { principal.party_kind != "agency" }',
    `when { principal.party == Sallyport::Party::${quote(terms.party)} }`,
    `when { context has grant && context.grant == ${quote(grant.id)} }`,
    `when { context.purpose == ${quote(terms.purpose)} }`,
    `when { ${list(terms.ports)}.contains(resource.port) }`,
    ...(terms.lanes === 'all' ? [] : [`when { ${list(terms.lanes)}.contains(resource.lane) }`]),
    `when { ${list(terms.views)}.contains(context.view) }`,
    ...hoursClauses(terms),
    'when {',
    `  context.now >= datetime(${quote(terms.from.toISOString())}) &&`,
    `  context.now < datetime(${quote(terms.until.toISOString())})`,
    '}',
    `when { context.pictures_today + 1 <= ${terms.picturesPerDay} }`,
    `when { context.bytes_today + resource.bytes <= ${terms.bytesPerDay} };`,
    '',
  ].join('\n')
}

function hoursClauses({ hours }: GrantTerms): readonly string[] {
  if (hours === null) return []
  return [
    `when { ${list(hours.days)}.contains(context.weekday) }`,
    `when { context.minute >= ${hours.from} && context.minute < ${hours.to} }`,
  ]
}

function list(values: readonly string[]): string {
  return `[${values.map(quote).join(', ')}]`
}

/** A Cedar string: JSON's escapes of quote, backslash and control characters, but `\u{…}` for the rest. */
function quote(text: string): string {
  return `"${text.replaceAll(/["\\\p{Cc}]/gu, escape)}"`
}

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
