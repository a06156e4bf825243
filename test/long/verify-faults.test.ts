import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import type { Verification } from '../../firstboot/verify/verification.ts'
import { waitUntilTold } from '../support/told.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { Box, NAME } from '../vm/unattended/box.ts'

// On real hardware: until everything is up, and until what was undone is well again.
const STACK_SECONDS = 300
const WELL_SECONDS = 120

/** Something that is made to go wrong, in the words of a shell, and the checks that must notice it. */
interface Fault {
  readonly what: string
  readonly section: string
  readonly make: string
  readonly unmake: string
  readonly found: readonly string[]
}

const inGate = (command: string) =>
  `sudo nsenter --target $(sudo docker inspect -f {{.State.Pid}} nordlynx) --net ${command}`
const NODE = '/usr/lib/mediaserver/node'

// The supervisor of the tunnel is away meanwhile: it would mend some of these before anybody has looked.
const FAULTS: readonly Fault[] = [
  {
    what: 'the interface of the tunnel is down',
    section: 'vpn',
    make: inGate('ip link set wg0 down'),
    unmake: 'sudo docker restart nordlynx qbittorrent',
    found: ['vpn-tunnel', 'vpn-address'],
  },
  {
    what: 'the container of the tunnel is stopped',
    section: 'vpn',
    make: 'sudo docker stop nordlynx',
    unmake: 'sudo docker start nordlynx; sudo docker restart qbittorrent',
    found: ['vpn-tunnel'],
  },
  {
    what: 'the container of the tunnel is killed',
    section: 'services',
    make: 'sudo docker kill nordlynx',
    unmake: 'sudo docker start nordlynx; sudo docker restart qbittorrent',
    found: ['services-containers'],
  },
  {
    what: 'the torrent client is left in a dead network',
    section: 'vpn',
    make: 'sudo docker restart nordlynx',
    unmake: 'sudo docker restart qbittorrent',
    found: ['vpn-namespace'],
  },
  {
    what: 'the key of the tunnel is another one',
    section: 'vpn',
    make: `wg genkey | sudo tee /run/other >/dev/null; ${inGate('wg set wg0 private-key /run/other')}`,
    unmake: 'sudo docker restart nordlynx qbittorrent',
    found: ['vpn-tunnel'],
  },
  {
    what: 'the kill switch is flushed',
    section: 'kill-switch',
    make: 'sudo nft flush table inet mediaserver',
    unmake: 'sudo systemctl restart mediaserver-killswitch',
    found: ['kill-switch-rules', 'kill-switch-trial'],
  },
  {
    what: 'DNS is let out on purpose',
    section: 'kill-switch',
    make: 'sudo nft insert rule inet mediaserver from_vpn udp dport 53 accept',
    unmake: 'sudo systemctl restart mediaserver-killswitch',
    found: ['kill-switch-rules', 'kill-switch-trial'],
  },
  {
    what: 'IPv6 is switched on in the tunnel',
    section: 'vpn',
    make: `${inGate('sysctl -qw net.ipv6.conf.all.disable_ipv6=0')}; ${inGate('ip -6 address add fd00::5/64 dev eth0')}`,
    unmake: 'sudo docker restart nordlynx qbittorrent',
    found: ['vpn-ipv6'],
  },
  {
    what: 'the film disk is away',
    section: 'storage',
    make: 'sudo systemctl stop data.mount',
    unmake: 'sudo systemctl start data.mount; sudo docker restart sonarr radarr; sudo systemctl start plexmediaserver',
    found: ['storage-mounted'],
  },
  {
    what: 'the film disk is full',
    section: 'storage',
    make: 'sudo fallocate -l $(($(df --output=avail -B1 /data | tail -n 1) - 1000000)) /data/filler',
    unmake: 'sudo rm /data/filler',
    found: ['storage-film-space'],
  },
  {
    what: 'a folder of films belongs to somebody else',
    section: 'storage',
    make: 'sudo chown root:root /data/media/movies && sudo chmod 755 /data/media/movies',
    unmake: 'sudo chown anna:anna /data/media/movies && sudo chmod 775 /data/media/movies',
    found: ['storage-owner'],
  },
  {
    what: 'the clock is wrong',
    section: 'updates',
    make: 'sudo systemctl stop systemd-timesyncd; sudo date -s "+3 hours"',
    unmake: 'sudo date -s "-3 hours"; sudo systemctl start systemd-timesyncd',
    found: ['updates-clock'],
  },
  {
    what: 'passwords are let in by SSH',
    section: 'security',
    make: 'echo "PasswordAuthentication yes" | sudo tee /etc/ssh/sshd_config.d/00-open.conf; sudo systemctl reload ssh',
    unmake: 'sudo rm /etc/ssh/sshd_config.d/00-open.conf; sudo systemctl reload ssh',
    found: ['security-ssh-password'],
  },
  {
    what: 'a port is open that should not be',
    section: 'security',
    make: `sudo systemd-run --unit=open-port ${NODE} -e "require('node:http').createServer().listen(9999)"; sleep 5`,
    unmake: 'sudo systemctl stop open-port',
    found: ['security-ports'],
  },
  {
    what: 'Plex is stopped',
    section: 'services',
    make: 'sudo systemctl stop plexmediaserver',
    unmake: 'sudo systemctl start plexmediaserver',
    found: ['services-plex'],
  },
]

describe('a machine on which something goes wrong', () => {
  const box = new Box()
  const verify = async (section: string) => {
    const { results } = JSON.parse(await box.as(`sudo mediaserver verify --json ${section}`)) as Verification
    return results
  }
  const fails = async (section: string) => (await verify(section)).filter(({ verdict }) => verdict === 'fail')

  beforeAll(async () => {
    await box.open([])
    await withEvidence(box.machine, NAME, () =>
      waitUntilTold(box.machine, box.serialLog, event => event.type === 'finished', STACK_SECONDS),
    )
    await box.as('sudo systemctl stop mediaserver-vpn')
  }, PATIENCE)
  afterAll(() => box.close(), PATIENCE)

  it.each(FAULTS.map(fault => [fault.what, fault] as const))(
    '%s: it is named with a way out, and gone again afterwards',
    { timeout: PATIENCE },
    (_, { section, make, unmake, found }) =>
      withEvidence(box.machine, NAME, async () => {
        await box.as(make)
        const wrong = await fails(section)
        await box.as(unmake)
        expect(wrong.map(({ id }) => id)).toEqual(expect.arrayContaining([...found]))
        for (const { id, way } of wrong) expect(way?.mend.length ?? 0, id).toBeGreaterThan(0)
        await box.until('everything is well again', WELL_SECONDS, async () => (await fails(section)).length === 0)
      }),
  )
})
