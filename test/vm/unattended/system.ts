import { expect } from 'vitest'
import { deadlineFactor } from '../../../builder/qemu/deadlines.ts'
import { type Box, NAME } from './box.ts'

/** The system as it was put on the SSD, and the stick that it came from. */
export function provesSystem(box: Box): void {
  box.proves('the stick tells in plain words how it went, and holds no secret any more', async () => {
    const result = await box.home.bench.stick.get('RESULT.txt')
    expect(result).toContain('The set-up finished on')
    expect(result).toContain('ssh anna@filmbox.local')
    const answers = await box.home.bench.stick.get('mediaserver.yaml')
    expect(answers).toContain('# answers of a test')
    expect(answers).not.toContain(box.home.internet.token)
    await expect(box.home.bench.stick.get('ERROR.txt')).rejects.toThrow()
  })

  box.proves('every unit of the installed system starts', async () => {
    expect(await box.as('systemctl is-system-running --wait')).toBe('running')
    expect(await box.as('systemctl --failed --no-legend --plain')).toBe('')
    expect(await box.as('sudo journalctl -b --no-pager -o cat | grep -i "ordering cycle"')).toBe('')
  })

  box.proves('nobody comes in by password, and root does not come in at all', async () => {
    // OpenSSH 10.4 writes the names as in the manual, earlier ones in small letters.
    const settings = await box.as('sudo sshd -T')
    expect(settings).toMatch(/^passwordauthentication no$/im)
    expect(settings).toMatch(/^permitrootlogin no$/im)
    const refused = await box.home.bench.login.as('anna', 'true', 'password')
    expect(refused.exitCode).toBe(255)
    expect(refused.error).toMatch(/Permission denied \(publickey\)/)
    expect((await box.home.bench.login.as('root', 'true')).exitCode).toBe(255)
  })

  box.proves('who guesses is shut out, updates come, the clock is set, and the name is known', async () => {
    for (const unit of ['fail2ban', 'unattended-upgrades', 'systemd-timesyncd', 'avahi-daemon', 'smartmontools'])
      expect(await box.as(`systemctl is-enabled ${unit}`), unit).toBe('enabled')
    expect(await box.as('sudo fail2ban-client status sshd')).toContain('Journal matches')
    expect(await box.as('hostname')).toBe('filmbox')
    expect(await box.as('readlink /etc/localtime')).toBe('/usr/share/zoneinfo/Europe/Berlin')
    expect(await box.as('grep -c . /etc/apt/apt.conf.d/20auto-upgrades')).toBe('2')
  })

  box.proves('the system lies where it belongs, and shares no identity with the stick', async () => {
    expect(await box.as('findmnt -no SOURCE /')).toContain('nvme0n1p3')
    for (const folder of ['/home', '/var/lib/docker', '/var/lib/containerd', '/var/lib/mediaserver'])
      expect(await box.as(`findmnt -no SOURCE ${folder}`), folder).toContain('nvme0n1p5')
    expect(await box.as('cat /etc/machine-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(await box.as('id -u')).toBe('1000')
    const table = await box.as('lsblk -no PARTUUID /dev/nvme0n1 | sort')
    const stick = (await box.home.bench.stickIds()).map(id => id.toLowerCase())
    expect(table.split('\n').filter(id => stick.includes(id))).toEqual([])
  })

  box.proves('copying takes not much longer than writing that many bytes', async () => {
    const bytes = Number(await box.as('df --output=used --block-size=1 / | tail -n 1'))
    const megabytes = Math.round(bytes / 1e6)
    const plain = `dd if=/dev/zero of=/var/lib/mediaserver/plain bs=1MB count=${megabytes} conv=fsync status=none`
    const [from = 0, to = 0] = (
      await box.as(`date +%s.%N; sudo ${plain}; date +%s.%N; sudo rm /var/lib/mediaserver/plain`)
    )
      .split('\n')
      .map(Number)
    const copied = box.seconds.get('copy-system') ?? Number.NaN
    const ratio = copied / (to - from)
    console.log(`${NAME}: ${megabytes} MB copied and compared in ${copied} s, ${ratio.toFixed(1)} x as long as dd`)
    // Unpacking and comparing are work of the processor, which is translated without KVM, and writing is not.
    expect(ratio).toBeLessThan(2 * deadlineFactor(box.machine.accel))
  })

  box.proves('the film disk is mounted, every file on it is as before, and only folders were added', async () => {
    expect(await box.as('findmnt -no UUID,OPTIONS /data')).toContain(box.home.bench.films.uuid)
    expect(await box.as('ls /data/media')).toBe('homevideo\nmovies\ntv')
    expect(await box.as('ls -d ~/downloads/complete ~/downloads/incomplete ~/mediaserver/config')).not.toContain(
      'cannot',
    )
    expect(await box.as('sudo cat /var/lib/mediaserver/setup/films-compared.json')).toBe(
      JSON.stringify({ files: Object.keys(box.home.bench.films.before).length }),
    )
  })

  box.proves('logins find their language', async () => {
    expect(await box.as('cat /etc/default/locale')).toBe('LANG=en_US.UTF-8')
    expect(await box.as('echo $LANG')).toBe('en_US.UTF-8')
  })

  box.proves('no secret is in a log, a list of processes, or a file', async () => {
    const { token, accountKey } = box.home.internet
    const journal = await box.as('sudo journalctl --no-pager -o cat; sudo cat /run/mediaserver/events.jsonl; ps axww')
    for (const secret of [token, accountKey]) expect(journal).not.toContain(secret)
    // The token was changed into the key of the tunnel, which lies where only root reads it.
    expect(await box.as(`sudo grep -rlI ${token} /etc /var/lib/mediaserver /home /run /boot 2>/dev/null`)).toBe('')
    const files = await box.as(`sudo grep -rlIF ${accountKey} /etc /var/lib/mediaserver /home /boot 2>/dev/null | sort`)
    expect(files).not.toBe('')
    for (const file of files.split('\n')) expect(await box.as(`sudo stat -c %a ${file}`), file).toBe('600')
  })
}

/** What becomes of the film disk, and of those that use it, when it goes and comes. */
export function provesFilmDisk(box: Box): void {
  box.proves('nothing can fill the SSD while the film disk is away', async () => {
    expect(await box.as('sudo umount /data && sudo touch /data/lost; echo $?')).toBe('1')
    expect(await box.as('sudo systemctl start data.mount && findmnt -no TARGET /data')).toBe('/data')
  })

  box.proves('a film disk that is pulled out and comes back is mounted again', async () => {
    const host = await box.as('readlink -f /sys/block/sda | grep -o "host[0-9]*" | head -n 1')
    await box.as('sudo umount /data; echo 1 | sudo tee /sys/block/sda/device/delete')
    expect(await box.as('findmnt -no TARGET /data')).toBe('')
    await box.as(`echo "- - -" | sudo tee /sys/class/scsi_host/${host}/scan`)
    await expect.poll(() => box.as('findmnt -no UUID /data'), { timeout: 120_000 }).toBe(box.home.bench.films.uuid)
    const film = await box.as('cd /data/media && find movies -name "*.mkv" | head -n 1')
    expect(film).not.toBe('')
    await box.until('Radarr sees the disk again', 60, async () =>
      (await box.as('sudo docker exec radarr find /movies -name "*.mkv" | head -n 1')).startsWith('/movies/'),
    )
    await box.until('Plex is back', 60, async () => (await box.as('systemctl is-active plexmediaserver')) === 'active')
  })
}

/** The end: nothing of the films is lost. */
export function provesFilms(box: Box): void {
  box.proves('switched off, the disk of films holds what it held, to the byte, and the new films', async () => {
    await box.home.bench.login.as('anna', 'sudo systemctl poweroff')
    await box.machine.waitForShutdown(120)
    expect(await box.home.bench.films.now()).toMatchObject(box.home.bench.films.before)
  })
}
