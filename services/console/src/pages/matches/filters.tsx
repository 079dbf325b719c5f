import { ArrowUpDown } from 'lucide'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { FilterChip } from '../../parts/filter-chip.tsx'
import { Icon } from '../../parts/icon.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import type { Address } from '../../parts/use-address.ts'
import { alterations, orders, tracks } from './filter.ts'

/** The filters of the queue, all in the address. */
export function Filters({ address }: { readonly address: Address }) {
  const texts = matchesTexts.value
  const { query, change } = address
  const set = (name: string) => (value: string) => change({ [name]: value, at: '' })
  const libraries = useLoad(() => api.listLibraries({ query: { pageSize: 100 } })).value.data
  return (
    <div class="filters row wrap">
      <SearchField label={texts.search} value={query.q ?? ''} onChange={set('q')} />
      <FilterChip
        label={texts.library}
        value={query.library ?? ''}
        choices={(libraries?.items ?? []).map(({ dnaDbId, name }) => ({ value: dnaDbId, label: name }))}
        onChange={set('library')}
      />
      <FilterChip
        label={texts.track}
        value={query.track ?? ''}
        choices={tracks.map((value) => ({ value, label: texts.tracks[value] }))}
        onChange={set('track')}
      />
      <FilterChip
        label={texts.altered}
        value={query.altered ?? ''}
        choices={alterations.map((value) => ({ value, label: texts.alterations[value] }))}
        onChange={set('altered')}
      />
      <FilterChip
        label={texts.score}
        value={query.score ?? ''}
        choices={['0.99', '0.95', '0.9', '0.7', '0.45-0.7'].map((value) => ({
          value,
          label: value.includes('-') ? value.replace('-', '–') : texts.atLeast(value),
        }))}
        onChange={set('score')}
      />
      <FilterChip
        label={texts.seconds}
        value={query.seconds ?? ''}
        choices={['2', '5', '10', '30', '60', '300'].map((value) => ({ value, label: texts.longer(value) }))}
        onChange={set('seconds')}
      />
      {query.sameReferenceAs !== undefined && query.sameReferenceAs !== '' && (
        <FilterChip
          label={texts.sameReference}
          value={query.sameReferenceAs}
          choices={[{ value: query.sameReferenceAs, label: texts.asOne }]}
          onChange={set('sameReferenceAs')}
        />
      )}
      <span class="sp" />
      <FilterChip
        label={texts.group}
        value={query.group ?? ''}
        choices={(['reference', 'query'] as const).map((value) => ({ value, label: texts.groups[value] }))}
        onChange={set('group')}
      />
      <label class="row g4 order">
        <Icon of={ArrowUpDown} size="s" />
        <select
          aria-label={texts.order}
          value={query.order ?? 'newest'}
          onChange={(event) => change({ order: event.currentTarget.value })}
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {texts.orders[order]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
