/** What a replay of the incident of 2019 came to (docs/replay.md): written by the command, told by the console. */

import { z } from '@hono/zod-openapi'

const instant = z.iso.datetime()
const count = z.int().min(0)
const ms = z.number().min(0)
const interval = z.object({ low: count, high: count })

export const replayFileName = 'replay-2019.json'

export const replayResult = z
  .object({
    version: z.literal(1),
    made_at: instant,
    scale: z.int().min(1).openapi({ description: 'One in so many of the people and pictures' }),
    cores: count,
    load: z.number().openapi({ description: 'Mean load of the machine at the end, one minute' }),
    wall_ms: ms,
    /** What was drawn smaller than it would be, in words. */
    drawn: z.array(z.string()),
    passed: z.object({
      pictures: count,
      people: count,
      templates: count,
      crossings: count,
      ports: count,
      days: count,
      plates: interval,
      people_by_records: interval,
    }),
    legacy: z.object({
      recorded: count,
      left: count,
      readable: count,
      bytes: count,
      alarms: count,
    }),
    sealed: z.object({
      tapped: count.openapi({ description: 'Sealed pictures heard on the lanes’ network' }),
      on_drive: count.openapi({ description: 'Sealed pictures on the USB drive' }),
      vault_bytes: count,
      opened_by_thieves: count.openapi({ description: 'Of all these: opened, or found in clear' }),
      shown: count.openapi({ description: 'Pictures that the grant showed, which can be kept' }),
      readable: count,
      refused: z.record(z.string(), count),
      log_entries: count,
    }),
    alarms: z.array(z.object({ kind: z.string(), raised: count, first_at: instant })),
    scope: z.object({
      id: z.string(),
      ms,
      counted_ms: ms,
      grades: z.record(z.string(), z.object({ pictures: count, people: interval })),
      lines: z.array(z.object({ line: z.string(), people: count, side: z.string() })),
    }),
    contain: z.object({ ms, steps: count, confirmed: z.boolean() }),
    notices: z.object({
      unreachable: interval.nullable(),
      rules: z.array(
        z.object({ rule: z.string(), to: z.string(), due_at: instant, owed: z.string() }),
      ),
    }),
    leaks: z.object({
      ms,
      planted: count,
      foreign: count,
      found: count,
      attributed: count,
      false_findings: count,
      error_probability: z.number().nullable(),
      files: z.array(
        z.object({
          name: z.string(),
          planted: z.boolean(),
          change: z.string(),
          verdict: z.string(),
          attributed: z.boolean(),
        }),
      ),
      statement: z.array(z.string()),
    }),
    sentences: z.array(z.string()),
    timeline: z.array(z.object({ at: instant, legacy: z.string(), sallyport: z.string() })),
    comparison: z.array(
      z.object({
        question: z.string(),
        reported: z.string(),
        legacy: z.string(),
        sallyport: z.string(),
      }),
    ),
  })
  .openapi('ReplayResult')

export type ReplayResult = z.output<typeof replayResult>
