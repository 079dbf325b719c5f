import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { ApiContext } from '../context.ts'
import { isGuessable, tooManyWrongKeys } from '../limits/key-attempts.ts'

/** Throws Fault Unauthorized for a wrong admin token, and SlowDown after too many from one address. */
export type TokenCheck = (given: string, address: string) => void

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Compares digests of equal length in constant time. */
export function createTokenCheck({
  secrets,
  tokenAttempts,
}: Pick<ApiContext, 'secrets' | 'tokenAttempts'>): TokenCheck {
  const expected = digest(secrets.adminToken)
  const mayBeGuessed = isGuessable(secrets.adminToken)
  return (given, address) => {
    const attempt = { address, id: '' }
    const isExhausted = tokenAttempts.isExhausted(attempt)
    // Before the comparison, so that the response does not reveal whether a guess was right.
    if (isExhausted && mayBeGuessed) throw tooManyWrongKeys()
    if (timingSafeEqual(digest(given), expected)) return
    if (isExhausted) throw tooManyWrongKeys()
    tokenAttempts.recordFailure(attempt)
    throw new Fault('Unauthorized', 'The admin token is wrong.')
  }
}
