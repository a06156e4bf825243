import type { Api } from '../api.ts'
import { categoryFolders, downloadFolders, shareLimits } from '../downloads.ts'
import type { Link, Look, Wires, Write } from '../link.ts'
import { logInto, type Refusal } from '../qbittorrent-login.ts'
import { rememberSeen, type Settings, settle } from '../settle.ts'
import { Trouble } from '../trouble.ts'

/**
 * Logins that were refused in one run, with what was thrown then. A second try with the same one would only bring the
 * machine nearer to being shut out; and with it everybody who comes through Docker.
 */
const refusals = new WeakMap<Wires, { readonly kind: Refusal; readonly trouble: Trouble | null }>()

/** How the login of a run was refused; null when it was not. */
export const refusalOf = (wires: Wires): Refusal | null => refusals.get(wires)?.kind ?? null

/** Logs in; null when the login that once worked does not any more: then a person has changed it. */
async function logIn(wires: Wires): Promise<Api | null> {
  const { stack, memory, api, guard } = wires
  const before = refusals.get(wires)
  if (before?.trouble === null) return null
  if (before !== undefined) throw before.trouble
  const refused = (kind: Refusal, why: string): null => {
    const isNew = memory.get('qbittorrent/login/there') === undefined
    const trouble = isNew
      ? new Trouble(
          `qBittorrent does not let anybody in with the login that was made for it (${why}).`,
          false,
          'Tell this machine the right password: "sudo mediaserver credentials set qbittorrent"; if nobody may log in, wait an hour before. Then type "sudo mediaserver apply".',
        )
      : null
    refusals.set(wires, { kind, trouble })
    if (trouble !== null) throw trouble
    return null
  }
  if (guard.spared) return refused('wrong', 'it was refused before')
  const admission = await logInto(api('qbittorrent'), stack.keys.logins.qbittorrent)
  if ('refusal' in admission) {
    // One that is only shut out for an hour may be good.
    if (admission.refusal === 'wrong') await guard.refused()
    return refused(admission.refusal, admission.why)
  }
  await guard.accepted()
  rememberSeen('qbittorrent/login', { there: true }, memory)
  return api('qbittorrent', admission.cookie === undefined ? {} : { cookie: admission.cookie })
}

const preferences = (tunnel: string): Settings => ({
  save_path: downloadFolders.complete,
  temp_path_enabled: true,
  temp_path: downloadFolders.incomplete,
  current_network_interface: tunnel,
  max_ratio_enabled: true,
  max_ratio: shareLimits.ratio,
  max_seeding_time_enabled: true,
  max_seeding_time: shareLimits.minutes,
  // 0 stops; whatever removes makes Sonarr and Radarr refuse it.
  max_ratio_act: 0,
  queueing_enabled: true,
  upnp: false,
  lsd: false,
})

async function lookAtPreferences(wires: Wires): Promise<Look> {
  const api = await logIn(wires)
  if (api === null) return { writes: [], theirs: ['login'] }
  const shown = await api.get<Record<string, unknown>>('/api/v2/app/preferences')
  const found = Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value.replace(/\/+$/, '') : value]),
  )
  const known = Object.fromEntries(
    Object.entries(preferences(wires.stack.tunnel)).filter(([name]) => Object.hasOwn(found, name)),
  )
  const { write, theirs, wrote } = settle('qbittorrent/preferences', known, found, wires.memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const send = async () => {
    await api.send('POST', '/api/v2/app/setPreferences', { form: [['json', JSON.stringify(write)]] })
    wrote()
  }
  return { writes: [{ send }], theirs }
}

async function lookAtCategories(wires: Wires): Promise<Look> {
  const api = await logIn(wires)
  if (api === null) return { writes: [], theirs: ['login'] }
  const found = await api.get<Record<string, { savePath: string }>>('/api/v2/torrents/categories')
  const writes: Write[] = []
  const theirs: string[] = []
  for (const [name, savePath] of Object.entries(categoryFolders)) {
    const prefix = `qbittorrent/categories/${name}`
    const settled = settle(prefix, { savePath }, { savePath: found[name]?.savePath }, wires.memory)
    theirs.push(...settled.theirs.map(() => name))
    if (Object.keys(settled.write).length === 0) continue
    const order = found[name] === undefined ? 'createCategory' : 'editCategory'
    const send = async () => {
      await api.send('POST', `/api/v2/torrents/${order}`, {
        form: [
          ['category', name],
          ['savePath', savePath],
        ],
      })
      settled.wrote()
    }
    writes.push({ send })
  }
  return { writes, theirs }
}

/** Its id, for links that come after it. */
export const preferencesLink = 'qbittorrent-preferences'

/** How and where downloads are kept. */
export const qbittorrentLinks: readonly Link[] = [
  { id: preferencesLink, title: 'qBittorrent: its settings', needs: ['qbittorrent'], look: lookAtPreferences },
  { id: 'qbittorrent-categories', title: 'qBittorrent: its folders', needs: ['qbittorrent'], look: lookAtCategories },
]
