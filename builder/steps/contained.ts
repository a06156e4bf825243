/** A mmdebstrap call in its own process and mount namespace: nothing outlives it, no mounts and no children, even after kill -9. */
export function contained(argv: readonly [string, ...string[]], mode: 'root' | 'unshare'): [string, ...string[]] {
  const dies = ['setpriv', '--pdeathsig', 'KILL'] as const
  return mode === 'root'
    ? [...dies, 'unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', ...argv]
    : [...dies, ...argv]
}
