import '../../styles/operating.css'
import { BookOpen, FileJson } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { messages } from '../../messages/messages.ts'
import { copyText } from '../../parts/copy-button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { apiTexts } from './api-texts.ts'
import { Choice } from './choice.tsx'
import { SignedRequest } from './signed-request.tsx'
import { type SnippetLanguage, snippetLanguages, snippetOf } from './snippets.ts'

/** Code that works with this server, and the reference. */
export default function Api() {
  const texts = apiTexts.value
  usePageTitle(texts.title)
  const known = useLibraryNames().libraries
  const libraries = known ?? []
  const keys = useLoad(() => api.listKeys({ query: { pageSize: 100 } })).value
  const [language, setLanguage] = useState<SnippetLanguage>('node')
  const [libraryId, setLibraryId] = useState('')
  const [secretId, setSecretId] = useState('')
  const library = libraries.find(({ dnaDbId }) => dnaDbId === libraryId) ?? libraries[0]
  const key = keys.data?.items.find((one) => one.secretId === secretId) ?? keys.data?.items[0]
  const code = snippetOf(language, {
    url: location.origin,
    bucket: key?.buckets?.[0] ?? (library?.bucket || 'BUCKET'),
    region: 'ap-local',
    libraryId: library?.dnaDbId ?? 'LIBRARY_ID',
    secretId: key?.secretId ?? 'SECRET_ID',
  })
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        <a class="btn" href="/docs" target="_blank" rel="noopener">
          <Icon of={BookOpen} />
          {texts.reference}
        </a>
        <a class="btn" href="/openapi.json" target="_blank" rel="noopener">
          <Icon of={FileJson} />
          OpenAPI
        </a>
      </header>
      <div class="body">
        <section class="card">
          <header class="wrap">
            <h2>{texts.search}</h2>
            <span class="sp" />
            <Choice
              label={texts.language}
              value={language}
              choices={snippetLanguages.map((one) => [one, texts.languages[one]])}
              onChange={(next) => setLanguage(next as SnippetLanguage)}
            />
            {language !== 'shell' && (
              <Choice
                label={texts.key}
                value={key?.secretId ?? ''}
                choices={(keys.data?.items ?? []).map((one) => [one.secretId, one.name])}
                onChange={setSecretId}
              />
            )}
            <Choice
              label={texts.library}
              value={library?.dnaDbId ?? ''}
              choices={libraries.map(({ dnaDbId, name }) => [dnaDbId, name])}
              onChange={setLibraryId}
            />
            <button type="button" class="btn p" onClick={() => copyText(code)}>
              {messages.value.parts.copy}
            </button>
          </header>
          <div class="in">
            <p class="q">{texts.explained[language]}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
            <pre class="code" tabIndex={0} translate={false}>
              {code}
            </pre>
          </div>
        </section>
        {/* Not before the libraries are known: a signature of a made-up library would be refused. */}
        {keys.data !== undefined && known !== undefined && (
          <SignedRequest keys={keys.data.items} libraryId={library?.dnaDbId ?? 'LIBRARY_ID'} />
        )}
      </div>
    </>
  )
}
