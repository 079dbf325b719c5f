import type { CompletedCommand, ValueKind } from './command-table.ts'
import { quoted } from './shell-words.ts'

/** What differs between the shells. The rest of the script is the same. */
type Dialect = {
  readonly start: string
  readonly end: string
  /** Statement that proposes words with descriptions. */
  readonly proposeWords: (words: readonly Word[]) => string
  readonly proposePaths: (kind: 'file' | 'folder') => string
}

type Word = { readonly word: string; readonly description: string }

/** Also for bash 3.2, which macOS has: without mapfile. `=` is a word of its own in `--format=json`. */
const bash: Dialect = {
  start: `# bash completion for kinoprint. Load it with: eval "$(kinoprint completion bash)"
_kinoprint_propose() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@" -- "$current")
}
_kinoprint() {
  COMPREPLY=()
  local current=\${COMP_WORDS[COMP_CWORD]} last=$((COMP_CWORD - 1))
  if [[ $current == = ]]; then current=''; elif [[ \${COMP_WORDS[last]} == = ]]; then last=$((last - 1)); fi
  local previous=\${COMP_WORDS[last]}
  local -a typed=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")`,
  end: `}
complete -F _kinoprint kinoprint`,
  proposeWords: (words) => `_kinoprint_propose -W ${quoted(words.map(({ word }) => word).join(' '))}`,
  proposePaths: (kind) =>
    `compopt -o filenames 2>/dev/null; _kinoprint_propose ${kind === 'file' ? '-f' : '-d'}`,
}

const zsh: Dialect = {
  start: `#compdef kinoprint
# zsh completion for kinoprint. Load it with: eval "$(kinoprint completion zsh)"
_kinoprint() {
  local current=$words[CURRENT] previous=$words[CURRENT-1]
  local -a typed=("\${(@)words[2,CURRENT-1]}") proposed
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*}
    compset -P '*='
  fi`,
  end: `}
if [[ $funcstack[1] == _kinoprint ]]; then _kinoprint "$@"; else compdef _kinoprint kinoprint; fi`,
  proposeWords: (words) => {
    const described = words.map(({ word, description }) =>
      quoted(description === '' ? word : `${word}:${description}`),
    )
    return `proposed=(${described.join(' ')}); _describe kinoprint proposed`
  },
  proposePaths: (kind) => (kind === 'file' ? '_files' : '_files -/'),
}

/** The script that completes the commands of a table in bash or zsh. */
export function posixScript(shell: 'bash' | 'zsh', table: readonly CompletedCommand[]): string {
  const dialect = shell === 'bash' ? bash : zsh
  return [
    dialect.start,
    ...walk(table),
    ...valueCases(table, dialect),
    ...wordCases(table, dialect),
    dialect.end,
    '',
  ].join('\n')
}

/** Finds the command that was typed. Only commands without others below them have options with values. */
function walk(table: readonly CompletedCommand[]): string[] {
  const steps = table.flatMap(({ path, commands }) => commands.map(({ name }) => quoted(`${path}|${name}`)))
  return [
    `  local command='' word`,
    `  for word in "\${typed[@]}"; do`,
    '    case "$command|$word" in',
    `      ${steps.join('|')}) command="\${command:+$command }$word" ;;`,
    '    esac',
    '  done',
  ]
}

/** Proposes the value of the option before the cursor. */
function valueCases(table: readonly CompletedCommand[], dialect: Dialect): string[] {
  const cases = table.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, value }) => {
        const patterns = names.map((name) => quoted(`${path}|${name}`)).join('|')
        const statement = value === null ? '' : `${propose(value, dialect)}; `
        return `    ${patterns}) ${statement}return ;;`
      }),
  )
  return ['  case "$command|$previous" in', ...cases, '  esac']
}

/** Proposes options after a dash, otherwise commands and arguments. */
function wordCases(table: readonly CompletedCommand[], dialect: Dialect): string[] {
  const cases = table.flatMap(({ path, commands, options, argument }) => {
    const flags = options.flatMap(({ names, description }) => names.map((word) => ({ word, description })))
    const names = commands.map(({ name, description }) => ({ word: name, description }))
    return [
      `    ${quoted(`${path}|-`)}*) ${dialect.proposeWords(flags)} ;;`,
      ...(names.length > 0 ? [`    ${quoted(`${path}|`)}*) ${dialect.proposeWords(names)} ;;`] : []),
      ...(argument === null ? [] : [`    ${quoted(`${path}|`)}*) ${propose(argument, dialect)} ;;`]),
    ]
  })
  return ['  case "$command|$current" in', ...cases, '  esac']
}

function propose(value: Exclude<ValueKind, null>, { proposePaths, proposeWords }: Dialect): string {
  if (value === 'file' || value === 'folder') return proposePaths(value)
  return proposeWords(value.map((word) => ({ word, description: '' })))
}
