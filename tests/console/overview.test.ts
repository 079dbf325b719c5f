import { expect, test } from 'vitest'
import { findAccessibilityFaults, scrollsSideways, signIn } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole()

async function open(width = 1440, colorScheme: 'light' | 'dark' = 'light') {
  // Thumbnails and stills may be made after the match is listed, and go with the library.
  const page = await site.openAt('/', {
    width,
    colorScheme,
    expectedErrors: /404.*(?:sprite|\/admin\/stills\/[^ ]*\/try-it\/)/,
  })
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
  await page.getByRole('row').filter({ hasText: 'copy.mp4' }).first().waitFor()
  await page.getByRole('button', { name: '1 h', exact: true }).click()
  expect(page.url()).toContain('range=1h')
  await page.getByRole('button', { name: 'Show as table' }).click()
  await page.getByRole('columnheader', { name: 'Searches' }).waitFor()
  await page.getByRole('img', { name: 'one passage' }).first().waitFor()
  await page.getByRole('button', { name: 'Remove all of it' }).click()
  await page.getByText('Try it with a made-up video').waitFor({ state: 'detached' })
})

test('a part of the server that fails is named until it works again', async () => {
  const page = await site.open({ expectedErrors: /503/ })
  const failing = [{ part: 'database', message: 'The database is unavailable.' }]
  await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: { failing, warnings: [] } }))
  await page.route('**/admin/stats', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'ServiceUnavailable', message: 'Unavailable.' } } }),
  )
  await signIn(page, site.product.address)
  const alert = page.getByRole('alert').filter({ hasText: 'A part of the server does not work' })
  await alert.waitFor()
  expect(await alert.textContent()).toContain('Database The database is unavailable.')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await alert.waitFor({ state: 'detached' })
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
