import { signal } from '@preact/signals'

/** The numbers beside entries of the navigation, by label. Pages that know a number set it. */
export const counts = signal<Readonly<Partial<Record<string, number>>>>({})
