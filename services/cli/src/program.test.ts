import { type Command, CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)]
}

/** The complete output of --help, including text added after it. */
function helpOf(command: Command): string {
  const parts: string[] = []
  command.configureOutput({ writeOut: (part) => void parts.push(part) }).outputHelp()
  return parts.join('')
}

const commands = all(createProgram({ environment: {}, version: '1.2.3' }))

test('the program has every documented command', () => {
  const names = commands.map((one) =>
    one.parent === null ? one.name() : `${one.parent.name()} ${one.name()}`,
  )
  expect(names).toEqual(
    expect.arrayContaining([
      'kinoprint serve',
      'kinoprint api',
      'kinoprint worker',
      'kinoprint scan',
      'kinoprint compare',
      'kinoprint watch',
      'admin init',
      'admin libraries',
      'admin keys',
      'admin migrate',
      'admin reindex',
      'admin check',
      'kinoprint doctor',
      'kinoprint completion',
    ]),
  )
})

test.each(commands.map((command) => [command.name(), command] as const))(
  '%s has help with examples',
  (_, command) => {
    const help = helpOf(command)
    expect(help).toMatch(/Examples:\n {2}\S*.*kinoprint /)
    expect(command.description()).not.toBe('')
  },
)

test.each([
  ['scan', ['scan', '--refs']],
  ['a command below admin', ['admin', 'libraries', 'list', '--nonsense']],
  ['the program', ['nonsense']],
])('a wrong option of %s is an error with a hint, not the end of the process', async (_, args) => {
  const program = createProgram({ environment: {}, version: '1.2.3' })
  const written: string[] = []
  for (const command of all(program)) command.configureOutput({ writeErr: (part) => void written.push(part) })
  await expect(program.parseAsync(['node', 'kinoprint', ...args])).rejects.toThrow(CommanderError)
  expect(written.join('')).toContain('(run with --help to list commands and options)')
})
