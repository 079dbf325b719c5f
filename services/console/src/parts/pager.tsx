import { ChevronLeft, ChevronRight } from 'lucide'
import { numberText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { type Address, pageSizes } from './use-address.ts'

/** "1–50 of 12,480", pages and their size. `isExact` is false if the server stopped counting. */
export function Pager({
  address,
  total,
  isExact = true,
}: {
  readonly address: Address
  readonly total: number
  readonly isExact?: boolean
}) {
  const texts = messages.value.parts
  const { page, pageSize, change } = address
  const first = Math.min(total, (page - 1) * pageSize + 1)
  const last = Math.min(total, page * pageSize)
  return (
    <nav class="pager row q sm" aria-label={texts.pages}>
      <span>
        {texts.range(numberText(first), numberText(last), `${numberText(total)}${isExact ? '' : '+'}`)}
      </span>
      <span class="sp" />
      <label class="row g4 hide-s">
        {texts.perPage}
        <select
          class="select xs"
          value={String(pageSize)}
          onChange={(event) => change({ pageSize: event.currentTarget.value })}
        >
          {pageSizes.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="btn xs" disabled={page <= 1} onClick={() => change({ page: page - 1 })}>
        <Icon of={ChevronLeft} size="s" />
        {texts.previous}
      </button>
      <button
        type="button"
        class="btn xs"
        disabled={last >= total}
        onClick={() => change({ page: page + 1 })}
      >
        {texts.next}
        <Icon of={ChevronRight} size="s" />
      </button>
    </nav>
  )
}
