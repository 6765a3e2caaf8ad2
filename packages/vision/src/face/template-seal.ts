/** Templates on a disk: AES-256-GCM under a key that the caller keeps elsewhere. */

import crypto from 'node:crypto'

import { type FaceTemplate, otherModel, type TemplateRefusal } from './template.ts'

const formatByte = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + nonceBytes

export type OpenedTemplate<Model extends string> =
  | { readonly kind: 'template'; readonly template: FaceTemplate<Model> }
  | TemplateRefusal
  | { readonly kind: 'refused'; readonly code: 'template_not_opened'; readonly detail: string }

/**
 * Seals a template: a format byte, a nonce of 12 bytes, the numbers as float32 (little-endian), a tag of
 * 16 bytes. The model and `owner` are authenticated with it, so that a row moved to another owner, or
 * read under another model, does not open. `key` has 32 bytes; `random` gives bytes for the nonce, which
 * is drawn: with one key no more than 2^32 templates are sealed (NIST SP 800-38D, section 8.3).
 */
export function sealTemplate(
  { model, vector }: FaceTemplate,
  owner: string,
  key: crypto.KeyObject,
  random: (count: number) => Uint8Array = crypto.randomBytes,
): Uint8Array {
  const nonce = random(nonceBytes)
  const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(boundTo(model, owner))
  const numbers = bytesOf(vector)
  const sealed = Buffer.concat([
    Uint8Array.of(formatByte),
    nonce,
    cipher.update(numbers),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  numbers.fill(0)
  return sealed
}

/** Opens what `sealTemplate` sealed for this owner and model; refused when anything about it is another. */
export function openTemplate<Model extends string>(
  sealed: Uint8Array,
  owner: string,
  key: crypto.KeyObject,
  model: { readonly name: Model; readonly identity: string; readonly dimensions: number },
): OpenedTemplate<Model> {
  const numbersBytes = sealed.length - headBytes - tagBytes
  if (sealed[0] !== formatByte || numbersBytes <= 0)
    return notOpened('The template is cut off or of an unknown format.')
  const decipher = crypto.createDecipheriv('aes-256-gcm', key, sealed.subarray(1, headBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(boundTo(model.identity, owner))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  let numbers = Buffer.alloc(0)
  try {
    numbers = decipher.update(sealed.subarray(headBytes, -tagBytes))
    decipher.final()
  } catch {
    numbers.fill(0)
    return notOpened(
      'The template does not open: it was changed, belongs to another owner, was made by another model, or the key is another.',
    )
  }
  if (numbersBytes !== model.dimensions * 4) {
    numbers.fill(0)
    return otherModel(model.identity, `${numbersBytes / 4} numbers`)
  }
  const vector = new Float32Array(model.dimensions)
  for (let at = 0; at < vector.length; at++) vector[at] = numbers.readFloatLE(at * 4)
  numbers.fill(0)
  return { kind: 'template', template: { name: model.name, model: model.identity, vector } }
}

function boundTo(model: string, owner: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['sallyport-face-template/1', model, owner]))
}

function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes
}

function notOpened(detail: string): OpenedTemplate<never> {
  return { kind: 'refused', code: 'template_not_opened', detail }
}
