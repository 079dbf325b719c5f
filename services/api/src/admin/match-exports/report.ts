import { createHash } from 'node:crypto'
import { escapeHtml as text } from '../../pages/page.ts'
import type { PassageEvidence, Report } from './read-report.ts'
import { agreement, ribbons } from './report-drawings.ts'

const STYLE = `@page{size:A4;margin:15mm}body{font:14px/1.4 system-ui,sans-serif;max-width:180mm;margin:auto;color:#171b20}
table{border-collapse:collapse;width:100%;margin:8px 0}th,td{border-bottom:1px solid #dee0e3;padding:4px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
tr,svg,figure{break-inside:avoid}svg{width:100%;height:auto}svg.strip{height:30px}figure{margin:8px 0}img{max-width:100%;display:block}
.film{width:100%}.pair{display:flex;gap:8px}.pair img{flex:1 1 0;min-width:0;object-fit:contain}figcaption{overflow-wrap:anywhere}
pre{font-size:10px;white-space:pre-wrap;overflow-wrap:anywhere}h2{font-size:16px;margin:16px 0 4px}`

/**
 * A match as one HTML page that needs no script and no other file: state, both contents with their pictures, passages,
 * measurements with their thresholds, versions, history, and the JSON of the match with its SHA-256.
 */
export function matchReport(report: Report): string {
  const { match } = report
  const json = JSON.stringify(match, null, 1)
  const digest = createHash('sha256').update(json).digest('hex')
  const { decision, history } = match
  const decided =
    decision === null
      ? ''
      : `, ${decision.state} by ${decision.by ?? 'an unnamed reviewer'} at ${decision.at}${decision.reason === null ? '' : `, reason ${decision.reason}`}`
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Match ${text(match.matchId)}</title><style>${STYLE}</style>
<h1>Match ${text(match.matchId)}</h1>
<p>State: <b>${text(match.state)}</b>${text(decided)}. Score ${match.score.toFixed(3)}; ${text(limitOf(report))}.</p>
<h2>Files</h2>${files(report)}
<h2>Passages</h2>${ribbons(match)}${passageTable(report)}${passageFigures(report)}
<h2>Thresholds and versions</h2>${thresholds(report)}
<h2>History</h2>${table(
    ['at', 'event', 'by', 'state', 'note'],
    history.map(({ at, kind, by, to, note }) => [at, kind, by ?? '', to ?? '', note ?? '']),
  )}
<h2>Data</h2><p>SHA-256 of the JSON below: <code>${digest}</code></p><pre>${text(json)}</pre></html>
`
}

/** The score from which the library reports pairs today. */
function limitOf({ library }: Report): string {
  return library === null
    ? 'the library has been deleted'
    : `the library reports pairs from ${library.policy.reportFrom.toFixed(2)}`
}

function files({ match: { query, reference, ...match }, pictures }: Report): string {
  const rows = [
    ['object', query.object, reference.object],
    ['bucket', query.bucket, reference.bucket],
    ['ETag', query.etag, reference.etag],
    ['seconds', query.durationSeconds, reference.durationSeconds],
    ['frames per second', query.fps ?? 'not known', reference.fps ?? 'not known'],
    ['picture', `${query.width ?? '?'} × ${query.height ?? '?'}`, `${reference.width} × ${reference.height}`],
    ['matching share', percent(match.queryCoverage), percent(match.refCoverage)],
  ]
  const films = pictures === null ? [] : [film('query', pictures), film('reference', pictures)]
  return table(['', 'query', 'reference'], rows) + films.join('')
}

function film(side: 'query' | 'reference', pictures: NonNullable<Report['pictures']>): string {
  const picture = pictures[side].film
  return picture === null
    ? `<p>No pictures of the ${side}: its file is gone or was replaced, and no thumbnails are kept.</p>`
    : `<figure>${image(picture, { alt: `Filmstrip of the ${side}`, className: 'film' })}<figcaption>The ${side} from start to end</figcaption></figure>`
}

function image(
  base64: string,
  { alt, className }: { readonly alt: string; readonly className?: string },
): string {
  return `<img${className === undefined ? '' : ` class="${className}"`} alt="${alt}" src="data:image/jpeg;base64,${base64}">`
}

function passageTable({ match: { passages } }: Report): string {
  const rows = passages.map((one, index) => [
    index + 1,
    `${one.queryStart.toFixed(2)}–${one.queryEnd.toFixed(2)}`,
    `${one.refStart.toFixed(2)}–${one.refEnd.toFixed(2)}`,
    one.score.toFixed(3),
    one.kind,
    one.speed,
    [
      one.mirrored && 'mirrored',
      one.turn !== 0 && `turned ${one.turn}°`,
      one.reversed && 'backwards',
      one.weak && 'weak',
      one.ignored !== null && 'ignored',
    ]
      .filter(Boolean)
      .join(', '),
  ])
  return table(['', 'query', 'reference', 'score', 'kind', 'speed', 'changes'], rows)
}

/** A pair of stills and the agreement of each passage, with what was measured. */
function passageFigures({ match: { passages }, pictures, evidence }: Report): string {
  const figures = passages.map((passage, index) => {
    const { queryStart, refStart } = passage.cutFrom ?? passage
    const found = evidence?.passages.find(
      (one) => near(one.queryStart, queryStart) && near(one.refStart, refStart),
    )
    const stills = (['query', 'reference'] as const).flatMap((side) => {
      const still = pictures?.[side].stills.get(index)
      return still === undefined ? [] : [image(still, { alt: `Passage ${index + 1} in the ${side}` })]
    })
    if (stills.length === 0 && found === undefined) return ''
    const pair = stills.length === 0 ? '' : `<div class="pair">${stills.join('')}</div>`
    return `<figure>${pair}${found ? agreement(found) : ''}<figcaption>Passage ${index + 1}${found ? `: ${text(measured(found))}` : ''}</figcaption></figure>`
  })
  return figures.join('\n')
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.01
}

function measured({ picture, sound }: PassageEvidence): string {
  const parts = [
    picture &&
      `${picture.alike} of ${picture.rows} compared frames alike, ${picture.medianBits ?? 'no'} differing bits of 256 in the middle, picture ${picture.score.toFixed(3)}`,
    sound &&
      `${sound.items} items of sound compared, ${sound.meanBits?.toFixed(1) ?? 'no'} differing bits of 32 on average, sound ${sound.score.toFixed(3)}`,
  ]
  return parts.filter(Boolean).join('; ')
}

function thresholds({ evidence, library, version, fingerprintFormat }: Report): string {
  const { policy } = library ?? {}
  const rows = [
    ...Object.entries(evidence?.thresholds ?? {}).map(([name, value]) => [name, value, 'the search']),
    ...Object.entries(policy ?? {}).map(([name, value]) => [name, value, 'the library, today']),
    ['Kinoprint', version, 'this server'],
    ['fingerprint format', fingerprintFormat, 'this server'],
  ]
  const missing = evidence === null ? '<p>The evidence of the search is not kept.</p>' : ''
  return missing + table(['name', 'value', 'of'], rows)
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (tag: string, row: readonly (string | number)[]): string =>
    row.map((value) => `<${tag} dir="auto">${text(String(value))}</${tag}>`).join('')
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
