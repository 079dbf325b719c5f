import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText, numberText } from '../../format/format.ts'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { Moment } from '../../parts/moment.tsx'
import { settingsTexts } from './settings-texts.ts'

type About = RouteAnswer<'getAbout'>

/** Versions of the server, what it keeps how long, and its settings with where each comes from. */
export function Server() {
  const texts = settingsTexts.value
  const loaded = useLoad(() => api.getAbout()).value
  return (
    <LoadedCard title={texts.server} loaded={loaded}>
      {(about) => (
        <>
          <Facts about={about} />
          <ServerSettings settings={about.settings} />
        </>
      )}
    </LoadedCard>
  )
}

function Facts({ about }: { readonly about: About }) {
  const texts = settingsTexts.value
  const { version, node, ffmpeg, database, fingerprintFormat, startedAt, retention } = about
  const facts = [
    ['Kinoprint', version],
    ['Node', node],
    ['ffmpeg', ffmpeg ?? texts.noFfmpeg],
    [
      texts.database,
      listText([
        `${texts.databaseKinds[database.kind]} ${database.version}`,
        `pgvector ${database.pgvector}`,
        texts.schema(String(database.schema)),
      ]),
    ],
    [texts.fingerprints, String(fingerprintFormat)],
    [
      texts.retention,
      listText([
        texts.keptJobs(numberText(retention.jobDays)),
        texts.keptQueries(numberText(retention.queryDays)),
      ]),
    ],
  ] as const
  return (
    <dl class="f in">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd translate={false}>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{texts.started}</dt>
        <dd>
          <Moment at={startedAt} />
        </dd>
      </div>
    </dl>
  )
}

function ServerSettings({ settings }: { readonly settings: About['settings'] }) {
  const texts = settingsTexts.value
  const [isWhole, setWhole] = useState(false)
  const changed = settings.filter(({ source }) => source !== 'default')
  const shown = isWhole ? settings : changed
  return (
    <>
      {shown.length === 0 ? (
        <p class="in q">{texts.noneChanged}</p>
      ) : (
        <table class="server-settings" aria-label={texts.server}>
          <thead>
            <tr>
              <th>{texts.setting}</th>
              <th>{texts.value}</th>
              <th class="hide-s">{texts.source}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, value, isSecret, isSet, source }) => (
              <tr key={name}>
                <td class="m" translate={false}>
                  {name}
                </td>
                <td dir="auto" translate={false}>
                  {isSecret ? (
                    <span class="q">{listText([isSet ? texts.isSet : texts.notSet, texts.secret])}</span>
                  ) : (
                    (value ?? <span class="q">{texts.notSet}</span>)
                  )}
                </td>
                <td class="q hide-s">{texts.sources[source]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="in">
        <button type="button" class="btn xs" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? texts.showChanged : texts.showAll(numberText(settings.length))}
        </button>
      </p>
    </>
  )
}
