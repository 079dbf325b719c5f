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
  { path: '/console/matches', component: lazy(() => import('../pages/matches/matches.tsx')) },
  { path: '/console/matches/:matchId', component: lazy(() => import('../pages/match/match.tsx')) },
  { path: '/console/search', component: lazy(() => import('../pages/search/search.tsx')) },
  { path: '/console/compare', component: lazy(() => import('../pages/compare/compare.tsx')) },
  {
    path: '/console/compare/:comparisonId',
    component: lazy(() => import('../pages/compare/comparison.tsx')),
  },
  { path: '/console/jobs', component: lazy(() => import('../pages/jobs/jobs.tsx')) },
  { path: '/console/jobs/:jobId', component: lazy(() => import('../pages/job/job.tsx')) },
  { path: '/console/keys', component: lazy(() => import('../pages/keys/keys.tsx')) },
  { path: '/console/libraries', component: lazy(() => import('../pages/libraries/libraries.tsx')) },
  { path: '/console/overview', component: lazy(() => import('../pages/overview/overview.tsx')) },
  { path: '/console/queue', component: lazy(() => import('../pages/queue/queue.tsx')) },
  { path: '/console/try', component: lazy(() => import('../pages/try/try.tsx')) },
  { path: '/console/usage', component: lazy(() => import('../pages/usage/usage.tsx')) },
  { path: '/console/audit', component: lazy(() => import('../pages/audit/audit.tsx')) },
  { path: '/console/api', component: lazy(() => import('../pages/api/api.tsx')) },
  { path: '/console/settings', component: lazy(() => import('../pages/settings/settings.tsx')) },
  { path: '/console/libraries/:dnaDbId', component: lazy(() => import('../pages/library/library.tsx')) },
  {
    path: '/console/libraries/:dnaDbId/videos/:videoId',
    component: lazy(() => import('../pages/video/video.tsx')),
  },
]

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
  const page = pages.find(({ path }) => exec(pathname, path, { path, query: {}, params: {} }) !== undefined)
  page?.component.preload().catch(() => undefined)
}

/** Where `/` leads. */
export const firstPage = '/console/overview'
