export const charts = {
  showTable: 'Show as table',
  showChart: 'Show as chart',
  inTable: 'The table has the figures.',
  time: 'Time',
  failed: 'Failed',
}
