/**
 * Rules and ways to the same two listeners, each tried by programs: whom no rule allows is not reached, not even by a
 * connection that is closed at once, and whom one allows is.
 */
import assert from "node:assert/strict";
import { datagramPeer, type Peer, response, webPeer } from "./peers.ts";
import { exec } from "./run.ts";

/** The ports of the listeners at 127.0.0.1 and ::1, and one where nobody listens. */
interface Ports {
  readonly four: number;
  readonly six: number;
}

/** Ways by TCP: what the program is told. */
const TCP: Readonly<Record<string, (ports: Ports) => string>> = {
  "127.0.0.1": ({ four }) => `connect 127.0.0.1:${four}`,
  "::1": ({ six }) => `connect [::1]:${six}`,
  localhost: ({ four }) => `dial localhost:${four}`,
  "LOCALHOST.": ({ four }) => `dial LOCALHOST.:${four}`,
  // No names, and no addresses either: what resolvers make of them is nobody's rule.
  2130706433: ({ four }) => `dial 2130706433:${four}`,
  "0x7f000001": ({ four }) => `dial 0x7f000001:${four}`,
  "0177.0.0.1": ({ four }) => `dial 0177.0.0.1:${four}`,
  "127.1": ({ four }) => `dial 127.1:${four}`,
  "0.0.0.0": ({ four }) => `connect 0.0.0.0:${four}`,
  "::": ({ six }) => `connect [::]:${six}`,
  "::ffff:127.0.0.1": ({ four }) => `connect [::ffff:127.0.0.1]:${four}`,
  "::127.0.0.1": ({ four }) => `connect [::127.0.0.1]:${four}`,
};

/** Ways by HTTP. */
const HTTP: Readonly<Record<string, (ports: Ports) => readonly string[]>> = {
  "127.0.0.1": ({ four }) => ["GET", `http://127.0.0.1:${four}/`],
  "::1": ({ six }) => ["GET", `http://[::1]:${six}/`],
  "0:0:0:0:0:0:0:1": ({ six }) => ["GET", `http://[0:0:0:0:0:0:0:1]:${six}/`],
  localhost: ({ four }) => ["GET", `http://localhost:${four}/`],
  "LOCALHOST.": ({ four }) => ["GET", `http://LOCALHOST.:${four}/`],
  "::ffff:127.0.0.1": ({ four }) => ["GET", `http://[::ffff:127.0.0.1]:${four}/`],
  "::ffff:7f00:1": ({ four }) => ["GET", `http://[::ffff:7f00:1]:${four}/`],
  2130706433: ({ four }) => ["GET", `http://2130706433:${four}/`],
  "0x7f000001": ({ four }) => ["GET", `http://0x7f000001:${four}/`],
  "0177.0.0.1": ({ four }) => ["GET", `http://0177.0.0.1:${four}/`],
  "127.1": ({ four }) => ["GET", `http://127.1:${four}/`],
  "127.0.0.1.": ({ four }) => ["GET", `http://127.0.0.1.:${four}/`],
  "full-width": ({ four }) => ["GET", `http://127。0。0。１:${four}/`],
  "0.0.0.0": ({ four }) => ["GET", `http://0.0.0.0:${four}/`],
  "::": ({ six }) => ["GET", `http://[::]:${six}/`],
  "a zone": ({ six }) => ["GET", `http://[::1%25lo]:${six}/`],
  "a user": ({ four }) => ["--authority", `example.com@127.0.0.1:${four}`, "GET", "http://example.com/"],
  "a password": (
    { four },
  ) => ["--authority", `example.com:80@127.0.0.1:${four}`, "GET", "http://example.com/"],
  "a backslash": (
    { four },
  ) => ["--authority", `127.0.0.1:${four}\\@example.com`, "GET", "http://example.com/"],
  "a line break": (
    { four },
  ) => ["--authority", `example.com\r\nhost: 127.0.0.1:${four}`, "GET", "http://x.test/"],
  "an absolute path": ({ four }) => ["--path", `http://127.0.0.1:${four}/`, "GET", "http://example.com/"],
  "a path with a host": ({ four }) => ["--path", `//127.0.0.1:${four}/`, "GET", "http://example.com/"],
  "a Host": ({ four }) => ["-H", `Host: 127.0.0.1:${four}`, "GET", "http://example.com/"],
  "CONNECT": ({ four }) => ["--path", `127.0.0.1:${four}`, "CONNECT", "http://example.com/"],
};

const FOUR = ["127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1"];
const SIX = ["::1", "0:0:0:0:0:0:0:1"];
const NAMES = ["localhost", "LOCALHOST."];

/** Rules, and the ways that they open. By TCP an IPv4-mapped address is none: that is the specification's word. */
const RULES: readonly {
  readonly rules: (ports: Ports) => readonly string[];
  readonly private?: boolean;
  readonly tcp?: readonly string[];
  readonly http?: readonly string[];
}[] = [
  { rules: () => ["*"] },
  { rules: () => ["example.com"] },
  { rules: () => ["example.com"], private: true },
  { rules: () => ["10.0.0.0/8", "fd00::/8"] },
  { rules: () => ["localhost"] },
  { rules: () => ["*.localhost"], private: true },
  { rules: ({ four, six }) => [`127.0.0.1:${six}`, `[::1]:${four}`] },
  { rules: ({ four }) => [`127.0.0.2:${four}`, `127.0.0.8/29:${four}`] },
  { rules: ({ four }) => [`localhost:${four + 1 > 65535 ? 1 : four + 1}`], private: true },
  { rules: ({ four }) => [`udp://127.0.0.1:${four}`, `https://127.0.0.1:${four}`] },
  { rules: () => ["localhost"], private: true, tcp: NAMES, http: NAMES },
  { rules: () => ["*"], private: true, tcp: NAMES, http: NAMES },
  { rules: ({ four }) => [`127.0.0.1:${four}`], tcp: ["127.0.0.1"], http: FOUR },
  { rules: ({ four }) => [`[::ffff:127.0.0.1]:${four}`], tcp: ["127.0.0.1"], http: FOUR },
  { rules: ({ four }) => [`tcp://127.0.0.1:${four}`], tcp: ["127.0.0.1"] },
  { rules: ({ four }) => [`http://127.0.0.1:${four}`], http: FOUR },
  { rules: ({ six }) => [`[::1]:${six}`], tcp: ["::1"], http: SIX },
  { rules: () => ["127.0.0.0/8", "::1"], tcp: ["127.0.0.1", "::1"], http: [...FOUR, ...SIX] },
  {
    rules: () => ["localhost", "127.0.0.0/8", "::1"],
    tcp: ["127.0.0.1", "::1", ...NAMES],
    http: [...FOUR, ...SIX, ...NAMES],
  },
];

for (const { rules, private: hidden = false, tcp = [], http = [] } of RULES) {
  const title = rules({ four: 4, six: 6 }).join(", ") + (hidden ? ", private" : "");
  Deno.test(`allow ${title}: ${tcp.length + http.length} ways are open, and all others closed`, async () => {
    await using four = webPeer(response("reached"), "127.0.0.1");
    await using six = webPeer(response("reached"), "::1");
    const ports = { four: four.port, six: six.port };
    const options = [...rules(ports).flatMap((rule) => ["--net", rule]), ...hidden ? ["--net-private"] : []];
    const count = counting(four, six);

    const steps = Object.values(TCP).flatMap((step) => {
      const text = step(ports);
      return [`a create ${text.includes("[") ? 6 : 4}`, `a ${text}`, "a drop"];
    });
    const sockets = await exec("tcp", steps, { options });
    assert.equal(sockets.stderr, "");
    const answers = sockets.stdout.trimEnd().split("\n").filter((_, i) => i % 3 === 1);
    assert.deepEqual(reached(TCP, answers, (answer) => answer.endsWith(": ok")), [...tcp].sort());
    // `localhost` may lead to ::1 first, where nobody listens at that port.
    assert.equal(count(), tcp.length, "connections by TCP");

    const requests = Object.values(HTTP).map((words) => words(ports));
    const words = requests.flatMap((words, i) => i === 0 ? words : ["--next", ...words]);
    const client = await exec("http_client", words, { options });
    assert.equal(client.stderr, "");
    const results = client.stdout.split(/^(?=status|error|method|scheme|authority|path|host: )/im);
    assert.equal(results.length, requests.length, client.stdout);
    assert.deepEqual(reached(HTTP, results, (result) => result.startsWith("status: 200")), [...http].sort());
    assert.equal(count(), http.length, "connections by HTTP");
  });
}

/** Ways by UDP, and the rules that open them. */
const UDP: Readonly<Record<string, (ports: Ports) => string>> = {
  "127.0.0.1": ({ four }) => `a send 127.0.0.1:${four} x`,
  "::1": ({ six }) => `b send [::1]:${six} x`,
  "0.0.0.0": ({ four }) => `a send 0.0.0.0:${four} x`,
  "::ffff:127.0.0.1": ({ four }) => `b send [::ffff:127.0.0.1]:${four} x`,
};

const UDP_RULES: readonly (readonly [rules: (ports: Ports) => readonly string[], ways: readonly string[]])[] =
  [
    [() => ["*"], []],
    [() => ["localhost"], []],
    [() => ["10.0.0.0/8", "fd00::/8"], []],
    [({ four }) => [`tcp://127.0.0.1:${four}`, `http://127.0.0.1:${four}`], []],
    [({ four, six }) => [`127.0.0.1:${six}`, `[::1]:${four}`], []],
    [({ four }) => [`udp://127.0.0.1:${four}`], ["127.0.0.1"]],
    [({ four }) => [`[::ffff:127.0.0.1]:${four}`], ["127.0.0.1"]],
    [({ six }) => [`udp://[::1]:${six}`], ["::1"]],
    [() => ["127.0.0.0/8", "::1"], ["127.0.0.1", "::1"]],
  ];

for (const [rules, ways] of UDP_RULES) {
  const title = rules({ four: 4, six: 6 }).join(", ");
  Deno.test(`allow ${title}: ${ways.length} ways are open to datagrams, and all others closed`, async () => {
    await using four = await datagramPeer();
    await using six = await datagramPeer(undefined, "::1");
    await using self = await datagramPeer();
    await using selfSix = await datagramPeer(undefined, "::1");
    const ports = { four: four.port, six: six.port };
    const options = rules(ports).flatMap((rule) => ["--net", rule]);
    const steps = ["a create 4", "a bind 0.0.0.0:0", "a stream", "b create 6", "b bind [::]:0", "b stream"];
    const words = [...steps, ...Object.values(UDP).map((step) => step(ports))];
    const { stdout, stderr } = await exec("udp", words, { options });
    assert.equal(stderr, "");
    const answers = stdout.trimEnd().split("\n").slice(steps.length);
    assert.deepEqual(reached(UDP, answers, (answer) => answer.endsWith(": 1")), [...ways].sort());
    // What arrives after this was sent after the guest had ended.
    await self.send("last", four.address);
    await selfSix.send("last", six.address);
    await Promise.all(
      [four, six].map((peer, i) => peer.until(ways.includes(i === 0 ? "127.0.0.1" : "::1") ? 2 : 1)),
    );
    const others = [...four.received, ...six.received].filter(({ bytes }) => bytes.length === 1);
    assert.equal(others.length, ways.length);
  });
}

/** Which ways have led there: answers are in the order of the ways. */
function reached(
  ways: Readonly<Record<string, unknown>>,
  answers: readonly string[],
  there: (answer: string) => boolean,
): string[] {
  return Object.keys(ways).filter((_, i) => there(answers[i] ?? "")).sort();
}

/** How many connections were accepted since the last time. */
function counting(...peers: readonly Peer[]): () => number {
  let before = 0;
  return () => {
    const now = peers.reduce((sum, { accepted }) => sum + accepted, 0);
    const since = now - before;
    before = now;
    return since;
  };
}
