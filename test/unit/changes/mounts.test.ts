import { describe, expect, test } from 'vitest'
import { languageLinks } from '../../../firstboot/changes/language.ts'
import { renderFilmRules, renderFstab } from '../../../firstboot/changes/mounts.ts'

const film = { uuid: '0f1a5c3e-7d2b-4c58-9a40-1b2c3d4e5f60', type: 'ext4', mountpoint: '/data', keep: true }
const params = { root: 'r', state: 's', esp: 'e', films: [film] }

describe('what is mounted where', () => {
  test('a film disk that is missing does not keep the machine from starting, however long it takes to spin up', () => {
    const line = renderFstab(params)
      .split('\n')
      .find(each => each.includes(' /data '))
    expect(line).toBe(`UUID=${film.uuid} /data ext4 nofail,noatime 0 2`)
  })

  test('a film disk that comes late is mounted when it is there', () => {
    const rules = renderFilmRules([film, { ...film, uuid: 'ABCD-1234', mountpoint: '/data2' }])
    expect(rules).toContain(`ENV{ID_FS_UUID}=="${film.uuid}", TAG+="systemd", ENV{SYSTEMD_WANTS}+="data.mount"`)
    expect(rules).toContain('ENV{ID_FS_UUID}=="ABCD-1234", TAG+="systemd", ENV{SYSTEMD_WANTS}+="data2.mount"')
  })

  test('without a film disk, films lie beside everything else', () => {
    expect(renderFstab({ ...params, films: [] })).toMatch(/^\/state\/data \/data none bind/m)
  })

  test('disks of Windows belong to the first user', () => {
    expect(renderFstab({ ...params, films: [{ ...film, type: 'ntfs' }] })).toMatch(/ ntfs3 \S*uid=1000,gid=1000/)
  })
})

describe('the language of the system', () => {
  test('stands where logins read it, in a file that no start of the system replaces', () => {
    const links = languageLinks({ language: 'de_DE.UTF-8', keyboard: 'de', timezone: 'Europe/Berlin' })
    expect(links).toContainEqual(['/etc/default/locale', '../locale.conf'])
    expect(links).toContainEqual(['/etc/localtime', '/usr/share/zoneinfo/Europe/Berlin'])
  })
})
