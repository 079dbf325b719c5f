export const results = {
  query: 'Query',
  shares: 'Shares',
  score: 'Score',
  unknown: 'No source known',
  picture: 'Picture',
  sound: 'Sound',
  threshold: (score: string) => `Matches are reported from a score of ${score}.`,
  kinds: { video: 'picture', audio: 'sound', both: 'picture and sound' },
  passages: (count: number) => (count === 1 ? '1 passage' : `${count} passages`),
  partial: (shards: string) =>
    `Part of the library was not searched, because these database shards were away: ${shards}. Run the job again when they are back.`,
  leftOut: (detections: string, segments: string) =>
    `Another ${detections} videos and ${segments} passages were found and left out.`,
}
