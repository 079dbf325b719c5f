import type { AdminRouteName } from '@kinoprint/contract'
import { whyNot } from '../api/role.ts'
import { showToast } from './toast.tsx'

/**
 * Whether the role of this session may call a route; if not, a toast says why. For keys and drops, which cannot be disabled
 * as buttons are.
 */
export function isPermitted(route: AdminRouteName): boolean {
  const why = whyNot(route)
  if (why !== undefined) showToast({ text: why })
  return why === undefined
}
