import type { Messages } from '../messages.ts'

export const shell: Messages['shell'] = {
  overview: '概览',
  matches: '匹配',
  search: '查找',
  libraries: '视频库',
  compare: '对比',
  run: '运行',
  jobs: '任务',
  queue: '队列与工作进程',
  usage: '用量',
  setUp: '设置',
  keys: '密钥',
  settings: '系统设置',
  api: 'API',
  more: '更多',
  main: '主导航',
  skip: '跳到内容',
  signOut: '退出登录',
  signedInAs: (name) => `已登录：${name}`,
  tryAgain: '重试',
  copyDetails: '复制详情',
  couldNotLoad: '无法加载',
  waitSeconds: (seconds) => `请求过多，请在 ${seconds} 秒后重试。`,
  offline: (kept) =>
    kept === 0
      ? '与服务器的连接已断开。您的决定会暂存在此，恢复后发送。'
      : `与服务器的连接已断开。已暂存 ${kept} 个决定，恢复后发送。`,
  notFoundTitle: '页面不存在',
  notFound: '此地址没有页面。',
  toOverview: '前往概览',
  notice: '通知',
  dismiss: '关闭提示',
  close: '关闭',
  undo: '撤销',
}
