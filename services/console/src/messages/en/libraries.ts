export const libraries = {
  title: 'Libraries',
  name: 'Name',
  videos: 'Videos',
  capacity: 'Capacity',
}
