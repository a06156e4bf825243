/** Where the installed system keeps its answers; only root may read them, for they hold secrets. */
export const answersPath = '/var/lib/mediaserver/answers.json'

/** Says that the installed system has not set up its services yet; it is there from the installation until it has. */
export const firstBootPath = '/var/lib/mediaserver/setup/first-boot'

/** Says that the answers of the installed system were changed, and are not all applied yet. */
export const changedPath = '/var/lib/mediaserver/setup/answers-changed'

/** Says that what the first verification finds shall be written on the stick; it is there from the first start until then. */
export const firstVerificationPath = '/var/lib/mediaserver/setup/first-verification'

/** Who applies answers has the lock on this file, whether a unit or a person has started it. It is in memory. */
export const applyLockPath = '/run/mediaserver/apply.lock'

/** The host name that the installed system was set up with, whatever it is called since. */
export const firstNamePath = '/var/lib/mediaserver/setup/first-name'
