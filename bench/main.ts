import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { errorCode } from '@kinoprint/core'
import { accuracyFlags, benchAccuracy } from './accuracy/accuracy.ts'
import { apiFlags, benchApi } from './api/api.ts'
import { benchConsole, consoleFlags } from './console/console.ts'
import { benchEvidence, evidenceFlags } from './evidence/evidence.ts'
import { benchIngest, ingestFlags } from './ingest/ingest.ts'
import { type Bench, table } from './report.ts'
import { benchSearch, searchFlags } from './search/search.ts'

type Entry = { readonly bench: Bench; readonly measures: string; readonly flags: readonly string[] }

const benches: Readonly<Record<string, Entry>> = {
  accuracy: {
    bench: benchAccuracy,
    measures: 'how many copies are found after attacks, and how exactly',
    flags: accuracyFlags,
  },
  api: {
    bench: benchApi,
    measures: 'response times while jobs run, submissions per second, and long job lists',
    flags: apiFlags,
  },
  console: {
    bench: benchConsole,
    measures: 'how soon the match viewer can be used, and how far its players drift',
    flags: consoleFlags,
  },
  evidence: {
    bench: benchEvidence,
    measures: 'what the evidence of matches and kept queries cost',
    flags: evidenceFlags,
  },
  ingest: { bench: benchIngest, measures: 'the cost of storing and searching a file', flags: ingestFlags },
  search: { bench: benchSearch, measures: 'the cost of a search as a library grows', flags: searchFlags },
}

const DETAILS = 'bench/README.md describes the options.\n'

const usage = [
  'Usage: npm run bench -- NAME [--out FILE.json] [options]\n',
  ...Object.entries(benches).map(([name, entry]) => `\n${name}: ${entry.measures}\n  ${flagsText(entry)}\n`),
  `\n${DETAILS}`,
].join('')

function usageOf(name: string, entry: Entry): string {
  return `Usage: npm run bench -- ${name} [--out FILE.json] ${flagsText(entry)}\nMeasures ${entry.measures}. ${DETAILS}`
}

function flagsText({ flags }: Entry): string {
  return flags.map((flag) => `[--${flag} …]`).join(' ')
}

type Flags = {
  readonly help: boolean
  /** What is wrong with the arguments; null if they are right. */
  readonly wrong: string | null
  readonly flags: Readonly<Record<string, string | undefined>>
}

function readFlags(args: readonly string[], names: readonly string[]): Flags {
  const known = Object.fromEntries(['out', ...names].map((flag) => [flag, { type: 'string' as const }]))
  try {
    const options = { ...known, help: { type: 'boolean' as const, short: 'h' } }
    const { help, ...flags } = parseArgs({ args: [...args], options }).values
    return { help: help === true, wrong: null, flags: flags as Flags['flags'] }
  } catch (error) {
    const isUsage = errorCode(error)?.startsWith('ERR_PARSE_ARGS') === true && error instanceof Error
    if (!isUsage) throw error
    return { help: false, wrong: error.message, flags: {} }
  }
}

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2)
  if (name === '--help' || name === '-h') {
    process.stdout.write(usage)
    return
  }
  const entry = benches[name]
  if (!entry) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  const { help, wrong, flags } = readFlags(args, entry.flags)
  if (help || wrong !== null) {
    const text = usageOf(name, entry)
    if (wrong === null) process.stdout.write(text)
    else process.stderr.write(`${wrong}\n${text}`)
    process.exitCode = wrong === null ? 0 : 2
    return
  }
  const report = await entry.bench({ print: (line) => process.stderr.write(`${line}\n`), flags })
  process.stdout.write(table(report.rows))
  for (const [heading, rows] of Object.entries(report.more ?? {}))
    process.stdout.write(`\n${heading}\n\n${table(rows)}`)
  if (flags.out) writeFileSync(flags.out, `${JSON.stringify(report, null, 2)}\n`)
}

/** A bench throws plain errors for wrong input and failed programs. Those of another class are bugs: their stack is needed. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.constructor === Error ? error.message : (error.stack ?? error.message)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`)
  process.exit(1)
}
