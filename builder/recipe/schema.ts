import { z } from 'zod'
import type { ServiceRecipe } from './service-schema.ts'

// The recipe's shape. Every field says what it is for: editors show these texts through image/schema/*.schema.json.

const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected small letters, digits, dots and hyphens')

const packageName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+$/, 'expected the name of a distribution package, for instance "wireguard-tools"')

const absolutePath = z.string().regex(/^\/\S+$/, 'expected an absolute path')

const size = z.string().regex(/^[1-9][0-9]*(KiB|MiB|GiB)$/, 'expected a size with its unit, for instance "512MiB"')

const day = z.iso.date({
  error: issue => (typeof issue.input === 'string' ? 'expected a day, for instance "2029-05-31"' : undefined),
})

/** The product: `image/appliance.yaml`. */
export const applianceSchema = z
  .strictObject({
    id: id.describe('Short name, used in file names.'),
    name: z.string().min(1).describe('The name people read.'),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/, 'expected a version of three numbers, for instance "0.1.0"')
      .describe('Version of the product, semantic.'),
    defaultBase: id.describe('The base that is built when none is asked for; the name of a file in image/bases.'),
    system: z
      .strictObject({
        hostname: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected a host name')
          .describe('Until the wizard sets one.'),
        locale: z.string().min(1).describe('Language and country of texts and formats, until the wizard sets one.'),
        timezone: z.string().min(1).describe('Zone of tz database, until the wizard sets one.'),
        disable: z
          .array(
            z
              .string()
              .regex(
                /^[a-z0-9@_.-]+\.(service|socket|timer|path)$/i,
                'expected the name of a unit, for instance "docker.service"',
              ),
          )
          .describe('Units that packages switch on and the image leaves off, until the wizard applies the answers.'),
        keyboard: z
          .string()
          .regex(/^[a-z]+$/, 'expected a keyboard layout, for instance "us"')
          .describe('Console keyboard layout, until the wizard sets one.'),
      })
      .describe('What the live system is set to before anybody answered a question.'),
    disk: z
      .strictObject({
        bios: size.describe('BIOS boot partition: the GRUB core for machines without UEFI.'),
        esp: size.describe('EFI system partition: shim, GRUB, kernel and initrd of the live system.'),
        config: size.describe('CONFIG partition, which Windows and macOS mount; FAT32 needs at least 34MiB.'),
      })
      .describe('Sizes of the partitions on the stick; root and payload take what they need.'),
    squashfs: z
      .strictObject({
        compression: z.enum(['zstd']).describe('The compressor of the root file system.'),
        level: z
          .int()
          .min(1)
          .max(22)
          .describe('Compression level: 3 is quick and 10 % larger, 15 takes twelve times as long.'),
      })
      .describe('How the root file system is packed.'),
  })
  .describe('The product.')

/** One distribution to build on: `image/bases/<id>.yaml`. */
export const baseSchema = z
  .strictObject({
    id: id.describe('Name of the base; the same as the file name.'),
    title: z.string().min(1).describe('The name people read.'),
    role: z.string().min(1).describe('What this base is for, in one line.'),
    family: z.enum(['debian', 'ubuntu']).describe('Whose archive layout and defaults it follows.'),
    suite: z
      .string()
      .regex(/^[a-z]+$/, 'expected the name of a suite, for instance "trixie"')
      .describe('Suite of the archive; updates and security suites are added by mmdebstrap.'),
    components: z
      .array(z.enum(['main', 'contrib', 'non-free', 'non-free-firmware', 'restricted', 'universe', 'multiverse']))
      .min(1)
      .describe('Components of the archive that packages may come from.'),
    keyring: absolutePath.describe('File on the building machine with the keys that sign the archive.'),
    supportedUntil: z.union([day, z.literal('rolling')]).describe('Day when free updates end, or "rolling".'),
    kernel: z
      .strictObject({
        package: packageName.describe('Package of the kernel, signed for Secure Boot.'),
        why: z.string().min(1).describe('Why this kernel, in one line.'),
      })
      .describe('The kernel.'),
    initrd: z
      .strictObject({
        generator: z.enum(['dracut']).describe('The program that makes the initrd of the live system.'),
        package: packageName.describe('Its package.'),
        why: z.string().min(1).describe('Why this package, in one line.'),
      })
      .describe('What makes the initrd.'),
    efi: z
      .strictObject({
        vendorDirectory: id.describe('Folder below EFI/ where the signed GRUB looks for its grub.cfg.'),
        shim: absolutePath.describe('The signed shim in the root file system.'),
        grub: absolutePath.describe('The signed GRUB in the root file system.'),
        mokManager: absolutePath.describe('The signed key manager of shim in the root file system.'),
      })
      .describe('The signed programs that start the machine under UEFI.'),
  })
  .describe('One distribution to build on.')

/** One package with the reason why it is there. */
export const packageEntrySchema = z
  .strictObject({
    name: packageName.describe('Name of the package.'),
    why: z.string().min(1).describe('Why the image has it, in one line.'),
    only: z.array(id).min(1).optional().describe('Bases or families (debian, ubuntu) that get it; all when left out.'),
    names: z
      .record(id, packageName)
      .optional()
      .describe('Its name where it differs, by base or family; a base comes before its family.'),
    instead: z.string().min(1).optional().describe('What one would expect here, and why it is not taken.'),
  })
  .describe('One package with the reason why it is there.')

/** Packages that serve one purpose: `image/packages/<group>.yaml`. */
export const packageGroupSchema = z
  .strictObject({
    group: id.describe('Name of the group; the same as the file name.'),
    title: z.string().min(1).describe('What the packages are for.'),
    packages: z
      .array(packageEntrySchema)
      .min(1)
      .describe('The packages. Recommended packages are never installed, so all are named here.'),
  })
  .describe('Packages that serve one purpose.')

/** The product. */
export type Appliance = z.output<typeof applianceSchema>
/** One distribution to build on. */
export type Base = z.output<typeof baseSchema>
/** A package of the recipe, and where it is written. */
export type PackageEntry = z.output<typeof packageEntrySchema> & { readonly file: string; readonly line: number }
/** Packages that serve one purpose. */
export interface PackageGroup {
  readonly group: string
  readonly title: string
  readonly file: string
  readonly packages: readonly PackageEntry[]
}

/** All that is written below image/, checked. */
export interface Recipe {
  readonly appliance: Appliance
  /** By id. */
  readonly bases: Readonly<Record<string, Base>>
  /** Sorted by the name of the group. */
  readonly packageGroups: readonly PackageGroup[]
  /** Sorted by name. */
  readonly services: readonly ServiceRecipe[]
}
