import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { jobXml, type Submit } from '../e2e/client.ts'
import { copyObject, MISSING_OBJECT, storeObject } from './clips.ts'
import type { Stack } from './stack.ts'

export type SoakLoad = {
  /** Number of accepted jobs. */
  submitted(): number
  /** Stops submitting. */
  stop(): Promise<void>
}

/** The load pauses while more jobs than this are waiting, so that it stays steady on a busy machine. */
const WAITING_MAX = 12
/** Objects to store and delete in turn. */
export const SOAK_NAMES = 8

/** Submits jobs at a steady rate until stopped: searches, stores, and deletes of stored videos. */
export function startSoakLoad(
  stack: Stack,
  { films, everyMs }: { films: string; everyMs: number },
): SoakLoad {
  let submitted = 0
  let stopped = false
  const stop = new AbortController()

  const loop = async (): Promise<void> => {
    const shelf = await stack.client.createLibrary({ name: `soak ${randomUUID()}` })
    for (let n = 0; !stopped; n++) {
      const job = await jobOf(stack, { n, films, shelf })
      if (job !== null && (await waiting(stack)) < WAITING_MAX) {
        const address = `<CallBack>${stack.receiver.url}</CallBack>`
        await stack.client.request('POST', 'jobs', jobXml(job).replace('</Request>', `${address}</Request>`))
        submitted += 1
      }
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const done = loop()
  return {
    submitted: () => submitted,
    stop: () => {
      stopped = true
      stop.abort()
      return done
    },
  }
}

type Turn = { readonly n: number; readonly films: string; readonly shelf: string }

/** Null if there is no video to delete. */
async function jobOf({ sql }: Stack, { n, films, shelf }: Turn): Promise<Submit | null> {
  const userData = `soak:${n}`
  const find = { rule: 'FindSimilarVideo', library: films, userData } as const
  switch (n % 4) {
    case 0:
      return { ...find, object: copyObject(n / 4) }
    case 1:
      return { ...find, object: MISSING_OBJECT }
    case 2: {
      const object = storeObject(((n - 2) / 4) % SOAK_NAMES)
      return { rule: 'GetFingerPrint', library: shelf, object, userData }
    }
    default: {
      const [video] = await sql<{ videoId: string; object: string }>(
        `select video_id as "videoId", object from videos v join libraries l on l.number = v.library_number
         where l.dna_db_id = $1 order by v.created_at limit 1`,
        [shelf],
      )
      return video === undefined ? null : { rule: 'DeleteFingerPrint', library: shelf, userData, ...video }
    }
  }
}

async function waiting({ sql }: Stack): Promise<number> {
  const [row] = await sql<{ jobs: number }>('select count(*)::int as jobs from jobs where ended_at is null')
  return row?.jobs ?? 0
}
