import type { CollectionFile, FilePair } from '@kinoprint/engine'
import { formatClock } from '../compare/format-clock.ts'
import { visible } from '../output/visible.ts'
import { countOf, factsText, passageText, type Report, relationText, useOf } from './report.ts'
import type { PairStills, PassageStills } from './stills.ts'

const STYLE = `:root{color-scheme:light dark;--ground:#f7f8f9;--card:#fff;--text:#171b20;--dim:#5b6570;--line:#dee0e3;--keep:#0b6b45;--spare:#9a4a00}
@media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1d2125;--text:#e8eaec;--dim:#a0a9b2;--line:#343a40;--keep:#6fd3a5;--spare:#f0a868}}
*{box-sizing:border-box}body{margin:0 auto;padding:16px;max-width:1200px;background:var(--ground);color:var(--text);font:14px/1.45 system-ui,sans-serif}
h1{font-size:20px;margin:8px 0}h2{font-size:16px;margin:0 0 8px}h3{font-size:14px;margin:12px 0 4px}p{margin:4px 0 12px;color:var(--dim)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px;margin:12px 0}
ul{list-style:none;margin:0;padding:0}li{padding:6px 0;border-top:1px solid var(--line)}li:first-child{border-top:0}
.path{overflow-wrap:anywhere;font-weight:600}.facts{color:var(--dim)}.keep{color:var(--keep)}.spare{color:var(--spare)}
.pair{display:grid;max-width:680px;grid-template-columns:1fr 1fr;gap:8px;margin:8px 0}figure{margin:0;min-width:0}
img,.none{width:100%;aspect-ratio:16/9;object-fit:contain;background:#000;border-radius:4px;display:block}.none{color:#aaa;display:grid;place-items:center;font-size:12px}
figcaption{color:var(--dim);font-variant-numeric:tabular-nums}summary{cursor:pointer;padding:4px 0}`

const LEGEND =
  '<p><b class="keep">keep</b>: the best file of a group. <b class="spare">spare</b>: a copy of it from start to end. <b>check</b>: a copy of another file of the group, but not of the one to keep.</p>'

/** The report as one page that needs no other file, with stills of both sides at the matching seconds. */
export function reportHtml(report: Report, stills: PairStills): string {
  const { groups, pairs, files, skipped, unreadable, isPartial } = report
  const isInGroup = ({ relation, tracks }: FilePair): boolean =>
    tracks === 'both' && (relation === 'identical' || relation === 'whole')
  const groupSections = groups.map((group, index) => {
    const members = group.files
    const items = members.map((file) => {
      const use = useOf(file, group)
      return fileItem(file, `<b class="${use}">${use}${file.isReference ? ', reference' : ''}</b>`)
    })
    const own = pairs.filter(
      (pair) => isInGroup(pair) && members.includes(pair.a) && members.includes(pair.b),
    )
    return `<section><h2>Copies ${index + 1}</h2><ul>${items.join('')}</ul>${own.map((pair) => copyHtml(pair, stills)).join('')}</section>`
  })
  const pairSections = pairs
    .filter((pair) => !isInGroup(pair))
    .map((pair) => {
      const share = (value: number): string => `${Math.round(100 * value)} % covered`
      const items = [
        fileItem(pair.a, `<b>A</b> ${share(pair.aCoverage)}`),
        fileItem(pair.b, `<b>B</b> ${share(pair.bCoverage)}`),
      ]
      const title = `${relationText(pair)}, score ${pair.score.toFixed(3)}`
      return `<section><h2>${escapeHtml(title.charAt(0).toUpperCase() + title.slice(1))}</h2><ul>${items.join('')}</ul>${passagesHtml(pair, stills)}</section>`
    })
  const left = [...unreadable, ...skipped.map(({ path, reason }) => `${path}: ${reason}.`)]
  const leftOut =
    left.length === 0
      ? ''
      : `<section><details><summary>Files not compared: ${left.length}</summary><ul>${left.map((line) => `<li class="path">${escapeHtml(line)}</li>`).join('')}</ul></details></section>`
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

/** Files of the same bytes need no pictures to compare. */
function copyHtml(pair: FilePair, stills: PairStills): string {
  const names = `${escapeHtml(pair.a.path)} and ${escapeHtml(pair.b.path)}`
  if (pair.relation === 'identical') return `<p class="path">${names}: the same bytes</p>`
  return `<h3 class="path">${names}</h3>${passagesHtml(pair, stills)}`
}

function passagesHtml(pair: FilePair, stills: PairStills): string {
  const shown = stills.get(pair) ?? []
  return pair.passages
    .map((passage, index) => {
      const taken = shown[index]
      const times = { a: (passage.aStart + passage.aEnd) / 2, b: (passage.bStart + passage.bEnd) / 2 }
      const pictures = taken === undefined ? '' : picturePair(taken, times, pair)
      return `<div>${escapeHtml(passageText(passage, pair))}</div>${pictures}`
    })
    .join('')
}

function picturePair(
  taken: PassageStills,
  times: { readonly a: number; readonly b: number },
  { a, b }: FilePair,
): string {
  const figure = (jpeg: Buffer | null, time: number, { path }: CollectionFile): string => {
    const label = `${path.slice(path.lastIndexOf('/') + 1)} at ${formatClock(time)}`
    const picture =
      jpeg === null
        ? '<div class="none">no picture</div>'
        : `<img alt="${escapeHtml(label)}" src="data:image/jpeg;base64,${jpeg.toString('base64')}">`
    return `<figure>${picture}<figcaption>${escapeHtml(label)}</figcaption></figure>`
  }
  return `<div class="pair">${figure(taken.a, times.a, a)}${figure(taken.b, times.b, b)}</div>`
}

function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
