/** The one place where requests of people under supervision are held, let through or refused. */

import { createHash } from 'node:crypto'

import { supervisionOf } from '@sallyport/store/grants/supervision'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'

import { limits } from '../limits.ts'
import { createSupervisedActs } from '../policy/supervised-acts.ts'
import { supervisedWay } from '../policy/supervised-routes.ts'
import { type Problem, problem } from '../problems.ts'
import { type Env, type HubParts, personOf, type SignedIn } from './context.ts'

/** Gives every request the rule that `signedIn` asks as soon as it knows the person. */
export function withSupervision(parts: HubParts): MiddlewareHandler<Env> {
  const acts = createSupervisedActs(parts)
  return async (context, next) => {
    context.set('supervised', false)
    context.set('supervise', async (person) => {
      if (person.party === 'agency') return null
      if ((await supervisionOf(parts.db, person.party)) === null) return null
      context.set('supervised', true)
      const way = supervisedWay(context.req.method, documentPath(context))
      if (way === 'own' || way === 'picture') return null
      if (way === 'refused') return refusal
      const { pathname, search } = new URL(context.req.url)
      const request = `${context.req.method} ${pathname}${search}`
      if (request.length > limits.supervisedRequestMax) return tooLong
      const body = Buffer.from(await context.req.arrayBuffer())
      const held = await acts.hold(
        {
          account: person.id,
          party: person.party,
          act: way,
          request,
          bodySha256: createHash('sha256').update(body).digest(),
        },
        context.req.raw.signal,
      )
      return held ?? (await stillSignedIn(context, person, parts))
    })
    await next()
  }
}

const refusal = problem(
  'needs_live_approval',
  'Your party works under supervision, and this is not done by its own people meanwhile. Ask a person of the agency to do it.',
)

/** An approval is for a request that was shown to its last character. */
const tooLong = problem(
  'malformed_request',
  `The address is too long to be approved: with its method at most ${limits.supervisedRequestMax} characters are.`,
)

/** Minutes may have passed: an account that was cut off meanwhile does nothing any more. */
async function stillSignedIn(
  context: Context<Env>,
  { id }: SignedIn,
  parts: HubParts,
): Promise<Problem | null> {
  const now = await personOf(context, parts)
  return now?.id === id ? null : problem('not_signed_in', 'Your session ended. Sign in again.')
}

/** The address of the route as the API's document writes it. */
function documentPath(context: Context): string {
  return routePath(context).replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')
}
