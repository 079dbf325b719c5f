import { createInterface } from 'node:readline/promises'
import { Fault } from '@kinoprint/core'

/**
 * Asks on the terminal whether to go on.
 *
 * @throws Fault Cancelled if the answer is no, InvalidArgument if there is no terminal to ask on.
 */
export async function confirm(question: string, { yes }: { readonly yes: boolean }): Promise<void> {
  if (yes) return
  const { stdin: input, stderr: output } = process
  if (!input.isTTY) throw new Fault('InvalidArgument', `${question} Add --yes to do so.`)
  const terminal = createInterface({ input, output })
  try {
    const answer = await terminal.question(`${question} [y/N] `)
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new Fault('Cancelled', 'Nothing was changed.')
  } finally {
    terminal.close()
  }
}
