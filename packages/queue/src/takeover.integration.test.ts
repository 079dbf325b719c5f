import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { jobIds, recordingLog, testBackends } from './backends.fixture.ts'
import { consume } from './consume.ts'
import { openQueue } from './open-queue.ts'

const SCRIPT = fileURLToPath(new URL('stuck-worker.fixture.ts', import.meta.url))
/** Ends a test that hangs. */
const WAIT = { timeout: 280_000, interval: 50 }

test.each(testBackends)(
  'the job of a worker killed with kill -9 is taken over, on $server',
  async ({ open }) => {
    const backend = await open()
    const log = recordingLog()
    const queue = await openQueue(backend.options, { log, answerTimeoutMs: WAIT.timeout })
    const [jobId = ''] = jobIds(1)
    const child = startStuckWorker(backend.env)
    onTestFinished(() => void child.kill('SIGKILL'))
    const takenByChild = firstLine(child)
    await queue.enqueue(jobId, 0)
    expect(await takenByChild).toBe(`took ${jobId}`)

    const taken: string[] = []
    const consumer = await consume(backend.options, {
      concurrency: 1,
      log,
      handler: async (id) => {
        taken.push(id)
        return { kind: 'done' }
      },
    })
    const killedAtMs = performance.now()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(() => taken, WAIT).toEqual([jobId])
    // Not until the lock of the killed worker has expired.
    expect(performance.now() - killedAtMs).toBeGreaterThan(1_000)
    await expect
      .poll(() => log.lines, WAIT)
      .toContainEqual(expect.objectContaining({ level: 'warn', fields: { jobId } }))
    await expect.poll(() => queue.has([jobId]), WAIT).toEqual(new Set())

    await consumer.close({ timeoutMs: 2_000 })
    await queue.close()
    await backend.close()
  },
)

function startStuckWorker(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', SCRIPT], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The child has no output to read.')
  const ended = once(child, 'exit').then(() => {
    throw new Error('The stuck worker ended before it took a job.')
  })
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  ended.catch(() => undefined)
  return String(line)
}
