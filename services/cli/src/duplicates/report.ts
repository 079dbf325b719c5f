import { csvOf } from '@kinoprint/core'
import { bitRate, type CollectionFile, type Duplicates, type FilePair, type Passage } from '@kinoprint/engine'
import { tableText } from '../admin/output.ts'
import { formatClock } from '../compare/format-clock.ts'

type Skipped = { readonly path: string; readonly reason: string }

export type Report = Duplicates & {
  readonly files: number
  readonly skipped: readonly Skipped[]
  readonly unreadable: readonly string[]
  /** Whether the run was interrupted, so that more may be found. */
  readonly isPartial: boolean
}

const relations = {
  identical: 'identical',
  whole: 'whole duplicate',
  excerpt: 'excerpt',
  passages: 'shared passages',
} as const

/** The relation of a pair in words. */
export function relationText({ relation, tracks }: Pick<FilePair, 'relation' | 'tracks'>): string {
  const which = { both: '', pictures: ', other sound', sound: ', sound only' }[tracks]
  return `${relations[relation]}${which}`
}

/** A size in decimal units: `1.2 MB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = bytes
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** `1 group`, `2 groups`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Resolution, bit rate, length and size of a file, for people. */
export function factsText(file: CollectionFile): string[] {
  const { width, height, durationSeconds, codec, hasAudio } = file.facts
  return [
    `${width}x${height}`,
    `${codec ?? '?'}${hasAudio ? '' : ', no sound'}`,
    `${Math.round(bitRate(file) / 1000)} kbit/s`,
    formatClock(durationSeconds),
    sizeText(file.bytes),
  ]
}

/** A passage of a pair: its times in A and B, and what is unusual about it. */
export function passageText(
  { aStart, aEnd, bStart, bEnd, kind, speed, ...changes }: Passage,
  { a, b }: Pick<FilePair, 'a' | 'b'>,
): string {
  const haveSound = a.facts.hasAudio && b.facts.hasAudio
  const more = [
    kind === 'audio' ? 'sound only' : kind === 'video' && haveSound ? 'pictures only' : '',
    speed === 1 ? '' : `x${speed}`,
    changes.mirrored ? 'mirrored' : '',
    changes.turn === 0 ? '' : `rotated ${changes.turn}°`,
    changes.reversed ? 'backwards' : '',
  ].filter((text) => text !== '')
  const times = `${formatClock(aStart)} - ${formatClock(aEnd)} = ${formatClock(bStart)} - ${formatClock(bEnd)}`
  return more.length === 0 ? times : `${times} (${more.join(', ')})`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** What to do with a file of a group. A file to check is a copy of another file of the group, but not of the kept one. */
export function useOf(
  file: CollectionFile,
  { keep, spare }: Report['groups'][number],
): 'keep' | 'spare' | 'check' {
  if (file === keep) return 'keep'
  return spare.includes(file) ? 'spare' : 'check'
}

/** The report for a terminal. */
export function reportText({ groups, pairs, files, isPartial }: Report): string {
  const parts = groups.map((group, index) => {
    const rows = group.files.map((file) => {
      const mark = useOf(file, group)
      return [file.isReference ? `${mark}, reference` : mark, ...factsText(file), file.path]
    })
    return `Copies ${index + 1}\n${tableText(['', 'picture', 'codec', 'bit rate', 'length', 'size', 'file'], rows)}\n`
  })
  const others = pairs.filter(
    ({ relation, tracks }) => !(tracks === 'both' && (relation === 'identical' || relation === 'whole')),
  )
  for (const pair of others) {
    const { a, b, aCoverage, bCoverage, passages, score } = pair
    const rows = [
      ['A', ...factsText(a), percent(aCoverage), a.path],
      ['B', ...factsText(b), percent(bCoverage), b.path],
    ]
    const table = tableText(['', 'picture', 'codec', 'bit rate', 'length', 'size', 'covered', 'file'], rows)
    const lines = passages.map((passage) => `  ${passageText(passage, pair)}`).join('\n')
    const title = relationText(pair)
    parts.push(
      `${title.charAt(0).toUpperCase()}${title.slice(1)}, score ${score.toFixed(3)}\n${table}\n${lines}\n`,
    )
  }
  const spare = groups.flatMap((group) => group.spare)
  const bytes = spare.reduce((sum, file) => sum + file.bytes, 0)
  const found =
    pairs.length === 0
      ? `No duplicates among ${files} files.`
      : `${countOf(pairs.length, 'pair')} among ${files} files: ${countOf(groups.length, 'group')} of copies, ${countOf(spare.length, 'spare file')} of ${sizeText(bytes)}, ${countOf(others.length, 'other pair')}.`
  const partial = isPartial ? ' Interrupted: more may be found. Run the same command again to continue.' : ''
  return `${[...parts, found + partial].join('\n')}\n`
}

function fileObject(file: CollectionFile) {
  const { path, content, bytes, isReference, facts } = file
  return { path, content, bytes, isReference, ...facts, bitRate: Math.round(bitRate(file)) }
}

/** The report as one JSON object. */
export function reportJson({ groups, pairs, files, skipped, unreadable, isPartial }: Report): string {
  const value = {
    files,
    isPartial,
    groups: groups.map(({ keep, files: members, spare }) => ({
      keep: keep.path,
      spare: spare.map(({ path }) => path),
      files: members.map(fileObject),
    })),
    pairs: pairs.map(({ a, b, ...pair }) => ({ ...pair, a: fileObject(a), b: fileObject(b) })),
    skipped,
    unreadable,
  }
  return `${JSON.stringify(value, null, 1)}\n`
}

const sides = [
  'Path',
  'Width',
  'Height',
  'Codec',
  'BitRate',
  'Seconds',
  'Bytes',
  'HasSound',
  'IsReference',
  'Coverage',
]

/** The pairs as CSV, one row each. `use` says of each file whether to keep it. */
export function reportCsv({ groups, pairs }: Report): string {
  const spare = new Set(groups.flatMap((group) => group.spare))
  const head = [
    'relation',
    'tracks',
    'score',
    ...sides.map((name) => `a${name}`),
    'aSpare',
    ...sides.map((name) => `b${name}`),
    'bSpare',
    'passages',
  ]
  const cells = (file: CollectionFile, coverage: number) => {
    const { width, height, codec, durationSeconds, hasAudio } = file.facts
    const rate = Math.round(bitRate(file))
    return [
      ...[file.path, width, height, codec, rate, durationSeconds, file.bytes, hasAudio, file.isReference],
      ...[Math.round(1e4 * coverage) / 1e4, spare.has(file)],
    ]
  }
  const rows = pairs.map(({ relation, tracks, score, a, b, aCoverage, bCoverage, passages }) => [
    ...[relation, tracks, score, ...cells(a, aCoverage), ...cells(b, bCoverage)],
    passages.map(({ aStart, aEnd, bStart, bEnd }) => `${aStart}-${aEnd}=${bStart}-${bEnd}`).join('; '),
  ])
  return csvOf([head, ...rows])
}
