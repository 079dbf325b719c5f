import { stat } from 'node:fs/promises'
import { Fault, type JobLevel, type RuleType } from '@kinoprint/core'
import type { AdminBackend, ObjectName } from '../admin/backend.ts'
import { findLibrary } from '../admin/find-library.ts'
import { fileEtag } from '../scan/file-etag.ts'

/** Where files are sent, and what is done with them. */
export type Target = {
  readonly dnaDbId: string
  readonly ruleType: Extract<RuleType, 'GetFingerPrint' | 'FindSimilarVideo'>
  readonly bucket: string
  readonly region: string
  /** What names of objects begin with; the name of the file follows. */
  readonly prefix: string
}

export type TargetFlags = {
  readonly library: string
  readonly bucket?: string | undefined
  readonly prefix?: string | undefined
}

/** The target in a library: by default in its own bucket. Throws as `findLibrary`. */
export async function targetOf(
  backend: AdminBackend,
  { library, bucket, prefix = '' }: TargetFlags,
  ruleType: Target['ruleType'],
): Promise<Target> {
  const found = await findLibrary(backend, library)
  return { dnaDbId: found.dnaDbId, ruleType, bucket: bucket ?? found.bucket, region: found.region, prefix }
}

export type LocalFile = {
  /** Path below its folder, with `/` between parts. */
  readonly name: string
  readonly path: string
}

/** The object of a file: itself if it is in the folder of the buckets, otherwise where it is sent. */
export async function objectFor(
  backend: AdminBackend,
  { bucket, prefix }: Pick<Target, 'bucket' | 'prefix'>,
  { name, path }: LocalFile,
): Promise<ObjectName & { readonly isThere: boolean }> {
  const own = await backend.objectOf(path)
  return own === null ? { bucket, object: `${prefix}${name}`, isThere: false } : { ...own, isThere: true }
}

/** The MD5 of a file. Throws Fault Conflict if the file changes meanwhile. */
export async function contentOf(path: string, signal: AbortSignal): Promise<string> {
  const before = await stat(path)
  const etag = await fileEtag(path, { maxBytes: Number.MAX_SAFE_INTEGER, signal })
  await requireUnchanged(path, before)
  return etag.slice(1, -1)
}

type FileState = { readonly size: number; readonly mtimeMs: number; readonly ino: number }

async function requireUnchanged(path: string, before: FileState): Promise<void> {
  const now = await stat(path)
  if (now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino) return
  throw new Fault('Conflict', 'The file changed while it was read. Try again when it is complete.')
}

/** Marks the job of a file with its content, so that a later run finds the job again. */
const MARK = 'kinoprint-file:'

/**
 * The job of a file that an interrupted run has submitted; null if there is none. Jobs of an earlier content of the file
 * do not count.
 */
async function findFileJob(
  backend: AdminBackend,
  { dnaDbId, ruleType }: Target,
  { bucket, object, content }: ObjectName & { readonly content: string },
): Promise<string | null> {
  const query = { dnaDbId, ruleType, object, state: OPEN, pageSize: 100 }
  const { items } = await backend.listJobs({ query })
  const found = items.find((job) => job.bucket === bucket && job.userData === `${MARK}${content}`)
  return found?.jobId ?? null
}

const OPEN: ('Submitted' | 'Pause' | 'Running')[] = ['Submitted', 'Pause', 'Running']

type FileToSend = LocalFile & { readonly content: string }

/** Sends a file, unless it is an object already, and submits its job. Returns the JobId. */
export async function startFileJob(
  backend: AdminBackend,
  target: Target,
  { signal, ...file }: FileToSend & { readonly signal: AbortSignal },
): Promise<string> {
  const { path, content } = file
  const { bucket, object, isThere } = await objectFor(backend, target, file)
  const open = await findFileJob(backend, target, { bucket, object, content })
  if (open !== null) return open
  const before = await stat(path)
  if (!isThere) await backend.putFile({ path, bucket, object, signal })
  await requireUnchanged(path, before)
  const { dnaDbId, ruleType, region } = target
  const jobLevel: JobLevel = 0
  const body = { ruleType, dnaDbId, bucket, region, object, jobLevel, userData: `${MARK}${content}` }
  return (await backend.submitJob({ body })).jobId
}
