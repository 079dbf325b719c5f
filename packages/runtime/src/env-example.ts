import { metaOf } from './settings.ts'
import { settingNames } from './settings-schema.ts'

const HEADING = `# Every setting of Kinoprint with its default. Copy this file to .env and take the # away from what you change.
# Every command reads the .env of the folder that it runs in; what the environment sets wins over it.
# An empty value counts as unset. Those marked "secret" can be given as NAME_FILE too: the path of a file with the value.
`

/** The text of `.env.example`. */
export function renderEnvExample(): string {
  const entries = settingNames.map((name) => {
    const { description, shown, secret } = metaOf(name)
    return `# ${description}${secret ? ' (secret)' : ''}\n#${name}=${shown ?? ''}\n`
  })
  return [HEADING, ...entries].join('\n')
}
