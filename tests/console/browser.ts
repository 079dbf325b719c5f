import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Debian's Chromium, if possible without the parts that draw windows, which take as much CPU time as the pages. Its
 * sandbox needs a user other than root, and it sees only pages of the product.
 */
export function launchBrowser(): Promise<Browser> {
  const find = 'command -v chromium-headless-shell || command -v chromium'
  const executablePath = execFileSync('sh', ['-c', find], { encoding: 'utf8' }).trim()
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  })
}

/** Ends what hangs, however busy the machine is. */
const HANG_MS = 250_000

export type OpenOptions = {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly locale?: string
  /** Console errors that the test causes on purpose, e.g. the 401 of a wrong token. */
  readonly expectedErrors?: RegExp
}

export type OpenedPage = {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the console, uncaught errors and violations of the policy, without the expected ones. */
  readonly errors: readonly string[]
}

/** Opens a page of its own, without cookies, that records what goes wrong in it. */
export async function openPage(browser: Browser, options: OpenOptions = {}): Promise<OpenedPage> {
  const { width = 1440, height = 900, colorScheme = 'light', locale = 'en-GB', expectedErrors } = options
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale })
  context.setDefaultTimeout(HANG_MS)
  const page = await context.newPage()
  const errors: string[] = []
  const record = (text: string) => {
    if (expectedErrors === undefined || !expectedErrors.test(text)) errors.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error') record(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => record(String(error)))
  return { page, context, errors }
}

/** Signs in through the form, by keyboard. */
export async function signIn(
  page: Page,
  { url, adminToken }: { url: string; adminToken: string },
  path = '/',
) {
  await page.goto(`${url}${path}`)
  await page.getByLabel('Admin token').waitFor()
  await page.keyboard.type(adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor()
}

/** What axe finds wrong with the page: rule and element of each violation. Without `rules`, every rule is checked. */
export async function findAccessibilityFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Every page has one. Until its script has loaded, there is none.
  await page.locator('h1').first().waitFor({ state: 'attached' })
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource)
  const options = JSON.stringify(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } })
  const results = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResults
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html} ${failureSummary ?? ''}`),
  )
}

/** Whether the page is wider than its window. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
}
