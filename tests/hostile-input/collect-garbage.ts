import v8 from 'node:v8'
import vm from 'node:vm'

/** Resident bytes of this process after a full collection of this thread's heap. */
export async function collectGarbage(): Promise<number> {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as () => void
  collect()
  // What a collection frees goes back to the system a turn later.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  return process.memoryUsage.rss()
}
