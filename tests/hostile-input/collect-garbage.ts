import v8 from 'node:v8'
import vm from 'node:vm'

/** Resident memory of this process in bytes, after a full collection of this thread's heap. */
export async function collectGarbage(): Promise<number> {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as () => void
  collect()
  // Freed memory returns to the system one event loop turn later.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  return process.memoryUsage.rss()
}
