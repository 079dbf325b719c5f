// Loaded into the server by the fuzz test alone (NODE_OPTIONS), so that memory is compared after a full collection in
// every thread: what V8 has not got round to freeing is no leak.
import v8 from 'node:v8'
import vm from 'node:vm'
import { BroadcastChannel, isMainThread } from 'node:worker_threads'

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc')
const everywhere = new BroadcastChannel('collect-garbage')
if (isMainThread) {
  process.on('SIGUSR2', () => {
    collect()
    everywhere.postMessage('now')
  })
} else {
  everywhere.onmessage = () => collect()
}
// Listening keeps no thread alive.
everywhere.unref()
