// Plain JavaScript with checked types: a worker thread of Node 20 loads no TypeScript, and this file has to run
// both from src (tests) and from dist.

const ZERO = 0
const STARTUP_HEADER_BYTES = 8
/** Protocol numbers of the requests that have no type byte (PostgreSQL, protocol.h). */
const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * One thing for the database to do as a whole: everything up to a Sync, or one simple Query.
 * @typedef {{ kind: 'startup' } | { kind: 'refuse-encryption' } | { kind: 'terminate' } | { kind: 'unit', messages: Uint8Array[] }} Unit
 */

/** @param {readonly Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
export const concat = (parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** @param {Uint8Array} bytes @param {number} at */
const int32 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset + at, 4).getInt32(0)

/** @param {string} type @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
const message = (type, ...parts) => {
  const body = concat(parts)
  const whole = new Uint8Array(5 + body.length)
  whole[0] = type.charCodeAt(0)
  new DataView(whole.buffer).setInt32(1, 4 + body.length)
  whole.set(body, 5)
  return whole
}

/** @param {string} text */
const cString = (text) => encoder.encode(`${text}\0`)

/** @param {Uint8Array} bytes @param {number} from @returns {[text: string, next: number]} */
const readCString = (bytes, from) => {
  const end = bytes.indexOf(ZERO, from)
  return [decoder.decode(bytes.subarray(from, end)), end + 1]
}

/** Cuts what a client sends into units, however the bytes were split on their way. */
export class UnitReader {
  #rest = new Uint8Array(0)
  /** @type {Uint8Array[]} */
  #messages = []
  #started = false

  /** @param {Uint8Array<ArrayBuffer>} bytes @returns {Unit[]} */
  push(bytes) {
    const all = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes])
    /** @type {Unit[]} */
    const units = []
    let at = 0
    while (true) {
      const header = this.#started ? 5 : STARTUP_HEADER_BYTES
      if (all.length - at < header) break
      const size = this.#started ? 1 + int32(all, at + 1) : int32(all, at)
      if (all.length - at < size) break
      const unit = this.#started ? this.#take(all.subarray(at, at + size)) : this.#begin(int32(all, at + 4))
      if (unit !== null) units.push(unit)
      at += size
    }
    this.#rest = all.slice(at)
    return units
  }

  /** @param {number} request @returns {Unit} */
  #begin(request) {
    if (request === SSL_REQUEST || request === GSS_REQUEST) return { kind: 'refuse-encryption' }
    if (request === CANCEL_REQUEST) return { kind: 'terminate' }
    this.#started = true
    return { kind: 'startup' }
  }

  /** @param {Uint8Array} one @returns {Unit | null} */
  #take(one) {
    const type = String.fromCharCode(one[0] ?? 0)
    if (type === 'X') return { kind: 'terminate' }
    // A Flush asks for answers before the unit ends; they come with the unit's end instead.
    if (type === 'H') return null
    this.#messages.push(one)
    if (type !== 'S' && type !== 'Q') return null
    const messages = this.#messages
    this.#messages = []
    return { kind: 'unit', messages }
  }
}

/** The SQL text of a Parse or simple Query message, else null. @param {Uint8Array} one */
export const sqlOf = (one) => {
  const type = String.fromCharCode(one[0] ?? 0)
  if (type === 'Q') return readCString(one, 5)[0]
  if (type !== 'P') return null
  return readCString(one, readCString(one, 5)[1])[0]
}

/**
 * The same message with the name of its prepared statement changed: all clients share one backend session,
 * whose names would clash. Unnamed statements live for one unit only and stay unnamed.
 * @param {Uint8Array} one @param {(name: string) => string} rename
 */
export const renameStatement = (one, rename) => {
  const type = String.fromCharCode(one[0] ?? 0)
  if (type === 'P') {
    const [name, next] = readCString(one, 5)
    return name === '' ? one : message('P', cString(rename(name)), one.subarray(next))
  }
  if (type === 'B') {
    const [, afterPortal] = readCString(one, 5)
    const [name, next] = readCString(one, afterPortal)
    return name === ''
      ? one
      : message('B', one.subarray(5, afterPortal), cString(rename(name)), one.subarray(next))
  }
  if ((type === 'D' || type === 'C') && String.fromCharCode(one[5] ?? 0) === 'S') {
    const [name] = readCString(one, 6)
    return name === '' ? one : message(type, cString(`S${rename(name)}`))
  }
  return one
}

/** @param {string} sql */
export const simpleQuery = (sql) => message('Q', cString(sql))

/**
 * Splits what the database answered: notifications, which belong to whoever listens, and the rest; `status` is
 * the transaction's state in the last ReadyForQuery: I idle, T in a transaction, E in a failed one. `panic` is what
 * PostgreSQL said when it gave up for good; a server would end its process then.
 * @param {Uint8Array} output
 */
export const splitAnswer = (output) => {
  /** @type {Uint8Array[]} */
  const answer = []
  /** @type {{ channel: string, bytes: Uint8Array }[]} */
  const notifications = []
  let status = 'I'
  /** @type {string | null} */
  let panic = null
  let plainFrom = 0
  let at = 0
  while (at + 5 <= output.length) {
    const end = at + 1 + int32(output, at + 1)
    const type = String.fromCharCode(output[at] ?? 0)
    if (type === 'Z') status = String.fromCharCode(output[at + 5] ?? 0)
    if (type === 'E') panic ??= panicOf(output.subarray(at + 5, end))
    if (type === 'A') {
      answer.push(output.subarray(plainFrom, at))
      // After the sender's process id, four bytes.
      notifications.push({ channel: readCString(output, at + 9)[0], bytes: output.slice(at, end) })
      plainFrom = end
    }
    at = end
  }
  answer.push(output.subarray(plainFrom))
  return { answer: concat(answer), notifications, status, panic }
}

/** The text of an ErrorResponse after which nothing can be asked any more, else null. @param {Uint8Array} fields */
const panicOf = (fields) => {
  /** @type {Record<string, string>} */
  const texts = {}
  for (let at = 0; at < fields.length && fields[at] !== ZERO; ) {
    const [text, next] = readCString(fields, at + 1)
    texts[String.fromCharCode(fields[at] ?? 0)] = text
    at = next
  }
  // V is the severity untranslated (PostgreSQL, protocol-error-fields).
  return texts.V === 'PANIC' || texts.V === 'FATAL' ? (texts.M ?? '') : null
}

/** What a server says after a client has introduced itself; there is nobody to authenticate. */
export const welcome = () =>
  concat([
    message('R', new Uint8Array(4)),
    ...Object.entries({
      client_encoding: 'UTF8',
      DateStyle: 'ISO, MDY',
      standard_conforming_strings: 'on',
    }).map(([name, value]) => message('S', cString(name), cString(value))),
    message('K', new Uint8Array(8)),
    readyForQuery(),
  ])

const readyForQuery = () => message('Z', encoder.encode('I'))

/** @param {{ code: string, text: string, severity?: string }} error */
export const errorAnswer = ({ code, text, severity = 'ERROR' }) => {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`].map(cString)
  const error = message('E', ...fields, new Uint8Array(1))
  return severity === 'FATAL' ? error : concat([error, readyForQuery()])
}
