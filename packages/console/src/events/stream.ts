/** The hub's event stream, held open. Owns one EventSource and the wait before the next. */

import { retryMs } from './connection.ts'

const eventNames = [
  'crossing',
  'crossing.matched',
  'device',
  'device_event',
  'seconding',
  'alarm',
  'opening',
  'review',
  'leaks',
  'watch_hit',
  'traveller_hit',
  'window',
  'hello',
  'reset',
] as const
export type EventName = (typeof eventNames)[number]

export type StreamListener = {
  readonly onOpen: () => void
  readonly onLost: () => void
  /**
   * One event with its JSON data. `reset` also stands for "something may have been missed": the hub
   * sends it when its memory does not reach back, and a newly made EventSource cannot say where it was.
   */
  readonly onEvent: (name: EventName, data: unknown) => void
}

export class EventStream {
  readonly #path: string
  readonly #listener: StreamListener
  #source: EventSource | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #attempt = 0
  /** Whether this EventSource was open before: then the browser says where it was. */
  #told = false

  constructor(path: string, listener: StreamListener) {
    this.#path = path
    this.#listener = listener
    this.#connect()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  #connect(): void {
    const source = new EventSource(this.#path)
    this.#source = source
    source.addEventListener('open', () => {
      this.#attempt = 0
      this.#listener.onOpen()
      // At first too: what the page read before the stream was open may lack what came between.
      if (!this.#told) this.#listener.onEvent('reset', {})
      this.#told = true
    })
    source.addEventListener('error', () => {
      this.#listener.onLost()
      // The browser retries a dropped connection by itself, but not one that was answered with an error.
      if (source.readyState === EventSource.CLOSED) this.#reopenLater()
    })
    for (const name of eventNames) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        this.#listener.onEvent(name, parseData(event.data))
      })
    }
  }

  #reopenLater(): void {
    this.#source = null
    this.#told = false
    this.#timer = setTimeout(() => this.#connect(), retryMs(this.#attempt))
    this.#attempt += 1
  }
}

function parseData(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
