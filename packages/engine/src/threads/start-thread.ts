import { Worker } from 'node:worker_threads'
import { compiledFile, threadMemoryLimits } from '@kinoprint/core'

/** Starts a worker thread of the pool. */
export function startThread(): Worker {
  return new Worker(compiledFile(import.meta.url, './thread.js'), {
    execArgv: [],
    resourceLimits: threadMemoryLimits,
  })
}
