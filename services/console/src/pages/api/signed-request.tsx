import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { momentFullText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { act } from '../../parts/act.ts'
import { copyText } from '../../parts/copy-button.tsx'
import { apiTexts } from './api-texts.ts'
import { Choice } from './choice.tsx'
import { jobXml } from './job-xml.ts'

type ApiKey = RouteAnswer<'listKeys'>['items'][number]

const requestNames = ['search', 'libraries', 'videos', 'queues'] as const
type RequestName = (typeof requestNames)[number]

/** A curl command with a signature that the server makes. */
export function SignedRequest({
  keys,
  libraryId,
}: {
  readonly keys: readonly ApiKey[]
  readonly libraryId: string
}) {
  const texts = apiTexts.value
  const [name, setName] = useState<RequestName>('search')
  const [secretId, setSecretId] = useState('')
  const [signed, setSigned] = useState<{ readonly command: string; readonly expiresAt: string } | null>(null)
  const key = keys.find((one) => one.secretId === secretId) ?? keys[0]
  if (key === undefined) {
    return (
      <section class="card">
        <header>
          <h2>{texts.signed}</h2>
        </header>
        <p class="in q">
          {texts.noKeys}{' '}
          <a class="t" href="/console/keys">
            {texts.toKeys}
          </a>
        </p>
      </section>
    )
  }
  const sign = () =>
    act(async () => {
      const body = requestOf(name, libraryId)
      const { curl, expiresAt } = await api.signRequest({ params: { secretId: key.secretId }, body })
      setSigned({ command: body.method === 'POST' ? withBody(curl, libraryId) : curl, expiresAt })
    })
  return (
    <section class="card">
      <header class="wrap">
        <h2>{texts.signed}</h2>
        <span class="sp" />
        <Choice
          label={texts.request}
          value={name}
          choices={requestNames.map((one) => [one, texts.requests[one]])}
          onChange={(next) => {
            setName(requestNames.find((one) => one === next) ?? 'search')
            setSigned(null)
          }}
        />
        <Choice
          label={`${texts.signed}: ${texts.key}`}
          value={key.secretId}
          choices={keys.map((one) => [one.secretId, one.name])}
          onChange={(next) => {
            setSecretId(next)
            setSigned(null)
          }}
        />
        <button type="button" class="btn p" onClick={sign} {...needs('signRequest')}>
          {texts.sign}
        </button>
      </header>
      <div class="in">
        <p class="q">{texts.signedHint}</p>
        {signed !== null && (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
            <pre class="code" tabIndex={0} translate={false}>
              {signed.command}
            </pre>
            <p class="row wrap signed-foot">
              <span class="q sm" role="status">
                {texts.validUntil(momentFullText(signed.expiresAt))}
              </span>
              <button type="button" class="btn" onClick={() => copyText(signed.command)}>
                {messages.value.parts.copy}
              </button>
            </p>
          </>
        )}
      </div>
    </section>
  )
}

function requestOf(name: RequestName, libraryId: string) {
  const get = (path: string, query = '') => ({ method: 'GET' as const, path, query })
  const requests = {
    search: { method: 'POST' as const, path: '/jobs', query: '' },
    libraries: get('/dnadb'),
    videos: get('/dnadb_files', `dnaDbId=${encodeURIComponent(libraryId)}`),
    queues: get('/queue'),
  }
  return requests[name]
}

/** Writes the body to the file that the command reads. */
function withBody(curl: string, libraryId: string): string {
  return `cat > job.xml <<'XML'\n${jobXml(libraryId)}\nXML\n${curl}`
}
