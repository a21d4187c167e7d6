/**
 * A guest in a process of its own, for what depends on a process: asks each URL, and says what came. With `--keep` it
 * is not released; with `--abandon` it is, in the middle of everything.
 */
import { Guest, read, requestOf } from "./http_support.ts";

const flags = Deno.args.filter((arg) => arg.startsWith("--"));
const path = flags.find((flag) => flag.startsWith("--path="))?.slice(7) ?? "/";
const guest = new Guest();
const results: string[] = [];
for (const url of Deno.args.filter((arg) => !arg.startsWith("--"))) {
  const [scheme, authority] = url.split("://") as [string, string];
  const asked = { scheme: { tag: scheme.toUpperCase() as "HTTP" | "HTTPS" }, authority, path };
  if (flags.includes("--abandon")) {
    const silent = guest.handle(requestOf({ ...asked, path: "/silent" }), undefined);
    const upload = requestOf({ ...asked, method: { tag: "post" } });
    const stream = upload.body().write();
    guest.handle(upload, undefined);
    await stream.blockingWriteAndFlush(new Uint8Array(100));
    await guest.get({ ...asked, path: "/body" });
    guest.handle(requestOf(asked), undefined);
    guest.reach.close();
    silent.get();
    results.push("released");
    continue;
  }
  const result = await guest.get(asked);
  if (!("tag" in result)) {
    results.push(`${result.status()} ${(await read(result)).text}`);
  } else {
    const { val } = result as { val?: { alertId?: number } };
    results.push(val?.alertId === undefined ? result.tag : `${result.tag} ${val.alertId}`);
  }
}
if (!flags.includes("--keep")) guest.reach.close();
console.log(JSON.stringify(results));
