/** Settings of the agency's own sign-in. */

import { roles } from '@sallyport/core/opening'
import { z } from 'zod'

import { isLoopback } from '../loopback.ts'

const text = z.string().trim().min(1).max(200)

export const signInSettings = {
  /** The provider's issuer, exactly as it names itself: `https://login.agency.example`. Absent: none. */
  signInIssuer: z.url({ protocol: /^https?$/ }).optional(),
  /** What the provider calls this hub. */
  signInClient: text.optional(),
  /** Absent for a public client; PKCE stands in any case. */
  signInSecret: z.string().min(1).max(2_000).optional(),
  /** What people call it, on the button. */
  signInName: z.string().trim().min(1).max(60).default('the agency’s account'),
  signInScopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))
    .max(20)
    .default(['openid', 'profile']),
  /** The provider asks the person anew each time: who left it signed in at a shared desk lets nobody in here. */
  signInAgain: z.boolean().default(true),
  /** Who may do what: a value of a claim, and what it is worth. Nobody else is let in. */
  signInPeople: z
    .array(
      z.strictObject({
        claim: text,
        value: text,
        roles: z.array(z.enum(roles)).default([]),
        party: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
          .default('agency'),
        unit: z.string().trim().max(80).default(''),
      }),
    )
    .max(200)
    .default([]),
} as const

type Given = z.output<z.ZodObject<typeof signInSettings>>

/** Adds what is wrong between them. */
export function checkSignIn(settings: Given, context: z.RefinementCtx): void {
  const issue = (key: keyof Given, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message })
  const { signInIssuer: issuer } = settings
  if (issuer === undefined) {
    if (settings.signInClient !== undefined || settings.signInPeople.length > 0)
      issue('signInIssuer', 'the other settings of sign_in_ mean nothing without it')
    return
  }
  if (issuer.startsWith('http:') && !isLoopback(new URL(issuer).hostname))
    issue('signInIssuer', 'a provider elsewhere than on this machine needs https')
  if (settings.signInClient === undefined)
    issue('signInClient', 'sign_in_issuer needs it: what the provider calls this hub')
  if (settings.signInPeople.length === 0)
    issue('signInPeople', 'without it nobody is let in: name a claim, a value and roles')
  if (!settings.signInScopes.includes('openid'))
    issue('signInScopes', '"openid" must be among them')
  for (const { party, roles: given, value } of settings.signInPeople)
    if ((party === 'agency') !== given.length > 0)
      issue('signInPeople', `"${value}": the agency’s people have roles, a contractor’s have none`)
}
