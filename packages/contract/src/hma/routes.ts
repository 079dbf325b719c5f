import type { Body, Operation, PlainParameter } from '../openapi/operation.ts'

/** A route of Hasher-Matcher-Actioner (HMA) 1.1: its path below `/hma`, its parameters, and what it takes and answers. */
export type HmaRoute = Omit<Operation, 'auth' | 'tag' | 'role' | 'query' | 'method'> & {
  readonly method: 'get' | 'post' | 'put' | 'delete'
}

function json(schema: string): Body {
  return { contentType: 'application/json', schema }
}

function text(name: string, description: string): PlainParameter {
  return { name, description, schema: { type: 'string' } }
}

function flag(name: string, description: string): PlainParameter {
  return { name, description, schema: { type: 'boolean', default: false } }
}

const types = text('types', 'Kinds of signals, divided by commas: pdq, vpdq. Default: that of the file.')
const contentType = {
  name: 'content_type',
  description: 'What the file must be. Default: its content decides.',
  schema: { type: 'string', enum: ['photo', 'video'] },
}
const url = text('url', 'The address of the file.')
const hashing = [url, contentType, types]
const signal = [
  {
    name: 'signal_type',
    description: 'The kind of signal.',
    schema: { type: 'string', enum: ['pdq', 'vpdq'] },
  },
  text('signal', 'The signal: 64 hexadecimal digits of pdq, or the JSON list of vpdq.'),
  text('banks', 'Names of banks, divided by commas. Default: all.'),
]
const chance = [
  text('seed', 'Decides which banks with a ratio below 1 take part. Default: by chance.'),
  flag('bypass_coinflip', 'All banks with a ratio above 0 take part.'),
]
const form: Body = { contentType: 'multipart/form-data', schema: 'HmaFileForm' }
const plain: Body = { contentType: 'text/plain' }
const done = { 200: json('HmaMessage') }

const WRONG_FILE = 'The address is not allowed, the file cannot be read, or a parameter or form is wrong.'
const ofFiles = {
  400: WRONG_FILE,
  413: 'The file is larger than MAX_OBJECT_BYTES.',
  429: 'Four files are being hashed already.',
  503: 'The file was not hashed within 60 s.',
}
const ofSignals = { 400: 'The signal or a parameter is wrong.' }
const ofBanks = {
  400: 'The name or the ratio is wrong.',
  403: 'A bank has this name, or was not created through /hma.',
}
const noBank = 'The bank does not exist.'
const noContent = 'The bank or its content does not exist.'

/** Every route below `/hma`. The server builds its routes from this table, and the OpenAPI document describes it. */
export const hmaRoutes = {
  status: {
    method: 'get',
    path: '/status',
    summary: 'Check that the server answers',
    answers: { 200: plain },
  },
  live: {
    method: 'get',
    path: '/status/live',
    summary: 'Check that the server answers',
    answers: { 200: plain },
  },
  hashAddress: {
    method: 'get',
    path: '/h/hash',
    summary: 'Hash the file at an address',
    plainQuery: hashing,
    answers: { 200: json('HmaSignals') },
    errors: ofFiles,
  },
  hashFile: {
    method: 'post',
    path: '/h/hash',
    summary: 'Hash the file of a form',
    plainQuery: [types],
    request: form,
    answers: { 200: json('HmaSignals') },
    errors: ofFiles,
  },
  lookup: {
    method: 'get',
    path: '/m/lookup',
    summary: 'Look up a signal, or the file at an address, in enabled banks',
    plainQuery: [...signal, ...chance, ...hashing],
    answers: { 200: json('HmaMatches') },
    errors: ofFiles,
  },
  lookupFile: {
    method: 'post',
    path: '/m/lookup',
    summary: 'Look up the file of a form in enabled banks',
    plainQuery: [text('banks', 'Names of banks, divided by commas. Default: all.'), ...chance, types],
    request: form,
    answers: { 200: json('HmaMatches') },
    errors: ofFiles,
  },
  rawLookup: {
    method: 'get',
    path: '/m/raw_lookup',
    summary: 'Look up a signal in all banks, enabled or not',
    plainQuery: [...signal, flag('include_distance', 'With the distance of each content.')],
    answers: { 200: json('HmaRawMatches') },
    errors: ofSignals,
  },
  compare: {
    method: 'post',
    path: '/m/compare',
    summary: 'Compare pairs of signals',
    request: json('HmaPairs'),
    answers: { 200: json('HmaComparisons') },
    errors: ofSignals,
  },
  indexStatus: {
    method: 'get',
    path: '/m/index/status',
    summary: 'Show the state of the index, which is always up to date',
    answers: { 200: json('HmaIndexStatus') },
  },
  listSignalTypes: {
    method: 'get',
    path: '/c/signal_type',
    summary: 'List the kinds of signals',
    answers: { 200: json('HmaSignalTypes') },
  },
  listExchanges: {
    method: 'get',
    path: '/c/exchanges',
    summary: 'List exchanges: there are none',
    answers: { 200: json('HmaNothing') },
  },
  listExchangeApis: {
    method: 'get',
    path: '/c/exchanges/apis',
    summary: 'List kinds of exchanges: there are none',
    answers: { 200: json('HmaNothing') },
  },
  listBanks: {
    method: 'get',
    path: '/c/banks',
    summary: 'List all libraries',
    answers: { 200: json('HmaBanks') },
  },
  createBank: {
    method: 'post',
    path: '/c/banks',
    summary: 'Create a library',
    request: json('HmaNewBank'),
    answers: { 201: json('HmaBank') },
    errors: ofBanks,
  },
  showBank: {
    method: 'get',
    path: '/c/bank/{bank}',
    summary: 'Show a library',
    answers: { 200: json('HmaBank') },
    errors: { 404: noBank },
  },
  updateBank: {
    method: 'put',
    path: '/c/bank/{bank}',
    summary: 'Rename, enable or disable a library',
    request: json('HmaBankChanges'),
    answers: { 200: json('HmaBank') },
    errors: { ...ofBanks, 404: noBank },
  },
  deleteBank: {
    method: 'delete',
    path: '/c/bank/{bank}',
    summary: 'Delete a library with its videos',
    answers: done,
    errors: { 403: 'The bank was not created through /hma.' },
  },
  addContent: {
    method: 'post',
    path: '/c/bank/{bank}/content',
    summary: 'Store the file of a form or at an address',
    plainQuery: hashing,
    request: form,
    answers: { 200: json('HmaAdded') },
    errors: { ...ofFiles, 404: noBank },
  },
  addSignals: {
    method: 'post',
    path: '/c/bank/{bank}/signal',
    summary: 'Store a signal as a video; of several, the one with most frames',
    request: json('HmaSignals'),
    answers: { 200: json('HmaAdded') },
    errors: { ...ofSignals, 404: noBank, 503: 'No worker stored it within 25 s.' },
  },
  showContent: {
    method: 'get',
    path: '/c/bank/{bank}/content/{content}',
    summary: 'Show a stored video',
    plainQuery: [flag('include_signals', 'With its vPDQ hash.')],
    answers: { 200: json('HmaContent') },
    errors: { 404: noContent },
  },
  updateContent: {
    method: 'put',
    path: '/c/bank/{bank}/content/{content}',
    summary: 'Disable a stored video for lookups until a time',
    request: json('HmaContentChanges'),
    answers: { 200: json('HmaContent') },
    errors: { 400: 'The time is wrong.', 404: noContent },
  },
  deleteContent: {
    method: 'delete',
    path: '/c/bank/{bank}/content/{content}',
    summary: 'Delete a stored video',
    answers: { 200: json('HmaDeleted') },
    errors: { 404: noBank },
  },
} as const satisfies Readonly<Record<string, HmaRoute>>

export type HmaRouteName = keyof typeof hmaRoutes
