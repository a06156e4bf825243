/** What a stand-in is started with. */
export interface Start {
  /** The folder that is `/config` in its container. */
  readonly config: string
  /** A folder that stands for `/`, below which it looks for films and downloads; empty in its container. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Instead of the port that its settings name; 0 takes a free one. */
  readonly port?: number
  /** Where it tells what it does. */
  readonly log: (line: string) => void
  /** How often it looks for what has to be done. */
  readonly pollMilliseconds: number
}

const POLL_MILLISECONDS = 5_000

/** What a program in a container is started with. */
export const fromEnvironment = (config = '/config'): Start => ({
  config,
  root: '',
  env: process.env,
  log: line => void process.stdout.write(`${line}\n`),
  pollMilliseconds: Number(process.env['STANDIN_POLL_MILLISECONDS'] ?? POLL_MILLISECONDS),
})

/** Ends a container's first process when it is told to; without this the kernel would not let it. */
export function endOnSignal(running: { close(): Promise<void> }): void {
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => void running.close().finally(() => process.exit(0)))
}
