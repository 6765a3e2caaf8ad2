/** Comma-separated values (RFC 4180), with the line that each record begins on. */

/** One line of a file, or several where a quoted field holds line breaks; `broken` says what is wrong with it. */
export type CsvRecord = {
  readonly line: number
  readonly fields: readonly string[]
  readonly broken: string | null
}

/** Records with the line they begin on; empty lines are passed over. */
export function* csvRecords(text: string): Generator<CsvRecord, void> {
  let at = 0
  let line = 1
  while (at < text.length) {
    const begun = line
    const fields: string[] = []
    let broken: string | null = null
    for (;;) {
      const quoted = text[at] === '"'
      const end = quoted ? closingQuote(text, at + 1) : fieldEnd(text, at)
      const raw = text.slice(quoted ? at + 1 : at, end)
      line += raw.split('\n').length - 1
      fields.push(quoted ? raw.replaceAll('""', '"') : raw)
      if (!quoted && raw.includes('"')) broken = 'a quote stands inside a field without quotes'
      if (quoted && end === text.length) broken = 'a quote is not closed'
      at = quoted ? end + 1 : end
      if (quoted && at < text.length && !/[,\r\n]/.test(text[at] ?? '')) {
        broken = 'something follows a closing quote'
        at = fieldEnd(text, at)
      }
      if (text[at] !== ',') break
      at += 1
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    at += 1
    line += 1
    if (fields.length > 1 || fields[0]?.trim() !== '') yield { line: begun, fields, broken }
  }
}

function fieldEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at === -1 ? text.length : at
}
