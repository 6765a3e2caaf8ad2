/** Schemas of passenger lists. */

import { z } from '@hono/zod-openapi'
import { travellerRoles } from '@sallyport/core/travellers/passenger-list'

import { limits } from '../limits.ts'
import { id } from './schemas.ts'

const instant = z.iso.datetime()
const transport = z.enum(['flight', 'sailing', 'train', 'road', 'other'])
const wallTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
  .openapi({ example: '2026-11-22T11:30', description: 'As the clocks there show it' })
const word = z.string().trim().min(1).max(35)

export const listAsk = z
  .object({
    format: z.enum(['paxlst', 'csv']),
    file: z
      .base64()
      .max(limits.listImportBytesMax)
      .openapi({ description: 'The bytes of the file, at most 1 MiB before encoding' }),
    head: z
      .object({
        transport: transport.default('other'),
        reference: word,
        departsFrom: word.nullable().default(null),
        departsAt: wallTime.nullable().default(null),
        arrivesIn: word.nullable().default(null),
        arrivesAt: wallTime.nullable().default(null),
      })
      .optional()
      .openapi({ description: 'What a table does not say itself: flight or voyage, and when' }),
    accepts: z.int().min(0).optional().openapi({
      description: 'How many travellers the check showed; without it nothing is imported',
    }),
  })
  .openapi('PassengerListRequest')

export const listImport = z
  .object({
    imported: z.boolean(),
    travellers: z.int().min(0),
    lists: z.array(
      z.object({
        id: id.nullable(),
        transport,
        reference: z.string(),
        arrives_in: z.string().nullable(),
        arrives_at: z.string().nullable(),
        partial: z.boolean(),
        travellers: z.int().min(0),
        expires_at: instant,
      }),
    ),
    warnings: z.array(
      z.object({ line: z.int().min(1), column: z.int().min(1), detail: z.string() }),
    ),
  })
  .openapi('PassengerListImport')

export const passengerList = z
  .object({
    id,
    format: z.enum(['paxlst', 'csv']),
    transport,
    reference: z.string(),
    departs_from: z.string().nullable(),
    departs_at: z.string().nullable(),
    arrives_in: z.string().nullable(),
    arrives_at: z.string().nullable(),
    people: z.enum(['passengers', 'crew']),
    partial: z.boolean(),
    travellers: z.int().min(0),
    warnings: z.array(z.string()),
    imported: z.object({ at: instant, by: z.object({ id: z.string(), name: z.string() }) }),
    expires_at: instant,
    log_index: z.int().min(0).nullable(),
  })
  .openapi('PassengerList')

const optional = z.string().nullable()

export const passengerListDetail = passengerList
  .extend({
    people_expected: z.array(
      z.object({
        place: z.int().min(1),
        role: z.enum(travellerRoles),
        surname: z.string(),
        given_names: z.string(),
        born: optional,
        sex: z.enum(['F', 'M', 'X']).nullable(),
        nationality: optional,
        document_kind: optional,
        document_number: optional,
        document_issuer: optional,
        document_expires: optional,
        embarks: optional,
        debarks: optional,
        booking: optional,
      }),
    ),
  })
  .openapi('PassengerListDetail')
