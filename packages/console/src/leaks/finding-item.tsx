import { Badge } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { useSeesCrossings } from '../shell/session-context.ts'
import type { LeakFile } from './api.ts'
import {
  errorWords,
  evidenceWords,
  levelWords,
  provenanceOf,
  short,
  verdictWords,
} from './words.ts'

const colours = { ours: 'red', unsure: 'yellow', not_ours: 'gray' } as const

/** One file: the verdict, whose copy it is, and on request everything it rests on. */
export function FindingItem({ file }: { readonly file: LeakFile }): ReactElement {
  const sees = useSeesCrossings()
  const { verdict, level, capture, crossing, evidence, sha256 } = file
  const provenance = provenanceOf(file)
  return (
    <li className="sp-leak-file">
      <Badge variant="light" color={colours[verdict]}>
        {verdictWords[verdict]}
      </Badge>
      <div className="sp-leak-what">
        <strong className="sp-leak-name">{file.file}</strong>
        <p>
          {level !== null && <>{levelWords[level]}</>}
          {capture !== null && (
            <>
              : capture{' '}
              {crossing !== null && sees ? (
                <Link href={`/crossings/${crossing}`}>{short(capture)}</Link>
              ) : (
                short(capture)
              )}
            </>
          )}
          {provenance !== '' && <strong> · {provenance}</strong>}
        </p>
        <details>
          <summary>
            Evidence,{' '}
            {verdict === 'ours' ? errorWords(file.error_probability) : 'and what it is not'}
          </summary>
          <ul>
            {evidence.length === 0 && <li>Nothing stored was near it.</li>}
            {evidence.map((one, at) => (
              <li key={`${one.kind} ${at}`}>{evidenceWords(one)}</li>
            ))}
            {sha256 !== null && <li className="sp-quiet">SHA-256 {sha256}</li>}
          </ul>
        </details>
      </div>
    </li>
  )
}
