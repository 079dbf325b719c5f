import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, jobIdOfVideo } from '@kinoprint/core'
import type { AdminBackend } from '../admin/backend.ts'
import { type EndedJob, failureOf } from '../admin/wait-for-job.ts'
import { endOf } from '../intake/folder-items.ts'
import type { ImportItem } from '../intake/import-items.ts'
import type { Cloud, CloudBucket } from './cloud-client.ts'
import type { CloudFile } from './cloud-libraries.ts'
import { isMoved, type StoredVideos, storedVideo } from './move-library.ts'

export type MoveOptions = {
  readonly backend: AdminBackend
  readonly cloud: Cloud
  readonly stored: StoredVideos
  /** Whether objects are copied from the cloud's bucket. Otherwise the object store here has them already. */
  readonly copies: boolean
}

const STORED_ALREADY = { state: 'skipped', reason: 'stored already', videoId: null, jobId: null } as const

/** Failures of jobs that would repeat, because they are those of the file. */
const LASTING: readonly string[] = ['ResourceNotSupported']

/**
 * The move of one video: its object is copied and stored under its VideoId. The job has the same digits, so a later run
 * finds it: a job that is under way is awaited, and a file that cannot be decoded is not copied again. Without copies it
 * may have been repaired.
 */
export function moveItem(file: CloudFile, { backend, cloud, stored, copies }: MoveOptions): ImportItem {
  const { dnaDbId, videoId, bucket, region, object } = file
  return {
    name: `${bucket}/${object}`,
    run: async (options) => {
      if (isMoved(stored, file)) return STORED_ALREADY
      const jobId = jobIdFor(stored, file)
      const earlier = jobId === null ? null : await findJob(backend, jobId)
      if (jobId !== null && earlier !== null) {
        if (!['Success', 'Failed', 'Cancel'].includes(earlier.state)) return endOf(backend, jobId, options)
        if (copies && LASTING.includes(earlier.error?.code ?? ''))
          return { state: 'failed', reason: failureOf(earlier), videoId: null, jobId }
      }
      if (copies) await copyObject({ backend, cloud }, file, options.signal)
      if (jobId !== null && earlier !== null && earlier.state !== 'Success') {
        await backend.retryJob({ params: { jobId } })
        return endOf(backend, jobId, options)
      }
      // A video that was moved and then deleted here gets a new id: its job is done.
      const keepsId = jobId !== null && earlier === null
      const body = { ruleType: 'GetFingerPrint', dnaDbId, bucket, region, object } as const
      const job = await backend.submitJob({ body: keepsId ? { ...body, videoId } : body })
      return endOf(backend, job.jobId, options)
    },
  }
}

/** The job that stores a file under its VideoId; null if that is not possible. */
function jobIdFor(stored: StoredVideos, file: CloudFile): string | null {
  const isFree = storedVideo(stored, file) === undefined
  return isFree && /^dv[0-9a-f]{32}$/.test(file.videoId) ? jobIdOfVideo(file.videoId) : null
}

async function findJob(backend: AdminBackend, jobId: string): Promise<EndedJob | null> {
  return backend.getJob({ params: { jobId } }).catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'NotFound') return null
    throw error
  })
}

/** Copies an object through a temporary file, so that only a complete one is stored. */
async function copyObject(
  { backend, cloud }: Pick<MoveOptions, 'backend' | 'cloud'>,
  { bucket, region, object }: CloudBucket & { readonly object: string },
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kinoprint-import-'))
  try {
    const path = join(folder, 'object')
    await cloud.download({ bucket, region }, object, { path, signal })
    await backend.putFile({ path, bucket, object, signal })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
