import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const HOSTILE = '<img src=x onerror=alert(1)> مكتبة'

const site = useConsole()
let folder: string
let video: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-console-'))
  await renderFootage(join(folder, 'film.mp4'), { seed: 7, seconds: 8 })
  video = await readFile(join(folder, 'film.mp4'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function addLibrary(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New library' }).first().click()
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

test('a user creates a library, stores a video, plays it and finds its copies', async () => {
  const page = await site.openAt('/console/libraries')
  await addLibrary(page, 'Films')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'film one.mp4', mimeType: 'video/mp4', buffer: video })
  await page.getByText('Stored', { exact: true }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'film one.mp4' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'film one.mp4' }).waitFor()
  await expect.poll(() => page.evaluate('document.querySelector("video").duration')).toBeCloseTo(8, 0)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Find copies' }).click()
  await page.getByText('Raw JSON').waitFor()
  await page.getByText('1 stored video shares passages with it').waitFor()
  await page.getByRole('link', { name: 'Jobs' }).first().click()
  await page.getByRole('row', { name: /Done Search/ }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test('a user checks a video and learns which stored video has it, or that none does', async () => {
  const page = await site.openAt('/console/search')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'query.mp4', mimeType: 'video/mp4', buffer: video })
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByText('Matches are reported from').waitFor()
  await page.getByRole('link', { name: 'film one.mp4' }).first().waitFor()
  await page.getByRole('region', { name: 'Matches, best first' }).getByRole('listitem').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await renderFootage(join(folder, 'other.mp4'), { seed: 91, seconds: 8 })
  await page.locator('input[type=file]').setInputFiles(join(folder, 'other.mp4'))
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByRole('heading', { name: /^(?:Nothing in|The only video)/ }).waitFor()
})

test('a file is judged before it is sent, and the user decides about a name that exists', async () => {
  const page = await site.openAt('/console/libraries')
  await addLibrary(page, 'Judged')
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'PUT') sent.push(decodeURIComponent(request.url()).split('/').at(-1) ?? '')
  })
  const files = page.locator('input[type=file]')
  const again = { name: 'film one.mp4', mimeType: 'video/mp4', buffer: video }
  await files.setInputFiles({
    name: 'old.mp4',
    mimeType: 'video/mp4',
    buffer: Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0]),
  })
  await page.getByText('the file begins as Matroska').first().waitFor()
  await files.setInputFiles([again, { ...again, name: 'film two.mp4' }])
  await page.getByRole('button', { name: 'Skip: film one.mp4' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Keep both: film one.mp4' }).click()
  await expect.poll(() => sent.toSorted()).toEqual(['film one (2).mp4', 'film two.mp4'])
  await expect.poll(() => page.getByText('Stored', { exact: true }).count()).toBe(2)
  await page.getByRole('button', { name: 'Hide' }).click()
  await files.setInputFiles([again, { ...again, name: 'film two.mp4' }])
  await page.getByRole('button', { name: 'Skip all' }).click()
  await expect.poll(() => page.getByText('Cancelled', { exact: true }).count()).toBe(2)
  expect(sent).toHaveLength(2)
})

test('videos are shown as a table, selected, played and stored from the bucket', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('link', { name: 'Judged' }).click()
  await page.getByRole('button', { name: 'Table' }).click()
  const row = page.getByRole('row', { name: /film two\.mp4/ })
  await row.getByRole('checkbox').check()
  await page.keyboard.press('Escape')
  await page.getByRole('toolbar').waitFor({ state: 'detached' })
  await row.getByRole('checkbox').check()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: /Play/ }).click()
  await page.getByRole('dialog', { name: 'film two.mp4' }).locator('video').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'From the bucket' }).click()
  const dialog = page.getByRole('dialog', { name: 'Store objects of a bucket' })
  await dialog.getByText('in this library').first().waitFor()
  await dialog.getByRole('button', { name: 'queries/' }).click()
  await dialog.getByRole('button', { name: 'All folders' }).click()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await dialog.getByRole('checkbox', { name: /film one\.mp4/ }).check()
  await dialog.getByRole('button', { name: 'Store 1 object' }).click()
  await page.getByText('Stored', { exact: true }).waitFor()
  await page.getByRole('row', { name: /film one\.mp4/ }).waitFor()
})

test('the page of a video links the job that stored it', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('link', { name: 'Judged' }).click()
  await page.getByRole('link', { name: 'film two.mp4' }).first().click()
  const [, dnaDbId = ''] = /libraries\/(\w+)\/videos/.exec(page.url()) ?? []
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const { items } = await admin.listJobs({ query: { dnaDbId, object: 'film two.mp4' } })
  const stores = items.filter(({ ruleType, state }) => ruleType === 'GetFingerPrint' && state === 'Success')
  const fact = page.getByRole('definition').filter({ hasText: /^j[0-9a-f]{32}$/ })
  await fact.getByRole('link', { name: stores[0]?.jobId ?? 'none' }).click()
  await page.waitForURL(`**/console/jobs/${stores[0]?.jobId}`)
  expect(stores).not.toEqual([])
})

test('the videos of a library are filtered by length, which the address keeps', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('link', { name: 'Judged' }).click()
  const video = page.getByRole('link', { name: 'film two.mp4' }).first()
  await video.waitFor()
  await page.getByLabel('Length', { exact: true }).selectOption('from 1 h')
  await page.getByText('No video matches').waitFor()
  await expect.poll(() => page.url()).toContain('seconds=3600')
  await page.getByLabel('Length', { exact: true }).selectOption('up to 1 min')
  await video.waitFor()
  await page.reload()
  await page.getByText('Length: up to 1 min').waitFor()
  await video.waitFor()
  await page.getByRole('button', { name: 'Clear the filter: Length' }).click()
  await expect.poll(() => page.url()).not.toContain('seconds')
})

test('a range of a video is ignored, moved by keys and restored', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('link', { name: 'Judged' }).click()
  await page.getByRole('link', { name: 'film two.mp4' }).first().click()
  await page.getByRole('button', { name: 'Ignore a range…' }).click()
  const ranges = page.getByRole('list', { name: 'Ignored passages' })
  await ranges.getByLabel('End', { exact: true }).fill('3.5')
  await ranges.getByRole('button', { name: 'Ignore…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ignore', exact: true }).click()
  await ranges.getByRole('button', { name: 'Restore' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('slider', { name: 'Start' }).press('Shift+ArrowRight')
  await ranges.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The ignored range has changed').first().waitFor()
  await ranges.getByRole('button', { name: 'Restore' }).waitFor()
  await page.reload()
  await expect.poll(() => ranges.getByLabel('Start', { exact: true }).inputValue()).toBe('1')
  expect(await ranges.getByLabel('End', { exact: true }).inputValue()).toBe('3.5')
  await ranges.getByRole('button', { name: 'Restore' }).click()
  await ranges.waitFor({ state: 'detached' })
})

test('a hostile name of a library is text, and deleting an empty library asks once', async () => {
  const page = await site.openAt('/console/libraries')
  await addLibrary(page, HOSTILE)
  expect(await page.locator('img[src=x]').count()).toBe(0)
  await page.goto(`${site.product.address.url}/console/libraries`)
  await page.getByRole('button', { name: `Delete ${HOSTILE}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText(`Deleted ${HOSTILE}`).first().waitFor()
  await expect.poll(() => page.getByRole('row', { name: HOSTILE }).count()).toBe(0)
})

test('a library is found by part of its name, and its dialog begins in the field of the name', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('button', { name: 'New library' }).first().click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('Zebra clips')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Zebra clips' }).waitFor()
  await page.goto(`${site.product.address.url}/console/libraries`)
  await page.getByRole('link', { name: 'Films', exact: true }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('zEBRA')
  await page.getByRole('link', { name: 'Films', exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Zebra clips' }).waitFor()
  expect(page.url()).toContain('q=zEBRA')
  await page.keyboard.type(' and more')
  await page.getByText('No library has this name or id').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await page.getByRole('link', { name: 'Films', exact: true }).waitFor()
})

test('a library that holds videos is deleted only after its name was typed', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('button', { name: 'Delete Films' }).click()
  const dialog = page.getByRole('dialog')
  const button = dialog.getByRole('button', { name: 'Delete' })
  expect(await button.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('film')
  expect(await button.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('Films')
  expect(await button.isDisabled()).toBe(false)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('pages open by keys, and ? lists the keys', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('heading', { level: 1, name: 'Libraries' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('j')
  await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
  // Keys of the list need its rows.
  await page.getByRole('row').nth(1).waitFor()
  await page.keyboard.press('/')
  expect(await page.evaluate('document.activeElement.type')).toBe('search')
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText('Raw JSON').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test.each(['/console/libraries', '/console/jobs', '/console/search'])(
  '%s fits a width of 320 px',
  async (path) => {
    const page = await site.openAt(path, { width: 320, height: 640 })
    await page.getByText('Films').first().waitFor({ state: 'attached' })
    expect(await scrollsSideways(page)).toBe(false)
  },
)
