import { Fault } from '@kinoprint/core'
import { createTokenBuckets } from './token-bucket.ts'

/** An authentication attempt: the client's address, and the SecretId it used (empty for the admin token). */
type Attempt = { readonly address: string; readonly id: string }

/** Limits failed authentication attempts by address. */
export type KeyAttempts = {
  /**
   * Whether the address is over the limit. If so, guessable keys are rejected outright. For unguessable keys, wrong
   * attempts get SlowDown but a correct one still succeeds, so clients sharing an address cannot lock each other out.
   */
  isExhausted(attempt: Attempt): boolean
  recordFailure(attempt: Attempt): void
  recordSuccess(attempt: Attempt): void
}

/** Maximum number of successful pairs of address and SecretId to remember. */
const MAX_KNOWN_PAIRS = 20_000

/**
 * Allows `perMinute` failed attempts from an address at once, and as many in each minute after that; 0 turns the limit
 * off. A SecretId that has succeeded from an address is counted separately there, so that failures with other ids do
 * not lock it out.
 */
export function createKeyAttempts({ perMinute }: { readonly perMinute: number }): KeyAttempts {
  const failures = createTokenBuckets({ perSecond: perMinute / 60, burst: perMinute })
  const knownPairs = new Set<string>()
  const pairOf = ({ address, id }: Attempt): string => `${address} ${id}`
  const countedAs = (attempt: Attempt): string =>
    knownPairs.has(pairOf(attempt)) ? pairOf(attempt) : attempt.address
  return {
    isExhausted: (attempt) => !failures.has(countedAs(attempt)),
    recordFailure: (attempt) => failures.forceTake(countedAs(attempt)),
    recordSuccess: (attempt) => {
      if (attempt.id === '') return
      const pair = pairOf(attempt)
      knownPairs.delete(pair)
      const [oldest] = knownPairs.size >= MAX_KNOWN_PAIRS ? knownPairs : []
      if (oldest !== undefined) knownPairs.delete(oldest)
      knownPairs.add(pair)
    },
  }
}

export function tooManyWrongKeys(): Fault {
  return new Fault(
    'SlowDown',
    'Too many failed authentication attempts from this address. Try again in a moment.',
  )
}

/**
 * Minimum length and number of distinct characters of an unguessable secret. 24 random hex digits are 96 bits; a billion
 * years of 2000 guesses per second cover 66 bits. Generated secrets have at least 32 characters.
 */
const UNGUESSABLE_LENGTH = 24
const UNGUESSABLE_DISTINCT = 10

/** Whether a secret is short or uniform enough to be guessed. Settings may provide such secrets. */
export function isGuessable(secret: string): boolean {
  return secret.length < UNGUESSABLE_LENGTH || new Set(secret).size < UNGUESSABLE_DISTINCT
}
