import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SharedSession } from './shared-session.ts'

const IDLE_MS = 60_000
/** More turns of the event loop than the number of units in any test. */
const TURNS = 20

function encode(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

function startup(): Buffer {
  return Buffer.from([0, 0, 0, 8, 0, 3, 0, 0])
}
function query(sql: string): Buffer {
  return encode('Q', Buffer.from(`${sql}\0`))
}
function parse(name: string, sql: string): Buffer {
  return encode('P', Buffer.concat([Buffer.from(`${name}\0${sql}\0`), Buffer.alloc(2)]))
}
function sync(): Buffer {
  return encode('S', Buffer.alloc(0))
}
function ready(status: string): Buffer {
  return encode('Z', Buffer.from(status))
}

/** A session over a stand-in for PostgreSQL that tracks only whether a transaction is open. */
function createSession() {
  const ran: string[] = []
  const replies = new Map<number, Buffer[]>()
  const disconnected: number[] = []
  const panics: string[] = []
  let inTransaction = false
  let next: Buffer | null = null
  const session = new SharedSession({
    run: (unit) => {
      const sql = Buffer.from(unit).toString('latin1', 5).replace(/\0.*/s, '')
      ran.push(sql)
      if (sql === 'begin') inTransaction = true
      if (sql === 'commit' || sql === 'rollback') inTransaction = false
      const output = Buffer.concat([next ?? Buffer.alloc(0), ready(inTransaction ? 'T' : 'I')])
      next = null
      return output
    },
    reply: (id, bytes) => replies.set(id, [...(replies.get(id) ?? []), Buffer.from(bytes)]),
    disconnect: (id) => disconnected.push(id),
    onPanic: (message) => panics.push(message),
    idleInTransactionMs: IDLE_MS,
  })
  const send = (id: number, ...messages: Buffer[]) =>
    session.receive(id, new Uint8Array(Buffer.concat(messages)))
  const open = (id: number) => {
    session.open(id)
    send(id, startup())
  }
  const replied = (id: number) => Buffer.concat(replies.get(id) ?? []).toString('latin1')
  const settle = async () => {
    for (let n = 0; n < TURNS; n++) await turn()
  }
  return {
    session,
    open,
    send,
    settle,
    ran,
    replied,
    disconnected,
    panics,
    answerNextWith: (bytes: Buffer) => {
      next = bytes
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the session that clients of the embedded database share', () => {
  test('a statement runs once it is complete, however its bytes arrive', async () => {
    const { session, open, settle, ran } = createSession()
    open(1)
    for (const byte of Buffer.concat([query('select 1'), query('select 2')]))
      session.receive(1, Uint8Array.of(byte))
    await settle()
    expect(ran).toEqual(['select 1', 'select 2'])
  })

  test('no statement of another client runs between begin and commit', async () => {
    const { open, send, settle, ran } = createSession()
    open(1)
    open(2)
    send(1, query('begin'))
    send(2, query('theirs'))
    await settle()
    expect(ran).toEqual(['begin'])
    send(1, query('mine'), query('commit'))
    await settle()
    expect(ran).toEqual(['begin', 'mine', 'commit', 'theirs'])
  })

  test('an idle transaction is rolled back and its client disconnected, so that the others continue', async () => {
    const { open, send, settle, ran, replied, disconnected } = createSession()
    open(1)
    open(2)
    send(1, query('begin'))
    send(2, query('theirs'))
    await settle()
    vi.advanceTimersByTime(IDLE_MS)
    await settle()
    expect(ran).toEqual(['begin', 'rollback', 'theirs'])
    expect(disconnected).toEqual([1])
    expect(replied(1)).toContain('25P03')
  })

  test('a transaction that only sends COPY is still rolled back when it is idle', async () => {
    const { open, send, settle, ran, replied } = createSession()
    open(1)
    send(1, query('begin'))
    await settle()
    send(1, query('copy films to stdout'))
    await settle()
    expect(replied(1)).toContain('0A000')
    vi.advanceTimersByTime(IDLE_MS)
    expect(ran).toEqual(['begin', 'rollback'])
  })

  test('prepared statements of one name are kept apart, and those of a client that leaves are dropped', async () => {
    const { session, open, send, settle, ran } = createSession()
    open(1)
    open(2)
    send(1, parse('find', 'select 1'), sync())
    send(2, parse('find', 'select 2'), sync())
    await settle()
    expect(ran).toEqual(['1:find', '2:find'])
    session.end(1)
    await settle()
    expect(ran.slice(2)).toEqual(['deallocate "1:find"'])
  })

  test('a notification goes to the clients that listen on its channel, and to no other', async () => {
    const { open, send, settle, replied, answerNextWith } = createSession()
    for (const id of [1, 2, 3]) open(id)
    send(1, query('-- a comment first\nlisten News;'))
    send(2, query('listen gossip'))
    await settle()
    answerNextWith(encode('A', Buffer.concat([Buffer.alloc(4), Buffer.from('news\0extra\0')])))
    send(3, query('notify news'))
    await settle()
    expect([1, 2, 3].map((id) => replied(id).includes('extra'))).toEqual([true, false, false])
  })

  test('nothing runs after PostgreSQL has given up, not even the rollback of a client that leaves', async () => {
    const { session, open, send, settle, ran, panics, answerNextWith } = createSession()
    open(1)
    answerNextWith(encode('E', Buffer.from('SPANIK\0VPANIC\0Mdisk gone\0\0')))
    send(1, query('begin'), query('select 1'))
    await settle()
    session.end(1)
    await settle()
    expect(panics).toEqual(['disk gone'])
    expect(ran).toEqual(['begin'])
  })
})
