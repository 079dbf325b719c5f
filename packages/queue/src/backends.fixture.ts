import { randomBytes } from 'node:crypto'
import { type Log, newJobId } from '@kinoprint/core'
import { Client, Pool } from 'pg'
import type { QueueOptions } from './queue-options.ts'

const required = (name: 'TEST_REDIS_URL' | 'TEST_DATABASE_URL'): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run npm test`)
  return value
}

const testRedisUrl = (): string => required('TEST_REDIS_URL')

/** A queue that no other test uses, on one of the two servers. */
export type TestBackend = {
  readonly options: QueueOptions
  /** What a child process needs to open the same queue. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

const queueName = (): string => `test-${randomBytes(6).toString('hex')}`

async function onRedis(): Promise<TestBackend> {
  const redisUrl = testRedisUrl()
  const name = queueName()
  return {
    options: { redisUrl, name },
    env: { QUEUE_NAME: name, QUEUE_REDIS_URL: redisUrl },
    close: async () => undefined,
  }
}

/** A database of its own, so that BullMQ's schema is made from nothing. */
export async function onPostgres(): Promise<TestBackend> {
  const server = required('TEST_DATABASE_URL')
  const database = `queue_${randomBytes(6).toString('hex')}`
  await asAdmin(server, `create database ${database}`)
  const url = new URL(server)
  url.pathname = `/${database}`
  const pool = new Pool({ connectionString: url.href, max: 8 })
  pool.on('error', () => undefined)
  const name = queueName()
  return {
    options: { pool, postgres: true, name },
    env: { QUEUE_NAME: name, QUEUE_DATABASE_URL: url.href },
    close: async () => {
      await pool.end()
      await asAdmin(server, `drop database ${database} with (force)`)
    },
  }
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export const testBackends = [
  { server: 'Redis', open: onRedis },
  { server: 'PostgreSQL', open: onPostgres },
] as const

export type Said = { readonly level: string; readonly message: string; readonly fields: object }

/** A log that keeps what was said. */
export function listeningLog(): Log & { readonly said: Said[] } {
  const said: Said[] = []
  const keep = (level: string) => (fields: object, message: string) => {
    said.push({ level, message, fields })
  }
  return { said, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}

export const jobIds = (count: number): readonly string[] => Array.from({ length: count }, newJobId)
