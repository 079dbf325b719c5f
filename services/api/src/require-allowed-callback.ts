import { Fault } from '@kinoprint/core'
import { callbackRefusal, createAllowList } from '@kinoprint/runtime'
import type { ApiSettings } from './context.ts'

/** Refuses a callback to an address that this server would never call: the sender is told at once, not by silence. */
export const requireAllowedCallback = (
  { callbackAllow }: Pick<ApiSettings, 'callbackAllow'>,
  url: string | undefined,
): void => {
  if (url === undefined || url === '') return
  const refusal = callbackRefusal(url, createAllowList(callbackAllow))
  if (refusal !== undefined) throw new Fault('InvalidArgument', refusal)
}
