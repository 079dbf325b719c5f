import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchApi } from './api.ts'
import { type Bench, table } from './report.ts'

const benches: Readonly<Record<string, Bench>> = { api: benchApi }

const usage = `usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--out FILE.json]`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
  const bench = benches[positionals[0] ?? '']
  if (!bench || positionals.length !== 1) {
    process.stderr.write(`${usage}\n`)
    process.exitCode = 2
    return
  }
  const report = await bench({ say: (line) => process.stderr.write(`${line}\n`) })
  process.stdout.write(table(report.rows))
  if (values.out) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`)
}

await main()
