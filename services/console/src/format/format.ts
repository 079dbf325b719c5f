import { language, locale, messages } from '../messages/messages.ts'

const NO_BREAK_SPACE = '\u00A0'

/** 12,480. */
export function numberText(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value)
}

/** 0..1 as 38 %; in Chinese without the space. */
export function percentText(fraction: number): string {
  return `${numberText(fraction * 100)}${language.value === 'en' ? NO_BREAK_SPACE : ''}%`
}

/** Several words or phrases in a row: mirrored, ×1.25. */
export function listText(parts: readonly string[]): string {
  return parts.join(language.value === 'en' ? ', ' : '、')
}

type TimeUnit = 'second' | 'minute' | 'hour' | 'day'

/** As the other messages write them: Intl has "sec" and "hr" in English, and no space in Chinese. */
const symbols: Readonly<Record<'en' | 'zh', Readonly<Record<TimeUnit, string>>>> = {
  en: { second: 's', minute: 'min', hour: 'h', day: 'd' },
  zh: { second: '秒', minute: '分钟', hour: '小时', day: '天' },
}

function unit(value: number, name: TimeUnit, digits = 0): string {
  return `${numberText(value, digits)}${NO_BREAK_SPACE}${symbols[language.value][name]}`
}

/** How long something took: 0.4 s, 11 s, 2 min 5 s, 3 h 4 min. */
export function spanText(seconds: number): string {
  const whole = Math.round(seconds)
  if (seconds < 9.95) return unit(Math.max(0, seconds), 'second', 1)
  if (whole < 60) return unit(whole, 'second')
  if (whole < 3600) return joined(unit(Math.floor(whole / 60), 'minute'), whole % 60, 'second')
  if (whole < 86_400) {
    return joined(unit(Math.floor(whole / 3600), 'hour'), Math.floor((whole % 3600) / 60), 'minute')
  }
  return joined(unit(Math.floor(whole / 86_400), 'day'), Math.floor((whole % 86_400) / 3600), 'hour')
  function joined(first: string, rest: number, name: 'second' | 'minute' | 'hour'): string {
    return rest === 0 ? first : `${first} ${unit(rest, name)}`
  }
}

/** The length of a video: 0:45, 4:49, 1:02:03. */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const tail = String(whole % 60).padStart(2, '0')
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`
}

/** The length of all videos of a library: 13:21, from an hour on 38.7 h. */
export function hoursText(seconds: number): string {
  if (seconds < 3600) return lengthText(seconds)
  return unit(seconds / 3600, 'hour', 1)
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** 331 MB, in powers of 1000. */
export function bytesText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return new Intl.NumberFormat(locale.value, {
    style: 'unit',
    unit: BYTE_UNITS[step],
    unitDisplay: 'short',
    maximumFractionDigits: step > 0 && value < 100 ? 1 : 0,
  }).format(value)
}

/** A moment to the minute: 29 Nov 2026, 03:24. */
export function dateTimeText(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

/** A moment in full: 29 Nov 2026, 03:24:56. */
export function momentFullText(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(iso),
  )
}

const AGES = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** How long ago a moment was: 6 min ago; "just now" within the last minute. */
export function ageText(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000
  for (const [name, size] of AGES)
    if (seconds >= size) return messages.value.parts.ago(unit(Math.floor(seconds / size), name))
  return messages.value.parts.justNow
}
