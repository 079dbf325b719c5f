import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdminClient } from '@kinoprint/contract'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser, signIn } from '../../tests/console/browser.ts'
import { startEmbedded } from '../../tests/e2e/product.ts'
import { median } from '../median.ts'
import type { Bench, Row } from '../report.ts'
import { measureDrift } from './drift.ts'

const ROUNDS = 10
const POLL_MS = 500
/** When both players show a frame and a ribbon is drawn, and when the evidence is, in milliseconds after the navigation. */
const WATCH = `
  window.usable = null; window.evidence = null
  const look = () => {
    const videos = [...document.querySelectorAll('video')]
    const isShown = videos.length === 2 && videos.every(({ readyState }) => readyState >= 2)
    if (window.usable === null && isShown && document.querySelector('.rb-pic, .rb-snd')) window.usable = performance.now()
    if (window.evidence === null && document.querySelector('svg.agree')) window.evidence = performance.now()
    if (window.usable === null || window.evidence === null) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}
const OWN_BUILD = fileURLToPath(new URL('../../services/console/dist', import.meta.url))

export const consoleFlags = ['rounds', 'other'] as const

/**
 * Measures the match viewer in Chromium: how long it takes until it can be used, and how far its players are from being in
 * step. `--other` names another build of the console (its `dist`), which is measured in turn with this one.
 */
export const benchConsole: Bench = async ({ print, flags }) => {
  const rounds = Number(flags.rounds ?? ROUNDS)
  const builds: Readonly<Record<string, string>> = {
    'this build': OWN_BUILD,
    ...(flags.other === undefined ? {} : { 'other build': flags.other }),
  }
  const product = await startEmbedded()
  const browser = await launchBrowser()
  try {
    print('Storing a generated video and finding its copy …')
    const matchId = await findGenerated(product.address)
    const path = `/console/matches/${matchId}`
    const times = new Map(
      Object.keys(builds).map((name) => [name, { usable: [] as number[], evidence: [] as number[] }]),
    )
    for (let round = 0; round < rounds; round++) {
      for (const [name, folder] of Object.entries(builds)) {
        const measured = await openViewer(browser, { ...product.address, path, folder })
        times.get(name)?.usable.push(measured.usable)
        times.get(name)?.evidence.push(measured.evidence)
      }
      print(`Opened the viewer ${round + 1} of ${rounds} times.`)
    }
    const rows = [...times].map(([build, { usable, evidence }]): Row => {
      return {
        build,
        'usable, median ms': Math.round(median(usable)),
        'evidence, median ms': Math.round(median(evidence)),
      }
    })
    print('Playing …')
    const page = await (await browser.newContext()).newPage()
    await signIn(page, product.address, path)
    return { name: 'console', rows, more: { 'Drift of the players': [await measureDrift(page)] } }
  } finally {
    await browser.close()
    await product.close()
  }
}

type Address = { readonly url: string; readonly adminToken: string }

async function findGenerated({ url, adminToken }: Address): Promise<string> {
  const admin = createAdminClient(url, adminToken)
  await admin.startTry({ body: {} })
  for (;;) {
    const run = await admin.getTry()
    if (run.matchId !== null && run.state === 'done') return run.matchId
    if (run.state === 'failed') throw new Error(run.message ?? 'The generated video was not found.')
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Opens the viewer like a link in a message: signed in, with scripts in the cache. */
async function openViewer(
  browser: Browser,
  { path, folder, ...address }: Address & { readonly path: string; readonly folder: string },
): Promise<{ usable: number; evidence: number }> {
  const context = await browser.newContext()
  try {
    await serveBuild(context, folder)
    const page = await context.newPage()
    await signIn(page, address, '/console/settings')
    await openOnce(page, `${address.url}${path}`)
    await page.goto('about:blank')
    await page.addInitScript(WATCH)
    return await openOnce(page, `${address.url}${path}`)
  } finally {
    await context.close()
  }
}

async function openOnce(page: Page, address: string): Promise<{ usable: number; evidence: number }> {
  await page.goto(address, { waitUntil: 'commit' })
  await page.locator('svg.agree').first().waitFor()
  await page.locator('.rb-pic, .rb-snd').first().waitFor()
  await page.waitForTimeout(POLL_MS)
  return page.evaluate('({ usable: window.usable ?? NaN, evidence: window.evidence ?? NaN })')
}

/** Answers for the files of the console from a folder, so that builds differ in nothing else. */
async function serveBuild(context: BrowserContext, folder: string): Promise<void> {
  await context.route('**/console/**', (route) => {
    const { pathname } = new URL(route.request().url())
    const file = join(folder, pathname.replace('/console/', ''))
    const path = extname(file) !== '' && existsSync(file) ? file : join(folder, 'index.html')
    return route.fulfill({
      body: readFileSync(path),
      contentType: types[extname(path)] ?? 'application/octet-stream',
      headers: path.endsWith('.html') ? {} : { 'cache-control': 'public, max-age=31536000, immutable' },
    })
  })
}
