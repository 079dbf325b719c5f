import { type StoreDetail, storeDetails } from '@kinoprint/core'
import type { Tracks } from '@kinoprint/dna'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { collect } from './admin/parse-option.ts'
import { examples } from './examples.ts'
import { type RowFormat, rowFormats } from './output/row-format.ts'

const duplicatesFormats = ['text', 'json', 'csv', 'html'] as const
export type DuplicatesFormat = (typeof duplicatesFormats)[number]

type Environment = Readonly<Record<string, string | undefined>>

type Sound = 'on' | 'off' | 'only'

const tracksOf: Readonly<Record<Sound, Tracks>> = { on: 'both', off: 'pictures', only: 'sound' }

function score(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Enter a number from 0 to 1.')
  return value
}

function soundOption(): Option {
  const meaning = 'compare pictures and sound (on), pictures alone (off) or sound alone (only)'
  return new Option('--sound <use>', meaning).choices(Object.keys(tracksOf)).default('on')
}

type ScanFlags = {
  refs: string
  queries?: string
  out?: string
  format?: RowFormat
  sound: Sound
  exclude: string[]
  dataDir?: string
  databaseUrl?: string
  storeDetail?: StoreDetail
  minScore?: number
}

/** Adds `scan`. */
export function addScan(program: Command, environment: Environment): void {
  program
    .command('scan')
    .summary('find copies of one folder of videos in another')
    .description(
      'Stores every video under --refs in a library, searches it with every video under --queries, and writes one row for each matching segment. File names are relative to the folders; times are in decimal seconds. The exit code is 0 if every file was read, 2 after a wrong option, 3 if a file could not be read, and 130 if the scan was interrupted; rows found by then are still written. Without --queries and --out, the references are only stored for a later scan. docs/command-line.md describes the rows.',
    )
    .requiredOption('--refs <dir>', 'folder with the reference videos')
    .option('--queries <dir>', 'folder with the query videos')
    .option('--out <file>', 'file for the rows, or - for standard output')
    .addOption(
      new Option(
        '--format <format>',
        'json: an array; jsonl: one row a line; csv (default: by the extension of --out, otherwise json)',
      ).choices(rowFormats),
    )
    .addOption(soundOption())
    .option(
      '--exclude <pattern>',
      'do not read files of these names, such as samples/** (repeatable)',
      collect,
      [],
    )
    .option(
      '--data-dir <dir>',
      'keep the library in this folder for the next scan (default: a temporary folder)',
    )
    .addOption(
      new Option(
        '--database-url <url>',
        'keep the library in this PostgreSQL database with pgvector, for large libraries',
      ).conflicts('dataDir'),
    )
    .addOption(
      new Option(
        '--store-detail <detail>',
        'how much to store of each reference (default: STORE_DETAIL, or that of the kept library)',
      ).choices([...storeDetails]),
    )
    .option('--min-score <score>', 'also write weaker pairs, down to this score (0 to 1)', score)
    .action(async ({ sound, ...flags }: ScanFlags) => {
      const options = { environment, ...flags, tracks: tracksOf[sound] }
      process.exitCode = await (await import('./commands/scan.ts')).scan(options)
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint scan --refs films --queries uploads --out copies.json',
        'kinoprint scan --refs films --queries uploads --out copies.csv --data-dir films.dna --min-score 0.2',
        'kinoprint scan --refs films --queries uploads --out - --format jsonl --sound off',
        'kinoprint scan --refs films --data-dir films.dna',
      ),
    )
}

type CompareFlags = { json: boolean; format?: 'text' | RowFormat; out: string; sound: Sound }

/** Adds `compare`. */
export function addCompare(program: Command, environment: Environment): void {
  program
    .command('compare')
    .summary('compare two files without a library')
    .description(
      'Finds the segments that two videos share. The exit code is 0 for a copy, 1 if the files share nothing or too little, 2 after a wrong option, 3 if a file cannot be read, 4 after another failure, and 130 if interrupted.',
    )
    .argument('<a>', 'a video file')
    .argument('<b>', 'another video file')
    .addOption(
      new Option('--format <format>', 'text, json (one object), or the rows of scan: jsonl, csv').choices([
        'text',
        ...rowFormats,
      ]),
    )
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .option('--out <file>', 'file for the result, or - for standard output', '-')
    .addOption(soundOption())
    .action(async (a: string, b: string, { json, format, out, sound }: CompareFlags) => {
      const options = {
        a,
        b,
        format: format ?? (json ? 'json' : 'text'),
        out,
        tracks: tracksOf[sound],
      } as const
      process.exitCode = await (await import('./commands/compare.ts')).compare({ environment, ...options })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint compare film.mp4 upload.mp4',
        'kinoprint compare --json a.mp4 b.mp4',
        'kinoprint compare --sound only --format csv --out shared.csv a.mp4 b.mp4',
      ),
    )
}

type DuplicatesFlags = {
  reference: string[]
  format: DuplicatesFormat
  out: string
  exclude: string[]
  cache?: string | false
  moveTo?: string
  hardlink: boolean
  dryRun: boolean
}

/** Adds `duplicates`. */
export function addDuplicates(program: Command, environment: Environment): void {
  program
    .command('duplicates')
    .summary('find copies inside folders and between them')
    .description(
      'Groups the videos under the folders: files that show the same from start to end, excerpts, and shared passages with their seconds. The best copy of a group is marked to keep. Nothing is deleted: spare copies can be moved to another folder or become hard links. A second run reads only new and changed files. The exit code is 0, 2 after a wrong option, 3 if a file could not be read, moved or linked, and 130 if interrupted; what is found by then is still printed.',
    )
    .argument('[dir...]', 'folders with videos')
    .option(
      '--reference <dir>',
      'a folder whose files are never proposed for removal (repeatable)',
      collect,
      [],
    )
    .addOption(
      new Option('--format <format>', 'text, json, csv (a row for each pair) or html (a page with stills)')
        .choices(duplicatesFormats)
        .default('text'),
    )
    .option('--out <file>', 'file for the result, or - for standard output', '-')
    .option(
      '--exclude <pattern>',
      'do not read files of these names, such as samples/** (repeatable)',
      collect,
      [],
    )
    .option('--cache <dir>', 'folder of the cache (default: kinoprint in the cache folder of the user)')
    .option('--no-cache', 'keep nothing for the next run')
    .option('--move-to <dir>', 'move spare copies into this folder; nothing is overwritten')
    .addOption(
      new Option('--hardlink', 'replace byte-identical spare copies by hard links')
        .default(false)
        .conflicts('moveTo'),
    )
    .option('--dry-run', 'with --move-to or --hardlink: print what would be done', false)
    .action(async (folders: string[], { reference, cache, moveTo, ...flags }: DuplicatesFlags) => {
      if (folders.length === 0 && reference.length === 0)
        program.error('error: name a folder with videos', { exitCode: 2 })
      const where = { references: reference, moveTo, cache: cache === false ? null : cache }
      const { duplicates } = await import('./commands/duplicates.ts')
      process.exitCode = await duplicates({ environment, folders, ...flags, ...where })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint duplicates films downloads',
        'kinoprint duplicates downloads --reference films --format html --out duplicates.html',
        'kinoprint duplicates downloads --reference films --move-to spare --dry-run',
      ),
    )
}
