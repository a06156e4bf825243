import type { BuildInputs } from '../../../builder/plan/plan-build.ts'

const digest = (letter: string) => letter.repeat(64)

/** A small Debian 13 with two packages; every digest is made up. */
export const debian13: BuildInputs = {
  product: { name: 'Media Server', id: 'media-server', version: '0.1.0' },
  flavour: 'full',
  sources: 'online',
  base: {
    id: 'debian-13',
    title: 'Debian 13',
    suite: 'trixie',
    vendor: 'debian',
    shim: '/usr/lib/shim/shimx64.efi.signed',
    mokManager: '/usr/lib/shim/mmx64.efi.signed',
    signedGrub: '/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed',
  },
  packages: ['linux-image-amd64', 'nano'],
  disable: ['docker.service'],
  system: { hostname: 'mediaserver', locale: 'en_US.UTF-8', timezone: 'Etc/UTC', keyboard: 'us' },
  sizes: { espBytes: 268435456, configBytes: 67108864 },
  compressionLevel: 3,
  lock: {
    epoch: 1795478400,
    request: digest('0'),
    packages: [
      {
        name: 'linux-image-amd64',
        version: '6.12.1-1',
        architecture: 'amd64',
        path: 'pool/main/l/linux/linux-image-amd64_6.12.1-1_amd64.deb',
        size: 1464,
        sha256: digest('1'),
      },
      {
        name: 'nano',
        version: '8.4-1+deb13u1',
        architecture: 'amd64',
        path: 'pool/main/n/nano/nano_8.4-1+deb13u1_amd64.deb',
        size: 644672,
        sha256: digest('2'),
      },
    ],
  },
  services: [],
  containers: {
    kind: 'registry',
    images: {
      sonarr: {
        reference: 'lscr.io/linuxserver/sonarr:4.0.19',
        manifest: `sha256:${digest('a')}`,
        config: `sha256:${digest('b')}`,
        bytes: 90_000_000,
      },
    },
  },
  plex: {
    install: 'baked',
    repository: {
      uri: 'https://repo.plex.example/deb/',
      suite: 'public',
      components: ['main'],
      key: 'https://repo.plex.example/key',
      fingerprint: '0123456789ABCDEF0123456789ABCDEF01234567',
    },
    locked: {
      key: 'the key',
      package: {
        name: 'plexmediaserver',
        version: '1.43.3.10000-abcdef012',
        architecture: 'amd64',
        path: 'pool/main/p/plexmediaserver/plexmediaserver_1.43.3.10000-abcdef012_amd64.deb',
        size: 80000000,
        sha256: digest('b'),
      },
    },
  },
  private: true,
  aptSources: 'deb http://archive.example/debian trixie main\n',
  digests: {
    node: digest('3'),
    overlayRoot: digest('4'),
    overlayFirstboot: digest('5'),
    overlayConfig: digest('6'),
    grubTemplate: digest('7'),
    firstboot: digest('8'),
    npmLock: digest('9'),
    standinPlex: '',
  },
  tools: { mmdebstrap: 'a', mksquashfs: 'b', 'mkfs.vfat': 'c', mtools: 'd', cpio: 'e', zstd: 'f', sfdisk: 'g' },
}
