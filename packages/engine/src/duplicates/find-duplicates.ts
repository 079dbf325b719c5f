import type { CollectionFile, ContentMatch, CopyGroup, Duplicates, FilePair, Relation } from './collection.ts'
import { betterMatch, identicalPair, relateFiles } from './relate-files.ts'

const order: readonly Relation[] = ['identical', 'whole', 'excerpt', 'passages']

/**
 * Groups the files of a collection: which show the same from start to end, and which share less. Two references are not
 * reported as a pair. Pure; the order of files and matches does not matter.
 *
 * @param matches What searches with each content found, from one side or both. Matches of a content with itself, and with
 * contents that no file has, are ignored.
 */
export function findDuplicates(
  files: readonly CollectionFile[],
  matches: readonly ContentMatch[],
): Duplicates {
  const sorted = [...files].sort(byQuality)
  const byContent = groupByContent(sorted)
  const pairs = [...identicalPairs(byContent), ...relatedPairs(byContent, matches)]
    .filter(({ a, b }) => !(a.isReference && b.isReference))
    .sort(byRelation)
  return { groups: copyGroups(sorted, pairs), pairs }
}

function groupByContent(files: readonly CollectionFile[]): ByContent {
  const groups = new Map<string, CollectionFile[]>()
  for (const file of files) {
    const group = groups.get(file.content)
    if (group === undefined) groups.set(file.content, [file])
    else group.push(file)
  }
  return groups
}

type ByContent = ReadonlyMap<string, readonly CollectionFile[]>

function identicalPairs(byContent: ByContent): FilePair[] {
  return [...byContent.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : others.map((other) => identicalPair(first, other)),
  )
}

function relatedPairs(byContent: ByContent, matches: readonly ContentMatch[]): FilePair[] {
  const secondsOf = (content: string): number => byContent.get(content)?.[0]?.facts.durationSeconds ?? 0
  const best = new Map<string, ContentMatch>()
  for (const match of matches) {
    if (!match.accepted || match.query === match.ref) continue
    const key = [match.query, match.ref].sort().join('\n')
    const other = best.get(key)
    best.set(key, other === undefined ? match : betterMatch(match, other, secondsOf))
  }
  return [...best.values()].flatMap((match) => {
    const [a, b] = [byContent.get(match.query)?.[0], byContent.get(match.ref)?.[0]]
    return a === undefined || b === undefined ? [] : [relateFiles(a, b, match)]
  })
}

/** Whether two files show the same from start to end, in picture and sound. */
function isCopy({ relation, tracks }: FilePair): boolean {
  return tracks === 'both' && (relation === 'identical' || relation === 'whole')
}

function copyGroups(files: readonly CollectionFile[], pairs: readonly FilePair[]): CopyGroup[] {
  const copies = pairs.filter(isCopy)
  const groupOf = new Map<CollectionFile, Set<CollectionFile>>()
  for (const { a, b } of copies) {
    const merged = new Set([...(groupOf.get(a) ?? [a]), ...(groupOf.get(b) ?? [b])])
    for (const file of merged) groupOf.set(file, merged)
  }
  return [...new Set(groupOf.values())].map((group) => {
    const members = files.filter((file) => group.has(file))
    const [keep, ...others] = members as [CollectionFile, ...CollectionFile[]]
    return { keep, files: members, spare: others.filter((file) => isSpare(file, keep, copies)) }
  })
}

/** Whether `keep` itself, and not only another copy of it, has all that the file has. */
function isSpare(file: CollectionFile, keep: CollectionFile, copies: readonly FilePair[]): boolean {
  if (file.isReference || !file.isOwn || (file.facts.hasAudio && !keep.facts.hasAudio)) return false
  if (file.content === keep.content) return true
  const contents = new Set([file.content, keep.content])
  return copies.some(
    ({ a, b }) => a.content !== b.content && contents.has(a.content) && contents.has(b.content),
  )
}

/** References first, then the best picture: most pixels, sound, most bits a second, longest. */
function byQuality(one: CollectionFile, other: CollectionFile): number {
  return (
    Number(other.isReference) - Number(one.isReference) ||
    pixels(other) - pixels(one) ||
    Number(other.facts.hasAudio) - Number(one.facts.hasAudio) ||
    bitRate(other) - bitRate(one) ||
    other.facts.durationSeconds - one.facts.durationSeconds ||
    Number(other.isOwn) - Number(one.isOwn) ||
    (one.path < other.path ? -1 : 1)
  )
}

function pixels({ facts: { width, height } }: CollectionFile): number {
  return width * height
}

/** Bits per second of the whole file; 0 if its length is not known. */
export function bitRate({ bytes, facts: { durationSeconds } }: CollectionFile): number {
  return durationSeconds > 0 ? (8 * bytes) / durationSeconds : 0
}

function byRelation(one: FilePair, other: FilePair): number {
  return (
    order.indexOf(one.relation) - order.indexOf(other.relation) ||
    other.score - one.score ||
    (one.a.path < other.a.path ? -1 : one.a.path > other.a.path ? 1 : one.b.path < other.b.path ? -1 : 1)
  )
}
