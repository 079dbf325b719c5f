import type { RouteAnswer } from '@kinoprint/contract'
import { useSignal } from '@preact/signals'
import { api } from '../../api/client.ts'
import { may, type Role, roles } from '../../api/role.ts'
import { session } from '../../api/session.ts'
import { useLoad } from '../../api/use-load.ts'
import { messages } from '../../messages/messages.ts'
import { act } from '../../parts/act.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { Moment } from '../../parts/moment.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { peopleTexts } from './people-texts.ts'

type User = RouteAnswer<'listUsers'>['items'][number]

/** How many people are shown; the search finds the others. */
const SHOWN = 100

/** Who signed in, with which role; admins change roles and block people. */
export function People() {
  return may('listUsers') ? <PeopleCard /> : null
}

function PeopleCard() {
  const texts = peopleTexts.value
  const search = useSignal('')
  const methods = useLoad(() => api.listSignInMethods()).value.data
  const loaded = useLoad(() => api.listUsers({ query: { q: search.value, pageSize: SHOWN } })).value
  const { reload } = loaded
  const change = async (user: User, body: { givenRole?: Role | null; blocked?: boolean }, done: string) => {
    await act(() => api.updateUser({ params: { userId: user.userId }, body }), done)
    reload()
  }
  const isUnused = methods?.oidc === false && loaded.data?.total === 0 && search.value === ''
  return (
    <LoadedCard
      title={texts.title}
      note={<span class="hide-s">{texts.hint}</span>}
      aside={
        isUnused ? null : (
          <SearchField
            label={texts.search}
            value={search.value}
            onChange={(value) => {
              search.value = value
            }}
          />
        )
      }
      loaded={loaded}
    >
      {({ items }) =>
        items.length === 0 ? (
          <p class="in q">{isUnused ? texts.off : texts.none}</p>
        ) : (
          <>
            <p class="in sm q">{texts.rolesHint}</p>
            <DataTable
              label={texts.title}
              rows={items}
              rowKey={({ userId }) => userId}
              columns={columns(change)}
            />
          </>
        )
      }
    </LoadedCard>
  )
}

type Change = (user: User, body: { givenRole?: Role | null; blocked?: boolean }, done: string) => void

function columns(change: Change): readonly Column<User>[] {
  const texts = peopleTexts.value
  const isOwn = ({ userId }: User) => userId === session.value?.userId
  return [
    {
      key: 'name',
      head: texts.name,
      cell: (user) => (
        <div>
          <span class="row">
            <span class="b" dir="auto" translate={false}>
              {user.name}
            </span>
            {isOwn(user) && <span class="tag ac">{texts.you}</span>}
            {user.blockedAt !== null && <span class="tag">{texts.blocked}</span>}
          </span>
          <span class="sm q" dir="auto" translate={false}>
            {user.email}
          </span>
        </div>
      ),
    },
    { key: 'role', head: texts.role, cell: (user) => <RoleChoice {...{ user, change }} /> },
    { key: 'seen', head: texts.seen, cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} />, wideOnly: true },
    {
      key: 'actions',
      head: '',
      kind: 'actions',
      cell: (user) => {
        if (isOwn(user)) return null
        const { name } = user
        return user.blockedAt === null ? (
          <button
            type="button"
            class="btn xs danger"
            aria-label={texts.blockOne(name)}
            onClick={() => change(user, { blocked: true }, texts.blockedNow(name))}
          >
            {texts.block}
          </button>
        ) : (
          <button
            type="button"
            class="btn xs"
            aria-label={texts.unblockOne(name)}
            onClick={() => change(user, { blocked: false }, texts.unblockedNow(name))}
          >
            {texts.unblock}
          </button>
        )
      },
    },
  ]
}

function RoleChoice({ user, change }: { readonly user: User; readonly change: Change }) {
  const texts = peopleTexts.value
  const { name, givenRole, providerRole } = user
  return (
    <select
      class="select xs"
      aria-label={texts.roleOf(name)}
      disabled={user.userId === session.value?.userId}
      value={givenRole ?? ''}
      onChange={(event) => {
        const chosen = roles.find((role) => role === event.currentTarget.value) ?? null
        change(user, { givenRole: chosen }, texts.roleChanged(name))
      }}
    >
      <option value="">
        {texts.asProvider(providerRole === null ? texts.noRole : messages.value.parts.roles[providerRole])}
      </option>
      {roles.map((role) => (
        <option key={role} value={role}>
          {messages.value.parts.roles[role]}
        </option>
      ))}
    </select>
  )
}
