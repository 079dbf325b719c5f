import { signal } from '@preact/signals'

/** A fingerprint to search with: a stored video, or the query of an earlier search. */
export type GivenSource = { readonly videoId: string; readonly name: string }

/** What another page wants "Check a video" to search with. */
export const givenSource = signal<GivenSource | null>(null)
