import { Worker } from 'node:worker_threads'
import { compiledFile, Fault } from '@kinoprint/core'
import { stoppedError } from './failures.ts'
import { ThreadSocket } from './thread-socket.ts'

export type ThreadSettings = { readonly dataDir: string }

/** Messages from the main thread. `id` identifies the connection. */
export type ThreadRequest =
  | { readonly type: 'open'; readonly id: number }
  | { readonly type: 'data'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'close' }

/** Messages from the server's thread. */
export type ThreadReport =
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'ready' }
  | { readonly type: 'data'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'disconnect'; readonly id: number }
  | { readonly type: 'panic'; readonly message: string }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly message: string }

export type Server = {
  /** A new connection, for the `stream` option of a `pg` client or pool. */
  readonly connect: () => ThreadSocket
  readonly close: () => Promise<void>
}

export type ServerOptions = {
  readonly dataDir: string
  readonly onProgress: (message: string) => void
  /** Called once, when the thread has died or PostgreSQL has given up. All connections are broken by then. */
  readonly onFailure: (error: Error) => void
}

/** Starts PostgreSQL in a thread, so that long statements do not block this event loop. */
export async function startServer({ dataDir, onProgress, onFailure }: ServerOptions): Promise<Server> {
  const settings: ThreadSettings = { dataDir }
  const worker = new Worker(compiledFile(import.meta.url, './server-thread.js'), {
    workerData: settings,
    execArgv: [],
  })
  const send = (request: ThreadRequest, transfer: ArrayBuffer[] = []) => worker.postMessage(request, transfer)
  const sockets = new Map<number, ThreadSocket>()
  let nextId = 1
  let failure: Error | null = null
  const connect = (): ThreadSocket => {
    const id = nextId++
    return new ThreadSocket({
      open: (socket) => {
        if (failure !== null) {
          socket.destroy(failure)
          return
        }
        sockets.set(id, socket)
        send({ type: 'open', id })
      },
      send: (bytes) => send({ type: 'data', id, bytes }, [bytes.buffer]),
      end: () => {
        if (sockets.delete(id)) send({ type: 'end', id })
      },
    })
  }
  worker.on('message', (report: ThreadReport) => {
    if (report.type === 'data') sockets.get(report.id)?.push(bufferOver(report.bytes))
    else if (report.type === 'disconnect') sockets.get(report.id)?.destroy()
    else if (report.type === 'progress') onProgress(report.message)
  })
  await untilReady(worker)
  const fail = (cause: Error) => {
    if (failure !== null) return
    failure = stoppedError(dataDir, cause)
    for (const socket of sockets.values()) socket.destroy(failure)
    onFailure(failure)
  }
  const onExit = (code: number) => fail(threadEnded(code))
  worker.on('message', (report: ThreadReport) => {
    if (report.type !== 'panic') return
    fail(new Error(report.message))
    void worker.terminate()
  })
  worker.once('error', fail)
  worker.once('exit', onExit)
  return {
    connect,
    close: async () => {
      worker.off('exit', onExit)
      if (failure === null) await untilClosed(worker)
      await worker.terminate()
    },
  }
}

function threadEnded(exitCode: number): Error {
  return new Error(`its thread ended with exit code ${exitCode}`)
}

function bufferOver({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      finish()
    }
    const fail = (reason: string) =>
      settle(() => {
        void worker.terminate()
        reject(new Fault('ServiceUnavailable', `The embedded database did not start: ${reason}`))
      })
    const onMessage = (report: ThreadReport) => {
      if (report.type === 'ready') settle(resolve)
      else if (report.type === 'failed') fail(report.message)
    }
    const onError = (error: Error) => fail(error.message)
    const onExit = (exitCode: number) => fail(threadEnded(exitCode).message)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
  })
}

function untilClosed(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', (report: ThreadReport) => {
      if (report.type === 'closed' || report.type === 'failed') resolve()
    })
    worker.once('exit', () => resolve())
    const request: ThreadRequest = { type: 'close' }
    worker.postMessage(request)
  })
}
