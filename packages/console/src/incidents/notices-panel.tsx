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
        Counsel confirms deadlines and texts. Record what went out with sallyport incident notices
        --sent.
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
          {between(board.data.unreachable)} people are only a plate or a face: nobody can write to
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
                        Version {sent.version} sent <Instant at={sent.sent_at} /> #{sent.log_index}
                        .{' '}
                      </span>
                    ))
                  : owedWords[one.owed]}
                {one.late && <strong className="sp-incident-late"> Late.</strong>} Due{' '}
                <Instant at={one.due_at} />.
              </div>
            </div>
            <div className="sp-incident-pages">
              {one.languages.map((language) => (
                <a
                  key={language}
                  target="_blank"
                  rel="noreferrer"
                  href={`/v1/incidents/${props.incident}/notices/${one.rule}/page?language=${language}`}
                >
                  Print {language}
                </a>
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
