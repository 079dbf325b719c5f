import type { RouteAnswer } from '@kinoprint/contract'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { momentFullText } from '../../format/format.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { showToast } from '../../parts/toast.tsx'
import { settingsTexts } from './settings-texts.ts'

type Session = RouteAnswer<'listSessions'>['items'][number]

/** The browsers that are signed in. */
export function Sessions() {
  const texts = settingsTexts.value
  const { data, fault, reload } = useLoad(() => api.listSessions({ query: { pageSize: 100 } })).value
  const end = (session: Session) => {
    api.endSession({ params: { sessionId: session.sessionId } }).then(
      () => {
        showToast({ text: texts.ended })
        reload()
      },
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  return (
    <section class="card">
      <header>
        <h2>{texts.sessions}</h2>
        <span class="sm q hide-s">{texts.sessionsHint}</span>
      </header>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data === undefined && fault === undefined && <TableShape />}
      {data !== undefined && (
        <DataTable
          label={texts.sessions}
          rows={data.items}
          rowKey={({ sessionId }) => sessionId}
          columns={columns(end)}
        />
      )}
    </section>
  )
}

function columns(end: (session: Session) => void): readonly Column<Session>[] {
  const texts = settingsTexts.value
  return [
    {
      key: 'name',
      head: texts.who,
      cell: ({ name, current }) => (
        <span class="row">
          <span dir="auto" translate={false} class={name === null ? 'q' : 'b'}>
            {name ?? texts.unnamed}
          </span>
          {current && <span class="tag ac">{texts.thisSession}</span>}
        </span>
      ),
    },
    {
      key: 'address',
      head: texts.address,
      cell: ({ address }) => <span class="m">{address}</span>,
      wideOnly: true,
    },
    { key: 'used', head: texts.lastUsed, cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
    { key: 'ends', head: texts.expires, cell: ({ expiresAt }) => momentFullText(expiresAt), wideOnly: true },
    {
      key: 'actions',
      head: '',
      kind: 'actions',
      cell: (session) =>
        session.current ? null : (
          <button
            type="button"
            class="btn xs"
            aria-label={texts.endOne(session.name ?? session.address)}
            onClick={() => end(session)}
          >
            {texts.end}
          </button>
        ),
    },
  ]
}
