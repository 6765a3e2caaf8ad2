import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { basisReaders } from '@sallyport/core/basis/basis'
import { type Language, languageNames, languages, printedInstant } from '@sallyport/core/language'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds, useZone } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { BasesPanel } from './bases-panel.tsx'
import { signQuery, type Sign } from './sign-types.ts'
import { signText } from './sign-words.ts'

import '../shell/print.css'
import './signs.css'

/** The sign as it has to hang at this port now, and the ground on which faces are compared. */
export function SignsPage(): ReactElement {
  useTitle('Signs')
  const sign = useQuery(signQuery)
  const reads = useHolds(...basisReaders)
  const [language, setLanguage] = useState<Language>('en')
  return (
    <>
      <div className="sp-page-head sp-noprint">
        <h1>Signs</h1>
        <p>Made of what is in force at this moment; nothing on it is written by hand.</p>
      </div>
      <div className="sp-sign-bar sp-noprint">
        <SegmentedControl
          aria-label="Language of the sign"
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
        />
        <Button variant="default" onClick={() => window.print()}>
          Print
        </Button>
        {sign.data !== undefined && (
          <span className="sp-quiet">
            As of <Instant at={sign.data.at} />
          </span>
        )}
      </div>
      {sign.isError && (
        <FailureNote
          doing="The sign could not be made"
          error={sign.error}
          onRetry={() => void sign.refetch()}
        />
      )}
      {sign.isPending && <Skeleton height={420} aria-label="Making the sign" />}
      {sign.data !== undefined && <SignSheet sign={sign.data} language={language} />}
      {reads && <BasesPanel />}
    </>
  )
}

function SignSheet(props: { readonly sign: Sign; readonly language: Language }): ReactElement {
  const zone = useZone()
  const text = signText(props.sign, props.language)
  return (
    <article className="sp-sheet sp-panel" lang={props.language} aria-label="Sign">
      <h2>{text.title}</h2>
      <ul>
        {text.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <h3>{text.keptTitle}</h3>
      {text.keptNote !== null && <p>{text.keptNote}</p>}
      {text.kept.length > 0 && (
        <dl>
          {text.kept.map(({ what, how }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{how}</dd>
            </div>
          ))}
        </dl>
      )}
      <h3>{text.askTitle}</h3>
      <p>{text.ask}</p>
      <footer>{printedInstant(props.sign.at, props.language, zone)}</footer>
    </article>
  )
}
