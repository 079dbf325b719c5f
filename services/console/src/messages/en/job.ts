export const job = {
  title: 'Job',
  path: 'Path',
  state: 'State',
  toJobs: 'Go to the jobs',
  missing: 'This job is not here',
  runsOn: 'Runs on',
  silent: (name: string, span: string) =>
    `The worker ${name} has not been heard for ${span}. Another worker takes the job over in about 10 s.`,
  copyCurl: 'Copy as curl',
  cancel: 'Cancel the job',
  reason: 'Details',
  created: 'Created',
  waited: (span: string) => `Waited ${span}`,
  ran: (span: string) => `Ran ${span}`,
  attempts: (count: number) => `Attempt ${count}`,
  timeline: 'Attempts',
  worker: 'Worker',
  started: 'Started',
  runTime: 'Ran',
  outcome: 'Outcome',
  stages: 'Stages',
  startedAfter: (span: string) => `Started after ${span}`,
  before: 'Before the start',
  returned: 'Returned: the worker shut down',
  lost: 'Lost: the worker went silent',
  sentences: {
    Submitted: 'Waiting for a free worker',
    Running: 'Running',
    Failed: 'The job failed',
    Pause: 'The queue is paused. The job starts when the queue is active again.',
    Cancel: 'The job was cancelled',
  },
  found: (count: number) =>
    count === 0
      ? 'No stored video shares a passage with it'
      : count === 1
        ? '1 stored video shares passages with it'
        : `${count} stored videos share passages with it`,
  result: 'Result',
  nothingFound: 'The search ended and found nothing to report.',
  stored: 'The video is stored in the library',
  keptOut: (count: number) =>
    count === 0
      ? 'The video was checked and not stored: it matches no stored video'
      : `The video was not stored: it matches ${count === 1 ? '1 stored video' : `${count} stored videos`}`,
  deleted: 'The video was deleted from the library',
  request: 'Request',
  object: 'Object',
  bucket: 'Bucket',
  userData: 'UserData',
  level: 'Level',
  queue: 'Queue',
  key: 'Key',
  video: 'Stored video',
  libraryGone: 'deleted since',
  callbacks: 'Callbacks',
  deliveryStates: { Delivered: 'Delivered', Pending: 'Pending', Failed: 'Given up' },
  nextTry: 'Next try',
  sendAgain: 'Send again',
  sendsAgain: 'The callback is sent again',
  json: 'Raw JSON',
}
