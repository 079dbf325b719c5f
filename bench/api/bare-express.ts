/**
 * The minimum cost of a submission: express, one insert, one enqueue, and a response of the same length. It checks
 * no signature and parses no XML. Runs as a process with DATABASE_URL and REDIS_URL, and prints `bare on PORT`.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { openQueue } from '@kinoprint/queue'
import express from 'express'
import pg from 'pg'

const { DATABASE_URL = '', REDIS_URL = '' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
await pool.query(
  'create table bare_jobs (id text primary key, body text not null, state text not null, created_at timestamptz not null default now())',
)
const log = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} }
const queue = await openQueue({ redisUrl: REDIS_URL, name: 'bare' }, { log })

const app = express()
app.post('/jobs', express.text({ type: '*/*' }), async (req, res) => {
  const id = randomUUID()
  await pool.query({
    name: 'bare-insert',
    text: "insert into bare_jobs (id, body, state) values ($1, $2, 'Submitted')",
    values: [id, req.body],
  })
  await queue.enqueue(id, 0)
  res
    .type('application/xml')
    .send(`<Response><JobsDetail><JobId>${id}</JobId><State>Submitted</State></JobsDetail></Response>`)
})
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`bare on ${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGTERM', () => process.exit())
