import { needs } from '../../api/role.ts'
import '../../styles/libraries.css'
import '../../styles/jobs.css'
import './search.css'
import { Fingerprint, Library } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FileField } from '../../parts/file-field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { useFileDrop } from '../../parts/use-file-drop.ts'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { librariesTexts } from '../libraries/libraries-texts.ts'
import { givenSource } from './given-source.ts'
import { ObjectField } from './object-field.tsx'
import { SearchResults } from './search-results.tsx'
import { isSearching, searchRun, startSearch } from './search-run.ts'
import { searchTexts } from './search-texts.ts'

/** "Check a video": searches libraries with a file, an object or a fingerprint. */
export default function Search() {
  const texts = searchTexts.value
  usePageTitle(texts.title)
  const { libraries = [] } = useLibraryNames()
  const [file, setFile] = useState<File | null>(null)
  const [typed, setTyped] = useState<{ readonly bucket?: string; readonly object: string }>({ object: '' })
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const { isOver, zone } = useFileDrop('submitJob', ([dropped]) => take(dropped ?? null))
  const button = useRef<HTMLButtonElement>(null)
  const run = searchRun.value
  const given = givenSource.value
  const chosen = libraries.filter(({ dnaDbId }) => !left.has(dnaDbId))
  const buckets = [...new Set(libraries.map(({ bucket }) => bucket))]
  const object = { bucket: typed.bucket ?? buckets[0] ?? '', object: typed.object.trim() }
  const source = given ?? file ?? (object.object === '' || object.bucket === '' ? null : object)
  // With a source from another page, only the button is left to press.
  useEffect(() => {
    if (given !== null) button.current?.focus()
  }, [given, libraries.length])
  const take = (next: File | null) => {
    givenSource.value = null
    setFile(next)
  }
  return (
    <>
      <PageHead title={texts.title} />
      <div class="body">
        <RoleNote route="submitJob" />
        {libraries.length === 0 && (
          <EmptyState icon={Library} title={messages.value.parts.noLibraries}>
            <p>{librariesTexts.value.noneText}</p>
            <a class="btn p" href="/console/libraries">
              {librariesTexts.value.title}
            </a>
          </EmptyState>
        )}
        <form
          class={isOver ? 'card search-form over' : 'card search-form'}
          aria-label={texts.title}
          onSubmit={(event) => {
            event.preventDefault()
            if (source !== null) void startSearch(source, chosen)
          }}
          {...zone}
        >
          {given === null ? (
            <FileField route="submitJob" file={file} hint={texts.drop} onChange={take} />
          ) : (
            <div class="drop row wrap">
              <Icon of={Fingerprint} />
              <ObjectName name={given.name} />
              <span class="q">{texts.byFingerprint}</span>
              <span class="sp" />
              <button type="button" class="btn gh" onClick={() => take(null)}>
                {texts.remove}
              </button>
            </div>
          )}
          {file === null && given === null && (
            <ObjectField
              value={{ ...object, object: typed.object }}
              {...{ buckets }}
              onChange={(fields) => setTyped((now) => ({ ...now, ...fields }))}
            />
          )}
          <div class="row wrap search-in">
            <fieldset class="plain-set">
              <legend class="cap">{texts.searchIn}</legend>
              <div class="row wrap">
                {libraries.map(({ dnaDbId, name, videoCount }) => (
                  <label key={dnaDbId} class={left.has(dnaDbId) ? 'chip' : 'chip on'}>
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
            <span class="sp" />
            <button
              ref={button}
              type="submit"
              class="btn p"
              disabled={source === null || chosen.length === 0 || isSearching(run)}
              {...needs('submitJob')}
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
