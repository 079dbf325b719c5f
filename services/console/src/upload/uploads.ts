import { signal } from '@preact/signals'
import { api } from '../api/client.ts'
import { messages } from '../messages/messages.ts'
import { announce } from '../parts/announce.tsx'
import { hasEnded, type JobSummary } from '../parts/job-state.tsx'
import { judgeFile } from './judge.ts'
import { putObject } from './put-object.ts'

const AT_ONCE = 2
const POLL_MS = 1_000

/** A file on its way into a library. */
export type Upload = {
  readonly id: number
  readonly file: File
  readonly dnaDbId: string
  readonly bucket: string
  readonly state: 'waiting' | 'sending' | 'job' | 'stored' | 'refused' | 'cancelled'
  readonly sentBytes: number
  readonly job: JobSummary | null
  /** Why it was refused. */
  readonly problem: string
}

/** All uploads of this tab; they go on while another page is shown. */
export const uploads = signal<readonly Upload[]>([])

let nextId = 1
const aborts = new Map<number, AbortController>()

/** Adds files to a library, two at a time. Each is judged by its first bytes before it is sent. */
export function addFiles(
  files: Iterable<File>,
  to: { readonly dnaDbId: string; readonly bucket: string },
): void {
  const added = [...files].map(
    (file): Upload => ({
      id: nextId++,
      file,
      ...to,
      state: 'waiting',
      sentBytes: 0,
      job: null,
      problem: '',
    }),
  )
  uploads.value = [...uploads.value, ...added]
  startNext()
}

export function cancelUpload(id: number): void {
  aborts.get(id)?.abort()
  update(id, { state: 'cancelled' })
  startNext()
}

/** Removes what has ended from the list. */
export function clearUploads(): void {
  uploads.value = uploads.value.filter(({ state }) => ['waiting', 'sending', 'job'].includes(state))
}

function update(id: number, fields: Partial<Upload>): void {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...fields } : one))
}

function startNext(): void {
  const free = AT_ONCE - uploads.value.filter(({ state }) => state === 'sending').length
  for (const upload of uploads.value.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free))) {
    update(upload.id, { state: 'sending' })
    void run(upload)
  }
}

async function run({ id, file, dnaDbId, bucket }: Upload): Promise<void> {
  const abort = new AbortController()
  aborts.set(id, abort)
  try {
    const verdict = await judgeFile(file)
    if (verdict !== 'mp4') throw new Error(messages.value.library.refused(verdict))
    if (await isTaken(bucket, file.name)) throw new Error(messages.value.library.taken)
    await putObject(
      file,
      { bucket, object: file.name },
      { onSent: (sentBytes) => update(id, { sentBytes }), signal: abort.signal },
    )
    const job = await api.submitJob({
      body: { ruleType: 'GetFingerPrint', dnaDbId, bucket, object: file.name },
    })
    update(id, { state: 'job', job })
    startNext()
    await followUpload(id, job)
  } catch (thrown) {
    if (abort.signal.aborted) return
    const problem = thrown instanceof Error ? thrown.message : String(thrown)
    update(id, { state: 'refused', problem })
    announce(`${file.name}: ${problem}`, { urgent: true })
  } finally {
    aborts.delete(id)
    startNext()
  }
}

/** Whether the bucket has an object of this name, which an upload would replace. */
async function isTaken(bucket: string, name: string): Promise<boolean> {
  const { items } = await api.listObjects({ params: { bucket }, query: { prefix: name, pageSize: 100 } })
  return items.some(({ object }) => object === name)
}

/** Polls rather than follows events: many uploads would hold all connections of the browser. */
async function followUpload(id: number, first: JobSummary): Promise<void> {
  let job = first
  while (!hasEnded(job)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    job = await api.getJob({ params: { jobId: job.jobId } })
    update(id, { job })
  }
  if (job.state !== 'Success') {
    throw new Error(job.error?.message ?? messages.value.parts.states[job.state])
  }
  update(id, { state: 'stored' })
  announce(messages.value.library.storedOne(job.object))
}
