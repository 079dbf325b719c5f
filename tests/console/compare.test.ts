import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-console-'))
  await renderFootage(join(folder, 'film.mp4'), { seed: 1, seconds: 24 })
  await renderFootage(join(folder, 'other.mp4'), { seed: 9, seconds: 12, sound: 'none' })
  await ffmpeg(
    '-ss',
    '3',
    '-t',
    '8',
    '-i',
    join(folder, 'film.mp4'),
    '-vf',
    'hflip',
    join(folder, 'clip.mp4'),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function side(page: Page, name: 'Query' | 'Reference') {
  return page.getByRole('group', { name })
}

function verdict(page: Page) {
  return page.getByRole('complementary', { name: 'Result of the comparison' })
}

async function compareFiles(page: Page, { query, reference }: { query: string; reference: string }) {
  await side(page, 'Query').locator('input[type=file]').setInputFiles(join(folder, query))
  await side(page, 'Reference').locator('input[type=file]').setInputFiles(join(folder, reference))
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.waitForURL('**/console/compare/cp*')
}

test('a user compares two files and sees where one is in the other, also after the page is loaded again', async () => {
  const page = await site.openAt('/console/overview')
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  const button = page.getByRole('button', { name: 'Compare', exact: true })
  await button.waitFor()
  expect(await button.isDisabled()).toBe(true)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await side(page, 'Query').locator('input[type=file]').setInputFiles(join(folder, 'film.mp4'))
  await page.getByRole('button', { name: 'Swap query and reference' }).click()
  await side(page, 'Reference').getByText('film.mp4').waitFor()
  await side(page, 'Query').locator('input[type=file]').setInputFiles(join(folder, 'clip.mp4'))
  await button.click()
  await verdict(page).getByText('A copy', { exact: true }).waitFor()
  await page.reload()
  await verdict(page).getByText('A copy', { exact: true }).waitFor()
  expect(await verdict(page).getByRole('option').first().textContent()).toContain('mirrored')
  const durations = 'Array.from(document.querySelectorAll("video"), (video) => Math.round(video.duration))'
  await expect.poll(() => page.evaluate(durations)).toEqual([8, 24])
  await page.getByText('Dot plot').waitFor()
  expect(await page.getByRole('button', { name: 'Confirm copy' }).count()).toBe(0)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await scrollsSideways(page)).toBe(false)
  await page.goto(`${site.product.address.url}/console/compare`)
  const recent = page.getByRole('region', { name: 'Compared in the last hour' })
  await recent.getByText('A copy, 0.').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await recent.getByRole('link', { name: /clip\.mp4/ }).click()
  await verdict(page).getByText('A copy', { exact: true }).waitFor()
})

test('two videos that share nothing are said to, and why', async () => {
  const page = await site.openAt('/console/compare')
  await compareFiles(page, { query: 'other.mp4', reference: 'film.mp4' })
  await verdict(page).getByText('These share nothing').waitFor()
  await page.getByText('Reported from 0.45').first().waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test('a stored video is compared with a file', async () => {
  const page = await site.openAt('/console/libraries')
  await page.getByRole('button', { name: 'New library' }).first().click()
  await page.getByRole('dialog').getByLabel('Name').fill('Films')
  // A file that is chosen before the library has loaded waits for it.
  let choose: () => void = () => undefined
  const isChosen = new Promise<void>((resolve) => {
    choose = resolve
  })
  await page.route(/\/admin\/libraries\/[^/?]+$/, async (route) => {
    await isChosen
    await route.continue()
  })
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await page.locator('input[type=file]').setInputFiles(join(folder, 'film.mp4'))
  choose()
  await page.getByText('Stored', { exact: true }).waitFor()
  // So does a side that is to be a stored video before the libraries have loaded.
  let click: () => void = () => undefined
  const isClicked = new Promise<void>((resolve) => {
    click = resolve
  })
  await page.route(/\/admin\/libraries\?/, async (route) => {
    await isClicked
    await route.continue()
  })
  await page.goto(`${site.product.address.url}/console/compare`)
  await side(page, 'Query').locator('input[type=file]').setInputFiles(join(folder, 'clip.mp4'))
  await side(page, 'Reference').getByText('Stored video').click()
  click()
  const video = side(page, 'Reference').getByRole('combobox', { name: 'Video' })
  await video.selectOption({ label: 'film.mp4' })
  const videoId = await video.inputValue()
  await page.goto(`${site.product.address.url}/console/compare?reference=${videoId}`)
  await expect.poll(() => video.inputValue()).toBe(videoId)
  await side(page, 'Query').getByText('Stored video').click()
  await side(page, 'Query').getByLabel('Name contains, or id').fill(videoId)
  await expect
    .poll(() => side(page, 'Query').getByRole('combobox', { name: 'Video' }).inputValue())
    .toBe(videoId)
  await side(page, 'Query').getByText('File', { exact: true }).click()
  await side(page, 'Query').locator('input[type=file]').setInputFiles(join(folder, 'clip.mp4'))
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await verdict(page).getByText('A copy', { exact: true }).waitFor()
})

test('a file that is no MP4 file is refused before it is sent', async () => {
  const page = await site.openAt('/console/compare')
  for (const name of ['Query', 'Reference'] as const) {
    await side(page, name)
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video') })
  }
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByText('this is not an MP4 file').first().waitFor()
  expect(page.url()).toMatch(/\/console\/compare$/)
})

test('an object that does not exist is named', async () => {
  const page = await site.openAt('/console/compare', { expectedErrors: /404/ })
  for (const name of ['Query', 'Reference'] as const) {
    await side(page, name).getByText('Object', { exact: true }).click()
    await side(page, name).getByLabel('Bucket').fill('films-1250000000')
    await side(page, name).getByLabel('Name of the object').fill('<b>gone</b>.mp4')
  }
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByText('has no object <b>gone</b>.mp4').first().waitFor()
  expect(page.url()).toMatch(/\/console\/compare$/)
})

test('the comparison page fits a width of 320 px', async () => {
  const page = await site.openAt('/console/compare', { width: 320, height: 640 })
  await side(page, 'Reference').getByText('Stored video').click()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
})
