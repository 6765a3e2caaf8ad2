/** Settings of a hub, parsed once at the edge. */

import { siteTypes } from '@sallyport/core/basis/basis'
import { decideSubscription, plateReleasers, subscriptionPurposes } from '@sallyport/core/delivery'
import { roles } from '@sallyport/core/opening'
import { holderPattern } from '@sallyport/store/keystore/holder-of'
import { z } from 'zod'

import { ruleSettings } from './api/stay-schemas.ts'
import { ranges } from './delivery/targets.ts'
import { faceHubLimits } from './faces/limits.ts'
import { limits } from './limits.ts'
import { checkSignIn, signInSettings } from './sign-in/sign-in-settings.ts'

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

export const hubSettings = z
  .object({
    /** Where everything lives: db/ vault/ log/ keys/. */
    data: z.string().min(1).default('./data'),
    host: z.string().default('localhost'),
    port: z.int().min(0).max(65_535).default(8080),
    /** `postgres://…` of an operator's own server; absent: the embedded one. */
    databaseUrl: z.string().startsWith('postgres').optional(),
    /** Another address than loopback only with a certificate in front. */
    behindProxy: z.boolean().default(false),
    /** How people reach the hub when a proxy stands before it: `https://hub.example`. */
    publicUrl: z.url().optional(),
    portOfEntry: z.object({ id: name, name: z.string().min(1), zone: z.string().min(1) }).default({
      id: 'port-1',
      name: 'Port of entry',
      zone: 'UTC',
    }),
    /** Name of the log, for ever: changing it makes another log. */
    logOrigin: z
      .string()
      .regex(/^[^\s+]{1,200}$/)
      .default('sallyport.invalid/log'),
    /** A tlog-policy file: its witnesses with addresses are asked to cosign. Absent: nobody is. */
    logPolicy: z.string().min(1).optional(),
    /** One in so many sure reads waits for a person as well; 0: none. */
    reviewSample: z.int().min(0).max(1_000_000).default(200),
    /** Threads that read plates for programs outside, one core and one set of models each. */
    readerThreads: z.int().min(1).max(limits.readerThreadsMax).default(1),
    /** Whom backups are sealed to (`age1…`). Empty: an identity made at the first one. */
    backupRecipients: z.array(z.string().startsWith('age1')).max(10).default([]),
    /** Folders on other disks that hold a copy of the keystore; a destruction waits for them. */
    keystoreCopies: z.array(z.string().min(1)).max(8).default([]),
    /** Who guards the keystore's store key: `file`, `vault:<url>`, `aws-kms:<region>`, `pkcs11:<module>?token=<label>`. */
    keystoreHolder: z.string().regex(holderPattern).default('file'),
    /** Opens the root of the keystore, or seals it when it is made. Absent: the root lies in clear. */
    rootPassphrase: z.string().min(1).optional(),
    /** Nobody is asked for a passphrase when the root is made: it lies in clear. */
    rootInClear: z.boolean().default(false),
    /** Addresses and ranges inside that webhooks may be sent to, also by http. */
    privateTargets: z.array(z.string().min(1)).max(100).default([]),
    /** `mqtts://name:password@broker:8883`: events are published there. */
    mqttUrl: z.url({ protocol: /^mqtts?$/ }).optional(),
    mqttTopic: z
      .string()
      .regex(/^[^#+\0]{1,200}$/)
      .default('sallyport'),
    mqttPurpose: z.enum(subscriptionPurposes).default('operations'),
    mqttPlates: z.boolean().default(false),
    /** How long subjects may stay; the first rule for a subject applies. None: nothing is too long. */
    stayRules: ruleSettings.default([]),
    /** Compares faces that lanes send: `evaluation` for trying out, `production` with a model and a calibration of one's own. */
    faces: z.enum(['off', 'evaluation', 'production']).default('off'),
    /** Folder of a face model with its card; absent: the evaluation model. */
    faceModel: z.string().min(1).optional(),
    /** Files of `sallyport calibrate`, one for a class of camera: `vehicle`, `walk`, `gate`, or `any`. */
    faceCalibrations: z.array(z.string().min(1)).max(faceHubLimits.calibrationFilesMax).default([]),
    /** Verifier keys whose signature a calibration must have. */
    faceCalibrationKeys: z.array(z.string().min(1)).max(20).default([]),
    /** What kind of site the port is: anywhere but at a border faces need a ground of two people first. */
    siteType: z.enum(siteTypes).default('border'),
    /** Faces of younger people are not compared, where their birthday is known. 0: of everybody. */
    facesAgeMin: z.int().min(0).max(120).default(14),
    /** Where people turn who want to know or to complain; stands on signs and explanations. */
    contact: z.string().trim().min(3).max(200).optional(),
    synthetic: z.boolean().default(false),
    /** A lane that takes pictures from the console's own page: the demo's. Absent: none does. */
    pictureLane: z
      .object({ lane: name, port: z.int().min(1).max(65_535), token: z.string().min(16) })
      .optional(),
    firstAccount: z
      .object({ name: z.string().min(1), roles: z.array(z.enum(roles)).min(1) })
      .default({ name: 'Administrator', roles: ['supervisor', 'integrator', 'auditor'] }),
    ...signInSettings,
    /** Print a one-time link even though the first account has a passkey. */
    signInLink: z.boolean().default(false),
  })
  .superRefine((settings, context) => {
    const loopback = ['localhost', '127.0.0.1', '::1'].includes(settings.host)
    if (!loopback && !settings.behindProxy) {
      context.addIssue({
        code: 'custom',
        path: ['host'],
        message:
          'other addresses than loopback need behind_proxy, with a proxy that holds the certificate',
      })
    }
    try {
      ranges(settings.privateTargets)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      context.addIssue({ code: 'custom', path: ['privateTargets'], message })
    }
    const broker = decideSubscription({
      roles: plateReleasers,
      purpose: settings.mqttPurpose,
      plates: settings.mqttPlates,
    })
    if (broker.kind === 'refuse')
      context.addIssue({ code: 'custom', path: ['mqttPlates'], message: broker.detail })
    checkSignIn(settings, context)
    if (settings.behindProxy && settings.publicUrl === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['publicUrl'],
        message: 'behind_proxy needs public_url, the address people use',
      })
    }
  })

export type HubSettings = z.output<typeof hubSettings>
