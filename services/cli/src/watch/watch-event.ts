import type { RouteAnswer } from '@kinoprint/contract'

type Detection = NonNullable<RouteAnswer<'getJob'>['result']>['detections'][number]

/** What `watch` reports of a file, one JSON object a line. Paths are relative to the folder, `of` and `from` are absolute. */
export type WatchEvent =
  | {
      /** `searched` also if the library has kept the video out. */
      readonly event: 'stored' | 'searched'
      readonly path: string
      readonly jobId: string
      readonly videoId: string | null
      readonly durationSeconds: number
      /** What the library holds of it. */
      readonly found: readonly Detection[]
    }
  | {
      readonly event: 'failed'
      readonly path: string
      readonly jobId: string | null
      readonly reason: string
    }
  | { readonly event: 'skipped'; readonly path: string; readonly reason: string }
  | { readonly event: 'duplicate'; readonly path: string; readonly of: string }
  | { readonly event: 'renamed'; readonly path: string; readonly from: string }
  | { readonly event: 'deleted'; readonly path: string; readonly videoId: string | null }

/** An event as a line for people. */
export function eventText(event: WatchEvent): string {
  const { path } = event
  switch (event.event) {
    case 'stored':
    case 'searched': {
      const matches = event.found.map(({ object, score }) => `${object} (${score.toFixed(3)})`)
      const found = matches.length === 0 ? 'no match' : `matches ${matches.join(', ')}`
      return event.event === 'stored' ? `${path}: stored as ${event.videoId}, ${found}` : `${path}: ${found}`
    }
    case 'failed':
    case 'skipped':
      return `${path}: ${event.event === 'skipped' ? 'skipped, ' : ''}${event.reason}`
    case 'duplicate':
      return `${path}: the same content as ${event.of}`
    case 'renamed':
      return `${path}: renamed from ${event.from}`
    case 'deleted':
      return `${path}: deleted${event.videoId === null ? '' : `, with video ${event.videoId}`}`
  }
}
