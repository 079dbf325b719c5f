/** The actions that a key's policy can allow, each with the route that requires it. */
const actions = {
  'ci:CreateMediaJobs': 'POST /jobs',
  'ci:DescribeMediaJob': 'GET /jobs/{id}',
  'ci:DescribeMediaJobs': 'GET /jobs',
  'ci:CancelMediaJob': 'PUT /jobs/{id}',
  'ci:DescribeMediaQueues': 'GET /queue',
  'ci:UpdateMediaQueue': 'PUT /queue/{queueId}',
  'ci:DescribeMediaDnaDbs': 'GET /dnadb',
  'ci:DescribeMediaDnaDbFiles': 'GET /dnadb_files',
  'ci:DescribeMediaBuckets': 'GET /mediabucket',
  'ci:CreateMediaBucket': 'POST /mediabucket',
  'ci:DescribeMediaTemplates': 'GET /template',
  'ci:DescribeWorkflow': 'GET /workflow',
  'ci:CreateInventoryTriggerJob': 'POST /inventorytriggerjob',
  'ci:DescribeInventoryTriggerJob': 'GET /inventorytriggerjob/{id}',
  'ci:DescribeInventoryTriggerJobs': 'GET /inventorytriggerjob',
  'ci:CancelInventoryTriggerJob': 'PUT /inventorytriggerjob/{id}',
  'cos:GetObject': 'GET /{object}',
  'cos:PutObject': 'PUT /{object}',
  'cos:DeleteObject': 'DELETE /{object}',
  'cos:GetBucket': 'GET /',
} as const

export type Action = keyof typeof actions

/** The names of all actions, in the order of the table. */
export const actionNames = Object.keys(actions) as readonly Action[]
