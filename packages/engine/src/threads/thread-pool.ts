import type { Worker } from 'node:worker_threads'
import { Fault } from '@kinoprint/core'
import { startThread } from './start-thread.ts'
import type { FromThread, Task, TaskResults, ToThread } from './tasks.ts'
import { unpackError } from './thread-error.ts'

export type RunOptions = {
  readonly signal?: AbortSignal | undefined
  /** Called with 0..1 while a file is decoded. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

type Waiting = {
  readonly task: Task
  readonly options: RunOptions
  readonly resolve: (result: TaskResults[Task['kind']]) => void
  readonly reject: (error: Error) => void
}

type Lane = { worker: Worker | null; busy: boolean }

/** How long a thread may take to let go of an aborted task (it waits for its ffmpeg to end) before it is ended. */
const ABORT_GRACE_MS = 8_000

const cancelled = (): Fault => new Fault('Cancelled', 'The work was stopped.')

/**
 * A fixed number of threads that decode, fingerprint and align, one task each, first come first served.
 * Threads start with their first task and stay. An aborted task is told so and waited for, because the thread
 * has an ffmpeg to end; only one that does not answer is terminated (its ffmpeg then writes into a closed pipe).
 */
export class ThreadPool {
  readonly #lanes: Lane[]
  readonly #waiting: Waiting[] = []
  readonly #closing = new AbortController()
  #idle: (() => void) | null = null

  constructor({ threads }: { threads: number }) {
    this.#lanes = Array.from({ length: Math.max(1, threads) }, () => ({ worker: null, busy: false }))
  }

  /** Threads that are at work and tasks that wait for one. */
  get load(): { busy: number; waiting: number } {
    return { busy: this.#lanes.filter((lane) => lane.busy).length, waiting: this.#waiting.length }
  }

  run<K extends Task['kind']>(
    task: Extract<Task, { kind: K }>,
    options: RunOptions = {},
  ): Promise<TaskResults[K]> {
    return new Promise<TaskResults[Task['kind']]>((resolve, reject) => {
      if (this.#closing.signal.aborted || options.signal?.aborted) {
        reject(cancelled())
        return
      }
      this.#waiting.push({ task, options, resolve, reject })
      this.#next()
    }) as Promise<TaskResults[K]>
  }

  /** Stops everything that runs or waits and ends the threads. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const { reject } of this.#waiting.splice(0)) reject(cancelled())
    if (this.load.busy > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    await Promise.all(this.#lanes.map((lane) => lane.worker?.terminate()))
  }

  #next(): void {
    const lane = this.#lanes.find((one) => !one.busy)
    if (lane === undefined) return
    const waiting = this.#waiting.shift()
    if (waiting === undefined) return
    if (waiting.options.signal?.aborted) {
      waiting.reject(cancelled())
      this.#next()
      return
    }
    lane.busy = true
    lane.worker ??= this.#start(lane)
    void this.#perform(lane, lane.worker, waiting).finally(() => {
      lane.busy = false
      if (this.load.busy === 0) this.#idle?.()
      this.#next()
    })
  }

  /** A thread that dies between two tasks must not take the process with it: the next task starts another. */
  #start(lane: Lane): Worker {
    const worker = startThread()
    const forget = (): void => {
      if (lane.worker === worker) lane.worker = null
    }
    return worker.on('error', forget).on('exit', forget)
  }

  async #perform(lane: Lane, worker: Worker, { task, options, resolve, reject }: Waiting): Promise<void> {
    const signals = options.signal === undefined ? [] : [options.signal]
    const signal = AbortSignal.any([...signals, this.#closing.signal])
    try {
      const result = await exchange(worker, task, { signal, onProgress: options.onProgress })
      resolve(result)
    } catch (error) {
      if (error instanceof ThreadLost) {
        lane.worker = null
        await worker.terminate()
      }
      reject(signal.aborted ? cancelled() : error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** The thread itself is gone or does not answer, as against a task that failed in it. */
class ThreadLost extends Error {
  override readonly name = 'ThreadLost'
}

/** Sends one task to a thread and waits for its answer. */
const exchange = (
  worker: Worker,
  task: Task,
  { signal, onProgress }: { signal: AbortSignal; onProgress: RunOptions['onProgress'] },
): Promise<TaskResults[Task['kind']]> =>
  new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined
    const say = (message: ToThread): void => worker.postMessage(message)
    const onAbort = (): void => {
      say({ type: 'abort' })
      grace = setTimeout(
        () => settle(() => reject(new ThreadLost('The thread did not stop.'))),
        ABORT_GRACE_MS,
      )
    }
    const onMessage = (message: FromThread): void => {
      if (message.type === 'progress') onProgress?.(message.fraction)
      else if (message.type === 'done') settle(() => resolve(message.result))
      else settle(() => reject(unpackError(message.error)))
    }
    const onError = (cause: unknown): void =>
      settle(() => reject(new ThreadLost(`A worker thread failed: ${String(cause)}`, { cause })))
    const onExit = (code: number): void =>
      settle(() => reject(new ThreadLost(`A worker thread ended with code ${code}.`)))
    const settle = (then: () => void): void => {
      clearTimeout(grace)
      signal.removeEventListener('abort', onAbort)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      then()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    signal.addEventListener('abort', onAbort, { once: true })
    say({ type: 'run', task })
    if (signal.aborted) onAbort()
  })
