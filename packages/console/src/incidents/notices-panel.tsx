import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { between, noticesQuery } from './api.ts'

/** Who is owed a notice by when, and what went out. */
export function NoticesPanel(props: { readonly incident: string }): ReactElement {
  const board = useQuery(noticesQuery(props.incident))
  return (
    <section className="sp-section sp-panel">
      <h2>Who is told</h2>
      <p className="sp-quiet">
        Counsel confirms deadlines and texts. Record what went out with{' '}
        <code>sallyport incident notices --sent</code>.
      </p>
      {board.isError && (
        <FailureNote
          doing="The notices could not be read"
          error={board.error}
          onRetry={() => void board.refetch()}
        />
      )}
      {board.data?.unreachable != null && (
        <p>
          Only a plate or a face is known of {between(board.data.unreachable)}: nobody can write to
          them.
        </p>
      )}
      <ul className="sp-incident-steps">
        {board.data?.notices.map((one) => (
          <li key={one.rule} data-late={one.late}>
            <div>
              <strong>{one.to}</strong>
              <div className="sp-quiet">
                {one.law}. {one.reason}
              </div>
              <div>
                {one.sent.length > 0
                  ? one.sent.map((sent) => (
                      <span key={sent.version}>
                        {sent.pdf_sha256 === null ? (
                          `Version ${sent.version}`
                        ) : (
                          <a
                            target="_blank"
                            rel="noreferrer"
                            href={`/v1/incidents/${props.incident}/notices/${one.rule}/pdf?language=${sent.language}&version=${sent.version}`}
                          >
                            Version {sent.version}
                          </a>
                        )}{' '}
                        sent <Instant at={sent.sent_at} /> #{sent.log_index}.{' '}
                      </span>
                    ))
                  : owedWords[one.owed]}
                {one.late && <strong className="sp-incident-late"> Late.</strong>} Due{' '}
                <Instant at={one.due_at} />.
              </div>
            </div>
            <div className="sp-incident-pages">
              {one.languages.map((language) => (
                <span key={language}>
                  <a
                    target="_blank"
                    rel="noreferrer"
                    href={`/v1/incidents/${props.incident}/notices/${one.rule}/page?language=${language}`}
                  >
                    Print {language}
                  </a>{' '}
                  <a
                    target="_blank"
                    rel="noreferrer"
                    aria-label={`PDF ${language} of the notice to ${one.to}`}
                    href={`/v1/incidents/${props.incident}/notices/${one.rule}/pdf?language=${language}`}
                  >
                    PDF
                  </a>
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

const owedWords = {
  yes: 'Owed.',
  perhaps: 'Perhaps owed.',
  no: 'Not owed.',
} as const
