import { useSignalEffect } from '@preact/signals'
import type { RefObject } from 'preact'
import { spoken } from './spoken.ts'
import type { Viewer } from './viewer.ts'

/**
 * Keeps the value of a slider that follows the playhead. Set on the element, so that a frame that plays does not draw the
 * whole picture around the playhead again.
 */
export function useSliderValue(viewer: Viewer, element: RefObject<HTMLElement | null>): void {
  useSignalEffect(() => {
    const { time } = viewer.players
    element.current?.setAttribute('aria-valuenow', time.value.toFixed(1))
    element.current?.setAttribute('aria-valuetext', spoken(viewer))
  })
}
