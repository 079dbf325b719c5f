/**
 * How much a library stores of a video: `full` keeps four frames a second, `keyframes` about one in four seconds, which
 * takes an eighth of the CPU time and a third of the space, and finds fewer copies.
 */
export const storeDetails = ['full', 'keyframes'] as const
export type StoreDetail = (typeof storeDetails)[number]
