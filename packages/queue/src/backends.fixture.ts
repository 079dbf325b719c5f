import { randomBytes } from 'node:crypto'
import { type Log, newJobId } from '@kinoprint/core'
import { Client, Pool } from 'pg'
import type { QueueOptions } from './queue-options.ts'

function required(name: 'TEST_REDIS_URL' | 'TEST_DATABASE_URL'): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set. Run npm test.`)
  return value
}

/** A separate queue for the test on one of the two servers. */
export type TestBackend = {
  readonly options: QueueOptions
  /** The variables with which a child process opens the same queue. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

function queueName(): string {
  return `test-${randomBytes(6).toString('hex')}`
}

async function onRedis(): Promise<TestBackend> {
  const redisUrl = required('TEST_REDIS_URL')
  const name = queueName()
  return {
    options: { redisUrl, name },
    env: { QUEUE_NAME: name, QUEUE_REDIS_URL: redisUrl },
    close: async () => undefined,
  }
}

/** Creates a database, so that the creation of BullMQ's schema is tested too. */
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

export type LogLine = { readonly level: string; readonly message: string; readonly fields: object }

/** A log that records its lines. */
export function recordingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const keep = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields })
  }
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}

export function jobIds(count: number): readonly string[] {
  return Array.from({ length: count }, newJobId)
}
