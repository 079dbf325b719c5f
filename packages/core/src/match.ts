/** Every state of a match. A near miss is a pair that was too weak to report. */
export const matchStates = ['open', 'confirmed', 'dismissed', 'near'] as const
export type MatchState = (typeof matchStates)[number]

/** The states that a reviewer sets. `open` takes a decision back. */
export const decisionStates = ['open', 'confirmed', 'dismissed'] as const
export type DecisionState = (typeof decisionStates)[number]

/** Why a reviewer dismissed a match. */
export const dismissReasons = ['licensed', 'own-upload', 'shared-intro', 'look-alike', 'other'] as const
export type DismissReason = (typeof dismissReasons)[number]

/** How a copy differs from the reference: `speed` plays faster or slower, `part` shows part of either picture. */
export const alterations = ['mirrored', 'turned', 'reversed', 'speed', 'part'] as const
export type Alteration = (typeof alterations)[number]
