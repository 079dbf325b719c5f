export const policy = {
  title: 'What is reported',
  minSeconds: 'Report from seconds',
  minSecondsHint: 'The least seconds of the query that a pair shares.',
  minShare: 'Report from percent',
  minShareHint: 'The least share that a pair covers of either video.',
  tracks: 'What must match',
  trackNames: { any: 'Picture or sound', picture: 'Picture', sound: 'Sound', both: 'Picture and sound' },
  reportFrom: 'Report from score',
  reportFromHint: '0.45 to 1.',
  reviewFrom: 'Show for review from score',
  reviewFromHint: '0.15 up to the score that is reported. Such pairs wait in the queue and are not reported.',
  keepFrom: 'Keep as near miss from score',
  keepFromHint: '0.15 up to the score that is shown for review.',
  suppressDismissed: 'Leave pairs that a reviewer dismissed out of later results',
  preview: 'The last 30 days by these values',
  complete: 'Complete the values above to see what they would have done.',
  judged: (count: number, text: string) =>
    count === 1 ? '1 match or near miss was judged.' : `${text} matches and near misses were judged.`,
  nothing: 'No search of the last 30 days found anything.',
  outcome: 'Outcome',
  before: 'Was',
  after: 'Would be',
  verdicts: { report: 'Reported', review: 'For review', near: 'Near miss', drop: 'Not kept' },
  confirmedLost: (count: number, text: string) =>
    count === 1
      ? '1 confirmed match would not have been reported.'
      : `${text} confirmed matches would not have been reported.`,
  changed: 'Pairs that would change, strongest first',
}
