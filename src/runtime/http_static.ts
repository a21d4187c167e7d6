/**
 * Files of a directory, over HTTP.
 *
 * A path is resolved as a guest's is, component by component, and no link leads out of the directory. Directories are not
 * listed, and no path through a name that begins with a dot leads anywhere.
 *
 * @module
 */
import { lookup } from "mrmime";
import type { CallOptions } from "../compartment/guest.ts";
import { at } from "../config/position.ts";
import type { HttpStaticEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { cleanPath, normalPath, textOf, unescapePath } from "../transport/path.ts";
import { OpenDirectory } from "../wasi/filesystem/directory.ts";
import { isSame } from "../wasi/filesystem/identity.ts";
import { MountPoint } from "../wasi/filesystem/mount.ts";
import { Opened } from "../wasi/filesystem/opened.ts";
import { locate, type Place } from "../wasi/filesystem/resolve.ts";
import { hostResponse } from "../wasi/http/error_status.ts";
import type { Field } from "../wasi/http/fields.ts";
import { ResponseBody } from "../wasi/http/response_body.ts";
import type { StaticPlan } from "./app_plan.ts";
import { initDirectory } from "./auto_init.ts";
import { preconditionOf, rangeOf, type Validators } from "./http_conditional.ts";
import type { HttpExchange } from "./http_exchange.ts";
import { field } from "./http_fields.ts";
import { pump } from "./http_pump.ts";
import { redirectTo } from "./http_redirect.ts";
import { settleMounts } from "./mounts.ts";
import type { Answering } from "./service.ts";
import { writableMounts } from "./spec.ts";

/** Files up to this size are read at once, in bytes. */
const SMALL = 64 * 1024;

/** How often an open is tried again when somebody puts another file in the place of the one that was looked at. */
const TRIES = 4;

const WINDOWS = Deno.build.os === "windows";

/** A file that is open. */
interface OpenedFile extends Disposable {
  readonly handle: Deno.FsFile;
  readonly info: Deno.FileInfo;
  /** The name by which it was found, for its kind. */
  readonly name: string;
}

/** The files of one `http.static` entry. */
export class StaticFiles implements Answering {
  readonly #entry: HttpStaticEntry;
  readonly #depth: number;
  /** Where the directory really is. */
  readonly #real: string;
  readonly #mount: MountPoint;

  /**
   * @param plan The entry.
   * @param registry The application: what its guests may write to must not lead elsewhere.
   * @throws {CapabilityError} If the directory is one of the system's, or lies behind a link that a guest may have made.
   * @throws {Deno.errors.NotFound} If it is not there, or not this process's to read.
   */
  constructor({ entry, depth }: StaticPlan, registry: Registry) {
    this.#entry = entry;
    this.#depth = depth;
    const mount = { guest: entry.path, host: entry.host, readOnly: true };
    const writable = writableMounts(registry);
    const directory = registry.get(entry.fs);
    if (directory?.kind === "fs.directory") initDirectory(directory, writable);
    settleMounts([mount], {
      writable,
      system: "declare a directory of the application's own",
      of: `${at(entry.where.fs)}: ${entry.id}`,
    });
    this.#mount = new MountPoint(mount, [mount]);
    this.#real = Deno.realPathSync(entry.host);
  }

  /** Answers a `GET` or a `HEAD`. */
  async handle(exchange: HttpExchange, { signal }: Pick<CallOptions, "signal">): Promise<void> {
    const path = cleanPath(normalPath(exchange.path)!);
    const found = this.#find(path);
    if (found === undefined) return exchange.respond(hostResponse(404));
    if (found === "slash") return exchange.respond(redirectTo(`${path}/`, exchange.query));
    using file = found;
    const { size, mtime, ino } = file.info;
    const modified = Math.floor((mtime?.getTime() ?? 0) / 1000);
    const state = mtime === null ? ino ?? 0 : mtime.getTime();
    const validators: Validators = { etag: `"${state.toString(36)}-${size.toString(36)}"`, modified };
    const headers = this.#headers(validators);
    const status = preconditionOf(exchange, validators);
    if (status === 412) return exchange.respond(hostResponse(412));
    if (status === 304) return exchange.respond({ status, headers, body: nothing() });
    const range = rangeOf(exchange, size, validators);
    if (range === "none") {
      return exchange.respond(hostResponse(416, [["content-range", `bytes */${size}`]]));
    }
    const { first, last } = range ?? { first: 0, last: size - 1 };
    const length = last - first + 1;
    headers.push(
      field("content-type", typeOf(file.name)),
      field("content-length", String(length)),
      field("accept-ranges", "bytes"),
      field("x-content-type-options", "nosniff"),
    );
    if (range !== undefined) headers.push(field("content-range", `bytes ${first}-${last}/${size}`));
    const answer = (body: ResponseBody) =>
      exchange.respond({ status: range === undefined ? 200 : 206, headers, body });
    if (exchange.method === "HEAD" || length === 0) return answer(nothing());
    if (first > 0) await file.handle.seek(first, Deno.SeekMode.Start);
    if (length <= SMALL) {
      const bytes = new Uint8Array(length);
      let filled = 0;
      for (let count; filled < length && (count = await file.handle.read(bytes.subarray(filled))) !== null;) {
        filled += count;
      }
      // It has just become shorter.
      return filled < length ? exchange.respond(hostResponse(503)) : answer(ResponseBody.of(bytes));
    }
    const body = new ResponseBody();
    answer(body);
    await pump(file.handle, length, body, signal);
  }

  #headers({ etag, modified }: Validators): Field[] {
    const headers = [field("etag", etag), field("last-modified", new Date(modified * 1000).toUTCString())];
    const { cache } = this.#entry;
    if (cache !== undefined) headers.push(field("cache-control", cache));
    return headers;
  }

  /** The file that a path leads to; `"slash"` for a directory that was asked for without the slash at its end. */
  #find(path: string): OpenedFile | "slash" | undefined {
    const { spa, index } = this.#entry;
    const names = namesOf(path.split("/").slice(1 + this.#depth));
    if (names !== undefined && isHidden(names, this.#depth === 0)) return undefined;
    const found = names && this.#open(names, index);
    if (found !== undefined || !spa) return found;
    const root = this.#open([index], "");
    return root === "slash" ? undefined : root;
  }

  #open(names: readonly string[], index: string): OpenedFile | "slash" | undefined {
    for (let tries = 0; tries < TRIES; tries++) {
      const opened = new Opened();
      try {
        // Somebody may have put a link where the directory was, or above it.
        if (Deno.realPathSync(this.#entry.host) !== this.#real) return undefined;
        const base = new OpenDirectory(this.#real, this.#mount, opened);
        const slash = names.at(-1) === "";
        let place = locate(base, names.filter((name) => name !== "").join("/") || ".", true);
        if (place.info?.isDirectory) {
          if (!slash && names.length > 0) return "slash";
          if (index === "") return undefined;
          place = locate(base, [...names.filter((name) => name !== ""), index].join("/"), true);
        } else if (slash) return undefined;
        const file = openFile(place);
        if (file !== "changed") return file;
      } catch {
        // Whatever it is: there is nothing here that may be read.
        return undefined;
      } finally {
        opened.closeAll();
      }
    }
    return undefined;
  }
}

/** Opens what was looked at, and nothing that has come in its place. */
function openFile({ path, info }: Place): OpenedFile | "changed" | undefined {
  // Opening a pipe or a device would wait, or do something.
  if (!info?.isFile) return undefined;
  const handle = Deno.openSync(path);
  try {
    const now = handle.statSync();
    // A guest that may write here may have put a link above it meanwhile.
    const same = isSame(now, info) && now.isFile && (WINDOWS || Deno.realPathSync(path) === path);
    if (same) return { handle, info: now, name: path, [Symbol.dispose]: () => handle.close() };
  } catch (error) {
    handle.close();
    throw error;
  }
  handle.close();
  return "changed";
}

/** The names of a path; `undefined` where one of them cannot be that of a file. */
function namesOf(segments: readonly string[]): string[] | undefined {
  const names: string[] = [];
  for (const segment of segments) {
    const name = textOf(unescapePath(segment));
    // An escaped slash would be another path, escaped dots another directory.
    if (name === undefined || /[/\0]|^\.\.?$/.test(name)) return undefined;
    names.push(name);
  }
  return names;
}

/**
 * Whether a path leads to or through what begins with a dot, other than below `/.well-known/` of the origin.
 *
 * @param names The names in it, below the directory.
 * @param atRoot Whether the directory is what the origin's root shows.
 * @see https://www.rfc-editor.org/rfc/rfc8615#section-3
 */
function isHidden(names: readonly string[], atRoot: boolean): boolean {
  return names.some((name, i) => name.startsWith(".") && !(atRoot && i === 0 && name === ".well-known"));
}

function typeOf(name: string): string {
  const type = lookup(name) ?? "application/octet-stream";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

function nothing(): ResponseBody {
  return ResponseBody.of(new Uint8Array(0));
}
