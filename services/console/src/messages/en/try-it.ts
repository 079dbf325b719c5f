export const tryIt = {
  pageTitle: 'Try it',
  title: 'See it find a copy, in a minute',
  text: 'Kinoprint stores one video, makes an altered copy of it (mirrored, 1.1 times as fast, smaller, with a logo) and finds the copy.',
  drop: 'Drop a video here',
  choose: 'Choose a file',
  useGenerated: 'Use a made-up video',
  sending: 'Sending the video',
  steps: {
    make: 'Make a video of 30 s',
    store: 'Store it in the library “Try it”',
    copy: 'Make the altered copy',
    search: 'Search with the copy',
  },
  states: { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' },
  found: 'Found. The copy and the original are a match.',
  notFound:
    'The copy was not found. The video may be too short, or show nothing that moves. Try another one.',
  open: 'Open the match',
  openJob: 'Open the search',
  remove: 'Remove all of it',
  removed: 'The library “Try it” and its videos are gone.',
  again: 'Try it with a video of yours or a made-up one',
}
