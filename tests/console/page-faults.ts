import type { Page } from 'playwright-core'

/**
 * What does not fit the width of the page: controls, headings and texts that reach over its edge, and each element that makes the
 * page scroll sideways. What a part of the page scrolls or cuts itself is left out.
 */
export function findCutParts(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    const doesScroll = document.documentElement.scrollWidth > width
    const isContained = (element) => {
      for (let parent = element.parentElement; parent !== document.body && parent; parent = parent.parentElement)
        if (getComputedStyle(parent).overflowX !== 'visible') return true
      return false
    }
    const looked = doesScroll ? 'main *, nav *' : 'a, button, input, select, textarea, h1, h2, h3, label, p'
    const faults = [...document.querySelectorAll(looked)].filter((element) => {
      const { left, right, width: own, height } = element.getBoundingClientRect()
      if (own < 2 || height < 2 || (left >= -1 && right <= width + 1)) return false
      return !element.matches('.skip') && getComputedStyle(element).visibility !== 'hidden' && !isContained(element)
    })
    const texts = faults.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))
    return doesScroll ? ['the page scrolls sideways', ...texts] : texts
  })()`)
}

/** How many animations run. */
export function countAnimations(page: Page): Promise<number> {
  return page.evaluate(
    'document.getAnimations().filter(({ playState, effect }) => playState === "running" && effect?.getComputedTiming().duration > 1).length',
  )
}

/** Texts of the page that a reader of Chinese sees, without names, code and keys. */
export function readTexts(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const skipped = '[translate=no], code, pre, kbd, script, style, noscript, [lang=en]'
    const texts = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode())
      if (walker.currentNode.parentElement?.closest(skipped) === null) texts.push(walker.currentNode.data.trim())
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
      if (element.closest(skipped) === null)
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '')
    return [...new Set([document.title, ...texts])].filter((text) => /[a-z]{2}/i.test(text))
  })()`)
}
