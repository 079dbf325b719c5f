import type { CollectionFile, FilePair } from '@kinoprint/engine'
import { escapeHtml } from './escape-html.ts'
import { figuresHtml, nameOf } from './passage-html.ts'
import { countOf, factsText, passageText, type Report, relationText, sizeText, useOf } from './report.ts'
import type { PairStills } from './stills.ts'

type Group = Report['groups'][number]
type Shown = { readonly stills: PairStills; readonly numbers: ReadonlyMap<CollectionFile, number> }

/** Rows of a group this small are open: there is little to scroll past. */
const OPEN_MAX = 3

/** Whether both files of a pair belong to one group of copies. */
export function isInGroup({ relation, tracks }: FilePair): boolean {
  return tracks === 'both' && (relation === 'identical' || relation === 'whole')
}

/**
 * A group of copies: one row for each file, with the pair that ties it to the file to keep. The pairs among the others stand
 * below in a closed list: they grow with the square of the files and decide nothing.
 */
export function groupHtml(
  group: Group,
  about: { readonly index: number; readonly pairs: readonly FilePair[]; readonly stills: PairStills },
): string {
  const { files, spare, keep } = group
  const numbers = new Map(files.map((file, at) => [file, at + 1]))
  const shown = { stills: about.stills, numbers }
  const own = about.pairs.filter((pair) => isInGroup(pair) && numbers.has(pair.a) && numbers.has(pair.b))
  const told = new Set<FilePair>()
  const rows = files.map((file) => {
    const ofFile = own.filter(({ a, b }) => file !== keep && (a === file || b === file))
    const pair = ofFile.find(({ a, b }) => a === keep || b === keep) ?? ofFile[0]
    if (pair !== undefined) told.add(pair)
    return fileRow(file, { group, pair, shown })
  })
  const rest = own.filter((pair) => !told.has(pair))
  const bytes = spare.reduce((sum, file) => sum + file.bytes, 0)
  const counts = `${countOf(files.length, 'file')}, ${spare.length} spare of ${sizeText(bytes)}`
  return `<section><h2>Copies ${about.index + 1} <span class="facts">${counts}</span></h2><ul>${rows.join('')}</ul>${restHtml(rest, shown)}</section>`
}

function fileRow(
  file: CollectionFile,
  about: { readonly group: Group; readonly pair: FilePair | undefined; readonly shown: Shown },
): string {
  const { group, pair, shown } = about
  const use = useOf(file, group)
  // A unit stays with its number.
  const facts = factsText(file).map((fact) => escapeHtml(fact).replaceAll(' ', '&nbsp;'))
  const tie = pair === undefined ? '' : `<span class="facts">${tieText(pair, file, shown)}</span>`
  const lines = `<span class="facts">${facts.join(' · ')}</span>${tie}`
  const mark = file.isReference ? `${use}, reference` : use
  const head = `<span class="no">${shown.numbers.get(file)}</span><b class="${use}">${mark}</b><span class="what"><span class="path">${escapeHtml(file.path)}</span>${lines}</span>`
  return `<li>${rowHtml(head, pair, { shown, isOpen: group.files.length <= OPEN_MAX })}</li>`
}

/** How a file belongs to its group: `whole duplicate of 1, score 0.998`. */
function tieText(
  { relation, tracks, score, a, b }: FilePair,
  file: CollectionFile,
  { numbers }: Shown,
): string {
  const other = numbers.get(a === file ? b : a)
  if (relation === 'identical') return `the same bytes as ${other}`
  return `${relationText({ relation, tracks })} of ${other}, score ${score.toFixed(3)}`
}

/** A row that opens to the passages of its pair. Without any, or with the same bytes, there is nothing to open. */
function rowHtml(
  head: string,
  pair: FilePair | undefined,
  { shown, isOpen }: { readonly shown: Shown; readonly isOpen: boolean },
): string {
  if (pair === undefined || pair.relation === 'identical') return `<div class="row">${head}</div>`
  const numbers = `${shown.numbers.get(pair.a)} and ${shown.numbers.get(pair.b)}`
  const passages = pair.passages.map(
    (passage, at) =>
      `<div>In ${numbers}: ${escapeHtml(passageText(passage, pair))}</div>${at === 0 ? '' : figuresHtml(pair, at, shown)}`,
  )
  return `<details${isOpen ? ' open' : ''}><summary class="row">${head}${figuresHtml(pair, 0, shown)}</summary><div class="more">${passages.join('')}</div></details>`
}

/** The pairs among the copies of a group, closed. */
function restHtml(pairs: readonly FilePair[], shown: Shown): string {
  if (pairs.length === 0) return ''
  const items = pairs.map((pair) => {
    const { a, b, relation, tracks, score } = pair
    const names = [a, b].map((file) => `${shown.numbers.get(file)} ${nameOf(file)}`).join(' and ')
    const how =
      relation === 'identical'
        ? 'the same bytes'
        : `${relationText({ relation, tracks })}, score ${score.toFixed(3)}`
    const head = `<span class="what"><span class="path">${escapeHtml(names)}</span><span class="facts">${how}</span></span>`
    return `<li>${rowHtml(head, pair, { shown, isOpen: false })}</li>`
  })
  return `<details class="rest"><summary class="plain">${countOf(pairs.length, 'more pair')} of these files</summary><ul>${items.join('')}</ul></details>`
}
