import * as z from 'zod/mini'
import type { Catalogue } from './catalogue.ts'

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/))

const Services = z.array(
  z.strictObject({
    name: z.string(),
    title: z.string(),
    purpose: z.string(),
    when: z.enum(['always', 'chosen', 'vpn', 'domain']),
    image: z.string(),
    manifestDigest: digest,
    configDigest: digest,
    bytes: z.number(),
    network: z.enum(['own', 'vpn']),
    bridges: z.array(z.enum(['media', 'vpn'])),
    ports: z.array(
      z.strictObject({ port: z.number(), protocol: z.enum(['tcp', 'udp']), reach: z.enum(['host', 'lan', 'wan']) }),
    ),
    volumes: z.array(z.strictObject({ from: z.string(), to: z.string(), readOnly: z.boolean() })),
    environment: z.record(z.string(), z.string()),
    health: z.array(z.string()),
    patience: z.number(),
    waitFor: z.enum(['healthy', 'running']),
    after: z.array(z.string()),
    options: z.record(z.string(), z.unknown()),
  }),
)

/** The catalogue in the text of its file; throws when the builder that wrote it is another one than this program's. Pure. */
export const parseCatalogue = (text: string): Catalogue => Services.parse(JSON.parse(text))
