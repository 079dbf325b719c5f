import { isIP } from 'node:net'
import { z } from 'zod'

/** How `.env.example` describes a setting. */
export type SettingMeta = {
  readonly description: string
  /** The default as a user would write it; absent if there is none. */
  readonly shown?: string
  /** Whether it can come from a file (NAME_FILE) and never appears in a message. */
  readonly secret?: true
}

/** Parses the text of a variable. Returns a problem as the words that follow the variable's name in the message. */
type Parse<T> = (text: string) => T | Wrong
/** The problem with a value, as the words that follow the setting's name in the message. */
export class Wrong {
  readonly sentence: string
  constructor(sentence: string) {
    this.sentence = sentence
  }
}

export function wrong(sentence: string): Wrong {
  return new Wrong(sentence)
}

function parsed<T>(parse: Parse<T>) {
  return z.string().transform((text, context): T => {
    const value = parse(text)
    if (!(value instanceof Wrong)) return value
    context.addIssue({ code: 'custom', message: value.sentence })
    return z.NEVER
  })
}

/** A setting with a default, which is parsed like any other value. */
export function setting<T>(parse: Parse<T>, meta: SettingMeta & { readonly shown: string }) {
  return parsed(parse).prefault(meta.shown).meta(meta)
}

/** A setting that is null if unset. */
export function optional<T>(parse: Parse<T>, meta: SettingMeta) {
  return parsed(parse)
    .optional()
    .transform((value): T | null => value ?? null)
    .meta(meta)
}

export function text(value: string): string {
  return value
}

/** Text for a header or a URL. */
export function token(value: string): string | Wrong {
  return /^[\x21-\x7e]+$/.test(value) ? value : wrong('must be printable ASCII without spaces')
}

/** A minimum that makes a passphrase hard to guess with a stolen database. */
const MIN_PASSPHRASE_CHARS = 12

/** A key or passphrase of at least 12 characters. The message never repeats the value. */
export function passphrase(value: string): string | Wrong {
  return value.length >= MIN_PASSPHRASE_CHARS
    ? value
    : wrong(
        `is too short. Use 32 bytes as hex or base64, or a passphrase of at least ${MIN_PASSPHRASE_CHARS} characters`,
      )
}

/** A whole number from `min` to `max`, both inclusive. */
export function integer(min: number, max: number): Parse<number> {
  return (value) => {
    const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
    return number >= min && number <= max
      ? number
      : wrong(`must be a whole number from ${min} to ${max}, not "${value}"`)
  }
}

export function oneOf<const T extends string>(...choices: readonly T[]): Parse<T> {
  return (value) =>
    choices.find((choice) => choice === value) ?? wrong(`must be ${listOf(choices)}, not "${value}"`)
}

const ON = ['on', 'true', 'yes', '1']
const OFF = ['off', 'false', 'no', '0']

/** A switch: on, true, yes or 1; off, false, no or 0, in any case. */
export function onOrOff(value: string): boolean | Wrong {
  const lower = value.toLowerCase()
  if (ON.includes(lower)) return true
  return OFF.includes(lower) ? false : wrong(`must be on or off, not "${value}"`)
}

/** A URL of one of the schemes. Messages never repeat the value, which may contain a password. */
export function url(...schemes: readonly string[]): Parse<string> {
  return (value) => {
    const known = URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1))
    return known
      ? value
      : wrong(`must be a URL that starts with ${listOf(schemes.map((scheme) => `${scheme}://`))}`)
  }
}

/** URLs of one of the schemes, separated by white space. Messages never repeat the value. */
export function urls(...schemes: readonly string[]): Parse<readonly string[]> {
  const parse = url(...schemes)
  return (value) => {
    const all = value.split(/\s+/).filter((each) => each !== '')
    const bad = all.map(parse).find((each) => each instanceof Wrong)
    return bad instanceof Wrong ? wrong(`must be URLs separated by spaces; each ${bad.sentence}`) : all
  }
}

/** URLs by name, as `name=url` separated by white space. Messages never repeat the value. */
export function namedUrls(...schemes: readonly string[]): Parse<ReadonlyMap<string, string>> {
  const parse = url(...schemes)
  return (value) => {
    const found = new Map<string, string>()
    for (const each of value.split(/\s+/).filter((part) => part !== '')) {
      const [, name, address] = /^([a-z][a-z0-9_-]{0,30})=(.+)$/.exec(each) ?? []
      if (name === undefined || address === undefined || found.has(name))
        return wrong(
          'must be name=URL separated by spaces; a name has letters a-z, digits, - and _, and occurs once',
        )
      const parsed = parse(address)
      if (parsed instanceof Wrong)
        return wrong(`must be name=URL separated by spaces; each URL ${parsed.sentence}`)
      found.set(name, parsed)
    }
    return found
  }
}

export function host(value: string): string | Wrong {
  return isIP(value) || isHostName(value)
    ? value
    : wrong(`must be an IP address or a host name, not "${value}"`)
}

export function isHostName(value: string): boolean {
  return (
    value.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(value)
  )
}

export function bucketName(value: string): string | Wrong {
  return /^[a-z0-9][a-z0-9.-]{0,127}$/i.test(value) && !value.includes('..')
    ? value
    : wrong(`must be the name of a bucket, such as films-1250000000, not "${value}"`)
}

function listOf(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}
