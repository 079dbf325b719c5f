import { setTimeout as delay } from 'node:timers/promises'
import { hang, reset, status } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import type { Part, Stack } from './stack.ts'

export type FaultCase = {
  readonly name: string
  /** Duration in seconds in the long and in the short form. Null: not part of the short form. */
  readonly seconds: { readonly long: number; readonly short: number | null }
  /** Causes the fault and ends it after that time. Resolves when everything is running again. */
  strike(stack: Stack, seconds: number): Promise<void>
  /** Why this machine cannot cause the fault. */
  unable?(stack: Stack): string | null
}

export const faultTable: readonly FaultCase[] = [
  {
    name: 'a worker is killed',
    seconds: { long: 5, short: 1 },
    strike: async ({ workers }, seconds) => {
      const [worker] = workers
      if (worker === undefined) throw new Error('No worker is running.')
      await worker.end('SIGKILL')
      await wait(seconds)
      await worker.start()
    },
  },
  {
    name: 'the API is killed',
    seconds: { long: 2, short: 0 },
    strike: async ({ api }, seconds) => {
      await api.end('SIGKILL')
      await wait(seconds)
      await api.start()
    },
  },
  {
    name: 'Redis is killed',
    seconds: { long: 5, short: null },
    strike: async ({ redis }, seconds) => {
      await redis.kill()
      await wait(seconds)
      await redis.start()
    },
  },
  {
    name: 'Redis is restarted empty',
    seconds: { long: 1, short: 0 },
    strike: async ({ redis }, seconds) => {
      await redis.kill()
      redis.wipe()
      await wait(seconds)
      await redis.start()
    },
  },
  {
    name: 'PostgreSQL is killed',
    seconds: { long: 2, short: 1 },
    strike: async ({ postgres }, seconds) => {
      await postgres.kill()
      await wait(seconds)
      await postgres.start()
    },
  },
  {
    name: 'PostgreSQL refuses connections',
    seconds: { long: 30, short: null },
    strike: async ({ postgres }, seconds) => {
      await postgres.stop()
      await wait(seconds)
      await postgres.start()
    },
  },
  {
    name: 'the network to the workers breaks',
    seconds: { long: 15, short: null },
    strike: async ({ network }, seconds) => {
      network.set('refuse')
      await wait(seconds)
      network.set('pass')
    },
  },
  {
    name: 'the network to the workers goes silent',
    seconds: { long: 15, short: null },
    strike: async ({ network }, seconds) => {
      network.set('silent')
      await wait(seconds)
      network.set('pass')
    },
  },
  {
    name: 'the disk for temporary files is full',
    seconds: { long: 10, short: 2 },
    unable: ({ disk }) => (disk.ownDisk ? null : 'this user may not mount a file system'),
    strike: async ({ disk }, seconds) => {
      disk.fill()
      await wait(seconds)
      disk.empty()
    },
  },
  {
    name: 'the callback receiver hangs, resets, returns 500',
    seconds: { long: 24, short: null },
    strike: async ({ receiver, takeCallbacks }, seconds) => {
      for (const [reply, share] of [
        [hang, 0.5],
        [reset, 0.25],
        [status(500), 0.25],
      ] as const) {
        receiver.reply(reply)
        await wait(seconds * share)
      }
      takeCallbacks()
    },
  },
  {
    name: 'everything is stopped (SIGTERM)',
    seconds: { long: 2, short: 0 },
    strike: async ({ api, workers, postgres, redis }, seconds) => {
      await Promise.all([api, ...workers].map(endCleanly))
      await Promise.all([postgres.stop(), redis.stop()])
      await wait(seconds)
      await Promise.all([postgres.start(), redis.start()])
      await Promise.all([api, ...workers].map((part) => part.start()))
    },
  },
]

function wait(seconds: number): Promise<void> {
  return delay(seconds * 1000)
}

async function endCleanly(part: Part): Promise<void> {
  // A shutdown that exceeds its time limit ends with another code.
  const code = await part.end('SIGTERM')
  if (code !== 0) throw new Error(`The ${part.name} ended with code ${code}.`)
}
