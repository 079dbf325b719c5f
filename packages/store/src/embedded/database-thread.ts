import { Worker } from 'node:worker_threads'
import { Fault } from '@kinoprint/core'
import { embeddedFailure } from './embedded-failure.ts'
import { ThreadStream } from './thread-stream.ts'

type Report =
  | { type: 'progress'; message: string }
  | { type: 'ready' }
  | { type: 'data'; id: number; bytes: Uint8Array }
  | { type: 'hangup'; id: number }
  /** PostgreSQL has given up. */
  | { type: 'panic'; message: string }
  | { type: 'closed' }
  | { type: 'failed'; message: string }

export type DatabaseThread = {
  /** A new connection, for the `stream` option of a `pg` client. */
  readonly connect: () => ThreadStream
  readonly close: () => Promise<void>
}

export type DatabaseThreadOptions = {
  readonly dataDir: string
  readonly onProgress: (message: string) => void
  /** The thread has died or was ended after a panic: no query will be answered any more. Called once. */
  readonly onFailure: (error: Error) => void
}

/** Starts PostgreSQL in a thread of its own, so that a long statement never holds up the event loop here. */
export const startDatabaseThread = async (options: DatabaseThreadOptions): Promise<DatabaseThread> => {
  const worker = new Worker(new URL('./pglite-thread.js', import.meta.url), {
    workerData: { dataDir: options.dataDir },
  })
  const streams = new Map<number, ThreadStream>()
  const ids = new Map<ThreadStream, number>()
  let nextId = 1
  let broken: Error | null = null
  const line = {
    open: (stream: ThreadStream) => {
      const id = nextId++
      streams.set(id, stream)
      ids.set(stream, id)
      if (broken !== null) stream.destroy(broken)
      else worker.postMessage({ type: 'open', id })
    },
    send: (stream: ThreadStream, bytes: Uint8Array<ArrayBuffer>) =>
      worker.postMessage({ type: 'data', id: ids.get(stream), bytes }, [bytes.buffer]),
    end: (stream: ThreadStream) => {
      const id = ids.get(stream)
      if (id === undefined) return
      ids.delete(stream)
      streams.delete(id)
      worker.postMessage({ type: 'end', id })
    },
  }
  worker.on('message', (report: Report) => {
    if (report.type === 'data') streams.get(report.id)?.push(bufferOver(report.bytes))
    else if (report.type === 'hangup') streams.get(report.id)?.destroy()
    else if (report.type === 'progress') options.onProgress(report.message)
  })
  await whenReady(worker)
  const fail = (cause: Error) => {
    if (broken !== null) return
    const error = embeddedFailure(options.dataDir, cause)
    broken = error
    for (const stream of streams.values()) stream.destroy(error)
    options.onFailure(error)
  }
  const onExit = (code: number) => fail(new Error(`its thread ended with code ${code}`))
  worker.on('message', (report: Report) => {
    if (report.type !== 'panic') return
    fail(new Error(report.message))
    void worker.terminate()
  })
  worker.once('error', fail)
  worker.once('exit', onExit)
  return {
    connect: () => new ThreadStream(line),
    close: async () => {
      worker.off('exit', onExit)
      if (broken === null) await closed(worker)
      await worker.terminate()
    },
  }
}

const bufferOver = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

const whenReady = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      finish()
    }
    const refuse = (reason: string) =>
      settle(() => {
        void worker.terminate()
        reject(new Fault('ServiceUnavailable', `The embedded database does not start: ${reason}`))
      })
    const onMessage = (report: Report) => {
      if (report.type === 'ready') settle(resolve)
      else if (report.type === 'failed') refuse(report.message)
    }
    const onError = (error: Error) => refuse(error.message)
    const onExit = (code: number) => refuse(`its thread ended with code ${code}`)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
  })

const closed = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    worker.on('message', (report: Report) => {
      if (report.type === 'closed' || report.type === 'failed') resolve()
    })
    worker.once('exit', () => resolve())
    worker.postMessage({ type: 'close' })
  })
