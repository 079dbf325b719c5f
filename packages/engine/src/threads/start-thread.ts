import { Worker } from 'node:worker_threads'
import { compiledFile } from '@kinoprint/core'

/**
 * Bytes read from a pipe are outside the heap and freed when V8 collects young objects. Its default of 16 MB for those
 * let two threads hold 40 MB of bytes they no longer used.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4 }

/** Starts a worker thread of the pool. */
export function startThread(): Worker {
  return new Worker(compiledFile(import.meta.url, './thread.js'), {
    execArgv: [],
    resourceLimits: RESOURCE_LIMITS,
  })
}
