import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { createClient } from '../e2e/client.ts'
import { startOnServers } from '../e2e/product.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole(() => startOnServers({ workers: 0 }))

test('the API page signs a search with a key, and the command that it shows submits the job', async () => {
  const library = await createClient(site.product.address).createLibrary()
  const page = await site.openAt('/console/api')
  await page.getByLabel('Request', { exact: true }).selectOption('search')
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  const shown = page.locator('pre').filter({ hasText: 'q-sign-algorithm' })
  const command = (await shown.textContent()) ?? ''
  expect(command).not.toContain(site.product.address.secretKey)
  expect(await findAccessibilityFaults(page)).toEqual([])
  const answer = execFileSync('sh', ['-c', command], { cwd: site.product.dataDir, encoding: 'utf8' })
  expect(answer).toContain(`<DnaDbId>${library}</DnaDbId>`)
  await page.getByLabel('Request', { exact: true }).selectOption('videos')
  await shown.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  const list = execFileSync('sh', ['-c', (await shown.textContent()) ?? ''], { encoding: 'utf8' })
  expect(list).toContain('<TotalCount>0</TotalCount>')
})

test('without a worker the queue page says how many jobs wait and how to start one, until one comes', async () => {
  const client = createClient(site.product.address)
  const library = await client.createLibrary()
  await client.submit({ rule: 'FindSimilarVideo', library, object: 'not-there.mp4' })
  const page = await site.openAt('/console/queue', { width: 390 })
  const alarm = page.getByRole('region', { name: 'No job runs: no worker is alive' })
  await alarm.getByText(/\d jobs? waits?\. Start one: npx kinoprint worker/).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await site.product.addWorker()
  await alarm.waitFor({ state: 'detached' })
  const worker = page.getByRole('table', { name: 'Workers' }).getByRole('row').nth(1)
  await worker.getByText(/heard .* ago/).waitFor()
  await worker.getByText(/[1-9] jobs?0 min of video/).waitFor()
})

test('a queue that somebody else pauses is shown as paused without a reload, and is resumed', async () => {
  const page = await site.openAt('/console/queue')
  await expect.poll(() => page.getByRole('radio', { name: 'Active' }).isChecked()).toBe(true)
  const { admin, adminJson } = createClient(site.product.address)
  const { items } = await adminJson<{ items: { queueId: string }[] }>('GET', '/queues')
  await admin('PATCH', `/queues/${items[0]?.queueId}`, { state: 'Paused', name: '<b>\u202eabc' })
  await page.getByText('Paused by admin token').waitFor()
  expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('<b>\u202eabc')
  await page.getByRole('radio', { name: 'Active' }).check()
  await page.getByText('Paused by').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Jobs at once').fill('3')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('0 of at most 3').waitFor()
})

test('the API page has code with the address of this server and fits a phone', async () => {
  const page = await site.openAt('/console/api', { width: 320 })
  const code = page.locator('pre')
  await code.getByText(`${site.product.address.url}/jobs`).waitFor()
  await page.getByLabel('Language').selectOption('shell')
  expect(await code.textContent()).toContain(`${site.product.address.url}/admin/jobs`)
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
})
