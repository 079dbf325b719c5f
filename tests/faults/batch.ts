import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, jobXml, type Submit } from '../e2e/client.ts'
import { BROKEN_OBJECT, copyObject, FILMS, filmObject, MISSING_OBJECT, storeObject } from './clips.ts'
import type { Stack } from './stack.ts'

/** Where the jobs of one run work. */
export type Ground = {
  /** Told apart in the rows by their user data. */
  readonly batch: string
  /** Searched, never changed. */
  readonly films: string
  /** Empty at first: what is stored goes here. */
  readonly shelf: string
  /** Holds one video for each job that deletes. */
  readonly bin: string
  readonly doomed: readonly string[]
}

const KINDS = 10
/** Of ten jobs one deletes. */
const deletesIn = (jobs: number): number => Math.ceil(jobs / KINDS)
/** An accepted job is asked for again until then: the API may be away as long as a fault lasts. */
const ACCEPT_LIMIT_MS = 120_000
const PAUSE_MS = 200

/** A library with the films that are searched. */
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
  // What a store finds in its library depends on which of two jobs is first, which a fault may turn round.
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

/** Job `n` of the mixture: four searches, three first stores, a repeated store, a delete, a bad input. */
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

/** Submits job `n`, again and again while nobody accepts it; the accepted job's id. */
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

/** Submits the jobs `from` to below `to`, a few at a time, in order. */
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
