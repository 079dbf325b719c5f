import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, jobXml, type Submit } from '../e2e/client.ts'
import { BROKEN_OBJECT, copyObject, FILMS, filmObject, MISSING_OBJECT, storeObject } from './clips.ts'
import type { Stack } from './stack.ts'

/** The libraries and the marker of one run. */
export type Ground = {
  /** The user data that marks the jobs of this run. */
  readonly batch: string
  /** Searched and never changed. */
  readonly films: string
  /** Empty at first. Stores go here. */
  readonly shelf: string
  /** Contains one video for each delete job. */
  readonly bin: string
  readonly doomed: readonly string[]
}

const KINDS = 10
/** One in ten jobs is a delete. */
function deletesIn(jobs: number): number {
  return Math.ceil(jobs / KINDS)
}
/** How long to repeat a submission, because the API may be unavailable during a fault. */
const ACCEPT_LIMIT_MS = 250_000
const PAUSE_MS = 200

/** Creates a library with the films to search. */
export async function stockFilms(client: Client): Promise<string> {
  const library = await client.createLibrary({ name: `films ${randomUUID()}` })
  const jobs = []
  for (let n = 0; n < FILMS; n++)
    jobs.push(await client.submit({ rule: 'GetFingerPrint', library, object: filmObject(n) }))
  for (const jobId of jobs) await mustSucceed(client, jobId)
  return library
}

/** The libraries of one run. */
export async function prepareGround(
  client: Client,
  { batch, films, jobs }: { batch: string; films: string; jobs: number },
): Promise<Ground> {
  // The detections of a store depend on the order of two jobs, which a fault may change.
  const shelf = await client.createLibrary({ name: `${batch} shelf`, detectOnStore: false })
  const bin = await client.createLibrary({ name: `${batch} bin` })
  const stores = []
  for (let n = 0; n < deletesIn(jobs); n++)
    stores.push(await client.submit({ rule: 'GetFingerPrint', library: bin, object: storeObject(n) }))
  const doomed: string[] = []
  for (const jobId of stores) doomed.push(await mustSucceed(client, jobId))
  return { batch, films, shelf, bin, doomed }
}

async function mustSucceed(client: Client, jobId: string): Promise<string> {
  const job = await client.ended(jobId)
  if (job.State !== 'Success') throw new Error(`${jobId} ended as ${job.State}: ${job.Message}`)
  return job.Operation.DNAResult?.VideoId ?? ''
}

/** Job `n` of the mix: four searches, three first stores, a repeated store, a delete, an invalid input. */
function jobOf(n: number, { batch, films, shelf, bin, doomed }: Ground): Submit {
  const userData = `${batch}:${n}`
  const level = ([0, 1, 2] as const)[n % 3] ?? 0
  const round = Math.floor(n / KINDS)
  const find = { rule: 'FindSimilarVideo', library: films, level, userData } as const
  const store = { rule: 'GetFingerPrint', library: shelf, level, userData } as const
  switch (n % KINDS) {
    case 4:
    case 5:
    case 6:
      return { ...store, object: storeObject(n) }
    case 7:
      return { ...store, object: storeObject(round % 2) }
    case 8: {
      const videoId = doomed[round]
      if (videoId === undefined) throw new Error(`Job ${n} has no video to delete.`)
      return { rule: 'DeleteFingerPrint', library: bin, object: storeObject(round), videoId, level, userData }
    }
    case 9:
      return { ...find, object: round % 2 === 0 ? MISSING_OBJECT : BROKEN_OBJECT }
    default:
      return { ...find, object: copyObject(n) }
  }
}

/** Submits job `n` until it is accepted and returns its id. */
async function submitUntilAccepted(stack: Stack, ground: Ground, n: number): Promise<string> {
  const body = jobXml(jobOf(n, ground)).replace(
    '</Request>',
    `<CallBack>${stack.receiver.url}</CallBack><CallBackFormat>JSON</CallBackFormat></Request>`,
  )
  const until = Date.now() + ACCEPT_LIMIT_MS
  for (;;) {
    try {
      const { JobsDetail } = await stack.client.request('POST', 'jobs', body)
      return (JobsDetail as { JobId: string }).JobId
    } catch (error) {
      const { statusCode = 503 } = error as { statusCode?: number }
      if (statusCode < 500 || Date.now() > until)
        throw new Error(`Job ${n} was not accepted.`, { cause: error })
      await delay(PAUSE_MS)
    }
  }
}

/** Submits the jobs from `from` to below `to` in order, a few at a time. */
export async function submitRange(
  stack: Stack,
  ground: Ground,
  { from, to }: { from: number; to: number },
): Promise<Map<number, string>> {
  const accepted = new Map<number, string>()
  let next = from
  const lane = async (): Promise<void> => {
    while (next < to) {
      const n = next++
      accepted.set(n, await submitUntilAccepted(stack, ground, n))
    }
  }
  await Promise.all([lane(), lane(), lane()])
  return accepted
}
