import { needs } from '../../api/role.ts'
import { apiKeyTexts } from './api-key-texts.ts'
import '../../styles/keys.css'
import { KeyRound } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { ManagedList } from '../../parts/managed-list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { QuotaUse } from '../../parts/quota-use.tsx'
import { showToast } from '../../parts/toast.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { KeyForm } from './key-form.tsx'
import { NewKey } from './new-key.tsx'
import { type ApiKey, actionsText } from './policy.ts'
import { RevokeKey } from './revoke-key.tsx'

/** The API keys: what each may do, and where. */
export default function Keys() {
  const texts = apiKeyTexts.value
  usePageTitle(texts.title)
  const address = useAddress()
  const { page, pageSize, key } = address
  const loaded = useLoad(() => api.listKeys({ query: { page, pageSize } }), key).value
  const { reload } = loaded
  const { names } = useLibraryNames()
  const [isAdding, setAdding] = useState(false)
  const [editing, setEditing] = useState<ApiKey | null>(null)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <>
      <ManagedList
        title={texts.title}
        add={{ label: texts.add, run: () => setAdding(true), route: 'createKey' }}
        empty={{ icon: KeyRound, title: texts.none, text: texts.noneText }}
        loaded={loaded}
        address={address}
      >
        {({ items }, isStale) => (
          <DataTable
            label={texts.title}
            rows={items}
            rowKey={({ secretId }) => secretId}
            columns={columns({ names, edit: setEditing, revoke: setRevoking })}
            isStale={isStale}
          />
        )}
      </ManagedList>
      {isAdding && <NewKey names={names} onClose={() => setAdding(false)} onCreated={reload} />}
      {editing !== null && (
        <KeyForm
          title={texts.editTitle(editing.name)}
          action={messages.value.parts.save}
          initial={editing}
          names={names}
          save={async (body) => {
            await api.updateKey({ params: { secretId: editing.secretId }, body })
            showToast({ text: texts.saved })
            reload()
            setEditing(null)
          }}
          onClose={() => setEditing(null)}
        />
      )}
      {revoking !== null && (
        <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} onRevoked={reload} />
      )}
    </>
  )
}

function columns({
  names,
  edit,
  revoke,
}: {
  readonly names: ReadonlyMap<string, string>
  readonly edit: (key: ApiKey) => void
  readonly revoke: (key: ApiKey) => void
}): readonly Column<ApiKey>[] {
  const texts = apiKeyTexts.value
  return [
    {
      key: 'name',
      head: texts.name,
      cell: ({ name, secretId }) => (
        <div class="key-name">
          <div class="b el" dir="auto" translate={false} title={name}>
            {name}
          </div>
          <span class="row">
            <span class="m q el" title={secretId}>
              {secretId}
            </span>
            <CopyButton text={secretId} />
          </span>
        </div>
      ),
    },
    { key: 'may', head: texts.may, cell: actionsText, wideOnly: true },
    {
      key: 'libraries',
      head: texts.libraries,
      cell: ({ libraries }) => (
        <span dir="auto" translate={false}>
          {libraries === null ? texts.all : listText(libraries.map((id) => names.get(id) ?? id))}
        </span>
      ),
      wideOnly: true,
    },
    {
      key: 'buckets',
      head: texts.buckets,
      cell: ({ buckets }) => (buckets === null ? texts.all : listText(buckets)),
      wideOnly: true,
    },
    {
      key: 'used',
      head: texts.lastUsed,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span class="q">{texts.never}</span> : <Moment at={lastUsedAt} />,
    },
    {
      key: 'minutes',
      head: texts.minutes,
      kind: 'number',
      wideOnly: true,
      cell: ({ minutesLast30Days }) => numberText(minutesLast30Days, minutesLast30Days < 10 ? 1 : 0),
    },
    {
      key: 'quota',
      head: texts.quota,
      wideOnly: true,
      cell: ({ quota, used }) =>
        Object.values(quota).every((limit) => limit === null) ? (
          <span class="q">{texts.noLimit}</span>
        ) : (
          <QuotaUse quota={quota} used={used} />
        ),
    },
    {
      key: 'actions',
      head: '',
      kind: 'actions',
      cell: (key) => (
        <span class="row end">
          <button
            type="button"
            class="btn xs"
            aria-label={texts.editOne(key.name)}
            onClick={() => edit(key)}
            {...needs('updateKey')}
          >
            {texts.edit}
          </button>
          <button
            type="button"
            class="btn xs danger"
            aria-label={texts.revokeOne(key.name)}
            onClick={() => revoke(key)}
            {...needs('revokeKey')}
          >
            {texts.revoke}
          </button>
        </span>
      ),
    },
  ]
}
