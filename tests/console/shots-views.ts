import type { Page } from 'playwright-core'
import type { Content } from './shots-content.ts'

/** One picture: an address, and what is done there by keyboard or by selectors that no language changes. */
export type View = {
  readonly path: string
  readonly act?: (page: Page) => Promise<void>
}

type Views = Readonly<Record<string, View>>

/** Before anything is stored. */
export const firstViews: Views = {
  'first-run': { path: '/console/overview' },
  'queue-nothing': { path: '/console/matches' },
  'libraries-nothing': { path: '/console/libraries' },
  'search-nothing': { path: '/console/search' },
  'jobs-nothing': { path: '/console/jobs' },
}

/** Every page with content, and the states of the design that differ in their layout. */
export function viewsOf(content: Content): Views {
  const library = `/console/libraries/${content.dnaDbId}`
  const match = (name: keyof Content['matches'], hash = '') =>
    `/console/matches/${content.matches[name]}${hash}`
  return {
    overview: { path: '/console/overview' },
    'overview-hour': { path: '/console/overview?range=1h' },
    matches: { path: '/console/matches', act: keys('j') },
    'matches-selected': { path: '/console/matches', act: keys('j', 'x', 'j', 'x') },
    'matches-reason': { path: '/console/matches', act: keys('j', 'Shift+D') },
    'matches-near': { path: '/console/matches?state=near', act: keys('j') },
    'matches-confirmed': { path: '/console/matches?state=confirmed', act: keys('j') },
    'matches-filtered-out': { path: '/console/matches?q=nothing-like-this' },
    'matches-decided': { path: '/console/matches?state=dismissed' },
    match: { path: match('many') },
    'match-swipe': { path: match('many', '#p=1&t=4&m=swipe') },
    'match-overlay': { path: match('many', '#p=1&t=4&m=overlay') },
    'match-difference': { path: match('many', '#p=1&t=4&m=difference') },
    'match-zoomed': { path: match('many', '#p=2'), act: keys('z') },
    'match-sound': { path: match('sound') },
    'match-gone': { path: match('gone') },
    'match-unplayable': { path: match('unplayable') },
    'match-near': { path: match('near') },
    'match-unknown': { path: `/console/matches/m${'0'.repeat(32)}` },
    'ignore-dialog': { path: match('many'), act: keys('i') },
    search: { path: '/console/search' },
    'search-found': { path: '/console/search', act: search('uploads/compilation-17.mp4') },
    'search-not-found': { path: '/console/search', act: search('uploads/unrelated.mp4') },
    libraries: { path: '/console/libraries' },
    'library-new': { path: '/console/libraries', act: click('.head .btn.p') },
    library: { path: library },
    'library-selected': { path: library, act: keys('j', 'x', 'j', 'x') },
    'library-table': { path: library, act: click('fieldset.seg button:nth-child(2)') },
    'library-matches': { path: `${library}?tab=matches` },
    'library-ignored': { path: `${library}?tab=ignored` },
    'library-settings': { path: `${library}?tab=settings` },
    'library-no-video': { path: `/console/libraries/${content.emptyDbId}` },
    'library-filtered-out': { path: `${library}?q=nothing-like-this` },
    video: { path: `${library}/videos/${content.videoId}` },
    'video-gone': { path: `${library}/videos/${content.goneVideoId}` },
    compare: { path: '/console/compare' },
    comparison: { path: `/console/compare/${content.comparisons.copy}` },
    'comparison-nothing': { path: `/console/compare/${content.comparisons.nothing}` },
    jobs: { path: '/console/jobs' },
    'jobs-filtered-out': { path: '/console/jobs?q=nothing-like-this' },
    job: { path: `/console/jobs/${content.jobs.found}` },
    'job-not-found': { path: `/console/jobs/${content.jobs.nothing}` },
    'job-failed': { path: `/console/jobs/${content.jobs.failed}` },
    'job-unknown': { path: `/console/jobs/j${'0'.repeat(32)}` },
    queue: { path: '/console/queue' },
    usage: { path: '/console/usage' },
    keys: { path: '/console/keys' },
    'key-new': { path: '/console/keys', act: click('.head .btn.p') },
    audit: { path: '/console/audit' },
    settings: { path: '/console/settings' },
    api: { path: '/console/api' },
    'keys-dialog': { path: '/console/matches', act: keys('?') },
    'go-to': { path: '/console/overview', act: keys('Control+k') },
    'no-such-page': { path: '/console/no-such-page' },
  }
}

function keys(...names: readonly string[]) {
  return async (page: Page): Promise<void> => {
    for (const name of names) {
      await page.keyboard.press(name)
      await page.waitForTimeout(150)
    }
  }
}

function click(selector: string) {
  return (page: Page): Promise<void> => page.locator(selector).first().click()
}

/** Searches every library with an object, and waits for the answer. */
function search(object: string) {
  return async (page: Page): Promise<void> => {
    await page.locator('.object-field input[data-search]').fill(object)
    await page.locator('.search-form button[type=submit]').click()
    await page.locator('.search-form button[type=submit]:enabled').waitFor({ timeout: 120_000 })
  }
}
