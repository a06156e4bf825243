/** Where the installed system keeps its answers; only root may read them, for they hold secrets. */
export const answersPath = '/var/lib/mediaserver/answers.json'

/** Says that the installed system has not set up its services yet; it is there from the installation until it has. */
export const firstBootPath = '/var/lib/mediaserver/setup/first-boot'
