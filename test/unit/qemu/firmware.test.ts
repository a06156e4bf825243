import { describe, expect, it } from 'vitest'
import { findFirmware } from '../../../builder/qemu/firmware.ts'

const only =
  (...paths: string[]) =>
  (path: string) =>
    Promise.resolve(paths.includes(path))

describe('finding the firmware', () => {
  it('needs no file for BIOS', async () => {
    expect(await findFirmware('bios', only())).toEqual({ kind: 'bios' })
  })

  it('takes the 4 MB build of Debian and Ubuntu', async () => {
    const exists = only(
      '/usr/share/OVMF/OVMF_CODE_4M.fd',
      '/usr/share/OVMF/OVMF_VARS_4M.fd',
      '/usr/share/OVMF/OVMF_CODE.fd',
      '/usr/share/OVMF/OVMF_VARS.fd',
    )
    expect(await findFirmware('uefi', exists)).toEqual({
      kind: 'uefi',
      enforced: false,
      code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
      variables: '/usr/share/OVMF/OVMF_VARS_4M.fd',
    })
  })

  it('takes the variables with the enrolled keys for Secure Boot', async () => {
    const exists = only('/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd')
    expect(await findFirmware('secure-boot', exists)).toMatchObject({
      enforced: true,
      variables: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
    })
  })

  it('says what to install when there is none', async () => {
    await expect(findFirmware('uefi', only())).rejects.toMatchObject({ mend: expect.stringContaining('ovmf') })
  })
})
