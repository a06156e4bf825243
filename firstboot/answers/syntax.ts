import type { ErrorCode } from 'yaml'

const indent = 'Lines that belong together begin at the same column, and each [ or { has its ] or }.'
const quote = 'If it belongs to the value, put the whole value in quotes.'

// The parser's own messages repeat what is written, and are for programmers.
const words: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'A value that begins with * or & must be in quotes.',
  BAD_ALIAS: 'A value that begins with * or & must be in quotes.',
  BAD_COLLECTION_TYPE: 'A value that begins with ! must be in quotes.',
  BAD_DIRECTIVE: 'A line cannot begin with %. Take it out, or put # in front of it.',
  BAD_DQ_ESCAPE: "Inside double quotes, \\ has a meaning of its own. Use single quotes: '...'",
  BAD_INDENT: `This is not indented like its neighbours. ${indent}`,
  BAD_PROP_ORDER: 'A value that begins with ! or & must be in quotes.',
  BAD_SCALAR_START: 'A value that begins with @, ` or % must be in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'There is a second colon in this line. Put the value in quotes, or give each key a line of its own.',
  BLOCK_IN_FLOW: 'Inside [ ] and { } everything is separated by commas.',
  DUPLICATE_KEY: 'This key is there twice. Take one of them out.',
  IMPOSSIBLE: 'This cannot be read. Compare it with the template.',
  KEY_OVER_1024_CHARS: 'This key is too long. A colon may be missing further up.',
  MISSING_CHAR: 'Something is missing: the colon behind the key, or the end of a quote or bracket that was begun.',
  MULTILINE_IMPLICIT_KEY: 'A key is one word in one line. A colon may be missing further up.',
  MULTIPLE_ANCHORS: 'A value that begins with & must be in quotes.',
  MULTIPLE_DOCS: 'A line of three hyphens may only be the first one. Take it out.',
  MULTIPLE_TAGS: 'A value that begins with ! must be in quotes.',
  NON_STRING_KEY: 'A key is one word.',
  RESOURCE_EXHAUSTION: 'Brackets are nested too deeply here. Compare it with the template.',
  TAB_AS_INDENT: 'This line begins with a tab. Use spaces only.',
  TAG_RESOLVE_FAILED: 'A value that begins with ! must be in quotes.',
  UNEXPECTED_TOKEN: `This cannot stand here. ${quote}`,
}

/** What is wrong and the mend for a code of the YAML parser; nothing of the file is repeated. */
export const syntaxWords = (code: ErrorCode): string => words[code] ?? words.IMPOSSIBLE
