import type { held as english } from '../en/held.ts'

export const held: typeof english = {
  bar: (count) => `已暂扣：${count} 个视频匹配了`,
  barMore: (count) => `另有 ${count} 个`,
  examples: '例如',
  release: '放行',
  releaseHint: '其匹配恢复有效。只有出现同样多的新匹配时才会再次暂扣。',
  exempt: '永久放行',
  exemptHint: '其匹配恢复有效，此视频不再被暂扣。',
  ignore: '处处忽略',
  ignoreHint: '无论库中哪个视频出现此片段，查找都不再报告它。',
  released: '片段已放行',
  tag: '已暂扣',
  guard: '暂扣突然被许多视频匹配的片段',
}
