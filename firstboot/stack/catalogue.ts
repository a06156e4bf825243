/** How far a port of a service may be reached: this machine alone, the local network, or the whole internet. */
export type Reach = 'host' | 'lan' | 'wan'

/** One container of the stack, as the recipe describes it in `image/services/NAME.yaml` and the lock pins it. */
export interface Service {
  /** Name in compose, and of the host in the stack's network. */
  readonly name: string
  /** What people call it. */
  readonly title: string
  /** One line: what it is for. */
  readonly purpose: string
  /** Always there, or only when: its name is among the answers' services, there is a VPN, there is a domain. */
  readonly when: 'always' | 'chosen' | 'vpn' | 'domain'
  /** With its tag, as compose names it. */
  readonly image: string
  /** `sha256:…` of the manifest, and of the configuration: Docker's image ID is one or the other by its image store. */
  readonly manifestDigest: string
  readonly configDigest: string
  /** Bytes of its layers as they are carried, compressed. */
  readonly bytes: number
  /** Its own place in the stack's networks, or the one of the VPN container. */
  readonly network: 'own' | 'vpn'
  /** Networks that its own place is in: `media` is `mediaserver_default` on `br-media`, `vpn` is a second one on `br-vpn`. */
  readonly bridges: readonly Bridge[]
  readonly ports: readonly { readonly port: number; readonly protocol: 'tcp' | 'udp'; readonly reach: Reach }[]
  /** `from` names a folder: `config` is its own, the others are those of the design (`downloads`, `tv`, `movies`, ...). */
  readonly volumes: readonly { readonly from: string; readonly to: string; readonly readOnly: boolean }[]
  /** Values may hold `{{...}}` of Handlebars' kind: `{{user.uid}}`, `{{timezone}}`, `{{keys.sonarr}}`. */
  readonly environment: Readonly<Record<string, string>>
  /** Argument vector run inside the container; exit code 0 is healthy. */
  readonly health: readonly string[]
  /** Seconds that it may take from its start until it is healthy, on a slow machine. */
  readonly patience: number
  /** When it is up: its health may depend on the world outside, and then it is enough that it runs. */
  readonly waitFor: 'healthy' | 'running'
  /** Names of services that must be healthy before it starts. */
  readonly after: readonly string[]
  /** Left as compose takes it: `cap_add`, `sysctls`, `init`, `user`, `extra_hosts`, `dns`. */
  readonly options: Readonly<Record<string, unknown>>
}

/** A network of the stack. */
export type Bridge = 'media' | 'vpn'

/** Every service that an image carries. */
export type Catalogue = readonly Service[]

/** Where the image has the catalogue; written by the builder from the recipe and the lock. */
export const cataloguePath = '/usr/share/mediaserver/services.json'
