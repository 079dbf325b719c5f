import type { InventoryTask } from '@kinoprint/core'

/** Whether an object that changed then is one that an inventory job wants. */
export function isInInterval(
  changed: Date,
  { changedAfter, changedBefore }: Pick<InventoryTask, 'changedAfter' | 'changedBefore'>,
): boolean {
  const isAfter = changedAfter === undefined || changed >= new Date(changedAfter)
  return isAfter && (changedBefore === undefined || changed <= new Date(changedBefore))
}
