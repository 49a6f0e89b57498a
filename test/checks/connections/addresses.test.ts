import { BlockList } from 'node:net';
import * as fc from 'fast-check';
import { blockOf, contains, mayHavePods, overlaps } from '../../../lib/checks/connections/addresses';

test.each<[unknown, string | undefined]>([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['::/0', '::/0'],
  ['2001:DB8::1/32', '2001:db8::/32'],
  ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
  ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
  ['fe80::1%eth0/64', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0', undefined],
  ['10.0.0/8', undefined],
  ['::/129', undefined],
  ['example.com/8', undefined],
  ['/8', undefined],
  [8, undefined],
  [null, undefined],
])('%j is the block %s', (cidr, text) => {
  expect(blockOf(cidr)?.text).toBe(text);
});

test('has the addresses that Node’s own list of blocks has', () => {
  const ip = fc.constantFrom('10.0.0.0', '10.128.0.0', '10.0.0.255', '11.0.0.0', '255.0.0.1');
  const ip6 = fc.constantFrom('::', '::1', '2001:db8::', '2001:db8:8000::', 'ffff::1');
  const cidrs = fc.oneof(fc.tuple(ip, ip, fc.nat(32), fc.constant(4)), fc.tuple(ip6, ip6, fc.nat(128), fc.constant(6)));
  fc.assert(
    fc.property(cidrs, ([network, address, prefix, family]) => {
      const list = new BlockList();
      list.addSubnet(network, prefix, `ipv${family}` as 'ipv4');
      const [block, one] = [blockOf(`${network}/${prefix}`), blockOf(`${address}/${family === 4 ? 32 : 128}`)];
      expect(block && one && contains(block, one)).toBe(list.check(address, `ipv${family}` as 'ipv4'));
    }),
  );
});

test.each([
  ['0.0.0.0/0', '10.0.0.0/8', true],
  ['10.1.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/9', '10.128.0.0/9', false],
  ['0.0.0.0/0', '::/0', false],
])('%s and %s have addresses in common: %s', (a, b, is) => {
  const [x, y] = [blockOf(a), blockOf(b)];
  expect(x && y && overlaps(x, y)).toBe(is);
});

test.each([
  ['10.0.0.0/8', true],
  ['0.0.0.0/0', true],
  ['fd00::/8', true],
  ['169.254.169.254/32', false],
  ['203.0.113.0/24', false],
])('%s may have pods: %s', (cidr, is) => {
  const block = blockOf(cidr);
  expect(block && mayHavePods(block)).toBe(is);
});
