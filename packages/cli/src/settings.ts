/** Settings: sallyport.toml, environment SALLYPORT_* over it, options over that. */

import { readFile } from 'node:fs/promises'

import { hubSettings, type HubSettings } from '@sallyport/hub/settings'
import { parse } from 'smol-toml'

import { CommandFailure, exitCodes } from './exit.ts'

/** Keys of the file and, in capitals behind SALLYPORT_, of the environment. */
const keys = {
  data: 'data',
  host: 'host',
  port: 'port',
  database_url: 'databaseUrl',
  behind_proxy: 'behindProxy',
  public_url: 'publicUrl',
  port_of_entry: 'portOfEntry',
  log_origin: 'logOrigin',
  log_policy: 'logPolicy',
  review_sample: 'reviewSample',
  reader_threads: 'readerThreads',
  stay_rules: 'stayRules',
  private_targets: 'privateTargets',
  keystore_copies: 'keystoreCopies',
  keystore_holder: 'keystoreHolder',
  root_passphrase: 'rootPassphrase',
  root_in_clear: 'rootInClear',
  backup_recipients: 'backupRecipients',
  mqtt_url: 'mqttUrl',
  mqtt_topic: 'mqttTopic',
  mqtt_purpose: 'mqttPurpose',
  mqtt_plates: 'mqttPlates',
  site_type: 'siteType',
  faces_age_min: 'facesAgeMin',
  contact: 'contact',
  sign_in_issuer: 'signInIssuer',
  sign_in_client: 'signInClient',
  sign_in_secret: 'signInSecret',
  sign_in_name: 'signInName',
  sign_in_scopes: 'signInScopes',
  sign_in_again: 'signInAgain',
  sign_in_people: 'signInPeople',
  faces: 'faces',
  face_model: 'faceModel',
  face_calibrations: 'faceCalibrations',
  face_calibration_keys: 'faceCalibrationKeys',
} as const

const numbers: ReadonlySet<string> = new Set([
  'port',
  'reader_threads',
  'review_sample',
  'faces_age_min',
])
const switches: ReadonlySet<string> = new Set([
  'behind_proxy',
  'root_in_clear',
  'mqtt_plates',
  'sign_in_again',
])
const lists: ReadonlySet<string> = new Set([
  'private_targets',
  'keystore_copies',
  'backup_recipients',
  'face_calibrations',
  'face_calibration_keys',
  'sign_in_scopes',
])

/** A list of tables: JSON in the environment. */
const tables: ReadonlySet<string> = new Set(['stay_rules', 'sign_in_people'])

/** What is no JSON stays text, and is refused as such with the name of its key. */
function tablesOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Merges and checks a hub's settings. Throws with the key's name when one is wrong. */
export async function readHubSettings(
  options: Readonly<Record<string, unknown>>,
  file: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<HubSettings> {
  const merged: Record<string, unknown> = {}
  for (const [key, value] of Object.entries({
    ...(await readFileSettings(file)),
    ...environmentSettings(environment),
  })) {
    const name = keys[key as keyof typeof keys]
    if (name === undefined)
      throw new CommandFailure(
        `Unknown setting "${key}". Known: ${Object.keys(keys).join(', ')}.`,
        exitCodes.wrongUse,
      )
    merged[name] = value
  }
  for (const [name, value] of Object.entries(options)) if (value !== undefined) merged[name] = value
  const parsed = hubSettings.safeParse(merged)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new CommandFailure(
    `Setting ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'wrong'}.`,
    exitCodes.wrongUse,
  )
}

async function readFileSettings(
  file: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  let text: string
  try {
    text = await readFile(file ?? 'sallyport.toml', 'utf8')
  } catch (error) {
    if (file === undefined) return {}
    throw new CommandFailure(`The settings file ${file} cannot be read.`, exitCodes.wrongUse, {
      cause: error,
    })
  }
  try {
    return parse(text)
  } catch (error) {
    throw new CommandFailure(
      `${file ?? 'sallyport.toml'}: ${error instanceof Error ? error.message : String(error)}`,
      exitCodes.wrongUse,
    )
  }
}

function environmentSettings(environment: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const key of Object.keys(keys)) {
    const value = environment[`SALLYPORT_${key.toUpperCase()}`]
    if (value === undefined || key === 'port_of_entry') continue
    found[key] = numbers.has(key)
      ? Number(value)
      : switches.has(key)
        ? value === 'true' || value === '1'
        : lists.has(key)
          ? value.split(',').map((one) => one.trim())
          : tables.has(key)
            ? tablesOf(value)
            : value
  }
  return found
}
