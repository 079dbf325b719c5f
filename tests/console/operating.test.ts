import { expect, test } from 'vitest'
import { createClient } from '../e2e/client.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const HOSTILE = '<img src=x onerror=alert(1)>\u202eabc'
const paths = ['queue', 'api']

const site = useConsole()

test('a queue that somebody else pauses is shown as paused without a reload', async () => {
  const page = await site.openAt('/console/queue')
  await page.getByRole('radio', { name: 'Active' }).waitFor()
  expect(await page.getByRole('radio', { name: 'Active' }).isChecked()).toBe(true)
  const { admin, adminJson } = createClient(site.product.address)
  const { items } = await adminJson<{ items: { queueId: string }[] }>('GET', '/queues')
  await admin('PATCH', `/queues/${items[0]?.queueId}`, { state: 'Paused', name: HOSTILE })
  await page.getByText('Paused by admin token').waitFor()
  expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe(HOSTILE)
  await page.getByRole('radio', { name: 'Active' }).check()
  await page.getByText('Active. Waiting jobs start.').first().waitFor()
  await page.getByText('Paused by').waitFor({ state: 'detached' })
})

test('the API page shows code with the address of this server', async () => {
  const page = await site.openAt('/console/api')
  const code = page.locator('pre')
  await code.getByText(`${site.product.address.url}/jobs`).waitFor()
  await page.getByLabel('Language').selectOption('shell')
  expect(await code.textContent()).toContain(`${site.product.address.url}/admin/jobs`)
})

test.each(['light', 'dark'] as const)(
  'the operating pages have no accessibility fault and fit on a phone in %s',
  async (colorScheme) => {
    await createClient(site.product.address).createLibrary({ name: `${HOSTILE} ${colorScheme}` })
    const page = await site.openAt('/console/queue', { colorScheme, width: 320, height: 640 })
    for (const path of paths) {
      await page.goto(`${site.product.address.url}/console/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('main .card').first().waitFor()
      await expect.poll(() => page.locator('main .shape').count()).toBe(0)
      expect([path, await scrollsSideways(page)]).toEqual([path, false])
      expect(await findAccessibilityFaults(page)).toEqual([])
    }
  },
)
