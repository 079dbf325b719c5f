import { fileURLToPath } from 'node:url'

/** The numbered SQL files at the repository's root, as seen from src/ and from dist/ alike. */
export const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url))
