import { logFailure, type PieceStore } from '@kinoprint/engine'
import { loadJobPieces, saveJobPiece } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/**
 * Keeps the finished pieces of a job's film in the database until the job ends, so that another claim continues after
 * them.
 *
 * @param etag of the file: pieces of other content are not used
 */
export function piecesOf(
  { db, log, filmPieceSeconds }: JobContext,
  { job: { jobId }, fence }: ClaimedJob,
  etag: string,
): PieceStore {
  const kindOf = (purpose: string): string => `${etag} ${purpose}`
  return {
    pieceSeconds: filmPieceSeconds,
    // The first claim has no pieces.
    load: async (purpose) => (fence.claim <= 1 ? [] : loadJobPieces(db, { jobId, kind: kindOf(purpose) })),
    save: (purpose, piece) => {
      saveJobPiece(db, fence, { kind: kindOf(purpose), ...piece }).catch((error: unknown) =>
        logFailure(log, error, { message: 'Could not keep a finished piece of a film', fields: { jobId } }),
      )
    },
  }
}
