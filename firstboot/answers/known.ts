/** A disk of this machine as an answers file names it. */
export interface KnownDisk {
  /** Its identity, by `diskId`. */
  readonly id: string
  readonly serial: string
}

/** What is known of the machine that the answers are for; what is left out is not compared. */
export interface Known {
  /** Zones of its tz database. */
  readonly timezones?: readonly string[]
  readonly languages?: readonly string[]
  /** Keyboard layouts. */
  readonly keyboards?: readonly string[]
  /** Without them, what the file says stands for the identity. */
  readonly disks?: readonly KnownDisk[]
}
