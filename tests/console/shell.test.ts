import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findAccessibilityFaults, scrollsSideways, signIn } from './browser.ts'
import { useConsole } from './use-console.ts'

const SCRIPT_LIMIT_BYTES = 60_000

const site = useConsole()

test('a user signs in by keyboard and finds the console', async () => {
  const page = await site.open()
  await signIn(page, site.product.address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(
    await page.getByRole('navigation', { name: 'Main' }).first().getByRole('link').count(),
  ).toBeGreaterThan(1)
})

test('a wrong admin token is named under its field, which keeps the focus', async () => {
  const page = await site.open({ expectedErrors: /401/ })
  await page.goto(`${site.product.address.url}/`)
  await page.getByLabel('Admin token').fill('not-the-token')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the admin token.').waitFor()
  expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true')
})

test('sign-in opens over the page when the session has ended, and the page goes on', async () => {
  const page = await site.open({ expectedErrors: /401/ })
  await signIn(page, site.product.address, '/console/no-such-page')
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Libraries' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Sign in to Kinoprint' })
  await dialog.getByLabel('Admin token').fill(site.product.address.adminToken)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { level: 1, name: 'Libraries' }).waitFor()
  // The list, which could not be loaded without a session, loads again.
  await expect.poll(() => page.getByText('could not be loaded').count()).toBe(0)
})

test('an unknown address of the console says so and leads back', async () => {
  const page = await site.open()
  await signIn(page, site.product.address, '/console/no-such-page')
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(page.url()).not.toContain('no-such-page')
})

test('a page whose script cannot be loaded says so, and opens when it is tried again', async () => {
  const page = await site.openAt('/console/overview', { expectedErrors: /ERR_FAILED/ })
  const script = /\/assets\/keys-[^/]*\.js$/
  await page.route(script, (route) => route.abort())
  await page.getByRole('link', { name: 'Keys' }).first().click()
  await page.getByText('This could not be loaded').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.unroute(script)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor()
})

test('the console is Chinese for a Chinese browser', async () => {
  const page = await site.open({ locale: 'zh-CN' })
  await page.goto(`${site.product.address.url}/`)
  await page.getByText('管理令牌').waitFor()
  expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN')
})

test.each(['light', 'dark'] as const)(
  'sign-in and the first page have no accessibility fault in %s',
  async (colorScheme) => {
    const page = await site.open({ colorScheme })
    await page.goto(`${site.product.address.url}/`)
    await page.getByLabel('Admin token').waitFor()
    expect(await findAccessibilityFaults(page)).toEqual([])
    await signIn(page, site.product.address)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await findAccessibilityFaults(page)).toEqual([])
  },
)

test('nothing scrolls sideways at a width of 320 px', async () => {
  const page = await site.open({ width: 320, height: 640 })
  await page.goto(`${site.product.address.url}/`)
  await page.getByLabel('Admin token').waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  await page.keyboard.type(site.product.address.adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
})

test('the navigation says whether every part of the server works', async () => {
  const page = await site.openAt('/console/overview')
  await page.getByText('All parts work').waitFor()
  const failing = [{ part: 'objects', message: 'The bucket does not answer.' }]
  await page.route('**/readyz', (route) => route.fulfill({ json: { failing, warnings: [] } }))
  await page.reload()
  const state = page.getByTitle('Objects: The bucket does not answer.')
  await state.waitFor()
  expect(await state.textContent()).toBe('A part fails')
})

test('a user of a phone reaches every page and signs out', async () => {
  const page = await site.open({ width: 320, height: 480 })
  await page.goto(`${site.product.address.url}/`)
  await page.getByLabel('Admin token').waitFor()
  await page.keyboard.type(site.product.address.adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'More' }).click()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'API' }).click()
  await page.getByRole('heading', { level: 1, name: 'API' }).waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Admin token').waitFor()
})

test('the API reference with every route open fits a width of 390 px', async () => {
  const page = await site.open({ width: 390 })
  await page.goto(`${site.product.address.url}/docs`)
  await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
  expect(await page.locator('details[open]').count()).toBeGreaterThan(150)
  expect(await scrollsSideways(page)).toBe(false)
})

test('the first page loads at most 60 kB of script, compressed', async () => {
  const page = await site.open()
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body())
  })
  await signIn(page, site.product.address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  const bodies = await Promise.all(scripts)
  // A development build names the file of each element.
  expect(bodies.filter((script) => script.includes('/src/'))).toEqual([])
  const sizes = bodies.map((script) => gzipSync(script, { level: 9 }).length)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(SCRIPT_LIMIT_BYTES)
})
