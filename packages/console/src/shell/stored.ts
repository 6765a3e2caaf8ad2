/** Small choices kept in this browser. Never anything about a crossing, a plate or a person. */

/** A stored yes or no; `otherwise` when nothing is stored or storage is switched off. */
export function readFlag(name: string, otherwise: boolean): boolean {
  const text = readText(name)
  return text === null ? otherwise : text === 'yes'
}

export function writeFlag(name: string, on: boolean): void {
  writeText(name, on ? 'yes' : 'no')
}

export function readText(name: string): string | null {
  try {
    return localStorage.getItem(`sallyport-${name}`)
  } catch {
    return null
  }
}

export function writeText(name: string, text: string): void {
  try {
    localStorage.setItem(`sallyport-${name}`, text)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
