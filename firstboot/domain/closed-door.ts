import type { Root } from '../root.ts'
import { configFolder, stackFolder } from '../stack/folders.ts'
import { hasService } from '../stack/has-service.ts'
import { closedBecause, doorPath, leavesDoorToUs } from './requests-door.ts'

/**
 * Why the internet is kept out of Jellyseerr, in a sentence; null when it is not, and when there is nothing to open: no
 * Jellyseerr, no domain, or a Caddyfile that leads elsewhere. The file of the door outlives all of that, because the Caddyfile
 * imports it.
 */
export function closedDoor(root: Pick<Root, 'text'>, user: string): string | null {
  const compose = root.text(`${stackFolder(user)}/compose.yaml`) ?? ''
  if (!['caddy', 'jellyseerr'].every(name => hasService(compose, name))) return null
  if (!leavesDoorToUs(root.text(`${configFolder(user, 'caddy')}/Caddyfile`) ?? '')) return null
  return closedBecause(root.text(doorPath(user)))
}
