// `npm run shots`: pictures of every page of the console in four variants, in the folder `shots`, from footage that the
// product generates.
import { mkdirSync } from 'node:fs'
import { startEmbedded } from '../e2e/product.ts'
import { launchBrowser, openPage, signIn } from './browser.ts'

const FOLDER = new URL('../../shots/', import.meta.url).pathname
/** How long a page may go on loading before its picture is taken. */
const SETTLE_MS = 1_500
const TRY_TIMEOUT_MS = 300_000
const TRY_POLL_MS = 1_000

const widths = [1440, 390] as const
const schemes = ['light', 'dark'] as const

type Run = {
  readonly state: string
  readonly dnaDbId: string
  readonly searchJobId: string | null
  readonly matchId: string | null
}

const product = await startEmbedded()
const browser = await launchBrowser()
try {
  const run = await tryIt()
  const pages: Readonly<Record<string, string>> = {
    overview: '/console/overview',
    matches: '/console/matches',
    match: `/console/matches/${run.matchId}`,
    search: '/console/search',
    libraries: '/console/libraries',
    library: `/console/libraries/${run.dnaDbId}`,
    compare: '/console/compare',
    jobs: '/console/jobs',
    job: `/console/jobs/${run.searchJobId}`,
    queue: '/console/queue',
    usage: '/console/usage',
    keys: '/console/keys',
    settings: '/console/settings',
    api: '/console/api',
  }
  mkdirSync(FOLDER, { recursive: true })
  for (const width of widths) {
    for (const colorScheme of schemes) {
      const { page, context, errors } = await openPage(browser, { width, height: 900, colorScheme })
      await signIn(page, product.address)
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${product.address.url}${path}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        await page.waitForTimeout(SETTLE_MS)
        await page.screenshot({ path: `${FOLDER}${name}-${width}-${colorScheme}.png`, fullPage: true })
      }
      for (const error of errors) process.stderr.write(`${width} ${colorScheme}: ${error}\n`)
      await context.close()
    }
  }
  process.stdout.write(`Pictures of ${Object.keys(pages).length} pages are in ${FOLDER}\n`)
} finally {
  await browser.close()
  await product.close()
}

/** Stores a generated video and finds its copy, so that the pages have something to show. */
async function tryIt(): Promise<Run> {
  const headers = {
    authorization: `Bearer ${product.address.adminToken}`,
    'content-type': 'application/json',
  }
  const address = `${product.address.url}/admin/try`
  await fetch(address, { method: 'POST', headers, body: '{}' })
  const end = Date.now() + TRY_TIMEOUT_MS
  while (Date.now() < end) {
    const run = (await (await fetch(address, { headers })).json()) as Run
    if (run.state !== 'running') return run
    await new Promise((resolve) => setTimeout(resolve, TRY_POLL_MS))
  }
  throw new Error('The generated video was not found in time.')
}
