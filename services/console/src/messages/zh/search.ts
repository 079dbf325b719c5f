import type { search as english } from '../en/search.ts'

export const search: typeof english = {
  title: '检查视频',
  drop: '将视频拖到此处，或选择文件。该视频只用于查找，不会入库。',
  choose: '选择文件',
  remove: '移除',
  orObject: '或填写存储桶中的对象名称',
  byFingerprint: '按其指纹查找',
  searchIn: '查找范围',
  search: '查找',
  openJob: '打开任务',
  searching: '正在查找…',
  failed: '查找失败',
  foundIn: (found, videos) => `${videos} 个视频中有 ${found} 个与其有相同片段`,
  nothingIn: (_, videos) => `${videos} 个视频中没有与其相同的片段`,
  bestFirst: '匹配，分数高者在前',
  nearMisses: '最接近的未达阈值结果',
  nearHint: '未报告',
  storeToo: '同时入库',
  store: '入库',
  storing: (library) => `已提交任务，将其存入 ${library}`,
  limits: {
    reports: (limits) => `报告的条件：${limits}。`,
    score: (score) => `分数不低于 ${score}`,
    seconds: (seconds) => `至少 ${seconds} 秒`,
    share: (share) => `占任一视频的 ${share}`,
  },
}
