import type { Command, Option } from 'commander'

/** What a value may be: one of some words, a path, or anything, for which nothing is proposed. */
export type ValueKind = readonly string[] | 'file' | 'folder' | null

export type CompletedOption = {
  /** As typed: `-o`, `--out`. */
  readonly names: readonly string[]
  readonly description: string
  /** Whether the next word is its value. */
  readonly takesValue: boolean
  readonly value: ValueKind
}

/** What can follow a command. */
export type CompletedCommand = {
  /** The words after the program: `admin libraries`; empty for the program itself. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly CompletedOption[]
  /** What its arguments may be. */
  readonly argument: ValueKind
}

/** Names of placeholders in the help, such as `<file.kfp>`, `<dir>` or `<a>`. */
const FILE_NAMES = /^(?:file|path|a|b)(?:\.|$)/
const FOLDER_NAMES = /^dir$/

/** The visible commands and options of a program, each command before those below it. */
export function commandTable(program: Command): readonly CompletedCommand[] {
  return commandsFrom(program, { path: '', siblings: [] })
}

function commandsFrom(
  command: Command,
  { path, siblings }: { path: string; siblings: readonly string[] },
): CompletedCommand[] {
  const help = command.createHelp()
  const visible = help.visibleCommands(command)
  const names = visible.map((one) => one.name())
  const completed: CompletedCommand = {
    path,
    commands: visible.map((one) => ({ name: one.name(), description: help.subcommandDescription(one) })),
    options: help.visibleOptions(command).map(completedOption),
    argument: command.name() === 'help' ? siblings : argumentOf(command),
  }
  const below = visible.flatMap((one) =>
    commandsFrom(one, { path: `${path} ${one.name()}`.trim(), siblings: names }),
  )
  return [completed, ...below]
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional
  const placeholder = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? ''
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    takesValue,
    value: takesValue ? valueKind(placeholder, option.argChoices) : null,
  }
}

function argumentOf(command: Command): ValueKind {
  const kinds = command.registeredArguments.map((argument) => valueKind(argument.name(), argument.argChoices))
  return kinds.find((kind) => kind !== null) ?? null
}

function valueKind(placeholder: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined) return choices
  if (FILE_NAMES.test(placeholder)) return 'file'
  return FOLDER_NAMES.test(placeholder) ? 'folder' : null
}
