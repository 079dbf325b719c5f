import type { AdminRouteName } from '@kinoprint/contract'
import type { IconNode } from 'lucide'
import { Plus, SearchX } from 'lucide'
import type { ComponentChildren } from 'preact'
import { needs } from '../api/role.ts'
import type { Loaded } from '../api/use-load.ts'
import { messages } from '../messages/messages.ts'
import { EmptyState } from './empty-state.tsx'
import { Icon } from './icon.tsx'
import { LoadFailed } from './load-failed.tsx'
import { PageHead } from './page-head.tsx'
import { Pager } from './pager.tsx'
import { RoleNote } from './role-note.tsx'
import { SearchField } from './search-field.tsx'
import { TableShape } from './table-shape.tsx'
import type { Address } from './use-address.ts'

type Page<Row> = { readonly items: readonly Row[]; readonly total: number; readonly page: number }

/** A page that lists what its user may add to: title, "New …", the table, and what stands there while it is empty. */
export function ManagedList<Row>({
  title,
  add,
  search,
  empty,
  loaded: { data, fault, isLoading, reload },
  address,
  children,
}: {
  readonly title: string
  /** What adds one, and the route that it needs. */
  readonly add: { readonly label: string; readonly run: () => void; readonly route: AdminRouteName }
  /** The label of a search, and what to say when it finds nothing. Absent: the list has no search. */
  readonly search?: { readonly label: string; readonly nothing: string }
  readonly empty: { readonly icon: IconNode; readonly title: string; readonly text: string }
  readonly loaded: Loaded<Page<Row>>
  readonly address: Address
  /** The table; `isStale` while another page loads. */
  readonly children: (page: Page<Row>, isStale: boolean) => ComponentChildren
}) {
  const addButton = (
    <button type="button" class="btn p" onClick={add.run} {...needs(add.route)}>
      <Icon of={Plus} />
      {add.label}
    </button>
  )
  const q = search === undefined ? '' : (address.query.q ?? '')
  const isEmpty = data?.items.length === 0
  return (
    <>
      <PageHead title={title}>{addButton}</PageHead>
      <div class="body">
        <RoleNote route={add.route} />
        {search !== undefined && (q !== '' || (data !== undefined && !isEmpty)) && (
          <div class="filters">
            <SearchField label={search.label} value={q} onChange={(text) => address.change({ q: text })} />
          </div>
        )}
        {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
        {data === undefined && fault === undefined && <TableShape />}
        {data !== undefined && data.items.length > 0 && (
          <>
            <section class="card list">{children(data, isLoading && data.page !== address.page)}</section>
            <Pager address={address} total={data.total} />
          </>
        )}
        {isEmpty && q !== '' && (
          <section class="card">
            <EmptyState icon={SearchX} title={search?.nothing ?? ''}>
              <button type="button" class="btn" onClick={() => address.change({ q: '' })}>
                {messages.value.parts.clearAll}
              </button>
            </EmptyState>
          </section>
        )}
        {isEmpty && q === '' && (
          <section class="card">
            <EmptyState icon={empty.icon} title={empty.title}>
              <p>{empty.text}</p>
              {addButton}
            </EmptyState>
          </section>
        )}
      </div>
    </>
  )
}
