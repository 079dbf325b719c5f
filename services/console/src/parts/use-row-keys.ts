import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { useKeys } from '../keys/keys.ts'
import { messages } from '../messages/messages.ts'

type Rows = {
  /** The keys of the rows, in order. */
  readonly keys: readonly string[]
  /** Its children are the rows. */
  readonly container: RefObject<HTMLElement | null>
  readonly open: (index: number) => void
  readonly selection?:
    | {
        readonly keys: ReadonlySet<string>
        readonly onChange: (keys: ReadonlySet<string>) => void
      }
    | undefined
  /** The columns of a grid: a step down is as many items, and the arrows to the sides move by one. */
  readonly columns?: () => number
}

/** `J`, `K` and the arrows move the focus through rows, Enter opens one, `X` and Shift with an arrow select. */
export function useRowKeys({ keys, container, open, selection, columns }: Rows) {
  const texts = messages.value.parts
  const [focused, setFocused] = useState(0)
  const isInside = () => container.current?.contains(document.activeElement) === true
  const focus = (index: number) => {
    const child = container.current?.children[index]
    const row = child?.matches('[tabindex]') ? child : child?.querySelector('[tabindex]')
    if (!(row instanceof HTMLElement)) return
    setFocused(index)
    row.focus()
    row.scrollIntoView({ block: 'nearest' })
  }
  // The first key enters the list where it was left.
  const move = (step: number) =>
    focus(
      isInside()
        ? Math.min(keys.length - 1, Math.max(0, focused + step))
        : Math.min(focused, keys.length - 1),
    )
  const extend = (step: number) => {
    const from = keys[focused]
    const next = Math.min(keys.length - 1, Math.max(0, focused + step))
    const to = keys[next]
    if (selection === undefined || from === undefined || to === undefined) return
    selection.onChange(new Set([...selection.keys, from, to]))
    focus(next)
  }
  const down = () => columns?.() ?? 1
  useKeys(texts.lists, [
    ...(columns === undefined
      ? [
          { keys: ['J', 'ArrowDown'], label: texts.nextRow, run: () => move(1) },
          { keys: ['K', 'ArrowUp'], label: texts.previousRow, run: () => move(-1) },
        ]
      : [
          { keys: ['J', 'ArrowRight'], label: texts.nextItem, run: () => move(1) },
          { keys: ['K', 'ArrowLeft'], label: texts.previousItem, run: () => move(-1) },
          { keys: ['ArrowDown'], label: texts.nextRow, run: () => move(down()) },
          { keys: ['ArrowUp'], label: texts.previousRow, run: () => move(-down()) },
        ]),
    { keys: ['Enter'], label: texts.openRow, run: () => isInside() && open(focused) },
    ...(selection === undefined
      ? []
      : [
          {
            keys: ['X'],
            label: texts.selectRow,
            run: () => {
              const key = keys[focused]
              if (key === undefined) return
              const next = new Set(selection.keys)
              if (!next.delete(key)) next.add(key)
              selection.onChange(next)
            },
          },
          { keys: ['Shift+ArrowDown'], label: texts.extendDown, run: () => extend(down()) },
          { keys: ['Shift+ArrowUp'], label: texts.extendUp, run: () => extend(-down()) },
          {
            keys: ['Ctrl+A'],
            label: texts.selectPage,
            run: () => selection.onChange(new Set(keys)),
          },
        ]),
  ])
  return { focused: Math.max(0, Math.min(focused, keys.length - 1)), setFocused }
}
