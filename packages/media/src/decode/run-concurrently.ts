type Concurrency = {
  /** Number of tasks that run at the same time. */
  readonly concurrency: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs tasks concurrently and returns their results in order. Unlike p-map, it bounds how far one task runs ahead of a
 * slow one, because the output of those ahead is buffered: a task starts once every task at least `concurrency`
 * positions before it has ended. If a task fails, it aborts the others, waits for all of them, and throws the failure.
 */
export async function runConcurrently<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  { concurrency, signal }: Concurrency,
): Promise<T[]> {
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const started: Promise<T>[] = []
  const running = new Set<Promise<T>>()
  try {
    for (const [n, task] of tasks.entries()) {
      while (running.size >= concurrency) await Promise.race(running)
      await Promise.all(started.slice(0, Math.max(0, n - concurrency)))
      const ended = task(stop)
      started.push(ended)
      running.add(ended)
      const leave = (): void => void running.delete(ended)
      ended.then(leave, leave)
    }
    return await Promise.all(started)
  } catch (error) {
    failed.abort()
    await Promise.allSettled(started)
    throw error
  }
}

/** Delivers the output of concurrent tasks in the order of the tasks. Output that arrives early is buffered. */
export class ReorderBuffer {
  readonly #waiting = new Map<number, (() => void)[]>()
  readonly #ended = new Set<number>()
  #current = 0

  /** Delivers bytes of a task, now or once all tasks before it have ended. The caller may overwrite them afterwards. */
  push(task: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (task === this.#current) {
      deliver(bytes)
      return
    }
    const kept = bytes.slice()
    const waiting = this.#waiting.get(task) ?? []
    waiting.push(() => deliver(kept))
    this.#waiting.set(task, waiting)
  }

  /** Marks a task as ended and delivers the buffered output of the next ones. */
  end(task: number): void {
    this.#ended.add(task)
    while (this.#ended.delete(this.#current)) {
      this.#current += 1
      for (const deliver of this.#waiting.get(this.#current) ?? []) deliver()
      this.#waiting.delete(this.#current)
    }
  }
}
