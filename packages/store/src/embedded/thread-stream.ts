import { Duplex } from 'node:stream'

/** The thread's end of one client's connection. */
export type ThreadLine = {
  readonly open: (stream: ThreadStream) => void
  readonly send: (stream: ThreadStream, bytes: Uint8Array<ArrayBuffer>) => void
  readonly end: (stream: ThreadStream) => void
}

/**
 * Looks like a socket to a `pg` client and carries its bytes to the thread in which PostgreSQL runs. The
 * methods without effect are those that `pg` and BullMQ call on sockets.
 */
export class ThreadStream extends Duplex {
  readonly #line: ThreadLine

  constructor(line: ThreadLine) {
    super()
    this.#line = line
  }

  connect(): this {
    this.#line.open(this)
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
    this.#line.send(this, new Uint8Array(chunk))
    done()
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: () => void): void {
    this.#line.send(this, new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))))
    done()
  }

  override _final(done: () => void): void {
    this.#line.end(this)
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#line.end(this)
    done(error)
  }
}
