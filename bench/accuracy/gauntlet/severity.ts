import type { Random } from '../random.ts'

/** How strongly a copy is altered. `random` draws a strength between mild and severe. */
export const SEVERITIES = ['mild', 'medium', 'severe', 'random'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A parameter at strength 0 (mild), 1 (medium) and 2 (severe). */
type Scale<T> = readonly [mild: T, medium: T, severe: T]

/** 0 (mild) to 2 (severe). */
export function strengthOf(severity: Severity, random: Random): number {
  return severity === 'random' ? random() * 2 : SEVERITIES.indexOf(severity)
}

/** The parameter at a strength, by linear interpolation, with three decimals. */
export function valueAt(strength: number, [mild, medium, severe]: Scale<number>): number {
  const value = strength < 1 ? mild + (medium - mild) * strength : medium + (severe - medium) * (strength - 1)
  return Math.round(value * 1000) / 1000
}

/** As valueAt, rounded to an integer. */
export function countAt(strength: number, scale: Scale<number>): number {
  return Math.round(valueAt(strength, scale))
}

/** The nearest of three choices. */
export function choiceAt<T>(strength: number, choices: Scale<T>): T {
  return choices[Math.min(2, Math.round(strength)) as 0 | 1 | 2]
}
