import type { RouteAnswer } from '@kinoprint/contract'
import { messages } from '../../messages/messages.ts'
import type { Column } from '../../parts/data-table.tsx'
import { Moment } from '../../parts/moment.tsx'
import { auditTexts } from './audit-texts.ts'

type Entry = RouteAnswer<'listAudit'>['items'][number]
type Fields = Entry['before']

export function auditColumns(): readonly Column<Entry>[] {
  const texts = auditTexts.value
  return [
    {
      key: 'at',
      head: texts.at,
      cell: ({ at, requestId }) => (
        <span title={requestId === null ? undefined : texts.requestId(requestId)}>
          <Moment at={at} />
        </span>
      ),
    },
    { key: 'who', head: texts.who, cell: ({ actor, address }) => <Who {...{ actor, address }} /> },
    { key: 'action', head: texts.action, cell: ({ action }) => texts.actions[action] ?? action },
    {
      key: 'subject',
      head: texts.subject,
      wideOnly: true,
      cell: ({ subject }) =>
        subject === null ? null : (
          <a
            class="m t el audit-subject"
            href={`/console/audit?${new URLSearchParams({ subject })}`}
            title={subject}
            translate={false}
          >
            {subject}
          </a>
        ),
    },
    {
      key: 'change',
      head: texts.change,
      wideOnly: true,
      cell: ({ before, after }) => <Change {...{ before, after }} />,
    },
  ]
}

function Who({ actor, address }: Pick<Entry, 'actor' | 'address'>) {
  const texts = auditTexts.value
  const kind = actor.kind === 'user' ? messages.value.parts.roles[actor.role ?? 'viewer'] : texts[actor.kind]
  const who = actor.id ?? actor.name
  return (
    <div title={address ?? undefined}>
      {who !== null && (
        <a class="t b" dir="auto" translate={false} href={`/console/audit?${new URLSearchParams({ who })}`}>
          {actor.name ?? who}
        </a>
      )}
      <div class={who === null ? 'b' : 'sm q'}>{kind}</div>
    </div>
  )
}

/** The fields that changed: what each is now, and what it was. */
function Change({ before, after }: { readonly before: Fields; readonly after: Fields }) {
  const texts = auditTexts.value
  const names = [...new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])]
  return (
    <div class="audit-change sm" dir="auto" translate={false}>
      {names.map((name) => {
        const [now, was] = [after?.[name], before?.[name]]
        return (
          <div key={name} class="el">
            <span class="q">{name}</span> {now !== undefined && shown(now)}
            {was !== undefined && <span class="qq"> {texts.was(shown(was))}</span>}
          </div>
        )
      })}
    </div>
  )
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
