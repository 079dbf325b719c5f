import { join } from 'node:path'

/** What lies where in DATA_DIR. */
export const databaseDir = (dataDir: string): string => join(dataDir, 'database')
export const thumbnailsDir = (dataDir: string): string => join(dataDir, 'thumbnails')
/** Tells the admin commands where the server that holds the folder listens. */
export const serverFile = (dataDir: string): string => join(dataDir, 'server.json')
