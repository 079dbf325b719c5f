import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import { openDatabase } from '@kinoprint/store'
import { expect, test } from 'vitest'
import { addMatch } from '../../services/api/src/testing/add-match.ts'
import { openReceiver } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { createClient } from '../e2e/client.ts'
import { startOnServers } from '../e2e/product.ts'
import { findAccessibilityFaults, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

const site = useConsole(() => startOnServers({ workers: 0, settings: { CALLBACK_ALLOW: '127.0.0.1' } }))

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

/** How each language runs a file. A machine need not have all of them, but has the first. */
const runners = {
  python: ['python3', 'search.py'],
  java: ['java', 'Search.java'],
  go: ['go', 'run', 'search.go'],
} as const

test('the code of each language that this machine has signs a search that the server accepts', async () => {
  const library = await createClient(site.product.address).createLibrary()
  const page = await site.openAt('/console/api')
  await page.getByLabel('Library', { exact: true }).selectOption(library)
  const { secretId, secretKey } = site.product.address
  await page.getByLabel('Key', { exact: true }).first().selectOption(secretId)
  const ran: string[] = []
  for (const [language, [command, ...words]] of Object.entries(runners)) {
    await page.getByLabel('Language', { exact: true }).selectOption(language)
    const code = (await page.locator('pre.code').first().textContent()) ?? ''
    expect(code).toContain('q-header-list=host')
    expect(code).not.toContain(secretKey)
    if (!hasCommand(command)) continue
    writeFileSync(join(site.product.dataDir, words.at(-1) ?? ''), code)
    const env = { ...process.env, SECRET_KEY: secretKey }
    const answer = execFileSync(command, words, { cwd: site.product.dataDir, env, encoding: 'utf8' })
    expect(answer).toContain(`<DnaDbId>${library}</DnaDbId>`)
    ran.push(language)
  }
  expect(ran).toContain('python')
})

function hasCommand(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}

test('without a worker the queue page says how many jobs wait and how to start one, until one comes; the page of a job shows its attempts', async () => {
  const client = createClient(site.product.address)
  const library = await client.createLibrary()
  const jobId = await client.submit({ rule: 'FindSimilarVideo', library, object: 'not-there.mp4' })
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
  await page.goto(`${site.product.address.url}/console/jobs/${jobId}`)
  const attempt = page.getByRole('listitem').filter({ hasText: 'Attempt 1' })
  await attempt.getByText(/Started after .*Ran .*Failed ResourceNotFound/s).waitFor()
  await page.getByText('Show as table').click()
  await page.getByRole('table', { name: 'Attempts' }).getByRole('cell', { name: /Read/ }).waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await findAccessibilityFaults(page)).toEqual([])
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
  await page.getByText('0 of 3').waitFor()
})

test('the queue page shows what each shard holds, its check and the move, in English and Chinese, and by role', async () => {
  const shard = { addedAt: '2026-11-01T00:00:00.000Z', fingerprints: 8000, libraries: 2 }
  const map = {
    onPrimary: 1204,
    shards: [
      { ...shard, name: 's1', indexRows: 1_400_000, problem: null },
      { ...shard, name: 's2', indexRows: null, problem: 'It accepts connections but does not answer.' },
    ],
    placements: [],
    move: {
      perSecond: 20,
      moved: 300,
      progress: 0.25,
      problem: null,
      startedAt: '2026-11-01T00:00:00.000Z',
      endedAt: null,
    },
  }
  const items = [
    { name: 's1', fingerprints: 8000, missing: 3, orphans: 0, problem: null },
    { name: 's2', fingerprints: 0, missing: 0, orphans: 0, problem: 'It is away.' },
  ]
  const page = await site.openAt('/console/queue')
  expect(await page.getByText('Shards', { exact: true }).count()).toBe(0)
  await page.route('**/admin/shards', (route) => route.fulfill({ json: map }))
  await page.route('**/admin/shards/check', (route) => route.fulfill({ json: { items } }))
  await page.reload()
  const table = page.getByRole('table', { name: 'Shards' })
  await table.getByText('Away: It accepts connections but does not answer.').waitFor()
  expect(await table.getByRole('row').filter({ hasText: 's1' }).textContent()).toContain('1,400,000')
  await page.getByText(/^Moving: 300 fingerprints moved, 25\s% of this pass\.$/).waitFor()
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await table.getByText('Lacks 3 fingerprints. Store their videos again.').waitFor()
  await table.getByText('Not checked: it is away.').waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  // As a viewer, in Chinese.
  await page.route('**/admin/session', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), role: 'viewer' } })
  })
  await page.evaluate(`localStorage.setItem('kinoprint', '{"language":"zh"}')`)
  await page.reload()
  await page.getByRole('table', { name: '分片' }).getByText('不可用：').waitFor()
  expect(await page.getByRole('button', { name: '检查', exact: true }).isDisabled()).toBe(true)
})

test('a test callback that cannot be sent says why, and one that is accepted says how long it took', async () => {
  const page = await site.openAt('/console/queue', {
    // The test is refused.
    expectedErrors: /status of 400/,
  })
  await page.getByRole('button', { name: 'Send a test' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send a test callback' })
  await dialog.getByLabel('Address').fill('http://169.254.169.254/')
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await dialog.getByRole('alert').filter({ hasText: 'CALLBACK_ALLOW' }).waitFor()
  const receiver = await openReceiver()
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByLabel('Signed by').selectOption({ index: 1 })
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await dialog.getByText(/The receiver accepted it\. HTTP 200/).waitFor()
  expect(receiver.received[0]?.headers['x-kinoprint-signature']).toMatch(/^sha256=/)
  expect(await findAccessibilityFaults(page)).toEqual([])

  // The same of a library, which has no callback at first.
  const dnaDbId = await createClient(site.product.address).createLibrary()
  await page.goto(`${site.product.address.url}/console/libraries/${dnaDbId}?tab=settings`)
  const form = page.getByRole('form', { name: 'Callbacks' })
  await form.getByLabel('Address').fill(receiver.url)
  await form.getByLabel('A reviewer decided a match').uncheck()
  for (const name of [/90 % or 100 % full/, /floods the review/]) await form.getByLabel(name).check()
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Nothing was sent yet.').waitFor()
  await form.getByRole('button', { name: 'Send a test' }).click()
  await form.getByText(/The receiver accepted it\. HTTP 200/).waitFor()
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const saved = await admin.getMatchCallback({ params: { dnaDbId } })
  expect(saved).toEqual({
    url: receiver.url,
    events: ['MatchFound', 'LibraryFull', 'PassageHeld'],
    secretId: null,
  })
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await scrollsSideways(page)).toBe(false)
  await form.getByRole('button', { name: 'Stop reporting' }).click()
  await page.getByText('Nothing was sent yet.').waitFor({ state: 'detached' })
  await receiver.close()
})

test('videos of an older version are renewed from the settings, and one whose file is gone is listed', async () => {
  const dnaDbId = await createClient(site.product.address).createLibrary()
  const db = await openDatabase({ databaseUrl: site.product.databaseUrl })
  const { videoId } = await addMatch(db, { dnaDbId })
  await db.pool.query('update fingerprints set format = 0')
  await db.close()
  const page = await site.openAt('/console/settings')
  await page.getByText('1 video is of an older version.').waitFor()
  await page.getByRole('button', { name: 'Renew' }).click()
  await site.product.addWorker()
  await page.getByText('Done: 1 of 1, 1 failed.').waitFor()
  const failure = page.getByRole('listitem').filter({ hasText: 'is not in bucket' })
  const link = failure.getByRole('link', { name: 'film.mp4' })
  expect(await link.getAttribute('href')).toBe(`/console/libraries/${dnaDbId}/videos/${videoId}`)
  await page.getByRole('button', { name: 'Renew' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
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
