// `npm run shots [view …]`: pictures of every page of the console and of its states in five variants, in the folder
// `shots`, from footage that the product generates.
import { mkdirSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { startEmbedded } from '../e2e/product.ts'
import { launchBrowser, openPage, signIn } from './browser.ts'
import { fillInstallation } from './shots-content.ts'
import { firstViews, type View, viewsOf } from './shots-views.ts'

const FOLDER = new URL('../../shots/', import.meta.url).pathname
/** How long a page may go on drawing after it has loaded. */
const SETTLE_MS = 700

const variants = [
  { name: '1440-light', width: 1440, colorScheme: 'light', locale: 'en-GB' },
  { name: '1440-dark', width: 1440, colorScheme: 'dark', locale: 'en-GB' },
  { name: '390-light', width: 390, colorScheme: 'light', locale: 'en-GB' },
  { name: '390-dark', width: 390, colorScheme: 'dark', locale: 'en-GB' },
  { name: '1440-zh', width: 1440, colorScheme: 'light', locale: 'zh-CN' },
] as const

type Address = { readonly url: string; readonly adminToken: string }
type Shots = {
  readonly browser: Browser
  readonly address: Address
  readonly views: Readonly<Record<string, View>>
}

mkdirSync(FOLDER, { recursive: true })
const wanted = process.argv.slice(2)
const product = await startEmbedded()
const browser = await launchBrowser()
try {
  const { address } = product
  await takePictures({ browser, address, views: firstViews })
  const views = viewsOf(await fillInstallation(product))
  await takePictures({ browser, address, views })
  process.stdout.write(`The pictures are in ${FOLDER}\n`)
} finally {
  await browser.close()
  await product.close()
}

async function takePictures({ browser, address, views }: Shots): Promise<void> {
  const chosen = Object.entries(views).filter(([name]) => wanted.length === 0 || wanted.includes(name))
  if (chosen.length === 0) return
  for (const { name: variant, ...options } of variants) {
    const { page, context, errors } = await openPage(browser, { height: 900, ...options })
    await page.goto(address.url)
    await page.locator('input[type=password]').waitFor()
    if (views === firstViews) await page.screenshot({ path: `${FOLDER}sign-in-${variant}.png` })
    if (options.locale === 'en-GB') await signIn(page, address)
    else {
      await page.keyboard.type(address.adminToken)
      await page.keyboard.press('Enter')
      await page.locator('nav').first().waitFor({ state: 'attached' })
    }
    for (const [name, { path, act }] of chosen) {
      await page.goto(`${address.url}/console/no-such-page`)
      await page.goto(`${address.url}${path}`)
      try {
        await page.locator('h1').first().waitFor()
        await page.locator('main .shape, main .shape-stage').first().waitFor({ state: 'detached' })
        await page.waitForTimeout(SETTLE_MS)
        await act?.(page)
      } catch (thrown) {
        process.stderr.write(`${name} ${variant}: ${String(thrown)}\n`)
      }
      // The picture is of the whole page, and thumbnails load only near the window.
      const { scrollHeight } = await page.evaluate<{ scrollHeight: number }>(
        '({ scrollHeight: document.documentElement.scrollHeight })',
      )
      await page.setViewportSize({ width: options.width, height: Math.max(900, scrollHeight) })
      await page.waitForTimeout(SETTLE_MS)
      await page.screenshot({ path: `${FOLDER}${name}-${variant}.png`, fullPage: true })
      await page.setViewportSize({ width: options.width, height: 900 })
    }
    for (const error of errors) process.stderr.write(`${variant}: ${error}\n`)
    await context.close()
  }
}
