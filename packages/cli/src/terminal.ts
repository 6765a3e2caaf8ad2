/** What people see in the terminal. Results go to stdout, everything about the way there to stderr. */

export function note(line: string): void {
  console.error(line)
}

/** One step of something that may take longer than a second. */
export function step(line: string): void {
  console.error(`· ${line}`)
}

/** Machine output: one JSON object a line. */
export function jsonLine(value: unknown): void {
  console.log(JSON.stringify(value))
}

/** A line that is rewritten while work goes on; silent when nobody looks. */
export function progressLine(): { show(text: string): void; end(): void } {
  const shown = process.stderr.isTTY
  return {
    show(text) {
      if (shown) process.stderr.write(`\r\u001b[K${text}`)
    },
    end() {
      if (shown) process.stderr.write('\r\u001b[K')
    },
  }
}
