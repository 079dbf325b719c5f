import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../e2e/client.ts'
import { renderFootage } from '../footage.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const LIBRARY = '<img src=x onerror=alert(1)> '.repeat(4).trim()

const site = useConsole()

test('the usage page says that nothing is counted yet', async () => {
  const page = await site.openAt('/console/usage?by=unknown&days=-1')
  await page.getByRole('heading', { name: 'No jobs in this period' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test('usage is shown by key, library and kind, as bars and a table, and as CSV', async () => {
  const client = createClient(site.product.address)
  const library = await client.createLibrary({ name: LIBRARY })
  const film = join(site.product.dataDir, 'film.mp4')
  await renderFootage(film, { seed: 5, seconds: 12 })
  await client.upload('film.mp4', film)
  await client.run({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
  await client.run({ rule: 'GetFingerPrint', library, object: 'not-there.mp4' })

  const page = await site.openAt('/console/usage')
  const table = page.getByRole('table', { name: 'Usage' })
  const rowOf = (name: string) => table.getByRole('row').filter({ hasText: name }).getByRole('cell')
  await rowOf('100 %').first().waitFor()
  // 12 s of video in a job that succeeded, and a job that failed.
  expect((await rowOf('Total').allTextContents()).slice(0, 4)).toEqual(['0.2', '0', '0.2', '1'])
  await page.getByRole('link', { name: 'By library' }).click()
  await rowOf(LIBRARY).first().waitFor()
  expect(await rowOf(LIBRARY).last().textContent()).toBe('0')
  await page.getByRole('link', { name: 'By kind' }).click()
  await rowOf('Store').first().waitFor()
  await page.getByLabel('Bars show').selectOption('jobs')
  await page.getByLabel('Period').selectOption('7')
  await page.getByRole('button', { name: 'Show as table' }).click()
  const days = page.getByRole('region', { name: 'Jobs a day' }).getByRole('row')
  await expect.poll(() => days.count()).toBe(8)
  expect(await findAccessibilityFaults(page)).toEqual([])

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV' }).click(),
  ])
  const csv = await download.createReadStream().then((stream) => stream.toArray())
  expect(Buffer.concat(csv).toString()).toMatch(
    /^day,.*\r\n\d{4}-\d\d-\d\d,,,GetFingerPrint,1,1,0\.200,0\.000,0\.200,0\r\n$/,
  )
})

test('the usage page fits a phone', async () => {
  const page = await site.openAt('/console/usage?by=library', { width: 320 })
  await page.getByRole('table', { name: 'Usage' }).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
})
