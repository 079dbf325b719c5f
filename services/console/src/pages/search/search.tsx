import '../../styles/libraries.css'
import '../../styles/jobs.css'
import { Fingerprint, Library } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FileField } from '../../parts/file-field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { givenSource } from './given-source.ts'
import { SearchResults } from './search-results.tsx'
import { isSearching, searchRun, startSearch } from './search-run.ts'

/** "Check a video": searches libraries with a file or an object. */
export default function Search() {
  const texts = messages.value.search
  usePageTitle(texts.title)
  const { libraries } = useLibraryNames()
  const [file, setFile] = useState<File | null>(null)
  const [object, setObject] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const button = useRef<HTMLButtonElement>(null)
  const run = searchRun.value
  const chosen = (libraries ?? []).filter(({ dnaDbId }) => !left.has(dnaDbId))
  const given = givenSource.value
  useEffect(() => {
    if (given !== null) button.current?.focus()
  }, [given, libraries === undefined])
  const source = given ?? file ?? (object.trim() === '' ? null : object.trim())
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
      </header>
      <div class="body">
        {libraries?.length === 0 && (
          <EmptyState icon={Library} title={messages.value.libraries.none}>
            <p>{messages.value.libraries.noneText}</p>
            <a class="btn p" href="/console/libraries">
              {messages.value.libraries.title}
            </a>
          </EmptyState>
        )}
        <form
          class="card search-form"
          aria-label={texts.title}
          onSubmit={(event) => {
            event.preventDefault()
            if (source !== null) void startSearch(source, chosen)
          }}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            givenSource.value = null
            setFile(event.dataTransfer?.files[0] ?? null)
          }}
        >
          {given === null ? (
            <FileField file={file} hint={texts.drop} onChange={setFile} />
          ) : (
            <div class="drop row wrap">
              <Icon of={Fingerprint} />
              <ObjectName name={given.name} />
              <span class="q">{texts.byFingerprint}</span>
              <span class="sp" />
              <button
                type="button"
                class="btn gh"
                onClick={() => {
                  givenSource.value = null
                }}
              >
                {texts.remove}
              </button>
            </div>
          )}
          {file === null && given === null && (
            <label class="field">
              <span class="cap">{texts.orObject}</span>
              <span class="in-field">
                <input
                  dir="auto"
                  value={object}
                  spellcheck={false}
                  autocomplete="off"
                  data-search=""
                  onInput={(event) => setObject(event.currentTarget.value)}
                />
              </span>
            </label>
          )}
          <fieldset class="field plain-set">
            <legend class="cap">{texts.searchIn}</legend>
            <div class="row wrap">
              {(libraries ?? []).map(({ dnaDbId, name, videoCount }) => (
                <label key={dnaDbId} class="chip">
                  <input
                    type="checkbox"
                    checked={!left.has(dnaDbId)}
                    onChange={() => {
                      const next = new Set(left)
                      if (!next.delete(dnaDbId)) next.add(dnaDbId)
                      setLeft(next)
                    }}
                  />
                  <span class="el" dir="auto" translate={false}>
                    {name}
                  </span>
                  <span class="qq">{numberText(videoCount)}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <div class="row">
            <button
              ref={button}
              type="submit"
              class="btn p"
              disabled={source === null || chosen.length === 0 || isSearching(run)}
            >
              {texts.search}
            </button>
          </div>
        </form>
        {run !== null && <SearchResults run={run} />}
      </div>
    </>
  )
}
