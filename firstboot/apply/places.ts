/** Where the installed system keeps its answers; only root may read them, for they hold secrets. */
export const answersPath = '/var/lib/mediaserver/answers.json'
