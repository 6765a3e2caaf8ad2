/** `sallyport gallery frequent …`: rules by which those who cross often come together in a gallery. */

import { frequentWords } from '@sallyport/core/faces/frequent-words'
import { frequentRule, frequentRules } from '@sallyport/hub/api/frequent-schemas'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type Rule = z.infer<typeof frequentRule>

const stateWords: Readonly<Record<Rule['state'], string>> = {
  proposed: 'waits for somebody of another unit',
  in_force: 'in force',
  ended: 'ended',
  expired: 'expired',
}

export async function listRules(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({ path: '/v1/frequent-rules', answer: frequentRules })
  note(
    found.rules.length === 0
      ? 'No rule: nobody is looked for because they cross often.'
      : `Hours are those of ${found.zone}.`,
  )
  for (const rule of found.rules) tell(rule, options)
}

export async function proposeRule(
  options: Asking & {
    readonly hours: string
    readonly weekdays: string
    readonly daysBack: string
    readonly crossings: string
    readonly people: string
    readonly reason: string
    readonly expires: string
  },
): Promise<void> {
  const [from, to, ...more] = options.hours.split('-').map(whole)
  if (from === undefined || to === undefined || more.length > 0)
    throw new CommandFailure(
      `${options.hours} are no hours. Write them as 6-9 or 22-2.`,
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  const proposed = await hub.ask({
    method: 'POST',
    path: '/v1/frequent-rules',
    body: {
      weekdays: options.weekdays.split(',').map(whole),
      from_hour: from,
      to_hour: to,
      days_back: whole(options.daysBack),
      crossings: whole(options.crossings),
      people: whole(options.people),
      reason: options.reason,
      expires_at: options.expires,
    },
    answer: frequentRule,
  })
  tell(proposed, options)
  note(`Somebody of another unit agrees: npx sallyport gallery frequent agree ${proposed.id}`)
}

export async function agreeToRule(rule: string, options: Asking): Promise<void> {
  tell(await act(rule, 'agreement', options), options)
}

export async function endRule(rule: string, options: Asking): Promise<void> {
  tell(await act(rule, 'end', options), options)
}

async function act(rule: string, what: 'agreement' | 'end', options: Asking): Promise<Rule> {
  const hub = await openSession(options)
  return hub.ask({
    method: 'POST',
    path: `/v1/frequent-rules/${encodeURIComponent(rule)}/${what}`,
    body: {},
    answer: frequentRule,
  })
}

function tell(rule: Rule, { json }: Asking): void {
  if (json === true) return jsonLine(rule)
  console.log(`${rule.id}  ${stateWords[rule.state]}, until ${rule.expires_at}`)
  console.log(
    `  ${frequentWords({ ...rule, fromHour: rule.from_hour, toHour: rule.to_hour, daysBack: rule.days_back })}`,
  )
  console.log(`  ${rule.reason}`)
  for (const [name, done] of [
    ['proposed', rule.proposed],
    ['agreed', rule.agreed],
    ['ended', rule.ended],
  ] as const)
    if (done !== null) console.log(`  ${name} by ${done.by.name}, ${done.at}`)
  if (rule.gallery !== null)
    console.log(
      `  open until ${rule.gallery.expires_at}: ${rule.gallery.searchable} people, gallery ${rule.gallery.id}`,
    )
}

/** Throws for whatever is no whole number. */
function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text.trim()))
    throw new CommandFailure(`${text} is no whole number.`, exitCodes.wrongUse)
  return Number(text)
}
