import type { CollectionFile } from '@kinoprint/engine'
import { escapeHtml } from './escape-html.ts'
import { groupHtml, isInGroup } from './group-html.ts'
import { figuresHtml } from './passage-html.ts'
import { countOf, factsText, passageText, type Report, relationText } from './report.ts'
import { STYLE } from './report-style.ts'
import type { PairStills } from './stills.ts'

const LEGEND =
  '<p><b class="keep">keep</b>: the best file of a group. <b class="spare">spare</b>: a copy of it from start to end. <b>check</b>: a copy of another file of the group, but not of the one to keep. Open a row for larger pictures.</p>'

/** The report as one page that needs no other file and no script, with stills of both sides at the matching seconds. */
export function reportHtml(report: Report, stills: PairStills): string {
  const { groups, pairs, files, skipped, unreadable, isPartial } = report
  const groupSections = groups.map((group, index) => groupHtml(group, { index, pairs, stills }))
  const pairSections = pairs
    .filter((pair) => !isInGroup(pair))
    .map((pair) => {
      const share = (value: number): string => `${Math.round(100 * value)} % covered`
      const items = [
        fileItem(pair.a, `<b>A</b> ${share(pair.aCoverage)}`),
        fileItem(pair.b, `<b>B</b> ${share(pair.bCoverage)}`),
      ]
      const title = `${relationText(pair)}, score ${pair.score.toFixed(3)}`
      const passages = pair.passages.map(
        (passage, at) =>
          `<div>${escapeHtml(passageText(passage, pair))}</div>${figuresHtml(pair, at, { stills })}`,
      )
      return `<section><h2>${escapeHtml(title.charAt(0).toUpperCase() + title.slice(1))}</h2><ul>${items.join('')}</ul>${passages.join('')}</section>`
    })
  const left = [...unreadable, ...skipped.map(({ path, reason }) => `${path}: ${reason}.`)]
  const leftOut =
    left.length === 0
      ? ''
      : `<section><details><summary class="plain">Files not compared: ${left.length}</summary><ul>${left.map((line) => `<li class="path">${escapeHtml(line)}</li>`).join('')}</ul></details></section>`
  const partial = isPartial ? ' The run was interrupted: more may be found.' : ''
  const intro = `${countOf(files, 'file')}, ${countOf(groups.length, 'group')} of copies, ${countOf(pairSections.length, 'other pair')}.${partial}`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Duplicate videos</title><style>${STYLE}</style></head>
<body><main><h1>Duplicate videos</h1><p>${intro}</p>${groups.length === 0 ? '' : LEGEND}
${[...groupSections, ...pairSections].join('\n')}
${leftOut}</main></body></html>
`
}

function fileItem(file: CollectionFile, lead: string): string {
  return `<li>${lead} <span class="path">${escapeHtml(file.path)}</span><div class="facts">${escapeHtml(factsText(file).join(' · '))}</div></li>`
}
