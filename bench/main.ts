import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { accuracyFlags, benchAccuracy } from './accuracy/accuracy.ts'
import { apiFlags, benchApi } from './api/api.ts'
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
  evidence: {
    bench: benchEvidence,
    measures: 'what the evidence of matches and kept queries cost',
    flags: evidenceFlags,
  },
  ingest: { bench: benchIngest, measures: 'the cost of storing and searching a file', flags: ingestFlags },
  search: { bench: benchSearch, measures: 'the cost of a search as a library grows', flags: searchFlags },
}

const usage = [
  'Usage: npm run bench -- NAME [--out FILE.json] [options]\n',
  ...Object.entries(benches).map(
    ([name, { measures, flags }]) =>
      `\n${name}: ${measures}\n  ${flags.map((flag) => `[--${flag} …]`).join(' ')}\n`,
  ),
  '\nbench/README.md describes the options.\n',
].join('')

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2)
  const entry = benches[name]
  if (!entry) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  const options = Object.fromEntries(
    ['out', ...entry.flags].map((flag) => [flag, { type: 'string' as const }]),
  )
  const flags = parseArgs({ args, options }).values as Record<string, string | undefined>
  const report = await entry.bench({ print: (line) => process.stderr.write(`${line}\n`), flags })
  process.stdout.write(table(report.rows))
  for (const [heading, rows] of Object.entries(report.more ?? {}))
    process.stdout.write(`\n${heading}\n\n${table(rows)}`)
  if (flags.out) writeFileSync(flags.out, `${JSON.stringify(report, null, 2)}\n`)
}

await main()
