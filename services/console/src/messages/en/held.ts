export const held = {
  /** Before the range and the object. */
  bar: (count: string) =>
    count === '1' ? 'Held back: 1 video matched' : `Held back: ${count} videos matched`,
  barMore: (count: string) => `and ${count} more`,
  examples: 'For example',
  release: 'Release',
  releaseHint: 'Its matches count again. Only as many new ones hold it back again.',
  exempt: 'Release for good',
  exemptHint: 'Its matches count again, and this video is never held back any more.',
  ignore: 'Ignore everywhere',
  ignoreHint: 'Searches no longer report this passage, wherever videos of the library show it.',
  released: 'The passage is released',
  tag: 'held back',
  guard: 'Hold back passages that many videos suddenly match',
}
