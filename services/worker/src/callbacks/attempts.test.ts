import type { DueDelivery } from '@kinoprint/store'
import { expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'
import { createReceiverBackoff } from './receiver-backoff.ts'

function deliveryOf(tenant: string): DueDelivery {
  return {
    deliveryId: 1,
    jobId: 'j1',
    matchEventId: null,
    libraryEventId: null,
    status: 'Pending',
    type: 'Url',
    format: 'XML',
    url: 'http://shared/hangs',
    mqMode: null,
    mqRegion: null,
    mqName: null,
    tenant,
    host: 'shared',
    body: null,
    attempts: 1,
    nextAt: new Date(),
    lastError: null,
    lastStatus: null,
    attemptLog: [],
    createdAt: new Date(),
    endedAt: null,
    elapsedMs: 0,
    traceParent: null,
  }
}

test('a hanging host is backed off only for the tenant whose callback hung', {
  tags: ['hanging-receivers'],
}, async () => {
  const backoff = createReceiverBackoff({ baseMs: 10_000, now: () => 0 })
  await new Promise<void>((resolve) => {
    const attempts = createAttempts({
      timeoutMs: 1,
      backoff,
      onEnd: resolve,
      // Ends only when aborted.
      run: (_delivery, signal) => new Promise((end) => signal.addEventListener('abort', () => end())),
    })
    attempts.start(deliveryOf('AKID1 films-1'))
  })
  expect(backoff.blocked()).toEqual(['AKID1 films-1 shared'])
})
