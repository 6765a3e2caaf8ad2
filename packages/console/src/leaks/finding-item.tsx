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

const colours = { ours: 'red', unsure: 'blue', not_ours: 'gray' } as const

/** One file: the verdict, whose copy it is, and on request everything it rests on. */
export function FindingItem({ file }: { readonly file: LeakFile }): ReactElement {
  const sees = useSeesCrossings()
  const { verdict, level, capture, crossing, evidence, sha256 } = file
  const provenance = provenanceOf(file)
  const reason = evidence.find(({ kind }) => kind === 'not_compared' || kind === 'shredded')
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
                <Link className="sp-link" href={`/crossings/${crossing}`}>
                  {short(capture)}
                </Link>
              ) : (
                short(capture)
              )}
            </>
          )}
          {level === null && reason !== undefined && evidenceWords(reason)}
          {provenance !== '' && <strong> · {provenance}</strong>}
        </p>
        <details>
          <summary>
            {verdict === 'ours' ? `Evidence, ${errorWords(file.error_probability)}` : 'Evidence'}
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
