/** Whoever watches a guest of preview 1 is told what it uses in the words of the hosts, as of any component. */
import assert from "node:assert/strict";
import { Audit, type AuditEvent } from "../../../src/wasi/audit.ts";
import { box, CREAT, type Driver, grantOf, mounted, READ, WRITE } from "./support.ts";

/** Each event that a guest's acts make, once, as a line. */
async function told(root: string, readOnly: boolean, act: (guest: Driver) => unknown): Promise<string[]> {
  const events: AuditEvent[] = [];
  const mounts = [{ guest: "/data", host: root, readOnly }];
  const grant = { mounts, args: ["a"], env: [["NAME", "value"]] as const };
  const audit = new Audit(grantOf({ grant }), (event) => events.push(event));
  using guest = mounted(root, { grant, observe: audit.observe });
  await act(guest);
  return [
    ...new Set(events.map((event) =>
      [
        `${event.interface}#${event.function}`,
        event.target,
        event.access,
        event.outcome === "refused" ? `refused: ${event.code}; ${event.allow ?? ""}` : undefined,
      ].filter((part) => part !== undefined).join(" ")
    )),
  ];
}

const METHOD = "wasi:filesystem/types#[method]descriptor";

Deno.test("paths are told with what they were opened for, and refusals with the line that would allow them", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "");
  assert.deepEqual(
    await told(place.root, false, async (guest) => {
      await guest.read(guest.open("f", { rights: READ }));
      guest.open("new", { oflags: CREAT, rights: WRITE });
      guest.call("path_unlink_file", 3, ...guest.put("new"));
      guest.tryOpen("../secret");
      guest.tryOpen("none", { rights: READ });
    }),
    [
      "wasi:filesystem/preopens#get-directories",
      `${METHOD}.open-at`,
      `${METHOD}.open-at /data/f read`,
      `${METHOD}.open-at /data/new write`,
      `${METHOD}.unlink-file-at`,
      `${METHOD}.unlink-file-at /data/new write`,
      `${METHOD}.open-at /data/../secret write refused: not-permitted; `,
      `${METHOD}.open-at /data/none read`,
    ],
  );
  assert.deepEqual(
    await told(place.root, true, (guest) => guest.tryOpen("f", { rights: WRITE })),
    [
      "wasi:filesystem/preopens#get-directories",
      `${METHOD}.open-at`,
      `${METHOD}.open-at /data/f write refused: read-only; wasi.mounts: [{guest: "/data", read_only: false}]`,
    ],
  );
});

Deno.test("what is used beside files is told once, by the host's name", async () => {
  using place = box();
  assert.deepEqual(
    await told(place.root, false, async (guest) => {
      guest.ok("args_sizes_get", 8, 16);
      guest.ok("environ_sizes_get", 8, 16);
      guest.ok("clock_time_get", 0, 0n, 8);
      for (let i = 0; i < 3; i++) guest.ok("clock_time_get", 1, 0n, 8);
      guest.ok("random_get", 8, 8);
      await guest.write(1, "x");
      await guest.write(2, "x");
      await guest.read(0);
      await guest.wait("poll_oneoff", 8, 64, 0, 8);
      assert.throws(() => guest.call("proc_exit", 0));
    }),
    [
      "wasi:cli/environment#get-arguments",
      "wasi:cli/environment#get-environment",
      "wasi:cli/environment#get-environment NAME",
      "wasi:clocks/wall-clock#now",
      "wasi:clocks/monotonic-clock#now",
      "wasi:random/random#get-random-bytes",
      "wasi:cli/stdout#get-stdout",
      "wasi:cli/stderr#get-stderr",
      "wasi:cli/stdin#get-stdin",
      "wasi:io/poll#poll",
      "wasi:cli/exit#exit",
    ],
  );
});
