import {
  type ClientRequest,
  concat,
  declineEncryption,
  errorReply,
  messageType,
  parseReply,
  RequestReader,
  renameStatement,
  simpleQuery,
  sqlOf,
  welcome,
} from './wire-protocol.ts'

/** Every other client waits for an open transaction, so an idle one is rolled back after this time. */
const IDLE_IN_TRANSACTION_MS = 60_000
/** Number of characters of a statement that are read to find its first words. */
const VERB_SEARCH_CHARS = 2_000
const LEADING_COMMENTS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/

type Client = {
  readonly id: number
  readonly reader: RequestReader
  readonly units: (readonly Uint8Array[])[]
  readonly channels: Set<string>
  /** Prepared statements, under their names in the session. */
  readonly statements: Set<string>
  closed: boolean
}

export type SharedSessionOptions = {
  /** Runs one unit in PostgreSQL and returns the whole reply. */
  readonly run: (unit: Uint8Array) => Uint8Array
  readonly reply: (clientId: number, bytes: Uint8Array) => void
  /** Called after the session has dropped a client, to close its connection. */
  readonly disconnect: (clientId: number) => void
  /** Called once, when PostgreSQL has given up. The session runs nothing after that. */
  readonly onPanic: (message: string) => void
  readonly idleInTransactionMs?: number
}

/**
 * Lets many clients share the single session of an embedded PostgreSQL. Units run one at a time in order of arrival. A
 * client with an open transaction has the session to itself until the transaction ends. Settings made with `set` are
 * shared, so all clients must use the same ones.
 */
export class SharedSession {
  readonly #run: SharedSessionOptions['run']
  readonly #reply: SharedSessionOptions['reply']
  readonly #disconnect: SharedSessionOptions['disconnect']
  readonly #onPanic: SharedSessionOptions['onPanic']
  readonly #idleInTransactionMs: number
  readonly #clients = new Map<number, Client>()
  /** One entry for each waiting unit. */
  #waiting: Client[] = []
  /** The client that has the open transaction. */
  #owner: Client | null = null
  /** Prepared statements of clients that have left. */
  #orphanedStatements: string[] = []
  #scheduled = false
  /** After a panic PostgreSQL would loop endlessly on the next unit. */
  #panicked = false
  #idleTimer: NodeJS.Timeout | undefined

  constructor({ run, reply, disconnect, onPanic, idleInTransactionMs }: SharedSessionOptions) {
    this.#run = run
    this.#reply = reply
    this.#disconnect = disconnect
    this.#onPanic = onPanic
    this.#idleInTransactionMs = idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS
  }

  open(id: number): void {
    this.#clients.set(id, {
      id,
      reader: new RequestReader(),
      units: [],
      channels: new Set(),
      statements: new Set(),
      closed: false,
    })
  }

  /** Processes bytes that a client has sent. */
  receive(id: number, bytes: Uint8Array<ArrayBuffer>): void {
    const client = this.#clients.get(id)
    if (client === undefined) return
    for (const request of client.reader.push(bytes)) this.#accept(client, request)
    this.#schedule()
  }

  /** Removes a client. Its open transaction is rolled back. */
  end(id: number): void {
    const client = this.#clients.get(id)
    if (client === undefined || this.#panicked) return
    this.#clients.delete(id)
    client.closed = true
    if (this.#owner === client) {
      this.#run(simpleQuery('rollback'))
      this.#release()
    }
    this.#orphanedStatements.push(...client.statements)
    if (this.#owner === null) this.#release()
    this.#schedule()
  }

  #accept(client: Client, request: ClientRequest): void {
    if (request.kind === 'startup') this.#reply(client.id, welcome())
    else if (request.kind === 'decline-encryption') this.#reply(client.id, declineEncryption())
    else if (request.kind === 'terminate') this.end(client.id)
    else {
      client.units.push(request.messages)
      this.#waiting.push(client)
    }
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // One unit per turn of the event loop, so that units of other clients can join the queue in between.
    setImmediate(() => {
      this.#scheduled = false
      if (this.#runNext()) this.#schedule()
    })
  }

  /** Runs one unit. Returns false if none can run now. */
  #runNext(): boolean {
    if (this.#panicked) return false
    const index = this.#owner === null ? 0 : this.#waiting.indexOf(this.#owner)
    const [client] = index < 0 ? [] : this.#waiting.splice(index, 1)
    if (client === undefined) return false
    const messages = client.units.shift()
    if (client.closed || messages === undefined) return true
    clearTimeout(this.#idleTimer)
    const unit = adapt(client, messages)
    if (unit instanceof Uint8Array) this.#runUnit(client, unit)
    else this.#refuse(client, unit.refusal)
    return true
  }

  #runUnit(client: Client, unit: Uint8Array): void {
    const { bytes, notifications, transactionStatus, panic } = parseReply(this.#run(unit))
    if (panic !== null) {
      // The client that sent the unit notices it as all others do: its connection breaks.
      this.#panicked = true
      this.#onPanic(panic)
      return
    }
    this.#reply(client.id, bytes)
    for (const notification of notifications) {
      for (const listener of this.#clients.values())
        if (listener.channels.has(notification.channel)) this.#reply(listener.id, notification.bytes)
    }
    if (transactionStatus === 'I') this.#release()
    else this.#hold(client)
  }

  #refuse(client: Client, text: string): void {
    this.#reply(client.id, errorReply({ code: '0A000', text }))
    if (this.#owner === client) this.#hold(client)
  }

  #hold(client: Client): void {
    this.#owner = client
    this.#idleTimer = setTimeout(() => {
      const text = `The transaction was rolled back because it was idle for ${this.#idleInTransactionMs / 1000} s.`
      this.#reply(client.id, errorReply({ code: '25P03', text, severity: 'FATAL' }))
      this.end(client.id)
      this.#disconnect(client.id)
    }, this.#idleInTransactionMs)
  }

  #release(): void {
    clearTimeout(this.#idleTimer)
    this.#owner = null
    // Only between transactions: a failure here would abort the transaction of another client.
    for (const name of this.#orphanedStatements.splice(0)) this.#run(simpleQuery(`deallocate "${name}"`))
  }
}

/** A client's unit in the form that the shared session can run, or the reason why it cannot. */
function adapt(client: Client, messages: readonly Uint8Array[]): Uint8Array | { readonly refusal: string } {
  const adapted: Uint8Array[] = []
  for (const message of messages) {
    const type = messageType(message)
    const [verb, subject] = firstWords(sqlOf(message) ?? '')
    if (verb === 'copy')
      return {
        refusal: 'The embedded database does not support COPY. Set DATABASE_URL to a PostgreSQL server.',
      }
    if (verb === 'listen') client.channels.add(channelName(subject))
    if (verb === 'unlisten') {
      if (subject === '*') client.channels.clear()
      else client.channels.delete(channelName(subject))
      // The session continues to listen for other clients. This statement has the same reply and no effect.
      if (type === 'Q') {
        adapted.push(simpleQuery('unlisten "no such channel"'))
        continue
      }
    }
    const renamed = renameStatement(message, (name) => {
      const sessionName = `${client.id}:${name}`
      if (type === 'P') client.statements.add(sessionName)
      if (type === 'C') client.statements.delete(sessionName)
      return sessionName
    })
    adapted.push(renamed)
  }
  return concat(adapted)
}

/** The first two words of a statement, the first in lower case. */
function firstWords(sql: string): readonly [verb: string, subject: string] {
  const [verb = '', subject = ''] = sql
    .slice(0, VERB_SEARCH_CHARS)
    .replace(LEADING_COMMENTS, '')
    .split(/[\s;]+/, 3)
  return [verb.toLowerCase(), subject]
}

/** Folds an identifier as PostgreSQL does. */
function channelName(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase()
}
