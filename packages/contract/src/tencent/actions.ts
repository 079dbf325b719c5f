/** Every action that a key's policy may allow, and the route that needs it. */
export const actions = {
  'ci:CreateMediaJobs': 'POST /jobs',
  'ci:DescribeMediaJob': 'GET /jobs/{id}',
  'ci:DescribeMediaJobs': 'GET /jobs',
  'ci:CancelMediaJob': 'PUT /jobs/{id}',
  'ci:DescribeMediaQueues': 'GET /queue',
  'ci:UpdateMediaQueue': 'PUT /queue/{queueId}',
  'ci:DescribeMediaDnaDbs': 'GET /dnadb',
  'ci:DescribeMediaDnaDbFiles': 'GET /dnadb_files',
} as const

export type Action = keyof typeof actions

export const actionNames = Object.keys(actions) as readonly Action[]

export function isAction(text: string): text is Action {
  return Object.hasOwn(actions, text)
}
