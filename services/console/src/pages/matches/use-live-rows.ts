import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useRef, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { ApiFault } from '../../api/fault.ts'
import type { Loaded } from '../../api/use-load.ts'
import type { Match } from '../../matching/match.ts'
import { useLive } from '../../shell/live.ts'
import { type Left, mergeRows, newcomersOf } from './merge-rows.ts'

type MatchPage = RouteAnswer<'listMatches'>
type Base = { readonly key: string; readonly rows: readonly Match[] }

/**
 * The rows of the queue while others search and decide. Rows change in place and keep their order; those that no longer
 * fit the list stay and show what became of them; new ones wait until the reviewer asks for them. `key` is the address
 * of the list; another address shows another list at once.
 */
export function useLiveRows({ data, isLoading, reload }: Loaded<MatchPage>, key: string, isFirst: boolean) {
  const [base, setBase] = useState<Base | undefined>()
  const [left, setLeft] = useState<Left>(new Map())
  const followed = useRef(new Set<string>())
  useLive('matches', reload)
  const isSame = base?.key === key
  useEffect(() => {
    if (data === undefined || isLoading) return
    // A row may have been removed since this was rendered.
    setBase((before) => ({
      key,
      rows: before?.key === key ? mergeRows(before.rows, data.items) : data.items,
    }))
    if (!isSame) setLeft(new Map())
    else followMissing(base.rows, data.items)
  }, [data, isLoading, key])

  const change = (of: (rows: readonly Match[]) => readonly Match[]) =>
    setBase((before) => before && { ...before, rows: of(before.rows) })
  const update = (match: Match) =>
    change((rows) =>
      rows.map((row) =>
        row.matchId === match.matchId && row.version !== match.version ? { ...match, group: row.group } : row,
      ),
    )
  const remove = (id: string) => change((rows) => rows.filter(({ matchId }) => matchId !== id))

  /** Rows that the list no longer has: decided by another reviewer, hidden, or moved to the next page. */
  function followMissing(rows: readonly Match[], listed: readonly Match[]): void {
    const ids = new Set(listed.map(({ matchId }) => matchId))
    for (const { matchId } of rows) {
      if (ids.has(matchId)) followed.current.delete(matchId)
      else if (!left.has(matchId) && !followed.current.has(matchId)) {
        followed.current.add(matchId)
        api.getMatch({ params: { matchId } }).then(
          (match) => (match.ignored ? remove(matchId) : update(match)),
          (thrown: unknown) => {
            if (thrown instanceof ApiFault && thrown.status === 404) remove(matchId)
            else followed.current.delete(matchId)
          },
        )
      }
    }
  }

  const shown = (isSame ? base.rows : (data?.items ?? [])).filter(
    ({ matchId, version }) => version > (left.get(matchId) ?? 0),
  )
  const newcomers = isSame && isFirst ? newcomersOf(base.rows, data?.items ?? [], left) : []
  return {
    rows: shown,
    isStale: !isSame && isLoading,
    newer: newcomers.length,
    showNewer: () => data !== undefined && setBase({ key, rows: data.items }),
    /** Takes decided matches out of the list. One that comes back with a higher version is shown again. */
    leave: (matches: readonly Match[]) =>
      setLeft((before) => new Map([...before, ...matches.map((one) => [one.matchId, one.version] as const)])),
    /** Puts them back, after a decision that was not saved or was taken back. */
    comeBack: (ids: readonly string[]) =>
      setLeft((before) => new Map([...before].filter(([id]) => !ids.includes(id)))),
    update,
  }
}
