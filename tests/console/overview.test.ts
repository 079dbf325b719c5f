import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import { expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
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
  await page.getByText('See it find a copy, in a minute').waitFor({ state: 'detached' })
})

test('a user tries it with a video of his own, and a file that is no video is refused before it is sent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kinoprint-console-'))
  const film = join(folder, 'holiday <b>1.mp4')
  await renderFootage(film, { seed: 12, seconds: 10, width: 320, height: 180 })
  const page = await site.openAt('/console/settings')
  await page.getByRole('link', { name: 'Try it with a video of yours' }).click()
  await page.getByRole('heading', { level: 1, name: 'Try it' }).waitFor()
  const file = page.locator('input[type=file]')
  const buffer = Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0])
  await file.setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer })
  await page.getByRole('alert').filter({ hasText: 'the file begins as Matroska' }).waitFor()
  await file.setInputFiles(film)
  await page.getByText('holiday <b>1.mp4').first().waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Open the match' }).click({ timeout: 240_000 })
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
  await page.goto(`${site.product.address.url}/console/try`)
  await page.getByRole('button', { name: 'Remove all of it' }).click()
  await page.getByRole('button', { name: 'Use a made-up video' }).waitFor()
  await rm(folder, { recursive: true })
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

test('a card that cannot load says which one it is, and failed jobs come with their reason and what to do', async () => {
  const { url, adminToken } = site.product.address
  const admin = createAdminClient(url, adminToken)
  const { dnaDbId } = await admin.createLibrary({ body: { name: 'Films' } })
  const body = { ruleType: 'GetFingerPrint', dnaDbId, bucket: 'films-125', object: 'absent.mp4' } as const
  const { jobId } = await admin.submitJob({ body })
  await expect.poll(async () => (await admin.getJob({ params: { jobId } })).state).toBe('Failed')
  const page = await site.open({ expectedErrors: /500/ })
  await page.route('**/admin/workers*', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'Internal error.' } } }),
  )
  await signIn(page, site.product.address)
  await page.getByRole('alert').filter({ hasText: '“Workers” could not be loaded' }).waitFor()
  await page.getByText('Put the files back, then try again.').waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('1 job failed').waitFor()
  await page.getByText('File missing (1)').waitFor()
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
