/** No scope is wider than what its guest uses: each permission of a guest's process is asked for by the guests here. */
import assert from "node:assert/strict";
import { readsOf } from "../../src/compartment/start.ts";
import { JOB } from "../../src/compartment/job.ts";
import { type Kind, KINDS, NOWHERE, scopeOf } from "../../src/scope/mod.ts";
import { datagramPeer, response, webPeer } from "../guests/peers.ts";
import { project } from "../support/project.ts";
import { specOf } from "./compartment.ts";
import { type Use, usesOf } from "./used.ts";

/** Where the servers are, and a directory. */
interface Place {
  readonly web: number;
  readonly udp: number;
  readonly directory: string;
}

/** One grant, and guests that use all of it. */
interface Row {
  readonly grant: (place: Place) => readonly string[];
  readonly uses: (
    place: Place,
  ) => readonly (readonly [guest: string, words: readonly string[], done: RegExp])[];
}

const ALL_OK = /^(.*: (ok|1)\n)+$/;
const tcp = (address: string) => ["tcp", ["a create 4", `a connect ${address}`], ALL_OK] as const;
const udp = (address: string) =>
  ["udp", ["a create 4", "a bind 0.0.0.0:0", "a stream", `a send ${address} x`], ALL_OK] as const;
const http = (address: string) => ["http_client", ["GET", `http://${address}/`], /^status: 200\n/] as const;

const ROWS: Readonly<Record<string, Row>> = {
  "nothing": { grant: () => [], uses: () => [["process", ["env"], /MISSING/]] },
  "a variable": {
    grant: () => ["--env", "A=1"],
    uses: () => [["process", ["env"], /^A=1\n/]],
  },
  "a mount to read": {
    grant: ({ directory }) => ["--dir", `${directory}::/box:ro`],
    uses: () => [["race", ["read=/box/file", "list=/box"], ALL_OK]],
  },
  "a mount to write": {
    grant: ({ directory }) => ["--dir", `${directory}::/box`],
    uses: () => [["race", ["read=/box/file", "create=/box/new", "unlink=/box/new"], ALL_OK]],
  },
  "two mounts": {
    grant: ({ directory }) => ["--dir", `${directory}/a::/a`, "--dir", `${directory}/b::/b:ro`],
    uses: () => [["race", ["create=/a/new", "unlink=/a/new", "list=/b"], ALL_OK]],
  },
  "an address by TCP": {
    grant: ({ web }) => ["--net", `tcp://127.0.0.1:${web}`],
    uses: ({ web }) => [tcp(`127.0.0.1:${web}`)],
  },
  "a name by TCP": {
    grant: ({ web }) => ["--net", `tcp://localhost:${web}`, "--net-private"],
    uses: ({ web }) => [["tcp", [`a dial localhost:${web}`], ALL_OK]],
  },
  "an address by UDP": {
    grant: ({ udp }) => ["--net", `udp://127.0.0.1:${udp}`],
    uses: (place) => [udp(`127.0.0.1:${place.udp}`)],
  },
  "an address by HTTP": {
    grant: ({ web }) => ["--net", `http://127.0.0.1:${web}`],
    uses: ({ web }) => [http(`127.0.0.1:${web}`)],
  },
  "a name by HTTP": {
    grant: ({ web }) => ["--net", `http://localhost:${web}`, "--net-private"],
    uses: ({ web }) => [http(`localhost:${web}`)],
  },
  "addresses by anything": {
    grant: (place) => ["--net", `127.0.0.1:${place.web}`, "--net", `127.0.0.1:${place.udp}`],
    uses: (
      place,
    ) => [tcp(`127.0.0.1:${place.web}`), udp(`127.0.0.1:${place.udp}`), http(`127.0.0.1:${place.web}`)],
  },
  "a name, to look it up": {
    grant: () => ["--net", "localhost", "--net-private"],
    uses: () => [["lookup", ["localhost"], /^localhost:( (127\.0\.0\.1|::1))+\n$/]],
  },
};

/** Granted, and used by nobody; why. */
const UNUSED: Readonly<Record<string, string>> = {
  [`import ${NOWHERE}`]: "nobody's host: without a list of its own, Deno allows importing from seven",
};

/** Whether a permission was granted by this value of a scope. */
function covers(kind: Kind, granted: string, use: Use): boolean {
  if (use.permission !== kind) return false;
  if (kind === "read" || kind === "write") {
    return use.value === granted || use.value.startsWith(`${granted}/`);
  }
  return use.value === granted || (kind === "net" && use.value.replace(/:\d+$/, "") === granted);
}

for (const [title, { grant, uses }] of Object.entries(ROWS)) {
  Deno.test({
    name: `all that a process may do is used: ${title}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using folder = await project({ "file": "text", "a/.keep": "", "b/.keep": "" });
      await using web = webPeer(response("hello"));
      await using datagrams = await datagramPeer();
      const place: Place = { web: web.port, udp: datagrams.port, directory: folder.directory };
      const granted = new Map<string, [Kind, string]>();
      const used: Use[] = [];
      for (const [guest, words, done] of uses(place)) {
        const spec = specOf(guest, grant(place));
        const scope = scopeOf(spec.grant, { read: readsOf(spec), env: [JOB], import: [NOWHERE] });
        for (const kind of KINDS) {
          const values = scope[kind];
          assert.notEqual(values, true, `${kind} is without bounds`);
          for (const value of values as readonly string[]) granted.set(`${kind} ${value}`, [kind, value]);
        }
        const { uses, stdout, stderr } = await usesOf(spec, words);
        assert.match(stdout, done, stderr);
        used.push(...uses);
      }
      const unused = [...granted].filter(([, [kind, value]]) =>
        !used.some((use) => covers(kind, value, use))
      );
      assert.deepEqual(unused.map(([name]) => name), Object.keys(UNUSED));
      const asked = used.filter((use) =>
        ![...granted.values()].some(([kind, value]) => covers(kind, value, use))
      );
      assert.deepEqual(asked, [], "nothing else was asked for");
    },
  });
}
