/** Dots of 20 s of query against 10 s of reference, all empty. */
export const emptyDots = {
  columns: 20,
  rows: 10,
  queryStart: 0,
  queryEnd: 20,
  refStart: 0,
  refEnd: 10,
  picture: Buffer.from(Uint16Array.of(200).buffer).toString('base64'),
  sound: null,
}
