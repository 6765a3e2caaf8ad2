/** A hub in the test's own process: checks what lanes send as the real one does, and misbehaves on request. */

import { once } from 'node:events'
import * as http from 'node:http'

import { type Bundle, parseBundle } from '@sallyport/proof/bundle'
import { fromHex, toHex } from '@sallyport/proof/bytes'
import { type DayClosed, verifyDayClosed } from '@sallyport/proof/day-closed'
import type { DeviceEventStatement } from '@sallyport/proof/device-event'
import { agencyFingerprint } from '@sallyport/proof/enrolment-code'
import { type SaidAtLane, verifyLaneVerdict } from '@sallyport/proof/lane-verdict'
import { type BodyClass, noPrevious, verifyManifest } from '@sallyport/proof/manifest'
import { checkBodies, sha256Hex } from '@sallyport/proof/node/bundle-check'
import { generateSigningKey, verify } from '@sallyport/proof/node/ed25519'
import { openingKey, openSeal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'

import { type Heartbeat, heartbeatSignedBytes } from '../heartbeat.ts'
import { dutyAnswer, takeEvent } from './fake-device-desk.ts'
import { FakeEpochs } from './fake-epochs.ts'

export type Misbehaviour =
  | { readonly kind: 'none' }
  /** Answers with this status and code. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly code: string
      readonly retryAfter?: string
    }
  /** Takes the bundle and cuts the connection before it answers. */
  | { readonly kind: 'silent' }

export type Received = {
  readonly bundle: Bundle
  readonly manifestSha256: string
  readonly bytes: Uint8Array
}

export class FakeHub {
  readonly agency = generateSigningKey()
  readonly device = 'd'.repeat(32)
  readonly lane = { id: 'lane-1', name: 'Lane 1', direction: 'in', kind: 'vehicle' }
  readonly port = { id: 'north', zone: 'UTC' }
  readonly received: Received[] = []
  readonly heartbeats: Heartbeat[] = []
  readonly closed: DayClosed[] = []
  readonly events: DeviceEventStatement[] = []
  /** How far its clock is behind the test's. */
  behindMs = 0
  /** The work order that the lane is in maintenance for. */
  order: string | null = null
  /** Verdicts of the lane, once each, as they were opened here. */
  readonly verdicts: (SaidAtLane & { readonly verdict: string; readonly crossing: string })[] = []
  /** What was wrong with anything a lane sent; stays empty in a good test. */
  readonly complaints: string[] = []
  misbehaviour: Misbehaviour = { kind: 'none' }
  issuedAt = new Date()
  /** How often the announcement was fetched. */
  fetched = 0
  readonly epochs = new FakeEpochs(this.agency, this.port.id)
  #publicKey: Uint8Array | null = null
  #server: http.Server | null = null
  #port = 0

  /** Listens on loopback; on the same port again after a stop. */
  async start(): Promise<void> {
    const server = http.createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        this.complaints.push(String(error))
        response.destroy()
      })
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get code(): string {
    return `SP1-${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'}-${agencyFingerprint(this.agency.publicKey)}`
  }

  get sequences(): readonly number[] {
    return this.received.map(({ bundle }) => bundle.manifest.sequence)
  }

  /** The announcement of 14 days from `from`; with the classes that it names not of version 1. */
  announcement(
    from: Date = this.issuedAt,
    hybridClasses?: readonly BodyClass[],
  ): { document: string; signature: string } {
    return this.epochs.announcement(from, hybridClasses)
  }

  /** Opens one body of a received bundle. */
  open({ bundle }: Received, bodyClass: string): Uint8Array | null {
    const index = bundle.manifest.bodies.findIndex((body) => body.class === bodyClass)
    const sealed = bundle.bodies[index]
    if (sealed === undefined) return null
    const identities = this.epochs.identities(bundle.manifest.epoch.recipient)
    const opened = openSeal(sealed, openingKey(...identities))
    if (opened.kind === 'refused') throw new Error(opened.code)
    return opened.plaintext
  }

  async #handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = new Uint8Array(Buffer.concat(chunks))
    const answer = (
      status: number,
      json: object | null,
      headers: http.OutgoingHttpHeaders = {},
    ): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(json === null ? undefined : JSON.stringify(json))
    }
    const { pathname, search } = new URL(request.url ?? '/', this.url)
    if (pathname === '/v1/devices/enrol') {
      const { public_key } = JSON.parse(Buffer.from(body).toString()) as { public_key: string }
      this.#publicKey = fromHex(public_key)
      const { device, lane, port } = this
      return answer(201, {
        device,
        lane,
        port,
        agency_key: toHex(this.agency.publicKey),
        log_vkey: 'test+0+0',
      })
    }
    if (pathname === `/v1/ports/${this.port.id}/epochs`) {
      this.fetched += 1
      return answer(200, this.announcement(this.issuedAt, search === '' ? undefined : ['reads']))
    }
    if (pathname === `/v1/devices/${this.device}/heartbeat`) {
      const { epochs } = this.#beat(body, String(request.headers['sallyport-signature']))
      const newest = this.epochs.rotatedAt?.toISOString() ?? ''
      return (epochs?.rotated_at ?? '') < newest
        ? answer(200, { renew: 'epochs' })
        : answer(204, null)
    }
    if (pathname === `/v1/devices/${this.device}/closed-days`) {
      this.#close(body, String(request.headers['sallyport-signature']))
      return answer(204, null)
    }
    if (pathname === `/v1/devices/${this.device}/duty`)
      return answer(200, dutyAnswer(this.device, this.order, this.agency.privateKey, new Date()))
    if (pathname === `/v1/devices/${this.device}/attestation-challenges`) {
      const at = new Date(Date.now() - this.behindMs).toISOString()
      return answer(200, { challenge: 'c'.repeat(32), at })
    }
    if (pathname === `/v1/devices/${this.device}/events`) {
      const signature = String(request.headers['sallyport-signature'])
      const { status, json } = takeEvent(this, this.#publicKey, body, signature)
      return answer(status, json)
    }
    if (pathname === `/v1/devices/${this.device}/verdicts`) {
      const { status, json } = this.#takeVerdict(Buffer.from(body).toString())
      return answer(status, json)
    }
    if (pathname !== '/v1/bundles') return answer(404, { code: 'not_found' })
    const { misbehaviour } = this
    if (misbehaviour.kind === 'status') {
      const { status, code, retryAfter } = misbehaviour
      return answer(status, { code }, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
    }
    const known = this.#accept(body)
    if (misbehaviour.kind === 'silent') return void response.destroy()
    const last = known.bundle.manifest
    answer(known.isNew ? 201 : 200, {
      crossing: last.crossing,
      sequence: last.sequence,
      log_index: 1,
    })
  }

  #beat(body: Uint8Array, signature: string): Heartbeat {
    const bytes = fromHex(signature) ?? new Uint8Array()
    const signed = heartbeatSignedBytes(body)
    if (this.#publicKey === null || !verify(this.#publicKey, signed, bytes)) {
      this.complaints.push('a heartbeat is not signed by the enrolled key')
    }
    const beat = JSON.parse(Buffer.from(body).toString()) as Heartbeat
    this.heartbeats.push(beat)
    return beat
  }

  #close(body: Uint8Array, signature: string): void {
    const by = this.#publicKey ?? new Uint8Array(32)
    const verified = verifyDayClosed(by, body, fromHex(signature) ?? new Uint8Array(), verify)
    if (verified.kind === 'refused') this.complaints.push(verified.detail)
    else this.closed.push(verified.statement)
  }

  #takeVerdict(body: string): { readonly status: number; readonly json: object } {
    const sent = JSON.parse(body) as Record<'statement' | 'signature' | 'seal', string> & {
      epoch: { recipient: string }
    }
    const by = this.#publicKey ?? new Uint8Array(32)
    const [bytes, sealed] = [sent.statement, sent.seal].map((one) => Buffer.from(one, 'base64'))
    const signature = Buffer.from(sent.signature, 'hex')
    const verified = verifyLaneVerdict(by, bytes ?? new Uint8Array(), signature, verify)
    const split = splitSeal(sealed ?? new Uint8Array())
    const identities = this.epochs.identities(sent.epoch.recipient)
    const opened = split === null ? null : openSeal(split, openingKey(...identities))
    if (verified.kind === 'refused' || opened?.kind !== 'opened') {
      this.complaints.push('a verdict is not signed or not sealed as it should be')
      return { status: 400, json: { code: 'malformed_request' } }
    }
    const { verdict, crossing } = verified.statement
    if (!this.received.some(({ bundle }) => bundle.manifest.crossing === crossing))
      return { status: 404, json: { code: 'not_found' } }
    if (this.misbehaviour.kind === 'status')
      return { status: this.misbehaviour.status, json: { code: this.misbehaviour.code } }
    const said = JSON.parse(Buffer.from(opened.plaintext).toString()) as SaidAtLane
    if (!this.verdicts.some((one) => one.verdict === verdict))
      this.verdicts.push({ ...said, verdict, crossing })
    return { status: 201, json: { verdict, place: 1, log_index: 1 } }
  }

  #accept(bytes: Uint8Array): { readonly bundle: Bundle; readonly isNew: boolean } {
    const bundle = parseBundle(bytes)
    if (bundle.kind === 'refused') throw new Error(bundle.code)
    const { manifest, manifestBytes, signature } = bundle
    const manifestSha256 = sha256Hex(manifestBytes)
    const same = this.received.find((one) => one.bundle.manifest.sequence === manifest.sequence)
    if (same !== undefined) {
      if (same.manifestSha256 !== manifestSha256) {
        this.complaints.push(`sequence ${manifest.sequence} was used twice`)
      }
      return { bundle, isNew: false }
    }
    if (
      this.#publicKey === null ||
      !verifyManifest(this.#publicKey, manifestBytes, signature, verify)
    ) {
      this.complaints.push(`sequence ${manifest.sequence} is not signed by the enrolled key`)
    }
    const mismatch = checkBodies(bundle)
    if (mismatch !== null) this.complaints.push(mismatch.detail)
    const last = this.received.at(-1)
    const previous = last?.manifestSha256 ?? noPrevious
    const expected = (last?.bundle.manifest.sequence ?? 0) + 1
    if (manifest.sequence !== expected) {
      this.complaints.push(`sequence ${manifest.sequence} came instead of ${expected}`)
    }
    if (manifest.previous !== previous) {
      this.complaints.push(`sequence ${manifest.sequence} does not follow the one before it`)
    }
    this.received.push({ bundle, manifestSha256, bytes })
    return { bundle, isNew: true }
  }
}
