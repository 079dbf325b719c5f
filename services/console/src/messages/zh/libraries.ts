import type { Messages } from '../messages.ts'

export const libraries: Messages['libraries'] = {
  title: '视频库',
  name: '名称',
  videos: '视频数',
  capacity: '容量',
}
