import type { tryIt as english } from '../en/try-it.ts'

export const tryIt: typeof english = {
  pageTitle: '试一试',
  title: '一分钟内看它找出副本',
  text: 'Kinoprint 会存储一个视频，制作一个改动过的副本（镜像、加速到 1.1 倍、缩小、加标志），然后找出这个副本。',
  drop: '将视频拖到此处',
  choose: '选择文件',
  useGenerated: '使用生成的视频',
  sending: '正在发送视频',
  steps: {
    make: '生成 30 秒视频',
    store: '存入视频库“Try it”',
    copy: '制作改动副本',
    search: '用副本查找',
  },
  states: { waiting: '等待中', running: '进行中', done: '完成', failed: '失败' },
  found: '已找到：副本与原视频匹配。',
  notFound: '未找到副本。视频可能太短，或画面没有变化。请换一个视频。',
  open: '打开匹配',
  openJob: '打开查找任务',
  remove: '全部移除',
  removed: '视频库“Try it”及其视频已移除。',
  again: '用您的视频或生成的视频试一试',
}
