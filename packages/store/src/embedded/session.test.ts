import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'

type Session = {
  open(id: number): void
  data(id: number, bytes: Uint8Array): void
}
type SessionOptions = {
  run: (bytes: Uint8Array) => Uint8Array
  reply: (id: number, bytes: Uint8Array) => void
  hangUp: (id: number) => void
  onPanic: (reason: string) => void
  idleInTransactionMs: number
}
// Plain JavaScript, which the type check of the tests does not read.
const { SharedSession } = (await import(new URL('./session.js', import.meta.url).href)) as {
  SharedSession: new (options: SessionOptions) => Session
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}
const query = (sql: string): Buffer => message('Q', Buffer.from(`${sql}\0`))
const startup = (): Buffer => Buffer.from([0, 0, 0, 8, 0, 3, 0, 0])
const READY = { idle: message('Z', Buffer.from('I')), inTransaction: message('Z', Buffer.from('T')) }

/** A session over a pretended database that only knows whether a transaction is open. */
const newSession = (idleInTransactionMs = 60_000) => {
  const ran: string[] = []
  const replies = new Map<number, Buffer[]>()
  const hungUp: number[] = []
  const panics: string[] = []
  let inTransaction = false
  const session = new SharedSession({
    run: (bytes) => {
      const sql = Buffer.from(bytes).toString('latin1', 5).replace(/\0.*/s, '')
      ran.push(sql)
      if (sql === 'begin') inTransaction = true
      if (sql === 'commit' || sql === 'rollback') inTransaction = false
      return inTransaction ? READY.inTransaction : READY.idle
    },
    reply: (id, bytes) => replies.set(id, [...(replies.get(id) ?? []), Buffer.from(bytes)]),
    hangUp: (id) => hungUp.push(id),
    onPanic: (reason) => panics.push(reason),
    idleInTransactionMs,
  })
  const open = (id: number) => {
    session.open(id)
    session.data(id, startup())
  }
  return { session, open, ran, replies, hungUp, panics }
}

describe('the shared session', () => {
  it('puts statements together however their bytes arrive', async () => {
    const { session, open, ran } = newSession()
    open(1)
    const bytes = Buffer.concat([query('select 1'), query('select 2')])
    for (const byte of bytes) session.data(1, Uint8Array.of(byte))
    await vi.waitFor(() => expect(ran).toEqual(['select 1', 'select 2']))
  })

  it('runs nothing of others between begin and commit', async () => {
    const { session, open, ran } = newSession()
    open(1)
    open(2)
    session.data(1, new Uint8Array(query('begin')))
    session.data(2, new Uint8Array(query('theirs')))
    await vi.waitFor(() => expect(ran).toEqual(['begin']))
    await delay(30)
    expect(ran).toEqual(['begin'])
    session.data(1, new Uint8Array(query('mine')))
    session.data(1, new Uint8Array(query('commit')))
    await vi.waitFor(() => expect(ran).toEqual(['begin', 'mine', 'commit', 'theirs']))
  })

  it('a transaction that falls silent is rolled back and its client hung up, so that the others go on', async () => {
    const { session, open, ran, replies, hungUp } = newSession(30)
    open(1)
    open(2)
    session.data(1, new Uint8Array(query('begin')))
    session.data(2, new Uint8Array(query('theirs')))
    await vi.waitFor(() => expect(ran).toEqual(['begin', 'rollback', 'theirs']))
    expect(hungUp).toEqual([1])
    expect(Buffer.concat(replies.get(1) ?? []).toString('latin1')).toContain('25P03')
  })
})
