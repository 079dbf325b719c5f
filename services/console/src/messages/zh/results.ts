import type { results as english } from '../en/results.ts'

export const results: typeof english = {
  query: '待查视频',
  shares: '相同部分',
  score: '得分',
  unknown: '来源未知',
  picture: '画面',
  sound: '声音',
  threshold: (score) => `得分达到 ${score} 的匹配会被报告。`,
  kinds: { video: '画面', audio: '声音', both: '画面和声音' },
  passages: (count) => `${count} 个片段`,
  partial: (shards) => `部分视频未被检索，因为以下数据库分片不可用：${shards}。恢复后请重新运行该任务。`,
  leftOut: (detections, segments) => `另有 ${detections} 个视频和 ${segments} 个片段未列出。`,
}
