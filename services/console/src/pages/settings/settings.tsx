import '../../styles/settings.css'
import { may } from '../../api/role.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { type Preferences, preferences, setPreference } from '../../preferences.ts'
import { tryTexts } from '../try/try-texts.ts'
import { Maintenance } from './maintenance.tsx'
import { People } from './people.tsx'
import { Reindexing } from './reindexing.tsx'
import { Server } from './server.tsx'
import { Sessions } from './sessions.tsx'
import { settingsTexts } from './settings-texts.ts'

/** Settings of this browser and of the server, sessions and maintenance. */
export default function Settings() {
  const texts = settingsTexts.value
  usePageTitle(texts.title)
  return (
    <>
      <PageHead title={texts.title} />
      <div class="body">
        <ThisBrowser />
        <Server />
        <People />
        {may('listSessions') && <Sessions />}
        <Maintenance />
        <Reindexing />
        <p>
          <a class="t" href="/console/try">
            {tryTexts.value.again}
          </a>
        </p>
      </div>
    </>
  )
}

function ThisBrowser() {
  const texts = settingsTexts.value
  return (
    <section class="card">
      <header>
        <h2>{texts.thisBrowser}</h2>
      </header>
      <div class="in settings-grid">
        <Choice
          name="language"
          label={texts.language}
          choices={{ system: texts.system, en: 'English', zh: '中文' }}
        />
        <Choice
          name="theme"
          label={texts.theme}
          choices={{ system: texts.system, light: texts.light, dark: texts.dark }}
        />
        <Choice name="soften" label={texts.soften} choices={texts.softens} hint={texts.softenHint} />
        <Choice
          name="times"
          label={texts.times}
          choices={{ relative: texts.relative, absolute: texts.absolute }}
        />
        <Switch name="singleKeys" label={texts.singleKeys} />
        <Switch name="autoAdvance" label={texts.autoAdvance} />
      </div>
    </section>
  )
}

type ChoiceName = 'language' | 'theme' | 'soften' | 'times'

function Choice<Name extends ChoiceName>({
  name,
  label,
  choices,
  hint,
}: {
  readonly name: Name
  readonly label: string
  readonly choices: Readonly<Record<Preferences[Name], string>>
  readonly hint?: string
}) {
  const values = Object.keys(choices) as Preferences[Name][]
  return (
    <label class="field">
      <span class="cap">{label}</span>
      <select
        class="select"
        value={preferences.value[name]}
        onChange={(event) => {
          const chosen = values.find((value) => value === event.currentTarget.value)
          if (chosen !== undefined) setPreference(name, chosen)
        }}
      >
        {values.map((value) => (
          <option key={value} value={value}>
            {choices[value]}
          </option>
        ))}
      </select>
      {hint !== undefined && <span class="sm qq">{hint}</span>}
    </label>
  )
}

function Switch({ name, label }: { readonly name: 'singleKeys' | 'autoAdvance'; readonly label: string }) {
  return (
    <label class="row">
      <input
        type="checkbox"
        checked={preferences.value[name]}
        onChange={(event) => setPreference(name, event.currentTarget.checked)}
      />
      {label}
    </label>
  )
}
