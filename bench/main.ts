import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { accuracyFlags, benchAccuracy } from './accuracy/accuracy.ts'
import { apiFlags, benchApi } from './api/api.ts'
import { benchIngest, ingestFlags } from './ingest/ingest.ts'
import { type Bench, table } from './report.ts'
import { benchSearch, searchFlags } from './search/search.ts'

type Entry = { readonly bench: Bench; readonly flags: readonly string[] }

const benches: Readonly<Record<string, Entry>> = {
  accuracy: { bench: benchAccuracy, flags: accuracyFlags },
  api: { bench: benchApi, flags: apiFlags },
  ingest: { bench: benchIngest, flags: ingestFlags },
  search: { bench: benchSearch, flags: searchFlags },
}

const usage = Object.entries(benches)
  .map(([name, { flags }]) => [name, ...['out', ...flags].map((flag) => `[--${flag} …]`)].join(' '))
  .map((line) => `usage: npm run bench -- ${line}\n`)
  .join('')

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
  const report = await entry.bench({ say: (line) => process.stderr.write(`${line}\n`), flags })
  process.stdout.write(table(report.rows))
  for (const [heading, rows] of Object.entries(report.more ?? {}))
    process.stdout.write(`\n${heading}\n\n${table(rows)}`)
  if (flags.out) writeFileSync(flags.out, `${JSON.stringify(report, null, 2)}\n`)
}

await main()
