import { Button } from '@mantine/core'
import { useState, type ReactElement, type Ref, useImperativeHandle } from 'react'

import { countWords, plural, shortHex } from '../format/figures.ts'
import { checkReceipt, type CheckedReceipt } from '../log/check-receipt.ts'
import { CheckSteps } from '../log/check-steps.tsx'
import { CheckIcon, CrossIcon } from '../shell/icons.tsx'
import { useSession } from '../shell/session-context.ts'
import { download } from './download.ts'
import type { OpeningReceipt } from './use-picture.ts'

export type ReceiptHandle = { readonly verify: () => void }

/** The receipt of one opening: verified here when asked, and to take away. */
export function ReceiptPanel(props: {
  readonly receipt: OpeningReceipt
  readonly ref?: Ref<ReceiptHandle>
}): ReactElement {
  const { receipt, ref } = props
  const { log } = useSession()
  const [checked, setChecked] = useState<CheckedReceipt | null>(null)
  const verify = (): void => {
    const { opening, capture, purpose } = receipt
    setChecked(
      checkReceipt({
        proofText: receipt.proofText,
        entry: receipt.entry,
        vkey: log.vkey,
        expected: { opening, capture: capture.id, sha256: capture.sha256, purpose },
      }),
    )
  }
  useImperativeHandle(ref, () => ({ verify }))
  const name = `sallyport-${receipt.logIndex}`
  return (
    <div className="sp-receipt">
      <div className="sp-receipt-line">
        <span>
          Logged before it was shown: entry{' '}
          <strong className="sp-figure">{countWords(receipt.logIndex)}</strong>
        </span>
        <Button size="compact-sm" variant="light" onClick={verify}>
          Verify in this browser
        </Button>
      </div>
      <div role="status">{checked !== null && <Verdict checked={checked} />}</div>
      <div className="sp-receipt-files">
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => download(`${name}.tlog-proof`, receipt.proofText, 'text/plain')}
        >
          Download receipt
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => download(`${name}.entry.json`, receipt.entry, 'application/json')}
        >
          Download entry
        </Button>
      </div>
    </div>
  )
}

/** Verified or not in one line, with the steps behind a fold. */
function Verdict(props: { readonly checked: CheckedReceipt }): ReactElement {
  const { checked } = props
  return (
    <details className="sp-verdict" data-kind={checked.kind} open={checked.kind === 'refused'}>
      <summary>
        {checked.kind === 'verified' ? (
          <>
            <CheckIcon />
            <span>
              <strong>Verified here.</strong> Entry {countWords(checked.index)} in a log of{' '}
              {plural(checked.size, 'entry', 'entries')}, root{' '}
              <span className="sp-mono" title={checked.root}>
                {shortHex(checked.root)}
              </span>
            </span>
          </>
        ) : (
          <>
            <CrossIcon />
            <span>
              <strong>Not verified.</strong> {checked.detail}
            </span>
          </>
        )}
      </summary>
      <CheckSteps steps={checked.steps} />
    </details>
  )
}
