import type { RouteAnswer } from '@kinoprint/contract'
import { signal } from '@preact/signals'
import { api } from '../../api/client.ts'
import { announce } from '../../parts/announce.tsx'
import { hasEnded } from '../../parts/job-state.tsx'
import { requireReadable } from '../../upload/judge.ts'
import { putObject } from '../../upload/put-object.ts'
import { jobTexts } from '../job/job-texts.ts'
import type { GivenSource } from './given-source.ts'

type Job = RouteAnswer<'getJob'>
export type SearchedLibrary = Pick<
  RouteAnswer<'getLibrary'>,
  'dnaDbId' | 'name' | 'bucket' | 'videoCount' | 'policy'
>

/** A search with one file or object in some libraries. It goes on while another page is shown. */
export type SearchRun = {
  readonly sentBytes: number
  readonly allBytes: number
  readonly jobs: readonly { readonly library: SearchedLibrary; readonly job: Job }[]
  readonly problem: string
}

/** An object that exists. */
export type GivenObject = { readonly bucket: string; readonly object: string }

const POLL_MS = 800

export const searchRun = signal<SearchRun | null>(null)

function update(fields: Partial<SearchRun>): void {
  if (searchRun.value !== null) searchRun.value = { ...searchRun.value, ...fields }
}

/** Whether a search is still uploading or waiting for a job. */
export function isSearching(run: SearchRun | null): boolean {
  if (run === null || run.problem !== '') return false
  return run.jobs.length === 0 || run.jobs.some(({ job }) => !hasEnded(job))
}

/**
 * Searches libraries with a file, which is stored under `queries/` first, with an object of the bucket, or with a
 * fingerprint.
 */
export async function startSearch(
  source: File | GivenObject | GivenSource,
  libraries: readonly SearchedLibrary[],
): Promise<void> {
  const [first] = libraries
  if (first === undefined) return
  const { bucket } = first
  searchRun.value = {
    sentBytes: 0,
    allBytes: source instanceof File ? source.size : 0,
    jobs: [],
    problem: '',
  }
  try {
    const from = await sourceOf(source, bucket)
    const jobs = await Promise.all(
      libraries.map(async (library) => ({
        library,
        job: await api.submitJob({
          body: { ruleType: 'FindSimilarVideo', dnaDbId: library.dnaDbId, ...from },
        }),
      })),
    )
    update({ jobs })
    await followAll()
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown)
    update({ problem })
    announce(problem, { urgent: true })
  }
}

async function sourceOf(source: File | GivenObject | GivenSource, bucket: string) {
  if (source instanceof File) return { bucket, object: await upload(source, bucket) }
  return 'videoId' in source ? { videoId: source.videoId } : source
}

/** Stores the query under a folder of its own, so that it never replaces an object. Returns its name. */
async function upload(file: File, bucket: string): Promise<string> {
  await requireReadable(file)
  const folder = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('')
  const object = `queries/${folder}/${file.name}`
  const { signal: never } = new AbortController()
  await putObject(file, { bucket, object }, { onSent: (sentBytes) => update({ sentBytes }), signal: never })
  return object
}

async function followAll(): Promise<void> {
  while (isSearching(searchRun.value)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    const jobs = await Promise.all(
      (searchRun.value?.jobs ?? []).map(async ({ library, job }) => ({
        library,
        job: hasEnded(job) ? job : await api.getJob({ params: { jobId: job.jobId } }),
      })),
    )
    update({ jobs })
  }
  const found = (searchRun.value?.jobs ?? []).map(({ job }) => job.result?.detections.length ?? 0)
  announce(jobTexts.value.found(found.reduce((sum, one) => sum + one, 0)))
}
