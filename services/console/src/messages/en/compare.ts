type Sides = { readonly query: string; readonly reference: string }
type Found = { readonly passages: number; readonly query: number; readonly reference: number }

export const compare = {
  title: 'Compare two videos',
  intro: 'Nothing is stored in a library. The result is kept for an hour under its address.',
  sides: { query: 'Query', reference: 'Reference' } as Sides,
  from: 'From',
  kinds: { file: 'File', object: 'Object', video: 'Stored video' },
  drop: 'Drop a video here, or choose one.',
  bucket: 'Bucket',
  object: 'Name of the object',
  library: 'Library',
  findVideo: 'Name contains',
  video: 'Video',
  chooseVideo: 'Choose a video',
  swap: 'Swap query and reference',
  compare: 'Compare',
  another: 'Compare others',
  stop: 'Stop',
  steps: {
    upload: 'Uploading',
    Waiting: 'Waiting',
    Reading: 'Reading',
    Read: 'Read',
  },
  matching: 'Comparing both videos',
  waiting: 'Waiting for a worker',
  interrupted: 'The upload was interrupted. Compare the videos again.',
  details: 'Result of the comparison',
  aCopy: 'A copy',
  nothing: 'These share nothing',
  scoreFrom: (threshold: string) => `Reported from ${threshold}`,
  found: ({ passages, query, reference }: Found) =>
    `${passages === 1 ? '1 passage' : `${passages} passages`}. ${query} % of the query is in the reference; ${reference} % of the reference is used.`,
  whyNothing: 'No stretch of one video is like any of the other.',
  whyWeak: (seconds: string, lacks: string) =>
    `The best run covers ${seconds} s. Its confidence lacks ${lacks}. It is drawn faint.`,
  keptUntil: (time: string) => `Kept until ${time}.`,
}
