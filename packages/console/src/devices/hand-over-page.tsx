import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement, ReactNode } from 'react'

import { bytesWords } from '../format/figures.ts'
import { utcTime } from '../format/time.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useTitle } from '../shell/title.ts'
import { attestationQuery, type WholeAttestation } from './attestation-api.ts'

import '../shell/print.css'
import './hand-over.css'

/** One hand-over page, to read, print and sign on paper, and to keep as a file. */
export function HandOverPage(props: { readonly id: string }): ReactElement {
  useTitle('Hand-over of a lane')
  const page = useQuery(attestationQuery(props.id))
  if (page.isError)
    return <FailureNote doing="The hand-over page could not be read" error={page.error} />
  if (page.data === undefined) return <Skeleton height={480} aria-label="Reading the page" />
  const { data } = page
  return (
    <>
      <div className="sp-hand-over-bar sp-noprint">
        <Button onClick={() => window.print()}>Print</Button>
        <Button variant="default" component="a" download={fileName(data)} href={fileOf(data)}>
          Keep as a file
        </Button>
      </div>
      <Sheet page={data} />
    </>
  )
}

function fileName({ id }: WholeAttestation): string {
  return `hand-over-${id.slice(0, 8)}.json`
}

function fileOf({ statement, signature }: WholeAttestation): string {
  const file = { kind: 'sallyport-device-attestation', statement, signature }
  return `data:application/json,${encodeURIComponent(JSON.stringify(file))}`
}

function Sheet(props: { readonly page: WholeAttestation }): ReactElement {
  const { page } = props
  const { said, findings } = page
  const isClean = findings.every(({ weight }) => weight !== 'bad')
  return (
    <article className="sp-hand-over sp-panel" aria-label="Hand-over page">
      <h1>Hand-over of a lane’s computer</h1>
      <p className="sp-hand-over-verdict" data-weight={isClean ? 'well' : 'bad'}>
        {isClean
          ? 'Nothing unsealed was found in the lane’s directory: copies = 0.'
          : 'Not to be handed over as it is.'}
      </p>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ code, weight, detail }) => (
            <li key={code}>{weight === 'bad' ? <strong>{detail}</strong> : detail}</li>
          ))}
        </ul>
      )}
      <dl>
        <Fact name="Lane">
          {said.lane}, port {said.port}
        </Fact>
        <Fact name="Device">{said.device}</Fact>
        <Fact name="Made">
          {utcTime(page.made_at)} by the lane’s clock; here {utcTime(page.received_at)}
        </Fact>
        <Fact name="State">
          {said.state.kind === 'stopped' ? 'stopped' : `in maintenance, order ${said.state.order}`}
        </Fact>
        <Fact name="Clock">
          {said.clock.kind === 'alone'
            ? 'not compared'
            : `${Math.abs(said.clock.offset_ms)} ms ${said.clock.offset_ms > 0 ? 'ahead of' : 'behind'} the hub, within ${Math.ceil(said.clock.round_trip_ms / 2)} ms`}
        </Fact>
        <Fact name="Directory">
          {said.directory.files} files, {bytesWords(said.directory.bytes)}, each looked into;{' '}
          {said.directory.strays} that do not belong
          {said.directory.named.map(({ name, kind }) => ` · ${name} (${kind.replace('_', ' ')})`)}
        </Fact>
        <Fact name="Sealed bundles">
          {said.spool.waiting} wait for the hub ({bytesWords(said.spool.waiting_bytes)}),{' '}
          {said.spool.refused} were refused
        </Fact>
        <Fact name="Drives">
          {said.drives.map(
            ({ name, bus, bytes, maker, model, serial, mounts }) =>
              `${name}: ${bus === 'other' ? 'built in' : bus}, ${[maker, model, serial].filter((text) => text !== '').join(' ') || 'no name'}, ${bytesWords(bytes)}, ${mounts.length === 0 ? 'not mounted' : `at ${mounts.join(', ')}`}. `,
          )}
        </Fact>
        <Fact name="USB">
          {said.usb_ports.taken} of {said.usb_ports.ports} sockets taken
          {said.usb.map(({ place, vendor, product }) => ` · ${place}: ${vendor} ${product}`)}
        </Fact>
        <Fact name="Networks">
          {said.networks
            .map(({ name, kind, link, address }) => `${name} (${kind}, ${link}) ${address}`)
            .join(' · ')}
        </Fact>
        <Fact name="Key of the device">{said.keys.device_public_key}</Fact>
        <Fact name="Key of the agency">{said.keys.agency_public_key}</Fact>
        <Fact name="Recipients of days">
          {said.keys.epochs.kind === 'none'
            ? 'none'
            : `${said.keys.epochs.recipients}, ${said.keys.epochs.first} to ${said.keys.epochs.last}, document ${said.keys.epochs.document_sha256}`}
        </Fact>
        <Fact name="Program">
          {said.software.version}, {said.software.files} files, {said.software.sha256}
        </Fact>
        <Fact name="Its events">
          up to {said.events.last}, {said.events.waiting} not delivered
        </Fact>
      </dl>
      <p className="sp-quiet">
        Not looked at: other folders and disks, memory, firmware, and whether a sealed body holds
        what it says. Whoever rules a computer can make it say anything; what it says is signed
        here.
      </p>
      <dl>
        <Fact name="Statement">
          SHA-256 {page.statement_sha256}, log entry {page.log_index}
        </Fact>
        <Fact name="Signature of the device">{page.signature}</Fact>
      </dl>
      <p>
        Verify the file offline:{' '}
        <code>npx sallyport device attest --verify {fileName(page)} --keys KEYS</code>
      </p>
      <div className="sp-hand-over-lines">
        <p>Handed over by (name, date, signature)</p>
        <p>Taken over by (name, date, signature)</p>
      </div>
    </article>
  )
}

function Fact(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  )
}
