/** The entry of a worker thread. It runs one task at a time and lives until the pool ends it. */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { runEvidenceTask, runKeepQueryTask } from './evidence-task.ts'
import { runFingerprintTask, runIngestTask, runQueryTask } from './fingerprint-task.ts'
import { runKeyframeScanTask } from './keyframe-scan-task.ts'
import {
  runCompareTask,
  runIndexRowsTask,
  runMatchTask,
  runScreenTask,
  runStoredQueryTask,
  runVariantWindowsTask,
} from './match-task.ts'
import { runRefineTask } from './refine-task.ts'
import { runStillFramesTask, runStillRangesTask } from './still-tasks.ts'
import { runFindStretchesTask, runStretchTask } from './stretch-tasks.ts'
import { startTaskWork } from './task-work.ts'
import type { FromThread, Task, TaskKind, TaskMap, TaskOptions, ToThread } from './tasks.ts'
import { packError } from './thread-error.ts'

type Handlers = {
  readonly [K in TaskKind]: (
    input: TaskMap[K]['input'],
    options: TaskOptions,
  ) => TaskMap[K]['result'] | Promise<TaskMap[K]['result']>
}

const handlers: Handlers = {
  ingest: runIngestTask,
  fingerprint: runFingerprintTask,
  query: runQueryTask,
  keyframeScan: runKeyframeScanTask,
  refine: runRefineTask,
  storedQuery: runStoredQueryTask,
  variantWindows: runVariantWindowsTask,
  indexRows: runIndexRowsTask,
  stretch: runStretchTask,
  findStretches: runFindStretchesTask,
  match: runMatchTask,
  screen: runScreenTask,
  stillRanges: runStillRangesTask,
  stillFrames: runStillFramesTask,
  compare: runCompareTask,
  evidence: runEvidenceTask,
  keepQuery: runKeepQueryTask,
}

if (parentPort === null) throw new Error('thread.ts runs in a worker thread only.')
const port = parentPort
let running: AbortController | null = null

// Linux keeps a priority for each thread, and ffmpeg inherits that of the thread that starts it. Niceness 5 gives
// hashing and decoding a third of the usual share, so requests are answered first and jobs still advance. On other
// systems it would slow down the whole process. A process started with a higher value keeps it, because only root may
// lower it.
if (process.platform === 'linux') setPriority(Math.max(5, getPriority()))

function post(message: FromThread): void {
  port.postMessage(message)
}

/** Reports each whole percent once, because a message costs the main thread more than the frame behind it. */
function createProgressReporter(): (fraction: number) => void {
  let lastPercent = -1
  return (fraction) => {
    const percent = Math.floor(100 * fraction)
    if (percent <= lastPercent) return
    lastPercent = percent
    post({ type: 'progress', fraction })
  }
}

async function handle<K extends TaskKind>(task: Task<K>, signal: AbortSignal): Promise<TaskMap[K]['result']> {
  const { kind, input } = task
  return handlers[kind](input, {
    signal,
    onProgress: createProgressReporter(),
    onPiece: (piece) => post({ type: 'piece', piece }),
  })
}

async function run(task: Task): Promise<void> {
  running = new AbortController()
  const work = startTaskWork()
  try {
    const result = await handle(task, running.signal)
    post({ type: 'done', result, work: work.end() })
  } catch (error) {
    post({ type: 'failed', error: packError(error), work: work.end() })
  } finally {
    running = null
  }
}

port.on('message', (message: ToThread) => {
  if (message.type === 'abort') running?.abort()
  else void run(message.task)
})
