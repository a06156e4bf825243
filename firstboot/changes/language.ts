import { readlink, rename, symlink } from 'node:fs/promises'
import * as z from 'zod/mini'
import { syncFolder } from '../apply/durable.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Params = z.object({ language: z.string(), keyboard: z.string(), timezone: z.string() })
type Params = z.infer<typeof Params>

const files = ({ language, keyboard, timezone }: Params): OwnFile[] => [
  { path: '/etc/default/locale', text: `LANG=${language}\n` },
  { path: '/etc/locale.gen', text: `${language} ${language.split('.')[1] ?? 'UTF-8'}\n` },
  {
    path: '/etc/default/keyboard',
    text: `XKBMODEL="pc105"\nXKBLAYOUT="${keyboard}"\nXKBVARIANT=""\nXKBOPTIONS=""\n\nBACKSPACE="guess"\n`,
  },
  { path: '/etc/timezone', text: `${timezone}\n` },
]

const zoneFile = (timezone: string): string => `/usr/share/zoneinfo/${timezone}`

// glibc spells the character set of a locale without hyphens: de_DE.utf8.
const spelling = (locale: string): string => locale.toLowerCase().replaceAll('-', '')

async function hasLocale(language: string, site: Site): Promise<boolean> {
  const known = await site.runInside(['locale', '-a'])
  return known.split('\n').some(name => spelling(name) === spelling(language))
}

/** Sets language, keyboard and time zone of the system. */
export const language = defineChange<Params>({
  id: 'language',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const zone = await readlink(site.path('/etc/localtime')).catch(() => '')
    const done =
      zone === zoneFile(params.timezone) &&
      (await filesAreThere(files(params), site)) &&
      (await hasLocale(params.language, site))
    return done ? `${params.language}, keyboard ${params.keyboard}, ${params.timezone}` : null
  },
  async apply(params, site) {
    await writeFiles(files(params), site)
    const link = site.path('/etc/localtime')
    await site.attempt(['rm', '-f', `${link}.new`])
    await symlink(zoneFile(params.timezone), `${link}.new`)
    await rename(`${link}.new`, link)
    await syncFolder(site.path('/etc'))
    if (!(await hasLocale(params.language, site))) {
      site.progress('making the language ready')
      await site.runInside(['locale-gen'])
    }
  },
})
