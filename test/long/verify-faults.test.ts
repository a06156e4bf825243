import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { median } from '../../builder/bench/figures.ts'
import { deadlineFactor } from '../../builder/qemu/deadlines.ts'
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
  readonly make: string | ((box: Box) => Promise<void>)
  readonly unmake: string | ((box: Box) => Promise<void>)
  readonly found: readonly string[]
}

const inGate = (command: string) =>
  `sudo nsenter --target $(sudo docker inspect -f {{.State.Pid}} nordlynx) --net ${command}`
const NODE = '/usr/lib/mediaserver/node'
const inOverride = (service: string, settings: string) =>
  `printf 'services:\\n  ${service}:\\n    ${settings}\\n' > ~/mediaserver/compose.override.yaml; ` +
  `cd ~/mediaserver && sudo docker compose up --detach --wait ${service}`
const withoutOverride = (service: string) =>
  `rm ~/mediaserver/compose.override.yaml; cd ~/mediaserver && sudo docker compose up --detach --wait ${service}`
const servers = (state: 'on' | 'off') => async (box: Box) => {
  for (const exit of box.home.internet.exits) await exit.switchTo(state)
}

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
    what: 'the server of the tunnel is silent',
    section: 'vpn',
    make: servers('off'),
    unmake: servers('on'),
    found: ['vpn-tunnel', 'vpn-address'],
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
    what: 'a container is published to everybody that should not be',
    section: 'security',
    make: inOverride('prowlarr', 'ports: ["0.0.0.0:9999:9696"]'),
    unmake: withoutOverride('prowlarr'),
    found: ['security-ports'],
  },
  {
    what: 'the key of a service is another one',
    section: 'links',
    make: inOverride('sonarr', `environment: {SONARR__AUTH__APIKEY: ${'0f'.repeat(16)}}`),
    unmake: withoutOverride('sonarr'),
    found: ['links-all'],
  },
  {
    what: 'there is a render node that no graphics stand behind',
    section: 'video',
    make: 'sudo modprobe vgem',
    unmake: 'sudo modprobe -r vgem',
    found: ['video-node'],
  },
  {
    what: 'the user of Plex may not open the render node',
    section: 'video',
    make: 'sudo modprobe vgem; sudo udevadm settle; sudo chmod 600 /dev/dri/renderD*; sudo chown root:root /dev/dri/renderD*',
    unmake: 'sudo modprobe -r vgem',
    found: ['video-permission'],
  },
  {
    what: 'Plex is stopped',
    section: 'services',
    make: 'sudo systemctl stop plexmediaserver',
    unmake: 'sudo systemctl start plexmediaserver',
    found: ['services-plex'],
  },
]

const HEALTHY_RUNS = 20

describe('a machine on which something goes wrong', () => {
  const box = new Box()
  let named = 0
  let falseAlarms = 0
  const verify = async (section: string) => {
    const { results } = JSON.parse(await box.as(`sudo mediaserver verify --json ${section}`)) as Verification
    return results
  }
  const fails = async (section: string) => (await verify(section)).filter(({ verdict }) => verdict === 'fail')
  const does = async (what: Fault['make']) => {
    if (typeof what === 'string') await box.as(what)
    else await what(box)
  }

  beforeAll(async () => {
    await box.open([])
    await withEvidence(box.machine, NAME, () =>
      waitUntilTold(box.machine, box.serialLog, event => event.type === 'finished', STACK_SECONDS),
    )
  }, PATIENCE)
  afterAll(async () => {
    console.log(`Named: ${named} of ${FAULTS.length} faults. False alarms: ${falseAlarms} in ${HEALTHY_RUNS} runs.`)
    await box.close()
  }, PATIENCE)

  box.proves(`raises no false alarm in ${HEALTHY_RUNS} runs while it is well`, async () => {
    const seconds: number[] = []
    for (let run = 0; run < HEALTHY_RUNS; run++) {
      const began = box.machine.seconds()
      const wrong = await fails('')
      seconds.push(box.machine.seconds() - began)
      if (wrong.length > 0) console.log(JSON.stringify(wrong))
      falseAlarms += wrong.length
    }
    console.log(`verify takes ${median(seconds).toFixed(1)} s, at most ${Math.max(...seconds).toFixed(1)} s`)
    expect(falseAlarms).toBe(0)
    expect(median(seconds)).toBeLessThan(60 * deadlineFactor(box.machine.accel))
  })

  box.proves('stays small, and leaves the SSD alone', async () => {
    const ours = 'pgrep -f ^/usr/lib/mediaserver/'
    const sizes = await box.as(`ps -o rss=,args= -p $(${ours} | paste -sd,)`)
    const each = `for p in $(${ours}); do sed -n "s/^write_bytes: //p" /proc/$p/io; done`
    const sum = async () =>
      (await box.as(`sudo sh -c '${each}'`)).split('\n').reduce((all, one) => all + Number(one), 0)
    const before = await sum()
    await box.as('sleep 120')
    const perMinute = ((await sum()) - before) / 2
    console.log(`Written for our own purposes: ${perMinute} bytes in a minute. Resident, in KiB:\n${sizes}`)
    expect(perMinute).toBeLessThan(1e6)
    const largest = Math.max(...sizes.split('\n').map(line => Number.parseInt(line, 10)))
    expect(largest).toBeLessThan(60_000)
  })

  describe('while nobody mends it', () => {
    // It would mend some of these before anybody has looked.
    beforeAll(async () => void (await box.as('sudo systemctl stop mediaserver-vpn')), PATIENCE)

    it.each(FAULTS.map(fault => [fault.what, fault] as const))(
      '%s: it is named with a way out, and gone again afterwards',
      { timeout: PATIENCE },
      (_, { section, make, unmake, found }) =>
        withEvidence(box.machine, NAME, async () => {
          await does(make)
          const wrong = await fails(section)
          await does(unmake)
          expect(wrong.map(({ id }) => id)).toEqual(expect.arrayContaining([...found]))
          for (const { id, way } of wrong) expect(way?.mend.length ?? 0, id).toBeGreaterThan(0)
          named++
          await box.until('everything is well again', WELL_SECONDS, async () => (await fails(section)).length === 0)
        }),
    )
  })
})
