import { setTimeout as delay } from 'node:timers/promises'
import { jobXml, type Submit } from '../client.ts'
import type { Cluster } from './cluster.ts'

/** What the jobs of the test use. */
export type Ground = {
  /** Marks the jobs in their user data. */
  readonly batch: string
  /** The library that is searched, and its videos by object. */
  readonly films: string
  readonly videoIds: readonly string[]
  /** Stores go here. */
  readonly shelf: string
}

/** Of this many jobs, one stores a new object, one stores it again, and one searches with a file. */
const ROUND = 50
const LANES = 3
const POLL_MS = 20
/** Time limit for a hanging cluster. */
const LIMIT_MS = 250_000

export function filmObject(n: number): string {
  return `film-${n}.mp4`
}
export function storeObject(n: number): string {
  return `store/${n}.mp4`
}
export function storesIn(jobs: number): number {
  return Math.ceil(jobs / ROUND)
}

/** Most jobs search with the fingerprint of a stored video, which takes milliseconds. The others read a file. */
function jobOf(n: number, { batch, films, videoIds, shelf }: Ground): Submit {
  const userData = `${batch}:${n}`
  const film = n % videoIds.length
  const object = storeObject(Math.floor(n / ROUND))
  switch (n % ROUND) {
    case 0:
    case 12:
      return { rule: 'GetFingerPrint', library: shelf, object, userData }
    case 6:
      return { rule: 'FindSimilarVideo', library: films, object, userData }
    default: {
      const search = { rule: 'FindSimilarVideo', library: films, object: filmObject(film), userData } as const
      return { ...search, videoId: videoIds[film] ?? '' }
    }
  }
}

/** Submits the jobs from `from` to below `to` in order, a few at a time, and returns their ids. No request is repeated. */
export async function submitJobs(
  { client, callbackUrl }: Cluster,
  ground: Ground,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly string[]> {
  const accepted: string[] = []
  const callback = `<CallBack>${callbackUrl}</CallBack><CallBackFormat>JSON</CallBackFormat></Request>`
  let next = from
  const lane = async (): Promise<void> => {
    while (next < to) {
      const n = next++
      const body = jobXml(jobOf(n, ground)).replace('</Request>', callback)
      const { JobsDetail } = await client.request('POST', 'jobs', body)
      accepted.push((JobsDetail as { JobId: string }).JobId)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return accepted
}

/** Waits until `count` jobs of the batch have ended. */
export async function untilEnded({ sql }: Cluster, { batch }: Ground, count: number): Promise<void> {
  await until(`${count} jobs have ended`, async () => {
    const [row] = await sql<{ ended: number }>(
      'select count(*)::int as ended from jobs where user_data like $1 and ended_at is not null',
      [`${batch}:%`],
    )
    return (row?.ended ?? 0) >= count
  })
}

export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + LIMIT_MS
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`Waited ${LIMIT_MS / 1000} s until ${what}.`)
    await delay(POLL_MS)
  }
}

/** Ids of the jobs that a worker process holds. Its name contains its process id. */
export async function heldBy({ sql }: Cluster, pid: number | undefined): Promise<string[]> {
  const rows = await sql<{ jobId: string }>(
    `select job_id as "jobId" from jobs where state = 'Running' and worker_id like $1`,
    [`%-${pid}-%`],
  )
  return rows.map(({ jobId }) => jobId)
}
