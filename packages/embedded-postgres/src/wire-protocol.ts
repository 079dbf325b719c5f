const ZERO = 0
const STARTUP_HEADER_BYTES = 8
/** Numbers of the requests that have no type byte (PostgreSQL, protocol.h). */
const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A complete request of a client. A `unit` is one simple Query, or the extended-query messages up to a Sync. */
export type ClientRequest =
  | { readonly kind: 'startup' }
  | { readonly kind: 'decline-encryption' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'unit'; readonly messages: readonly Uint8Array[] }

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** The type byte of a message, e.g. `Q` for a simple Query (PostgreSQL, "Message Formats"). */
export function messageType(message: Uint8Array): string {
  return String.fromCharCode(message[0] ?? 0)
}

/** Splits a client's byte stream into requests, in chunks of any size. */
export class RequestReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #messages: Uint8Array[] = []
  #started = false

  push(bytes: Uint8Array<ArrayBuffer>): ClientRequest[] {
    const all = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes])
    const requests: ClientRequest[] = []
    let offset = 0
    while (true) {
      const headerBytes = this.#started ? 5 : STARTUP_HEADER_BYTES
      if (all.length - offset < headerBytes) break
      const size = this.#started ? 1 + int32(all, offset + 1) : int32(all, offset)
      if (all.length - offset < size) break
      const request = this.#started
        ? this.#readMessage(all.subarray(offset, offset + size))
        : this.#readStartup(int32(all, offset + 4))
      if (request !== null) requests.push(request)
      offset += size
    }
    this.#rest = all.slice(offset)
    return requests
  }

  #readStartup(code: number): ClientRequest {
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'decline-encryption' }
    if (code === CANCEL_REQUEST) return { kind: 'terminate' }
    this.#started = true
    return { kind: 'startup' }
  }

  #readMessage(message: Uint8Array): ClientRequest | null {
    const type = messageType(message)
    if (type === 'X') return { kind: 'terminate' }
    // A Flush requests replies before the unit ends. They are sent when it ends instead.
    if (type === 'H') return null
    this.#messages.push(message)
    if (type !== 'S' && type !== 'Q') return null
    const messages = this.#messages
    this.#messages = []
    return { kind: 'unit', messages }
  }
}

/** The SQL of a Parse or simple Query message; null for other messages. */
export function sqlOf(message: Uint8Array): string | null {
  const type = messageType(message)
  if (type === 'Q') return readCString(message, 5)[0]
  if (type !== 'P') return null
  return readCString(message, readCString(message, 5)[1])[0]
}

/**
 * Returns the same message with its prepared statement renamed. Unnamed statements last for one unit and stay unnamed.
 */
export function renameStatement(message: Uint8Array, rename: (name: string) => string): Uint8Array {
  const type = messageType(message)
  if (type === 'P') {
    const [name, next] = readCString(message, 5)
    return name === '' ? message : encode('P', cString(rename(name)), message.subarray(next))
  }
  if (type === 'B') {
    const [, afterPortal] = readCString(message, 5)
    const [name, next] = readCString(message, afterPortal)
    return name === ''
      ? message
      : encode('B', message.subarray(5, afterPortal), cString(rename(name)), message.subarray(next))
  }
  if ((type === 'D' || type === 'C') && String.fromCharCode(message[5] ?? 0) === 'S') {
    const [name] = readCString(message, 6)
    return name === '' ? message : encode(type, cString(`S${rename(name)}`))
  }
  return message
}

export function simpleQuery(sql: string): Uint8Array<ArrayBuffer> {
  return encode('Q', cString(sql))
}

export type Reply = {
  /** Everything except the notifications. */
  readonly bytes: Uint8Array
  readonly notifications: readonly { readonly channel: string; readonly bytes: Uint8Array }[]
  /** The last ReadyForQuery: I idle, T in a transaction, E in a failed transaction. */
  readonly transactionStatus: string
  /** The message of a FATAL or PANIC error, after which a server would end its process; otherwise null. */
  readonly panic: string | null
}

/** Parses PostgreSQL's reply to a unit. Notifications are separated, because they go to the clients that listen. */
export function parseReply(output: Uint8Array): Reply {
  const parts: Uint8Array[] = []
  const notifications: { channel: string; bytes: Uint8Array }[] = []
  let transactionStatus = 'I'
  let panic: string | null = null
  let partStart = 0
  let offset = 0
  while (offset + 5 <= output.length) {
    const end = offset + 1 + int32(output, offset + 1)
    const type = String.fromCharCode(output[offset] ?? 0)
    if (type === 'Z') transactionStatus = String.fromCharCode(output[offset + 5] ?? 0)
    if (type === 'E') panic ??= panicOf(output.subarray(offset + 5, end))
    if (type === 'A') {
      parts.push(output.subarray(partStart, offset))
      // The channel follows the sender's process id (4 bytes).
      notifications.push({ channel: readCString(output, offset + 9)[0], bytes: output.slice(offset, end) })
      partStart = end
    }
    offset = end
  }
  parts.push(output.subarray(partStart))
  return { bytes: concat(parts), notifications, transactionStatus, panic }
}

/** The server's response to a startup message. It requests no password. */
export function welcome(): Uint8Array {
  const parameters = { client_encoding: 'UTF8', DateStyle: 'ISO, MDY', standard_conforming_strings: 'on' }
  return concat([
    encode('R', new Uint8Array(4)),
    ...Object.entries(parameters).map(([name, value]) => encode('S', cString(name), cString(value))),
    encode('K', new Uint8Array(8)),
    readyForQuery(),
  ])
}

/** The server's response to a request for TLS or GSS encryption: not supported. */
export function declineEncryption(): Uint8Array {
  return encoder.encode('N')
}

export function errorReply({
  code,
  text,
  severity = 'ERROR',
}: {
  readonly code: string
  readonly text: string
  readonly severity?: 'ERROR' | 'FATAL'
}): Uint8Array {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`].map(cString)
  const error = encode('E', ...fields, new Uint8Array(1))
  return severity === 'FATAL' ? error : concat([error, readyForQuery()])
}

function panicOf(errorFields: Uint8Array): string | null {
  const fields = new Map<string, string>()
  for (let offset = 0; offset < errorFields.length && errorFields[offset] !== ZERO; ) {
    const [text, next] = readCString(errorFields, offset + 1)
    fields.set(String.fromCharCode(errorFields[offset] ?? 0), text)
    offset = next
  }
  // V is the severity, never translated (PostgreSQL, "Error and Notice Message Fields").
  const severity = fields.get('V')
  return severity === 'PANIC' || severity === 'FATAL' ? (fields.get('M') ?? '') : null
}

function int32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getInt32(0)
}

function encode(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concat(parts)
  const whole = new Uint8Array(5 + body.length)
  whole[0] = type.charCodeAt(0)
  new DataView(whole.buffer).setInt32(1, 4 + body.length)
  whole.set(body, 5)
  return whole
}

function cString(text: string): Uint8Array {
  return encoder.encode(`${text}\0`)
}

function readCString(bytes: Uint8Array, start: number): [text: string, next: number] {
  const end = bytes.indexOf(ZERO, start)
  return [decoder.decode(bytes.subarray(start, end)), end + 1]
}

function readyForQuery(): Uint8Array {
  return encode('Z', encoder.encode('I'))
}
