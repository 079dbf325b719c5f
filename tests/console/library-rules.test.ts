import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const BUCKET = 'films-125'
/** A busy machine takes its time; the limit ends what hangs. */
const WAIT = { timeout: 250_000, interval: 500 }

const site = useConsole()
let dnaDbId: string

// Three videos share their first seconds, which storing them finds.
beforeAll(async () => {
  const { product } = site
  const folder = join(product.dataDir, 'buckets', BUCKET)
  mkdirSync(folder, { recursive: true })
  await renderFootage(join(folder, 'film.mp4'), { seed: 33, seconds: 14 })
  await ffmpeg('-i', join(folder, 'film.mp4'), '-t', '9', join(folder, 'cut-1.mp4'))
  await ffmpeg('-i', join(folder, 'film.mp4'), '-t', '10', join(folder, 'cut-2.mp4'))
  const admin = createAdminClient(product.address.url, product.address.adminToken)
  dnaDbId = (await admin.createLibrary({ body: { name: 'Films' } })).dnaDbId
  for (const object of ['film.mp4', 'cut-1.mp4', 'cut-2.mp4']) {
    const job = { ruleType: 'GetFingerPrint', dnaDbId, bucket: BUCKET, object } as const
    const { jobId } = await admin.submitJob({ body: job })
    await vi.waitFor(
      async () => expect((await admin.getJob({ params: { jobId } })).state).toBe('Success'),
      WAIT,
    )
  }
})

async function openTab(tab: string): Promise<Page> {
  const path = `/console/libraries/${dnaDbId}?tab=${tab}`
  const page = await site.openAt(path)
  await page.getByRole('heading', { level: 1, name: 'Films' }).waitFor()
  return page
}

test('a suggested passage is ignored after its dry run, listed with its effect, and restored', async () => {
  const page = await openTab('ignored')
  await page.getByText('No passage is ignored').waitFor()
  await page.getByText('in 3 videos').first().waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Ignore everywhere…' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('open matches are hidden').waitFor()
  await dialog.getByLabel('Note (optional)').fill('<b>ident</b>')
  await dialog.getByRole('button', { name: 'Ignore', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const row = page.getByRole('row').filter({ hasText: '<b>ident</b>' })
  await row.getByText(/^hides [1-9]/).waitFor()
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /^Matches\s*0$/ })
    .waitFor()
  await row.getByRole('cell', { name: 'in 3 videos', exact: true }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await scrollsSideways(page)).toBe(false)
  await row.getByRole('button', { name: /^Restore/ }).click()
  await page.getByText('No passage is ignored').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.waitFor()
  await row.getByRole('button', { name: /^Restore/ }).click()
  await page.getByText('No passage is ignored').waitFor()
})

test('the preview follows the fields of a policy, and Save keeps them', async () => {
  const page = await openTab('settings')
  const outcome = page.getByRole('table', { name: 'The last 30 days by these values' })
  await outcome.getByRole('row', { name: /^Reported ([1-9]\d*) \1$/ }).waitFor()
  const seconds = page.getByLabel('Report from seconds')
  await seconds.fill('3600')
  await outcome.getByRole('row', { name: /^Reported [1-9]\d* 0$/ }).waitFor()
  await page.getByText('Reported → Near miss').first().waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await seconds.fill('')
  await page.getByText('Complete the values above').waitFor()
  await seconds.fill('2.5')
  await page.getByLabel('What must match').selectOption('both')
  await page.getByLabel('Report from percent').fill('29')
  await page.getByLabel('Leave pairs that a reviewer dismissed').check()
  const form = page.getByRole('form', { name: 'Settings' })
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Settings saved').first().waitFor()
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const library = await admin.getLibrary({ params: { dnaDbId } })
  expect(library.suppressDismissed).toBe(true)
  expect(library.policy).toMatchObject({ minSeconds: 2.5, minShare: 0.29, tracks: 'both', reportFrom: 0.45 })
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await scrollsSideways(page)).toBe(false)
})

test('a library and a video list their matches by state', async () => {
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const { items } = await admin.listMatches({ query: { library: dnaDbId, state: 'open' } })
  const [first] = items
  const videoId = first?.reference.videoId ?? ''
  const page = await openTab('matches')
  const rows = page.getByRole('table', { name: 'Matches' }).locator('tbody tr')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(items.length)
  expect(await findAccessibilityFaults(page)).toEqual([])
  const toQueue = page.getByRole('link', { name: 'Open in the queue' })
  expect(await toQueue.getAttribute('href')).toBe(`/console/matches?library=${dnaDbId}&state=open`)
  await page.getByRole('link', { name: /^Confirmed/ }).click()
  await page.getByText('No match in this state').waitFor()
  await page.goto(`${site.product.address.url}/console/libraries/${dnaDbId}/videos/${videoId}`)
  await rows.first().waitFor()
  const ofVideo = await admin.listMatches({ query: { videoId, state: 'open' } })
  expect(await rows.count()).toBe(ofVideo.total)
  expect(ofVideo.total).toBeLessThan(items.length)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await scrollsSideways(page)).toBe(false)
})
