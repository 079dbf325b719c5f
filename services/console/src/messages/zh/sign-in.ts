import type { Messages } from '../messages.ts'

export const signIn: Messages['signIn'] = {
  title: '登录 Kinoprint',
  token: '管理令牌',
  name: '您的姓名（可选）',
  nameHint: '会显示在您的审核决定旁。',
  show: '显示',
  hide: '隐藏',
  submit: '登录',
  where: '令牌位于服务器的数据目录：',
  copy: '复制',
  copied: '已复制',
  wrong: '管理令牌不正确。',
  tooMany: (seconds) => `此地址输错令牌次数过多，请在 ${seconds} 秒后重试。`,
  withToken: '使用管理令牌登录',
  expired: '会话已结束。请登录后继续，页面内容会保留。',
}
