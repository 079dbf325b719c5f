import type { Page } from 'playwright-core'
import { median } from '../median.ts'
import type { Row } from '../report.ts'

const SAMPLES = 200
/** Frames after the start, in which the follower is still brought into step. */
const SETTLING = 30
const POLL_MS = 50

/**
 * How far the reference is from the frame of the query, playing and paused. The two are compared by the line of the best
 * passage, as the page itself states it.
 */
export async function measureDrift(page: Page): Promise<Row> {
  await page.locator('svg.agree').first().waitFor()
  await until(
    page,
    '[...document.querySelectorAll("video")].filter(({ readyState }) => readyState >= 2).length === 2',
  )
  await page.keyboard.press('Home')
  await settle(page)
  const [start, line] = (await page.evaluate(
    '[...document.querySelectorAll("video")].map(({ currentTime }) => currentTime)',
  )) as [number, number]
  await page.keyboard.press('End')
  await settle(page)
  const [end, lineEnd] = (await page.evaluate(
    '[...document.querySelectorAll("video")].map(({ currentTime }) => currentTime)',
  )) as [number, number]
  const speed = (lineEnd - line) / (end - start)
  await page.keyboard.press('Home')
  await settle(page)
  await page.keyboard.press('Space')
  const drifts = (await page.evaluate(`(async () => {
    const [query, reference] = document.querySelectorAll('video')
    const drifts = []
    let seen = null
    const watch = (video, see) => {
      const next = (_, frame) => { see(frame); video.requestVideoFrameCallback(next) }
      video.requestVideoFrameCallback(next)
    }
    watch(reference, (frame) => { seen = frame })
    watch(query, (frame) => {
      if (seen === null) return
      const since = (frame.expectedDisplayTime - seen.expectedDisplayTime) / 1000
      drifts.push(seen.mediaTime + since * reference.playbackRate - ${line} - (frame.mediaTime - ${start}) * ${speed})
    })
    while (drifts.length < ${SAMPLES}) await new Promise((resolve) => setTimeout(resolve, 50))
    return drifts.slice(${SETTLING}).map(Math.abs).sort((a, b) => a - b)
  })()`)) as number[]
  await page.keyboard.press('Space')
  await settle(page)
  const [query, reference] = (await page.evaluate(
    '[...document.querySelectorAll("video")].map(({ currentTime }) => currentTime)',
  )) as [number, number]
  const ms = (seconds: number) => Math.round(1000 * seconds)
  return {
    'playing, median ms': ms(median(drifts)),
    'playing, 95 % within ms': ms(drifts[Math.floor(0.95 * drifts.length)] ?? Number.NaN),
    'paused, ms': ms(Math.abs(reference - line - (query - start) * speed)),
  }
}

/** Waits until neither player seeks. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(300)
  await until(page, '![...document.querySelectorAll("video")].some(({ seeking }) => seeking)')
}

/** Waits until an expression is true. The page's policy forbids `waitForFunction` to evaluate a string. */
async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate(expression))) await page.waitForTimeout(POLL_MS)
}
