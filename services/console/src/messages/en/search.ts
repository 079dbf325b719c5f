export const search = {
  title: 'Check a video',
  drop: 'Drop a video here, or choose one. It is searched with, not added to a library.',
  choose: 'Choose a file',
  remove: 'Remove',
  orObject: 'Or the name of an object in the bucket of the first library',
  byFingerprint: 'searched by its fingerprint',
  searchIn: 'Search in',
  search: 'Search',
  openJob: 'Open the job',
  nothing: 'No stored video of this library shares a passage with it.',
}
