import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'

import { readAgain } from './read-again.ts'

/** A page that shows a query whose answers are given by hand. */
function page() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const answers: ((value: string) => void)[] = []
  const observer = new QueryObserver(client, {
    queryKey: ['faces', 'c1'],
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
  })
  const leave = observer.subscribe(() => {})
  return { client, answers, shown: () => observer.getCurrentResult().data, leave }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

test('an event during the first read is not lost: what was read before it is read again', async () => {
  const { client, answers, shown, leave } = page()
  readAgain(client, ['faces'])
  readAgain(client, ['faces'])
  await settled()
  expect(answers).toHaveLength(1)
  answers[0]?.('from before the event')
  await settled()
  expect(answers).toHaveLength(2)
  answers[1]?.('from after it')
  await settled()
  expect([shown(), answers.length]).toEqual(['from after it', 2])
  leave()
})

test('events that keep coming do not begin a slow answer anew', async () => {
  const { client, answers, shown, leave } = page()
  for (let event = 0; event < 5; event++) {
    readAgain(client, ['faces'])
    await settled()
  }
  expect(answers).toHaveLength(1)
  answers[0]?.('first')
  await settled()
  expect([shown(), answers.length]).toEqual(['first', 2])
  leave()
})

test('a read that fails is read again all the same', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const outcomes: (() => Promise<string>)[] = [
    () => Promise.reject(new Error('the hub was away')),
    () => Promise.resolve('here'),
  ]
  const observer = new QueryObserver(client, {
    queryKey: ['lanes'],
    queryFn: () => (outcomes.shift() ?? (() => Promise.resolve('again')))(),
  })
  const leave = observer.subscribe(() => {})
  readAgain(client, ['lanes'])
  await settled()
  expect(observer.getCurrentResult().data).toBe('here')
  leave()
})
