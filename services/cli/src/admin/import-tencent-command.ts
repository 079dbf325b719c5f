import { Fault } from '@kinoprint/core'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { readCloudSettings } from '../tencent/cloud-settings.ts'
import type { WithBackend } from './backend.ts'
import { collect, decimal } from './parse-option.ts'

export type ImportTencentFlags = {
  bucket: string
  region: string
  library: string[]
  copy: boolean
  dryRun: boolean
  report?: string
  rate: number
}

type Environment = Readonly<Record<string, string | undefined>>

export function importTencentCommand(
  withBackend: WithBackend,
  { environment }: { readonly environment: Environment },
): Command {
  return new Command('import-tencent')
    .summary('move the libraries of a Tencent Cloud account here')
    .description(
      'Creates the libraries of a bucket of Tencent Cloud under their DnaDbId, copies the object of each video, and stores it under its VideoId. The key is TENCENT_SECRET_ID and TENCENT_SECRET_KEY. What is stored already is skipped, so run the command again to continue. The exit code is 3 if a video could not be stored.',
    )
    .requiredOption('--bucket <bucket>', 'the bucket with its AppId, such as films-1250000000')
    .requiredOption('--region <region>', 'its region, such as ap-chongqing')
    .option('--library <DnaDbId>', 'only this library (repeatable; default: all)', collect, [])
    .option('--no-copy', 'do not copy objects: the object store here has them under the same names')
    .option('--dry-run', 'only print what would be imported', false)
    .option('--report <file>', 'write what could not be stored, and why, as CSV')
    .option('--rate <requests>', 'the most requests per second to Tencent Cloud', decimal, 10)
    .action(async (flags: ImportTencentFlags) => {
      if (flags.rate <= 0) throw new Fault('InvalidArgument', '--rate must be above 0.')
      const { openCloud } = await import('../tencent/cloud-client.ts')
      const cloud = openCloud({ ...readCloudSettings(environment), requestsPerSecond: flags.rate })
      const { importAccount } = await import('../tencent/import-account.ts')
      await withBackend((backend) => importAccount(backend, cloud, flags), { runsJobs: !flags.dryRun })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint admin import-tencent --bucket films-1250000000 --region ap-chongqing --dry-run',
        'kinoprint admin import-tencent --bucket films-1250000000 --region ap-chongqing --report failed.csv',
      ),
    )
}
