import type { Scene } from '../check.ts'

/** Drivers that make up a graphics device for tests; nothing on a media server needs them. */
const INVENTED = ['vgem', 'vkms'] as const

/** Gives the user of Plex the groups of the graphics devices, and the devices their usual rights. */
export async function mendPermission({ attempt }: Scene): Promise<string> {
  const rights = await attempt(['udevadm', 'trigger', '--settle', '--subsystem-match=drm', '--action=change'])
  if (rights.code !== 0) throw new Error('The graphics could not be given their usual rights.')
  const groups = await attempt(['/usr/lib/mediaserver/plex-groups'])
  if (groups.code !== 0) throw new Error('The user of Plex could not be given the group of the graphics.')
  return 'The graphics got their usual rights, and the user of Plex the group that may use them.'
}

/** Takes drivers out that make up a graphics device. */
export async function removeInvented({ attempt, root }: Scene): Promise<string> {
  const loaded = INVENTED.filter(name => root.list('/sys/module').includes(name))
  if (loaded.length === 0) throw new Error('No driver is loaded that makes up a graphics device.')
  const { code } = await attempt(['modprobe', '--remove', ...loaded])
  if (code !== 0) throw new Error(`The driver ${loaded.join(' and ')} is in use, and could not be taken out.`)
  return `The driver ${loaded.join(' and ')}, which makes up a graphics device, was taken out.`
}
