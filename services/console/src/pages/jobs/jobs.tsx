import { needs } from '../../api/role.ts'
import '../../styles/jobs.css'
import { ListChecks, SearchX } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { momentFullText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { announce } from '../../parts/announce.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FilterChip } from '../../parts/filter-chip.tsx'
import type { JobSummary } from '../../parts/job-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { showToast } from '../../parts/toast.tsx'
import { type Address, useAddress } from '../../parts/use-address.ts'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { counts as navigationCounts } from '../../shell/counts.ts'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { jobColumns } from './job-columns.tsx'
import { filterOf, isFiltered, type JobTab, jobTabs, tabOf } from './job-query.ts'
import { jobsTexts } from './jobs-texts.ts'
import { useLivePage } from './use-live-page.ts'

/** All jobs, live, by state and filter. */
export default function Jobs() {
  const texts = jobsTexts.value
  usePageTitle(texts.title)
  const address = useAddress()
  const { query, page, pageSize, change, key } = address
  const filter = filterOf(query)
  const order = query.order === 'oldest' ? 'oldest' : 'newest'
  const loaded = useLoad(
    () =>
      api.listJobs({ query: { ...filter, state: filter.state?.join(',') as never, page, pageSize, order } }),
    key,
  ).value
  const live = useLivePage(loaded, key)
  const { names } = useLibraryNames()
  const [bulk, setBulk] = useState<'cancel' | 'retry' | null>(null)
  const tab = tabOf(query)
  const total = live.page?.total
  useEffect(() => {
    if (live.page === undefined) return
    navigationCounts.value = { ...navigationCounts.value, jobs: live.page.counts.Running }
  }, [live.page?.counts.Running])
  useEffect(() => {
    if (total !== undefined && isFiltered(query)) announce(texts.found(numberText(total)))
  }, [total, key])
  const retry = (job: JobSummary) => {
    api.retryJob({ params: { jobId: job.jobId } }).then(
      () => {
        showToast({ text: texts.retried('1') })
        loaded.reload()
      },
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  const choices = (live.page?.reasons ?? []).map(({ code, jobs }) => ({
    value: code,
    label: `${(messages.value.parts.failReasons as Readonly<Record<string, string>>)[code] ?? code} (${numberText(jobs)})`,
  }))
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        {total !== undefined && total > 0 && (tab === 'waiting' || tab === 'running') && (
          <button type="button" class="btn danger" onClick={() => setBulk('cancel')} {...needs('cancelJobs')}>
            {texts.cancelAllOf(numberText(total))}
          </button>
        )}
        {total !== undefined && total > 0 && tab === 'failed' && (
          <button type="button" class="btn" onClick={() => setBulk('retry')} {...needs('retryJobs')}>
            {texts.retryAllOf(numberText(total))}
          </button>
        )}
      </header>
      <Tabs label={texts.states} current={tab} tabs={tabsOf(query, live.page?.counts)} />
      <div class="body under-tabs">
        <div class="filters">
          <SearchField label={texts.search} value={query.q ?? ''} onChange={(q) => change({ q })} />
          <FilterChip
            label={texts.kind}
            value={query.rule ?? ''}
            choices={Object.entries(messages.value.parts.kinds).map(([value, label]) => ({ value, label }))}
            onChange={(rule) => change({ rule })}
          />
          <FilterChip
            label={texts.library}
            value={query.library ?? ''}
            choices={[...names].map(([value, label]) => ({ value, label }))}
            onChange={(library) => change({ library })}
          />
          <FilterChip
            label={texts.reason}
            value={query.reason ?? ''}
            choices={choices}
            onChange={(reason) => change({ reason })}
          />
          {query.key !== undefined && (
            <FilterChip
              label={texts.key}
              value={query.key}
              choices={[]}
              onChange={(one) => change({ key: one })}
            />
          )}
          {(query.from !== undefined || query.to !== undefined) && (
            <FilterChip
              label={texts.time}
              value={rangeText(query)}
              choices={[]}
              onChange={() => change({ from: undefined, to: undefined })}
            />
          )}
        </div>
        {live.newer > 0 && (
          <button type="button" class="btn newer-jobs" onClick={live.showNewer}>
            {texts.newer(numberText(live.newer))}
          </button>
        )}
        {loaded.fault !== undefined && (
          <LoadFailed fault={loaded.fault} retry={loaded.reload} part={texts.title} />
        )}
        {live.page === undefined && loaded.fault === undefined && <TableShape />}
        {live.page !== undefined && live.page.items.length > 0 && (
          <>
            <section class="card list">
              <DataTable
                label={texts.title}
                rows={live.page.items}
                columns={jobColumns({ libraryName: (id) => names.get(id), retry })}
                rowKey={({ jobId }) => jobId}
                rowHref={({ jobId }) => `/console/jobs/${encodeURIComponent(jobId)}`}
                order={order}
                onOrder={(next) => change({ order: next === 'newest' ? undefined : next })}
                isStale={live.isStale}
              />
            </section>
            {live.page.searchedTo !== null && (
              <p class="sm q">{texts.searchedTo(momentFullText(live.page.searchedTo))}</p>
            )}
            <Pager address={address} total={live.page.total} isExact={live.page.exact} />
          </>
        )}
        {live.page?.items.length === 0 && <NoJobs address={address} tab={tab} />}
      </div>
      {bulk !== null && total !== undefined && (
        <BulkDialog
          kind={bulk}
          bulk={{ filter, expected: total }}
          onClose={() => setBulk(null)}
          onDone={loaded.reload}
        />
      )}
    </>
  )
}

function NoJobs({ address: { query, change }, tab }: { readonly address: Address; readonly tab: JobTab }) {
  const texts = jobsTexts.value
  if (isFiltered(query)) {
    return (
      <EmptyState icon={SearchX} title={texts.noneFiltered}>
        <button
          type="button"
          class="btn"
          onClick={() =>
            change(
              Object.fromEntries(['q', 'rule', 'library', 'reason', 'key', 'from', 'to'].map((f) => [f, ''])),
            )
          }
        >
          {messages.value.parts.clearAll}
        </button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={ListChecks} title={tab === 'all' ? texts.none : texts.noneInTab}>
      {tab === 'all' && (
        <>
          <p>{texts.noneText}</p>
          <a class="btn p" href="/console/libraries">
            {librariesTexts.value.title}
          </a>
        </>
      )}
    </EmptyState>
  )
}

function tabsOf(
  query: Readonly<Record<string, string>>,
  counts: Readonly<Record<JobSummary['state'], number>> | undefined,
) {
  const texts = jobsTexts.value
  return (Object.keys(jobTabs) as JobTab[]).map((tab) => {
    const { page: _, state: __, ...rest } = query
    const fields = new URLSearchParams(tab === 'all' ? rest : { state: tab, ...rest }).toString()
    const states: readonly JobSummary['state'][] =
      tab === 'all' ? (Object.keys(counts ?? {}) as JobSummary['state'][]) : jobTabs[tab]
    return {
      key: tab,
      label: texts.tabs[tab],
      href: fields === '' ? '/console/jobs' : `/console/jobs?${fields}`,
      ...(counts === undefined ? {} : { count: states.reduce((sum, state) => sum + counts[state], 0) }),
    }
  })
}

function rangeText({ from, to }: Readonly<Record<string, string>>): string {
  const text = (iso: string | undefined) =>
    iso === undefined || Number.isNaN(Date.parse(iso)) ? '' : momentFullText(iso)
  return `${text(from)} – ${text(to)}`
}
