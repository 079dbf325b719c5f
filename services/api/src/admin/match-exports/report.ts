import { createHash } from 'node:crypto'
import type { RouteAnswer } from '@kinoprint/contract'
import { escapeHtml } from '../../pages/page.ts'

type Match = RouteAnswer<'getMatch'>

const STYLE = `@page{size:A4;margin:15mm}body{font:14px/1.4 system-ui,sans-serif;max-width:180mm;margin:auto;color:#171b20}
table{border-collapse:collapse;width:100%;margin:8px 0}th,td{border-bottom:1px solid #dee0e3;padding:4px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
tr,svg{break-inside:avoid}svg{width:100%;height:auto}pre{font-size:10px;white-space:pre-wrap;overflow-wrap:anywhere}h2{font-size:16px;margin:16px 0 4px}`

/** Width of the picture of the passages in its own units. */
const WIDTH = 1000

/**
 * A match as one HTML page that needs no script and no other file: state, both contents, passages, history, and the JSON
 * of the match with its SHA-256.
 */
export function matchReport(match: Match): string {
  const json = JSON.stringify(match, null, 1)
  const digest = createHash('sha256').update(json).digest('hex')
  const { query, reference, passages, decision, history } = match
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Match ${text(match.matchId)}</title><style>${STYLE}</style>
<h1>Match ${text(match.matchId)}</h1>
<p>State: <b>${text(match.state)}</b>${decision === null ? '' : `, ${text(decision.state)} by ${text(decision.by ?? 'an unnamed reviewer')} at ${text(decision.at)}${decision.reason === null ? '' : `, reason ${text(decision.reason)}`}`}. Score ${match.score.toFixed(3)}; pairs are accepted from 0.45.</p>
<h2>Files</h2>${table(
    ['', 'query', 'reference'],
    [
      ['object', query.object, reference.object],
      ['bucket', query.bucket, reference.bucket],
      ['ETag', query.etag, reference.etag],
      ['seconds', query.durationSeconds, reference.durationSeconds],
      ['size', `${query.width ?? '?'} × ${query.height ?? '?'}`, `${reference.width} × ${reference.height}`],
      ['matching share', percent(match.queryCoverage), percent(match.refCoverage)],
    ],
  )}
<h2>Passages</h2>${ribbons(match)}${table(
    ['', 'query', 'reference', 'score', 'kind', 'speed', 'changes'],
    passages.map((one, index) => [
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
      ]
        .filter(Boolean)
        .join(', '),
    ]),
  )}
<h2>History</h2>${table(
    ['at', 'event', 'by', 'state', 'note'],
    history.map(({ at, kind, by, to, note }) => [at, kind, by ?? '', to ?? '', note ?? '']),
  )}
<h2>Data</h2><p>SHA-256 of the JSON below: <code>${digest}</code></p><pre>${text(json)}</pre></html>
`
}

/** Both videos as bars, and a ribbon between them for each passage. */
function ribbons({ query, reference, passages }: Match): string {
  const x = (seconds: number, total: number): number => Math.round((WIDTH * seconds) / Math.max(total, 0.001))
  const shapes = passages.map(({ queryStart, queryEnd, refStart, refEnd, kind, reversed }) => {
    const [first, last] = reversed ? [refEnd, refStart] : [refStart, refEnd]
    const top = [queryStart, queryEnd].map((at) => x(at, query.durationSeconds))
    const bottom = [last, first].map((at) => x(at, reference.durationSeconds))
    const points = `${top[0]},20 ${top[1]},20 ${bottom[0]},100 ${bottom[1]},100`
    return `<polygon points="${points}" fill="${kind === 'audio' ? '#d36614' : '#007f8a'}" fill-opacity=".5"/>`
  })
  return `<svg viewBox="0 0 ${WIDTH} 120" role="img" aria-label="Passages"><rect width="${WIDTH}" height="20" fill="#dee0e3"/><rect y="100" width="${WIDTH}" height="20" fill="#dee0e3"/>${shapes.join('')}</svg>`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (tag: string, row: readonly (string | number)[]): string =>
    row.map((value) => `<${tag} dir="auto">${text(String(value))}</${tag}>`).join('')
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`
}

const text = escapeHtml

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
