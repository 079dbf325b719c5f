import { expect, test } from 'vitest'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole()

function admin(method: string, path: string, body?: unknown) {
  return fetch(`${site.product.address.url}/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${site.product.address.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('a key is created with a preset, its secret is shown once, and it is revoked', async () => {
  const page = await site.openAt('/console/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('<img src=x onerror=alert(1)>')
  await page.getByLabel('Read results only').check()
  await page.getByText('May read a job, list jobs in all libraries. May not search, store, delete.').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Create key' }).click()
  const secret = await page.locator('dl.secret dd').last().textContent()
  expect(secret).toMatch(/^[\w-]{20,}$/)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Nothing was copied.').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row').filter({ hasText: '<img src=x onerror=alert(1)>' })
  await row.waitFor()
  expect(await page.content()).not.toContain(secret)
  await row.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await row.waitFor({ state: 'detached' })
  const { items } = (await (await admin('GET', '/keys')).json()) as { items: { name: string }[] }
  expect(items.map(({ name }) => name)).not.toContain('<img src=x onerror=alert(1)>')
})

test('a key is limited to searches, and changed to store as well and to a quota', async () => {
  const page = await site.openAt('/console/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('checker')
  await page.getByText('May search, read a job, list jobs in all libraries. May not store, delete.').waitFor()
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('button', { name: 'Copy the secret' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Edit checker' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByLabel('Search only').isChecked()).toBe(true)
  await dialog.getByLabel('Choose').check()
  await dialog.getByLabel('Store', { exact: true }).check()
  await dialog.getByLabel('Minutes a day').fill('600')
  expect(await findAccessibilityFaults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('0 / 600 min today').waitFor()
  await page.getByRole('row', { name: /store, search, read a job/ }).waitFor()
  const { items } = (await (await admin('GET', '/keys')).json()) as {
    items: { name: string; ruleTypes: string[] }[]
  }
  expect(items.find(({ name }) => name === 'checker')?.ruleTypes?.toSorted()).toEqual([
    'FindSimilarVideo',
    'GetFingerPrint',
  ])
})

test('the settings of the server say where each comes from, and never show a secret', async () => {
  const page = await site.openAt('/console/settings')
  await page.getByRole('button', { name: /^Show all/ }).click()
  await page.getByRole('row', { name: /MAX_VIDEO_SECONDS .* default/ }).waitFor()
  await page.getByRole('row', { name: /ADMIN_TOKEN set, secret/ }).waitFor()
  expect(await page.content()).not.toContain(site.product.address.adminToken)
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test('theme and language are settings of the browser and survive a reload', async () => {
  const page = await site.openAt('/console/settings')
  await page.getByLabel('Theme').selectOption('dark')
  await page.getByLabel('Language').selectOption('zh')
  await page.getByRole('heading', { level: 1, name: '系统设置' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: '系统设置' }).waitFor()
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test('a session of another browser is ended in the settings', async () => {
  const other = await admin('POST', '/session', {
    token: site.product.address.adminToken,
    name: 'Other reviewer',
  })
  const cookie = other.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await site.openAt('/console/settings')
  await page.getByRole('button', { name: 'End the session of Other reviewer' }).click()
  await page.getByRole('row').filter({ hasText: 'Other reviewer' }).waitFor({ state: 'detached' })
  const answer = await fetch(`${site.product.address.url}/admin/session`, { headers: { cookie } })
  expect(answer.status).toBe(401)
})

test('the check of the installation reports in words', async () => {
  const page = await site.openAt('/console/settings')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.getByRole('listitem').filter({ hasText: 'No faults found.' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test.each(['/console/keys', '/console/settings'])('%s fits a phone', async (path) => {
  const page = await site.openAt(path, { width: 390 })
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
})
