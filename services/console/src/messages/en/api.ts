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
}
