import { DEFAULT_SCHEMA } from 'bullmq'
import type { ChainableCommander, Redis } from 'ioredis'
import type { Pool } from 'pg'
import { REDIS_PREFIX } from './queue-options.ts'

/**
 * How far a job's due time, or the end of its lock, may lie from the server's own clock. Handlers put a job off for
 * seconds and locks last for seconds: anything beyond was written by a worker whose clock is wrong, and no worker
 * with a right one would deliver the job in time.
 */
const CLOCK_SLACK_MS = 30_000
const REDIS_BATCH = 1_000
/** BullMQ keeps the due time of a delayed job as milliseconds times this, plus a counter. */
const DELAYED_SCORE_UNIT = 0x1000

/** Those of the ids that the queue holds and will deliver soon, or has delivered to a worker. */
export type FindHeld = (queueName: string, jobIds: readonly string[]) => Promise<string[]>
/** Removes what the queue still has of these jobs, in whatever state. */
export type Forget = (queueName: string, jobIds: readonly string[]) => Promise<void>

/**
 * A job in Redis is a hash and an entry in one list or sorted set. A server that evicts keys loses the one without
 * the other, so both have to be there.
 */
export const heldInRedis =
  (client: Redis): FindHeld =>
  async (queueName, jobIds) => {
    const held: string[] = []
    for (const batch of batchesOf(jobIds)) held.push(...(await heldOf(client, queueName, batch)))
    return held
  }

async function heldOf(client: Redis, queueName: string, jobIds: readonly string[]): Promise<string[]> {
  const key = (name: string): string => `${REDIS_PREFIX}:${queueName}:${name}`
  // One transaction: a job must not move from one list to the next in between.
  const commands = client
    .multi()
    .time()
    .zmscore(key('prioritized'), ...jobIds)
    .zmscore(key('delayed'), ...jobIds)
    .lrange(key('active'), 0, -1)
    .lrange(key('wait'), 0, -1)
  for (const jobId of jobIds) commands.exists(key(jobId))
  const [time, prioritized, delayed, active, wait, ...hashes] = await repliesOf(commands)
  const nowMs = Number((time as string[])[0]) * 1000
  const listed = new Set([...(active as string[]), ...(wait as string[])])
  const isDue = (score: string | null | undefined): boolean =>
    typeof score === 'string' && Math.abs(Number(score) / DELAYED_SCORE_UNIT - nowMs) <= CLOCK_SLACK_MS
  return jobIds.filter((jobId, index) => {
    if (hashes[index] !== 1) return false
    const isPrioritized = typeof (prioritized as (string | null)[])[index] === 'string'
    return isPrioritized || listed.has(jobId) || isDue((delayed as (string | null)[])[index])
  })
}

export const forgetInRedis =
  (client: Redis): Forget =>
  async (queueName, jobIds) => {
    const key = (name: string): string => `${REDIS_PREFIX}:${queueName}:${name}`
    for (const batch of batchesOf(jobIds)) {
      const commands = client
        .multi()
        .zrem(key('prioritized'), ...batch)
        .zrem(key('delayed'), ...batch)
        .del(...batch.flatMap((jobId) => [key(jobId), key(`${jobId}:lock`)]))
      for (const jobId of batch) commands.lrem(key('active'), 0, jobId).lrem(key('wait'), 0, jobId)
      await repliesOf(commands)
    }
  }

async function repliesOf(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec()) ?? []
  return replies.map(([error, reply]) => {
    if (error) throw error
    return reply
  })
}

/** BullMQ writes due times and the ends of locks by the clocks of its workers; the server's own clock decides here. */
const HELD = `(state = 'waiting' or case state
    when 'delayed' then abs(process_at_ms - extract(epoch from clock_timestamp()) * 1000) <= ${CLOCK_SLACK_MS}
    when 'active' then abs(locked_until_ms - extract(epoch from clock_timestamp()) * 1000) <= ${CLOCK_SLACK_MS}
    else false end)`

export const heldInPostgres =
  (pool: Pool): FindHeld =>
  async (queueName, jobIds) => {
    const { rows } = await pool.query<{ id: string }>(
      `select id from ${DEFAULT_SCHEMA}.job where queue = $1 and id = any($2::text[]) and ${HELD}`,
      [queueName, [...jobIds]],
    )
    return rows.map((row) => row.id)
  }

export const forgetInPostgres =
  (pool: Pool): Forget =>
  async (queueName, jobIds) => {
    await pool.query(`delete from ${DEFAULT_SCHEMA}.job where queue = $1 and id = any($2::text[])`, [
      queueName,
      [...jobIds],
    ])
  }

function batchesOf(jobIds: readonly string[]): (readonly string[])[] {
  const batches: (readonly string[])[] = []
  for (let start = 0; start < jobIds.length; start += REDIS_BATCH)
    batches.push(jobIds.slice(start, start + REDIS_BATCH))
  return batches
}
