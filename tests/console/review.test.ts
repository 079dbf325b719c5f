import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { startEmbedded } from '../e2e/product.ts'
import { ffmpeg, renderFootage } from '../footage.ts'
import { findAccessibilityFaults, type OpenOptions } from './browser.ts'
import { useConsole } from './use-console.ts'

const BUCKET = 'films-125'
const COPIES = ['a.mp4', 'b.mp4', 'c.mp4']
/** A busy machine takes its time; the limit ends what hangs. */
const WAIT = { timeout: 250_000, interval: 500 }

/** How long a page waits for what a usual one does at once. */
const BUSY_MS = 600

/** As many copies as there are hold a passage back, in libraries that the flood guard watches. */
const site = useConsole(() => startEmbedded(undefined, { FLOOD_MATCHES: String(COPIES.length) }))
let dnaDbId = ''

function adminClient() {
  const { url, adminToken } = site.product.address
  return createAdminClient(url, adminToken)
}

beforeAll(async () => {
  const folder = join(site.product.dataDir, 'buckets', BUCKET)
  mkdirSync(folder, { recursive: true })
  const original = join(folder, 'film.mp4')
  await renderFootage(original, { seed: 33, seconds: 16 })
  for (const [index, copy] of COPIES.entries())
    await ffmpeg('-ss', String(index), '-t', '8', '-i', original, join(folder, copy))
  const admin = adminClient()
  ;({ dnaDbId } = await admin.createLibrary({ body: { name: 'Films', floodGuard: false } }))
  for (const object of ['film.mp4', ...COPIES]) await run(object)
})

async function run(object: string, library = dnaDbId): Promise<void> {
  const admin = adminClient()
  const ruleType = object === 'film.mp4' ? 'GetFingerPrint' : 'FindSimilarVideo'
  const { jobId } = await admin.submitJob({ body: { ruleType, dnaDbId: library, bucket: BUCKET, object } })
  await vi.waitFor(
    async () => expect((await admin.getJob({ params: { jobId } })).state).toBe('Success'),
    WAIT,
  )
}

async function openQueue(options?: OpenOptions): Promise<Page> {
  const page = await site.openAt('/console/matches', options)
  await page.getByRole('row').first().waitFor()
  return page
}

function rows(page: Page, name: string) {
  return page.getByRole('row').filter({ hasText: name })
}

async function matchOf(name: string) {
  const [match] = (await adminClient().listMatches({ query: { q: name } })).items
  if (match === undefined) throw new Error(`No match has a query named ${name}.`)
  return match
}

/** Decides as another reviewer. */
async function decideElsewhere(name: string, state: 'open' | 'confirmed' | 'dismissed'): Promise<void> {
  const { matchId } = await matchOf(name)
  await adminClient().decideMatch({ params: { matchId }, body: { state } })
}

test('what another reviewer decides changes in the row, and new matches wait to be shown', async () => {
  const page = await openQueue()
  await decideElsewhere('b.mp4', 'confirmed')
  await rows(page, 'b.mp4').getByText('Confirmed').waitFor()
  expect(await page.getByRole('row').count()).toBe(3)
  await decideElsewhere('b.mp4', 'open')
  await rows(page, 'b.mp4').getByText('Confirmed').waitFor({ state: 'detached' })

  const folder = join(site.product.dataDir, 'buckets', BUCKET)
  await ffmpeg('-ss', '4', '-t', '9', '-i', join(folder, 'film.mp4'), join(folder, 'late.mp4'))
  await run('late.mp4')
  await page.getByRole('button', { name: '1 new, show' }).waitFor()
  expect(await rows(page, 'late.mp4').count()).toBe(0)
  await page.getByRole('button', { name: '1 new, show' }).click()
  await rows(page, 'late.mp4').waitFor()
})

test('a decision against a newer one shows both and saves the chosen one', async () => {
  const page = await openQueue({ expectedErrors: /409|ERR_FAILED/ })
  // The list does not learn of it in time.
  await page.route('**/admin/events*', (route) => route.abort())
  await rows(page, 'a.mp4').click()
  await page.route('**/admin/matches?*', (route) => route.abort())
  await decideElsewhere('a.mp4', 'dismissed')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'Somebody decided before you' })
  await dialog.getByRole('region', { name: 'Saved decision' }).getByText('Not a match').waitFor()
  await dialog.getByRole('region', { name: 'Your decision' }).getByText('Confirmed').waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await dialog.getByRole('button', { name: 'Save mine instead' }).click()
  await expect.poll(async () => (await matchOf('a.mp4')).state).toBe('confirmed')
  await decideElsewhere('a.mp4', 'open')
})

test('decisions without a connection are kept, can be undone, and are sent in order when it is back', async () => {
  const page = await openQueue({ expectedErrors: /ERR_INTERNET_DISCONNECTED/ })
  await rows(page, 'a.mp4').click()
  await page.context().setOffline(true)
  await page.getByText('No connection to the server.').waitFor()
  await page.keyboard.press('c')
  await page.getByText('1 decision is kept here').waitFor()
  await rows(page, 'b.mp4').click()
  await page.keyboard.press('d')
  await page.getByText('2 decisions are kept here').waitFor()
  await page.keyboard.press('u')
  await page.getByText('1 decision is kept here').waitFor()
  await rows(page, 'b.mp4').waitFor()
  await page.context().setOffline(false)
  await page.getByText('1 kept decision is saved').first().waitFor()
  expect([(await matchOf('a.mp4')).state, (await matchOf('b.mp4')).state]).toEqual(['confirmed', 'open'])
  await page.keyboard.press('u')
  await expect.poll(async () => (await matchOf('a.mp4')).state).toBe('open')
})

test('a search that is typed at once filters the queue on a slow machine too, and no letter of it decides', async () => {
  const page = await openQueue()
  // As on a busy machine: what waits for the next frame comes while the user types.
  await page.evaluate(
    'window.requestAnimationFrame = ((next) => (run) => next(() => setTimeout(run, 200)))(requestAnimationFrame)',
  )
  for (const key of ['j', '/']) await page.keyboard.press(key)
  await page.keyboard.type('c.mp4', { delay: 100 })
  await page.keyboard.press('Enter')
  await page.waitForURL(/[?&]q=c\.mp4/)
  await rows(page, 'a.mp4').waitFor({ state: 'detached' })
  expect((await matchOf('c.mp4')).state).toBe('open')
})

test('a match whose passage is ignored stays away although the list is loaded again at that moment', async () => {
  const page = await openQueue()
  // As on a busy machine: the effects of a new list come after the next answer.
  await page.evaluate(
    `window.setTimeout = ((next) => (run, ms) => next(run, Math.max(ms ?? 0, ${BUSY_MS})))(setTimeout)
     window.requestAnimationFrame = (run) => setTimeout(() => run(performance.now()), ${BUSY_MS})`,
  )
  const { matchId, reference, passages } = await matchOf('c.mp4')
  const [passage] = passages
  if (reference.videoId === null || passage === undefined) throw new Error('The match has no passage.')
  let release = (): void => undefined
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(`**/admin/matches/${matchId}`, async (route) => {
    const response = await route.fetch()
    await isReleased
    await route.fulfill({ response })
  })
  const isAsked = page.waitForRequest(`**/admin/matches/${matchId}`)
  const ignored = await adminClient().ignorePassage({
    params: { dnaDbId },
    body: {
      videoId: reference.videoId,
      start: passage.refStart,
      end: passage.refEnd,
      everywhere: false,
    },
  })
  await isAsked
  const isListed = page.waitForResponse('**/admin/matches?*')
  await decideElsewhere('a.mp4', 'confirmed')
  await isListed
  await page.waitForTimeout(BUSY_MS / 4)
  release()
  await rows(page, 'a.mp4').getByText('Confirmed').waitFor()
  await rows(page, 'c.mp4').waitFor({ state: 'detached' })
  await decideElsewhere('a.mp4', 'open')
  await rows(page, 'a.mp4').getByText('Confirmed').waitFor({ state: 'detached' })
  expect(await rows(page, 'c.mp4').count()).toBe(0)
  if (!('ignoredId' in ignored)) throw new Error('The passage is not ignored.')
  await adminClient().restorePassage({ params: { dnaDbId, ignoredId: ignored.ignoredId } })
})

test('a passage is noted on and ignored by keyboard, and Undo brings its matches back', async () => {
  const page = await openQueue()
  await rows(page, 'c.mp4').click()
  await page.keyboard.press('e')
  await page.keyboard.type('see @0:02.0')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '1 note' }).waitFor()
  await page.keyboard.press('i')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/open match(?:es are| is) hidden/).waitFor()
  await dialog.getByLabel('Only in this stored video').check()
  await dialog.getByRole('button', { name: 'Ignore' }).click()
  await rows(page, 'c.mp4').waitFor({ state: 'detached' })
  await page.keyboard.press('u')
  await expect
    .poll(async () => (await adminClient().listIgnoredPassages({ params: { dnaDbId } })).total)
    .toBe(0)
})

test('Ctrl K finds pages, files and ids, and says what became of an id', async () => {
  const page = await openQueue()
  const { matchId } = await matchOf('a.mp4')
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Name of a page' })
  const options = page.getByRole('listbox', { name: 'Go to' }).getByRole('option')
  await field.fill('film')
  await options.filter({ hasText: 'Video' }).filter({ hasText: 'film.mp4' }).waitFor()
  await options.filter({ hasText: 'Library' }).filter({ hasText: 'Films' }).waitFor()
  await field.fill(`m${'0'.repeat(32)}`)
  await page.getByText('Nothing here ever had this id.').waitFor()
  await field.fill(matchId)
  await options.filter({ hasText: 'Match' }).filter({ hasText: matchId }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`/console/matches/${matchId}`))
})

test('a passage that all copies match is held back, shown and released', async () => {
  const admin = adminClient()
  const { dnaDbId: library } = await admin.createLibrary({ body: { name: 'Idents' } })
  for (const object of ['film.mp4', ...COPIES]) await run(object, library)
  await expect.poll(async () => (await admin.listHeldPassages()).total, WAIT).toBe(1)
  const page = await site.openAt('/console')
  await page.getByText('1 passage is held back').waitFor()
  await page.getByRole('link', { name: 'Look: 1 passage is held back' }).click()
  const bar = page.getByRole('region', { name: 'Held back: 3 videos matched' })
  for (const copy of COPIES) await bar.getByRole('link', { name: copy }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await bar.getByRole('link', { name: 'a.mp4' }).click()
  await page.getByText('held back', { exact: true }).first().waitFor()
  await page.goBack()
  await bar.getByRole('button', { name: 'Release', exact: true }).click()
  await bar.waitFor({ state: 'detached' })
  expect((await admin.listMatches({ query: { library, state: 'open' } })).total).toBe(3)
  await admin.deleteLibrary({ params: { dnaDbId: library }, query: { force: true } })
})
