// A group of processes of its own, with a shell in it that kills the whole group when its parent is gone, or says TERM.
const GUARD = `trap 'kill -KILL 0' TERM; "$@" & wait "$!"`

/**
 * A mmdebstrap call that nothing outlives, no mounts and no children, even after kill -9. Root gives it its own process and
 * mount namespace. Without root mmdebstrap makes them itself, in a child: to kill mmdebstrap alone would leave that child
 * at work, so a guard kills both.
 */
export function contained(argv: readonly [string, ...string[]], mode: 'root' | 'unshare'): [string, ...string[]] {
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'] as const
  return mode === 'root'
    ? ['setpriv', '--pdeathsig', 'KILL', ...namespaces, ...argv]
    : ['setsid', 'setpriv', '--pdeathsig', 'TERM', 'sh', '-c', GUARD, 'guard', ...argv]
}
