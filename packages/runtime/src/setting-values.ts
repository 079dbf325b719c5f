import { isIP } from 'node:net'
import { z } from 'zod'

/** What `.env.example` says of a setting beside its description. */
export type SettingMeta = {
  readonly description: string
  /** The default as it would be typed; absent where there is none. */
  readonly shown?: string
  /** Can be given as NAME_FILE too, and never appears in a message. */
  readonly secret?: true
}

/** Parses the text of a variable, or says what is wrong with it in a sentence that follows the name. */
type Parse<T> = (text: string) => T | Wrong
export class Wrong {
  readonly sentence: string
  constructor(sentence: string) {
    this.sentence = sentence
  }
}
export const wrong = (sentence: string): Wrong => new Wrong(sentence)

const parsed = <T>(parse: Parse<T>) =>
  z.string().transform((text, context): T => {
    const value = parse(text)
    if (!(value instanceof Wrong)) return value
    context.addIssue({ code: 'custom', message: value.sentence })
    return z.NEVER
  })

/** A setting with a default, which goes through the same parser as a given value. */
export const setting = <T>(parse: Parse<T>, meta: SettingMeta & { readonly shown: string }) =>
  parsed(parse).prefault(meta.shown).meta(meta)

/** A setting that is null unless given. */
export const optional = <T>(parse: Parse<T>, meta: SettingMeta) =>
  parsed(parse)
    .optional()
    .transform((value): T | null => value ?? null)
    .meta(meta)

export const text: Parse<string> = (value) => value

/** Text that ends up in a header or an URL: printable ASCII without spaces. */
export const token: Parse<string> = (value) =>
  /^[\x21-\x7e]+$/.test(value) ? value : wrong('must be printable ASCII without spaces')

/** Long enough not to be guessed from a stolen database. */
const LEAST_PASSPHRASE = 12

export const passphrase: Parse<string> = (value) =>
  value.length >= LEAST_PASSPHRASE
    ? value
    : wrong(
        `is too short: 32 bytes as hex or base64, or a passphrase of ${LEAST_PASSPHRASE} characters or more`,
      )

export const integer =
  (least: number, most: number): Parse<number> =>
  (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    return number >= least && number <= most
      ? number
      : wrong(`must be a whole number from ${least} to ${most}, not "${value}"`)
  }

export const oneOf =
  <const T extends string>(...choices: readonly T[]): Parse<T> =>
  (value) =>
    choices.find((choice) => choice === value) ?? wrong(`must be ${listed(choices)}, not "${value}"`)

const ON = ['on', 'true', 'yes', '1']
const OFF = ['off', 'false', 'no', '0']

export const onOrOff: Parse<boolean> = (value) => {
  const lower = value.toLowerCase()
  if (ON.includes(lower)) return true
  return OFF.includes(lower) ? false : wrong(`must be on or off, not "${value}"`)
}

/** The value is never repeated in a message, because an address may hold a password. */
export const url =
  (...schemes: readonly string[]): Parse<string> =>
  (value) => {
    const known = URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1))
    return known
      ? value
      : wrong(`must be an address that starts with ${listed(schemes.map((s) => `${s}://`))}`)
  }

export const host: Parse<string> = (value) =>
  isIP(value) || isHostName(value) ? value : wrong(`must be an IP address or a host name, not "${value}"`)

export const isHostName = (value: string): boolean =>
  value.length <= 253 &&
  /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(value)

export const bucketName: Parse<string> = (value) =>
  /^[a-z0-9][a-z0-9.-]{0,127}$/i.test(value) && !value.includes('..')
    ? value
    : wrong(`must be a bucket's name such as films-1250000000, not "${value}"`)

const listed = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
