import type { Finding } from './check.ts'

type Detail = readonly string[]

const withDetail = (detail: Detail | undefined): { readonly detail?: Detail } =>
  detail === undefined || detail.length === 0 ? {} : { detail }

/** It was looked at, and it is well. */
export const passed = (words: string, detail?: Detail): Finding => ({ verdict: 'pass', words, ...withDetail(detail) })

/** It works, but not as it should; or it could not be looked at. */
export const warned = (trouble: string, words: string, detail?: Detail): Finding => ({
  verdict: 'warn',
  words,
  trouble,
  ...withDetail(detail),
})

/** It does not work. */
export const failed = (trouble: string, words: string, detail?: Detail): Finding => ({
  verdict: 'fail',
  words,
  trouble,
  ...withDetail(detail),
})

/** There is nothing here that could be right or wrong. */
export const nothing = (words: string): Finding => ({ verdict: 'none', words })
