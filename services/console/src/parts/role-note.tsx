import type { AdminRouteName } from '@kinoprint/contract'
import { Lock } from 'lucide'
import { whyNot } from '../api/role.ts'
import { Icon } from './icon.tsx'

/** Says at the top of a page why its main action is disabled; nothing if the role allows it. */
export function RoleNote({ route }: { readonly route: AdminRouteName }) {
  const why = whyNot(route)
  if (why === undefined) return null
  return (
    <p class="row sm q role-note">
      <Icon of={Lock} size="s" /> {why}
    </p>
  )
}
