import { Worker } from 'node:worker_threads'
import { compiledFile, Fault, threadMemoryLimits } from '@kinoprint/core'
import type { PackedPiece } from './film-piece.ts'
import { reportTaskWork, type TaskWork } from './task-work.ts'
import type { FromThread, Task, TaskKind, TaskMap, ToThread } from './tasks.ts'
import { unpackError } from './thread-error.ts'

export type RunOptions = {
  readonly signal?: AbortSignal | undefined
  /** Called with 0..1 while a file is decoded. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** Called with each finished piece of a film. */
  readonly onPiece?: ((piece: PackedPiece) => void) | undefined
}

type Result = TaskMap[TaskKind]['result']

type QueuedTask = {
  readonly task: Task
  readonly options: RunOptions
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
  readonly onWork: (work: TaskWork) => void
}

type Slot = { worker: Worker | null; isBusy: boolean }

/** Time for a thread to abort a task, which includes waiting for its ffmpeg to exit. Then the thread is terminated. */
const ABORT_TIMEOUT_MS = 8_000

/**
 * A fixed number of threads that decode, fingerprint and align, one task per thread, in order of arrival. A thread
 * starts with its first task. Other pool libraries terminate the thread of an aborted task, which would leave its
 * ffmpeg running. This pool lets the thread stop ffmpeg first.
 *
 * @example
 * const pool = new ThreadPool({ threads: 2 })
 * const { facts } = await pool.run('fingerprint', { tools, path, maxSeconds: 1800, ffmpegThreads: 1 })
 * await pool.close()
 */
export class ThreadPool {
  readonly #slots: Slot[]
  readonly #queue: QueuedTask[] = []
  readonly #closing = new AbortController()
  #onIdle: (() => void) | null = null

  /** @param options.threads at least one thread is used */
  constructor({ threads }: { threads: number }) {
    this.#slots = Array.from({ length: Math.max(1, threads) }, () => ({ worker: null, isBusy: false }))
  }

  /** Number of busy threads and queued tasks. */
  get load(): { busy: number; waiting: number } {
    return { busy: this.#slots.filter(({ isBusy }) => isBusy).length, waiting: this.#queue.length }
  }

  /**
   * Runs a task in the next free thread. Rejects with the Fault or error that the task threw, and with the Fault
   * `Cancelled` if `signal` is aborted or the pool closes.
   */
  run<K extends TaskKind>(
    kind: K,
    input: TaskMap[K]['input'],
    options: RunOptions = {},
  ): Promise<TaskMap[K]['result']> {
    // TypeScript does not see that the task of kind K has the result of kind K.
    const task = { kind, input } as Task
    let work: TaskWork | undefined
    const onWork = (done: TaskWork): void => {
      work = done
    }
    const result = new Promise<Result>((resolve, reject) => {
      if (this.#closing.signal.aborted || options.signal?.aborted) {
        reject(cancelled())
        return
      }
      this.#queue.push({ task, options, resolve, reject, onWork })
      this.#startNext()
    })
    // Here, because the thread's messages arrive in the context of the task that started it.
    return result.finally(() => work !== undefined && reportTaskWork(work)) as Promise<TaskMap[K]['result']>
  }

  /** Aborts running and queued tasks and ends the threads. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const { reject } of this.#queue.splice(0)) reject(cancelled())
    if (this.load.busy > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
    await Promise.all(this.#slots.map(({ worker }) => worker?.terminate()))
  }

  #startNext(): void {
    const slot = this.#slots.find(({ isBusy }) => !isBusy)
    if (slot === undefined) return
    const queued = this.#queue.shift()
    if (queued === undefined) return
    if (queued.options.signal?.aborted) {
      queued.reject(cancelled())
      this.#startNext()
      return
    }
    slot.isBusy = true
    slot.worker ??= this.#startWorker(slot)
    void this.#perform(slot, slot.worker, queued).finally(() => {
      slot.isBusy = false
      if (this.load.busy === 0) this.#onIdle?.()
      this.#startNext()
    })
  }

  /** A thread may die between two tasks without ending the process. The next task then starts a new thread. */
  #startWorker(slot: Slot): Worker {
    const worker = new Worker(compiledFile(import.meta.url, './thread.js'), {
      execArgv: [],
      resourceLimits: threadMemoryLimits,
    })
    const forget = (): void => {
      if (slot.worker === worker) slot.worker = null
    }
    return worker.on('error', forget).on('exit', forget)
  }

  async #perform(slot: Slot, worker: Worker, queued: QueuedTask): Promise<void> {
    const { task, options, resolve, reject, onWork } = queued
    const signals = options.signal === undefined ? [] : [options.signal]
    const signal = AbortSignal.any([...signals, this.#closing.signal])
    try {
      resolve(await exchange(worker, task, { ...options, signal, onWork }))
    } catch (error) {
      if (error instanceof ThreadLost) {
        slot.worker = null
        await worker.terminate()
      }
      reject(signal.aborted ? cancelled() : error instanceof Error ? error : new Error(String(error)))
    }
  }
}

function cancelled(): Fault {
  return new Fault('Cancelled', 'The task was cancelled.')
}

/** The thread has died or does not respond, as opposed to a task that failed in it. */
class ThreadLost extends Error {
  override readonly name = 'ThreadLost'
}

/** Sends one task to a thread and waits for its result. */
function exchange(
  worker: Worker,
  task: Task,
  { signal, onProgress, onPiece, onWork }: RunOptions & Pick<QueuedTask, 'onWork'> & { signal: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let abortTimer: NodeJS.Timeout | undefined
    const post = (message: ToThread): void => worker.postMessage(message)
    const onAbort = (): void => {
      post({ type: 'abort' })
      abortTimer = setTimeout(
        () => settle(() => reject(new ThreadLost('The worker thread did not abort its task.'))),
        ABORT_TIMEOUT_MS,
      )
    }
    const onMessage = (message: FromThread): void => {
      if (message.type === 'progress') onProgress?.(message.fraction)
      else if (message.type === 'piece') onPiece?.(message.piece)
      else {
        onWork(message.work)
        if (message.type === 'done') settle(() => resolve(message.result))
        else settle(() => reject(unpackError(message.error)))
      }
    }
    const onError = (cause: unknown): void =>
      settle(() => reject(new ThreadLost(`The worker thread failed: ${String(cause)}`, { cause })))
    const onExit = (code: number): void =>
      settle(() => reject(new ThreadLost(`The worker thread exited with code ${code}.`)))
    const settle = (then: () => void): void => {
      clearTimeout(abortTimer)
      signal.removeEventListener('abort', onAbort)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      then()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    signal.addEventListener('abort', onAbort, { once: true })
    post({ type: 'run', task })
    if (signal.aborted) onAbort()
  })
}
