import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { findAccessibilityFaults, type OpenOptions, scrollsSideways } from './browser.ts'
import { useConsole } from './use-console.ts'

/** The footage has 15 frames a second. */
const FRAME_SECONDS = 1 / 15
/** Where the mirrored copy starts in the original. */
const START_SECONDS = 5
const HOSTILE = 'in/<img src=x onerror=window.hacked=1> \u202Egpj.elif.mp4'
const BUCKET = 'films-125'
/** A busy machine takes its time; the limit ends what hangs. */
const WAIT = { timeout: 250_000, interval: 500 }

const site = useConsole()
beforeAll(async () => {
  const { product } = site
  const folder = join(product.dataDir, 'buckets', BUCKET)
  mkdirSync(join(folder, 'in'), { recursive: true })
  const original = join(folder, 'film.mp4')
  await renderFootage(original, { seed: 21, seconds: 30 })
  const cut = ['-ss', String(START_SECONDS), '-t', '20', '-i', original]
  await ffmpeg(...cut, '-vf', 'hflip', join(folder, 'in/mirrored.mp4'))
  await ffmpeg('-ss', '2', '-t', '14', '-i', original, join(folder, HOSTILE))
  // Chromium plays no MPEG-4 part 2.
  await ffmpeg(...cut.slice(0, 3), '8', '-i', original, '-c:v', 'mpeg4', join(folder, 'unplayable.mp4'))
  const admin = createAdminClient(product.address.url, product.address.adminToken)
  const { dnaDbId } = await admin.createLibrary({ body: { name: 'Films' } })
  const run = async (ruleType: 'GetFingerPrint' | 'FindSimilarVideo', object: string) => {
    const { jobId } = await admin.submitJob({ body: { ruleType, dnaDbId, bucket: BUCKET, object } })
    await vi.waitFor(
      async () => expect((await admin.getJob({ params: { jobId } })).state).toBe('Success'),
      WAIT,
    )
  }
  await run('GetFingerPrint', 'film.mp4')
  await run('FindSimilarVideo', 'in/mirrored.mp4')
  await run('FindSimilarVideo', HOSTILE)
  await run('FindSimilarVideo', 'unplayable.mp4')
})

async function openQueue(options?: OpenOptions): Promise<Page> {
  const page = await site.openAt('/console/matches', options)
  await page.getByRole('row').first().waitFor()
  return page
}

/** Presses a key and waits for the notice of what it did, which is shown for some seconds only. */
async function saysAfter(page: Page, key: string, notice: RegExp): Promise<void> {
  const said = page.getByText(notice).first().waitFor()
  await Promise.all([said, page.keyboard.press(key)])
}

async function matchIdOf(q: string): Promise<string> {
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const { items } = await admin.listMatches({ query: { q } })
  return items[0]?.matchId ?? ''
}

async function matchesInOrder(): Promise<string[]> {
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  const { items } = await admin.listMatches({ query: { state: 'open' as never } })
  return items.map(({ matchId }) => matchId)
}

async function openViewer(page: Page, name: string): Promise<void> {
  await page.getByRole('row').filter({ hasText: name }).click()
  // On a phone the click has opened it.
  if ((page.viewportSize()?.width ?? 0) > 900) await page.keyboard.press('Enter')
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
  await expect
    .poll(() =>
      page.evaluate('[...document.querySelectorAll("video")].map(({ readyState }) => readyState >= 2)'),
    )
    .toEqual([true, true])
}

/** The seconds that both players are at. */
function playerTimes(page: Page): Promise<[number, number]> {
  return page.evaluate('[...document.querySelectorAll("video")].map((video) => video.currentTime)')
}

test('a player that is knocked out of step is corrected, and both stop on the same frame', async () => {
  const page = await openQueue()
  await openViewer(page, 'mirrored.mp4')
  await page.getByText('mirrored, shown straightened').waitFor()
  await page.keyboard.press('Space')
  await expect.poll(async () => (await playerTimes(page))[0]).toBeGreaterThan(0.2)
  // How far they drift depends on the machine, so `npm run bench -- console` measures it.
  await page.evaluate(`(() => {
    const [, reference] = document.querySelectorAll('video')
    window.corrections = 0
    reference.addEventListener('seeked', () => {
      reference.addEventListener('ratechange', () => window.corrections++)
      reference.addEventListener('seeking', () => window.corrections++)
    }, { once: true })
    reference.currentTime += 0.3
  })()`)
  await expect.poll(() => page.evaluate('window.corrections')).toBeGreaterThan(0)
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await expect
    .poll(() => page.evaluate('[...document.querySelectorAll("video")].some(({ seeking }) => seeking)'))
    .toBe(false)
  const [query, reference] = await playerTimes(page)
  expect(Math.abs(reference - query - START_SECONDS)).toBeLessThan(FRAME_SECONDS)
})

test('while the videos of a match load, a thumbnail of each fills the box of its first frame', async () => {
  const page = await site.openAt('/console/no-such-page')
  let load: () => void = () => undefined
  const isAllowed = new Promise<void>((resolve) => {
    load = resolve
  })
  await page.route('**/admin/objects/**', (route) => isAllowed.then(() => route.continue()))
  await page.goto(`${site.product.address.url}/console/matches/${await matchIdOf('mirrored')}#p=1&t=9.2`)
  const stills = page.locator('.pics canvas')
  await expect.poll(() => stills.count()).toBe(2)
  const isDrawn = (canvas: Element) => {
    const { width, height } = canvas as HTMLCanvasElement
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {}
    return data?.some((value, at) => at % 4 < 3 && value > 0)
  }
  for (const still of await stills.all()) await expect.poll(() => still.evaluate(isDrawn)).toBe(true)
  const boxes = async (selector: string) =>
    Promise.all((await page.locator(selector).all()).map((one) => one.boundingBox()))
  const shapes = await boxes('.pics canvas')
  expect(await boxes('.pics video')).toEqual(shapes)
  load()
  await expect.poll(() => stills.count()).toBe(0)
  expect(await boxes('.pics video')).toEqual(shapes)
})

test('the address keeps the moment, and who opens it sees the same', async () => {
  const page = await openQueue()
  await openViewer(page, 'mirrored.mp4')
  await page.keyboard.press('4')
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('z')
  await page.waitForURL(/#p=1&t=3(?:\.0\d*)?&m=difference&z=0\.0-\d+\.\d,\d+\.\d-\d+\.\d$/)
  const address = page.url()
  await page.reload()
  await page.getByRole('radio', { name: /Difference/, checked: true }).waitFor()
  await expect.poll(async () => (await playerTimes(page))[0]).toBeCloseTo(3, 0)
  await expect.poll(() => page.url()).toBe(address)
})

test('an address of another moment of the open match moves the players', async () => {
  const page = await openQueue()
  await openViewer(page, 'mirrored')
  await page.keyboard.press('z')
  await expect.poll(() => page.url()).toContain('z=')
  await page.evaluate('location.hash = "#p=1&t=9.2"')
  await expect.poll(async () => (await playerTimes(page))[0]).toBeCloseTo(9.2, 0)
  await expect.poll(() => page.url()).toMatch(/#p=1&t=9[^z]*$/)
})

test('a key for the next match acts also if it is pressed before the next match is known', async () => {
  const page = await openQueue()
  const [first, second] = (await matchesInOrder()) as [string, string]
  const held: (() => Promise<void>)[] = []
  let isHeld = true
  await page.route('**/neighbours*', async (route) => {
    if (isHeld) held.push(() => route.continue())
    else await route.continue()
  })
  await page.goto(`${site.product.address.url}/console/matches/${first}`)
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('z')
  await page.keyboard.press('Shift+J')
  await expect.poll(() => held.length).toBe(1)
  isHeld = false
  await held[0]?.()
  await page.waitForURL(`**/console/matches/${second}*`)
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
})

test('names of objects are shown as text, also those with markup', async () => {
  const page = await openQueue()
  await page.getByRole('row').filter({ hasText: '<img src=x' }).waitFor()
  await openViewer(page, '<img src=x')
  await page.getByRole('heading', { level: 1 }).filter({ hasText: '<img src=x' }).waitFor()
  expect(
    await page.evaluate('[window.hacked ?? null, document.querySelectorAll("img[src=x]").length]'),
  ).toEqual([null, 0])
})

test('the viewer says why a passage matches, with each figure beside its threshold', async () => {
  const page = await openQueue()
  await openViewer(page, 'mirrored.mp4')
  await page.getByRole('heading', { name: 'Why passage 1 matches' }).waitFor()
  await page.getByText('The copy is changed: mirrored.').waitFor()
  await page.getByText('reported from 0.45').waitFor()
  const agreement = page.getByRole('img', { name: 'Agreement of picture and sound along passage 1' })
  await agreement.waitFor()
  expect(await agreement.locator('path').count()).toBeGreaterThan(2)
})

test.each(['light', 'dark'] as const)('axe finds no fault in queue and viewer, %s', async (colorScheme) => {
  const page = await openQueue({ colorScheme })
  expect(await findAccessibilityFaults(page)).toEqual([])
  await openViewer(page, 'mirrored.mp4')
  await page.getByRole('heading', { name: 'Why passage 1 matches' }).waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
})

test.each([390, 320])('queue and viewer do not scroll sideways at %s pixels', async (width) => {
  const page = await openQueue({ width, height: 844 })
  expect(await scrollsSideways(page)).toBe(false)
  await openViewer(page, 'mirrored.mp4')
  expect(await scrollsSideways(page)).toBe(false)
})

test('a match is opened, confirmed and taken back by keyboard only', async () => {
  const page = await openQueue()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await saysAfter(page, 'c', /^Confirmed: /)
  await page.getByRole('link', { name: /^Confirmed\s*1$/ }).waitFor()
  // The row folds away first.
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.keyboard.press('u')
  await page.getByRole('link', { name: /^Confirmed\s*0$/ }).waitFor()
  await expect.poll(() => page.getByRole('row').count()).toBe(3)
  await page.keyboard.press('Enter')
  await page.getByRole('slider', { name: 'Timeline' }).waitFor()
  await saysAfter(page, 'd', /^Not a match: /)
})

test('a match is exported in four formats, an edit decision list with its frame rate', async () => {
  const page = await openQueue()
  await openViewer(page, 'mirrored.mp4')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByLabel('Frames a second of the EDL').selectOption('30')
  const addresses = await page.locator('.popup-panel a').evaluateAll((links) => links.map(String))
  expect(addresses.map((one) => one.replace(/^.*\/export/, ''))).toEqual([
    '?format=html&pictures=show',
    '?format=json',
    '?format=csv',
    '?format=edl&fps=30',
  ])
  for (const address of addresses) {
    const answer = await page.request.get(address)
    expect([answer.status(), answer.headers()['content-disposition']]).toEqual([
      200,
      expect.stringContaining('attachment'),
    ])
  }
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.popup-panel').count()).toBe(0)
})

test('a video that the browser cannot play is shown in stills until a preview of it is made', async () => {
  const page = await site.openAt(`/console/matches/${await matchIdOf('unplayable')}`)
  await page.getByText('This browser cannot play unplayable.mp4').waitFor()
  await page.getByRole('img', { name: /^Query at/ }).waitFor()
  await page.keyboard.press('4')
  await page.getByText('Difference is off: it needs both videos to play.').first().waitFor()
  expect(await findAccessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Make an H.264 preview' }).click()
  await expect.poll(() => page.locator('video').count(), WAIT).toBe(2)
  await expect
    .poll(() =>
      page.evaluate('[...document.querySelectorAll("video")].map(({ readyState }) => readyState >= 2)'),
    )
    .toEqual([true, true])
  await page.getByText('This browser cannot play').waitFor({ state: 'detached' })
})

test('a zoom to a passage gives the dot plot finer dots', async () => {
  const page = await site.openAt(`/console/matches/${await matchIdOf('unplayable')}`)
  await page.getByText('a dot is 0.3 × 0.3 s').waitFor()
  await page.keyboard.press('z')
  await page.getByText('a dot is 0.1 × 0.1 s').waitFor()
  await page.keyboard.press('0')
  await expect.poll(() => page.getByText('a dot is 0.3 × 0.3 s').count()).toBe(1)
})

test('evidence that is not kept is computed by a search from the viewer', async () => {
  const page = await openQueue()
  const matchId = await matchIdOf('mirrored')
  // As if an older version had found it.
  await page.route(`**/admin/matches/${matchId}`, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ json: { ...(await answer.json()), hasEvidence: false } })
  })
  await openViewer(page, 'mirrored.mp4')
  await page.getByText('The evidence of this match is not kept').waitFor()
  await page.unroute(`**/admin/matches/${matchId}`)
  await page.getByRole('button', { name: 'Compute it' }).click()
  await page.getByRole('link', { name: 'Searching again' }).waitFor()
  await page.getByRole('heading', { name: 'Why passage 1 matches' }).waitFor(WAIT)
})

test('a match whose file is gone is shown with its stills, asks for nothing that is missing, and can be decided', async () => {
  const admin = createAdminClient(site.product.address.url, site.product.address.adminToken)
  rmSync(join(site.product.dataDir, 'buckets', BUCKET, 'in/mirrored.mp4'))
  const page = await site.openAt(`/console/matches/${await matchIdOf('mirrored')}`)
  await page.getByText('mirrored.mp4 is not in its bucket.').waitFor()
  await page.getByText(/^.*You see the \d+ stills that were kept/).waitFor()
  await page.getByRole('img', { name: /^Query at/ }).waitFor()
  await page.keyboard.press('Space')
  await page.keyboard.press('Space')
  await saysAfter(page, 'c', /^Confirmed: /)
  const decided = await admin.listMatches({ query: { state: 'confirmed', q: 'mirrored' } })
  expect(decided.total).toBe(1)
})
