import { join } from 'node:path'

/** The layout of DATA_DIR. */
export function databaseDir(dataDir: string): string {
  return join(dataDir, 'database')
}
export function thumbnailsDir(dataDir: string): string {
  return join(dataDir, 'thumbnails')
}
/** Contains stills and previews, which the API makes again when they are missing. */
export function cacheDir(dataDir: string): string {
  return join(dataDir, 'cache')
}
/** Contains the address of the server that uses the folder, for the admin commands. */
export function serverFile(dataDir: string): string {
  return join(dataDir, 'server.json')
}
