/** Every state of a job, as the API shows it. A paused job waits until its queue is resumed. */
export const jobStates = ['Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel'] as const
export type JobState = (typeof jobStates)[number]

/** What a job does: store a fingerprint, search with one, delete one. */
export const ruleTypes = ['GetFingerPrint', 'FindSimilarVideo', 'DeleteFingerPrint'] as const
export type RuleType = (typeof ruleTypes)[number]

/** Jobs of a higher level run first. */
export type JobLevel = 0 | 1 | 2
