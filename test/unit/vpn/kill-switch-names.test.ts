import { expect, test } from 'vitest'
import { renderKillSwitch } from '../../../firstboot/vpn/kill-switch.ts'

// What nft 1.1.7 reads as the beginning of an expression, a statement or an object, see nft(8); names that are one of these
// load with one version and not with the next.
const WORDS = (
  'accept ah arp auth bridge cgroup comp continue counter ct daddr dccp destroy device dnat drop dup dynset esp ether exthdr ' +
  'fib flow flowtable frag fwd geneve goto gre gretap hash hbh helper icmp icmpv6 id igmp iif iifname inet ip ip6 ipsec jhash ' +
  'jump last length limit log loopback map mark masquerade meta mh netdev nexthdr notrack numgen oif oifname osf path pkttype ' +
  'priority queue quota random redirect reject return rt rule saddr sctp secmark set skgid skuid snat socket src state symhash ' +
  'synproxy table tcp template th timeout tproxy tunnel typeof udp udplite update vlan vmap vxlan xfrm xt'
).split(' ')

test('no name in the kill switch is a word of nft', () => {
  const text = renderKillSwitch({ endpoints: ['203.0.113.51'], lanPorts: [8989], connected: [] })
  const names = [...text.matchAll(/^ {2}(?:set|counter|chain) (\w+)/gm)].map(([, name = '']) => name)
  expect(names).toContain('tunnelled')
  expect(names.filter(name => WORDS.includes(name))).toEqual([])
})
