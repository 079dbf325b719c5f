import { stat } from 'node:fs/promises'
import type { AdminBackend, ObjectName } from '../admin/backend.ts'
import { failureOf, waitForJob } from '../admin/wait-for-job.ts'
import { contentOf, type LocalFile, objectFor, startFileJob, type Target } from './file-job.ts'
import type { Imported, ImportItem } from './import-items.ts'

/** The import of one local file: skipped if the library holds its object with this content. */
export function fileItem(backend: AdminBackend, target: Target, file: LocalFile): ImportItem {
  return {
    name: file.name,
    run: async ({ signal, onProgress }) => {
      const content = await contentOf(file.path, signal)
      const where = await objectFor(backend, target, file)
      const { size } = await stat(file.path)
      if (await isStored(backend, target.dnaDbId, { ...where, content, size })) return STORED_ALREADY
      const jobId = await startFileJob(backend, target, { ...file, content, signal })
      return endOf(backend, jobId, { signal, onProgress })
    },
  }
}

const STORED_ALREADY = { state: 'skipped', reason: 'stored already', videoId: null, jobId: null } as const

type Content = ObjectName & { readonly content: string; readonly size: number }

/** ETags of large objects in S3 are not an MD5. Then the size decides. */
async function isStored(
  backend: AdminBackend,
  dnaDbId: string,
  { bucket, object, content, size }: Content,
): Promise<boolean> {
  const { items } = await backend.listVideos({ params: { dnaDbId }, query: { object, pageSize: 100 } })
  const video = items.find((one) => one.bucket === bucket && one.object === object)
  if (video === undefined) return false
  return video.etag.includes('-') ? video.bytes === size : video.etag === `"${content}"`
}

export type ObjectRow = ObjectName & { readonly region: string }

/** The import of one object that is in a bucket: skipped if the library holds it. */
export function objectItem(backend: AdminBackend, dnaDbId: string, row: ObjectRow): ImportItem {
  const { bucket, object, region } = row
  return {
    name: `${bucket}/${object}`,
    run: async ({ signal, onProgress }) => {
      const stored = await backend.listVideos({ params: { dnaDbId }, query: { object, pageSize: 100 } })
      if (stored.items.some((one) => one.bucket === bucket)) return STORED_ALREADY
      const query = {
        dnaDbId,
        object,
        ruleType,
        state: ['Submitted', 'Pause', 'Running'],
        pageSize: 100,
      } as const
      const open = (await backend.listJobs({ query: { ...query, state: [...query.state] } })).items
      const known = open.find((job) => job.bucket === bucket)
      const body = { ruleType, dnaDbId, bucket, object, region }
      const { jobId } = known ?? (await backend.submitJob({ body }))
      return endOf(backend, jobId, { signal, onProgress })
    },
  }
}

const ruleType = 'GetFingerPrint' as const

/** Waits for a store job and says what became of its video. */
export async function endOf(
  backend: AdminBackend,
  jobId: string,
  options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<Omit<Imported, 'name'>> {
  const job = await waitForJob(backend, jobId, options)
  const reason = failureOf(job)
  if (reason !== null) return { state: 'failed', reason, videoId: null, jobId }
  const videoId = job.result?.videoId ?? null
  return job.result?.stored === false
    ? { state: 'skipped', reason: 'kept out, as the library stores only what is new', videoId, jobId }
    : { state: 'stored', reason: null, videoId, jobId }
}
