import { ArrowDown, ArrowUp } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { useRowKeys } from './use-row-keys.ts'

export type Column<Row> = {
  readonly key: string
  readonly head: string
  readonly cell: (row: Row) => ComponentChildren
  /** `number` is aligned to the right; `actions` does not open the row. */
  readonly kind?: 'number' | 'actions'
  /** Left out on a phone. */
  readonly wideOnly?: boolean
  /** The orders of the server that this head switches between, ascending and descending. */
  readonly orders?: readonly [ascending: string, descending: string]
}

type Selection = {
  readonly keys: ReadonlySet<string>
  readonly onChange: (keys: ReadonlySet<string>) => void
}

/**
 * A table of one page of the server. Rows are moved through by `J`, `K` and the arrows, opened by Enter or a click, and
 * selected by `X` and Shift with the arrows where `selection` is given.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  rowHref,
  order = '',
  onOrder,
  selection,
  isStale = false,
}: {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** The page of a row. */
  readonly rowHref?: (row: Row) => string
  readonly order?: string
  readonly onOrder?: (order: string) => void
  readonly selection?: Selection
  /** True while the next page loads. */
  readonly isStale?: boolean
}) {
  const texts = messages.value.parts
  const { route } = useLocation()
  const body = useRef<HTMLTableSectionElement>(null)
  const keys = rows.map(rowKey)
  const isAllSelected = keys.length > 0 && keys.every((key) => selection?.keys.has(key))
  const { focused, setFocused } = useRowKeys({
    keys,
    container: body,
    selection,
    open: (index) => {
      const row = rows[index]
      if (row !== undefined && rowHref !== undefined) route(rowHref(row))
    },
  })
  const openByMouse = (event: MouseEvent, row: Row) => {
    const isControl =
      event.target instanceof Element && event.target.closest('a, button, input, label, select')
    if (isControl || rowHref === undefined || getSelection()?.isCollapsed === false) return
    if (event.ctrlKey || event.metaKey) open(rowHref(row), '_blank', 'noopener')
    else route(rowHref(row))
  }
  return (
    <table class={isStale ? 'data stale' : 'data'} aria-label={label} aria-busy={isStale}>
      <thead>
        <tr>
          {selection !== undefined && (
            <th class="tick-cell">
              <AllBox
                isChecked={isAllSelected}
                isMixed={!isAllSelected && selection.keys.size > 0}
                onChange={() => selection.onChange(new Set(isAllSelected ? [] : keys))}
              />
            </th>
          )}
          {columns.map((column) => (
            <Head key={column.key} column={column} order={order} onOrder={onOrder} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row, index) => {
          const key = keys[index] ?? ''
          const isSelected = selection?.keys.has(key) === true
          return (
            <tr
              key={key}
              class={`${rowHref === undefined ? '' : 'opens'} ${isSelected ? 'on' : ''}`}
              tabIndex={index === focused ? 0 : -1}
              {...(selection === undefined ? {} : { 'aria-selected': isSelected })}
              onFocus={() => setFocused(index)}
              onClick={(event) => openByMouse(event, row)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.target === event.currentTarget && rowHref !== undefined)
                  route(rowHref(row))
              }}
            >
              {selection !== undefined && (
                <td class="tick-cell">
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={texts.selectRow}
                    checked={isSelected}
                    onChange={() => selection.onChange(toggled(selection.keys, key))}
                  />
                </td>
              )}
              {columns.map(({ key: name, cell, kind, wideOnly }) => (
                <td
                  key={name}
                  class={`${kind === 'number' ? 'r nw' : (kind ?? '')} ${wideOnly ? 'hide-s' : ''}`}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Head<Row>({
  column: { head, kind, wideOnly, orders },
  order,
  onOrder,
}: {
  readonly column: Column<Row>
  readonly order: string
  readonly onOrder: ((order: string) => void) | undefined
}) {
  const shape = `${kind === 'number' ? 'r' : ''} ${wideOnly ? 'hide-s' : ''}`
  if (orders === undefined || onOrder === undefined) {
    return (
      <th class={shape}>{head === '' ? <span class="sr">{messages.value.parts.actions}</span> : head}</th>
    )
  }
  const [up, down] = orders
  const sort = order === up ? 'ascending' : order === down ? 'descending' : 'none'
  return (
    <th class={shape} aria-sort={sort}>
      <button type="button" class="sort" onClick={() => onOrder(order === up ? down : up)}>
        {head}
        {sort !== 'none' && <Icon of={sort === 'ascending' ? ArrowUp : ArrowDown} size="s" />}
      </button>
    </th>
  )
}

function AllBox({
  isChecked,
  isMixed,
  onChange,
}: {
  readonly isChecked: boolean
  readonly isMixed: boolean
  readonly onChange: () => void
}) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = isMixed
  }, [isMixed])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={messages.value.parts.selectPage}
      checked={isChecked}
      onChange={onChange}
    />
  )
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
