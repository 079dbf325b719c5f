import { useEffect } from 'preact/hooks'
import type { Loaded } from '../api/use-load.ts'

/** Loads again `everyMs` after the last answer, as long as the tab is visible. */
export function useReloadEvery({ isLoading, reload }: Loaded<unknown>, everyMs: number): void {
  useEffect(() => {
    if (isLoading) return
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, everyMs)
    return () => clearInterval(timer)
  }, [isLoading, reload, everyMs])
}
