import type { Messages } from '../messages.ts'

export const search: Messages['search'] = {
  title: '检查视频',
  drop: '将视频拖到此处，或选择文件。该视频只用于查找，不会入库。',
  choose: '选择文件',
  remove: '移除',
  orObject: '或填写第一个视频库的存储桶中的对象名称',
  byFingerprint: '按其指纹查找',
  searchIn: '查找范围',
  search: '查找',
  openJob: '打开任务',
  nothing: '该视频库中没有视频与其有相同片段。',
}
