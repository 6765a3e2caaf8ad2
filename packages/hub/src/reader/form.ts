/**
 * Forms as programs send them to the plate reader: `multipart/form-data` (RFC 7578),
 * `application/x-www-form-urlencoded` and JSON. Bytes in, fields out; a form that cannot be
 * understood is a value. Nothing is written anywhere.
 */

import { limits } from '../limits.ts'

export type Form = {
  readonly kind: 'form'
  /** Texts of a name, in order; file contents do not stand here. */
  texts(name: string): readonly string[]
  /** The first file of that name. */
  file(name: string): FormFile | null
}

export type FormFile = { readonly name: string; readonly bytes: Uint8Array }

export type FormRefusal = {
  readonly kind: 'refused'
  readonly code: 'not_a_form' | 'truncated_form' | 'too_many_fields'
  readonly detail: string
}

type Field =
  | { readonly name: string; readonly text: string }
  | (FormFile & { readonly field: string })

/** Reads a form by its content type. Never throws. */
export function parseForm(contentType: string, bytes: Uint8Array): Form | FormRefusal {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data')
    return parseMultipart(contentType, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  if (type === 'application/x-www-form-urlencoded') return parseUrlEncoded(bytes)
  if (type === 'application/json') return parseJson(bytes)
  return refuse('not_a_form', 'Send multipart/form-data with the picture in the field "upload".')
}

function parseMultipart(contentType: string, bytes: Buffer): Form | FormRefusal {
  const boundary = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))/i.exec(contentType)
  const text = boundary?.[1] ?? boundary?.[2]
  if (text === undefined) return refuse('not_a_form', 'The content type names no boundary.')
  const delimiter = Buffer.from(`\r\n--${text}`, 'latin1')
  const first = delimiter.subarray(2)
  // What stands before the first boundary is a preamble; it is short or it is no form.
  const start = bytes.subarray(0, 2048).indexOf(first)
  if (start < 0) return refuse('not_a_form', 'The body does not begin with its boundary.')
  const fields: Field[] = []
  let at = start + first.length
  for (;;) {
    if (bytes.subarray(at, at + 2).toString('latin1') === '--') return formOf(fields)
    if (fields.length === limits.formFieldsMax)
      return refuse('too_many_fields', `At most ${limits.formFieldsMax} fields are taken.`)
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return cutOff()
    const head = bytes.subarray(lineEnd + 2, lineEnd + 2 + limits.formHeadBytesMax)
    // A part without any header has its blank line at once.
    const headEnd = head.subarray(0, 2).toString('latin1') === '\r\n' ? 0 : head.indexOf('\r\n\r\n')
    if (headEnd < 0)
      return head.length < limits.formHeadBytesMax
        ? cutOff()
        : refuse('not_a_form', 'The head of a part is too long.')
    const bodyStart = lineEnd + 2 + headEnd + (headEnd === 0 ? 2 : 4)
    const bodyEnd = bytes.indexOf(delimiter, bodyStart)
    if (bodyEnd < 0) return cutOff()
    const field = fieldOf(
      head.subarray(0, headEnd).toString('utf8'),
      bytes.subarray(bodyStart, bodyEnd),
    )
    if (field === null) return refuse('not_a_form', 'A part of the form has no name.')
    fields.push(field)
    at = bodyEnd + delimiter.length
  }
}

function fieldOf(head: string, body: Buffer): Field | null {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(head)?.[1] ?? ''
  const field = parameter(disposition, 'name')
  if (field === null) return null
  const fileName = parameter(disposition, 'filename')
  if (fileName === null) return { name: field, text: body.toString('utf8') }
  return { field, name: fileName, bytes: body }
}

function parameter(disposition: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(disposition)
  return found === null ? null : (found[1] ?? found[2] ?? '')
}

function parseUrlEncoded(bytes: Uint8Array): Form | FormRefusal {
  const fields: Field[] = []
  for (const [name, text] of new URLSearchParams(Buffer.from(bytes).toString('latin1'))) {
    if (fields.length === limits.formFieldsMax)
      return refuse('too_many_fields', `At most ${limits.formFieldsMax} fields are taken.`)
    fields.push({ name, text })
  }
  return formOf(fields)
}

function parseJson(bytes: Uint8Array): Form | FormRefusal {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return refuse('truncated_form', 'The body is not whole JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('not_a_form', 'The body is not a JSON object.')
  const entries = Object.entries(value).slice(0, limits.formFieldsMax)
  return formOf(
    entries.flatMap(([name, one]) =>
      (Array.isArray(one) ? one.slice(0, limits.formFieldsMax) : [one]).flatMap((text: unknown) =>
        typeof text === 'string' ? [{ name, text }] : [],
      ),
    ),
  )
}

function formOf(fields: readonly Field[]): Form {
  return {
    kind: 'form',
    texts: (name) =>
      fields.flatMap((field) => ('text' in field && field.name === name ? [field.text] : [])),
    file: (name) =>
      fields.flatMap((field) => ('field' in field && field.field === name ? [field] : []))[0] ??
      null,
  }
}

function cutOff(): FormRefusal {
  return refuse('truncated_form', 'The form ends before its closing boundary: it was cut off.')
}

function refuse(code: FormRefusal['code'], detail: string): FormRefusal {
  return { kind: 'refused', code, detail }
}
