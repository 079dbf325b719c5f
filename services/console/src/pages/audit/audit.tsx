import '../../styles/audit.css'
import { Download, ScrollText } from 'lucide'
import { addressOf, api } from '../../api/client.ts'
import { may } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FilterChip } from '../../parts/filter-chip.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Pager } from '../../parts/pager.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { type Address, useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { auditColumns } from './audit-columns.tsx'
import { auditTexts } from './audit-texts.ts'

/** Who changed what, newest first. */
export default function Audit() {
  const texts = auditTexts.value
  usePageTitle(texts.title)
  const address = useAddress()
  const { subject, action, who } = address.query
  const filter = { subject, action, who }
  return (
    <>
      <PageHead title={texts.title}>
        {may('exportAudit') &&
          (['jsonl', 'csv'] as const).map((format) => (
            <a
              key={format}
              class="btn"
              href={addressOf('exportAudit', { query: { ...filter, format } })}
              download
            >
              <Icon of={Download} />
              {texts[format]}
            </a>
          ))}
      </PageHead>
      <div class="body">
        <RoleNote route="listAudit" />
        {may('listAudit') && <Entries {...{ address, filter }} />}
      </div>
    </>
  )
}

type Filter = { readonly [Name in 'subject' | 'action' | 'who']: string | undefined }

function Entries({ address, filter }: { readonly address: Address; readonly filter: Filter }) {
  const texts = auditTexts.value
  const { page, pageSize, change, key } = address
  const loaded = useLoad(() => api.listAudit({ query: { ...filter, page, pageSize } }), key).value
  const { data, fault, reload } = loaded
  return (
    <>
      <div class="row wrap">
        <SearchField
          label={texts.searchSubject}
          value={filter.subject ?? ''}
          onChange={(subject) => change({ subject })}
        />
        <FilterChip
          label={texts.action}
          value={filter.action ?? ''}
          choices={Object.entries(texts.actions).map(([value, label]) => ({ value, label }))}
          onChange={(action) => change({ action })}
        />
        {filter.who !== undefined && (
          <FilterChip label={texts.who} value={filter.who} choices={[]} onChange={(who) => change({ who })} />
        )}
        <span class="sm q">{texts.hint}</span>
      </div>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data === undefined && fault === undefined && <TableShape />}
      {data !== undefined && data.items.length > 0 && (
        <>
          <section class="card list">
            <DataTable
              label={texts.title}
              rows={data.items}
              rowKey={({ auditId }) => String(auditId)}
              columns={auditColumns()}
              isStale={loaded.isLoading && data.page !== page}
            />
          </section>
          <Pager address={address} total={data.total} />
        </>
      )}
      {data?.items.length === 0 && (
        <section class="card">
          <EmptyState icon={ScrollText} title={texts.none}>
            <p>{texts.noneText}</p>
          </EmptyState>
        </section>
      )}
    </>
  )
}
