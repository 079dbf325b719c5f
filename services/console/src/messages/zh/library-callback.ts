import type { libraryCallback as en } from '../en/library-callback.ts'

export const libraryCallback: typeof en = {
  title: '回调',
  text: '将此视频库的匹配动态以 JSON 格式发送到指定地址。',
  urlHint: '可接收 POST 请求的 http 或 https 地址。',
  events: '通知内容',
  eventNames: {
    MatchFound: '查找发现或更新了匹配',
    MatchDecided: '审核员作出了决定',
    LibraryFull: '视频库已用 90% 或已满',
    PassageHeld: '大量重复出现的片段被暂缓审核',
  },
  unsigned: '仅用 CALLBACK_SECRETS 中的密钥',
  saved: '回调将发送到此地址',
  stop: '停止通知',
  stopped: '已关闭此视频库的回调',
  sent: '已发送的回调',
  nothingSent: '尚未发送任何回调。测试回调不在此列出。',
  ofMatch: '匹配',
  ofLibrary: '视频库',
}
