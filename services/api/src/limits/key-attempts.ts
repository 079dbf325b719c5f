import { Fault } from '@kinoprint/core'
import { createTokenBuckets } from './token-bucket.ts'

/** Who tries a key: an address, and the id under which it does, where there are several. */
type Attempt = { readonly address: string; readonly id: string }

/** Counts wrong keys by address. */
export type KeyAttempts = {
  /**
   * Whether this address has tried too many wrong ones. A key that could be guessed is not looked at then; of another
   * one, which no number of guesses finds, a wrong one is told to slow down and the right one passes: nobody is locked
   * out by whoever shares his address.
   */
  isExhausted(attempt: Attempt): boolean
  recordFailure(attempt: Attempt): void
  recordSuccess(attempt: Attempt): void
}

/** Pairs of address and id that were right before, remembered at once. */
const KNOWN_MAX = 20_000

/**
 * At most `perMinute` wrong keys from an address at once, and so many in each minute after that; 0 turns it off. An
 * id that was right from an address before is counted by itself there, so that one that could be guessed is not
 * locked out by those who try others.
 */
export function createKeyAttempts({ perMinute }: { readonly perMinute: number }): KeyAttempts {
  const failures = createTokenBuckets({ perSecond: perMinute / 60, burst: perMinute })
  const known = new Set<string>()
  const pairOf = ({ address, id }: Attempt): string => `${address} ${id}`
  const countedAs = (attempt: Attempt): string =>
    known.has(pairOf(attempt)) ? pairOf(attempt) : attempt.address
  return {
    isExhausted: (attempt) => !failures.has(countedAs(attempt)),
    recordFailure: (attempt) => {
      failures.forceTake(countedAs(attempt))
    },
    recordSuccess: (attempt) => {
      if (attempt.id === '') return
      const pair = pairOf(attempt)
      known.delete(pair)
      const [oldest] = known.size >= KNOWN_MAX ? known : []
      if (oldest !== undefined) known.delete(oldest)
      known.add(pair)
    },
  }
}

export function tooManyWrongKeys(): Fault {
  return new Fault('SlowDown', 'Too many wrong keys came from this address; try again in a moment.')
}

/**
 * From this length on a secret of at least so many different characters is not found by asking: 24 random hex digits
 * are 96 bits, and a thousand million years of 2000 guesses a second are 66. Those made here have 32 letters and more.
 */
const LEAST_LENGTH = 24
const LEAST_DIFFERENT = 10

/** Whether a secret, which a setting may have brought, is so short or so uniform that guesses at it must be counted. */
export function isGuessable(secret: string): boolean {
  return secret.length < LEAST_LENGTH || new Set(secret).size < LEAST_DIFFERENT
}
