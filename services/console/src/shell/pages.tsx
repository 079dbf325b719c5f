import type { IconNode } from 'lucide'
import {
  BookOpen,
  ChartColumn,
  CopyCheck,
  GitCompare,
  KeyRound,
  LayoutDashboard,
  Library,
  ListChecks,
  ScanSearch,
  ScrollText,
  Server,
  Settings,
} from 'lucide'
import type { ComponentType } from 'preact'
import { lazy } from 'preact-iso'
import { exec } from 'preact-iso/router'
import { messages } from '../messages/messages.ts'

/** The labels of entries are texts of `messages.shell`. */
type Label =
  | 'overview'
  | 'matches'
  | 'search'
  | 'libraries'
  | 'compare'
  | 'jobs'
  | 'queue'
  | 'usage'
  | 'keys'
  | 'audit'
  | 'settings'
  | 'api'

/** A page: its address, as a pattern of preact-iso, and its component, loaded when the page is first opened. */
type Page = {
  readonly path: string
  readonly component: ComponentType & { readonly preload: () => Promise<unknown> }
}

export type NavigationEntry = {
  readonly path: string
  readonly group: 'review' | 'run' | 'setUp'
  readonly icon: IconNode
  readonly label: Label
}

/** Every page of the console. */
export const pages: readonly Page[] = [
  page('/console/matches', () => import('../pages/matches/matches.tsx')),
  page('/console/matches/:matchId', () => import('../pages/match/match.tsx')),
  page('/console/search', () => import('../pages/search/search.tsx')),
  page('/console/compare', () => import('../pages/compare/compare.tsx')),
  page('/console/compare/:comparisonId', () => import('../pages/compare/comparison.tsx')),
  page('/console/jobs', () => import('../pages/jobs/jobs.tsx')),
  page('/console/jobs/:jobId', () => import('../pages/job/job.tsx')),
  page('/console/keys', () => import('../pages/keys/keys.tsx')),
  page('/console/libraries', () => import('../pages/libraries/libraries.tsx')),
  page('/console/overview', () => import('../pages/overview/overview.tsx')),
  page('/console/queue', () => import('../pages/queue/queue.tsx')),
  page('/console/try', () => import('../pages/try/try.tsx')),
  page('/console/usage', () => import('../pages/usage/usage.tsx')),
  page('/console/audit', () => import('../pages/audit/audit.tsx')),
  page('/console/api', () => import('../pages/api/api.tsx')),
  page('/console/settings', () => import('../pages/settings/settings.tsx')),
  page('/console/libraries/:dnaDbId', () => import('../pages/library/library.tsx')),
  page('/console/libraries/:dnaDbId/videos/:videoId', () => import('../pages/video/video.tsx')),
]

/** A page whose script loads when it is first opened. After an upgrade of the server, it may be gone. */
function page(path: string, load: () => Promise<{ readonly default: ComponentType }>): Page {
  return { path, component: lazy(() => load().catch(() => ({ default: PageNotLoaded }))) }
}

function PageNotLoaded() {
  const texts = messages.value.shell
  return (
    <>
      <header class="head">
        <h1>{texts.couldNotLoad}</h1>
      </header>
      <div class="body">
        <p>{texts.pageNotLoaded}</p>
        <div class="row">
          <button type="button" class="btn" onClick={() => location.reload()}>
            {texts.tryAgain}
          </button>
        </div>
      </div>
    </>
  )
}

/** The entries of the navigation, in order. A phone shows the first four. */
export const navigationEntries: readonly NavigationEntry[] = [
  { path: '/console/overview', group: 'review', icon: LayoutDashboard, label: 'overview' },
  { path: '/console/matches', group: 'review', icon: CopyCheck, label: 'matches' },
  { path: '/console/search', group: 'review', icon: ScanSearch, label: 'search' },
  { path: '/console/libraries', group: 'review', icon: Library, label: 'libraries' },
  { path: '/console/compare', group: 'review', icon: GitCompare, label: 'compare' },
  { path: '/console/jobs', group: 'run', icon: ListChecks, label: 'jobs' },
  { path: '/console/queue', group: 'run', icon: Server, label: 'queue' },
  { path: '/console/usage', group: 'run', icon: ChartColumn, label: 'usage' },
  { path: '/console/keys', group: 'setUp', icon: KeyRound, label: 'keys' },
  { path: '/console/audit', group: 'setUp', icon: ScrollText, label: 'audit' },
  { path: '/console/settings', group: 'setUp', icon: Settings, label: 'settings' },
  { path: '/console/api', group: 'setUp', icon: BookOpen, label: 'api' },
]

/** Begins to load the page of an address, while the session is read. A failure shows when the page is opened. */
export function preloadPage(pathname: string): void {
  const wanted = pages.find(({ path }) => exec(pathname, path, { path, query: {}, params: {} }) !== undefined)
  void wanted?.component.preload()
}

/** Where `/` leads. */
export const firstPage = '/console/overview'
