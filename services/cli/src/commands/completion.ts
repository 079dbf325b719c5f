import type { Command } from 'commander'
import { commandTable } from '../completion/command-table.ts'
import { fishScript } from '../completion/fish-script.ts'
import { posixScript } from '../completion/posix-script.ts'

/** Shells that can complete the command line. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** The script that makes a shell complete commands, options and their values, made from the program itself. */
export function completion(program: Command, shell: Shell): string {
  const table = commandTable(program)
  return shell === 'fish' ? fishScript(table) : posixScript(shell, table)
}
