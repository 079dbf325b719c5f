import { errorText } from '@kinoprint/core'
/** Resolves if the part works, rejects with the reason if not. */
export type Check = () => Promise<unknown>

export type Failing = { readonly part: string; readonly message: string }

/** A part that works, but not as it should. */
export type Warning = { readonly part: string; readonly message: string }

export type Readiness = { readonly ready: boolean; readonly failing: readonly Failing[] }

const CHECK_LIMIT_MS = 3_000

/**
 * Asks every part at once; one that does not answer within 3 s fails.
 *
 * @example await checkReadiness({ database: () => db.pool.query('select 1'), queue: () => queue.ping() })
 */
export async function checkReadiness(
  checks: Readonly<Record<string, Check>>,
  { limitMs = CHECK_LIMIT_MS }: { readonly limitMs?: number } = {},
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(([part, check]) => failureOf(part, check, limitMs)),
  )
  const failing = results.filter((failure) => failure !== null)
  return { ready: failing.length === 0, failing }
}

async function failureOf(part: string, check: Check, limitMs: number): Promise<Failing | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Failing>((resolve) => {
    timer = setTimeout(() => resolve({ part, message: `No answer within ${limitMs} ms.` }), limitMs)
  })
  const asked = Promise.resolve()
    .then(check)
    .then(
      () => null,
      (error: unknown) => ({ part, message: errorText(error) }),
    )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
