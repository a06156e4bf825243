import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import { CLOSED_WORDS } from '../../firstboot/domain/requests-door.ts'
import { configFolder } from '../../firstboot/stack/folders.ts'
import type { Result, Verification } from '../../firstboot/verify/verification.ts'
import { leaked, packetWords } from '../internet/capture.ts'
import { CREDENTIALS, DOMAIN, DomainServices, VISITOR } from '../internet/domain-services.ts'
import { CLIENT, HOME_ADDRESS } from '../internet/internet.ts'
import { openPorts } from '../internet/knock.ts'
import { DOMAIN_SERVICES, PLAIN_PLEX_TV, WEB } from '../internet/names.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { quoted } from '../support/quoted.ts'
import { neverRenewed, storedCertificate } from '../support/stored-certificate.ts'
import { waitUntilTold } from '../support/told.ts'
import { isOrdinary } from '../support/wire.ts'
import { Box, NAME } from '../vm/unattended/box.ts'
import { claimPlex } from '../vm/unattended/claim-plex.ts'
import { SERVICES } from '../vm/unattended/services.ts'

// On real hardware: until everything is up, until a certificate is there, and until what was undone is well again.
const STACK_SECONDS = 300
const CERTIFICATE_SECONDS = 60
const WELL_SECONDS = 120

const GUARDED = [`sonarr.${DOMAIN}`, `radarr.${DOMAIN}`]
const NAMES = [DOMAIN, ...GUARDED]
const ANSWERS = `domain:
  name: ${DOMAIN}
  provider: porkbun
  credentials:
    api_key: ${CREDENTIALS.apiKey}
    secret_api_key: ${CREDENTIALS.secretApiKey}
  email: anna@example.com
`

// The authority of the test is none that containers know: its owner has them trust whom the machine trusts, and nothing else is
// different. The stand-in for ddns-updater is of Node, which is told in another way.
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt'
const OVERRIDE = `services:
  caddy:
    volumes: ['${BUNDLE}:${BUNDLE}:ro']
  ddns-updater:
    volumes: ['${BUNDLE}:${BUNDLE}:ro']
    environment:
      NODE_EXTRA_CA_CERTS: ${BUNDLE}
  jellyseerr:
    environment:
      STANDIN_PLEX_TV: http://${WEB}:${PLAIN_PLEX_TV}
`

describe('a machine with a domain of its own', () => {
  const box = new Box()
  let out!: DomainServices

  beforeAll(async () => {
    await box.open([], {
      answers: ANSWERS,
      prepare: async internet => {
        out = await DomainServices.open(internet)
        await internet.forwardPorts([80, 443])
      },
    })
    await withEvidence(box.machine, NAME, () =>
      waitUntilTold(box.machine, box.serialLog, event => event.type === 'finished', STACK_SECONDS),
    )
  }, PATIENCE)
  afterAll(async () => {
    await out?.[Symbol.asyncDispose]()
    await box.close()
  }, PATIENCE)

  const verify = async (...sections: string[]): Promise<Result[]> => {
    const { results } = JSON.parse(await box.as(`sudo mediaserver verify --json ${sections.join(' ')}`)) as Verification
    return results
  }
  const verdicts = async (...sections: string[]) =>
    Object.fromEntries((await verify(...sections)).map(({ id, verdict, words }) => [id, `${verdict}: ${words}`]))
  /** Of these sections, nothing fails and nothing is to be looked at. */
  const isWell = async (...sections: string[]) =>
    (await verify(...sections)).every(({ verdict }) => verdict === 'pass' || verdict === 'none')
  const status = async (url: string) => (await out.visit(url)).status

  box.proves('brings up Caddy and the updater too, and shows nothing before it has a certificate', async () => {
    const running = await box.as('sudo docker ps --format "{{.Names}}" | sort')
    expect(running.split('\n')).toEqual([...SERVICES, 'caddy', 'ddns-updater'].sort())
    for (const name of NAMES) expect(await status(`https://${name}/`), name).toBe(0)
    const found = await verify('domain')
    expect(found.find(({ id }) => id === 'domain-certificate')?.way?.id).toBe('domain-no-certificate')
  })

  box.proves('gets a certificate from the authority once its owner has made it known', async () => {
    await box.as(`printf '%s' ${quoted(OVERRIDE)} > ~/mediaserver/compose.override.yaml`)
    await box.as('cd ~/mediaserver && sudo docker compose up --detach --wait caddy ddns-updater jellyseerr')
    // A visitor believes that authority and no other, and nothing without a certificate of it.
    for (const name of NAMES)
      await box.until(
        `${name} has a certificate`,
        CERTIFICATE_SECONDS,
        async () => (await status(`https://${name}/`)) > 0,
      )
  })

  box.proves('has told the provider where it is: its names lead home, and there are no others', async () => {
    expect(new Set(out.told())).toEqual(new Set(NAMES.map(name => `${name} is ${HOME_ADDRESS}`)))
    for (const name of NAMES) expect(await out.addressesOf(name), name).toEqual([HOME_ADDRESS])
    for (const service of ['prowlarr', 'qbittorrent', 'bazarr'])
      expect(await out.addressesOf(`${service}.${DOMAIN}`), service).toEqual([])
  })

  box.proves(
    'keeps the internet out of Seerr, which belongs to nobody yet, and asks for a password elsewhere',
    async () => {
      expect(await out.visit(`https://${DOMAIN}/`)).toMatchObject({ status: 503, text: CLOSED_WORDS })
      expect(await status(`https://${DOMAIN}/api/v1/auth/plex`)).toBe(503)
      for (const name of GUARDED) expect(await status(`https://${name}/`), name).toBe(401)
      for (const name of NAMES)
        expect(await out.visit(`http://${name}/`), name).toMatchObject({ status: 308, leadsTo: `https://${name}/` })
      const found = await verdicts('domain', 'ddns')
      expect(found).toMatchObject({
        'domain-names': expect.stringMatching(/^pass/),
        'domain-certificate': expect.stringMatching(/^pass.*Test internet/),
        'domain-guarded': expect.stringMatching(/^pass/),
        'domain-requests': expect.stringMatching(/^warn/),
        'ddns-update': expect.stringMatching(/^pass/),
      })
    },
  )

  box.proves('shows Seerr to the internet when it belongs to the Plex account of the machine', async () => {
    await claimPlex(box)
    expect(await box.as('sudo mediaserver apply')).not.toMatch(/^FAILED/m)
    expect(await out.visit(`https://${DOMAIN}/`)).toMatchObject({ status: 200, text: '<title>Seerr</title>' })
    for (const name of GUARDED) expect(await status(`https://${name}/`), name).toBe(401)
    const found = await verdicts('domain', 'ddns')
    for (const [id, words] of Object.entries(found)) expect(words, id).toMatch(/^pass/)
  })

  box.proves('applying the answers again changes nothing, and leaves the page open', async () => {
    expect(await box.as('sudo mediaserver apply')).not.toMatch(/^(done|FAILED)/m)
    expect(await status(`https://${DOMAIN}/`)).toBe(200)
  })

  box.proves('answers the internet at no port but those that were meant', async () => {
    expect(await openPorts(out.visitor, HOME_ADDRESS)).toEqual([80, 443])
    // Even with a router that lets everything in: SSH, Caddy, Plex.
    await out.visitor.run('ip', 'route', 'replace', `${CLIENT}/32`, 'via', HOME_ADDRESS)
    expect(await openPorts(out.visitor, CLIENT)).toEqual([22, 80, 443, 32_400])
  })

  box.proves('keeps the credentials of the provider in files that only their owners read', async () => {
    const secret = CREDENTIALS.secretApiKey
    const said = await box.as('sudo journalctl --no-pager -o cat; sudo docker logs ddns-updater 2>&1; ps axww')
    expect(said).not.toContain(secret)
    const files = await box.as(`sudo grep -rlIF ${secret} /etc /var/lib/mediaserver /home /boot 2>/dev/null`)
    expect(files).not.toBe('')
    for (const file of files.split('\n')) expect(await box.as(`sudo stat -c %a ${file}`), file).toBe('600')
  })

  it.each([
    ['is about to expire', 10, 'warn', 'domain-certificate-old'],
    ['has expired', -2, 'fail', 'domain-certificate-expired'],
  ] as const)(
    'a certificate that %s, since the router passes nothing on, is named with a way out that leads out',
    { timeout: PATIENCE },
    (_, daysLeft, verdict, trouble) =>
      withEvidence(box.machine, NAME, async () => {
        const { internet } = box.home
        await internet.forwardPorts([])
        await box.as('sudo docker stop caddy')
        // What Caddy has after weeks without a renewal.
        const { crt, key } = await neverRenewed(internet.authority, DOMAIN, daysLeft)
        const file = `${configFolder('anna', 'caddy')}/data/${storedCertificate(DOMAIN)}`
        for (const [end, text] of Object.entries({ crt, key }))
          await box.as(`printf '%s' ${quoted(text)} | sudo tee ${file}.${end} >/dev/null`)
        await box.as('sudo docker start caddy')
        const find = async () => (await verify('domain')).find(({ id }) => id === 'domain-certificate')
        await box.until('it is found', WELL_SECONDS, async () => (await find())?.way?.id === trouble)
        const found = await find()
        expect(found).toMatchObject({ verdict, words: expect.stringContaining(DOMAIN), way: { id: trouble } })
        const mend = found?.way?.mend.join('\n') ?? ''
        expect(mend).toContain('forward TCP ports 80 and 443')
        // As it says.
        await internet.forwardPorts([80, 443])
        await box.as('sudo docker restart caddy')
        await box.until('the domain is well again', WELL_SECONDS, () => isWell('domain'))
        expect(await status(`https://${DOMAIN}/`)).toBe(200)
      }),
  )

  box.proves('leads its names after the home when that gets another address', async () => {
    const address = '203.0.113.8'
    await box.home.internet.moveHome(address)
    for (const name of NAMES)
      await box.until(`${name} leads to the new address`, WELL_SECONDS, async () =>
        (await out.addressesOf(name)).includes(address),
      )
    expect(await status(`https://${DOMAIN}/`)).toBe(200)
    await box.until('the domain is well again', WELL_SECONDS, () => isWell('domain', 'ddns'))
  })

  box.proves('has let nothing out beside the tunnel but what a domain needs', async () => {
    const packets = await box.wire.packets()
    const leaks = leaked(packets, packet => {
      const { source, protocol, destination, port, sourcePort } = packet
      const answers = destination === VISITOR || sourcePort === 80 || sourcePort === 443
      const ofDomain = destination === VISITOR || destination === DOMAIN_SERVICES
      if (source === CLIENT && ofDomain) return protocol === 'tcp' && (answers || port === 443)
      return isOrdinary(packet, box.stations)
    })
    console.log(`${NAME}: ${packets.length} packets on the wire, ${leaks.length} leaked`)
    expect(leaks.map(packetWords)).toEqual([])
  })
})
