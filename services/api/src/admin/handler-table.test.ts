import { adminRoutes } from '@kinoprint/contract'
import { expect, test } from 'vitest'
import type { AdminHandlers, Answer } from './handler.ts'
import { adminHandlers } from './handler-table.ts'

test.each(Object.keys(adminRoutes) as (keyof typeof adminRoutes)[])('the route %s has a handler', (name) => {
  expect(adminHandlers[name]).toBeTypeOf('function')
})

test('a handler that is missing or returns the wrong shape does not compile', () => {
  const { getStats: _, ...rest } = adminHandlers
  // @ts-expect-error The handler of getStats is missing.
  const missing: AdminHandlers = rest
  // @ts-expect-error The response of cancelJobs has no such field.
  const answer: Awaited<Answer<'cancelJobs'>> = { canceled: 1 }
  expect(missing).not.toHaveProperty('getStats')
  expect(answer).toEqual({ canceled: 1 })
})
