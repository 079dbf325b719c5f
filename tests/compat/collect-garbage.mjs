// Loaded into the server only by the fuzz test (NODE_OPTIONS), so that memory is compared after a full collection in
// every thread. Memory that V8 has not freed yet is not a leak.
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
// Listening does not keep a thread alive.
everywhere.unref()
