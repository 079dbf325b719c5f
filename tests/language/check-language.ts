/**
 * Refuses banned words and retired names in every tracked text file, and sentences over 30 words in Markdown.
 * Use: npm run lint:language [-- DIRECTORY...]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { bannedWords, retiredNames } from './banned-words.ts'
import { sentencesOf } from './sentences.ts'

const SENTENCE_WORDS_MAX = 30
const TEXT_FILE = /(?:\.(?:ts|tsx|js|mjs|css|html|md|sql|ya?ml|json|sh|example)|Dockerfile|\.ci\/run)$/
/** Third-party data and generated files. */
const NOT_OURS = /(?:^|\/)(?:golden|vectors)\/|package-lock\.json$|LICENSE/

const files = execFileSync('git', ['ls-files', '-z', '--', ...process.argv.slice(2)], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => TEXT_FILE.test(path) && !NOT_OURS.test(path))

const findings = files.flatMap((path) => {
  const text = readFileSync(path, 'utf8')
  return [
    ...text
      .split('\n')
      .flatMap((line, index) => wordsIn(line).map((found) => `${path}:${index + 1}: ${found}`)),
    ...(path.endsWith('.md') ? longSentencesIn(text).map((found) => `${path}:${found}`) : []),
  ]
})

if (files.length === 0)
  throw new Error('No files to check. Run this inside the repository, with existing paths.')
for (const finding of findings) console.log(finding)
console.log(`${files.length} files checked, ${findings.length} findings.`)
process.exitCode = findings.length === 0 ? 0 : 1

function wordsIn(line: string): string[] {
  const words = line.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return [
    ...bannedWords.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(words)?.[0]
      return found === undefined ? [] : [`"${found}": write ${instead}.`]
    }),
    ...(line.match(/\b[A-Za-z_]\w+\b/g) ?? []).flatMap((name) => {
      const instead = retiredNames.get(name)
      return instead === undefined ? [] : [`"${name}" is retired: use ${instead}.`]
    }),
  ]
}

function longSentencesIn(markdown: string): string[] {
  return sentencesOf(markdown)
    .filter(({ words }) => words > SENTENCE_WORDS_MAX)
    .map(({ line, text, words }) => `${line}: a sentence of ${words} words: "${text.slice(0, 60)}…"`)
}
