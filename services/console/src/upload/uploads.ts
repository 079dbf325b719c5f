import type { RouteAnswer } from '@kinoprint/contract'
import { signal } from '@preact/signals'
import { api } from '../api/client.ts'
import { ApiFault } from '../api/fault.ts'
import { messages } from '../messages/messages.ts'
import { jobTexts } from '../pages/job/job-texts.ts'
import { libraryTexts } from '../pages/library/library-texts.ts'
import { announce } from '../parts/announce.tsx'
import { hasEnded, type JobSummary } from '../parts/job-state.tsx'
import { requireReadable } from './judge.ts'
import { freeName, isTaken } from './object-names.ts'
import { putObject } from './put-object.ts'

const AT_ONCE = 2
const POLL_MS = 1_000

/** What to do with a file whose name the bucket has already. */
export type TakenAnswer = 'replace' | 'both' | 'skip'

/** A file or an object on its way into a library. */
export type Upload = {
  readonly id: number
  /** Null for an object that is in its bucket already. */
  readonly file: File | null
  readonly object: string
  readonly bytes: number
  readonly dnaDbId: string
  readonly bucket: string
  /** `taken`: the bucket has an object of this name, and the user is asked what to do. */
  readonly state:
    | 'queued'
    | 'checking'
    | 'taken'
    | 'waiting'
    | 'sending'
    | 'job'
    | 'stored'
    | 'refused'
    | 'cancelled'
  readonly sentBytes: number
  /** When sending began, by `performance.now()`. */
  readonly sentSinceMs: number
  readonly job: JobSummary | null
  /** Why it was refused. */
  readonly problem: string
  /** Whether trying again can help: the connection was at fault, not the file. */
  readonly canRetry: boolean
}

type Target = {
  readonly dnaDbId: string
  readonly bucket: string
  /** Whether the library holds as many videos as it may. Only what replaces one of them is stored then. */
  readonly isFull: boolean
}

/** All uploads of this tab; they go on while another page is shown. */
export const uploads = signal<readonly Upload[]>([])

let nextId = 1
const aborts = new Map<number, AbortController>()
const openStates: readonly Upload['state'][] = ['queued', 'checking', 'taken', 'waiting', 'sending', 'job']
const fullLibraries = new Set<string>()

/** Whether an upload has come to no end yet. */
export function isOpen({ state }: Upload): boolean {
  return openStates.includes(state)
}

/** Adds files to a library: each is judged before it is sent, and two are sent at a time. */
export function addFiles(files: Iterable<File>, { dnaDbId, bucket, isFull }: Target): void {
  if (isFull) fullLibraries.add(dnaDbId)
  else fullLibraries.delete(dnaDbId)
  const added = [...files].map((file) =>
    newUpload({ file, object: file.name, bytes: file.size, dnaDbId, bucket, state: 'queued' }),
  )
  uploads.value = [...uploads.value, ...added]
  startNext()
}

/** Stores objects that are in their bucket already. */
export function addObjects(
  dnaDbId: string,
  objects: readonly { readonly bucket: string; readonly object: string; readonly bytes: number }[],
): void {
  const added = objects.map((one) => newUpload({ file: null, ...one, dnaDbId, state: 'waiting' }))
  uploads.value = [...uploads.value, ...added]
  startNext()
}

type NewUpload = Pick<Upload, 'file' | 'object' | 'bytes' | 'dnaDbId' | 'bucket' | 'state'>

function newUpload(fields: NewUpload): Upload {
  return { id: nextId++, ...fields, sentBytes: 0, sentSinceMs: 0, job: null, problem: '', canRetry: false }
}

/** Answers for uploads whose name is taken. */
export async function answerTaken(ids: readonly number[], answer: TakenAnswer): Promise<void> {
  for (const id of ids) {
    const upload = uploads.value.find((one) => one.id === id && one.state === 'taken')
    if (upload === undefined) continue
    if (answer === 'skip') update(id, { state: 'cancelled' })
    else if (answer === 'replace') update(id, { state: 'waiting' })
    else {
      update(id, { state: 'checking' })
      await guarded(id, async () => {
        const object = await freeName(upload.bucket, upload.object, reservedNames(upload))
        update(id, { object, state: 'waiting' })
      })
    }
  }
  startNext()
}

export function cancelUpload(id: number): void {
  aborts.get(id)?.abort()
  update(id, { state: 'cancelled' })
  startNext()
}

/** Sends again what a broken connection has stopped. */
export function retryUpload(id: number): void {
  update(id, { state: 'waiting', sentBytes: 0, problem: '', canRetry: false })
  startNext()
}

/** Removes what has ended from the list. */
export function clearUploads(): void {
  uploads.value = uploads.value.filter(isOpen)
}

function update(id: number, fields: Partial<Upload>): void {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...fields } : one))
}

/** The names that other uploads to the same bucket are about to use. */
function reservedNames({ id, bucket }: Upload): ReadonlySet<string> {
  const others = uploads.value.filter(
    (one) => one.id !== id && one.bucket === bucket && one.state !== 'queued' && isOpen(one),
  )
  return new Set(others.map(({ object }) => object))
}

function startNext(): void {
  const inState = (state: Upload['state']) => uploads.value.filter((one) => one.state === state)
  const start = (from: 'queued' | 'waiting', to: 'checking' | 'sending', run: (one: Upload) => unknown) => {
    const free = Math.max(0, AT_ONCE - inState(to).length)
    for (const upload of inState(from).slice(0, free)) {
      update(upload.id, { state: to })
      run(upload)
    }
  }
  start('queued', 'checking', (one) => guarded(one.id, () => check(one)))
  start('waiting', 'sending', (one) => guarded(one.id, () => send(one)))
}

/** Runs a step of an upload. What it throws becomes the reason why the upload is refused. */
async function guarded(id: number, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (thrown) {
    const upload = uploads.value.find((one) => one.id === id)
    if (upload === undefined || upload.state === 'cancelled') return
    const problem = thrown instanceof Error ? thrown.message : String(thrown)
    const canRetry = upload.state === 'sending' && thrown instanceof ApiFault && thrown.status === 0
    update(id, { state: 'refused', problem, canRetry })
    announce(`${upload.object}: ${problem}`, { urgent: true })
  } finally {
    startNext()
  }
}

/** Judges a file: by its first bytes, its length, the capacity of the library and its name. */
async function check(upload: Upload): Promise<void> {
  const texts = libraryTexts.value
  const { id, file, object, bucket, dnaDbId } = upload
  if (file === null) return
  await requireReadable(file)
  const taken = reservedNames(upload).has(object) || (await isTaken(bucket, object))
  if (!taken && fullLibraries.has(dnaDbId)) throw new Error(texts.noSpace)
  if (uploads.value.find((one) => one.id === id)?.state !== 'checking') return
  update(id, { state: taken ? 'taken' : 'waiting' })
  if (taken) announce(texts.takenOne(object), { urgent: true })
}

async function send({ id, file, object, dnaDbId, bucket }: Upload): Promise<void> {
  const abort = new AbortController()
  aborts.set(id, abort)
  try {
    update(id, { sentSinceMs: performance.now() })
    const onSent = (sentBytes: number) => update(id, { sentBytes })
    if (file !== null) await putObject(file, { bucket, object }, { onSent, signal: abort.signal })
  } finally {
    aborts.delete(id)
  }
  const first = await api.submitJob({ body: { ruleType: 'GetFingerPrint', dnaDbId, bucket, object } })
  update(id, { state: 'job', job: first })
  startNext()
  await followJob(id, first)
}

/** Polls rather than follows events, which stop while the viewer is open. */
async function followJob(id: number, first: JobSummary): Promise<void> {
  let job: JobSummary & Partial<Pick<RouteAnswer<'getJob'>, 'result'>> = first
  while (!hasEnded(job)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    // A broken connection does not end the job.
    job = await api.getJob({ params: { jobId: job.jobId } }).catch((thrown: ApiFault) => {
      if (thrown.status === 404) throw thrown
      return job
    })
    update(id, { job })
  }
  if (job.state !== 'Success') throw new Error(job.error?.message ?? messages.value.parts.states[job.state])
  const { result } = job
  if (result?.stored === false) throw new Error(jobTexts.value.keptOut(result.detections.length))
  update(id, { state: 'stored' })
  announce(libraryTexts.value.storedOne(job.object))
}
