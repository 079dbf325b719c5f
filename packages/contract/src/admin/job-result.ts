import { z } from 'zod'
import { count, exampleIds, fraction, percent, seconds } from './fields.ts'

export const box = z.object({ left: fraction, top: fraction, right: fraction, bottom: fraction }).nullable()

export const segment = z
  .object({
    queryStart: seconds,
    queryEnd: seconds,
    refStart: seconds,
    refEnd: seconds,
    score: fraction,
    kind: z.enum(['video', 'audio', 'both']),
    speed: z.number().positive().describe('How much faster the copy plays than the stored video.'),
    mirrored: z.boolean().describe('The copy shows the picture mirrored left to right.'),
    reversed: z.boolean().describe('The copy plays the segment backwards.'),
    turn: z
      .literal([0, 90, 180, 270])
      .describe('Degrees by which the copy rotates the picture clockwise, after mirroring.'),
    queryBox: box.describe(
      'The part of the copy that shows the stored picture, in fractions of its displayed width and height. Null if all of it.',
    ),
    refBox: box.describe('The part of the stored picture that the copy shows. Null if all of it.'),
    part: z
      .enum(['whole', 'query', 'reference', 'both'])
      .describe('Whose picture matches only in part: a box of that side is not null.'),
    pictureScore: fraction
      .nullable()
      .describe('The confidence by the pictures alone. Null in results of older versions.'),
    soundScore: fraction
      .nullable()
      .describe('The confidence by the sound alone. Null in results of older versions.'),
    weak: z
      .boolean()
      .describe('Its score is below 0.45 and the pair has a stronger segment. MatchDetail leaves it out.'),
  })
  .describe('A segment that both videos share, in decimal seconds of each.')
  .meta({ id: 'Segment' })

const detection = z
  .object({
    videoId: z.string(),
    object: z.string(),
    durationSeconds: seconds.describe('Of the stored video.'),
    score: fraction.describe('The confidence that this is a copy.'),
    similar: percent,
    audioSimilar: percent,
    queryCoverage: fraction,
    refCoverage: fraction,
    segments: z.array(segment),
    matchId: z
      .string()
      .nullable()
      .describe('The match to review. Null for the query itself, and in results of older versions.'),
  })
  .meta({ id: 'Detection' })

/** The result of a job that has succeeded. */
export const jobResult = z
  .object({
    videoId: z.string(),
    durationSeconds: seconds.describe('Of the input.'),
    detections: z.array(detection),
    stored: z
      .boolean()
      .nullable()
      .describe(
        'Whether the library holds the input. False if its `store` kept it out. Null for a search, and in results of older versions.',
      ),
    partial: z
      .boolean()
      .describe('Whether videos were left out of the search, because the shards that hold them were away.'),
    missingShards: z
      .array(z.string())
      .describe('The shards that were away. Search again when they are back.'),
    truncated: z
      .object({ detections: count, segments: count })
      .nullable()
      .describe('How many further detections and segments were found and left out. Null if none were.'),
  })
  .meta({
    id: 'JobResult',
    examples: [
      {
        videoId: exampleIds.video,
        durationSeconds: 31.2,
        detections: [
          {
            videoId: exampleIds.video,
            object: 'a/film.mp4',
            durationSeconds: 93.4,
            score: 0.989,
            similar: 97,
            audioSimilar: 100,
            queryCoverage: 0.92,
            refCoverage: 0.31,
            segments: [
              {
                queryStart: 1.5,
                queryEnd: 30.2,
                refStart: 42,
                refEnd: 70.7,
                score: 0.989,
                kind: 'both',
                speed: 1,
                mirrored: false,
                reversed: false,
                turn: 0,
                queryBox: null,
                refBox: null,
                part: 'whole',
                pictureScore: 0.962,
                soundScore: 0.711,
                weak: false,
              },
            ],
            matchId: exampleIds.match,
          },
        ],
        stored: null,
        partial: false,
        missingShards: [],
        truncated: null,
      },
    ],
  })
