/**
 * Bits that change where a picture is mirrored left to right. A PDQ bit says whether a DCT coefficient lies over
 * the median of all; mirroring changes the sign of those with an odd horizontal frequency, and as the median
 * lies near zero, that flips their bits. Column j of the 16 x 16 coefficients holds frequency j + 1, so it is the
 * even columns that flip. Exact up to the few coefficients between zero and the median.
 */
export const MIRROR_MASK = 0x55555555
