import type { CompletedCommand, CompletedOption, ValueKind } from './command-table.ts'
import { quoted } from './shell-words.ts'

const START = `# fish completion for kinoprint. Load it with: kinoprint completion fish | source
function __kinoprint_at
    set -l command
    for word in (commandline -opc)[2..-1]
        if contains -- (string join ' ' -- $command $word) $__kinoprint_commands
            set command $command $word
        end
    end
    test "$command" = "$argv"
end
complete -c kinoprint -f`

/** The script that completes the commands of a table in fish. */
export function fishScript(table: readonly CompletedCommand[]): string {
  const paths = table.map(({ path }) => path).filter((path) => path !== '')
  const commands = `set -g __kinoprint_commands ${paths.map((path) => quoted(path, 'fish')).join(' ')}`
  return [START, commands, ...table.flatMap(linesOf), ''].join('\n')
}

function linesOf({ path, commands, options, argument }: CompletedCommand): string[] {
  const at = `complete -c kinoprint -n ${quoted(`__kinoprint_at ${path}`.trim(), 'fish')}`
  return [
    ...commands.map(({ name, description }) => `${at} -a ${name} -d ${quoted(description, 'fish')}`),
    ...options.map((option) => `${at} ${optionFlags(option)} -d ${quoted(option.description, 'fish')}`),
    ...(argument === null ? [] : [`${at} ${valueFlags(argument)}`]),
  ]
}

function optionFlags({ names, takesValue, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  if (!takesValue) return flags.join(' ')
  return [...flags, '-r', value === null ? '-f' : valueFlags(value)].join(' ')
}

function valueFlags(value: Exclude<ValueKind, null>): string {
  if (value === 'file') return '-F'
  if (value === 'folder') return `-f -a '(__fish_complete_directories)'`
  return `-f -a ${quoted(value.join(' '), 'fish')}`
}
