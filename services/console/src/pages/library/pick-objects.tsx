import { Folder } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { bytesText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { addObjects } from '../../upload/uploads.ts'
import { libraryTexts } from './library-texts.ts'

const PAGE_SIZE = 50

type Chosen = ReadonlyMap<string, number>

/** A dialog that lists a bucket by folder, and stores what is chosen. */
export function PickObjects({
  dnaDbId,
  bucket: usualBucket,
  onClose,
}: {
  readonly dnaDbId: string
  /** The bucket of the library. */
  readonly bucket: string
  readonly onClose: () => void
}) {
  const texts = libraryTexts.value
  const [bucket, setBucket] = useState(usualBucket)
  const [prefix, setPrefix] = useState('')
  const [page, setPage] = useState(1)
  const [chosen, setChosen] = useState<Chosen>(new Map())
  const { data, fault, reload } = useLoad(
    async () =>
      bucket === ''
        ? undefined
        : api.listObjects({
            params: { bucket },
            query: { prefix, page, pageSize: PAGE_SIZE, delimiter: '/' as const },
          }),
    `${bucket} ${prefix} ${page}`,
  ).value
  const open = (next: string) => {
    setPrefix(next)
    setPage(1)
  }
  const toggle = (object: string, size: number) => {
    const next = new Map(chosen)
    if (!next.delete(object)) next.set(object, size)
    setChosen(next)
  }
  const store = () => {
    addObjects(
      dnaDbId,
      [...chosen].map(([object, bytes]) => ({ bucket, object, bytes })),
    )
    onClose()
  }
  return (
    <Dialog title={texts.pickTitle} size="l" onClose={onClose}>
      <div class="dialog-body pick">
        <div class="pick-fields">
          <Field
            label={texts.bucket}
            value={bucket}
            onChange={(next) => {
              setBucket(next)
              setChosen(new Map())
              open('')
            }}
          />
          <Field label={texts.folder} hint={texts.folderHint} value={prefix} onChange={open} />
        </div>
        <Crumbs prefix={prefix} open={open} />
        {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
        {data !== undefined && (
          <ul class="plain-list pick-list" aria-label={texts.pickTitle}>
            {data.prefixes.map((folder) => (
              <li key={folder} class="pick-row">
                <Icon of={Folder} />
                <button
                  type="button"
                  class="link el"
                  dir="auto"
                  translate={false}
                  onClick={() => open(folder)}
                >
                  {folder.slice(prefix.lastIndexOf('/') + 1)}
                </button>
              </li>
            ))}
            {data.items.map(({ object, size, lastModified, storedIn }) => (
              <li key={object}>
                <label class="pick-row">
                  <input type="checkbox" checked={chosen.has(object)} onChange={() => toggle(object, size)} />
                  <span class="el pick-name" dir="auto" translate={false} title={object}>
                    {object.slice(prefix.lastIndexOf('/') + 1)}
                  </span>
                  {storedIn.length > 0 && (
                    <span class="tag">
                      {storedIn.some((one) => one.dnaDbId === dnaDbId)
                        ? texts.storedAlready
                        : texts.storedElsewhere}
                    </span>
                  )}
                  <span class="sm q nw">{bytesText(size)}</span>
                  <span class="sm q nw hide-s">
                    <Moment at={lastModified} />
                  </span>
                </label>
              </li>
            ))}
            {data.prefixes.length === 0 && data.items.length === 0 && (
              <li class="pick-row q">{texts.noObjects}</li>
            )}
          </ul>
        )}
        <div class="dialog-actions">
          {data !== undefined && data.total > PAGE_SIZE && (
            <>
              <button type="button" class="btn" disabled={page === 1} onClick={() => setPage(page - 1)}>
                {messages.value.parts.previous}
              </button>
              <button
                type="button"
                class="btn"
                disabled={page * PAGE_SIZE >= data.total}
                onClick={() => setPage(page + 1)}
              >
                {messages.value.parts.next}
              </button>
            </>
          )}
          <span class="sp" />
          <button type="button" class="btn gh" onClick={onClose}>
            {messages.value.parts.cancel}
          </button>
          <button type="button" class="btn p" disabled={chosen.size === 0} onClick={store}>
            {texts.storeChosen(numberText(chosen.size))}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

/** The folders above the one that is shown. */
function Crumbs({ prefix, open }: { readonly prefix: string; readonly open: (prefix: string) => void }) {
  const texts = libraryTexts.value
  const folders = prefix.split('/').slice(0, -1)
  if (folders.length === 0) return null
  return (
    <nav class="crumbs" aria-label={texts.folder}>
      <button type="button" class="link" onClick={() => open('')}>
        {texts.wholeBucket}
      </button>
      {folders.map((folder, index) => {
        const path = `${folders.slice(0, index + 1).join('/')}/`
        return (
          <span key={path} class="row g4">
            <span aria-hidden="true">/</span>
            <button type="button" class="link" dir="auto" translate={false} onClick={() => open(path)}>
              {folder}
            </button>
          </span>
        )
      })}
    </nav>
  )
}
