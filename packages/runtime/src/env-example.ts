import { metaOf } from './settings.ts'
import { settingNames } from './settings-schema.ts'

const HEADING = `# Every setting of Kinoprint with its default. Copy this file to .env and uncomment the settings you want to change.
# Every command reads .env in the current directory. Environment variables take precedence.
# An empty value counts as unset. A setting marked "secret" can also come from a file: set NAME_FILE to its path.
`

/** The content of `.env.example`. */
export function renderEnvExample(): string {
  const entries = settingNames.map((name) => {
    const { description, shown, secret } = metaOf(name)
    return `# ${description}${secret ? ' (secret)' : ''}\n#${name}=${shown ?? ''}\n`
  })
  return [HEADING, ...entries].join('\n')
}
