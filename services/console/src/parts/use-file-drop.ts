import type { AdminRouteName } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { may } from '../api/role.ts'
import { isPermitted } from './permitted.ts'

/**
 * Takes what is dropped on an element, for a route that the role must be allowed to call. `zone` goes on the element;
 * `isOver` tells that files are over it. `take` gets at least one file.
 */
export function useFileDrop(route: AdminRouteName, take: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false)
  const zone = {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      event.preventDefault()
      setOver(may(route))
    },
    onDragLeave: (event: DragEvent) => {
      const { currentTarget, relatedTarget } = event
      const isInside = currentTarget instanceof Node && currentTarget.contains(relatedTarget as Node | null)
      if (!isInside) setOver(false)
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length > 0 && isPermitted(route)) take(files)
    },
  }
  return { isOver, zone }
}
