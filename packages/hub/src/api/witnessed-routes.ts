/** Witnessed checkpoints for everybody, beside the log itself. */

import { createRoute, z } from '@hono/zod-openapi'
import { smallestQuorum } from '@sallyport/proof/tlog-policy'
import { openingCommitments } from '@sallyport/store/openings'

import { limits } from '../limits.ts'
import { answer, problem } from '../problems.ts'
import { witnessedFile } from '../witness/witnessed-files.ts'
import { type App, type HubParts, json, problems, signedIn } from './context.ts'

/** Before the routes of the log, which take every path below `/log/`. */
export function addWitnessedRoutes(app: App, parts: HubParts): void {
  const { witnessed } = parts
  const none = 'The log has no such file: no witnesses are set, or none has cosigned yet.'
  app.get(`/log/${witnessedFile}`, (context) => {
    const latest = witnessed?.files.latest ?? null
    return latest === null
      ? answer(context, problem('not_found', none))
      : context.text(latest, 200, noteHeaders)
  })
  app.get('/log/witnessed', async (context) => {
    const sizes = (await witnessed?.files.sizes()) ?? []
    return context.text(sizes.map((size) => `${size}\n`).join(''), 200, noteHeaders)
  })
  app.get(`/log/witnessed/:size{[0-9]{1,15}}`, async (context) => {
    const note = (await witnessed?.files.read(Number(context.req.param('size')))) ?? null
    return note === null
      ? answer(context, problem('not_found', none))
      : context.text(note, 200, noteHeaders)
  })
}

/** Who else vouches for the log. Public values: whoever reads them checks the note. */
export const logWitnesses = z
  .object({
    /** False where no policy is set: then the rest is empty. */
    policy: z.boolean(),
    note: z
      .string()
      .nullable()
      .openapi({ description: 'The newest checkpoint that met the quorum, with its cosignatures' }),
    needed: z.int().min(0).openapi({ description: 'Fewest witnesses that can meet the quorum' }),
    witnesses: z.array(
      z.object({
        name: z.string(),
        vkey: z.string(),
        state: z.enum(['current', 'behind', 'away', 'contradicts', 'not_asked']),
        size: z.int().min(0).openapi({ description: 'Entries of the tree that it cosigned' }),
        answered_at: z.iso.datetime().nullable(),
      }),
    ),
  })
  .openapi('LogWitnesses')

/** For people who are signed in: how the hub's witnesses are. */
export function addWitnessStateRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/log/witnesses',
    summary: 'The newest witnessed checkpoint, and how each witness is',
    middleware: [signedIn(parts)] as const,
    responses: { 200: json(logWitnesses, 'As it is now'), ...problems },
  })
  app.openapi(route, (context) => {
    const { witnessed } = parts
    if (witnessed === null)
      return context.json({ policy: false, note: null, needed: 0, witnesses: [] }, 200)
    const { policy, witnessing } = witnessed
    const witnesses = witnessing.state().map(({ witness, state, size, answeredAt }) => ({
      name: witness.name,
      vkey: witness.vkey,
      state,
      size,
      answered_at: answeredAt?.toISOString() ?? null,
    }))
    const needed = smallestQuorum(policy.quorum)
    return context.json(
      { policy: true, note: witnessing.latest()?.note ?? null, needed, witnesses },
      200,
    )
  })
}

const disclosures = z.object({
  disclosures: z.array(
    z.object({
      index: z.int().describe('Log index of the opening'),
      salt: z.string().describe('32 hex digits'),
      account: z.string().describe("SHA-256 of salt and this is the entry's `by`"),
    }),
  ),
  next: z.int().nullable().describe('`from` of the next page'),
})

/** What shows whose an opening was. For statements that somebody opened nothing. */
export function addDisclosureRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/log/disclosures',
    summary: 'What opens the commitments of logged openings to their accounts',
    middleware: [signedIn(parts, ['auditor', 'privacy'])] as const,
    request: {
      query: z.object({
        from: z.coerce.number().int().min(0),
        to: z.coerce.number().int().min(0),
      }),
    },
    responses: { 200: json(disclosures, 'By log index, ascending'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { from, to } = context.req.valid('query')
    const found = await openingCommitments(parts.db, from, to, limits.pageMax)
    const last = found.length < limits.pageMax ? undefined : found.at(-1)
    return context.json(
      {
        disclosures: found.map(({ index, salt, account }) => ({
          index,
          salt: salt.toString('hex'),
          account,
        })),
        next: last === undefined ? null : last.index + 1,
      },
      200,
    )
  })
}

const noteHeaders = { 'cache-control': 'no-cache', 'access-control-allow-origin': '*' }
