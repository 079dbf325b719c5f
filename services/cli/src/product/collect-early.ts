import { setFlagsFromString } from 'node:v8'

/**
 * Garbage is collected when the heap has grown by half since the last time. Left to itself V8 waits until it is
 * several times as large, and a burst of requests, each of which lives for seconds, takes twice the memory.
 */
const GROWTH_PERCENT = 50

/** Called before a server starts whose memory is to stay level; costs less than a hundredth of its time under load. */
export const collectEarly = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
