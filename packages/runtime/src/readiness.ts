import { errorText } from '@kinoprint/core'

/** Resolves if the part works; rejects with the reason if not. */
export type Check = () => Promise<unknown>

type FailedPart = { readonly part: string; readonly message: string }

/** A part that works, but with a problem. */
export type Warning = { readonly part: string; readonly message: string }

export type Readiness = { readonly ready: boolean; readonly failing: readonly FailedPart[] }

/** What a process of the product works with. */
type Parts = {
  readonly db: { readonly pool: { query(sql: string): Promise<unknown> } }
  readonly queue: { ping(): Promise<unknown> }
  readonly objects: { check(): Promise<unknown> }
}

/** The checks of the parts that an API and a worker need. */
export function partChecks({
  db,
  queue,
  objects,
}: Parts): Readonly<Record<'database' | 'queue' | 'objects', Check>> {
  return {
    database: () => db.pool.query('select 1'),
    queue: () => queue.ping(),
    objects: () => objects.check(),
  }
}

const CHECK_TIMEOUT_MS = 3_000

/**
 * Runs all checks at once. A check without a result after 3 s counts as failed.
 *
 * @example await checkReadiness({ database: () => db.pool.query('select 1'), queue: () => queue.ping() })
 */
export async function checkReadiness(
  checks: Readonly<Record<string, Check>>,
  { timeoutMs = CHECK_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(([part, check]) => runCheck(part, check, timeoutMs)),
  )
  const failing = results.filter((failure) => failure !== null)
  return { ready: failing.length === 0, failing }
}

async function runCheck(part: string, check: Check, timeoutMs: number): Promise<FailedPart | null> {
  return answerWithin(timeoutMs, check).then(
    () => null,
    (error: unknown) => ({ part, message: errorText(error) }),
  )
}

/** The result of `work`. Rejects if there is none within the time; what `work` waits for goes on. */
export async function answerWithin<T>(timeoutMs: number, work: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_, reject) => {
    const error = new Error(`No response within ${timeoutMs / 1000} s.`)
    timer = setTimeout(() => reject(error), timeoutMs)
  })
  try {
    return await Promise.race([Promise.resolve().then(work), timedOut])
  } finally {
    clearTimeout(timer)
  }
}
