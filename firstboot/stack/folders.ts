/** Folders that a service may have besides its own, by the name that the catalogue calls them. */
const shared: Readonly<Record<string, (user: string) => string>> = {
  downloads: user => `/home/${user}/downloads`,
  media: () => '/data/media',
  movies: () => '/data/media/movies',
  tv: () => '/data/media/tv',
  homevideo: () => '/data/media/homevideo',
}

/** Where the stack of a user lies: the compose file, `.env`, and `config/<service>`. Pure. */
export const stackFolder = (user: string): string => `/home/${user}/mediaserver`

/** The folder where a service keeps what it knows. Pure. */
export const configFolder = (user: string, service: string): string => `${stackFolder(user)}/config/${service}`

/** The names that `from` of a volume may begin with. */
export const folderNames: readonly string[] = ['config', ...Object.keys(shared)]

/** Whether a volume's folder belongs to its service alone. Pure. */
export const isOwnFolder = (from: string): boolean => /^config(\/|$)/.test(from)

/** Where the folder of a volume lies on the system; null for a name that nobody knows. `config/x` is inside `config`. Pure. */
export function hostFolder(from: string, user: string, service: string): string | null {
  const [name = '', ...inner] = from.split('/')
  const base =
    name === 'config' ? configFolder(user, service) : Object.hasOwn(shared, name) ? shared[name]?.(user) : null
  return base === null || base === undefined ? null : [base, ...inner].join('/')
}
