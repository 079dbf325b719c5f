import { Duplex } from 'node:stream'

/** How a socket reaches its server. */
export type ThreadConnection = {
  readonly open: (socket: ThreadSocket) => void
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly end: () => void
}

/**
 * Looks like a `net.Socket` to a `pg` client and sends its bytes to the server's thread. The methods without effect are
 * those that `pg` calls on a socket.
 */
export class ThreadSocket extends Duplex {
  readonly #connection: ThreadConnection

  constructor(connection: ThreadConnection) {
    super()
    this.#connection = connection
  }

  connect(): this {
    this.#connection.open(this)
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#connection.send(new Uint8Array(chunk))
    done()
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: () => void): void {
    this.#connection.send(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))))
    done()
  }

  override _final(done: () => void): void {
    this.#connection.end()
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.end()
    done(error)
  }
}

/** A socket whose connection fails at once with the given error. */
export function brokenSocket(error: Error | null): ThreadSocket {
  return new ThreadSocket({
    open: (socket) => void socket.destroy(error ?? undefined),
    send: () => undefined,
    end: () => undefined,
  })
}
