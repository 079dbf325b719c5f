import { expect, test } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

test('clients take turns however many items one has, and each client keeps its order', () => {
  const queue = createFairQueue<{ readonly text: string }>()
  for (const text of ['a1', 'a2', 'a3', 'a4']) queue.push('a', { text })
  for (const text of ['b1', 'b2']) queue.push('b', { text })
  const gone = { text: 'gone' }
  queue.push('c', gone)
  queue.remove('c', gone)
  const order: string[] = []
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) order.push(item.text)
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4'])
  expect(queue.size()).toBe(0)
})
