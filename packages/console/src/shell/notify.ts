import { notifications } from '@mantine/notifications'

import { explainFailure } from '../api/advice.ts'

/** Says that something done by key or button failed, and what to do next. */
export function notifyFailure(doing: string, error: unknown): void {
  const { what, next } = explainFailure(error)
  notifications.show({
    color: 'red',
    title: doing,
    message: `${what} ${next}`,
    autoClose: 12_000,
    withBorder: true,
  })
}

/** Confirms what was done. */
export function notifyDone(title: string, message: string): void {
  notifications.show({ title, message, autoClose: 5_000, withBorder: true })
}
