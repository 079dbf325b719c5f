import type { Messages } from '../messages.ts'

export const api: Messages['api'] = {
  title: 'API',
  reference: '参考文档',
  search: '查找视频的拷贝',
  language: '语言',
  languages: { node: 'Node', shell: 'curl' },
  explained: {
    node: '官方 COS SDK 用密钥为请求签名。请将密钥内容放入 SECRET_KEY。',
    shell: '管理 API 使用管理令牌完成同样的操作。',
  },
  key: '密钥',
  library: '视频库',
}
