import { batchesOf } from '@kinoprint/core'
import type { ChainableCommander, Redis } from 'ioredis'
import { CLOCK_TOLERANCE_MS, REDIS_PREFIX } from '../queue-options.ts'

const BATCH_SIZE = 1_000
/** BullMQ's score of a delayed job is its due time in milliseconds times this, plus a counter. */
const DELAYED_SCORE_UNIT = 0x1000

type Jobs = { readonly queueName: string; readonly jobIds: readonly string[] }

/**
 * Returns those of the given ids that will be delivered soon, or that a worker has. BullMQ stores a job as a hash and
 * as an entry of a list or sorted set. A server that evicts keys can lose one of them, so a job counts only with both.
 */
export async function findJobs(client: Redis, { queueName, jobIds }: Jobs): Promise<string[]> {
  const found: string[] = []
  for (const batch of batchesOf(jobIds, BATCH_SIZE))
    found.push(...(await findBatch(client, { queueName, jobIds: batch })))
  return found
}

async function findBatch(client: Redis, { queueName, jobIds }: Jobs): Promise<string[]> {
  const key = keyIn(queueName)
  // One transaction, because a job could move from one list to another between two commands.
  const commands = client
    .multi()
    .time()
    .zmscore(key('prioritized'), ...jobIds)
    .zmscore(key('delayed'), ...jobIds)
    .lrange(key('active'), 0, -1)
    .lrange(key('wait'), 0, -1)
  for (const jobId of jobIds) commands.exists(key(jobId))
  const [time, prioritized, delayed, active, wait, ...hashes] = await repliesTo(commands)
  const nowMs = Number((time as string[])[0]) * 1000
  const listed = new Set([...(active as string[]), ...(wait as string[])])
  const isDueSoon = (score: string | null | undefined): boolean =>
    typeof score === 'string' && Math.abs(Number(score) / DELAYED_SCORE_UNIT - nowMs) <= CLOCK_TOLERANCE_MS
  return jobIds.filter((jobId, index) => {
    if (hashes[index] !== 1) return false
    const isPrioritized = typeof (prioritized as (string | null)[])[index] === 'string'
    return isPrioritized || listed.has(jobId) || isDueSoon((delayed as (string | null)[])[index])
  })
}

/** Deletes the jobs' hashes and locks, and their entries in all lists. */
export async function deleteJobs(client: Redis, { queueName, jobIds }: Jobs): Promise<void> {
  const key = keyIn(queueName)
  for (const batch of batchesOf(jobIds, BATCH_SIZE)) {
    const commands = client
      .multi()
      .zrem(key('prioritized'), ...batch)
      .zrem(key('delayed'), ...batch)
      .del(...batch.flatMap((jobId) => [key(jobId), key(`${jobId}:lock`)]))
    for (const jobId of batch) commands.lrem(key('active'), 0, jobId).lrem(key('wait'), 0, jobId)
    await repliesTo(commands)
  }
}

function keyIn(queueName: string): (name: string) => string {
  return (name) => `${REDIS_PREFIX}:${queueName}:${name}`
}

async function repliesTo(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec()) ?? []
  return replies.map(([error, reply]) => {
    if (error) throw error
    return reply
  })
}
