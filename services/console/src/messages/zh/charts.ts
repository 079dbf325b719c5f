import type { Messages } from '../messages.ts'

export const charts: Messages['charts'] = {
  showTable: '以表格显示',
  showChart: '以图表显示',
  inTable: '表格中有全部数据。',
  time: '时间',
  failed: '失败',
}
