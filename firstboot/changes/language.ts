import { readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { syncFolder } from '../apply/durable.ts'
import { type XkbSettings, xkbOf } from '../xkb.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Params = z.object({ language: z.string(), keyboard: z.string(), timezone: z.string() })
type Params = z.infer<typeof Params>

const keyboardText = ({ layout, variant, options }: XkbSettings): string =>
  `XKBMODEL="pc105"\nXKBLAYOUT="${layout}"\nXKBVARIANT="${variant}"\nXKBOPTIONS="${options}"\n\nBACKSPACE="guess"\n`

const files = ({ language, keyboard, timezone }: Params): OwnFile[] => [
  { path: '/etc/locale.conf', text: `LANG=${language}\n` },
  { path: '/etc/locale.gen', text: `${language} ${language.split('.')[1] ?? 'UTF-8'}\n` },
  {
    path: '/etc/default/keyboard',
    text: keyboardText(xkbOf(keyboard)),
  },
  { path: '/etc/timezone', text: `${timezone}\n` },
]

/**
 * Links with what they lead to. Logins read the language below /etc/default; Debian's systemd makes that name a link at
 * every start, whatever stands there, so the file is the other one. Pure.
 */
export const languageLinks = ({ timezone }: Params): readonly (readonly [link: string, to: string])[] => [
  ['/etc/localtime', `/usr/share/zoneinfo/${timezone}`],
  ['/etc/default/locale', '../locale.conf'],
]

async function areLinked(params: Params, site: Site): Promise<boolean> {
  for (const [link, to] of languageLinks(params))
    if ((await readlink(site.path(link)).catch(() => '')) !== to) return false
  return true
}

async function makeLink(path: string, to: string): Promise<void> {
  const temporary = `${path}.new`
  await rm(temporary, { force: true })
  await symlink(to, temporary)
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

// glibc spells the character set of a locale without hyphens: de_DE.utf8.
const spelling = (locale: string): string => locale.toLowerCase().replaceAll('-', '')

async function hasLocale(language: string, site: Site): Promise<boolean> {
  const known = await site.runInside(['locale', '-a'], { quiet: true, whole: true })
  return known.split('\n').some(name => spelling(name) === spelling(language))
}

/** Sets language, keyboard and time zone of the system. */
export const language = defineChange<Params>({
  id: 'language',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const done =
      (await areLinked(params, site)) &&
      (await filesAreThere(files(params), site)) &&
      (await hasLocale(params.language, site))
    return done ? `${params.language}, keyboard ${params.keyboard}, ${params.timezone}` : null
  },
  async apply(params, site) {
    await writeFiles(files(params), site)
    for (const [link, to] of languageLinks(params)) await makeLink(site.path(link), to)
    if (!(await hasLocale(params.language, site))) {
      site.progress('making the language ready')
      await site.runInside(['locale-gen'])
    }
  },
})
