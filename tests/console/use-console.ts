import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Product, startEmbedded } from '../e2e/product.ts'
import { launchBrowser, type OpenedPage, type OpenOptions, openPage, signIn } from './browser.ts'

/** The product of a test file, and pages of its console. */
export type TestConsole = {
  readonly product: Product
  /** Opens a page of its own, not signed in. Any error in its console fails the test. */
  open(options?: OpenOptions): Promise<Page>
  /** Opens a page and signs in at a path. */
  openAt(path: string, options?: OpenOptions): Promise<Page>
}

/** Starts a product and a browser before the tests of a file, and ends them afterwards. */
export function useConsole(start: () => Promise<Product> = () => startEmbedded()): TestConsole {
  let product: Product | undefined
  let browser: Browser | undefined
  let opened: OpenedPage[] = []
  beforeAll(async () => {
    product = await start()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })
  afterEach(async ({ task }) => {
    const pages = opened
    opened = []
    if (task.result?.state === 'fail') for (const { page } of pages) await tellState(page)
    for (const { context } of pages) await context.close()
    expect(pages.flatMap(({ errors }) => errors)).toEqual([])
  })
  const site: TestConsole = {
    get product() {
      if (product === undefined) throw new Error('The product starts before the tests, not while they load.')
      return product
    },
    open: async (options) => {
      if (browser === undefined) throw new Error('The browser starts before the tests, not while they load.')
      const { page, ...rest } = await openPage(browser, options)
      opened.push({ page, ...rest })
      return page
    },
    openAt: async (path, options) => {
      const page = await site.open(options)
      await signIn(page, site.product.address, path)
      return page
    },
  }
  return site
}

/** Prints what a page shows when its test fails, and which element has the focus. */
async function tellState(page: Page): Promise<void> {
  const shown = await page
    .evaluate(
      '[document.activeElement?.outerHTML.slice(0, 200), document.body.innerText.slice(0, 3000)].join("\\n")',
    )
    .catch(String)
  console.error(
    `At the end of the test: ${page.url()}, the focused element, and what the page shows\n${shown}`,
  )
}
