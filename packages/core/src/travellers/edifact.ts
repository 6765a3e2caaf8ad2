/**
 * Segments of a UN/EDIFACT interchange (ISO 9735), read tolerantly: line breaks between segments,
 * service characters of its own (UNA), text before the first segment and a last segment without its end
 * are common. Every segment keeps its place, so that an error can be found in the file.
 */

import { listLimits } from './limits.ts'

/** From 1, as an editor counts. */
export type Place = { readonly line: number; readonly column: number }

/** `elements[i][j]`: component j of element i; the tag is not among them. */
export type Segment = Place & {
  readonly tag: string
  readonly elements: readonly (readonly string[])[]
}

export type Fault = Place & { readonly detail: string }

export type Interchange = {
  readonly segments: readonly Segment[]
  readonly faults: readonly Fault[]
}

type Signs = {
  readonly component: string
  readonly element: string
  readonly release: string
  readonly end: string
}

const usual: Signs = { component: ':', element: '+', release: '?', end: "'" }

/** Splits an interchange. Never throws; what cannot be a segment is a fault with its place. */
export function readSegments(text: string): Interchange {
  if (new TextEncoder().encode(text).length > listLimits.bytesMax)
    return {
      segments: [],
      faults: [{ line: 1, column: 1, detail: `longer than ${listLimits.bytesMax} bytes` }],
    }
  const start = /UNA|UNB|UNH/.exec(text)?.index
  if (start === undefined)
    return {
      segments: [],
      faults: [{ line: 1, column: 1, detail: 'no UNA, UNB or UNH: this is no EDIFACT' }],
    }
  const service = text.startsWith('UNA', start)
  const signs = service ? signsOf(text.slice(start + 3, start + 9)) : usual
  if (signs === null)
    return {
      segments: [],
      faults: [
        { ...placeAt(text, start), detail: 'UNA does not name six characters, all different' },
      ],
    }
  return split(text, service ? start + 9 : start, signs)
}

function signsOf(six: string): Signs | null {
  // Component, element, decimal mark, release, reserved, end of segment.
  const [component, element, , release, , end] = six
  if (
    component === undefined ||
    element === undefined ||
    release === undefined ||
    end === undefined
  )
    return null
  const named = release === ' ' ? [component, element, end] : [component, element, release, end]
  return new Set(named).size === named.length ? { component, element, release, end } : null
}

function split(text: string, from: number, signs: Signs): Interchange {
  const segments: Segment[] = []
  const faults: Fault[] = []
  let at = from
  let [line, column] = [placeAt(text, from).line, placeAt(text, from).column]
  const step = (): void => {
    if (text[at] === '\n') {
      line += 1
      column = 1
    } else column += 1
    at += 1
  }
  while (at < text.length) {
    if (/[\s\0]/.test(text[at] ?? '')) {
      step()
      continue
    }
    const begun = { line, column }
    if (segments.length === listLimits.segmentsMax) {
      faults.push({ ...begun, detail: `more than ${listLimits.segmentsMax} segments` })
      break
    }
    const elements: string[][] = [['']]
    let ended = false
    while (at < text.length && !ended) {
      const sign = text[at]
      if (sign === signs.end) ended = true
      else if (sign === signs.element) elements.push([''])
      else if (sign === signs.component) elements.at(-1)?.push('')
      else {
        const released = sign === signs.release && signs.release !== ' '
        if (released) step()
        const taken = text[at] ?? ''
        // A line break inside a segment is the sender's wrapping, not data.
        if (released || !/[\r\n]/.test(taken)) append(elements, taken)
      }
      step()
    }
    const [[tag = ''] = [], ...rest] = elements
    if (!/^[A-Z]{3}$/.test(tag)) faults.push({ ...begun, detail: `'${shown(tag)}' is no segment` })
    else if (rest.length > listLimits.elementsMax)
      faults.push({ ...begun, detail: `${tag} has more than ${listLimits.elementsMax} elements` })
    else segments.push({ ...begun, tag, elements: rest })
    if (!ended) faults.push({ ...begun, detail: `${shown(tag)} does not end: the file is cut off` })
    if (faults.length >= listLimits.errorsMax) break
  }
  return { segments, faults }
}

function append(elements: readonly string[][], taken: string): void {
  const last = elements.at(-1)
  if (last !== undefined) last[last.length - 1] = `${last.at(-1) ?? ''}${taken}`
}

function placeAt(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** So much of what a file says as an error may repeat. */
function shown(text: string): string {
  return text.slice(0, 12).replaceAll(/[^\x20-\x7e]/g, '?')
}

/** Component `j` of element `i`, from 0; '' where there is none. */
export function componentAt(segment: Segment, i: number, j = 0): string {
  return (segment.elements[i]?.[j] ?? '').trim()
}
