import type { RouteRequest } from '@kinoprint/contract'

type Query = RouteRequest<'listMatches'>['query']

/** The fields of the address that filter the queue. `page` and `at` do not. */
export const filterFields = [
  'library',
  'track',
  'altered',
  'score',
  'seconds',
  'q',
  'videoId',
  'jobId',
  'sameReferenceAs',
] as const

type Fields = Readonly<Record<string, string | undefined>>

/** The filter of a query string, `?state=open&library=…`, as the API takes it. */
export function filterOf(search: string) {
  return filterOfFields(Object.fromEntries(new URLSearchParams(search)))
}

/** As `filterOf`, from fields that are apart. A state that is not one is `open`. */
export function filterOfFields(fields: Fields) {
  const state = states.find((one) => one === fields.state) ?? 'open'
  const order = orders.find((one) => one === fields.order)
  const track = tracks.find((one) => one === fields.track)
  const altered = alterations.find((one) => one === fields.altered)
  return {
    state,
    ...(order === undefined ? {} : { order }),
    ...(track === undefined ? {} : { track }),
    ...(altered === undefined ? {} : { altered }),
    ...range('score', fields.score),
    ...range('seconds', fields.seconds),
    ...text('library', fields.library),
    ...text('q', fields.q),
    ...text('videoId', fields.videoId),
    ...text('jobId', fields.jobId),
    ...text('sameReferenceAs', fields.sameReferenceAs),
  } satisfies Partial<Query>
}

export const states = ['open', 'confirmed', 'dismissed', 'near'] as const
export const orders = ['newest', 'oldest', 'score', 'seconds', 'decided'] as const
export const tracks = ['picture', 'sound', 'both'] as const
export const alterations = ['any', 'none', 'mirrored', 'turned', 'reversed', 'speed', 'part'] as const

function text<Name extends string>(name: Name, value: string | undefined) {
  return (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [K in Name]?: string }
}

/** What the server would refuse is left out: an address may be typed by hand. */
function range<Name extends string>(name: Name, value: string | undefined) {
  const isRange = value !== undefined && /^\d{1,6}(\.\d{1,6})?(-\d{1,6}(\.\d{1,6})?)?$/.test(value)
  return (isRange ? { [name]: value } : {}) as { readonly [K in Name]?: string }
}
