// Which addresses are counted as one network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback, networkPrefix } from "../../src/auth/network-prefix.js";

const NETWORKS: readonly (readonly [address: string, network: string])[] = [
  ["192.0.2.7", "192.0.2.0/24"],
  ["192.0.2.255", "192.0.2.0/24"],
  ["::ffff:192.0.2.7", "192.0.2.0/24"],
  ["::ffff:c000:207", "192.0.2.0/24"],
  ["2001:db8:1:22ff::7", "2001:db8:1:2200::/56"],
  ["2001:DB8:1:2201:a:b:c:d", "2001:db8:1:2200::/56"],
  ["2001:db8::1", "2001:db8:0:0::/56"],
  ["2001:db8::", "2001:db8:0:0::/56"],
  ["fe80::1%eth0", "fe80:0:0:0::/56"],
  ["::", "0:0:0:0::/56"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/56"],
  ["a pipe", "a pipe"],
];

for (const [address, network] of NETWORKS) {
  test(`${address} is in ${network}`, () => {
    assert.equal(networkPrefix(address), network);
  });
}

test("Loopback in all its forms", () => {
  for (const address of ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1", ""]) {
    assert.ok(isLoopback(address), address);
  }
  for (const address of ["128.0.0.1", "::2", "::ffff:192.0.2.1", "127.example"])
    assert.ok(!isLoopback(address), address);
});
