/**
 * From this length on a secret of at least so many different characters is not found by asking: 24 random hex digits
 * are 96 bits, and a thousand million years of 2000 guesses a second are 66. Those made here have 32 letters and more.
 */
const LEAST_LENGTH = 24
const LEAST_DIFFERENT = 10

/** Whether a secret, which a setting may have brought, is so short or so uniform that guesses at it must be counted. */
export const isGuessable = (secret: string): boolean =>
  secret.length < LEAST_LENGTH || new Set(secret).size < LEAST_DIFFERENT
