import { InvalidArgumentError } from 'commander'

/** A whole number, or no limit. */
export type Limit = number | 'none'

/** The value of an option that takes a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text.trim())) throw new InvalidArgumentError('Enter a whole number.')
  return Number(text)
}

/** The value of an option that takes a whole number, or `none` for no limit. */
export function limitOrNone(text: string): Limit {
  if (text.trim() === 'none') return 'none'
  if (!/^\d+$/.test(text.trim())) throw new InvalidArgumentError('Enter a whole number, or none.')
  return Number(text)
}

/** The value of an option that takes a number of 0 or more, decimals included. */
export function decimal(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text.trim())) throw new InvalidArgumentError('Enter a number such as 0.5.')
  return Number(text)
}

/** The value of an option that takes a comma-separated list. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Adds a value of a repeatable option to those before it. */
export function collect(value: string, values: readonly string[]): string[] {
  return [...values, value]
}
