import { type Environment, metaOf } from './settings.ts'
import { type SettingName, settingNames } from './settings-schema.ts'

/** A setting as an operator may see it. */
export type SettingReport = {
  readonly name: string
  /** Null for a secret, and without a value. */
  readonly value: string | null
  readonly isSecret: boolean
  /** Whether it was given, or generated at the first start. */
  readonly isSet: boolean
  readonly source: 'default' | 'environment' | 'file' | 'generated'
}

/** Secrets that are generated at the first start if they are not given. */
const GENERATED: readonly SettingName[] = ['ADMIN_TOKEN', 'SECRET_ID', 'SECRET_KEY', 'ENCRYPTION_KEY']

/** Every setting with where it came from, in the order of .env.example. Values of secrets are left out. */
export function describeSettings(env: Environment): readonly SettingReport[] {
  return settingNames.map((name) => {
    const { shown, secret: isSecret = false } = metaOf(name)
    const given = env[name]?.trim() || null
    const hasFile = isSecret && Boolean(env[`${name}_FILE`]?.trim())
    const source = sourceOf(name, { given, hasFile })
    return {
      name,
      value: isSecret ? null : (given ?? shown ?? null),
      isSecret,
      isSet: source !== 'default',
      source,
    }
  })
}

function sourceOf(
  name: SettingName,
  { given, hasFile }: { readonly given: string | null; readonly hasFile: boolean },
): SettingReport['source'] {
  if (given !== null) return 'environment'
  if (hasFile) return 'file'
  return GENERATED.includes(name) ? 'generated' : 'default'
}
