import { type Running, serve } from '../../standin/programs/core/server.ts'

/** The little of Plex and plex.tv that connecting needs; it notes which folders it was told to look at. */
export async function startPlex(port: number, token: string): Promise<Running & { readonly refreshed: string[] }> {
  const refreshed: string[] = []
  const section = (key: string, type: string, path: string) => ({
    key,
    type,
    title: path.split('/').at(-1),
    agent: `tv.plex.agents.${type}`,
    Location: [{ id: 1, path }],
  })
  const sections = [section('1', 'movie', '/data/media/movies'), section('2', 'show', '/data/media/tv')]
  const container = (more: object) => ({ status: 200, json: { MediaContainer: more } })
  const identity = { machineIdentifier: 'cafe', version: '1.43.3', claimed: true, friendlyName: 'mediaserver' }
  const running = await serve(
    port,
    [
      { method: 'GET', path: /^\/identity$/, answer: () => container(identity) },
      { method: 'GET', path: /^\/$/, answer: () => container(identity) },
      { method: 'GET', path: /^\/library\/sections$/, answer: () => container({ Directory: sections }) },
      {
        method: 'GET',
        path: /^\/library\/sections\/(\d+)\/refresh$/,
        answer({ query }) {
          refreshed.push(query.get('path') ?? '')
          return { status: 200, text: '' }
        },
      },
      {
        method: 'GET',
        path: /^\/users\/account\.json$/,
        answer: () => ({ status: 200, json: { user: { id: 7, email: 'anna@example.com', username: 'anna' } } }),
      },
    ],
    {
      refuse({ path, headers, query }) {
        const given = headers['x-plex-token'] ?? query.get('X-Plex-Token')
        return path === '/identity' || given === token ? null : { status: 401, text: '' }
      },
      unknown: () => ({ status: 404, text: '' }),
    },
  )
  return Object.assign(running, { refreshed })
}
