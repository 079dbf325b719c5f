import { createAdminClient } from '@kinoprint/contract'
import { openDatabase } from '@kinoprint/store'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { addMatch } from '../../services/api/src/testing/add-match.ts'
import {
  startIdentityProvider,
  TEST_CLIENT,
  type TestIdentityProvider,
} from '../../services/api/src/testing/identity-provider.ts'
import { startOnServers } from '../e2e/product.ts'
import { freePort } from '../servers.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

let provider: TestIdentityProvider | undefined

/** A product whose address is known before it starts, as a provider requires. */
const site = useConsole(async () => {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  provider = await startIdentityProvider(publicUrl)
  return startOnServers({
    workers: 0,
    settings: {
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: TEST_CLIENT.clientId,
      OIDC_CLIENT_SECRET: TEST_CLIENT.clientSecret,
      OIDC_SCOPES: 'openid profile email roles',
    },
  })
})
afterAll(() => provider?.close())

function somebody(name: string, roles: readonly string[]): void {
  if (provider === undefined) throw new Error('The provider starts before the tests.')
  provider.person = { sub: `id of ${name}`, name, email: `${name}@example.com`, roles }
}

test('a reviewer signs in with OpenID Connect, confirms a match, and sees why keys and videos cannot be added', async () => {
  const { url, adminToken } = site.product.address
  const admin = createAdminClient(url, adminToken)
  const { dnaDbId } = await admin.createLibrary({ body: { name: 'Films' } })
  const db = await openDatabase({ databaseUrl: site.product.databaseUrl })
  const { matchId } = await addMatch(db, { dnaDbId })
  await db.close()
  somebody('Li', ['reviewer'])
  // The match has no objects, the key is refused, the session ends, and the provider's page has fonts from elsewhere.
  const page = await site.open({ expectedErrors: /404|403|401|googleapis/ })
  await page.goto(`${url}/console/matches?state=open`)
  await page.getByText('Sign in with the admin token').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Sign in with your organisation' }).click()
  await page.waitForURL('**/console/matches?state=open')
  await page.getByText('Li', { exact: true }).waitFor()
  await page.getByRole('row').filter({ hasText: 'upload.mp4' }).click()
  await page
    .getByRole('button', { name: /^Confirm/ })
    .first()
    .click()
  await expect
    .poll(async () => (await admin.getMatch({ params: { matchId } })).decision)
    .toMatchObject({ state: 'confirmed', by: 'Li' })

  await page.goto(`${url}/console/keys`)
  const newKey = page.getByRole('button', { name: 'New key' }).first()
  await newKey.waitFor()
  expect(await newKey.isDisabled()).toBe(true)
  await page.getByText('This needs the role admin, and yours is reviewer.').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])

  await page.goto(`${url}/console/libraries/${dnaDbId}`)
  await page.getByText('This needs the role operator, and yours is reviewer.').waitFor()
  expect(await page.locator('button', { hasText: 'Add videos' }).isDisabled()).toBe(true)
  await dropFile(page, 'section.drop-page')
  await page.locator('.toast').getByText('This needs the role operator').waitFor()
  expect(await page.locator('.uploads').count()).toBe(0)
  expect(await findAccessibilityFaults(page)).toEqual([])
  const status = await page.evaluate(`(async () => {
    const { csrf } = await (await fetch('/admin/session')).json()
    const headers = { 'x-kinoprint-csrf': csrf, 'content-type': 'application/json' }
    return (await fetch('/admin/keys', { method: 'POST', headers, body: '{}' })).status
  })()`)
  expect(status).toBe(403)
  const { items } = await admin.listAudit({ query: { who: 'Li' } })
  expect(items.map(({ action }) => action)).toEqual(['decideMatch', 'signIn'])

  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.waitForURL('**/session/end?**')
})

/** Drops a file on an element as a browser does. */
async function dropFile(page: Page, selector: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(64)], 'film.mp4', { type: 'video/mp4' }))
    return transfer
  })()`)
  await page.dispatchEvent(selector, 'drop', { dataTransfer })
}

test('an admin gives a role to somebody without one, blocks another, and finds both in the audit log', async () => {
  const { url } = site.product.address
  somebody('Newcomer', [])
  const other = await site.open()
  await other.goto(`${url}/console/sign-in`)
  await other.getByRole('link', { name: 'Sign in with your organisation' }).click()
  await other.getByText('You have no role here.').waitFor()
  expect(await findAccessibilityFaults(other)).toEqual([])

  somebody('Boss', ['admin'])
  const page = await site.open()
  await page.goto(`${url}/console/settings`)
  await page.getByRole('link', { name: 'Sign in with your organisation' }).click()
  await page.getByLabel('Role of Newcomer').selectOption('operator')
  await page.getByText('Changed the role of Newcomer').first().waitFor()
  expect(await page.getByLabel('Role of Boss').isDisabled()).toBe(true)
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Block Newcomer' }).click()
  await page.getByRole('button', { name: 'Unblock Newcomer' }).waitFor()

  await page.goto(`${url}/console/audit`)
  const rows = page.getByRole('row').filter({ hasText: 'Changed a person' })
  await rows.first().waitFor()
  expect(await rows.count()).toBe(2)
  await page.getByText('givenRole operator').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 800 })
  expect(await scrollsSideways(page)).toBe(false)
  await page.setViewportSize({ width: 1440, height: 900 })
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toBe('audit.csv')
})
