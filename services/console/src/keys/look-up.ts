import type { RouteAnswer } from '@kinoprint/contract'
import type { IconNode } from 'lucide'
import { CopyCheck, Film, GitCompare, Library, ListChecks } from 'lucide'
import { api } from '../api/client.ts'

type FoundId = RouteAnswer<'findId'>
type Kind = NonNullable<FoundId['kind']>

/** Something that "Go to" offers: what it is, its name and its address. */
export type Target = {
  readonly kind: Kind
  readonly path: string
  readonly name: string
  /** What it is in, e.g. the library of a video. */
  readonly within: string
}

export const kindIcons: Readonly<Record<Kind, IconNode>> = {
  job: ListChecks,
  video: Film,
  library: Library,
  match: CopyCheck,
  comparison: GitCompare,
}

/** Ids of jobs, videos, libraries, matches and comparisons. */
const ID = /^(?:j|dv|Db|m|cp)[0-9a-f]{6,}$/
/** Shorter names would find almost everything. */
const LEAST_LETTERS = 2
const OF_EACH = 3
/** Libraries whose videos are searched by name. */
const LIBRARIES = 5

export function isId(text: string): boolean {
  return ID.test(text)
}

/** The page of what an id names. Null if it does not exist. */
export function pathOf({ id, kind, state, dnaDbId }: FoundId): string | null {
  if (state !== 'exists' || kind === null) return null
  const at = encodeURIComponent(id)
  if (kind === 'video')
    return dnaDbId === null ? null : `/console/libraries/${encodeURIComponent(dnaDbId)}/videos/${at}`
  const pages = { job: 'jobs', library: 'libraries', match: 'matches', comparison: 'compare' } as const
  return `/console/${pages[kind]}/${at}`
}

/** Libraries, videos, matches and jobs whose name contains a text. What cannot be read is left out. */
export async function lookUpName(text: string): Promise<readonly Target[]> {
  if (text.length < LEAST_LETTERS) return []
  const { items: libraries } = await api.listLibraries({ query: { pageSize: 100 } })
  const contains = (name: string) => name.toLowerCase().includes(text.toLowerCase())
  const named = libraries.filter(({ name }) => contains(name)).slice(0, OF_EACH)
  const query = { q: text, pageSize: OF_EACH }
  const [matches, jobs, ...videos] = await Promise.all([
    itemsOf(api.listMatches({ query })),
    itemsOf(api.listJobs({ query })),
    ...libraries.slice(0, LIBRARIES).map(async ({ dnaDbId, name }) =>
      (await itemsOf(api.listVideos({ params: { dnaDbId }, query }))).map((video) => ({
        video,
        dnaDbId,
        name,
      })),
    ),
  ])
  return [
    ...named.map(({ dnaDbId, name }) => targetOf('library', { id: dnaDbId, dnaDbId }, { name, within: '' })),
    ...videos
      .flat()
      .slice(0, OF_EACH)
      .map(({ video, dnaDbId, name }) =>
        targetOf('video', { id: video.videoId, dnaDbId }, { name: video.object, within: name }),
      ),
    ...matches.map(({ matchId, query: { object }, reference }) =>
      targetOf('match', { id: matchId, dnaDbId: null }, { name: object, within: reference.object }),
    ),
    ...jobs.map(({ jobId, object, dnaDbId }) =>
      targetOf('job', { id: jobId, dnaDbId }, { name: object || jobId, within: '' }),
    ),
  ]
}

function targetOf(
  kind: Kind,
  { id, dnaDbId }: Pick<FoundId, 'id' | 'dnaDbId'>,
  { name, within }: Pick<Target, 'name' | 'within'>,
): Target {
  const path = pathOf({ id, kind, dnaDbId, state: 'exists', name, endedAt: null, retentionDays: 0 }) ?? ''
  return { kind, path, name, within }
}

function itemsOf<Item>(page: Promise<{ readonly items: readonly Item[] }>): Promise<readonly Item[]> {
  return page.then(
    ({ items }) => items,
    () => [],
  )
}
