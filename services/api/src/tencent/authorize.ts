import type { Action } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { KeyPolicy } from '@kinoprint/store'

/** Refuses a key whose policy does not hold the action that a route needs. */
export const authorize = (key: KeyPolicy, action: Action): void => {
  if (key.actions !== null && !key.actions.includes(action)) {
    throw new Fault('AccessDenied', `This key may not use ${action}.`)
  }
}

/** Whether a policy's list holds the name; null stands for all of them. */
export const mayUse = (list: readonly string[] | null, name: string): boolean =>
  list === null || list.includes(name)
