/** Where a container's questions for names go, as Docker writes it at the end of the container's resolv.conf. */
export interface DockerDns {
  /** Every server that Docker asks; `host(127.0.0.53)` is one that it asks from the network of the host. */
  readonly servers: readonly string[]
  /** Why these questions can leave beside the tunnel; null when they cannot. */
  readonly fault: string | null
}

/**
 * Judges the resolv.conf of a container that shares the network of the VPN. Docker asks a server of the host's loopback
 * from the host's own network, where no rule for what is forwarded sees it: measured with Docker 26.1 and
 * systemd-resolved, with the tunnel up and down. `resolvers` are the only ones that may be asked. Pure.
 */
export function judgeDockerDns(resolvConf: string, resolvers: readonly string[]): DockerDns {
  const external = /^# ExtServers: \[(.*)\]$/m.exec(resolvConf)?.[1]
  const own = [...resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map(match => match[1] ?? '')
  // Without Docker's own resolver in between, the container asks these itself, and the kill switch sees it.
  const servers = (external === undefined ? own : external.split(/\s+/)).filter(server => server !== '')
  const wrong = servers.filter(server => !resolvers.includes(server))
  const fault =
    servers.length === 0
      ? 'It is not known who is asked for names.'
      : wrong.length > 0
        ? `Names are asked beside the tunnel, from ${wrong.join(', ')}.`
        : null
  return { servers, fault }
}
