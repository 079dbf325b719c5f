/** The entry of a worker thread: one task at a time, until it is told to end. */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { fingerprintFile } from './fingerprint-task.ts'
import { lookAtFile } from './keyframe-scan-task.ts'
import { compareBoth, indexRowsOf, matchAll, probesOf, rank } from './match-task.ts'
import { lookCloser } from './refine-task.ts'
import type { FromThread, Task, TaskResults, ToThread } from './tasks.ts'
import { packError } from './thread-error.ts'

if (parentPort === null) throw new Error('thread.ts runs in a worker thread only')
const port = parentPort
let running: AbortController | null = null

// Linux counts priority by thread, and a child inherits that of the thread which starts it: hashing and ffmpeg
// step back where the event loop or the database want the core, so that requests are answered while jobs run.
// Elsewhere the whole process would step back, which helps nobody.
// 5 is a third of the usual share where cores are short: enough for that, and jobs still move on a busy machine.
// A process that was started with less (nice) keeps it: only root may take more, anybody else would fail here.
if (process.platform === 'linux') setPriority(Math.max(5, getPriority()))

const post = (message: FromThread): void => port.postMessage(message)

/** Tells of each whole per cent once: a message costs the main thread more than the frame that it is about. */
const progressTeller = (): ((fraction: number) => void) => {
  let told = -1
  return (fraction) => {
    const percent = Math.floor(100 * fraction)
    if (percent <= told) return
    told = percent
    post({ type: 'progress', fraction })
  }
}

const run = async (task: Task, signal: AbortSignal): Promise<TaskResults[Task['kind']]> => {
  switch (task.kind) {
    case 'fingerprint':
      return fingerprintFile(task, { signal, onProgress: progressTeller() })
    case 'look':
      return lookAtFile(task, { signal, onProgress: progressTeller() })
    case 'lookCloser':
      return lookCloser(task, { signal })
    case 'probes':
      return probesOf(task)
    case 'index':
      return indexRowsOf(task)
    case 'rank':
      return rank(task)
    case 'match':
      return matchAll(task, { signal })
    case 'compare':
      return compareBoth(task)
  }
}

const start = async (task: Task): Promise<void> => {
  running = new AbortController()
  try {
    const result = await run(task, running.signal)
    post({ type: 'done', result })
  } catch (error) {
    post({ type: 'failed', error: packError(error) })
  } finally {
    running = null
  }
}

port.on('message', (message: ToThread) => {
  if (message.type === 'abort') running?.abort()
  else void start(message.task)
})
