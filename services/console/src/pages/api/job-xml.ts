/** The body of POST /jobs that searches for copies of `clip.mp4`. */
export function jobXml(libraryId: string): string {
  return (
    '<Request><Tag>DNA</Tag><Input><Object>clip.mp4</Object></Input><Operation><DnaConfig>' +
    `<RuleType>FindSimilarVideo</RuleType><DnaDbId>${libraryId}</DnaDbId></DnaConfig></Operation></Request>`
  )
}
