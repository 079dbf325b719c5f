import { useId } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { libraryTexts } from '../library/library-texts.ts'
import type { GivenObject } from './search-run.ts'
import { searchTexts } from './search-texts.ts'

const SHOWN = 20

/** An object of a bucket by its name; names that begin with what is typed are offered, and the buckets of the libraries. */
export function ObjectField({
  value: { bucket, object },
  buckets,
  onChange,
}: {
  readonly value: GivenObject
  readonly buckets: readonly string[]
  /** Gets only what was typed: the bucket may be known later than the object. */
  readonly onChange: (fields: Partial<GivenObject>) => void
}) {
  const texts = searchTexts.value
  const list = useId()
  const { data } = useLoad(
    async () =>
      bucket === ''
        ? undefined
        : api.listObjects({ params: { bucket }, query: { prefix: object.trim(), pageSize: SHOWN } }),
    `${bucket} ${object}`,
  ).value
  return (
    <div class="object-field">
      <label class="field">
        <span class="cap">{texts.orObject}</span>
        <span class="in-field">
          <input
            dir="auto"
            value={object}
            list={list}
            spellcheck={false}
            autocomplete="off"
            data-search=""
            onInput={(event) => onChange({ object: event.currentTarget.value })}
          />
        </span>
        <datalist id={list}>
          {data?.items.map((one) => (
            <option key={one.object} value={one.object} />
          ))}
        </datalist>
      </label>
      <label class="field">
        <span class="cap">{libraryTexts.value.bucket}</span>
        <span class="in-field">
          <input
            value={bucket}
            list={`${list}-buckets`}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => onChange({ bucket: event.currentTarget.value })}
          />
        </span>
        <datalist id={`${list}-buckets`}>
          {buckets.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
    </div>
  )
}
