export const api = {
  title: 'API',
  reference: 'Reference',
  search: 'Search for copies of a video',
  language: 'Language',
  languages: { node: 'Node', shell: 'curl' },
  explained: {
    node: 'The official COS SDK signs the request with the key. Put its secret in SECRET_KEY.',
    shell: 'The administrative API does the same with the admin token.',
  },
  key: 'Key',
  library: 'Library',
  signed: 'A signed request',
  signedHint:
    'The server signs a request with the key, for 15 minutes. The command never contains the secret.',
  request: 'Request',
  requests: {
    search: 'POST /jobs, a search',
    libraries: 'GET /dnadb, the libraries',
    videos: 'GET /dnadb_files, the videos of a library',
    queues: 'GET /queue, the queues',
  },
  sign: 'Sign',
  validUntil: (moment: string) => `Valid until ${moment}.`,
  noKeys: 'Create a key to sign requests.',
  toKeys: 'Open keys',
}
