import { Fault } from '@kinoprint/contract'

/** Every refusal of an input names what is wrong with it and what would be accepted. */
export const refusal = (wrong: string, remedy: string, cause?: unknown): Fault =>
  new Fault('ResourceNotSupported', `${wrong} ${remedy}`, cause === undefined ? {} : { cause })

/** The last line that a program wrote before it gave up, without the addresses that change from run to run. */
export const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim())
  const last = lines.filter((line) => line !== '').at(-1) ?? 'no reason given'
  return last.replace(/^file:.*: /, '').slice(0, 200)
}
