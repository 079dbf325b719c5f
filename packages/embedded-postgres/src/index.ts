export { startEmbeddedPostgres } from './start-embedded-postgres.ts'
export { packTemplate, removeTemplate, templateKey } from './template.ts'
