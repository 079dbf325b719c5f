/** The state of a match. A near miss is a pair that was too weak to report. */
export type MatchState = 'open' | 'confirmed' | 'dismissed' | 'near'

/** How a copy differs from the reference: `speed` plays faster or slower, `part` shows part of either picture. */
export const alterations = ['mirrored', 'turned', 'reversed', 'speed', 'part'] as const
export type Alteration = (typeof alterations)[number]
