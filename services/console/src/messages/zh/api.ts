import type { api as english } from '../en/api.ts'

export const api: typeof english = {
  title: 'API',
  reference: '参考文档',
  search: '查找视频的拷贝',
  language: '语言',
  languages: { node: 'Node', go: 'Go', java: 'Java', python: 'Python', shell: 'curl' },
  explained: {
    node: '官方 COS SDK 用密钥为请求签名。请将密钥内容放入 SECRET_KEY。',
    go: '使用标准库签名。请将密钥内容放入 SECRET_KEY。',
    java: '使用标准库签名。请将密钥内容放入 SECRET_KEY。',
    python: '使用标准库签名。请将密钥内容放入 SECRET_KEY。',
    shell: '管理 API 使用管理令牌完成同样的操作。',
  },
  key: '密钥',
  library: '视频库',
  signed: '已签名的请求',
  signedHint: '服务器用密钥为请求签名，有效期 15 分钟。命令中不会出现密钥内容。',
  request: '请求',
  requests: {
    search: 'POST /jobs，查找',
    libraries: 'GET /dnadb，视频库',
    videos: 'GET /dnadb_files，视频库中的视频',
    queues: 'GET /queue，队列',
  },
  sign: '签名',
  validUntil: (moment) => `有效期至 ${moment}。`,
  noKeys: '请先创建密钥，再为请求签名。',
  toKeys: '打开密钥',
}
