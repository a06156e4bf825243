import { z } from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected small letters, digits and hyphens')

const absolutePath = z.string().regex(/^\/[^\s:]*$/, 'expected an absolute path')

// Written in full: what a short name comes to depends on who reads it.
const image = z
  .string()
  .regex(
    /^[a-z0-9.-]+\.[a-z]+\/[a-z0-9._/-]+:[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
    'expected registry, name and tag, for instance "ghcr.io/qdm12/ddns-updater:v2.10.0"',
  )

/** One container of the stack: `image/services/<name>.yaml`. */
export const serviceSchema = z
  .strictObject({
    name: name.describe('Name of the service and of its container; the same as the file name.'),
    title: z.string().min(1).describe('What people call it.'),
    purpose: z.string().min(1).describe('What it is for, in one line.'),
    when: z
      .enum(['always', 'chosen', 'vpn', 'domain'])
      .describe('Who gets it: everybody, who chose it, who has a VPN, who has a domain.'),
    image: image.describe('Where the image is, in full, with its tag; the lock pins what that is.'),
    network: z
      .enum(['own', 'vpn'])
      .default('own')
      .describe('own: a place of its own in the networks; vpn: the network of the VPN container, and no other.'),
    bridges: z
      .array(z.enum(['media', 'vpn']))
      .min(1)
      .default(['media'])
      .describe(
        'The networks that it is in: media (bridge br-media) is that of all services, vpn (br-vpn) a second one.',
      ),
    ports: z
      .array(
        z.strictObject({
          port: z.int().min(1).max(65535).describe('The same outside and inside of the container.'),
          protocol: z.enum(['tcp', 'udp']).default('tcp').describe('tcp when left out.'),
          reach: z
            .enum(['host', 'lan', 'wan'])
            .describe('Who reaches it: host (this machine alone), lan (the local network), wan (the internet).'),
        }),
      )
      .describe('Ports that are open outside of the container.'),
    volumes: z
      .array(
        z.strictObject({
          from: z
            .string()
            .min(1)
            .describe(
              'config (its own folder, or a folder in it as config/data), downloads, media, movies, tv, homevideo.',
            ),
          to: absolutePath.describe('Where the container sees it.'),
          readOnly: z.boolean().default(false).describe('Whether it may only be read; false when left out.'),
        }),
      )
      .describe('Folders of the machine that the container sees.'),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'), z.string())
      .default({})
      .describe('Variables; {{user.uid}}, {{timezone}}, {{keys.sonarr}} and the like stand for values of the machine.'),
    health: z
      .array(z.string().min(1))
      .min(1)
      .describe('A program of the container with its arguments; it is healthy when that ends with exit code 0.'),
    patience: z
      .int()
      .min(1)
      .max(1800)
      .default(300)
      .describe('Seconds until it must be healthy after its start, on a slow machine; 300 when left out.'),
    waitFor: z
      .enum(['healthy', 'running'])
      .default('healthy')
      .describe(
        'When it is up. running: its health depends on the world outside, as on name servers, and nothing here waits for that.',
      ),
    after: z.array(name).default([]).describe('Services that must be healthy before this one is started.'),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        'Anything else that compose knows for a service, for instance cap_add, sysctls, init, user, extra_hosts.',
      ),
  })
  .describe('One container of the stack.')

/** A container of the recipe, not pinned yet. */
export type ServiceRecipe = z.output<typeof serviceSchema>
