import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/**
 * What a thread reads from pipes lies outside its heap and is let go only when its young objects are collected: with
 * V8's 16 MB for those, two threads held 40 MB of bytes that were long used.
 */
const LIMITS = { maxYoungGenerationSizeMb: 4 }

const runsFromSource = import.meta.url.endsWith('.ts')

/**
 * Starts the thread's entry beside this file. Built code loads plain JavaScript; from source (vitest, tsx)
 * Node 20 cannot read TypeScript in a thread, so a first line of JavaScript registers tsx there before it
 * imports the entry, and the `source` condition keeps the packages' builds out of it.
 */
export const startThread = (): Worker => {
  if (!runsFromSource) return new Worker(new URL('./thread.js', import.meta.url), { resourceLimits: LIMITS })
  // `require` finds the CommonJS side of tsx; the module beside it is the one that can be imported.
  const loaderPath = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs')
  const loader = JSON.stringify(pathToFileURL(loaderPath).href)
  const entry = JSON.stringify(new URL('./thread.ts', import.meta.url).href)
  const first = `import { register } from ${loader}; register(); await import(${entry})`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(first)}`), {
    execArgv: ['--conditions=source'],
    resourceLimits: LIMITS,
  })
}
