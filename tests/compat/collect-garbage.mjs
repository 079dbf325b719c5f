// Loaded into the server by the fuzz test alone (NODE_OPTIONS), so that memory is compared after a full collection:
// what V8 has not got round to freeing is no leak.
import v8 from 'node:v8'
import vm from 'node:vm'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc')
  process.on('SIGUSR2', () => collect())
}
