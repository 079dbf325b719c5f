import {
  concat,
  errorAnswer,
  renameStatement,
  simpleQuery,
  splitAnswer,
  sqlOf,
  UnitReader,
  welcome,
} from './wire.js'

/** A client that leaves a transaction open without a word for this long loses it: all others wait for it. */
const IDLE_IN_TRANSACTION_MS = 60_000

const LEADING_COMMENTS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/

/**
 * @typedef {(clientId: number, bytes: Uint8Array) => void} Reply
 * @typedef {{ id: number, reader: UnitReader, units: Uint8Array[][], channels: Set<string>, statements: Set<string>, closed: boolean }} Client
 */

/**
 * Lets many clients share the one session that an embedded PostgreSQL has. Whole units run one after the other
 * in the order of their arrival; a client with an open transaction has the session to itself until it ends.
 * Session settings (`set`) are shared: clients of one pool all set the same.
 */
export class SharedSession {
  #run
  #reply
  #hangUp
  #idleInTransactionMs
  #onPanic
  /** PostgreSQL has given up: whatever it is asked now, it spins. */
  #panicked = false
  /** @type {Map<number, Client>} */
  #clients = new Map()
  /** @type {Client[]} */
  #waiting = []
  /** @type {Client | null} */
  #owner = null
  /** Prepared statements of clients that are gone. @type {string[]} */
  #stale = []
  #scheduled = false
  /** @type {NodeJS.Timeout | undefined} */
  #idleTimer

  /**
   * `hangUp` is called for a client that this side has given up, `onPanic` when PostgreSQL itself has given up: nothing
   * runs in this session any more.
   * @param {{ run: (bytes: Uint8Array) => Uint8Array, reply: Reply, hangUp: (clientId: number) => void,
   *   onPanic: (reason: string) => void, idleInTransactionMs?: number }} options
   */
  constructor({ run, reply, hangUp, onPanic, idleInTransactionMs = IDLE_IN_TRANSACTION_MS }) {
    this.#run = run
    this.#reply = reply
    this.#hangUp = hangUp
    this.#onPanic = onPanic
    this.#idleInTransactionMs = idleInTransactionMs
  }

  /** @param {number} id */
  open(id) {
    this.#clients.set(id, {
      id,
      reader: new UnitReader(),
      units: [],
      channels: new Set(),
      statements: new Set(),
      closed: false,
    })
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} bytes */
  data(id, bytes) {
    const client = this.#clients.get(id)
    if (client === undefined) return
    for (const unit of client.reader.push(bytes)) {
      if (unit.kind === 'startup') this.#reply(id, welcome())
      else if (unit.kind === 'refuse-encryption') this.#reply(id, new TextEncoder().encode('N'))
      else if (unit.kind === 'terminate') this.end(id)
      else {
        client.units.push(unit.messages)
        this.#waiting.push(client)
      }
    }
    this.#schedule()
  }

  /** The client is gone: what it left open is rolled back. @param {number} id */
  end(id) {
    const client = this.#clients.get(id)
    if (client === undefined || this.#panicked) return
    this.#clients.delete(id)
    client.closed = true
    if (this.#owner === client) {
      this.#run(simpleQuery('rollback'))
      this.#release()
    }
    this.#stale.push(...client.statements)
    if (this.#owner === null) this.#release()
    this.#schedule()
  }

  #schedule() {
    if (this.#scheduled) return
    this.#scheduled = true
    // One unit a turn, so that what other clients sent meanwhile takes its place in the queue.
    setImmediate(() => {
      this.#scheduled = false
      if (this.#step()) this.#schedule()
    })
  }

  /** Runs one unit; false where there is nothing to run now. */
  #step() {
    if (this.#panicked) return false
    const at = this.#owner === null ? 0 : this.#waiting.indexOf(this.#owner)
    const [client] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (client === undefined) return false
    const messages = client.units.shift()
    if (client.closed || messages === undefined) return true
    clearTimeout(this.#idleTimer)
    this.#answer(client, this.#prepare(client, messages))
    return true
  }

  /** @param {Client} client @param {Uint8Array | { refusal: string }} unit */
  #answer(client, unit) {
    if (!(unit instanceof Uint8Array)) {
      this.#reply(client.id, errorAnswer({ code: '0A000', text: unit.refusal }))
      return
    }
    const { answer, notifications, status, panic } = splitAnswer(this.#run(unit))
    if (panic !== null) {
      // Its client learns of it as all others do.
      this.#panicked = true
      this.#onPanic(panic)
      return
    }
    this.#reply(client.id, answer)
    for (const { channel, bytes } of notifications) {
      for (const other of this.#clients.values())
        if (other.channels.has(channel)) this.#reply(other.id, bytes)
    }
    if (status === 'I') this.#release()
    else this.#hold(client)
  }

  /** @param {Client} client */
  #hold(client) {
    this.#owner = client
    this.#idleTimer = setTimeout(() => {
      const text = 'The transaction was idle for too long while others waited.'
      this.#reply(client.id, errorAnswer({ code: '25P03', text, severity: 'FATAL' }))
      this.end(client.id)
      this.#hangUp(client.id)
    }, this.#idleInTransactionMs)
  }

  #release() {
    clearTimeout(this.#idleTimer)
    this.#owner = null
    // Never inside somebody's transaction, which a failing statement would abort.
    for (const name of this.#stale.splice(0)) this.#run(simpleQuery(`deallocate "${name}"`))
  }

  /** @param {Client} client @param {Uint8Array[]} messages @returns {Uint8Array | { refusal: string }} */
  #prepare(client, messages) {
    /** @type {Uint8Array[]} */
    const out = []
    for (const one of messages) {
      const words = (sqlOf(one) ?? '')
        .slice(0, 2_000)
        .replace(LEADING_COMMENTS, '')
        .split(/[\s;]+/, 3)
      const verb = words[0]?.toLowerCase() ?? ''
      if (verb === 'copy') return { refusal: 'COPY is not available in the embedded database.' }
      if (verb === 'listen') client.channels.add(channelName(words[1]))
      if (verb === 'unlisten') {
        if (words[1] === '*') client.channels.clear()
        else client.channels.delete(channelName(words[1]))
        // The session goes on listening for the other clients; this answers like the real thing.
        if (String.fromCharCode(one[0] ?? 0) === 'Q') {
          out.push(simpleQuery('unlisten "nobody listens to this"'))
          continue
        }
      }
      out.push(
        renameStatement(one, (name) => {
          const own = `${client.id}:${name}`
          if (String.fromCharCode(one[0] ?? 0) === 'P') client.statements.add(own)
          if (String.fromCharCode(one[0] ?? 0) === 'C') client.statements.delete(own)
          return own
        }),
      )
    }
    return concat(out)
  }
}

/** Folds an identifier as PostgreSQL does. @param {string | undefined} word */
const channelName = (word = '') =>
  word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase()
