/** One packet that is sent to see what becomes of it: a datagram, or the beginning of a connection. */
export interface Knock {
  readonly protocol: 'tcp' | 'udp'
  /** Address by number, of IPv4 or IPv6. */
  readonly to: string
  readonly port: number
  /** Address that it pretends to come from; else the one that the kernel chooses. */
  readonly from?: string
}

/** What came of a knock: nothing, an answer, or in the kernel's words why it was not even sent. */
export type Outcome = 'silence' | 'answer' | { readonly refused: string }

// What goes to port 53 is a true question, so that whoever is there answers it: the IPv4 address of nordvpn.com.
const QUESTION = '4d530100000100000000000007' + Buffer.from('nordvpn').toString('hex') + '03636f6d0000010001'

/**
 * Says its number, reads knocks line by line, sends all of them when there are no more, and listens for so many seconds.
 * Perl, because every Debian and Ubuntu has it, and it runs in any network that it is put into.
 */
const PROGRAM = String.raw`
use strict; use Socket; use IO::Handle; use IO::Select;
$| = 1; print "pid $$\n";
my $patience = shift; my (@open, %number, %done);
while (my $line = <STDIN>) {
  my ($number, $protocol, $to, $port, $from) = split ' ', $line;
  my $six = $to =~ /:/;
  my $place = sub { $six ? Socket::pack_sockaddr_in6($_[1], Socket::inet_pton(AF_INET6, $_[0]))
                         : Socket::pack_sockaddr_in($_[1], Socket::inet_pton(AF_INET, $_[0])) };
  my $fine = socket(my $socket, $six ? AF_INET6 : AF_INET, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0);
  $fine &&= bind($socket, $place->($from, 0)) if ($from // '') ne '';
  $socket->blocking(0) if $fine;
  $fine &&= connect($socket, $place->($to, $port)) || $!{EINPROGRESS};
  $fine &&= defined send($socket, $port == 53 ? pack('H*', '${QUESTION}') : 'mediaserver', 0) if $protocol eq 'udp';
  if (!$fine) { print "$number refused $!\n"; next }
  $number{$socket} = "$number $protocol"; push @open, $socket;
}
my ($reads, $writes) = (IO::Select->new, IO::Select->new);
for (@open) { ($number{$_} =~ /tcp/ ? $writes : $reads)->add($_) }
my $end = time + $patience + 1;
while ($reads->count + $writes->count > 0 && time < $end) {
  my ($read, $write) = IO::Select::select($reads, $writes, undef, 0.25);
  for (@{$read || []}) {
    print((split ' ', $number{$_})[0], " answer\n") if defined recv($_, my $text, 2000, 0);
    $reads->remove($_);
  }
  for (@{$write || []}) {
    print((split ' ', $number{$_})[0], " answer\n") if unpack('i', getsockopt($_, SOL_SOCKET, SO_ERROR)) == 0;
    $writes->remove($_);
  }
}
`

/** The program that knocks, for an argument vector; it listens for answers for so many seconds. */
export const knocker = (seconds: number): readonly [string, ...string[]] => ['perl', '-e', PROGRAM, String(seconds)]

/** What it is told on its standard input. Pure. */
export const knockLines = (knocks: readonly Knock[]): string =>
  knocks.map(({ protocol, to, port, from = '' }, index) => `${index} ${protocol} ${to} ${port} ${from}\n`).join('')

/** The number of its process, from a line of what it says; null for any other line. Pure. */
export function parsePid(line: string): number | null {
  const digits = /^pid (\d+)$/.exec(line)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** What it says came of so many knocks, in their order. Pure. */
export function parseOutcomes(output: string, count: number): Outcome[] {
  const lines = output.split('\n')
  return Array.from({ length: count }, (_, index): Outcome => {
    if (lines.includes(`${index} answer`)) return 'answer'
    const refused = lines.find(line => line.startsWith(`${index} refused `))
    return refused === undefined ? 'silence' : { refused: refused.slice(`${index} refused `.length) }
  })
}
