import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { type Language, languageNames, languages, printedInstant } from '@sallyport/core/language'
import { explanationText } from '@sallyport/core/window/explanation'
import { referralReasons } from '@sallyport/core/window/window'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { FailureNote } from '../shell/failure-note.tsx'
import { useZone } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { signQuery } from '../signs/sign-types.ts'
import { windowQuery } from '../window/window-queries.ts'

import '../signs/signs.css'

/** One sheet for the traveller: why they were asked in, and where to turn. It names no officer. */
export function ExplanationPage(props: { readonly id: string }): ReactElement {
  useTitle('Explanation')
  const window = useQuery(windowQuery(props.id))
  const sign = useQuery(signQuery)
  const zone = useZone()
  const [language, setLanguage] = useState<Language>('en')
  const failed = window.error ?? sign.error
  if (failed !== null)
    return <FailureNote doing="The explanation could not be made" error={failed} />
  if (window.data === undefined || sign.data === undefined)
    return <Skeleton height={420} aria-label="Making the explanation" />
  const { referral, opted_out: optedOut } = window.data
  const reason = referralReasons.find((one) => one === referral?.code) ?? null
  if (referral === null || reason === null)
    return (
      <div className="sp-empty sp-panel">
        <h2>This crossing was not referred</h2>
        <p>There is nothing to explain.</p>
      </div>
    )
  const text = explanationText(reason, optedOut !== null, sign.data.contact, language)
  return (
    <>
      <div className="sp-sign-bar sp-noprint">
        <Link className="sp-link" href="/secondary">
          Secondary
        </Link>
        <SegmentedControl
          aria-label="Language of the explanation"
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
        />
        <Button variant="default" onClick={() => globalThis.print()}>
          Print
        </Button>
      </div>
      <article className="sp-sheet sp-panel" lang={language} aria-label="Explanation">
        <h2>{text.title}</h2>
        <p>{text.why}</p>
        <ul>
          {text.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        <h3>{text.referenceTitle}</h3>
        <p className="sp-mono">
          {props.id} · {referral.log_index}
        </p>
        <h3>{text.askTitle}</h3>
        <p>{text.ask}</p>
        <footer>
          {sign.data.port.name}, {printedInstant(referral.at, language, zone)}
        </footer>
      </article>
    </>
  )
}
