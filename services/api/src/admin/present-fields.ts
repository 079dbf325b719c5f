export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The fields that were given: one that is there but undefined would overwrite what it is merged into. */
export const presentFields = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
