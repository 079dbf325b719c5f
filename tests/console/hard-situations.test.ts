import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createAdminClient } from '@kinoprint/contract'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { startOnServers } from '../e2e/product.ts'
import { ffmpeg, renderFootage } from '../footage.ts'
import { findAccessibilityFaults, signIn } from './browser.ts'
import { findEnglish } from './english-left.ts'
import { countAnimations, findCutParts, readTexts } from './page-faults.ts'
import { HOSTILE, JOBS, type Seed, seedHostile } from './seed-hostile.ts'
import { useConsole } from './use-console.ts'

const SCRIPT_LIMIT_BYTES = 60_000
const BUCKET = 'films-125'
const FILM_SECONDS = 20
/** A busy machine takes its time; the limit ends what hangs. */
const WAIT = { timeout: 250_000, interval: 500 }
/** The rules of axe that depend on the theme. */
const THEMED_RULES = ['color-contrast', 'link-in-text-block']
/** A picture draws itself again after its page changes its width. */
const ATTEMPTS = 20
/** The seeded rows name files and pictures that do not exist. */
const MISSING_FILES = /status of 40[04] .*\/admin\/(?:objects|stills|jobs|libraries|matches)\//

const site = useConsole(() => startOnServers({ workers: 1 }))
let seed: Seed
/** Matches of the real video: mirrored, and in HEVC. */
let matchIds: readonly string[] = []
let dnaDbId = ''
const adminOf = () => createAdminClient(site.product.address.url, site.product.address.adminToken)

beforeAll(async () => {
  const { product } = site
  const folder = join(product.dataDir, 'buckets', BUCKET)
  mkdirSync(join(folder, 'in'), { recursive: true })
  const film = join(folder, 'film.mp4')
  await renderFootage(film, { seed: 31, seconds: FILM_SECONDS, width: 320, height: 180 })
  const cut = ['-ss', '2', '-t', '14', '-i', film]
  await ffmpeg(...cut, '-vf', 'hflip', join(folder, 'in/mirrored.mp4'))
  await ffmpeg(
    ...cut,
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-tag:v',
    'hvc1',
    join(folder, 'in/hevc.mp4'),
  )
  dnaDbId = (await adminOf().createLibrary({ body: { name: HOSTILE } })).dnaDbId
  await run('GetFingerPrint', 'film.mp4')
  await run('FindSimilarVideo', 'in/mirrored.mp4')
  await run('FindSimilarVideo', 'in/hevc.mp4')
  matchIds = (await adminOf().listMatches({})).items.map(({ matchId }) => matchId)
  seed = await seedHostile(product.databaseUrl, FILM_SECONDS)
})

async function submit(ruleType: 'GetFingerPrint' | 'FindSimilarVideo', object: string): Promise<string> {
  return (await adminOf().submitJob({ body: { ruleType, dnaDbId, bucket: BUCKET, object } })).jobId
}

async function run(ruleType: 'GetFingerPrint' | 'FindSimilarVideo', object: string): Promise<void> {
  const jobId = await submit(ruleType, object)
  await vi.waitFor(
    async () => expect((await adminOf().getJob({ params: { jobId } })).state).toBe('Success'),
    WAIT,
  )
}

async function setQueues(state: 'Active' | 'Paused'): Promise<void> {
  for (const { queueId } of (await adminOf().listQueues()).items)
    await adminOf().updateQueue({ params: { queueId }, body: { state } })
}

/** An address of every page. */
function everyPage(): string[] {
  const library = `/console/libraries/${dnaDbId}`
  return [
    ...['overview', 'matches', 'matches?state=dismissed', `matches/${seed.matchId}`, 'search', 'compare'],
    ...matchIds.map((matchId) => `matches/${matchId}`),
    ...[
      'libraries',
      'jobs',
      'jobs?state=failed',
      `jobs/${seed.jobId}`,
      'queue',
      'usage',
      'keys',
      'audit',
      'settings',
    ],
    ...['api', 'no-such-page'],
  ]
    .map((name) => `/console/${name}`)
    .concat([library, ...['matches', 'ignored', 'settings'].map((tab) => `${library}?tab=${tab}`)])
    .concat(`${library}/videos/${seed.videoId}`)
}

/** Opens a page and waits until it has loaded. Returns the policy that it came with. */
async function visit(page: Page, path: string): Promise<string> {
  const answer = await page.goto(`${site.product.address.url}${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await expect.poll(() => page.locator('main .shape, main .shape-stage').count()).toBe(0)
  return answer?.headers()['content-security-policy'] ?? ''
}

/** What a page still shows of these faults once it has adapted to its size. */
async function whatStays(find: () => Promise<string[]>): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const faults = await find()
    if (faults.length === 0 || attempt === ATTEMPTS) return faults
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

test('every page stands hostile names, both themes, 320 pixels, forced colours and reduced motion', async () => {
  const page = await site.openAt('/console/overview', { expectedErrors: MISSING_FILES })
  const faults: unknown[] = []
  const note = (path: string, where: string, found: readonly string[]) => {
    if (found.length > 0) faults.push([path, where, ...found])
  }
  for (const path of everyPage()) {
    const policy = await visit(page, path)
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    note(path, 'light', await findAccessibilityFaults(page))
    await page.emulateMedia({ colorScheme: 'dark' })
    note(path, 'dark', await findAccessibilityFaults(page, THEMED_RULES))
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' })
    if ((await countAnimations(page)) > 0) note(path, 'reduced motion', ['something moves'])
    // As wide as a window of 1280 pixels at a zoom of 400 %.
    await page.setViewportSize({ width: 320, height: 256 })
    note(path, '320 pixels', await whatStays(() => findCutParts(page)))
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' })
  }
  expect(faults).toEqual([])
  expect(
    await page.evaluate('[window.hacked ?? null, document.querySelectorAll("img[src=x]").length]'),
  ).toEqual([null, 0])
})

test('no page has English text left over for a Chinese reader', async () => {
  const page = await site.open({ locale: 'zh-CN', expectedErrors: MISSING_FILES })
  await page.goto(`${site.product.address.url}/`)
  await page.getByLabel('管理令牌').waitFor()
  const left: unknown[] = [findEnglish(await readTexts(page))].filter(({ length }) => length > 0)
  await page.keyboard.type(site.product.address.adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()
  for (const path of everyPage()) {
    await visit(page, path)
    const found = findEnglish(await readTexts(page))
    if (found.length > 0) left.push([path, ...found])
  }
  expect(left).toEqual([])
})

test('12,480 jobs are paged, and all that match a filter can be changed at once', async () => {
  const page = await site.openAt('/console/jobs?pageSize=50')
  await page.getByText(`1–50 of ${JOBS.toLocaleString('en')}`).waitFor()
  expect(await page.getByRole('row').count()).toBe(51)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText(`51–100 of ${JOBS.toLocaleString('en')}`).waitFor()
  await page.goto(`${site.product.address.url}/console/jobs?pageSize=50&page=250`)
  await page.getByText(`12,451–12,480 of 12,480`).waitFor()
  await setQueues('Paused')
  const jobIds: string[] = []
  for (let n = 0; n < 3; n++) jobIds.push(await submit('FindSimilarVideo', 'in/mirrored.mp4'))
  await page.goto(`${site.product.address.url}/console/jobs?state=waiting`)
  await page.getByRole('button', { name: 'Cancel all 3' }).click()
  await page
    .getByRole('dialog', { name: 'Cancel 3 jobs?' })
    .getByRole('button', { name: 'Cancel these jobs' })
    .click()
  await page.getByText('Cancelled 3 jobs').first().waitFor()
  for (const jobId of jobIds) expect((await adminOf().getJob({ params: { jobId } })).state).toBe('Cancel')
  await setQueues('Active')
})

test('a match of 48 passages is gone through by keyboard', async () => {
  const page = await site.openAt(`/console/matches/${seed.matchId}`, { expectedErrors: MISSING_FILES })
  const passages = page.getByRole('listbox', { name: 'Passages' })
  await expect.poll(() => passages.getByRole('option').count()).toBe(48)
  const selected = passages.getByRole('option', { selected: true })
  await expect
    .poll(
      async () => {
        await page.keyboard.press('j')
        return selected.textContent()
      },
      { interval: 50, timeout: WAIT.timeout },
    )
    .toMatch(/^48/)
  await page.waitForURL(/#p=48/)
  const list = await passages.boundingBox()
  const row = await selected.boundingBox()
  // The selected row is scrolled to.
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0) + 1)
})

test('a user signs in, opens a match and confirms it by keyboard only', async () => {
  const page = await site.open({ expectedErrors: MISSING_FILES })
  await page.goto(`${site.product.address.url}/`)
  await page.getByLabel('Admin token').waitFor()
  await page.keyboard.type(site.product.address.adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await page.getByRole('heading', { level: 1, name: 'Matches' }).waitFor()
  await page.getByRole('row').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('c')
  await page
    .getByText(/^Confirmed: /)
    .first()
    .waitFor()
  expect((await adminOf().listMatches({ query: { state: 'confirmed' } })).total).toBe(1)
})

test('a restart of the server keeps the session, the event stream and the waiting jobs', async () => {
  const page = await site.openAt('/console/jobs', {
    expectedErrors: /ERR_(?:CONNECTION|INCOMPLETE|EMPTY)|ERR_NETWORK|50[23]/,
  })
  await page.getByRole('row').nth(1).waitFor()
  const jobId = await submit('FindSimilarVideo', 'in/mirrored.mp4')
  await site.product.restartApi()
  await vi.waitFor(
    async () => expect((await adminOf().getJob({ params: { jobId } })).state).toBe('Success'),
    WAIT,
  )
  // The page learns of the new job without a reload, and without signing in.
  await page.getByRole('button', { name: /new\. Show/ }).click()
  await page.locator(`a[href*="${jobId}"]`).first().waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a first page with everything on it loads at most 60 kB of script, compressed', async () => {
  const page = await site.open({ expectedErrors: MISSING_FILES })
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
  })
  await signIn(page, site.product.address)
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  // What comes late: matches with their stills, the chart of the jobs, and the workers.
  await page.getByRole('row').filter({ hasText: 'hevc.mp4' }).first().waitFor()
  await page.getByText('Show as table').waitFor()
  await page.getByText('1 alive').waitFor()
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script, { level: 9 }).length)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(SCRIPT_LIMIT_BYTES)
})
