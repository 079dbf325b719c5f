import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { language, messages } from '../../messages/messages.ts'
import { LoadFailed } from '../../parts/load-failed.tsx'

/** All libraries. */
export default function Libraries() {
  const loaded = useLoad(() => api.listLibraries({ query: { pageSize: 100 } }))
  const { data, fault, reload, isLoading } = loaded.value
  const texts = messages.value.libraries
  const number = new Intl.NumberFormat(language.value)
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
      </header>
      <div class="body">
        {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
        {data !== undefined && (
          <section class={isLoading ? 'card stale' : 'card'}>
            <table>
              <thead>
                <tr>
                  <th>{texts.name}</th>
                  <th class="r">{texts.videos}</th>
                  <th class="r">{texts.capacity}</th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((library) => (
                  <tr key={library.dnaDbId}>
                    <td class="b" dir="auto" translate={false}>
                      {library.name}
                    </td>
                    <td class="r">{number.format(library.videoCount)}</td>
                    <td class="r">{number.format(library.capacity)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
    </>
  )
}
