export const search = {
  title: 'Check a video',
  drop: 'Drop a video here, or choose one. It is searched with, not added to a library.',
  choose: 'Choose a file',
  remove: 'Remove',
  orObject: 'Or the name of an object in the bucket',
  byFingerprint: 'searched by its fingerprint',
  searchIn: 'Search in',
  search: 'Search',
  openJob: 'Open the job',
  searching: 'Searching…',
  failed: 'The search failed',
  foundIn: (found: number, videos: string) =>
    found === 1
      ? `1 of ${videos} videos shares passages with it`
      : `${found} of ${videos} videos share passages with it`,
  nothingIn: (count: number, videos: string) =>
    count === 1
      ? 'The only video shares no passage with it'
      : `Nothing in ${videos} videos shares a passage with it`,
  bestFirst: 'Matches, best first',
  nearMisses: 'Strongest near misses',
  nearHint: 'not reported',
  storeToo: 'Store it too',
  store: 'Store',
  storing: (library: string) => `A job stores it in ${library}`,
  limits: {
    reports: (limits: string) => `reports pairs from ${limits}.`,
    score: (score: string) => `a score of ${score}`,
    seconds: (seconds: string) => `${seconds} s`,
    share: (share: string) => `${share} of either video`,
  },
}
