import { expect, test } from 'vitest'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole()

async function open(width = 1440, colorScheme: 'light' | 'dark' = 'light') {
  const page = await site.openAt('/', { width, colorScheme })
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return page
}

test('a new installation stores a generated video, finds its copy, and leads to the match', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Use a made-up video' }).click()
  const found = page.getByRole('link', { name: 'Open the match' })
  await found.waitFor({ timeout: 240_000 })
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.reload()
  await page.getByText('1 match to review').waitFor()
  await page.getByRole('row').filter({ hasText: 'try-it/' }).first().waitFor()
  await page.getByRole('button', { name: '1 h', exact: true }).click()
  expect(page.url()).toContain('range=1h')
  await page.getByText('Show as table').click()
  await page.getByRole('columnheader', { name: 'searches' }).waitFor()
  await page.getByRole('button', { name: 'Remove all of it' }).click()
  await page.getByText('Try it with a made-up video').waitFor({ state: 'detached' })
})

test.each([
  [390, 'light'],
  [320, 'dark'],
] as const)('the overview fits %i px in %s', async (width, scheme) => {
  const page = await open(width, scheme)
  await page.getByText('1 alive').waitFor()
  await page.getByRole('row').filter({ hasText: 'in the last hour' }).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
})
