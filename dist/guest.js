var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res) => function __init() {
  return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
};
var __export = (target, all) => {
  for (var name2 in all)
    __defProp(target, name2, { get: all[name2], enumerable: true });
};

// src/compartment/error.ts
function listed(names) {
  if (names.length === 0) return " no functions";
  const line = names.join(", ");
  return line.length <= 200 ? ` ${line}` : names.map((name2) => `
    ${name2}`).join("");
}
var ChannelError, IntegrityError, MethodError, UnsupportedError;
var init_error = __esm({
  "src/compartment/error.ts"() {
    ChannelError = class extends Error {
      /** Always `ChannelError`. */
      name = "ChannelError";
      /** Always `channel`. */
      code = "channel";
      /** @param found What came, in words. */
      constructor(found) {
        super(`the channel to a guest's process brought ${found}`);
      }
    };
    IntegrityError = class extends Error {
      /** Always `IntegrityError`. */
      name = "IntegrityError";
      /** Always `integrity`. */
      code = "integrity";
      /** The digest that the entry names: `sha256:` and 64 hexadecimal digits. */
      expected;
      /** The digest of the bytes that were read. */
      actual;
      /**
       * Makes the error for one file.
       *
       * @param where Where the entry names the digest, as `file:line:column`.
       * @param file The file that was read.
       * @param expected The digest that the entry names.
       * @param actual The digest of the bytes.
       */
      constructor(where, file, expected2, actual) {
        super(`${where}: ${file} is not the file that was declared: expected ${expected2}, found ${actual}. If the new file is meant, declare its hash`);
        this.expected = expected2;
        this.actual = actual;
      }
    };
    MethodError = class extends ReferenceError {
      /** Always `MethodError`. */
      name = "MethodError";
      /** Always `method`. */
      code = "method";
      /** The methods that it does export. */
      methods;
      /**
       * Makes the error for one method.
       *
       * @param message What was asked for, and where.
       * @param methods The methods that exist.
       */
      constructor(message, methods) {
        super(`${message}; it exports${listed(methods)}`);
        this.methods = methods;
      }
    };
    UnsupportedError = class extends Error {
      /** Always `UnsupportedError`. */
      name = "UnsupportedError";
      /** Always `unsupported`. */
      code = "unsupported";
    };
  }
});

// src/scope/error.ts
var init_error2 = __esm({
  "src/scope/error.ts"() {
  }
});

// src/scope/scope.ts
var init_scope = __esm({
  "src/scope/scope.ts"() {
  }
});

// src/scope/flags.ts
var LONGEST;
var init_flags = __esm({
  "src/scope/flags.ts"() {
    init_error2();
    init_scope();
    LONGEST = 64 * 1024;
  }
});

// src/config/ip.ts
function parseIp(text) {
  if (text.length > LONGEST2) return void 0;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}
function parseIpv4(text) {
  const parts2 = text.split(".");
  if (parts2.length !== 4 || !parts2.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return void 0;
  }
  return {
    family: 4,
    bits: join(parts2.map(Number), 8n)
  };
}
function parseIpv6(text) {
  const halves = text.split("::");
  if (halves.length > 2) return void 0;
  const shortened = halves.length === 2;
  if (shortened && halves[0].includes(".")) return void 0;
  const head = groups(halves[0]);
  const tail = groups(halves[1] ?? "");
  if (head === void 0 || tail === void 0) return void 0;
  const missing = 8 - head.length - tail.length;
  if (shortened ? missing < 1 : missing !== 0) return void 0;
  return {
    family: 6,
    bits: join([
      ...head,
      ...new Array(missing).fill(0),
      ...tail
    ], 16n)
  };
}
function groups(text) {
  if (text === "") return [];
  const parts2 = text.split(":");
  const result2 = [];
  for (const [i, part] of parts2.entries()) {
    if (i === parts2.length - 1 && part.includes(".")) {
      const last = parseIpv4(part);
      if (last === void 0) return void 0;
      result2.push(Number(last.bits >> 16n), Number(last.bits & 0xffffn));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) result2.push(parseInt(part, 16));
    else return void 0;
  }
  return result2;
}
function formatIp(ip) {
  if (ip.family === 4) return split(ip, 8n).join(".");
  const groups2 = split(ip, 16n);
  let [start, length] = [
    0,
    1
  ];
  for (let i = 0; i < 8; i++) {
    let run3 = 0;
    while (i + run3 < 8 && groups2[i + run3] === 0) run3++;
    if (run3 > length) [start, length] = [
      i,
      run3
    ];
  }
  const hex2 = groups2.map((group) => group.toString(16));
  if (length < 2) return hex2.join(":");
  return `${hex2.slice(0, start).join(":")}::${hex2.slice(start + length).join(":")}`;
}
function partsOf(ip) {
  return split(ip, ip.family === 4 ? 8n : 16n);
}
function ipOf(parts2) {
  return parts2.length === 4 ? {
    family: 4,
    bits: join(parts2, 8n)
  } : {
    family: 6,
    bits: join(parts2, 16n)
  };
}
function unmapped(ip) {
  return ip.family === 6 && ip.bits >> 32n === 0xffffn ? {
    family: 4,
    bits: ip.bits & 0xffffffffn
  } : ip;
}
function unmappedPrefix(prefix) {
  const { family, bits } = unmapped(prefix);
  return family === prefix.family || prefix.length < 96 ? prefix : {
    family,
    bits,
    length: prefix.length - 96
  };
}
function covers(prefix, ip) {
  const plain3 = unmapped(ip);
  if (plain3.family !== prefix.family) return false;
  const drop = BigInt(WIDTH[prefix.family] - prefix.length);
  return plain3.bits >> drop === prefix.bits >> drop;
}
function prefixOf(text) {
  const [address, length] = text.split("/");
  return {
    ...parseIp(address),
    length: Number(length)
  };
}
function isPrivate(ip) {
  const plain3 = unmapped(ip);
  if (plain3.family === 4) return NOT_PUBLIC.some((prefix) => covers(prefix, plain3));
  if (covers(NAT64, plain3)) return isPrivate({
    family: 4,
    bits: plain3.bits & 0xffffffffn
  });
  if (covers(SIX_TO_FOUR, plain3)) return isPrivate({
    family: 4,
    bits: plain3.bits >> 80n & 0xffffffffn
  });
  return !covers(GLOBAL_6, plain3) || NOT_PUBLIC_6.some((prefix) => covers(prefix, plain3));
}
function join(parts2, width) {
  return parts2.reduce((bits, part) => bits << width | BigInt(part), 0n);
}
function split(ip, width) {
  const count = WIDTH[ip.family] / Number(width);
  const mask = (1n << width) - 1n;
  return Array.from({
    length: count
  }, (_, i) => Number(ip.bits >> width * BigInt(count - 1 - i) & mask));
}
var WIDTH, LONGEST2, NOT_PUBLIC, NOT_PUBLIC_6, GLOBAL_6, SIX_TO_FOUR, NAT64;
var init_ip = __esm({
  "src/config/ip.ts"() {
    WIDTH = {
      4: 32,
      6: 128
    };
    LONGEST2 = 45;
    NOT_PUBLIC = [
      "0.0.0.0/8",
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.88.99.0/24",
      "192.168.0.0/16",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "224.0.0.0/4",
      "240.0.0.0/4"
    ].map(prefixOf);
    NOT_PUBLIC_6 = [
      "2001::/23",
      "2001:db8::/32",
      "3fff::/20"
    ].map(prefixOf);
    GLOBAL_6 = prefixOf("2000::/3");
    SIX_TO_FOUR = prefixOf("2002::/16");
    NAT64 = prefixOf("64:ff9b::/96");
  }
});

// src/config/network_rule.ts
function networkRule(text) {
  const prefix = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const scheme = prefix?.[1]?.toLowerCase();
  if (scheme !== void 0 && !SCHEMES.includes(scheme)) {
    return {
      wrong: `the scheme ${scheme} is none of ${SCHEMES.join(", ")}`
    };
  }
  const parts2 = partsOf2(text.slice(prefix?.[0].length ?? 0));
  if ("wrong" in parts2) return parts2;
  const host = hostOf(parts2);
  if ("wrong" in host) return host;
  const ports = portsOf(parts2.ports, scheme);
  if ("wrong" in ports) return ports;
  if (ports.to === 0 && (host.kind !== "address" || scheme !== void 0 && scheme in DEFAULT_PORT)) {
    return {
      wrong: "nothing is reached at port 0"
    };
  }
  return Object.freeze({
    text,
    scheme,
    host: Object.freeze(host),
    ports: Object.freeze(ports)
  });
}
function partsOf2(text) {
  if (/[^\x21-\x7e\u0080-\u{10ffff}]|[\s@?#\\%]/u.test(text)) {
    return {
      wrong: "a rule is a host and a port: no user, query, fragment, zone or space"
    };
  }
  const bracketed = /^\[([^[\]]*)\](?:\/([^:]*))?(?::(.*))?$/.exec(text);
  if (bracketed) {
    return {
      host: bracketed[1],
      brackets: true,
      length: bracketed[2],
      ports: bracketed[3]
    };
  }
  if (/[[\]]/.test(text)) return {
    wrong: "brackets enclose an IPv6 address: [fd00::1]:53"
  };
  const [host, ports] = /:.*:/.test(text) ? [
    text
  ] : text.split(":");
  const slash = host.indexOf("/");
  if (slash < 0) return {
    host,
    brackets: false,
    length: void 0,
    ports
  };
  return {
    host: host.slice(0, slash),
    brackets: false,
    length: host.slice(slash + 1),
    ports
  };
}
function hostOf({ host, brackets, length }) {
  if (host === "") return {
    wrong: "the host is missing"
  };
  const ip = parseIp(host);
  if (brackets && ip?.family !== 6) return {
    wrong: `${host} is no IPv6 address`
  };
  if (ip !== void 0) return addressRule(ip, length);
  if (host.includes(":")) {
    return {
      wrong: `${host} is no IPv6 address; before a port, it stands in brackets: [fd00::1]:53`
    };
  }
  if (length !== void 0) return {
    wrong: NO_PATH
  };
  if (host === "*") return {
    kind: "any"
  };
  const below2 = host.startsWith("*.");
  const name2 = parseName(below2 ? host.slice(2) : host);
  if (name2 !== void 0) return {
    kind: below2 ? "below" : "name",
    name: name2
  };
  return {
    wrong: host.includes("*") ? "* stands for every name (*) or all below one (*.example.com)" : `${host} is neither an address nor a name`
  };
}
function addressRule(ip, text) {
  const width = WIDTH[ip.family];
  const length = text === void 0 ? width : /^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : Infinity;
  if (length > width) {
    const hint = text.includes(":") ? "; before a port, the address stands in brackets: [fd00::]/8:53" : "";
    return {
      wrong: `a prefix length is a number from 0 to ${width}, found ${text || "nothing"}${hint}`
    };
  }
  const drop = BigInt(width - length);
  if (ip.bits >> drop << drop !== ip.bits) {
    const first2 = formatIp({
      family: ip.family,
      bits: ip.bits >> drop << drop
    });
    return {
      wrong: `the address has bits beyond its prefix length: the range is ${first2}/${length}`
    };
  }
  return {
    kind: "address",
    prefix: Object.freeze(unmappedPrefix({
      ...ip,
      length
    }))
  };
}
function portsOf(text, scheme) {
  if (text === void 0) {
    const port = scheme === void 0 ? void 0 : DEFAULT_PORT[scheme];
    return port === void 0 ? {
      from: 0,
      to: 65535
    } : {
      from: port,
      to: port
    };
  }
  const range = /^(0|[1-9]\d{0,4})(?:-(0|[1-9]\d{0,4}))?$/.exec(text);
  const from = Number(range?.[1]);
  const to = Number(range?.[2] ?? from);
  if (range && from <= to && to <= 65535) return {
    from,
    to
  };
  if (text.includes("/")) return {
    wrong: NO_PATH
  };
  return {
    wrong: `${text === "" ? "nothing" : text} is no port and no range of ports (0 to 65535)`
  };
}
function parseName(text) {
  if (text.length > LONGEST3) return void 0;
  let name2 = text.toLowerCase();
  if (/[^\x00-\x7f]/.test(name2)) {
    if (/[\x00-\x20\x7f\s/:?#@\\[\]%]/.test(name2)) return void 0;
    try {
      name2 = new URL(`http://${name2}`).hostname;
    } catch {
      return void 0;
    }
  }
  if (name2.endsWith(".")) name2 = name2.slice(0, -1);
  if (name2.length > 253) return void 0;
  const labels = name2.split(".");
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return void 0;
  return /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)) ? void 0 : name2;
}
var SCHEMES, NO_PATH, DEFAULT_PORT, LONGEST3;
var init_network_rule = __esm({
  "src/config/network_rule.ts"() {
    init_ip();
    SCHEMES = [
      "http",
      "https",
      "tcp",
      "udp"
    ];
    NO_PATH = "a rule has no path; only an address has something after a /, the length of its prefix";
    DEFAULT_PORT = {
      http: 80,
      https: 443
    };
    LONGEST3 = 1e3;
  }
});

// src/grant/network.ts
function mayReachName(network, schemes, name2, port) {
  if (network?.rules === void 0) return true;
  return network.rules.some((rule) => namesHost(rule, name2) && fits(rule, schemes, port));
}
function mayReachAddress(network, scheme, ip, port, name2) {
  if (network === void 0 || addressRule2(network, scheme, ip, port)) return true;
  if (network.rules !== void 0) {
    if (name2 === void 0 || !mayReachName(network, [
      scheme
    ], name2, port)) return false;
  }
  return network.private || !isPrivate(ip);
}
function mayListen(network, scheme, ip, port) {
  if (network === void 0) return true;
  return network.rules === void 0 ? network.private : addressRule2(network, scheme, ip, port);
}
function lineAllowing(network, { scheme, host, port, address }) {
  const rule = `wasi.network.allow: ["${ruleText(scheme, host, port)}"]`;
  const hidden = "wasi.network.private: true";
  if (typeof host !== "string") {
    if (mayReachAddress(network, scheme, host, port)) return void 0;
    return network?.rules === void 0 ? hidden : rule;
  }
  if (!mayReachName(network, [
    scheme
  ], host, port)) return rule;
  return address === void 0 || mayReachAddress(network, scheme, address, port, host) ? void 0 : hidden;
}
function ruleText(scheme, host, port) {
  const usual = scheme === "http" && port === 80 || scheme === "https" && port === 443;
  return `${scheme}://${hostText(host)}${usual ? "" : `:${port}`}`;
}
function hostText(host) {
  if (typeof host === "string") return host;
  const plain3 = unmapped(host);
  return plain3.family === 4 ? formatIp(plain3) : `[${formatIp(plain3)}]`;
}
function addressRule2(network, scheme, ip, port) {
  return network.rules?.some((rule) => rule.host.kind === "address" && covers(rule.host.prefix, ip) && fits(rule, [
    scheme
  ], port)) ?? false;
}
function namesHost({ host }, name2) {
  switch (host.kind) {
    case "any":
      return true;
    case "name":
      return name2 === host.name;
    case "below":
      return name2.endsWith(`.${host.name}`);
    case "address":
      return false;
  }
}
function fits(rule, schemes, port) {
  if (rule.scheme !== void 0 && !schemes.includes(rule.scheme)) return false;
  return port === void 0 || port >= rule.ports.from && port <= rule.ports.to;
}
var init_network = __esm({
  "src/grant/network.ts"() {
    init_ip();
    init_ip();
    init_network_rule();
  }
});

// src/scope/hosts.ts
var init_hosts = __esm({
  "src/scope/hosts.ts"() {
    init_network();
  }
});

// src/grant/below.ts
var init_below = __esm({
  "src/grant/below.ts"() {
  }
});

// src/scope/paths.ts
var init_paths = __esm({
  "src/scope/paths.ts"() {
    init_below();
  }
});

// src/scope/scope_of.ts
var init_scope_of = __esm({
  "src/scope/scope_of.ts"() {
    init_error2();
    init_hosts();
    init_paths();
    init_scope();
  }
});

// src/scope/sets.ts
var init_sets = __esm({
  "src/scope/sets.ts"() {
    init_scope();
  }
});

// src/scope/mod.ts
var init_mod = __esm({
  "src/scope/mod.ts"() {
    init_error2();
    init_flags();
    init_scope();
    init_scope_of();
    init_sets();
  }
});

// src/compartment/start.ts
var init_start = __esm({
  "src/compartment/start.ts"() {
    init_mod();
    init_error();
  }
});

// src/component/error.ts
function describe(payload) {
  if (payload === void 0) return "(no payload)";
  if (typeof payload === "string") return payload;
  try {
    return JSON.stringify(payload, (_, v) => typeof v === "bigint" ? v.toString() : v) ?? String(payload);
  } catch {
    return String(payload);
  }
}
var DecodeError, LinkError, LimitError, Trap, ComponentError;
var init_error3 = __esm({
  "src/component/error.ts"() {
    DecodeError = class extends SyntaxError {
      /** Always `DecodeError`. */
      name = "DecodeError";
      /** `malformed`: the bytes cannot be read; `invalid`: they can, and break a rule of the specification. */
      code;
      /** Where in the bytes the problem was found, counted from the first byte of the outermost component. */
      offset;
      /** What was being read there, in the words of the specification. */
      reading;
      /**
       * Makes the error.
       *
       * @param message What was found and what was expected.
       * @param offset Byte offset from the start of the file.
       * @param reading What was being read.
       * @param code Whether the bytes are malformed or merely invalid.
       */
      constructor(message, offset2, reading, code = "malformed", facts = {}) {
        super(`${message} (at byte ${offset2}, reading ${reading})`, facts);
        this.code = code;
        this.offset = offset2;
        this.reading = reading;
      }
    };
    LinkError = class extends TypeError {
      /** Always `LinkError`. */
      name = "LinkError";
      /** Always `link`. */
      code = "link";
      /** The imports at fault, as the component spells them. */
      imports;
      /**
       * Makes the error.
       *
       * @param message What does not fit.
       * @param imports The imports at fault.
       */
      constructor(message, imports2, facts = {}) {
        super(message, facts);
        this.imports = imports2;
      }
    };
    LimitError = class extends RangeError {
      /** Always `LimitError`. */
      name = "LimitError";
      /** Always `limit`. */
      code = "limit";
      /** Which limit: the name of the option. */
      limit;
      /** Its value. */
      value;
      /** What was asked for, where that is known. */
      asked;
      /**
       * Makes the error.
       *
       * @param message What does not fit.
       * @param limit The name of the option.
       * @param value Its value.
       */
      constructor(message, limit, value, facts = {}) {
        super(message, facts);
        this.limit = limit;
        this.value = value;
        this.asked = facts.asked;
      }
    };
    Trap = class extends Error {
      /** Always `Trap`. */
      name = "Trap";
      /** Always `trap`. */
      code = "trap";
      /** Guest functions on the stack when it happened, innermost first, where the engine could tell. */
      frames;
      /**
       * Makes the error.
       *
       * @param message What happened.
       * @param frames Guest frames, innermost first.
       */
      constructor(message, facts = {}, frames = []) {
        super(message, facts);
        this.frames = frames;
      }
    };
    ComponentError = class extends Error {
      /** Always `ComponentError`. */
      name = "ComponentError";
      /** Always `component`. */
      code = "component";
      /** The value of the `err` case, in the JavaScript mapping of its WIT type. */
      payload;
      /**
       * Makes the error.
       *
       * @param payload The value of the `err` case.
       */
      constructor(payload) {
        super(`the function returned err: ${describe(payload)}`);
        this.payload = payload;
      }
    };
  }
});

// src/wasi/io/error.ts
var IoError;
var init_error4 = __esm({
  "src/wasi/io/error.ts"() {
    IoError = class {
      #cause;
      /** @param cause What went wrong on the host. Other hosts may read it; the guest sees only its description. */
      constructor(cause) {
        this.#cause = cause;
      }
      /** What went wrong, for other hosts that know more about it (`filesystem-error-code`). */
      static causeOf(error) {
        return error.#cause;
      }
      /**
       * `to-debug-string: func() -> string`: a description for humans.
       *
       * It is the kind of error alone. The host's own message may name host paths, which are not the guest's to know.
       */
      toDebugString() {
        return this.#cause instanceof Error ? this.#cause.name : "Error";
      }
      /** Nothing to release. */
      [Symbol.dispose]() {
      }
    };
  }
});

// src/wasi/io/stream_error.ts
function closed() {
  return new ComponentError({
    tag: "closed"
  });
}
function failed(cause) {
  if (cause instanceof ComponentError || cause instanceof Trap) return cause;
  return new ComponentError({
    tag: "last-operation-failed",
    val: new IoError(cause)
  });
}
function isClosed(error) {
  return error instanceof ComponentError && error.payload?.tag === "closed";
}
var init_stream_error = __esm({
  "src/wasi/io/stream_error.ts"() {
    init_error3();
    init_error4();
  }
});

// src/wasi/io/waitable.ts
function whenReady(waitable) {
  return whenAny([
    waitable
  ]);
}
function whenAny(waitables) {
  return new Promise((resolve, reject) => {
    const distinct = new Set(waitables);
    const stops = [];
    let state = "idle";
    const finish2 = (settle2) => {
      state = "done";
      for (const stop of stops) stop();
      settle2();
    };
    const check = () => {
      if (state === "done") return;
      state = "idle";
      try {
        for (const waitable of distinct) if (waitable.ready()) return finish2(resolve);
      } catch (error) {
        finish2(() => reject(error));
      }
    };
    const wake = () => {
      if (state !== "idle") return;
      state = "checking";
      queueMicrotask(check);
    };
    for (const waitable of distinct) stops.push(waitable.watch(wake));
    check();
  });
}
var Signal;
var init_waitable = __esm({
  "src/wasi/io/waitable.ts"() {
    Signal = class {
      #wakes = /* @__PURE__ */ new Set();
      /** See {@linkcode Waitable.watch}. */
      watch(wake) {
        const entry = {
          wake
        };
        this.#wakes.add(entry);
        return () => void this.#wakes.delete(entry);
      }
      /** Wakes all that are watching now. */
      fire() {
        for (const { wake } of [
          ...this.#wakes
        ]) wake();
      }
      /** How many are watching. */
      get size() {
        return this.#wakes.size;
      }
    };
  }
});

// src/wasi/http/field_syntax.ts
function isToken(text) {
  return TOKEN.test(text);
}
function isForbidden(name2) {
  return FORBIDDEN.has(name2.toLowerCase());
}
function isValue(name2, value) {
  for (const byte of value) {
    if (byte < 32 ? byte !== 9 : byte === 127) return false;
  }
  return name2.toLowerCase() !== "content-length" || lengthOf(value) !== void 0;
}
function lengthOf(value) {
  if (value.length === 0 || value.length > 20) return void 0;
  for (const byte of value) if (byte < 48 || byte > 57) return void 0;
  const length = BigInt(String.fromCharCode(...value));
  return length <= MAX_LENGTH ? length : void 0;
}
function declaredLength(fields) {
  const lengths = fields.filter(([name2]) => name2.toLowerCase() === "content-length");
  return lengths.length === 1 ? lengthOf(lengths[0][1]) : void 0;
}
var TOKEN, MAX_LENGTH, FORBIDDEN;
var init_field_syntax = __esm({
  "src/wasi/http/field_syntax.ts"() {
    TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
    MAX_LENGTH = (1n << 64n) - 1n;
    FORBIDDEN = /* @__PURE__ */ new Set([
      "connection",
      "host",
      "http2-settings",
      "keep-alive",
      "proxy-authenticate",
      "proxy-authorization",
      "proxy-connection",
      "transfer-encoding",
      "upgrade"
    ]);
  }
});

// src/component/abi/memory.ts
function charge(bytes) {
  budget.left -= bytes;
  if (budget.left < 0) {
    throw new Trap(`the values of one call would take the host more than ${MAX_LIFTED} bytes`);
  }
}
function allocator(realloc, memory2, flags, fate) {
  return (oldPointer, oldSize, align, size) => {
    flags.mayLeave = false;
    const pointer = realloc(oldPointer, oldSize, align, size) >>> 0;
    if (fate.dead !== void 0) throw fate.dead;
    if (memory2.u8.length === 0) memory2.refresh();
    if ((pointer & align - 1) !== 0 || pointer + size > memory2.u8.length) {
      memory2.check(pointer, size, align, "realloc");
    }
    flags.mayLeave = true;
    return pointer;
  };
}
var MAX_BYTES, MAX_LIFTED, BYTES_PER_VALUE, budget, Memory;
var init_memory = __esm({
  "src/component/abi/memory.ts"() {
    init_error3();
    MAX_BYTES = (1 << 28) - 1;
    MAX_LIFTED = 2 ** 30;
    BYTES_PER_VALUE = 64;
    budget = {
      left: 0
    };
    Memory = class {
      /** All bytes. */
      u8;
      /** The same bytes, for everything wider than one. */
      dv;
      #memory;
      /** @param memory The core memory. */
      constructor(memory2) {
        this.#memory = memory2;
        this.u8 = new Uint8Array(memory2.buffer);
        this.dv = new DataView(memory2.buffer);
      }
      /** Makes the views again; to be called where `u8.length === 0`. */
      refresh() {
        const buffer2 = this.#memory.buffer;
        if (buffer2 === this.u8.buffer) return;
        this.u8 = new Uint8Array(buffer2);
        this.dv = new DataView(buffer2);
      }
      /**
       * Checks that a range lies in memory and is aligned.
       *
       * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#loading
       */
      check(pointer, size, align, what) {
        if ((pointer & align - 1) !== 0) {
          throw new Trap(`${what}: pointer ${pointer} is not aligned to ${align}`);
        }
        if (pointer + size > this.u8.length) {
          throw new Trap(`${what}: ${pointer}+${size} is out of bounds of a memory of ${this.u8.length} bytes`);
        }
      }
    };
  }
});

// src/component/abi/strings.ts
function inBounds(memory2, pointer, bytes, align) {
  if (bytes > MAX_BYTES) throw new Trap(`string of ${bytes} bytes is longer than ${MAX_BYTES}`);
  memory2.check(pointer, bytes, align, "string");
  charge(bytes);
}
function loadUtf8(memory2, pointer, length) {
  const { u8 } = memory2;
  if (length <= SHORT && pointer + length <= u8.length) {
    let text = "";
    let i = 0;
    for (; i < length; i++) {
      const byte = u8[pointer + i];
      if (byte >= 128) break;
      text += String.fromCharCode(byte);
    }
    if (i === length) return text;
  }
  inBounds(memory2, pointer, length, 1);
  try {
    return decoder.decode(u8.subarray(pointer, pointer + length));
  } catch {
    throw new Trap("string is not valid UTF-8");
  }
}
function loadUtf16(memory2, pointer, length) {
  inBounds(memory2, pointer, length * 2, 2);
  try {
    return utf16Decoder.decode(memory2.u8.subarray(pointer, pointer + length * 2));
  } catch {
    throw new Trap("string is not valid UTF-16");
  }
}
function loadLatin1(memory2, pointer, length) {
  inBounds(memory2, pointer, length, 2);
  const { u8 } = memory2;
  let text = "";
  for (let at4 = pointer; at4 < pointer + length; at4 += 8192) {
    const bytes = u8.subarray(at4, Math.min(at4 + 8192, pointer + length));
    text += String.fromCharCode.apply(void 0, bytes);
  }
  return text;
}
function tooLong(bytes) {
  throw new Trap(`string of ${bytes} bytes is longer than ${MAX_BYTES}`);
}
function storeUtf8(memory2, allocate2, value) {
  const { length } = value;
  if (length <= SHORT) {
    let i = 0;
    while (i < length && value.charCodeAt(i) < 128) i++;
    if (i === length) {
      const pointer2 = stored.pointer = allocate2(0, 0, 1, length);
      const { u8 } = memory2;
      for (i = 0; i < length; i++) u8[pointer2 + i] = value.charCodeAt(i);
      return length;
    }
  }
  const bytes = encoder2.encode(value);
  if (bytes.length > MAX_BYTES) tooLong(bytes.length);
  const pointer = stored.pointer = allocate2(0, 0, 1, bytes.length);
  memory2.u8.set(bytes, pointer);
  return bytes.length;
}
function wellFormed(value) {
  return value.isWellFormed() ? value : value.toWellFormed();
}
function writeUtf16(memory2, pointer, value) {
  const units = new Uint16Array(memory2.u8.buffer, pointer, value.length);
  for (let i = 0; i < value.length; i++) units[i] = value.charCodeAt(i);
}
function storeUtf16(memory2, allocate2, input) {
  const value = wellFormed(input);
  if (value.length * 2 > MAX_BYTES) tooLong(value.length * 2);
  const pointer = stored.pointer = allocate2(0, 0, 2, value.length * 2);
  writeUtf16(memory2, pointer, value);
  return value.length;
}
function storeLatin1OrUtf16(memory2, allocate2, input) {
  const value = wellFormed(input);
  let i = 0;
  while (i < value.length && value.charCodeAt(i) < 256) i++;
  if (i < value.length) return UTF16_TAG + storeUtf16(memory2, allocate2, value);
  if (value.length > MAX_BYTES) tooLong(value.length);
  const pointer = stored.pointer = allocate2(0, 0, 2, value.length);
  const { u8 } = memory2;
  for (i = 0; i < value.length; i++) u8[pointer + i] = value.charCodeAt(i);
  return value.length;
}
var UTF16_TAG, SHORT, decoder, utf16Decoder, encoder2, stored, loadString, storeString;
var init_strings = __esm({
  "src/component/abi/strings.ts"() {
    init_error3();
    init_memory();
    UTF16_TAG = 2147483648;
    SHORT = 24;
    decoder = new TextDecoder("utf-8", {
      fatal: true,
      ignoreBOM: true
    });
    utf16Decoder = new TextDecoder("utf-16le", {
      fatal: true,
      ignoreBOM: true
    });
    encoder2 = new TextEncoder();
    stored = {
      pointer: 0
    };
    loadString = {
      utf8: loadUtf8,
      utf16: loadUtf16,
      "latin1+utf16": (memory2, pointer, length) => length >= UTF16_TAG ? loadUtf16(memory2, pointer, length - UTF16_TAG) : loadLatin1(memory2, pointer, length)
    };
    storeString = {
      utf8: storeUtf8,
      utf16: storeUtf16,
      "latin1+utf16": storeLatin1OrUtf16
    };
  }
});

// src/component/abi/fill.ts
function storeFill(memory2, allocate2, fill) {
  const { length } = fill;
  const pointer = allocate2(0, 0, 1, length);
  const written = fill.write(memory2.u8.subarray(pointer, pointer + length));
  stored.pointer = pointer;
  return written;
}
function direct(method, form) {
  directs.set(method, form);
}
function directOf(method) {
  return directs.get(method);
}
var Fill, directs;
var init_fill = __esm({
  "src/component/abi/fill.ts"() {
    init_strings();
    Fill = class {
      /** How many bytes there will be, at most. */
      length;
      /**
       * Writes them. It must not throw, nor keep the view: a failure is told by the next call.
       *
       * @returns How many were written.
       */
      write;
      /**
       * Announces bytes.
       *
       * @param length How many there will be, at most.
       * @param write Writes them into the guest's memory; returns how many.
       */
      constructor(length, write) {
        this.length = length;
        this.write = write;
      }
    };
    directs = /* @__PURE__ */ new WeakMap();
  }
});

// src/component/link/suspending.ts
function suspending(fn) {
  marked.add(fn);
  return fn;
}
function canSuspend(fn) {
  return typeof fn === "function" && (marked.has(fn) || fn instanceof AsyncFunction);
}
var marked, AsyncFunction;
var init_suspending = __esm({
  "src/component/link/suspending.ts"() {
    marked = /* @__PURE__ */ new WeakSet();
    AsyncFunction = (async () => {
    }).constructor;
  }
});

// src/wasi/io/turn.ts
function turn() {
  next ??= new Promise((resolve) => setImmediate(() => {
    streak = 0;
    next = void 0;
    resolve();
  }));
  return ++streak < STREAK ? void 0 : next;
}
var STREAK, streak, next;
var init_turn = __esm({
  "src/wasi/io/turn.ts"() {
    STREAK = 64;
    streak = 0;
  }
});

// src/wasi/io/pollable.ts
function poll(pollables) {
  if (pollables.length === 0) throw new Trap("wasi:io/poll.poll: the list of pollables is empty");
  const indices = readyIndices(pollables);
  if (indices.length === 0) return whenAny(pollables).then(() => readyIndices(pollables));
  return turn()?.then(() => readyIndices(pollables)) ?? indices;
}
function readyIndices(pollables) {
  const indices = [];
  for (let i = 0; i < pollables.length; i++) if (pollables[i].ready()) indices.push(i);
  return Uint32Array.from(indices);
}
var Pollable;
var init_pollable = __esm({
  "src/wasi/io/pollable.ts"() {
    init_error3();
    init_suspending();
    init_turn();
    init_waitable();
    Pollable = class {
      #event;
      static {
        suspending(this.prototype.block);
      }
      /** @param event What the guest waits for. */
      constructor(event) {
        this.#event = event;
      }
      /** `ready: func() -> bool`: whether it is ready now. */
      ready() {
        return this.#live().ready();
      }
      /** `block: func()`: returns when it is ready; a promise only if it must wait for that. */
      block() {
        const event = this.#live();
        return event.ready() ? turn() : whenReady(event);
      }
      /** For the host: be told when it may have become ready. See {@linkcode Waitable.watch}. */
      watch(wake) {
        return this.#live().watch(wake);
      }
      /** Drops the event. Streams and timers hold nothing for a pollable that nobody waits on. */
      [Symbol.dispose]() {
        this.#event = void 0;
      }
      #live() {
        if (this.#event === void 0) throw new Trap("wasi:io/poll: the pollable was dropped");
        return this.#event;
      }
    };
    suspending(poll);
  }
});

// src/wasi/io/source.ts
var MAX_READ;
var init_source = __esm({
  "src/wasi/io/source.ts"() {
    MAX_READ = 1 << 20;
  }
});

// src/wasi/io/input_stream.ts
function clamp(len) {
  return len < LIMIT ? Number(len) : MAX_READ;
}
var LIMIT, InputStream;
var init_input_stream = __esm({
  "src/wasi/io/input_stream.ts"() {
    init_fill();
    init_suspending();
    init_pollable();
    init_source();
    init_stream_error();
    init_waitable();
    LIMIT = BigInt(MAX_READ);
    InputStream = class {
      /** Undefined once it has ended, failed, or was dropped. */
      #source;
      #event = {
        ready: () => this.#source?.ready() ?? true,
        watch: (wake) => this.#source?.watch(wake) ?? (() => {
        })
      };
      static {
        suspending(this.prototype.blockingRead);
        suspending(this.prototype.blockingSkip);
        direct(this.prototype.read, (self, len) => self.#direct(len) ?? self.read(len));
        direct(this.prototype.blockingRead, (self, len) => self.#direct(len) ?? self.blockingRead(len));
      }
      /** @param source Where the bytes come from. It is closed with the stream. */
      constructor(source) {
        this.#source = source;
      }
      /**
       * `read: func(len: u64) -> result<list<u8>, stream-error>`: what is there now, perhaps nothing.
       *
       * @param len At most so many bytes. Never an amount to allocate: one call gives at most 1 MiB.
       * @throws {ComponentError} With a `stream-error`.
       */
      read(len) {
        return this.#take((source) => source.read(clamp(len)));
      }
      /** `blocking-read`: like {@linkcode read}, once at least one byte can be read. */
      blockingRead(len) {
        if (len > 0n || this.#event.ready()) {
          const bytes = this.read(len);
          if (bytes.length > 0 || len === 0n) return bytes;
        }
        return this.#readLater(len);
      }
      /** `skip: func(len: u64) -> result<u64, stream-error>`: how many bytes were dropped, at most 1 MiB a call. */
      skip(len) {
        const max = clamp(len);
        const count = this.#take((source) => source.skip ? source.skip(max) : source.read(max)?.length ?? null);
        return BigInt(count);
      }
      /** `blocking-skip`: like {@linkcode skip}, once at least one byte can be skipped. */
      blockingSkip(len) {
        if (len > 0n || this.#event.ready()) {
          const count = this.skip(len);
          if (count > 0n || len === 0n) return count;
        }
        return this.#skipLater(len);
      }
      /** `subscribe: func() -> pollable`: ready when bytes can be read, and when the stream has ended. */
      subscribe() {
        return new Pollable(this.#event);
      }
      /** For the host: whether a read would give bytes, the end or an error, and how to wait for that. */
      static eventOf(stream) {
        return stream.#event;
      }
      /** Closes the source. Pollables of this stream are ready from now on. */
      [Symbol.dispose]() {
        const source = this.#source;
        this.#source = void 0;
        source?.close?.();
      }
      /** Bytes that the source can write straight into the guest's memory. */
      #direct(len) {
        return this.#source?.direct?.(clamp(len));
      }
      /** Runs one operation on the source; its end or failure is the end of this stream. */
      #take(operation) {
        if (this.#source === void 0) throw closed();
        let taken;
        try {
          taken = operation(this.#source);
        } catch (error) {
          this[Symbol.dispose]();
          throw failed(error);
        }
        if (taken !== null) return taken;
        this[Symbol.dispose]();
        throw closed();
      }
      async #readLater(len) {
        for (; ; ) {
          await whenReady(this.#event);
          const bytes = this.read(len);
          if (bytes.length > 0 || len === 0n) return bytes;
        }
      }
      async #skipLater(len) {
        for (; ; ) {
          await whenReady(this.#event);
          const count = this.skip(len);
          if (count > 0n || len === 0n) return count;
        }
      }
    };
  }
});

// src/wasi/io/output_stream.ts
function unlessClosed(error) {
  if (!isClosed(error)) throw error;
}
var MAX_BLOCKING_WRITE, MAX_PERMIT, ZEROES, OutputStream;
var init_output_stream = __esm({
  "src/wasi/io/output_stream.ts"() {
    init_error3();
    init_suspending();
    init_input_stream();
    init_pollable();
    init_stream_error();
    init_waitable();
    MAX_BLOCKING_WRITE = 4096;
    MAX_PERMIT = 1 << 20;
    ZEROES = new Uint8Array(64 * 1024);
    OutputStream = class {
      /** Undefined once it is closed, has failed, or was dropped. */
      #sink;
      /** How many bytes `check-write` has allowed and `write` has not used. */
      #permit = 0;
      #event = {
        ready: () => this.#sink?.ready() ?? true,
        watch: (wake) => this.#sink?.watch(wake) ?? (() => {
        })
      };
      static {
        suspending(this.prototype.blockingWriteAndFlush);
        suspending(this.prototype.blockingFlush);
        suspending(this.prototype.blockingWriteZeroesAndFlush);
        suspending(this.prototype.blockingSplice);
      }
      /** @param sink Where the bytes go. It is closed with the stream. */
      constructor(sink) {
        this.#sink = sink;
      }
      /**
       * `check-write: func() -> result<u64, stream-error>`: how many bytes may be written now. That is a permit: a
       * write beyond it traps.
       *
       * @throws {ComponentError} With a `stream-error`.
       */
      checkWrite() {
        this.#permit = this.#room();
        return BigInt(this.#permit);
      }
      /**
       * `write: func(contents: list<u8>) -> result<_, stream-error>`
       *
       * @throws {Trap} More than `check-write` has allowed.
       * @throws {ComponentError} With a `stream-error`.
       */
      write(contents) {
        this.#spend("write", contents.length);
        this.#put(contents);
      }
      /**
       * `blocking-write-and-flush`: all of it, and out of every buffer.
       *
       * @param contents At most 4096 bytes.
       * @throws {Trap} More than 4096 bytes.
       * @throws {ComponentError} With a `stream-error`.
       */
      blockingWriteAndFlush(contents) {
        if (contents.length > MAX_BLOCKING_WRITE) {
          throw new Trap(`wasi:io/streams.blocking-write-and-flush: ${contents.length} bytes, at most 4096 are allowed`);
        }
        const written = this.#writeSome(contents);
        if (written < contents.length) {
          return this.#writeRest(contents.slice(written));
        }
        return this.#finish();
      }
      /** `flush: func() -> result<_, stream-error>`: starts it; `check-write` gives 0 until it is done. */
      flush() {
        this.#use((sink) => sink.flush());
        if (!this.#event.ready()) this.#permit = 0;
      }
      /** `blocking-flush`: starts it and waits for its end. */
      blockingFlush() {
        this.flush();
        if (!this.#event.ready()) return whenReady(this.#event).then(() => this.#shrink());
        this.#shrink();
      }
      /** `subscribe: func() -> pollable`: ready when `check-write` gives more than 0 or an error. */
      subscribe() {
        return new Pollable(this.#event);
      }
      /**
       * `write-zeroes: func(len: u64) -> result<_, stream-error>`
       *
       * @throws {Trap} More than `check-write` has allowed.
       * @throws {ComponentError} With a `stream-error`.
       */
      writeZeroes(len) {
        this.#spend("write-zeroes", len);
        for (let left = Number(len); left > 0; left -= ZEROES.length) {
          this.#put(ZEROES.subarray(0, left));
        }
      }
      /** `blocking-write-zeroes-and-flush`: as {@linkcode blockingWriteAndFlush}, with zeroes. */
      blockingWriteZeroesAndFlush(len) {
        if (len > MAX_BLOCKING_WRITE) {
          throw new Trap(`wasi:io/streams.blocking-write-zeroes-and-flush: ${len} bytes, at most 4096 are allowed`);
        }
        return this.blockingWriteAndFlush(ZEROES.subarray(0, Number(len)));
      }
      /**
       * `splice: func(src: borrow<input-stream>, len: u64) -> result<u64, stream-error>`: moves what can be moved now.
       *
       * @returns How many bytes, at most 1 MiB a call.
       * @throws {ComponentError} With a `stream-error`, of either stream.
       */
      splice(src, len) {
        const permit = this.checkWrite();
        const max = len < permit ? len : permit;
        if (max === 0n) return 0n;
        const bytes = src.read(max);
        if (bytes.length > 0) this.write(bytes);
        return BigInt(bytes.length);
      }
      /** `blocking-splice`: like {@linkcode splice}, once there is room here and bytes there. */
      blockingSplice(src, len) {
        if (this.#event.ready()) {
          const moved2 = this.splice(src, len);
          if (moved2 > 0n || len === 0n) return moved2;
        }
        return this.#spliceLater(src, len);
      }
      /** Closes the sink. Pollables of this stream are ready from now on. */
      [Symbol.dispose]() {
        const sink = this.#sink;
        this.#sink = void 0;
        this.#permit = 0;
        sink?.close?.();
      }
      /** How much the sink takes now. */
      #room() {
        const room = this.#use((sink) => sink.room());
        if (room === null) {
          this[Symbol.dispose]();
          throw closed();
        }
        return Math.min(room, MAX_PERMIT);
      }
      /** A flush grants nothing: what was permitted before it still is, as far as there is room. */
      #shrink() {
        this.#permit = Math.min(this.#permit, this.#room());
      }
      #put(contents) {
        this.#use((sink) => sink.write(contents));
      }
      #spend(verb, len) {
        if (len > this.#permit && this.#sink !== void 0) {
          throw new Trap(`wasi:io/streams.${verb}: ${len} bytes, but check-write has permitted ${this.#permit}`);
        }
        this.#permit -= Number(len);
      }
      /** Runs one operation on the sink; its failure closes this stream. */
      #use(operation) {
        if (this.#sink === void 0) throw closed();
        try {
          return operation(this.#sink);
        } catch (error) {
          this[Symbol.dispose]();
          throw failed(error);
        }
      }
      /** Writes what there is room for and says how much that was. */
      #writeSome(contents) {
        let written = 0;
        while (written < contents.length) {
          const room = this.#room();
          if (room === 0) break;
          const chunk = contents.subarray(written, written + room);
          this.#put(chunk);
          written += chunk.length;
        }
        return written;
      }
      async #writeRest(rest) {
        for (let written = 0; written < rest.length; ) {
          await whenReady(this.#event);
          written += this.#writeSome(rest.subarray(written));
        }
        await this.#finish();
      }
      /** Flushes. A stream that closes once everything is out has done its work: no error yet. */
      #finish() {
        try {
          const flushed = this.blockingFlush();
          return flushed?.catch(unlessClosed);
        } catch (error) {
          unlessClosed(error);
        }
      }
      async #spliceLater(src, len) {
        for (; ; ) {
          await whenReady(this.#event);
          if (len > 0n) await whenReady(InputStream.eventOf(src));
          if (!this.#event.ready()) continue;
          const moved2 = this.splice(src, len);
          if (moved2 > 0n || len === 0n) return moved2;
        }
      }
    };
  }
});

// src/wasi/denial.ts
function denial(told, cause) {
  const wall = wallBehind(cause);
  if (wall !== void 0) walls.set(told, wall);
  return told;
}
function wallOf(told) {
  return typeof told === "object" && told !== null ? walls.get(told) : void 0;
}
function wallBehind(cause) {
  if (!(cause instanceof Error)) return void 0;
  const noted = walls.get(cause);
  if (noted !== void 0) return noted;
  if (cause.name === "NotCapable") return "deno";
  if (cause.name === "NetworkError" && "reason" in cause && cause.reason === "not-capable") {
    return wallBehind(cause.cause) ?? "deno";
  }
  const { code, syscall } = cause;
  if (code === "EPERM" && syscall === "getaddrinfo") return "deno";
  return code === "EACCES" || code === "EPERM" || cause.name === "PermissionDenied" ? "os" : void 0;
}
var walls;
var init_denial = __esm({
  "src/wasi/denial.ts"() {
    walls = /* @__PURE__ */ new WeakMap();
  }
});

// src/wasi/network/error.ts
function wallOfNetwork(error) {
  switch (error.reason) {
    case "denied":
    case "private":
      return "link";
    case "not-capable":
      return wallBehind(error);
    default:
      return void 0;
  }
}
function networkError(error) {
  if (error instanceof NetworkError) return error;
  if (!(error instanceof Error)) return new NetworkError("other", String(error), {
    cause: error
  });
  const { code, syscall } = error;
  const name2 = typeof code === "string" && code in REASONS ? code : error.name;
  const reason = code === "EINVAL" && syscall === "bind" ? "address-not-available" : code === "EINVAL" && syscall === "connect" ? "unreachable" : Object.hasOwn(REASONS, name2) ? REASONS[name2] : "other";
  return new NetworkError(reason, error.message || String(code ?? error.name), {
    cause: error
  });
}
var NetworkError, REASONS;
var init_error5 = __esm({
  "src/wasi/network/error.ts"() {
    init_denial();
    NetworkError = class extends Error {
      name = "NetworkError";
      /** Why. */
      reason;
      constructor(reason, message, options2) {
        super(message, options2);
        this.reason = reason;
      }
    };
    REASONS = {
      ECONNREFUSED: "refused",
      ConnectionRefused: "refused",
      EHOSTUNREACH: "unreachable",
      EHOSTDOWN: "unreachable",
      ENETUNREACH: "unreachable",
      ENETDOWN: "unreachable",
      NetworkUnreachable: "unreachable",
      ETIMEDOUT: "timeout",
      TimedOut: "timeout",
      ECONNRESET: "reset",
      ECONNABORTED: "reset",
      EPIPE: "reset",
      ConnectionReset: "reset",
      ConnectionAborted: "reset",
      BrokenPipe: "reset",
      EADDRINUSE: "address-in-use",
      AddrInUse: "address-in-use",
      EADDRNOTAVAIL: "address-not-available",
      AddrNotAvailable: "address-not-available",
      ENOTFOUND: "not-found",
      ENODATA: "not-found",
      EAI_NODATA: "not-found",
      EAI_NONAME: "not-found",
      EAI_AGAIN: "try-again",
      EAI_FAIL: "resolver-failed",
      EAI_SYSTEM: "resolver-failed",
      ESERVFAIL: "resolver-failed",
      EMSGSIZE: "too-large",
      EMFILE: "too-many-sockets",
      ENFILE: "too-many-sockets",
      ENOBUFS: "too-many-sockets",
      ENOMEM: "too-many-sockets",
      // The lookup of a name outside Deno's scope is EPERM; under Landlock the kernel answers EACCES.
      EPERM: "not-capable",
      EACCES: "not-capable",
      NotCapable: "not-capable",
      PermissionDenied: "not-capable"
    };
  }
});

// src/grant/error.ts
var CapabilityError;
var init_error6 = __esm({
  "src/grant/error.ts"() {
    CapabilityError = class extends Error {
      /** Always `CapabilityError`. */
      name = "CapabilityError";
      /** Always `capability`. */
      code = "capability";
      /** What the guest asked for. */
      asked;
      /** What is allowed instead. */
      allowed;
      /** Which wall refused. */
      wall;
      /** What would allow it: the YAML line, or that nothing would. */
      hint;
      /**
       * Makes the error.
       *
       * @param refusal What was asked, what is allowed, who refused, and what would allow it.
       */
      constructor(refusal3) {
        super(`${refusal3.asked} is not granted; ${refusal3.hint}`);
        this.asked = refusal3.asked;
        this.allowed = refusal3.allowed;
        this.wall = refusal3.wall;
        this.hint = refusal3.hint;
      }
    };
  }
});

// src/wasi/clocks/wall.ts
var wall_exports = {};
__export(wall_exports, {
  datetime: () => datetime,
  now: () => now2,
  resolution: () => resolution2
});
function datetime(ns) {
  if (ns < 0n) return {
    seconds: 0n,
    nanoseconds: 0
  };
  return {
    seconds: ns / SECOND,
    nanoseconds: Number(ns % SECOND)
  };
}
function now2() {
  return datetime(Temporal.Now.instant().epochNanoseconds);
}
function resolution2() {
  return {
    seconds: 0n,
    nanoseconds: 1e3
  };
}
var SECOND;
var init_wall = __esm({
  "src/wasi/clocks/wall.ts"() {
    SECOND = 1000000000n;
  }
});

// src/wasi/filesystem/error_code.ts
function failure(code) {
  return new ComponentError(code);
}
function codeOf2(error) {
  if (!(error instanceof Error)) return void 0;
  const code = "code" in error && typeof error.code === "string" ? error.code : void 0;
  if (code !== void 0 && Object.hasOwn(BY_NAME, code)) return BY_NAME[code];
  if (Object.hasOwn(BY_CLASS, error.name)) return BY_CLASS[error.name];
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  if (number === void 0) return void 0;
  return BY_NAME[BY_NUMBER[Number(number)] ?? "EIO"];
}
function translated(error) {
  if (error instanceof ComponentError) return error;
  const code = codeOf2(error);
  return code === void 0 ? error : denial(failure(code), error);
}
function attempt(operation) {
  try {
    return operation();
  } catch (error) {
    throw translated(error);
  }
}
function filesystemErrorCode(error) {
  return codeOf2(IoError.causeOf(error));
}
var BY_NAME, BY_NUMBER, BY_CLASS;
var init_error_code = __esm({
  "src/wasi/filesystem/error_code.ts"() {
    init_error3();
    init_denial();
    init_error4();
    BY_NAME = {
      E2BIG: "invalid",
      EACCES: "access",
      EAGAIN: "would-block",
      EALREADY: "already",
      EBADF: "bad-descriptor",
      EBUSY: "busy",
      EDEADLK: "deadlock",
      EDQUOT: "quota",
      EEXIST: "exist",
      EFBIG: "file-too-large",
      EILSEQ: "illegal-byte-sequence",
      EINPROGRESS: "in-progress",
      EINTR: "interrupted",
      EINVAL: "invalid",
      EIO: "io",
      EISDIR: "is-directory",
      ELOOP: "loop",
      // The host is out of descriptors. The enum has no code of that name; memory is the nearest thing to run out of.
      EMFILE: "insufficient-memory",
      EMLINK: "too-many-links",
      EMSGSIZE: "message-size",
      ENAMETOOLONG: "name-too-long",
      ENFILE: "insufficient-memory",
      ENODEV: "no-device",
      ENOENT: "no-entry",
      ENOLCK: "no-lock",
      ENOMEM: "insufficient-memory",
      ENOSPC: "insufficient-space",
      ENOSYS: "unsupported",
      ENOTDIR: "not-directory",
      ENOTEMPTY: "not-empty",
      ENOTRECOVERABLE: "not-recoverable",
      ENOTSUP: "unsupported",
      ENOTTY: "no-tty",
      ENXIO: "no-such-device",
      EOPNOTSUPP: "unsupported",
      EOVERFLOW: "overflow",
      EPERM: "not-permitted",
      EPIPE: "pipe",
      EROFS: "read-only",
      ESPIPE: "invalid-seek",
      ETXTBSY: "text-file-busy",
      EXDEV: "cross-device"
    };
    BY_NUMBER = {
      1: "EPERM",
      5: "EIO",
      6: "ENXIO",
      12: "ENOMEM",
      16: "EBUSY",
      18: "EXDEV",
      19: "ENODEV",
      23: "ENFILE",
      24: "EMFILE",
      25: "ENOTTY",
      26: "ETXTBSY",
      27: "EFBIG",
      28: "ENOSPC",
      29: "ESPIPE",
      30: "EROFS",
      31: "EMLINK",
      32: "EPIPE",
      ...Deno.build.os === "linux" ? {
        35: "EDEADLK",
        37: "ENOLCK",
        38: "ENOSYS",
        75: "EOVERFLOW",
        84: "EILSEQ",
        95: "ENOTSUP",
        122: "EDQUOT"
      } : {}
    };
    BY_CLASS = {
      // Outside of the process's own permissions: forbidden by policy, as EPERM is.
      NotCapable: "not-permitted",
      // A name that is not UTF-8.
      InvalidData: "illegal-byte-sequence",
      BadResource: "bad-descriptor",
      Interrupted: "interrupted"
    };
  }
});

// src/wasi/filesystem/path.ts
function checkText(path2) {
  if (path2 === "") throw failure("no-entry");
  if (path2.length > MAX_BYTES2 || byteLength(path2) > MAX_BYTES2) throw failure("name-too-long");
  if (path2.includes("\0")) throw failure("invalid");
  if (!path2.isWellFormed()) throw failure("illegal-byte-sequence");
}
function isAbsolute(path2) {
  return path2.startsWith("/") || WINDOWS && /^\\|^[A-Za-z]:/.test(path2);
}
function namesReversed(path2) {
  const names = path2.split("/").filter((name2) => name2 !== "");
  if (WINDOWS && names.some((name2) => name2 !== "." && name2 !== ".." && UNSAFE_ON_WINDOWS.test(name2))) {
    throw failure("not-permitted");
  }
  return names.reverse();
}
function targetText(target) {
  return WINDOWS ? target.replaceAll("\\", "/") : target;
}
function below(directory, name2) {
  return directory.endsWith("/") ? directory + name2 : `${directory}/${name2}`;
}
function byteLength(path2) {
  return path2.length * 3 <= MAX_BYTES2 ? path2.length : new TextEncoder().encode(path2).length;
}
var MAX_BYTES2, WINDOWS, UNSAFE_ON_WINDOWS;
var init_path = __esm({
  "src/wasi/filesystem/path.ts"() {
    init_error_code();
    MAX_BYTES2 = 4095;
    WINDOWS = Deno.build.os === "windows";
    UNSAFE_ON_WINDOWS = /[\\:]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
  }
});

// src/wasi/filesystem/resolve.ts
function locate(base, path2, follow, mayBeMissing = false) {
  const walk = new Walk(base, path2);
  while (walk.next()) {
    const info = walk.look(mayBeMissing);
    if (info?.isSymlink && (follow || walk.slash || !walk.last)) walk.expand();
    else if (walk.last) {
      if (walk.slash && info !== void 0 && !info.isDirectory) throw failure("not-directory");
      return {
        path: walk.path,
        info,
        slash: walk.slash
      };
    } else walk.enter(info);
  }
  return {
    path: walk.directory,
    info: walk.lookHere(),
    slash: walk.slash
  };
}
function locateSlot(base, path2) {
  const walk = new Walk(base, path2);
  while (walk.next()) {
    if (walk.last) return {
      path: walk.path,
      slash: walk.slash
    };
    const info = walk.look(false);
    if (info?.isSymlink) walk.expand();
    else walk.enter(info);
  }
  return {
    path: walk.directory,
    slash: walk.slash,
    dots: walk.dots
  };
}
var MAX_LINKS, Walk;
var init_resolve = __esm({
  "src/wasi/filesystem/resolve.ts"() {
    init_error_code();
    init_path();
    MAX_LINKS = 40;
    Walk = class {
      /** Where it stands: a real directory at or below the base. */
      directory;
      /** The way back up. Empty at the base, which `..` cannot leave. */
      #parents = [];
      /** What is left to go, in reverse. */
      #names;
      #links = 0;
      /** The component under consideration. */
      path = "";
      /** Whether the path, or the link that its end was expanded from, ended in a slash. */
      slash;
      /** Which of the two the last component was, if it was one of them. */
      dots = ".";
      constructor(base, path2) {
        checkText(path2);
        if (isAbsolute(path2)) throw failure("not-permitted");
        this.#names = namesReversed(path2);
        this.slash = path2.endsWith("/");
        this.directory = base.verified();
      }
      /** Whether the component under consideration is the last one. */
      get last() {
        return this.#names.length === 0;
      }
      /** Goes on to the next name; `.` and `..` are dealt with on the way. */
      next() {
        for (let name2 = this.#names.pop(); name2 !== void 0; name2 = this.#names.pop()) {
          if (name2 === "..") {
            const parent = this.#parents.pop();
            if (parent === void 0) throw failure("not-permitted");
            this.directory = parent;
            this.dots = "..";
          } else if (name2 === ".") {
            this.dots = ".";
          } else {
            this.path = below(this.directory, name2);
            return true;
          }
        }
        return false;
      }
      /** What the component is. Only the last one may be missing. */
      look(mayBeMissing) {
        try {
          return Deno.lstatSync(this.path);
        } catch (error) {
          if (mayBeMissing && this.last && codeOf2(error) === "no-entry") return void 0;
          throw translated(error);
        }
      }
      /** What the directory is that it stands in. The base's own path may be a link, which its mount is trusted with. */
      lookHere() {
        const look = this.#parents.length === 0 ? Deno.statSync : Deno.lstatSync;
        return attempt(() => look(this.directory));
      }
      /** Replaces the component, a link, by the names of its target. */
      expand() {
        if (++this.#links > MAX_LINKS) throw failure("loop");
        const target = targetText(attempt(() => Deno.readLinkSync(this.path)));
        if (isAbsolute(target)) throw failure("not-permitted");
        if (this.last) this.slash ||= target.endsWith("/");
        this.#names.push(...namesReversed(target));
      }
      /** Goes into the component, which has to be a directory. */
      enter(info) {
        if (!info?.isDirectory) throw failure("not-directory");
        this.#parents.push(this.directory);
        this.directory = this.path;
      }
    };
  }
});

// src/wasi/filesystem/change.ts
function createDirectoryAt(base, path2) {
  const slot2 = slotToChange(base, path2);
  if (slot2.dots !== void 0) throw failure("exist");
  attempt(() => Deno.mkdirSync(slot2.path));
}
function unlinkFileAt(base, path2) {
  const slot2 = slotToChange(base, path2);
  if (slot2.dots !== void 0 || lookAt(slot2).isDirectory) throw failure("is-directory");
  if (slot2.slash) throw failure("not-directory");
  attempt(() => Deno.removeSync(slot2.path));
}
function removeDirectoryAt(base, path2) {
  const slot2 = slotToChange(base, path2);
  if (slot2.dots !== void 0) throw failure(slot2.dots === "." ? "invalid" : "not-empty");
  if (!lookAt(slot2).isDirectory) throw failure("not-directory");
  if (base.mount.holdsMount(slot2.path)) throw failure("busy");
  attempt(() => Deno.removeSync(slot2.path));
}
function renameAt(from, oldPath, to, newPath) {
  if (to.readOnly) throw failure("read-only");
  const source = slotToChange(from, oldPath);
  const target = slotToChange(to, newPath);
  if (source.dots !== void 0 || target.dots !== void 0) throw failure("busy");
  if (!lookAt(source).isDirectory && (source.slash || target.slash)) throw failure("not-directory");
  if (from.mount.holdsMount(source.path) || to.mount.holdsMount(target.path)) throw failure("busy");
  attempt(() => Deno.renameSync(source.path, target.path));
  from.opened.moved(source.path, target.path, to.mount);
}
function slotToChange(base, path2) {
  if (base.readOnly) throw failure("read-only");
  const slot2 = locateSlot(base, path2);
  if (base.mount.readOnlyAt(slot2.path)) throw failure("read-only");
  return slot2;
}
function lookAt(slot2) {
  return attempt(() => Deno.lstatSync(slot2.path));
}
var init_change = __esm({
  "src/wasi/filesystem/change.ts"() {
    init_error_code();
    init_resolve();
  }
});

// src/wasi/filesystem/identity.ts
function isSame(one, other) {
  return one.dev === other.dev && one.ino === other.ino;
}
var init_identity = __esm({
  "src/wasi/filesystem/identity.ts"() {
  }
});

// src/wasi/filesystem/directory.ts
var OpenDirectory;
var init_directory = __esm({
  "src/wasi/filesystem/directory.ts"() {
    init_error_code();
    init_identity();
    OpenDirectory = class {
      /** Where it is on the host. Moves when the guest renames it. */
      path;
      /** The mount whose rules hold there. */
      mount;
      /** What else the guest has open. */
      opened;
      /** The directory that was opened, whatever its path leads to later. */
      identity;
      #handle;
      /**
       * Opens a directory.
       *
       * @param path On the host, checked.
       * @throws {ComponentError} An `error-code`: `not-directory` if it is none.
       */
      constructor(path2, mount, opened2) {
        this.path = path2;
        this.mount = mount;
        this.opened = opened2;
        this.#handle = Deno.build.os === "windows" ? void 0 : attempt(() => Deno.openSync(path2));
        try {
          const info = this.#handle?.statSync() ?? Deno.statSync(path2);
          if (!info.isDirectory) throw failure("not-directory");
          this.identity = info;
        } catch (error) {
          this.#handle?.close();
          throw error;
        }
        if (this.#handle !== void 0) opened2.keep(this.#handle);
        opened2.add(this);
      }
      /** Whether nothing may change in it. */
      get readOnly() {
        return this.mount.readOnlyAt(this.path);
      }
      /**
       * Its path, once it is certain that the path still leads to this directory. The guest itself may have renamed a
       * directory above it and put a link in that one's place, which must not become a way out.
       *
       * @throws {ComponentError} `no-entry`: it was removed, or moved by someone else.
       */
      verified() {
        if (!isSame(attempt(() => Deno.statSync(this.path)), this.identity)) throw failure("no-entry");
        return this.path;
      }
      /** What it is now. */
      info() {
        return attempt(() => this.#handle?.statSync() ?? Deno.statSync(this.verified()));
      }
      /** Sets its times. */
      setTimes(access, modification) {
        attempt(() => {
          if (this.#handle !== void 0) this.#handle.utimeSync(access, modification);
          else Deno.utimeSync(this.verified(), access, modification);
        });
      }
      /** Brings its entries to the disk. */
      sync() {
        attempt(() => this.#handle?.syncSync());
      }
      /** Closes it. */
      release() {
        this.opened.delete(this);
        if (this.#handle !== void 0) this.opened.close(this.#handle);
      }
    };
  }
});

// src/wasi/filesystem/stat.ts
function typeOf(info) {
  if (info.isFile) return "regular-file";
  if (info.isDirectory) return "directory";
  if (info.isSymlink) return "symbolic-link";
  if (info.isFifo) return "fifo";
  if (info.isSocket) return "socket";
  if (info.isCharDevice) return "character-device";
  if (info.isBlockDevice) return "block-device";
  return "unknown";
}
function statOf(info) {
  const stat = {
    type: typeOf(info),
    linkCount: BigInt(info.nlink ?? 1),
    size: BigInt(info.size)
  };
  if (info.atime !== null) stat.dataAccessTimestamp = fromDate(info.atime);
  if (info.mtime !== null) stat.dataModificationTimestamp = fromDate(info.mtime);
  if (info.ctime !== null) stat.statusChangeTimestamp = fromDate(info.ctime);
  return stat;
}
function fromDate(date) {
  return datetime(BigInt(date.getTime()) * 1000000n);
}
var init_stat = __esm({
  "src/wasi/filesystem/stat.ts"() {
    init_wall();
  }
});

// src/wasi/filesystem/entries.ts
var REPLACEMENT, Entries, DirectoryEntryStream;
var init_entries = __esm({
  "src/wasi/filesystem/entries.ts"() {
    init_error_code();
    init_path();
    init_stat();
    REPLACEMENT = "\uFFFD";
    Entries = class {
      #path;
      #opened;
      /** The list that Deno has made, which is the only one: each entry is translated when it is asked for. */
      #entries;
      #index = 0;
      /** @throws {ComponentError} An `error-code`. */
      constructor(directory) {
        this.#path = directory.verified();
        this.#opened = directory.opened;
        const entries = attempt(() => Array.from(Deno.readDirSync(this.#path)));
        this.#opened.holdNames(entries.length);
        this.#entries = entries;
      }
      /**
       * The next entry; `undefined` after the last one.
       *
       * @throws {ComponentError} `illegal-byte-sequence` for a name that no guest can spell. The listing can go on.
       */
      next() {
        for (let entry = this.#entries[this.#index++]; entry !== void 0; entry = this.#entries[this.#index++]) {
          const type2 = this.#typeOf(entry);
          if (type2 !== void 0) return {
            type: type2,
            name: entry.name
          };
        }
        this.release();
        return void 0;
      }
      /** Lets go of what was not asked for. */
      release() {
        this.#opened.releaseNames(this.#entries.length);
        this.#entries = [];
      }
      /** The type of an entry; `undefined` if it has gone since. */
      #typeOf(entry) {
        const readable = !entry.name.includes(REPLACEMENT);
        if (readable && entry.isFile) return "regular-file";
        if (readable && entry.isDirectory) return "directory";
        if (readable && entry.isSymlink) return "symbolic-link";
        try {
          return typeOf(Deno.lstatSync(below(this.#path, entry.name)));
        } catch (error) {
          if (codeOf2(error) !== "no-entry") throw translated(error);
          if (!readable) throw failure("illegal-byte-sequence");
          return void 0;
        }
      }
    };
    DirectoryEntryStream = class {
      #entries;
      /** @param entries What it gives. */
      constructor(entries) {
        this.#entries = entries;
      }
      /** `read-directory-entry: func() -> result<option<directory-entry>, error-code>` */
      readDirectoryEntry() {
        return this.#entries.next();
      }
      /** Ends the listing. */
      [Symbol.dispose]() {
        this.#entries.release();
      }
    };
  }
});

// src/wasi/filesystem/file.ts
function offsetOf(offset2) {
  if (offset2 >= OFFSET_END) throw failure("invalid");
  return offset2 <= Number.MAX_SAFE_INTEGER ? Number(offset2) : offset2;
}
function advanced(offset2, count) {
  if (typeof offset2 === "bigint") return offset2 + BigInt(count);
  const sum = offset2 + count;
  return sum <= Number.MAX_SAFE_INTEGER ? sum : BigInt(offset2) + BigInt(count);
}
var OFFSET_END, UNKNOWN2, OpenFile;
var init_file = __esm({
  "src/wasi/filesystem/file.ts"() {
    init_error_code();
    init_identity();
    OFFSET_END = 1n << 63n;
    UNKNOWN2 = -1;
    OpenFile = class {
      /** Where it was opened, or renamed to by the guest. */
      path;
      /** The mount whose rules hold there. */
      mount;
      /** What else the guest has open. */
      opened;
      /** The file that was opened. */
      identity;
      /** What it was opened for. */
      flags;
      #handle;
      #appender;
      #users = 1;
      /**
       * Where the host's file stands. Deno has no `pread`, and nobody else uses this file: a seek is needed only where a
       * read or write does not go on where the last one ended.
       */
      #position = 0;
      /** @param handle Open for what `flags` say, at least; this object's own from now on. */
      constructor(handle2, info, path2, flags, mount, opened2) {
        this.#handle = opened2.keep(handle2);
        this.identity = info;
        this.path = path2;
        this.flags = flags;
        this.mount = mount;
        this.opened = opened2;
        opened2.add(this);
      }
      /** @throws {ComponentError} `bad-descriptor`, as POSIX has it: not open for reading. */
      checkRead() {
        if (!this.flags.read) throw failure("bad-descriptor");
      }
      /** @throws {ComponentError} `read-only`, or `bad-descriptor`: not open for writing. */
      checkWrite() {
        if (this.readOnly) throw failure("read-only");
        if (!this.flags.write) throw failure("bad-descriptor");
      }
      /** Whether it may not change. */
      get readOnly() {
        return this.mount.readOnlyAt(this.path);
      }
      /** `pread`: how many bytes were read; 0 at the end, and anywhere behind it. The error is the host's own. */
      readAt(buffer2, offset2) {
        if (!this.#seek(offset2)) return 0;
        const count = this.#handle.readSync(buffer2) ?? 0;
        this.#position += count;
        return count;
      }
      /** `pwrite`: how many bytes were written. The error is the host's own. */
      writeAt(bytes, offset2) {
        if (bytes.length === 0) return 0;
        if (!this.#seek(offset2)) throw Object.assign(new Error("File too large"), {
          code: "EFBIG"
        });
        const count = this.#handle.writeSync(bytes);
        this.#position += count;
        this.#settle();
        return count;
      }
      /** Writes at the end, wherever that is by then. The error is the host's own. */
      append(bytes) {
        const appender = this.#append();
        if (appender === void 0) return this.writeAt(bytes, this.size());
        const count = appender.writeSync(bytes);
        this.#settle();
        return count;
      }
      /** How long it is now. The error is the host's own. */
      size() {
        return this.#handle.statSync().size;
      }
      /** What it is now. */
      info() {
        return attempt(() => this.#handle.statSync());
      }
      /** Cuts it, or lengthens it with zeroes. */
      setSize(size) {
        if (size >= OFFSET_END) throw failure("invalid");
        if (size > Number.MAX_SAFE_INTEGER) throw failure("file-too-large");
        attempt(() => this.#handle.truncateSync(Number(size)));
      }
      /** Sets its times. */
      setTimes(access, modification) {
        attempt(() => this.#handle.utimeSync(access, modification));
      }
      /** Brings it to the disk; "no effect if the file descriptor is not opened for writing". */
      sync() {
        if (this.flags.write) attempt(() => this.#handle.syncSync());
      }
      /** The same, without metadata that is not needed to read it back. */
      syncData() {
        if (this.flags.write) attempt(() => this.#handle.syncDataSync());
      }
      /** One more stream uses it. */
      retain() {
        this.#users++;
        return this;
      }
      /** One user less. */
      release() {
        if (--this.#users > 0) return;
        this.opened.delete(this);
        this.opened.close(this.#handle);
        if (this.#appender !== void 0) this.opened.close(this.#appender);
      }
      /** Whether the file can be read or written at that offset at all. */
      #seek(offset2) {
        if (offset2 === this.#position) return true;
        this.#position = UNKNOWN2;
        try {
          this.#handle.seekSync(offset2, Deno.SeekMode.Start);
        } catch (error) {
          if (codeOf2(error) === "invalid") return false;
          throw error;
        }
        this.#position = Number(offset2);
        return true;
      }
      /** Deno opens nothing with `O_SYNC`, so what that promises is done by hand. */
      #settle() {
        const { fileIntegritySync, requestedWriteSync, dataIntegritySync } = this.flags;
        if (fileIntegritySync || requestedWriteSync) this.#handle.syncSync();
        else if (dataIntegritySync) this.#handle.syncDataSync();
      }
      /**
       * The file once more, in the mode where the system finds the end and writes in one step, which two writers of a log
       * rely on. Not to be had once the file has left its path: then the end is looked up first.
       */
      #append() {
        if (this.#appender !== void 0) return this.#appender;
        let appender;
        try {
          if (!isSame(Deno.lstatSync(this.path), this.identity)) return void 0;
          appender = Deno.openSync(this.path, {
            append: true
          });
          if (isSame(appender.statSync(), this.identity)) return this.#appender = this.opened.keep(appender);
        } catch {
        }
        appender?.close();
        return void 0;
      }
    };
  }
});

// src/wasi/filesystem/file_sink.ts
var ROOM2, FileSink;
var init_file_sink = __esm({
  "src/wasi/filesystem/file_sink.ts"() {
    init_file();
    ROOM2 = 1 << 20;
    FileSink = class {
      #file;
      /** Undefined: append. */
      #offset;
      /**
       * @param file Kept open until this is closed.
       * @param offset Where to start; at the end, always, if absent.
       */
      constructor(file, offset2) {
        this.#file = file.retain();
        this.#offset = offset2;
      }
      /** Always: files do not make one wait. */
      ready() {
        return true;
      }
      /** Never changes. */
      watch() {
        return () => {
        };
      }
      /** See {@linkcode Sink.room}. */
      room() {
        return ROOM2;
      }
      /** See {@linkcode Sink.write}. */
      write(bytes) {
        for (let left = bytes; left.length > 0; ) {
          left = left.subarray(this.#writeSome(left));
        }
      }
      /** Nothing is held back. */
      flush() {
      }
      /** The stream was dropped. */
      close() {
        this.#file.release();
      }
      #writeSome(bytes) {
        if (this.#offset === void 0) return this.#file.append(bytes);
        const count = this.#file.writeAt(bytes, this.#offset);
        this.#offset = advanced(this.#offset, count);
        return count;
      }
    };
  }
});

// src/wasi/filesystem/file_source.ts
var FileSource;
var init_file_source = __esm({
  "src/wasi/filesystem/file_source.ts"() {
    init_fill();
    init_file();
    FileSource = class {
      #file;
      #offset;
      #end = 0;
      /** @param file Kept open until this is closed. */
      constructor(file, offset2) {
        this.#file = file.retain();
        this.#offset = offset2;
      }
      /** Always: files do not make one wait. */
      ready() {
        return true;
      }
      /** Never changes. */
      watch() {
        return () => {
        };
      }
      /**
       * See {@linkcode Source.read}, with one difference: the bytes are valid until the next read of any file by this guest.
       * They are in the guest's memory, or in a sink, before it can ask for more.
       */
      read(max) {
        const buffer2 = this.#file.opened.scratch(max);
        if (max === 0) return buffer2;
        const count = this.#file.readAt(buffer2, this.#offset);
        if (count === 0) return null;
        this.#offset = advanced(this.#offset, count);
        return count === max ? buffer2 : buffer2.subarray(0, count);
      }
      /** See {@linkcode Source.direct}: what lies before the end, where the end was when it was last looked at. */
      direct(max) {
        const offset2 = this.#offset;
        if (typeof offset2 !== "number" || offset2 + max > this.#end) {
          if (typeof offset2 !== "number" || max === 0 || offset2 + max > (this.#end = this.#sizeNow())) {
            return void 0;
          }
        }
        return new Fill(max, (into) => {
          let count = 0;
          try {
            count = this.#file.readAt(into, offset2);
          } catch {
          }
          if (count < max) this.#end = 0;
          this.#offset = advanced(offset2, count);
          return count;
        });
      }
      #sizeNow() {
        try {
          return this.#file.size();
        } catch {
          return 0;
        }
      }
      /** See {@linkcode Source.skip}. */
      skip(max) {
        if (max === 0) return 0;
        const left = this.#file.size() - Number(this.#offset);
        if (left <= 0) return null;
        const count = Math.min(left, max);
        this.#offset = advanced(this.#offset, count);
        return count;
      }
      /** The stream was dropped. */
      close() {
        this.#file.release();
      }
    };
  }
});

// src/wasi/filesystem/link.ts
function linkAt(from, pathFlags, oldPath, to, newPath) {
  if (from.readOnly || to.readOnly) throw failure("read-only");
  const source = locate(from, oldPath, pathFlags.symlinkFollow ?? false);
  const target = slotToChange(to, newPath);
  if (source.info?.isDirectory) throw failure("not-permitted");
  if (from.mount.readOnlyAt(source.path)) throw failure("read-only");
  checkVacant(target);
  attempt(() => Deno.linkSync(source.path, target.path));
}
function symlinkAt(base, target, path2) {
  const slot2 = slotToChange(base, path2);
  checkText(target);
  if (isAbsolute(target)) throw failure("not-permitted");
  checkVacant(slot2);
  const granted = [
    "read",
    "write"
  ].every((name2) => Deno.permissions.querySync({
    name: name2
  }).state === "granted");
  if (!granted) throw failure("not-permitted");
  attempt(() => Deno.symlinkSync(target, slot2.path));
}
function readlinkAt(base, path2) {
  const place = locate(base, path2, false);
  if (!place.info?.isSymlink) throw failure("invalid");
  const target = targetText(attempt(() => Deno.readLinkSync(place.path)));
  if (isAbsolute(target)) throw failure("not-permitted");
  return target;
}
function checkVacant(slot2) {
  if (slot2.dots !== void 0) throw failure("exist");
  if (!slot2.slash) return;
  try {
    if (!Deno.lstatSync(slot2.path).isDirectory) throw failure("not-directory");
  } catch (error) {
    if (codeOf2(error) !== void 0) throw failure("no-entry");
    throw error;
  }
  throw failure("exist");
}
var init_link = __esm({
  "src/wasi/filesystem/link.ts"() {
    init_change();
    init_error_code();
    init_path();
    init_resolve();
  }
});

// src/wasi/filesystem/metadata_hash.ts
function metadataHash(info) {
  const identity = [
    info.dev,
    info.ino ?? 0
  ];
  const times = [
    info.birthtime,
    info.mtime,
    info.ctime
  ].map((time) => time?.getTime() ?? 0);
  return {
    lower: hash(identity),
    upper: hash([
      ...identity,
      ...times,
      info.size,
      info.mode ?? 0
    ])
  };
}
function hash(numbers) {
  let high = 2654435769;
  let low = 2246822507;
  for (const number of numbers) {
    for (const word of [
      number % 4294967296 | 0,
      Math.floor(number / 4294967296) | 0
    ]) {
      high = Math.imul(high ^ word, 3432918353) + low | 0;
      low = Math.imul(low ^ (word >>> 15 | word << 17), 461845907) + (high >>> 13) | 0;
    }
  }
  high = finish(high ^ low);
  low = finish(low + high | 0);
  return BigInt(high >>> 0) << 32n | BigInt(low >>> 0);
}
function finish(word) {
  word = Math.imul(word ^ word >>> 16, 2246822507);
  word = Math.imul(word ^ word >>> 13, 3266489909);
  return word ^ word >>> 16;
}
var init_metadata_hash = __esm({
  "src/wasi/filesystem/metadata_hash.ts"() {
  }
});

// src/wasi/filesystem/open.ts
function openAt(base, pathFlags, path2, openFlags, flags) {
  const { create = false, exclusive = false, directory = false, truncate = false } = openFlags;
  if (base.readOnly && (create || truncate || flags.write || flags.mutateDirectory)) {
    throw failure("read-only");
  }
  if (directory && (create || exclusive || truncate)) throw failure("invalid");
  const follow = (pathFlags.symlinkFollow ?? false) && !(create && exclusive);
  base.opened.checkRoom();
  const request2 = {
    follow,
    create,
    exclusive,
    directory,
    truncate,
    flags
  };
  for (let tries = 0; tries < TRIES; tries++) {
    const node = tryOpen(base, path2, request2);
    if (node !== void 0) return node;
  }
  throw failure("busy");
}
function tryOpen(base, path2, request2) {
  const { create, truncate, flags } = request2;
  const place = locate(base, path2, request2.follow, create);
  const readOnly = base.mount.readOnlyAt(place.path);
  if (place.info === void 0) {
    if (place.slash) throw failure("is-directory");
    if (readOnly) throw failure("read-only");
    return createFile(base, place.path, request2);
  }
  const refusal3 = refusalOf(place.info, request2);
  if (refusal3 !== void 0) throw failure(refusal3);
  if (readOnly && (truncate || flags.write || flags.mutateDirectory)) throw failure("read-only");
  if (place.info.isDirectory) return openDirectory(base, place.path, place.info);
  return openFile(base, place.path, place.info, request2);
}
function refusalOf(info, request2) {
  if (request2.create && request2.exclusive) return "exist";
  if (info.isSymlink) return request2.directory ? "not-directory" : "loop";
  if (info.isDirectory) {
    return request2.create || request2.truncate || request2.flags.write ? "is-directory" : void 0;
  }
  if (request2.directory) return "not-directory";
  if (info.isFile) return void 0;
  return info.isSocket ? "no-such-device" : "unsupported";
}
function createFile(base, path2, request2) {
  const { read = false } = request2.flags;
  let handle2;
  try {
    handle2 = Deno.openSync(path2, {
      read,
      write: true,
      createNew: true
    });
  } catch (error) {
    if (codeOf2(error) === "exist") return void 0;
    throw translated(error);
  }
  return new OpenFile(handle2, attempt(() => handle2.statSync()), path2, request2.flags, base.mount, base.opened);
}
function openDirectory(base, path2, seen) {
  const directory = new OpenDirectory(path2, base.mount, base.opened);
  if (isSame(directory.identity, seen)) return directory;
  directory.release();
  return void 0;
}
function openFile(base, path2, seen, { truncate, flags }) {
  const write = truncate || (flags.write ?? false);
  const handle2 = attempt(() => Deno.openSync(path2, {
    read: flags.read || !write,
    write
  }));
  try {
    const info = handle2.statSync();
    if (isSame(info, seen) && info.isFile) {
      if (truncate) handle2.truncateSync(0);
      return new OpenFile(handle2, info, path2, flags, base.mount, base.opened);
    }
  } catch (error) {
    handle2.close();
    throw translated(error);
  }
  handle2.close();
  return void 0;
}
var TRIES;
var init_open = __esm({
  "src/wasi/filesystem/open.ts"() {
    init_directory();
    init_error_code();
    init_file();
    init_identity();
    init_resolve();
    TRIES = 8;
  }
});

// src/wasi/filesystem/set_times.ts
function setTimes(node, access, modification) {
  if (node.readOnly) throw failure("read-only");
  apply(access, modification, () => node.info(), (a, m) => node.setTimes(a, m));
}
function setTimesAt(base, pathFlags, path2, access, modification) {
  if (base.readOnly) throw failure("read-only");
  const { path: found, info } = locate(base, path2, pathFlags.symlinkFollow ?? false);
  if (base.mount.readOnlyAt(found)) throw failure("read-only");
  const set = info.isSymlink ? setLinkTimes : Deno.utimeSync;
  apply(access, modification, () => info, (a, m) => attempt(() => set(found, a, m)));
}
function apply(access, modification, info, set) {
  const [a, m] = [
    dateOf(access),
    dateOf(modification)
  ];
  if (a === void 0 && m === void 0) return;
  const now3 = a === void 0 || m === void 0 ? info() : void 0;
  set(a ?? now3?.atime ?? /* @__PURE__ */ new Date(), m ?? now3?.mtime ?? /* @__PURE__ */ new Date());
}
function dateOf(time) {
  if (time.tag === "no-change") return void 0;
  if (time.tag === "now") return /* @__PURE__ */ new Date();
  const { seconds, nanoseconds } = time.val;
  if (nanoseconds >= 1e9) throw failure("invalid");
  if (seconds >= MAX_SECONDS) throw failure("invalid");
  return new Date(Number(seconds) * 1e3 + Math.floor(nanoseconds / 1e6));
}
function setLinkTimes(path2, access, modification) {
  const { process } = globalThis;
  process.getBuiltinModule("node:fs").lutimesSync(path2, access, modification);
}
var MAX_SECONDS;
var init_set_times = __esm({
  "src/wasi/filesystem/set_times.ts"() {
    init_error_code();
    init_resolve();
    MAX_SECONDS = 8640000000000n;
  }
});

// src/wasi/filesystem/descriptor.ts
var Descriptor;
var init_descriptor = __esm({
  "src/wasi/filesystem/descriptor.ts"() {
    init_error3();
    init_input_stream();
    init_output_stream();
    init_source();
    init_change();
    init_directory();
    init_entries();
    init_error_code();
    init_file_sink();
    init_file_source();
    init_file();
    init_identity();
    init_link();
    init_metadata_hash();
    init_open();
    init_resolve();
    init_set_times();
    init_stat();
    Descriptor = class _Descriptor {
      #node;
      /** @param node What was opened; this descriptor's own from now on. */
      constructor(node) {
        this.#node = node;
      }
      /** For the host: where it is, in the guest's terms; `undefined` once it was dropped. */
      static placeOf(descriptor2) {
        const node = descriptor2.#node;
        return node && {
          mount: node.mount.guest,
          path: node.mount.guestPath(node.path)
        };
      }
      /** `read-via-stream: func(offset: filesize) -> result<input-stream, error-code>` */
      readViaStream(offset2) {
        const file = this.#file("is-directory");
        file.checkRead();
        return new InputStream(new FileSource(file, offsetOf(offset2)));
      }
      /** `write-via-stream: func(offset: filesize) -> result<output-stream, error-code>` */
      writeViaStream(offset2) {
        const file = this.#file();
        file.checkWrite();
        return new OutputStream(new FileSink(file, offsetOf(offset2)));
      }
      /** `append-via-stream: func() -> result<output-stream, error-code>` */
      appendViaStream() {
        const file = this.#file();
        file.checkWrite();
        return new OutputStream(new FileSink(file));
      }
      /** `advise`: Deno cannot pass advice on, and advice need not be taken. */
      advise(offset2, length, _advice) {
        this.#file();
        offsetOf(offset2);
        offsetOf(length);
      }
      /** `sync-data: func() -> result<_, error-code>` */
      syncData() {
        const node = this.#live();
        if (node instanceof OpenFile) node.syncData();
        else node.sync();
      }
      /** `get-flags: func() -> result<descriptor-flags, error-code>` */
      getFlags() {
        const node = this.#live();
        if (node instanceof OpenDirectory) return {
          read: true,
          mutateDirectory: !node.readOnly
        };
        const { mutateDirectory: _, ...flags } = node.flags;
        return flags;
      }
      /** `get-type: func() -> result<descriptor-type, error-code>` */
      getType() {
        return typeOf(this.#live().info());
      }
      /** `set-size: func(size: filesize) -> result<_, error-code>` */
      setSize(size) {
        const file = this.#file();
        if (file.readOnly) throw failure("read-only");
        if (!file.flags.write) throw failure("invalid");
        file.setSize(size);
      }
      /** `set-times`, with each time either as it is, now, or given. */
      setTimes(dataAccessTimestamp, dataModificationTimestamp) {
        setTimes(this.#live(), dataAccessTimestamp, dataModificationTimestamp);
      }
      /**
       * `read: func(length: filesize, offset: filesize) -> result<tuple<list<u8>, bool>, error-code>`
       *
       * @param length At most so many bytes, and never more than 1 MiB a call.
       * @returns The bytes, and whether the file ends behind them.
       */
      read(length, offset2) {
        const file = this.#file("is-directory");
        file.checkRead();
        const start = offsetOf(offset2);
        const buffer2 = file.opened.scratch(length < MAX_READ ? Number(length) : MAX_READ);
        const count = buffer2.length === 0 ? 0 : attempt(() => file.readAt(buffer2, start));
        const ended = count === buffer2.length && count > 0 ? false : Number(start) + count >= file.info().size;
        return [
          buffer2.slice(0, count),
          ended
        ];
      }
      /** `write: func(buffer: list<u8>, offset: filesize) -> result<filesize, error-code>` */
      write(buffer2, offset2) {
        const file = this.#file();
        file.checkWrite();
        const start = offsetOf(offset2);
        return BigInt(attempt(() => file.writeAt(buffer2, start)));
      }
      /** `read-directory: func() -> result<directory-entry-stream, error-code>` */
      readDirectory() {
        return new DirectoryEntryStream(new Entries(this.#directory()));
      }
      /** `sync: func() -> result<_, error-code>` */
      sync() {
        this.#live().sync();
      }
      /** `create-directory-at: func(path: string) -> result<_, error-code>` */
      createDirectoryAt(path2) {
        createDirectoryAt(this.#directory(), path2);
      }
      /** `stat: func() -> result<descriptor-stat, error-code>` */
      stat() {
        return statOf(this.#live().info());
      }
      /** `stat-at: func(path-flags: path-flags, path: string) -> result<descriptor-stat, error-code>` */
      statAt(pathFlags, path2) {
        return statOf(this.#look(pathFlags, path2));
      }
      /** `set-times-at`, with each time either as it is, now, or given. */
      setTimesAt(pathFlags, path2, dataAccessTimestamp, dataModificationTimestamp) {
        setTimesAt(this.#directory(), pathFlags, path2, dataAccessTimestamp, dataModificationTimestamp);
      }
      /** `link-at`: a hard link. */
      linkAt(oldPathFlags, oldPath, newDescriptor, newPath) {
        linkAt(this.#directory(), oldPathFlags, oldPath, newDescriptor.#directory(), newPath);
      }
      /** `open-at`: a file or directory below this one. */
      openAt(pathFlags, path2, openFlags, flags) {
        return new _Descriptor(openAt(this.#directory(), pathFlags, path2, openFlags, flags));
      }
      /** `readlink-at: func(path: string) -> result<string, error-code>` */
      readlinkAt(path2) {
        return readlinkAt(this.#directory(), path2);
      }
      /** `remove-directory-at: func(path: string) -> result<_, error-code>` */
      removeDirectoryAt(path2) {
        removeDirectoryAt(this.#directory(), path2);
      }
      /** `rename-at: func(old-path: string, new-descriptor: borrow<descriptor>, new-path: string) -> result<_, error-code>` */
      renameAt(oldPath, newDescriptor, newPath) {
        renameAt(this.#directory(), oldPath, newDescriptor.#directory(), newPath);
      }
      /** `symlink-at: func(old-path: string, new-path: string) -> result<_, error-code>` */
      symlinkAt(oldPath, newPath) {
        symlinkAt(this.#directory(), oldPath, newPath);
      }
      /** `unlink-file-at: func(path: string) -> result<_, error-code>` */
      unlinkFileAt(path2) {
        unlinkFileAt(this.#directory(), path2);
      }
      /** `is-same-object: func(other: borrow<descriptor>) -> bool` */
      isSameObject(other) {
        return isSame(this.#live().identity, other.#live().identity);
      }
      /** `metadata-hash: func() -> result<metadata-hash-value, error-code>` */
      metadataHash() {
        return metadataHash(this.#live().info());
      }
      /** `metadata-hash-at: func(path-flags: path-flags, path: string) -> result<metadata-hash-value, error-code>` */
      metadataHashAt(pathFlags, path2) {
        return metadataHash(this.#look(pathFlags, path2));
      }
      /** Closes it. Streams of a file keep the file open. */
      [Symbol.dispose]() {
        const node = this.#node;
        this.#node = void 0;
        node?.release();
      }
      #live() {
        if (this.#node === void 0) throw new Trap("wasi:filesystem/types: the descriptor was dropped");
        return this.#node;
      }
      #directory() {
        const node = this.#live();
        if (node instanceof OpenDirectory) return node;
        throw failure("not-directory");
      }
      #file(otherwise = "bad-descriptor") {
        const node = this.#live();
        if (node instanceof OpenFile) return node;
        throw failure(otherwise);
      }
      #look({ symlinkFollow = false }, path2) {
        return locate(this.#directory(), path2, symlinkFollow).info;
      }
    };
  }
});

// src/wasi/http/authority.ts
function parseAuthority(text) {
  if (text.length > MAX_LENGTH2) return void 0;
  const match = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return void 0;
  const port = match[2] === void 0 ? void 0 : Number(match[2]);
  if (port !== void 0 && (port < 1 || port > 65535)) return void 0;
  const host = parseHost(match[1]);
  if (host === void 0) return void 0;
  const name2 = typeof host === "string" ? host : host.family === 4 ? formatIp(host) : `[${formatIp(host)}]`;
  return {
    host,
    port,
    text: port === void 0 ? name2 : `${name2}:${port}`
  };
}
function parseHost(text) {
  if (!text.startsWith("[")) return parseIp(text) ?? parseName(text);
  const ip = parseIp(text.slice(1, -1));
  return ip?.family === 6 ? ip : void 0;
}
var MAX_LENGTH2;
var init_authority = __esm({
  "src/wasi/http/authority.ts"() {
    init_network();
    MAX_LENGTH2 = 1024;
  }
});

// src/wasi/http/target.ts
function isPath(text) {
  return text === "*" || text.length <= MAX_PATH && PATH.test(text);
}
function isMethod(method) {
  return method.tag !== "other" || method.val.length <= MAX_WORD && isToken(method.val);
}
function methodWord(method) {
  return method.tag === "other" ? method.val : method.tag.toUpperCase();
}
function isScheme(scheme) {
  return scheme.tag !== "other" || scheme.val.length <= MAX_WORD && SCHEME.test(scheme.val);
}
function transportOf(scheme) {
  switch (scheme?.tag) {
    case void 0:
      return "https";
    case "HTTP":
      return "http";
    case "HTTPS":
      return "https";
    case "other": {
      const lower2 = scheme.val.toLowerCase();
      return lower2 === "http" || lower2 === "https" ? lower2 : void 0;
    }
  }
}
var MAX_PATH, MAX_WORD, PATH, SCHEME;
var init_target = __esm({
  "src/wasi/http/target.ts"() {
    init_field_syntax();
    MAX_PATH = 65535;
    MAX_WORD = 256;
    PATH = /^[/?][\x21\x22\x24-\x7e]*$/;
    SCHEME = /^[a-z][a-z0-9+.-]*$/i;
  }
});

// src/wasi/audit_subjects.ts
function descriptor(method, look) {
  return {
    [`wasi:filesystem/types#[method]descriptor.${method}`]: look
  };
}
function path(access, index) {
  return (args) => [
    at3(args[0], args[index], access)
  ];
}
function itself(access) {
  return (args) => [
    at3(args[0], void 0, access)
  ];
}
function opened(args, outcome) {
  const [self, , text, open2, flags] = args;
  const write = open2.create || open2.truncate || flags.write || flags.mutateDirectory;
  const access = write ? "write" : "read";
  return [
    outcome.tag === "returned" ? at3(outcome.value, void 0, access) : at3(self, text, access)
  ];
}
function at3(self, text, access) {
  const place = Descriptor.placeOf(self);
  if (place === void 0) return {};
  const { mount } = place;
  const target = typeof text === "string" ? joined(place.path, text) : place.path;
  return {
    target,
    mount,
    access,
    allowing: (code) => code === "read-only" ? `wasi.mounts: [{guest: ${JSON.stringify(mount)}, read_only: false}]` : void 0
  };
}
function joined(base, text) {
  const names = text.slice(0, 1e3).split("/").filter((name2) => name2 !== "" && name2 !== ".");
  return names.reduce((path2, name2) => `${path2 === "/" ? "" : path2}/${name2}`, base);
}
function remembered(socket2) {
  const subject = bindings2.get(socket2);
  return subject === void 0 ? [] : [
    subject
  ];
}
function bound2(scheme, args, outcome, context) {
  if (!happened(outcome, context)) return [];
  const { ip, port } = addressOf(args[2]);
  const target = `${scheme}://${hostText(ip)}:${port}`;
  const { network } = context.grant;
  const subject = {
    target,
    allowing: () => network?.rules === void 0 ? "wasi.network.private: true" : `wasi.network.allow: ["${target}"]`
  };
  if (outcome.tag === "returned") bindings2.set(args[0], subject);
  return port === 0 ? [] : [
    subject
  ];
}
function datagrams(args, outcome, context) {
  if (!happened(outcome, context)) return [];
  const all = args[1];
  const sent = outcome.tag === "returned" ? Number(outcome.value) : 1;
  return all.slice(0, sent).flatMap(({ remoteAddress }) => remoteAddress === void 0 ? [] : [
    socket("udp", remoteAddress, context)
  ]);
}
function socket(scheme, to, { grant: { network }, namesOf }) {
  const { ip, port } = addressOf(to);
  const name2 = namesOf(ip).find((name3) => mayReachName(network, [
    scheme
  ], name3, port));
  const host = name2 ?? ip;
  return {
    target: `${scheme}://${hostText(host)}:${port}`,
    ...name2 !== void 0 && {
      address: hostText(ip).replace(/^\[|\]$/g, "")
    },
    allowing: () => lineAllowing(network, {
      scheme,
      host,
      port,
      ...name2 !== void 0 && {
        address: ip
      }
    })
  };
}
function addressOf({ val }) {
  return {
    ip: unmapped(ipOf(val.address)),
    port: val.port
  };
}
function request(request2, { network }) {
  const scheme = transportOf(request2.scheme());
  const authority = parseAuthority(request2.authority() ?? "");
  if (scheme === void 0 || authority === void 0) return {};
  const { host, port = scheme === "http" ? 80 : 443 } = authority;
  return {
    target: `${scheme}://${hostText(host)}:${port}`,
    allowing: () => lineAllowing(network, {
      scheme,
      host,
      port
    })
  };
}
function happened(outcome, { refused: refused2 }) {
  return outcome.tag === "returned" || refused2;
}
function refusedOnly(look) {
  return (args, _outcome, context) => {
    if (!context.refused) return [];
    const subject = look(args, context);
    return subject === void 0 ? [] : [
      subject
    ];
  };
}
var LOOKS, bindings2;
var init_audit_subjects = __esm({
  "src/wasi/audit_subjects.ts"() {
    init_network();
    init_descriptor();
    init_authority();
    init_target();
    LOOKS = {
      "wasi:cli/environment#get-environment": (_args, _outcome, { grant }) => grant.env.map(([target]) => ({
        target
      })),
      ...descriptor("open-at", opened),
      ...descriptor("stat-at", path("read", 2)),
      ...descriptor("metadata-hash-at", path("read", 2)),
      ...descriptor("readlink-at", path("read", 1)),
      ...descriptor("create-directory-at", path("write", 1)),
      ...descriptor("remove-directory-at", path("write", 1)),
      ...descriptor("unlink-file-at", path("write", 1)),
      ...descriptor("symlink-at", path("write", 2)),
      ...descriptor("set-times-at", path("write", 2)),
      ...descriptor("rename-at", (args) => [
        at3(args[0], args[1], "write"),
        at3(args[2], args[3], "write")
      ]),
      ...descriptor("link-at", (args) => [
        at3(args[0], args[2], "write"),
        at3(args[3], args[4], "write")
      ]),
      ...descriptor("stat", itself("read")),
      ...descriptor("metadata-hash", itself("read")),
      ...descriptor("read-directory", itself("read")),
      ...descriptor("set-times", itself("write")),
      ...descriptor("set-size", itself("write")),
      ...descriptor("write-via-stream", itself("write")),
      ...descriptor("append-via-stream", itself("write")),
      ...descriptor("write", itself("write")),
      // Connections and lookups tell of themselves once they get through (`Watcher`); here they tell where they do not.
      "wasi:sockets/tcp#[method]tcp-socket.start-connect": refusedOnly((args, context) => socket("tcp", args[2], context)),
      "wasi:sockets/tcp#[method]tcp-socket.finish-connect": () => void 0,
      "wasi:sockets/ip-name-lookup#[method]resolve-address-stream.resolve-next-address": () => void 0,
      "wasi:sockets/tcp#[method]tcp-socket.start-bind": (args, outcome, context) => bound2("tcp", args, outcome, context),
      "wasi:sockets/tcp#[method]tcp-socket.start-listen": (args, outcome, context) => happened(outcome, context) ? remembered(args[0]) : [],
      "wasi:sockets/tcp#[method]tcp-socket.finish-bind": refusedOnly((args) => remembered(args[0])[0]),
      "wasi:sockets/udp#[method]udp-socket.start-bind": (args, outcome, context) => bound2("udp", args, outcome, context),
      "wasi:sockets/udp#[method]udp-socket.finish-bind": refusedOnly((args) => remembered(args[0])[0]),
      "wasi:sockets/udp#[method]udp-socket.stream": (args, outcome, context) => args[1] === void 0 || !happened(outcome, context) ? [] : [
        socket("udp", args[1], context)
      ],
      "wasi:sockets/udp#[method]outgoing-datagram-stream.send": datagrams,
      "wasi:http/outgoing-handler#handle": refusedOnly((args, { grant }) => request(args[0], grant))
    };
    bindings2 = /* @__PURE__ */ new WeakMap();
  }
});

// src/wasi/audit.ts
var audit_exports = {};
__export(audit_exports, {
  Audit: () => Audit
});
function cut(text) {
  return text.length > LONGEST4 ? `${text.slice(0, LONGEST4)}\u2026` : text;
}
function refusalOf2(outcome) {
  if (outcome.tag === "returned") return void 0;
  const { error } = outcome;
  const wall = wallOf(error);
  if (!(error instanceof ComponentError)) return wall === void 0 ? void 0 : {
    wall
  };
  const { payload } = error;
  const code = typeof payload === "string" ? payload : payload?.tag;
  if (typeof code !== "string") return void 0;
  return REFUSALS.has(code) || wall !== void 0 ? {
    wall: wall ?? "link",
    code
  } : void 0;
}
var LONGEST4, REFUSALS, SOCKET_FUNCTIONS, Audit;
var init_audit = __esm({
  "src/wasi/audit.ts"() {
    init_error3();
    init_error6();
    init_network();
    init_audit_subjects();
    init_denial();
    init_error5();
    LONGEST4 = 300;
    REFUSALS = /* @__PURE__ */ new Set([
      "not-permitted",
      "access",
      "read-only",
      "access-denied",
      "HTTP-request-denied",
      "destination-IP-prohibited"
    ]);
    SOCKET_FUNCTIONS = {
      tcp: [
        "wasi:sockets/tcp",
        "[method]tcp-socket.start-connect"
      ],
      http: [
        "wasi:http/outgoing-handler",
        "handle"
      ],
      https: [
        "wasi:http/outgoing-handler",
        "handle"
      ],
      lookup: [
        "wasi:sockets/ip-name-lookup",
        "resolve-addresses"
      ]
    };
    Audit = class {
      #grant;
      #report;
      /** Interfaces as the component spells them, by their names without versions. */
      #spelled = /* @__PURE__ */ new Map();
      #reach;
      /**
       * @param grant What the guest was granted in this call.
       * @param report Receives the events, those of equal text perhaps many times.
       */
      constructor(grant, report2) {
        this.#grant = grant;
        this.#report = report2;
      }
      /** For the engine: watches the calls of host functions. */
      observe = (interfaceName, func) => {
        const base = interfaceName.split("@")[0];
        this.#spelled.set(base, interfaceName);
        const look = Object.hasOwn(LOOKS, `${base}#${func}`) ? LOOKS[`${base}#${func}`] : void 0;
        let told = false;
        return (args, outcome) => {
          if (!told) this.#tell(interfaceName, func, {}, {
            outcome: "used"
          });
          told = true;
          const refusal3 = refusalOf2(outcome);
          if (look === void 0 && refusal3 === void 0) return;
          const namesOf = (ip) => this.#reach?.namesOf(ip) ?? [];
          const context = {
            grant: this.#grant,
            refused: refusal3 !== void 0,
            namesOf
          };
          const subjects = look === void 0 ? [] : look(args, outcome, context);
          if (subjects === void 0) return;
          if (refusal3 === void 0) {
            for (const subject of subjects) this.#tell(interfaceName, func, subject, {
              outcome: "used"
            });
            return;
          }
          for (const subject of subjects.length > 0 ? subjects : [
            {}
          ]) {
            this.#tell(interfaceName, func, subject, {
              outcome: "refused",
              ...refusal3
            });
          }
        };
      };
      /** The same `missing`, watched: interfaces that were not declared. */
      missing(missing) {
        return (interfaceName, func) => {
          const error = missing(interfaceName, func);
          const wall = error instanceof CapabilityError ? error.wall : "link";
          this.#tell(interfaceName, func, {}, {
            outcome: "refused",
            wall
          });
          return error;
        };
      }
      /** See {@linkcode Watcher}. */
      began(reach) {
        this.#reach = reach;
      }
      /** See {@linkcode Watcher}. What is refused before anything is dialled, the function that is called has told. */
      dialled({ scheme, host, port }, ip, error) {
        const known3 = typeof host === "string" ? host : this.#nameOf(scheme, host, port) ?? host;
        const asked = {
          scheme,
          host: known3,
          port,
          ...ip && {
            address: ip
          }
        };
        const target = `${scheme}://${hostText(known3)}:${port}`;
        const address = ip !== void 0 && typeof known3 === "string" ? {
          address: formatIp(ip)
        } : {};
        this.#network(scheme, {
          target,
          ...address
        }, error, () => lineAllowing(this.#grant.network, asked));
      }
      /** See {@linkcode Watcher}. */
      resolved(name2, found, error) {
        const { network } = this.#grant;
        const allowing = () => mayReachName(network, [
          "tcp",
          "udp"
        ], name2) ? "wasi.network.private: true" : `wasi.network.allow: ["tcp://${name2}"]`;
        if (found.length === 0) return this.#network("lookup", {
          target: name2
        }, error, allowing);
        for (const ip of found) {
          this.#network("lookup", {
            target: name2,
            address: formatIp(ip)
          }, void 0, allowing);
        }
      }
      #nameOf(scheme, ip, port) {
        return this.#reach?.namesOf(ip).find((name2) => mayReachName(this.#grant.network, [
          scheme
        ], name2, port));
      }
      #network(kind, subject, error, allowing) {
        const [base, func] = SOCKET_FUNCTIONS[kind];
        const interfaceName = this.#spelled.get(base) ?? base;
        const wall = error instanceof NetworkError ? wallOfNetwork(error) : void 0;
        if (wall === void 0) return this.#tell(interfaceName, func, subject, {
          outcome: "used"
        });
        const allow = wall === "link" ? allowing() : void 0;
        this.#tell(interfaceName, func, subject, {
          outcome: "refused",
          wall,
          code: error.reason,
          ...allow !== void 0 && {
            allow
          }
        });
      }
      #tell(interfaceName, func, { allowing, ...subject }, said) {
        const allow = said.outcome === "refused" && said.wall === "link" ? allowing?.(said.code) : void 0;
        this.#report({
          interface: cut(interfaceName),
          function: cut(func),
          ...subject,
          ...subject.target !== void 0 && {
            target: cut(subject.target)
          },
          ...said,
          ...allow !== void 0 && {
            allow
          }
        });
      }
    };
  }
});

// src/compartment/become.ts
init_error();
init_start();

// src/compartment/spec.ts
init_network_rule();
init_error();
function specOf(plain3) {
  const { packages, network, ...grant } = plain3.grant;
  return {
    ...plain3,
    grant: {
      ...grant,
      packages: new Set(packages),
      network: network && {
        rules: network.allow?.map(ruleOf),
        private: network.private
      }
    }
  };
}
function ruleOf(text) {
  const rule = networkRule(text);
  if ("wrong" in rule) throw new ChannelError(`a network rule that is none: ${rule.wrong}`);
  return rule;
}

// src/compartment/become.ts
var JOB = "AIRLOCK_JOB";
function jobText() {
  let text = Deno.env.get(JOB) ?? "";
  for (let i = 1; ; i++) {
    const { state } = Deno.permissions.querySync({
      name: "env",
      variable: `${JOB}_${i}`
    });
    const piece = state === "granted" ? Deno.env.get(`${JOB}_${i}`) : void 0;
    if (piece === void 0) return text;
    text += piece;
  }
}

// src/wasi/cli/exit.ts
var ExitError = class extends Error {
  /** Always `ExitError`. */
  name = "ExitError";
  /** Always `exit`. */
  code = "exit";
  /** The exit code, 0 to 255. */
  exitCode;
  /**
   * An exit with this code.
   *
   * @param exitCode The exit code, 0 to 255.
   */
  constructor(exitCode) {
    super(`the guest exited with code ${exitCode}`);
    this.exitCode = exitCode;
  }
};
function exit(status) {
  throw new ExitError(status.tag === "ok" ? 0 : 1);
}
function exitWithCode(statusCode) {
  throw new ExitError(statusCode);
}

// src/wasi/http/response_body.ts
init_stream_error();
init_waitable();
var RESPONSE_ROOM = 64 * 1024;
var NOTHING = new Uint8Array(0);
var CutError = class extends Error {
  /** Always `CutError`. */
  name = "CutError";
  /** Makes the error. */
  constructor() {
    super("the guest ended before its response did");
  }
};
var ResponseBody = class _ResponseBody {
  /** One buffer, not a list of chunks: a guest that writes byte by byte costs no object for each. */
  #buffer = NOTHING;
  #size = 0;
  #state = "open";
  #gone = false;
  #discards = false;
  #written = new Signal();
  #drained = new Signal();
  /** The guest's end. A flush is done when the bytes are queued: what the network does with them, it cannot know. */
  sink = {
    ready: () => this.#room() !== 0,
    watch: (wake) => this.#drained.watch(wake),
    room: () => this.#room(),
    write: (bytes) => this.#write(bytes),
    flush: () => {
      if (this.#room() === null) throw closed();
    }
  };
  /** The client's end: its `read` throws a {@linkcode CutError} where the contents end too early. */
  source = {
    ready: () => this.#size > 0 || this.#state !== "open" || this.#gone,
    watch: (wake) => this.#written.watch(wake),
    read: (max) => this.#read(max),
    close: () => this.#leave()
  };
  /** Contents that are there at once. */
  static of(bytes) {
    const body = new _ResponseBody();
    body.#buffer = bytes;
    body.#size = bytes.length;
    body.#state = "finished";
    return body;
  }
  /** Whether more may come, and if not, whether what came is all. */
  get state() {
    return this.#state;
  }
  /** Whether the client has left. */
  get gone() {
    return this.#gone;
  }
  /** How many bytes wait for the client. */
  get waiting() {
    return this.#size;
  }
  /** Everything, if it is complete; then nothing is left to read. */
  whole() {
    return this.#state === "finished" ? this.#take(this.#size) : void 0;
  }
  /** The contents are complete. */
  finish() {
    this.#end("finished");
  }
  /** No more comes, and what came is not all. */
  cut() {
    this.#end("cut");
  }
  /** From now on what is written goes nowhere: the response has no content, whatever the guest says. */
  discard() {
    this.#discards = true;
    this.#size = 0;
    this.#buffer = NOTHING;
    this.#drained.fire();
  }
  #end(state) {
    if (this.#state !== "open") return;
    this.#state = state;
    this.#written.fire();
    this.#drained.fire();
  }
  #room() {
    if (this.#gone || this.#state !== "open") return null;
    return this.#discards ? RESPONSE_ROOM : RESPONSE_ROOM - this.#size;
  }
  #write(bytes) {
    if (this.#gone || this.#state !== "open") throw closed();
    if (this.#discards || bytes.length === 0) return;
    const size = this.#size + bytes.length;
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(RESPONSE_ROOM, Math.max(size, 2 * this.#buffer.length)));
      grown.set(this.#buffer.subarray(0, this.#size));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#size);
    this.#size = size;
    this.#written.fire();
  }
  #read(max) {
    if (this.#size > 0 && max > 0) return this.#take(max);
    if (this.#size > 0 || this.#state === "open") return NOTHING;
    if (this.#state === "cut") throw new CutError();
    return null;
  }
  /** The buffer goes with its bytes: whoever sends them may keep them. */
  #take(max) {
    const taken = this.#buffer.subarray(0, Math.min(max, this.#size));
    const rest = this.#buffer.slice(taken.length, this.#size);
    this.#buffer = rest;
    this.#size = rest.length;
    this.#drained.fire();
    return taken;
  }
  #leave() {
    if (this.#gone) return;
    this.#gone = true;
    this.#buffer = NOTHING;
    this.#size = 0;
    this.#drained.fire();
  }
};

// src/wasi/http/error_status.ts
var STATUS = {
  "DNS-timeout": 504,
  "DNS-error": 502,
  "destination-not-found": 500,
  "destination-unavailable": 503,
  "destination-IP-prohibited": 502,
  "destination-IP-unroutable": 502,
  "connection-refused": 502,
  "connection-terminated": 502,
  "connection-timeout": 504,
  "connection-read-timeout": 504,
  "connection-write-timeout": 504,
  "connection-limit-reached": 503,
  "TLS-protocol-error": 502,
  "TLS-certificate-error": 502,
  "TLS-alert-received": 502,
  "HTTP-request-denied": 403,
  "HTTP-request-length-required": 411,
  "HTTP-request-body-size": 413,
  "HTTP-request-method-invalid": 400,
  "HTTP-request-URI-invalid": 400,
  "HTTP-request-URI-too-long": 414,
  "HTTP-request-header-section-size": 431,
  "HTTP-request-header-size": 431,
  "HTTP-request-trailer-section-size": 431,
  "HTTP-request-trailer-size": 431,
  "HTTP-response-incomplete": 502,
  "HTTP-response-header-section-size": 502,
  "HTTP-response-header-size": 502,
  "HTTP-response-body-size": 502,
  "HTTP-response-trailer-section-size": 502,
  "HTTP-response-trailer-size": 502,
  "HTTP-response-transfer-coding": 502,
  "HTTP-response-content-coding": 502,
  "HTTP-response-timeout": 504,
  "HTTP-upgrade-failed": 502,
  "HTTP-protocol-error": 502,
  "loop-detected": 502,
  "configuration-error": 500,
  "internal-error": 500
};
var PHRASES = {
  400: "Bad Request",
  403: "Forbidden",
  411: "Length Required",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout"
};
var encoder = new TextEncoder();
function statusOf(code) {
  return STATUS[code.tag];
}
function hostResponse(status, more = []) {
  const fields = [
    [
      "content-type",
      "text/plain; charset=utf-8"
    ],
    ...more
  ];
  return {
    status,
    headers: fields.map(([name2, value]) => [
      name2,
      encoder.encode(value)
    ]),
    body: ResponseBody.of(encoder.encode(`${PHRASES[status] ?? status}
`))
  };
}

// src/wasi/http/incoming_exchange.ts
function hasNoContent(method, status) {
  return method === "HEAD" || status === 204 || status === 205 || status === 304;
}

// src/wasi/http/handler_error.ts
var HandlerError = class extends Error {
  /** Always `HandlerError`. */
  name = "HandlerError";
  /** Always `handler`. */
  code = "handler";
  /** The `error-code` that it answered instead of a response, if that is what it did. */
  errorCode;
  /**
   * Makes the error.
   *
   * @param message What it did, or did not do.
   * @param errorCode What it answered instead of a response.
   */
  constructor(message, errorCode) {
    super(message);
    this.errorCode = errorCode;
  }
};

// src/wasi/http/incoming_request.ts
init_error3();

// src/wasi/http/fields.ts
init_error3();

// src/wasi/http/ledger.ts
init_waitable();
var MOST_HELD = 256 << 20;
var roomAgain = new Signal();
var held = 0;
var forgotten = new FinalizationRegistry((entry) => change(entry, 0));
function roomLeft() {
  return Math.max(0, MOST_HELD - held);
}
var Holding = class {
  #entry = {
    bytes: 0
  };
  /** @param owner Who holds it. */
  constructor(owner) {
    forgotten.register(owner, this.#entry);
  }
  /** It holds so much now. */
  set(bytes) {
    change(this.#entry, bytes);
  }
};
function change(entry, bytes) {
  const full = held >= MOST_HELD;
  held += bytes - entry.bytes;
  entry.bytes = bytes;
  if (full && held < MOST_HELD) roomAgain.fire();
}

// src/wasi/network/limits.ts
var NETWORK_LIMITS = Object.freeze({
  // A process often has no more than 1,024 files; one guest leaves most of them to the others.
  sockets: 256,
  // Four addresses for each socket.
  rememberedNames: 1024,
  // What kernels keep for a socket by default (212,992 bytes on Linux), and no flood of empty ones.
  datagrams: 256,
  datagramBytes: 262144,
  // Servers accept 8 to 16 KiB; wasmtime allows this much.
  headerBytes: 131072,
  headerCount: 1024,
  // Four pieces as large as sockets give them. With room for one, a guest reads half as fast (measured).
  bodyBytes: 262144
});

// src/wasi/http/limits.ts
var FIELD_LIMITS = NETWORK_LIMITS;
var OVERHEAD = 4;
function sizeOf([name2, value]) {
  return name2.length + value.length + OVERHEAD;
}

// src/wasi/http/field_list.ts
var FieldList = class _FieldList {
  #fields;
  #size;
  #users = 1;
  #holding = new Holding(this);
  /** @param fields The fields; the list is theirs from now on. */
  constructor(fields = []) {
    this.#fields = fields;
    this.#size = sizeOfAll(fields);
    this.#holding.set(this.#size);
  }
  /** The fields, in their order. */
  get fields() {
    return this.#fields;
  }
  /** Bytes of all of them. */
  get size() {
    return this.#size;
  }
  /** One more uses it. */
  share() {
    this.#users++;
    return this;
  }
  /** One less does. With the last one they count for nothing any more. */
  leave() {
    if (--this.#users === 0) this.#holding.set(0);
  }
  /** A list that may be changed: this one, where nobody else uses it. */
  own() {
    if (this.#users === 1) return this;
    const own2 = new _FieldList([
      ...this.#fields
    ]);
    this.leave();
    return own2;
  }
  /** Adds one. */
  push(field) {
    this.#fields.push(field);
    this.#size += sizeOf(field);
    this.#holding.set(this.#size);
  }
  /** Puts others in place of all. */
  replace(fields) {
    this.#fields = fields;
    this.#size = sizeOfAll(fields);
    this.#holding.set(this.#size);
  }
};
function sizeOfAll(fields) {
  return fields.reduce((size, field) => size + sizeOf(field), 0);
}

// src/wasi/http/fields.ts
init_field_syntax();
var Fields = class _Fields {
  #list;
  #immutable = false;
  #limits = FIELD_LIMITS;
  #dropped = false;
  /**
   * `constructor()`: none yet.
   *
   * @param list For the host: those that there are.
   */
  constructor(list = new FieldList()) {
    this.#list = list;
  }
  /**
   * `from-list: static func(entries: list<tuple<field-name, field-value>>) -> result<fields, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes; see {@linkcode append}.
   */
  static fromList(entries) {
    const fields = new _Fields();
    try {
      for (const [name2, value] of entries) fields.append(name2, value);
    } catch (error) {
      fields[Symbol.dispose]();
      throw error;
    }
    return fields;
  }
  /**
   * For the host: fields that came from the network. Those of the connection are left out: the guest could not send
   * them on, and what they say of this connection is not true of the next one.
   *
   * @param entries Names and values, which are not copied.
   */
  static from(entries, { immutable, limits = FIELD_LIMITS }) {
    const fields = new _Fields(new FieldList(entries.filter(([name2]) => !isForbidden(name2))));
    fields.#immutable = immutable;
    fields.#limits = limits;
    return fields;
  }
  /** For the host: the names and values themselves. */
  static entriesOf(fields) {
    return fields.#list.fields;
  }
  /** For the host: the same fields, never to be changed. Nor do they change with those that were given. */
  static frozen(fields) {
    const frozen = new _Fields(fields.#list.share());
    frozen.#immutable = true;
    frozen.#limits = fields.#limits;
    return frozen;
  }
  /** `get: func(name: field-name) -> list<field-value>`: all values of a name; none where the name is no name. */
  get(name2) {
    return this.#list.fields.filter(named(name2)).map(([, value]) => value.slice());
  }
  /** `has: func(name: field-name) -> bool` */
  has(name2) {
    return this.#list.fields.some(named(name2));
  }
  /**
   * `set: func(name: field-name, value: list<field-value>) -> result<_, header-error>`: replaces all values of a
   * name. They come last; no values are no field.
   *
   * @throws {ComponentError} With a `header-error`; then nothing has changed.
   * @throws {Trap} See {@linkcode append}.
   */
  set(name2, values) {
    this.#check(name2, values);
    const fields = this.#without(name2);
    for (const value of values) fields.push([
      name2,
      value.slice()
    ]);
    this.#bound("set", sizeOfAll(fields), fields.length);
    this.#own().replace(fields);
  }
  /**
   * `delete: func(name: field-name) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   */
  delete(name2) {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name2)) throw headerError("invalid-syntax");
    this.#own().replace(this.#without(name2));
  }
  /**
   * `append: func(name: field-name, value: field-value) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes. `header-error` has no case for that.
   */
  append(name2, value) {
    this.#check(name2, [
      value
    ]);
    const { size, fields } = this.#list;
    this.#bound("append", size + sizeOf([
      name2,
      value
    ]), fields.length + 1);
    this.#own().push([
      name2,
      value.slice()
    ]);
  }
  /** `entries: func() -> list<tuple<field-name, field-value>>`, in the order in which they are sent. */
  entries() {
    return this.#list.fields.map(([name2, value]) => [
      name2,
      value.slice()
    ]);
  }
  /** `clone: func() -> fields`: a copy that can be changed. */
  clone() {
    const clone = _Fields.frozen(this);
    clone.#immutable = false;
    return clone;
  }
  /** Drops the fields. */
  [Symbol.dispose]() {
    if (!this.#dropped) this.#list.leave();
    this.#dropped = true;
  }
  #own() {
    return this.#list = this.#list.own();
  }
  #without(name2) {
    const matches = named(name2);
    return this.#list.fields.filter((field) => !matches(field));
  }
  #check(name2, values) {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name2)) throw headerError("invalid-syntax");
    if (isForbidden(name2)) throw headerError("forbidden");
    if (!values.every((value) => isValue(name2, value))) throw headerError("invalid-syntax");
  }
  #bound(verb, size, count) {
    const { headerBytes, headerCount } = this.#limits;
    if (size > headerBytes || count > headerCount) {
      throw new Trap(`wasi:http/types.fields.${verb}: more than ${headerCount} fields or ${headerBytes} bytes`);
    }
    if (size > this.#list.size + roomLeft()) {
      throw new Trap(`wasi:http/types.fields.${verb}: this process holds too much for its guests`);
    }
  }
};
function named(name2) {
  const lower2 = name2.toLowerCase();
  return ([other]) => other.length === lower2.length && other.toLowerCase() === lower2;
}
function headerError(tag) {
  return new ComponentError({
    tag
  });
}

// src/wasi/http/incoming_body.ts
init_error3();

// src/wasi/http/child.ts
init_input_stream();
init_output_stream();
var Ending = class {
  #state = "open";
  /** Runs an operation of the stream's, whose `null` or failure ends it. */
  run(operation) {
    let ends = true;
    try {
      const result2 = operation();
      ends = result2 === null;
      return result2;
    } finally {
      if (ends && this.#state === "open") this.#state = "ending";
    }
  }
  /** Whether the stream closes itself now; `false`: it is dropped. */
  take() {
    const own2 = this.#state === "ending";
    if (own2) this.#state = "ended";
    return own2;
  }
};
var IncomingStream = class extends InputStream {
  #dropped = false;
  #ending;
  /** @param source Where the bytes come from. It is not closed with the stream: it is the body's. */
  constructor(source) {
    const ending = new Ending();
    super({
      ready: () => source.ready(),
      watch: (wake) => source.watch(wake),
      read: (max) => ending.run(() => source.read(max)),
      ...source.skip && {
        skip: (max) => ending.run(() => source.skip(max))
      }
    });
    this.#ending = ending;
  }
  /** Whether the guest has dropped it. */
  get dropped() {
    return this.#dropped;
  }
  [Symbol.dispose]() {
    super[Symbol.dispose]();
    if (!this.#ending.take()) this.#dropped = true;
  }
};
var OutgoingStream = class extends OutputStream {
  #dropped = false;
  #ending;
  /** @param sink Where the bytes go. It is not closed with the stream: it is the body's. */
  constructor(sink) {
    const ending = new Ending();
    super({
      ready: () => sink.ready(),
      watch: (wake) => sink.watch(wake),
      room: () => ending.run(() => sink.room()),
      write: (bytes) => ending.run(() => sink.write(bytes)),
      flush: () => ending.run(() => sink.flush())
    });
    this.#ending = ending;
  }
  /** Whether the guest has dropped it. */
  get dropped() {
    return this.#dropped;
  }
  [Symbol.dispose]() {
    super[Symbol.dispose]();
    if (!this.#ending.take()) this.#dropped = true;
  }
};

// src/wasi/http/future_trailers.ts
init_pollable();
init_source();
init_waitable();

// src/wasi/http/error_code.ts
init_error3();
init_error4();
init_error5();
var HttpError = class extends Error {
  name = "HttpError";
  /** What the guest learns. */
  code;
  /**
   * @param code What the guest learns.
   * @param options Why, for the operator.
   */
  constructor(code, options2) {
    super(code.tag, options2);
    this.code = code;
  }
};
function refused(code) {
  return new ComponentError(code);
}
function httpErrorCode(error) {
  const cause = IoError.causeOf(error);
  return cause instanceof HttpError ? cause.code : void 0;
}
function errorCodeOf(error) {
  if (error instanceof HttpError) return error.code;
  return codeOf(networkError(error).reason);
}
function httpError(error) {
  return error instanceof HttpError ? error : new HttpError(errorCodeOf(error), {
    cause: error
  });
}
function codeOf(reason) {
  switch (reason) {
    case "denied":
      return {
        tag: "HTTP-request-denied"
      };
    case "private":
      return {
        tag: "destination-IP-prohibited"
      };
    case "invalid-name":
      return {
        tag: "HTTP-request-URI-invalid"
      };
    case "not-found":
      return {
        tag: "DNS-error",
        val: {
          rcode: "NXDOMAIN"
        }
      };
    case "resolver-failed":
      return {
        tag: "DNS-error",
        val: {
          rcode: "SERVFAIL"
        }
      };
    case "try-again":
      return {
        tag: "DNS-timeout"
      };
    case "refused":
      return {
        tag: "connection-refused"
      };
    case "unreachable":
      return {
        tag: "destination-IP-unroutable"
      };
    case "timeout":
      return {
        tag: "connection-timeout"
      };
    case "reset":
      return {
        tag: "connection-terminated"
      };
    case "too-many-sockets":
      return {
        tag: "connection-limit-reached"
      };
    case "address-in-use":
    case "address-not-available":
      return {
        tag: "destination-unavailable"
      };
    case "not-capable":
      return {
        tag: "configuration-error"
      };
    case "too-large":
    case "other":
      return {
        tag: "internal-error",
        val: void 0
      };
  }
}
function hasReason(error, reason) {
  return error instanceof NetworkError && error.reason === reason;
}

// src/wasi/http/outcome.ts
init_waitable();
var Outcome = class {
  #settled = new Signal();
  #state = "waiting";
  /** Whether the result has come. */
  ready() {
    return this.#state !== "waiting";
  }
  /** See {@linkcode Waitable.watch}. */
  watch(wake) {
    return this.#settled.watch(wake);
  }
  /** The result has come. Only the first counts. */
  settle(result2) {
    if (this.#state !== "waiting") return;
    this.#state = {
      result: result2
    };
    this.#settled.fire();
  }
  /** `undefined` before the result has come; the result, once; afterwards an error without payload. */
  take() {
    const state = this.#state;
    if (state === "waiting") return void 0;
    if (state === "taken") return {
      tag: "err",
      val: void 0
    };
    this.#state = "taken";
    return {
      tag: "ok",
      val: state.result
    };
  }
};

// src/wasi/http/future_trailers.ts
var FutureTrailers = class {
  #outcome = new Outcome();
  #source;
  /**
   * @param source What is left of the contents; it is read to its end and closed.
   * @param trailers What comes after it.
   */
  constructor(source, trailers) {
    this.#source = source;
    this.#finish(trailers).then((fields) => this.#outcome.settle({
      tag: "ok",
      val: fields
    }), (error) => this.#outcome.settle({
      tag: "err",
      val: errorCodeOf(error)
    }));
  }
  /** `subscribe: func() -> pollable`: ready when {@linkcode get} gives something. */
  subscribe() {
    return new Pollable(this.#outcome);
  }
  /**
   * `get: func() -> option<result<result<option<trailers>, error-code>>>`
   *
   * @returns `undefined` until the message has ended; then its trailers or an error; after that, an error without
   * payload.
   */
  get() {
    return this.#outcome.take();
  }
  /** Drops the future; nobody wants the rest of the message. */
  [Symbol.dispose]() {
    const source = this.#source;
    this.#source = void 0;
    source?.close?.();
  }
  async #finish(trailers) {
    const source = this.#source;
    for (; ; ) {
      const bytes = source.read(MAX_READ);
      if (bytes === null) break;
      if (bytes.length > 0) continue;
      await whenReady(source);
      if (this.#source === void 0) return void 0;
    }
    const fields = await trailers();
    this.#source = void 0;
    source.close?.();
    return fields;
  }
};

// src/wasi/http/incoming_body.ts
var IncomingBody = class {
  #source;
  #trailers;
  #stream;
  /**
   * @param source The contents. What it throws should be an `HttpError`, again at every read. It is closed when nobody
   * can want the rest any more.
   * @param trailers The trailers, `undefined` where there are none; called once, at the end of the contents. It
   * rejects with an `HttpError`.
   */
  constructor(source, trailers) {
    this.#source = source;
    this.#trailers = trailers;
  }
  /**
   * `stream: func() -> result<input-stream>`: the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  stream() {
    if (this.#stream !== void 0 || this.#source === void 0) throw new ComponentError(void 0);
    return this.#stream = new IncomingStream(this.#source);
  }
  /**
   * `finish: static func(this: incoming-body) -> future-trailers`: what was not read is dropped.
   *
   * @throws {Trap} The stream is still there.
   */
  static finish(body) {
    body.#childless("finish");
    const source = body.#source;
    if (source === void 0) {
      throw new Trap("wasi:http/types.incoming-body.finish: it was finished or dropped");
    }
    body.#source = void 0;
    return new FutureTrailers(source, body.#trailers);
  }
  /**
   * Drops the body; nobody wants the rest.
   *
   * @throws {Trap} The stream is still there.
   */
  [Symbol.dispose]() {
    this.#childless("drop");
    const source = this.#source;
    this.#source = void 0;
    source?.close?.();
  }
  #childless(verb) {
    if (this.#stream?.dropped === false) {
      throw new Trap(`wasi:http/types.incoming-body: ${verb} while its input-stream is not dropped`);
    }
  }
};

// src/wasi/http/incoming_request.ts
var METHODS = {
  GET: {
    tag: "get"
  },
  HEAD: {
    tag: "head"
  },
  POST: {
    tag: "post"
  },
  PUT: {
    tag: "put"
  },
  DELETE: {
    tag: "delete"
  },
  CONNECT: {
    tag: "connect"
  },
  OPTIONS: {
    tag: "options"
  },
  TRACE: {
    tag: "trace"
  },
  PATCH: {
    tag: "patch"
  }
};
var IncomingRequest = class {
  #exchange;
  #headers;
  #consumed = false;
  /** @param exchange Where the request came in. */
  constructor(exchange) {
    this.#exchange = exchange;
  }
  /** `method: func() -> method` */
  method() {
    const { method } = this.#exchange;
    return Object.hasOwn(METHODS, method) ? METHODS[method] : {
      tag: "other",
      val: method
    };
  }
  /** `path-with-query: func() -> option<string>` */
  pathWithQuery() {
    return this.#exchange.pathWithQuery;
  }
  /** `scheme: func() -> option<scheme>` */
  scheme() {
    return {
      tag: this.#exchange.scheme
    };
  }
  /** `authority: func() -> option<string>` */
  authority() {
    return this.#exchange.authority;
  }
  /** `headers: func() -> headers`: they cannot be changed, and those of the connection are not among them. */
  headers() {
    return this.#headers ??= Fields.from(this.#exchange.headers, {
      immutable: true
    });
  }
  /**
   * `consume: func() -> result<incoming-body>`: the body, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  consume() {
    if (this.#consumed) throw new ComponentError(void 0);
    this.#consumed = true;
    const exchange = this.#exchange;
    return new IncomingBody(exchange.body, async () => {
      const trailers = await exchange.trailers();
      return trailers && Fields.from(trailers, {
        immutable: true
      });
    });
  }
  /** Drops the request; a body that was consumed lives on. */
  [Symbol.dispose]() {
  }
};

// src/wasi/http/outgoing_response.ts
init_error3();
init_field_syntax();

// src/wasi/http/outgoing_body.ts
init_error3();
var OutgoingBody = class {
  #to;
  #stream;
  #written = 0n;
  /** @param to Where it goes. */
  constructor(to) {
    this.#to = to;
  }
  /**
   * `write: func() -> result<output-stream>`: a stream for the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  write() {
    const to = this.#to;
    if (this.#stream !== void 0 || to === void 0) throw new ComponentError(void 0);
    const { sink } = to;
    return this.#stream = new OutgoingStream({
      ready: () => this.#excess() || sink.ready(),
      watch: (wake) => sink.watch(wake),
      room: () => this.#count(to, 0) ?? sink.room(),
      write: (bytes) => this.#count(to, bytes.length) ?? sink.write(bytes),
      flush: () => this.#count(to, 0) ?? sink.flush()
    });
  }
  /**
   * `finish: static func(this: outgoing-body, trailers: option<trailers>) -> result<_, error-code>`
   *
   * @throws {Trap} The stream is still there.
   * @throws {ComponentError} With an `error-code`: above all, the contents are not as long as the `content-length`
   * says. Then the body ends incomplete.
   */
  static finish(body, trailers) {
    const to = body.#end("finish");
    if (to === void 0) throw new Trap("wasi:http/types.outgoing-body.finish: it was finished or dropped");
    if (to.declaredLength !== void 0 && to.declaredLength !== body.#written) {
      to.abort();
      throw refused(body.#sizeError(to));
    }
    to.finish(trailers);
  }
  /**
   * Drops the body; unless it was finished, it ends incomplete.
   *
   * @throws {Trap} The stream is still there.
   */
  [Symbol.dispose]() {
    this.#end("drop")?.abort();
  }
  #end(verb) {
    if (this.#stream?.dropped === false) {
      throw new Trap(`wasi:http/types.outgoing-body: ${verb} while its output-stream is not dropped`);
    }
    const to = this.#to;
    this.#to = void 0;
    return to;
  }
  /** What goes beyond the declared length is counted, and not sent: on the wire it would be the next message. */
  #count(to, length) {
    this.#written += BigInt(length);
    if (to.declaredLength !== void 0 && this.#written > to.declaredLength) {
      throw new HttpError(this.#sizeError(to));
    }
  }
  #excess() {
    const declared = this.#to?.declaredLength;
    return declared !== void 0 && this.#written > declared;
  }
  #sizeError({ sizeError }) {
    return {
      tag: sizeError,
      val: this.#written
    };
  }
};

// src/wasi/http/outgoing_response.ts
var OutgoingResponse = class {
  #headers;
  /** What its `content-length` says, each time that it is there. */
  #lengths;
  #status = 200;
  #body;
  /** It has no content, whatever its `content-length` says: what a GET would give. */
  #empty = false;
  /**
   * `constructor(headers: headers)`
   *
   * @param headers Fixed from now on.
   */
  constructor(headers) {
    this.#headers = Fields.frozen(headers);
    this.#lengths = headers.get("content-length").map(lengthOf);
  }
  /** `status-code: func() -> status-code` */
  statusCode() {
    return this.#status;
  }
  /**
   * `set-status-code: func(status-code: status-code) -> result`
   *
   * @throws {ComponentError} Without a payload: it is none of 200 to 599. A status beyond them is no valid one (RFC
   * 9110, section 15), and one below is of an interim response, which is not what `response-outparam.set` sends.
   */
  setStatusCode(status) {
    if (status < 200 || status > 599) throw new ComponentError(void 0);
    this.#status = status;
  }
  /** `headers: func() -> headers`: they cannot be changed any more. */
  headers() {
    return Fields.frozen(this.#headers);
  }
  /**
   * `body: func() -> result<outgoing-body>`: where the contents are written, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before, or the fields say two lengths of it.
   */
  body() {
    if (this.#body !== void 0 || this.#lengths.length > 1) throw new ComponentError(void 0);
    const body = this.#body = new ResponseBody();
    const declared = () => this.#empty ? void 0 : this.#lengths[0];
    return new OutgoingBody({
      sink: body.sink,
      // HTTP servers of this platform send no trailers: the guest's are dropped.
      finish: () => body.finish(),
      abort: () => body.cut(),
      get declaredLength() {
        return declared();
      },
      sizeError: "HTTP-response-body-size"
    });
  }
  /** Drops a response that was not sent. */
  [Symbol.dispose]() {
  }
  /**
   * For the host: the response as it is sent.
   *
   * @param response What the guest has set.
   * @param isEmpty Whether it has no content, whatever the guest says.
   * @throws {HandlerError} Its fields promise what it cannot keep.
   */
  static headOf(response, isEmpty) {
    const status = response.#status;
    const [length, second] = response.#lengths;
    if (second !== void 0) throw new HandlerError("its response has two content-lengths");
    response.#empty = isEmpty(status);
    let body = response.#body;
    if (body === void 0) {
      if (!response.#empty && length) {
        throw new HandlerError(`its response promises ${length} bytes and has no body`);
      }
      body = ResponseBody.of(new Uint8Array(0));
    }
    if (response.#empty) body.discard();
    return {
      status,
      headers: Fields.entriesOf(response.#headers),
      body
    };
  }
};

// src/wasi/http/response_outparam.ts
var ResponseOutparam = class {
  #answer;
  /** @param answer Sends the response. Called at most once: the guest gives the right away with it. */
  constructor(answer) {
    this.#answer = answer;
  }
  /**
   * `set: static func(param: response-outparam, response: result<outgoing-response, error-code>)`
   *
   * A second time there is no `param` any more, and the call traps.
   */
  static set(param, response) {
    param.#answer(response);
  }
  /**
   * `send-informational: func(status: u16, headers: headers) -> result<_, error-code>`
   *
   * @throws {ComponentError} Always: with `internal-error`, since no server of this platform sends interim responses,
   * or with `HTTP-protocol-error` where it is none.
   */
  sendInformational(status, headers) {
    headers[Symbol.dispose]();
    throw refused(status < 100 || status > 199 ? {
      tag: "HTTP-protocol-error"
    } : {
      tag: "internal-error",
      val: "interim responses are not supported"
    });
  }
  /** Drops the right to answer. The host answers then, once the handler has returned. */
  [Symbol.dispose]() {
  }
};

// src/wasi/http/incoming_handler.ts
async function handleIncoming(exchange, handle2, statusFor = () => 500) {
  let response;
  let failure3;
  const fail = (error) => failure3 ??= {
    error
  };
  const respond = (head) => {
    response = head;
    exchange.respond(head);
  };
  const answer = (answer2) => {
    if (answer2.tag === "err") {
      fail(new HandlerError(`it answered ${describe2(answer2.val)}`, answer2.val));
      respond(hostResponse(statusOf(answer2.val)));
      return;
    }
    try {
      respond(OutgoingResponse.headOf(answer2.val, (status) => hasNoContent(exchange.method, status)));
    } catch (error) {
      if (!(error instanceof HandlerError)) throw error;
      fail(error);
      respond(hostResponse(500));
    }
  };
  try {
    await handle2(new IncomingRequest(exchange), new ResponseOutparam(answer));
  } catch (error) {
    if (!(error instanceof ExitError && error.exitCode === 0)) fail(error);
  }
  exchange.body.close?.();
  if (response === void 0) {
    fail(new HandlerError("it returned without calling response-outparam.set"));
    exchange.respond(hostResponse(statusFor(failure3.error)));
  } else if (response.body.state !== "finished") {
    response.body.cut();
    if (!response.body.gone) fail(new HandlerError("it returned without finishing its response"));
  }
  if (failure3) throw failure3.error;
}
function describe2(code) {
  const { tag, val } = code;
  if (val === void 0) return tag;
  return `${tag} (${typeof val === "object" ? JSON.stringify(val, plain) : String(val)})`;
}
function plain(_, value) {
  return typeof value === "bigint" ? value.toString() : value;
}

// src/compartment/audit_log.ts
init_error();
var MAX_EVENTS = 1e5;
var AuditLog = class {
  #seen = /* @__PURE__ */ new Set();
  #write;
  #most;
  #full;
  #over = false;
  /**
   * @param write Receives each event once, in the order in which they came first.
   * @param most How many.
   * @param full Called once, when there would have been more.
   */
  constructor(write, most = MAX_EVENTS, full = () => {
  }) {
    this.#write = write;
    this.#most = most;
    this.#full = full;
  }
  /** Takes an event. */
  add(event) {
    if (this.#over) return;
    const text = JSON.stringify(event);
    if (this.#seen.has(text)) return;
    if (this.#seen.size === this.#most) {
      this.#over = true;
      this.#seen.clear();
      return this.#full();
    }
    this.#seen.add(text);
    this.#write(event);
  }
};

// src/config/position.ts
function at(position) {
  return `${position.file}:${position.line}:${position.column}`;
}

// src/config/issue.ts
function printIssue(issue) {
  return `${at(issue)}: ${issue.severity === "warning" ? "warning: " : ""}${issue.message}`;
}
var ConfigError = class extends SyntaxError {
  /** Always `ConfigError`. */
  name = "ConfigError";
  /** Always `config`. */
  code = "config";
  /** Every problem found, in the order of the files and of their lines; warnings included. */
  issues;
  /**
   * Makes the error that carries these issues.
   *
   * @param issues Every problem found.
   */
  constructor(issues) {
    super(issues.map(printIssue).join("\n"));
    this.issues = Object.freeze([
      ...issues
    ]);
  }
};

// src/compartment/crossing.ts
init_error3();
init_error6();
init_error();
var FACTS = {
  Trap: [
    "frames"
  ],
  ComponentError: [
    "payload"
  ],
  LinkError: [
    "imports"
  ],
  DecodeError: [
    "offset",
    "reading",
    "code"
  ],
  LimitError: [
    "limit",
    "value",
    "asked"
  ],
  CapabilityError: [
    "asked",
    "allowed",
    "wall",
    "hint"
  ],
  ExitError: [
    "exitCode"
  ],
  IntegrityError: [
    "expected",
    "actual"
  ],
  MethodError: [
    "methods"
  ],
  ConfigError: [
    "issues"
  ],
  HandlerError: [
    "errorCode"
  ],
  HttpError: [
    "code"
  ]
};
function plainError(error) {
  if (!(error instanceof Error)) return {
    name: "Error",
    message: String(error),
    facts: {}
  };
  const facts = Object.fromEntries((FACTS[error.name] ?? []).map((key2) => [
    key2,
    error[key2]
  ]));
  return {
    name: error.name,
    message: error.message,
    facts
  };
}

// src/compartment/child.ts
init_error();

// src/compartment/http_channel.ts
init_waitable();

// src/compartment/frame.ts
init_error();
var Kind = {
  /** The job (a value), once and first. */
  Start: 1,
  /** Call the method; a value. */
  Call: 2,
  /** Answer an HTTP request; a value, its contents follow when they are wanted. */
  Request: 3,
  /** Bytes of standard input; none at its end. */
  Stdin: 4,
  /** Standard input cannot be read. */
  StdinFailed: 5,
  /** So many bytes of the response's contents were taken; a value. */
  Taken: 6,
  /** The call is given up. */
  Cancel: 7,
  /** Bytes of the contents of a request or a response. */
  Body: 16,
  /** The contents are complete; a value, the trailers. */
  BodyEnd: 17,
  /** The contents break off (a value, the `error-code`), or nobody takes them any more. */
  BodyCut: 18,
  /** The module is compiled; a value, the method. */
  Ready: 32,
  /** The result, a value. */
  Result: 33,
  /** The call failed; a value. */
  Failed: 34,
  /** Bytes of standard output. */
  Stdout: 35,
  /** Bytes of standard error. */
  Stderr: 36,
  /** The guest wants to read standard input. */
  WantStdin: 37,
  /** The guest wants to read the contents of its request. */
  WantBody: 38,
  /** The head of the response, a value. */
  Response: 39,
  /** A capability was used or refused; a value. */
  Audit: 40
};
var HEAD = 9;
var EMPTY = new Uint8Array(0);
var MAX_BODY = 64 * 1024 * 1024;
function encodeFrame(kind, call2, body = EMPTY) {
  const bytes = new Uint8Array(HEAD + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEAD - 4 + body.length);
  view.setUint8(4, kind);
  view.setUint32(5, call2);
  bytes.set(body, HEAD);
  return bytes;
}
var FrameReader = class {
  #pending = [];
  #length = 0;
  /**
   * Takes a piece.
   *
   * @param piece Bytes as they came; kept until their frames are complete.
   * @returns The frames that are complete now.
   * @throws {ChannelError} If a frame claims to be larger than any may be.
   */
  push(piece) {
    this.#pending.push(piece);
    this.#length += piece.length;
    const frames = [];
    for (; ; ) {
      if (this.#length < 4) return frames;
      const head = this.#peek(4);
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
      if (length < HEAD - 4 || length > HEAD - 4 + MAX_BODY) {
        throw new ChannelError(`a frame of ${length} bytes; at most ${MAX_BODY} are allowed`);
      }
      if (this.#length < 4 + length) return frames;
      const bytes = this.#take(4 + length);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      frames.push({
        kind: view.getUint8(4),
        call: view.getUint32(5),
        body: bytes.subarray(HEAD)
      });
    }
  }
  #peek(count) {
    if (this.#pending[0].length >= count) return this.#pending[0];
    this.#pending = [
      this.#joined()
    ];
    return this.#pending[0];
  }
  #take(count) {
    if (this.#pending[0].length < count) this.#pending = [
      this.#joined()
    ];
    const first2 = this.#pending[0];
    this.#length -= count;
    if (first2.length === count) this.#pending.shift();
    else this.#pending[0] = first2.subarray(count);
    return first2.subarray(0, count);
  }
  #joined() {
    const all = new Uint8Array(this.#length);
    let at4 = 0;
    for (const piece of this.#pending) {
      all.set(piece, at4);
      at4 += piece.length;
    }
    return all;
  }
};

// src/compartment/value.ts
init_error();
var MAX_DEPTH = 512;
var TYPED = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array
];
var encoder3 = new TextEncoder();
var decoder2 = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true
});
function encodeValue(value) {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.bytes.subarray(0, writer.length);
}
function decodeValue(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.done) throw new ChannelError("bytes after the value");
  return value;
}
var Writer = class {
  bytes = new Uint8Array(256);
  length = 0;
  value(value, depth) {
    switch (typeof value) {
      case "undefined":
        return this.#byte(0);
      case "boolean":
        return this.#byte(value ? 3 : 2);
      case "number":
        this.#byte(4);
        this.#room(8);
        new DataView(this.bytes.buffer).setFloat64(this.length, value);
        this.length += 8;
        return;
      case "bigint":
        this.#byte(5);
        return this.#text(value.toString(16));
      case "string":
        this.#byte(6);
        return this.#text(value);
      case "object":
        return value === null ? this.#byte(1) : this.#object(value, depth);
      default:
        throw new TypeError(`a ${typeof value} is no value that can leave its process`);
    }
  }
  #object(value, depth) {
    if (depth > MAX_DEPTH) throw new TypeError(`a value nests deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) {
      this.#byte(7);
      this.#u32(value.length);
      for (const item of value) this.value(item, depth + 1);
      return;
    }
    if (ArrayBuffer.isView(value)) {
      const kind = TYPED.findIndex((type2) => value instanceof type2);
      if (kind < 0) throw new TypeError(`a ${value.constructor.name} is no value that can leave its process`);
      this.#byte(9);
      this.#byte(kind);
      return this.#raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      const name2 = prototype.constructor?.name ?? "resource";
      throw new TypeError(`a resource (${name2}) cannot leave its process: it lives where its owner runs`);
    }
    const entries = Object.entries(value);
    this.#byte(8);
    this.#u32(entries.length);
    for (const [key2, item] of entries) {
      this.#text(key2);
      this.value(item, depth + 1);
    }
  }
  #byte(byte) {
    this.#room(1);
    this.bytes[this.length++] = byte;
  }
  #u32(value) {
    this.#room(4);
    new DataView(this.bytes.buffer).setUint32(this.length, value);
    this.length += 4;
  }
  #text(text) {
    this.#raw(encoder3.encode(text));
  }
  #raw(bytes) {
    this.#u32(bytes.length);
    this.#room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
  #room(more) {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
};
var Reader = class {
  #bytes;
  #view;
  #at = 0;
  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get done() {
    return this.#at === this.#bytes.length;
  }
  value(depth) {
    if (depth > MAX_DEPTH + 1) throw new ChannelError(`a value nests deeper than ${MAX_DEPTH} levels`);
    switch (this.#take(1)[0]) {
      case 0:
        return void 0;
      case 1:
        return null;
      case 2:
        return false;
      case 3:
        return true;
      case 4: {
        const at4 = this.#at;
        this.#take(8);
        return this.#view.getFloat64(at4);
      }
      case 5:
        return this.#bigint();
      case 6:
        return this.#text();
      case 7:
        return this.#array(depth);
      case 8:
        return this.#object(depth);
      case 9:
        return this.#typed();
      default:
        throw new ChannelError("an unknown kind of value");
    }
  }
  #bigint() {
    const text = this.#text();
    if (!/^-?[0-9a-f]{1,16}$/.test(text)) throw new ChannelError("an integer of more than 64 bits");
    return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }
  #array(depth) {
    const count = this.#count();
    const items = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }
  #object(depth) {
    const count = this.#count();
    const object = {};
    for (let i = 0; i < count; i++) {
      const key2 = this.#text();
      if (key2 === "__proto__") throw new ChannelError("a field that no record has");
      object[key2] = this.value(depth + 1);
    }
    return object;
  }
  #typed() {
    const type2 = TYPED[this.#take(1)[0]];
    const bytes = this.#take(this.#u32());
    if (type2 === void 0 || bytes.length % type2.BYTES_PER_ELEMENT !== 0) {
      throw new ChannelError("a list of an unknown kind");
    }
    return new type2(bytes.slice().buffer);
  }
  /** A number of items. Each takes a byte at least: what claims more than there are bytes is refused unread. */
  #count() {
    const count = this.#u32();
    if (count > this.#bytes.length - this.#at) throw new ChannelError("more items than bytes");
    return count;
  }
  #u32() {
    const at4 = this.#at;
    this.#take(4);
    return this.#view.getUint32(at4);
  }
  #text() {
    try {
      return decoder2.decode(this.#take(this.#u32()));
    } catch (error) {
      if (error instanceof ChannelError) throw error;
      throw new ChannelError("text that is not UTF-8");
    }
  }
  #take(count) {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new ChannelError("a value that is cut short");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
};

// src/compartment/http_channel.ts
var NOTHING2 = new Uint8Array(0);
var ChannelExchange = class {
  method;
  scheme;
  authority;
  pathWithQuery;
  headers;
  /** The contents. */
  body;
  /** Set before `respond`, where the response is what the host makes of a failure. */
  failed = false;
  #send;
  #arrived = new Signal();
  #acknowledged = new Signal();
  #trailers = Promise.withResolvers();
  #chunk;
  #state = "open";
  #failure;
  #room = RESPONSE_ROOM;
  #response;
  #delivered = Promise.resolve();
  /**
   * @param request The head that came.
   * @param send Says something of this call to the other end.
   */
  constructor(request2, send2) {
    this.method = request2.method;
    this.scheme = request2.scheme;
    this.authority = request2.authority;
    this.pathWithQuery = request2.pathWithQuery;
    this.headers = request2.headers;
    this.#send = send2;
    this.#trailers.promise.catch(() => {
    });
    this.body = {
      ready: () => this.#ready(),
      watch: (wake) => {
        this.#ready();
        return this.#arrived.watch(wake);
      },
      read: (max) => this.#read(max),
      close: () => void (this.#state = "closed")
    };
  }
  /** See {@linkcode IncomingExchange.trailers}. */
  trailers() {
    return this.#trailers.promise;
  }
  /** See {@linkcode IncomingExchange.respond}. */
  respond({ status, headers, body }) {
    this.#response = body;
    this.#delivered = Promise.resolve().then(async () => {
      const whole = body.whole();
      const head = {
        status,
        headers,
        whole,
        failed: this.failed
      };
      this.#send(Kind.Response, encodeValue(head));
      if (whole === void 0) await this.#deliver(body.source);
    });
  }
  /** All of the response has been sent. */
  get delivered() {
    return this.#delivered;
  }
  /** Takes what the other end says of this request. */
  take(kind, body) {
    switch (kind) {
      case Kind.Body:
        this.#chunk = body;
        this.#state = this.#state === "asked" ? "open" : this.#state;
        break;
      case Kind.BodyEnd:
        this.#trailers.resolve(decodeValue(body));
        this.#state = "ended";
        break;
      case Kind.BodyCut:
        if (body.length === 0) {
          this.#response?.source.close?.();
          return this.#acknowledged.fire();
        }
        this.#failure = new HttpError(decodeValue(body));
        this.#trailers.reject(this.#failure);
        this.#state = "ended";
        break;
      case Kind.Taken:
        this.#room += Number(decodeValue(body));
        return this.#acknowledged.fire();
    }
    this.#arrived.fire();
  }
  #ready() {
    if (this.#chunk !== void 0 || this.#failure !== void 0) return true;
    if (this.#state === "open") this.#ask();
    return this.#state === "ended" || this.#state === "closed";
  }
  #read(max) {
    const chunk = this.#chunk;
    if (chunk !== void 0) {
      this.#chunk = max < chunk.length ? chunk.subarray(max) : void 0;
      return chunk.subarray(0, max);
    }
    if (this.#failure !== void 0) throw this.#failure;
    if (this.#state === "ended" || this.#state === "closed") return null;
    if (max > 0 && this.#state === "open") this.#ask();
    return NOTHING2;
  }
  #ask() {
    this.#state = "asked";
    this.#send(Kind.WantBody);
  }
  /** Sends contents as they are written, and no faster than they are taken. */
  async #deliver(source) {
    const space = {
      ready: () => this.#room > 0 || this.#response.gone,
      watch: (wake) => this.#acknowledged.watch(wake)
    };
    for (; ; ) {
      await whenAny([
        source
      ]);
      if (this.#room === 0) await whenAny([
        space
      ]);
      let bytes;
      try {
        bytes = source.read(this.#room);
      } catch {
        return this.#send(Kind.BodyCut);
      }
      if (this.#response.gone) return;
      if (bytes === null) return this.#send(Kind.BodyEnd);
      this.#room -= bytes.length;
      if (bytes.length > 0) this.#send(Kind.Body, bytes);
    }
  }
};

// src/wasi/cli/mod.ts
init_input_stream();
init_output_stream();

// src/wasi/cli/environment.ts
function environment(grant) {
  return {
    getEnvironment: () => grant.env.map(([name2, value]) => [
      name2,
      value
    ]),
    getArguments: () => [
      ...grant.args
    ],
    initialCwd: () => grant.cwd
  };
}

// src/wasi/cli/reader.ts
init_waitable();
var MAX_CHUNK = 64 * 1024;
var UNKNOWN = 4096;
var ReaderSource = class {
  #reader;
  #arrived = new Signal();
  #wanted = UNKNOWN;
  #chunk;
  #state = "open";
  #failure;
  /** @param reader Gives the reader; called at the first read. */
  constructor(reader) {
    this.#reader = reader;
  }
  /** Asking whether there is input is a reason to fetch some: there is no other way to know. */
  ready() {
    if (this.#chunk !== void 0 || this.#failure !== void 0 || this.#state === "ended") return true;
    this.#fetch();
    return false;
  }
  /** See {@linkcode Source.watch}. */
  watch(wake) {
    this.ready();
    return this.#arrived.watch(wake);
  }
  /** See {@linkcode Source.read}. */
  read(max) {
    if (this.#chunk !== void 0) return this.#take(this.#chunk, max);
    if (this.#failure !== void 0) {
      const { cause } = this.#failure;
      this.#failure = void 0;
      this.#state = "ended";
      throw cause;
    }
    if (this.#state === "ended") return null;
    if (max > 0) {
      this.#wanted = Math.min(max, MAX_CHUNK);
      this.#fetch();
    }
    return new Uint8Array(0);
  }
  #take(chunk, max) {
    if (max >= chunk.length) {
      this.#chunk = void 0;
      return chunk;
    }
    this.#chunk = chunk.subarray(max);
    return chunk.slice(0, max);
  }
  #fetch() {
    if (this.#state !== "open") return;
    this.#state = "reading";
    this.#read().then(() => this.#arrived.fire());
  }
  async #read() {
    const buffer2 = new Uint8Array(this.#wanted);
    try {
      const count = await this.#reader().read(buffer2);
      this.#state = count ? "open" : "ended";
      if (count) this.#chunk = buffer2.subarray(0, count);
    } catch (cause) {
      this.#failure = {
        cause
      };
    }
  }
};

// src/wasi/cli/terminal.ts
var TerminalInput = class {
  /** Nothing to release. */
  [Symbol.dispose]() {
  }
};
var TerminalOutput = class {
  /** Nothing to release. */
  [Symbol.dispose]() {
  }
};

// src/wasi/cli/writer.ts
init_stream_error();
init_waitable();
var ROOM = 64 * 1024;
var MAX_BACKLOG = 16 * 1024 * 1024;
var MAX_PAUSE = 16;
var WriterSink = class {
  #writer;
  #drained = new Signal();
  #drain = () => this.#drainNow();
  #backlog = [];
  #size = 0;
  #closed = false;
  #failure;
  /** @param writer Gives the writer; called at the first write. */
  constructor(writer) {
    this.#writer = writer;
  }
  /** See {@linkcode Sink.ready}. */
  ready() {
    return this.#size === 0;
  }
  /** See {@linkcode Sink.watch}. */
  watch(wake) {
    return this.#drained.watch(wake);
  }
  /** See {@linkcode Sink.room}. */
  room() {
    this.#rethrow();
    if (this.#closed) return null;
    return this.#size === 0 ? ROOM : 0;
  }
  /** See {@linkcode Sink.write}. */
  write(bytes) {
    this.#rethrow();
    if (this.#closed) throw closed();
    const written = this.#size === 0 ? this.#attempt(bytes) : 0;
    this.#rethrow();
    if (this.#closed) throw closed();
    if (written < bytes.length) this.#keep(bytes.slice(written));
  }
  /** Nothing is buffered but the backlog, which is being offered anyway. */
  flush() {
    this.#rethrow();
    if (this.#closed) throw closed();
  }
  #rethrow() {
    if (this.#failure === void 0) return;
    const { cause } = this.#failure;
    this.#failure = void 0;
    this.#closed = true;
    throw cause;
  }
  /** Writes what the other end takes now, and says how much that was. A failure is noted. */
  #attempt(bytes) {
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = this.#writer().writeSync(written === 0 ? bytes : bytes.subarray(written));
        if (count === 0) break;
        written += count;
      }
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) this.#closed = true;
      else if (!(cause instanceof Deno.errors.WouldBlock)) this.#failure = {
        cause
      };
    }
    return written;
  }
  #keep(bytes) {
    if (this.#size + bytes.length > MAX_BACKLOG) {
      throw new Error("too much output for a reader that does not read");
    }
    this.#backlog.push(bytes);
    this.#size += bytes.length;
    if (this.#backlog.length > 1) return;
    globalThis.addEventListener("unload", this.#drain);
    this.#retry(1);
  }
  #retry(pause) {
    setTimeout(() => {
      const before = this.#size;
      this.#offer();
      if (this.#size > 0) this.#retry(this.#size < before ? 1 : Math.min(pause * 2, MAX_PAUSE));
    }, pause);
  }
  /** Offers the backlog once. When it is out, or cannot be brought out, all who wait for that are woken. */
  #offer() {
    while (this.#backlog.length > 0) {
      const first2 = this.#backlog[0];
      const written = this.#attempt(first2);
      if (this.#closed || this.#failure !== void 0) {
        this.#backlog = [];
        this.#size = 0;
        break;
      }
      this.#size -= written;
      if (written < first2.length) {
        this.#backlog[0] = first2.subarray(written);
        return;
      }
      this.#backlog.shift();
    }
    if (this.#size > 0) return;
    globalThis.removeEventListener("unload", this.#drain);
    this.#drained.fire();
  }
  /** The process is about to exit: here the thread may sleep, as it would have in a blocking write. */
  #drainNow() {
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (this.#size > 0) {
      this.#offer();
      if (this.#size > 0) Atomics.wait(never, 0, 0, 1);
    }
  }
};

// src/wasi/cli/mod.ts
function cliInterfaces(grant, stdio) {
  const input = new ReaderSource(() => stdio.stdin);
  const output = new WriterSink(() => stdio.stdout);
  const errors = new WriterSink(() => stdio.stderr);
  return {
    environment: {
      ...environment(grant)
    },
    exit: {
      exit,
      exitWithCode
    },
    stdin: {
      getStdin: () => new InputStream(input)
    },
    stdout: {
      getStdout: () => new OutputStream(output)
    },
    stderr: {
      getStderr: () => new OutputStream(errors)
    },
    "terminal-input": {
      TerminalInput
    },
    "terminal-output": {
      TerminalOutput
    },
    "terminal-stdin": {
      getTerminalStdin: () => stdio.stdin.isTerminal?.() ? new TerminalInput() : void 0
    },
    "terminal-stdout": {
      getTerminalStdout: () => stdio.stdout.isTerminal?.() ? new TerminalOutput() : void 0
    },
    "terminal-stderr": {
      getTerminalStderr: () => stdio.stderr.isTerminal?.() ? new TerminalOutput() : void 0
    }
  };
}

// src/wasi/cli/stdio.ts
var processStdio = {
  get stdin() {
    return Deno.stdin;
  },
  get stdout() {
    return Deno.stdout;
  },
  get stderr() {
    return Deno.stderr;
  }
};

// src/wasi/clocks/monotonic.ts
var monotonic_exports = {};
__export(monotonic_exports, {
  now: () => now,
  resolution: () => resolution,
  subscribeDuration: () => subscribeDuration,
  subscribeInstant: () => subscribeInstant
});
init_pollable();

// src/wasi/clocks/deadline.ts
var MAX_DELAY = 2 ** 31 - 1;
var Deadline = class {
  #when;
  #now;
  #running;
  /**
   * @param when The instant, in nanoseconds.
   * @param now The clock it belongs to.
   * @param running Has, while a timer runs, what stops it.
   */
  constructor(when, now3, running) {
    this.#when = when;
    this.#now = now3;
    this.#running = running;
  }
  /** Whether the instant has come. */
  ready() {
    return this.#now() >= this.#when;
  }
  /** See {@linkcode Waitable.watch}. Never wakes before the instant. */
  watch(wake) {
    let timer;
    const arm = () => {
      const left = this.#when - this.#now();
      const ms = Math.min(Math.ceil(Number(left > 0n ? left : 0n) / 1e6), MAX_DELAY);
      timer = setTimeout(() => this.ready() ? wake() : arm(), ms);
    };
    arm();
    const stop = () => {
      clearTimeout(timer);
      this.#running?.delete(stop);
    };
    this.#running?.add(stop);
    return stop;
  }
};

// src/wasi/clocks/monotonic.ts
var FOREVER = (1n << 64n) - 1n;
function now() {
  return BigInt(Math.round(performance.now() * 1e6));
}
var tick;
function resolution() {
  return tick ??= measure();
}
function subscribeInstant(when, timers) {
  return new Pollable(new Deadline(when, now, timers));
}
function subscribeDuration(when, timers) {
  const deadline = now() + when;
  return subscribeInstant(deadline < FOREVER ? deadline : FOREVER, timers);
}
function measure() {
  let divisor = 0n;
  let last = now();
  for (let changes = 0, reads = 0; changes < 64 && reads < 1e6; reads++) {
    const next2 = now();
    if (next2 === last) continue;
    divisor = gcd(next2 - last, divisor);
    last = next2;
    changes++;
  }
  return divisor > 0n ? divisor : 1n;
}
function gcd(a, b) {
  while (b > 0n) [a, b] = [
    b,
    a % b
  ];
  return a;
}

// src/wasi/clocks/timezone.ts
var LAST_SECOND = 8640000000000n;
function timezone(zone) {
  const known3 = zone !== void 0 && isKnown(zone) ? zone : "UTC";
  const utcOffset = (when) => when.seconds > LAST_SECOND ? 0 : offset(known3, Number(when.seconds));
  return {
    utcOffset,
    display(when) {
      const current = utcOffset(when);
      return {
        utcOffset: current,
        name: name(known3, when),
        inDaylightSavingTime: inDst(known3, when, current)
      };
    }
  };
}
function isKnown(zone) {
  try {
    return new Intl.DateTimeFormat("en", {
      timeZone: zone
    }) !== void 0;
  } catch {
    return false;
  }
}
function offset(zone, seconds) {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1e3).toZonedDateTimeISO(zone).offsetNanoseconds / 1e9;
}
function name(zone, when) {
  if (zone === "UTC" || when.seconds > LAST_SECOND) return "UTC";
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    timeZoneName: "short"
  });
  const part = format.formatToParts(Number(when.seconds) * 1e3).find((part2) => part2.type === "timeZoneName");
  return part?.value ?? zone;
}
function inDst(zone, when, current) {
  if (when.seconds > LAST_SECOND) return false;
  const year = new Date(Number(when.seconds) * 1e3).getUTCFullYear();
  const [january, july] = [
    0,
    6
  ].map((month) => offset(zone, Date.UTC(Math.min(year, 275e3), month, 1) / 1e3));
  return january !== july && current === Math.max(january, july);
}

// src/wasi/clocks/mod.ts
init_wall();
function monotonicClockInterface(atEnd) {
  const { now: now3, resolution: resolution3 } = monotonic_exports;
  const timers = /* @__PURE__ */ new Set();
  atEnd.push(() => timers.forEach((stop) => stop()));
  return {
    now: now3,
    resolution: resolution3,
    subscribeDuration: (when) => subscribeDuration(when, timers),
    subscribeInstant: (when) => subscribeInstant(when, timers)
  };
}
function wallClockInterface() {
  const { now: now3, resolution: resolution3 } = wall_exports;
  return {
    now: now3,
    resolution: resolution3
  };
}
function timezoneInterface(grant) {
  return {
    ...timezone(grant.env.find(([name2]) => name2 === "TZ")?.[1])
  };
}

// src/wasi/filesystem/mod.ts
init_descriptor();
init_entries();
init_error_code();

// src/wasi/filesystem/preopens.ts
init_error3();
init_denial();
init_descriptor();
init_directory();

// src/wasi/filesystem/mount.ts
var MountPoint = class {
  /** Where it is in the guest. */
  guest;
  /** Where it is on the host, without a slash at the end. */
  host;
  #readOnly;
  #inner;
  /**
   * @param mount The declaration.
   * @param all Every mount of the guest, this one included.
   */
  constructor(mount, all) {
    this.guest = mount.guest;
    this.host = trimmed2(mount.host);
    this.#readOnly = mount.readOnly;
    this.#inner = innerOf(mount, all);
  }
  /** What the guest calls a path. @param path On the host, at or below `host`. */
  guestPath(path2) {
    return `${trimmed2(this.guest)}${path2.slice(this.host.length)}` || "/";
  }
  /**
   * Whether nothing may change at `path`. A read-only mount inside of a writable one stays read-only when it is reached
   * from outside: whoever declares `/data`, and `/data/config` read-only, means both.
   *
   * @param path On the host, at or below `host`.
   */
  readOnlyAt(path2) {
    if (this.#readOnly) return true;
    let deepest;
    for (const inner of this.#inner) {
      if (!isAtOrBelow2(path2.slice(this.host.length), inner.relative)) continue;
      if (deepest === void 0 || inner.relative.length > deepest.relative.length) deepest = inner;
    }
    return deepest?.readOnly ?? false;
  }
  /**
   * Whether another mount is at or below `path`. Such a directory stays where it is: moved away, a link in its place
   * would lead that mount elsewhere.
   */
  holdsMount(path2) {
    return this.#inner.some((inner) => isAtOrBelow2(inner.relative, path2.slice(this.host.length)));
  }
};
function isAtOrBelow2(path2, directory) {
  return path2.startsWith(directory) && (path2.length === directory.length || path2[directory.length] === "/");
}
function innerOf(mount, all) {
  const others = all.filter((other) => other !== mount);
  if (others.length === 0) return [];
  const outer = realPath(mount.host);
  return others.flatMap((other) => {
    const path2 = realPath(other.host);
    if (path2 === outer || !isAtOrBelow2(path2, outer)) return [];
    return [
      {
        relative: path2.slice(outer.length),
        readOnly: other.readOnly
      }
    ];
  });
}
function realPath(path2) {
  try {
    return trimmed2(Deno.realPathSync(path2));
  } catch {
    return trimmed2(path2);
  }
}
function trimmed2(path2) {
  return path2.replace(/\/+$/, "");
}

// src/wasi/filesystem/opened.ts
init_error_code();
var MAX_OPEN = 1024;
var MAX_NAMES = 1 << 20;
var abandoned = new FinalizationRegistry((handles) => {
  for (const handle2 of handles) handle2.close();
});
var Opened = class {
  #nodes = /* @__PURE__ */ new Set();
  #handles = /* @__PURE__ */ new Set();
  #names = 0;
  #scratch = new Uint8Array(0);
  constructor() {
    abandoned.register(this, this.#handles);
  }
  /** @throws {ComponentError} `insufficient-memory`, before anything is opened that could not be kept. */
  checkRoom() {
    if (this.#nodes.size >= MAX_OPEN) throw failure("insufficient-memory");
  }
  /** Something was opened. */
  add(node) {
    this.#nodes.add(node);
  }
  /** It was closed. */
  delete(node) {
    this.#nodes.delete(node);
  }
  /** A file of the host that is to be closed with the guest, at the latest. */
  keep(handle2) {
    this.#handles.add(handle2);
    return handle2;
  }
  /** The guest is gone: closes what it left open. */
  closeAll() {
    for (const handle2 of this.#handles) handle2.close();
    this.#handles.clear();
  }
  /** Closes one that was kept. */
  close(handle2) {
    this.#handles.delete(handle2);
    handle2.close();
  }
  /**
   * The guest renamed something. In POSIX an open directory is itself wherever it goes; here it is found by its path,
   * which therefore moves along.
   */
  moved(from, to, mount) {
    for (const node of this.#nodes) {
      if (!isAtOrBelow2(node.path, from)) continue;
      node.path = to + node.path.slice(from.length);
      if (!isAtOrBelow2(node.path, node.mount.host)) node.mount = mount;
    }
  }
  /**
   * A listing starts, and holds so many names until {@linkcode releaseNames}. One alone may be of any length.
   *
   * @throws {ComponentError} `insufficient-memory`: a guest that lists in a loop must not fill the host's memory.
   */
  holdNames(count) {
    if (this.#names > 0 && this.#names + count > MAX_NAMES) throw failure("insufficient-memory");
    this.#names += count;
  }
  /** A listing ended. */
  releaseNames(count) {
    this.#names -= count;
  }
  /**
   * A buffer to read into, the same one for every read of this guest: a fresh one for each would halve the throughput
   * of large reads (zeroing it costs as much as the read), and one for each stream would let a guest pile them up.
   *
   * @param length Up to 1 MiB.
   */
  scratch(length) {
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(Math.max(length, 64 * 1024));
    return this.#scratch.subarray(0, length);
  }
};

// src/wasi/filesystem/preopens.ts
function getDirectories(grant, atEnd = []) {
  const opened2 = new Opened();
  atEnd.push(() => opened2.closeAll());
  let points;
  return () => {
    points ??= grant.mounts.map((mount) => new MountPoint(mount, grant.mounts)).sort(byGuestPath);
    for (const mount of grant.mounts) checkReal(mount);
    return points.map((point) => [
      new Descriptor(open(point, opened2)),
      point.guest
    ]);
  };
}
function checkReal({ guest, host, real }) {
  if (real === void 0) return;
  let now3;
  try {
    now3 = Deno.realPathSync(host);
  } catch {
    return;
  }
  if (now3 === real) return;
  throw new Trap(`wasi:filesystem/preopens.get-directories: the mount ${guest} is not the directory that was declared`);
}
function open(point, opened2) {
  try {
    opened2.checkRoom();
    return new OpenDirectory(point.host || "/", point, opened2);
  } catch (error) {
    const why = error instanceof ComponentError ? error.payload : error;
    const message = `wasi:filesystem/preopens.get-directories: the mount ${point.guest} cannot be opened: ${why}`;
    throw denial(new Trap(message), error);
  }
}
function byGuestPath(one, other) {
  return one.guest < other.guest ? -1 : one.guest > other.guest ? 1 : 0;
}

// src/wasi/filesystem/mod.ts
function typesInterface() {
  return {
    Descriptor,
    DirectoryEntryStream,
    filesystemErrorCode
  };
}
function preopensInterface(grant, atEnd) {
  return {
    getDirectories: getDirectories(grant, atEnd)
  };
}

// src/wasi/http/future_incoming_response.ts
init_pollable();
var FutureIncomingResponse = class {
  #outcome;
  #abandon;
  /**
   * @param outcome What comes.
   * @param abandon Called where the future is dropped before its response was taken.
   */
  constructor(outcome, abandon) {
    this.#outcome = outcome;
    this.#abandon = abandon;
  }
  /** `subscribe: func() -> pollable`: ready when {@linkcode get} gives something. */
  subscribe() {
    return new Pollable(this.#outcome);
  }
  /**
   * `get: func() -> option<result<result<incoming-response, error-code>>>`
   *
   * @returns `undefined` until there is a response or an error; then that; afterwards an error without payload.
   */
  get() {
    const result2 = this.#outcome.take();
    if (result2 !== void 0) this.#abandon = void 0;
    return result2;
  }
  /** Drops the future. A response that was not taken is not wanted, nor is the request's end. */
  [Symbol.dispose]() {
    this.#abandon?.();
    this.#abandon = void 0;
  }
};

// src/wasi/http/incoming_response.ts
init_error3();
var IncomingResponse = class {
  #status;
  #headers;
  #body;
  /**
   * @param status From 200 on.
   * @param headers They cannot be changed.
   * @param body Its contents, even if there are none.
   */
  constructor(status, headers, body) {
    this.#status = status;
    this.#headers = headers;
    this.#body = body;
  }
  /** `status: func() -> status-code` */
  status() {
    return this.#status;
  }
  /** `headers: func() -> headers`; they cannot be changed. */
  headers() {
    return Fields.frozen(this.#headers);
  }
  /**
   * `consume: func() -> result<incoming-body>`: the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  consume() {
    const body = this.#body;
    if (body === void 0) throw new ComponentError(void 0);
    this.#body = void 0;
    return body;
  }
  /** Drops the response. Unless it was consumed, nobody wants its contents. */
  [Symbol.dispose]() {
    this.#body?.[Symbol.dispose]();
    this.#body = void 0;
    this.#headers[Symbol.dispose]();
  }
};

// src/wasi/http/outgoing_handler.ts
init_network();
init_authority();

// src/wasi/http/idle.ts
var MOST = 8;
var PATIENCE = 4e3;
var Idle = class {
  /** The one that came last is the last; it is used first. */
  #sockets = /* @__PURE__ */ new Map();
  /** Takes one that leads to the same place. */
  take(key2) {
    for (const [socket2, entry] of [
      ...this.#sockets
    ].reverse()) {
      if (entry.key !== key2) continue;
      entry.leave();
      if (socket2.destroyed || !socket2.writable || !socket2.readable) continue;
      socket2.ref();
      return socket2;
    }
    return void 0;
  }
  /** Keeps one; the oldest must go where there are too many. */
  keep(key2, socket2) {
    const destroy = () => void socket2.destroy();
    socket2.on("data", destroy).on("end", destroy);
    const timer = setTimeout(destroy, PATIENCE);
    Deno.unrefTimer(timer);
    const leave = () => {
      clearTimeout(timer);
      socket2.off("data", destroy).off("end", destroy).off("close", leave);
      this.#sockets.delete(socket2);
    };
    socket2.once("close", leave);
    socket2.unref();
    this.#sockets.set(socket2, {
      key: key2,
      leave
    });
    if (this.#sockets.size > MOST) this.drop();
  }
  /** Closes the oldest. @returns Whether there was one. */
  drop() {
    for (const socket2 of this.#sockets.keys()) {
      socket2.destroy();
      this.#sockets.get(socket2)?.leave();
      return true;
    }
    return false;
  }
};

// src/wasi/http/secure.ts
init_network();
init_error5();
async function secure(socket2, host, signal) {
  const { connect: connect2 } = await import("node:tls");
  const name2 = typeof host === "string" ? host : formatIp(host);
  return await new Promise((resolve, reject) => {
    const tls = connect2({
      socket: socket2,
      host: name2,
      // No name is sent for an address (RFC 6066, section 3).
      servername: typeof host === "string" ? name2 : "",
      // Said, although it is the default: NODE_TLS_REJECT_UNAUTHORIZED=0 in the host's environment changes that.
      rejectUnauthorized: true,
      ALPNProtocols: [
        "http/1.1"
      ]
    });
    let failure3;
    const abort = () => tls.destroy(signal.reason);
    const leave = () => signal.removeEventListener("abort", abort);
    tls.on("error", (error) => failure3 ??= error);
    tls.once("close", () => {
      leave();
      socket2.destroy();
      reject(failure3 ?? new NetworkError("reset", "the connection was closed in the handshake"));
    });
    tls.once("secureConnect", () => {
      leave();
      resolve(tls);
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}

// src/wasi/http/connections.ts
var Connections = class {
  #reach;
  #idle = new Idle();
  /** Those that wait until one is closed. */
  #waiting = /* @__PURE__ */ new Set();
  /** Those that are open or being opened. */
  #open = 0;
  /** @param reach The guest's. */
  constructor(reach) {
    this.#reach = reach;
  }
  /**
   * A connection for one request.
   *
   * @param reuse Whether one that another request left will do.
   * @param signal Ends the attempt, with a {@linkcode NetworkError} as its reason.
   * @throws {NetworkError} Or what `node:tls` emits.
   */
  async open(to, reuse, signal) {
    const kept = reuse ? this.#idle.take(keyOf(to)) : void 0;
    if (kept !== void 0) return {
      socket: kept,
      used: true
    };
    const socket2 = await this.#dial(to, signal);
    return {
      socket: to.scheme === "http" ? socket2 : await secure(socket2, to.authority.host, signal),
      used: false
    };
  }
  /** Keeps a connection whose response is complete. It was opened for `to`, and leads nowhere else. */
  keep(to, socket2) {
    this.#idle.keep(keyOf(to), socket2);
    if (this.#waiting.size > 0) this.#idle.drop();
  }
  async #dial(to, signal) {
    for (; ; ) {
      this.#open++;
      try {
        const { scheme, port, authority: { host } } = to;
        const socket2 = await this.#reach.dial({
          scheme,
          host,
          port,
          signal
        });
        socket2.once("close", () => this.#closed());
        if (socket2.closed) this.#closed();
        return socket2;
      } catch (error) {
        this.#open--;
        if (!hasReason(error, "too-many-sockets")) {
          this.#wake();
          throw error;
        }
        if (this.#idle.drop()) {
        } else if (this.#open === 0) {
          throw error;
        }
        await this.#turn(signal, error);
      }
    }
  }
  #closed() {
    this.#open--;
    this.#wake();
  }
  #wake() {
    const [first2] = this.#waiting;
    first2?.();
  }
  /** Waits until a connection is closed. Whoever waits too long learns what for. */
  async #turn(signal, why) {
    await new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", abort);
      };
      const wake = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(hasReason(signal.reason, "timeout") ? why : signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      this.#waiting.add(wake);
      signal.addEventListener("abort", abort);
    });
  }
};
function keyOf({ scheme, authority: { text }, port }) {
  return `${scheme}://${text} ${port}`;
}

// src/wasi/http/outgoing_exchange.ts
init_error5();

// src/wasi/http/message_source.ts
init_source();
init_waitable();
var MAX_PIECES = 1024;
var NOTHING3 = new Uint8Array(0);
var MessageSource = class {
  #message;
  #events;
  #room;
  #changed = new Signal();
  #pieces = [];
  #size = 0;
  #full = false;
  #state = "open";
  #failure;
  #holding = new Holding(this);
  /** Ends the wait for room elsewhere. */
  #stop = () => {
  };
  /**
   * @param message Nobody may have read of it. Its errors never go uncaught.
   * @param events Told of what happens.
   * @param room How many bytes may wait, about.
   */
  constructor(message, events, room = NETWORK_LIMITS.bodyBytes) {
    this.#message = message;
    this.#events = events;
    this.#room = room;
    message.on("error", (error) => this.#break(error));
    message.on("data", (bytes) => this.#take(bytes));
    message.on("end", () => this.#end());
    message.on("close", () => this.#break(new HttpError({
      tag: "connection-terminated"
    })));
  }
  /** See {@linkcode Source}. */
  ready() {
    return this.#size > 0 || this.#state !== "open" || this.#failure !== void 0;
  }
  /** See {@linkcode Source}. */
  watch(wake) {
    return this.#changed.watch(wake);
  }
  /** See {@linkcode Source}. What has come is given before the error that came after it. */
  read(max) {
    const piece = this.#pieces[0];
    if (piece === void 0) {
      if (this.#failure !== void 0) throw this.#failure;
      return this.#state === "open" ? NOTHING3 : null;
    }
    const bytes = piece.subarray(0, Math.min(max, MAX_READ));
    if (bytes.length === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(bytes.length);
    this.#count(-bytes.length);
    this.#refill();
    return bytes;
  }
  /** See {@linkcode Source}. */
  close() {
    if (this.#state === "closed") return;
    const ended = this.#state === "ended" || this.#failure !== void 0;
    this.#state = "closed";
    this.#pieces = [];
    this.#count(-this.#size);
    this.#stop();
    this.#changed.fire();
    if (!ended) this.#events.dropped();
  }
  /** The message will not be complete. Only the first error counts, and none after the end. */
  fail(error) {
    if (this.#state !== "open" || this.#failure !== void 0) return;
    this.#failure = error;
    this.#changed.fire();
  }
  #take(bytes) {
    if (this.#state !== "open" || this.#failure !== void 0 || bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#count(bytes.length);
    const crowded = roomLeft() === 0;
    this.#full = crowded || this.#size >= this.#room || this.#pieces.length >= MAX_PIECES;
    if (this.#full) {
      this.#stop();
      if (crowded) this.#stop = roomAgain.watch(() => this.#refill());
      this.#message.pause();
      this.#events.full();
    } else {
      this.#events.waiting();
    }
    this.#changed.fire();
  }
  /** Room for half is room enough: a socket is not woken for every byte. */
  #refill() {
    if (!this.#full || this.#size > this.#room / 2 || this.#pieces.length > MAX_PIECES / 2) return;
    if (roomLeft() === 0) return;
    this.#full = false;
    this.#stop();
    if (this.#state !== "open" || this.#failure !== void 0) return;
    this.#events.waiting();
    this.#message.resume();
  }
  #count(bytes) {
    this.#size += bytes;
    this.#holding.set(this.#size);
  }
  #end() {
    if (this.#state !== "open" || this.#failure !== void 0) return;
    this.#state = "ended";
    this.#events.ended();
    this.#changed.fire();
  }
  #break(error) {
    if (this.#state === "open" && this.#failure === void 0) this.#events.broken(error);
  }
};

// src/wasi/http/latin1.ts
var PIECE = 8192;
function fromLatin1(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) {
    text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  }
  return text;
}
function toLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// src/wasi/http/request_head.ts
var WITHOUT_CONTENTS = /* @__PURE__ */ new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE"
]);
function headOf(method, host, fields, declared, contents) {
  const head = [
    "Host",
    host
  ];
  for (const [name2, value] of fields) head.push(name2, fromLatin1(value));
  if (declared !== void 0) return head;
  if (contents.kind === "open") head.push("Transfer-Encoding", "chunked");
  else if (contents.length > 0 || !WITHOUT_CONTENTS.has(method)) {
    head.push("Content-Length", String(contents.length));
  }
  return head;
}

// src/wasi/http/request_wire.ts
function wireOf(message) {
  return {
    write: (bytes, taken) => void message.write(bytes, taken),
    end: (trailers) => {
      if (trailers.length > 0) {
        message.addTrailers(trailers.map(([name2, value]) => [
          name2,
          fromLatin1(value)
        ]));
      }
      message.end();
    }
  };
}

// src/wasi/http/response_head.ts
function headersOf(response, limits) {
  const fields = fieldsOf(response.rawHeaders);
  if (fields.length > limits.headerCount) {
    throw new HttpError({
      tag: "HTTP-response-header-section-size",
      val: void 0
    });
  }
  for (const [name2, value] of fields) {
    if (name2.toLowerCase() !== "transfer-encoding") continue;
    const coding = new TextDecoder().decode(value).trim().toLowerCase();
    if (coding !== "chunked") throw new HttpError({
      tag: "HTTP-response-transfer-coding",
      val: coding
    });
  }
  return Fields.from(fields, {
    immutable: true,
    limits
  });
}
function trailersOf(response, limits) {
  const fields = fieldsOf(response.rawTrailers);
  if (fields.length === 0) return void 0;
  if (fields.length > limits.headerCount) {
    throw new HttpError({
      tag: "HTTP-response-trailer-section-size",
      val: void 0
    });
  }
  return Fields.from(fields, {
    immutable: true,
    limits
  });
}
function fieldsOf(raw) {
  const fields = [];
  for (let i = 0; i + 1 < raw.length; i += 2) fields.push([
    raw[i],
    toLatin1(raw[i + 1])
  ]);
  return fields;
}

// src/wasi/http/speak.ts
var loading;
function speaker() {
  return loading ??= load();
}
async function load() {
  const { Agent, request: request2 } = await import("node:http");
  class Given extends Agent {
    addRequest(message, { given }) {
      message.onSocket(given);
    }
  }
  const agent = new Given({
    keepAlive: true,
    proxyEnv: {}
  });
  return ({ socket: socket2, headers, ...rest }) => {
    const message = request2({
      ...rest,
      headers,
      agent,
      given: socket2,
      insecureHTTPParser: false
    });
    message.maxHeadersCount = 0;
    message.once("socket", (socket3) => socket3.resume());
    return message;
  };
}

// src/wasi/http/alert.ts
var ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognised_name: 112,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120
};
var CERTIFICATE = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CRL_|ERROR_IN_C|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;
function tlsErrorCode(error) {
  const alert = /received fatal alert: (\w+)/.exec(error.message)?.[1];
  if (alert !== void 0) {
    const name2 = alert.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    const id = Object.hasOwn(ALERTS, name2) ? ALERTS[name2] : void 0;
    return {
      tag: "TLS-alert-received",
      val: id === void 0 ? {} : {
        alertId: id,
        alertMessage: name2.replaceAll("_", " ")
      }
    };
  }
  if (typeof error.code !== "string") return void 0;
  if (CERTIFICATE.test(error.code)) return {
    tag: "TLS-certificate-error"
  };
  return /^ERR_(SSL|TLS)_/.test(error.code) ? {
    tag: "TLS-protocol-error"
  } : void 0;
}

// src/wasi/http/transport_error.ts
function transportError(error, stage) {
  if (!(error instanceof Error) || error instanceof HttpError) return httpError(error);
  const { code } = error;
  const known3 = typeof code === "string" && code.startsWith("HPE_") ? parserErrorCode(code, stage) : tlsErrorCode(error);
  return known3 === void 0 ? httpError(error) : new HttpError(known3, {
    cause: error
  });
}
function parserErrorCode(code, stage) {
  if (code === "HPE_HEADER_OVERFLOW") {
    return {
      tag: stage === "header" ? "HTTP-response-header-section-size" : "HTTP-response-trailer-section-size",
      val: void 0
    };
  }
  if (code === "HPE_PAUSED_UPGRADE") return {
    tag: "HTTP-upgrade-failed"
  };
  return stage === "body" ? {
    tag: "HTTP-response-transfer-coding",
    val: "chunked"
  } : {
    tag: "HTTP-protocol-error"
  };
}

// src/wasi/http/watchdog.ts
var MAX_DELAY2 = 2 ** 31 - 1;
var DEFAULT_TIMEOUT = 6e5;
function milliseconds(nanoseconds) {
  if (nanoseconds === void 0) return DEFAULT_TIMEOUT;
  const whole = (nanoseconds + 999999n) / 1000000n;
  return whole > MAX_DELAY2 ? MAX_DELAY2 : Number(whole);
}
var Watchdog = class {
  #bark;
  #timer;
  #timeout = 0;
  #deadline = 0;
  /** @param bark Called once when the time has passed; the dog sleeps then. */
  constructor(bark) {
    this.#bark = bark;
  }
  /** Watches from now on. */
  start(timeout) {
    this.stop();
    this.#timeout = timeout;
    this.touch();
    this.#sleep(timeout);
  }
  /** Something happened: the time begins anew. */
  touch() {
    this.#deadline = performance.now() + this.#timeout;
  }
  /** Watches no more. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = void 0;
  }
  #sleep(delay) {
    this.#timer = setTimeout(() => {
      this.#timer = void 0;
      const left = this.#deadline - performance.now();
      left > 1 ? this.#sleep(left) : this.#bark();
    }, delay);
  }
};

// src/wasi/http/outgoing_exchange.ts
var SAFE = /* @__PURE__ */ new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE"
]);
var MAX_INFORMATIONAL = 64;
var NO_CONTENTS = {
  kind: "complete",
  length: 0
};
var OutgoingExchange = class {
  /** What comes of it. */
  outcome = new Outcome();
  #request;
  #timeouts;
  #sender;
  /** Whether the other side answers, and goes on answering. */
  #answering = new Watchdog(() => this.#late());
  /** Whether the other side takes what it is sent. */
  #taking = new Watchdog(() => this.#fail({
    tag: "connection-write-timeout"
  }));
  #connecting = new AbortController();
  #leave = () => {
  };
  #message;
  /** What the connection had received before. */
  #bytesBefore = 0;
  #response;
  #source;
  #state = "connecting";
  /** Begins to send a request. */
  constructor(request2, timeouts, sender) {
    this.#request = request2;
    this.#timeouts = timeouts;
    this.#sender = sender;
    this.#answering.start(timeouts.connect);
    request2.body?.onAbort(() => this.#fail({
      tag: "HTTP-protocol-error"
    }));
    this.#leave = sender.reach.atEnd(() => this.#fail({
      tag: "connection-terminated"
    }));
    if (this.#isOver) this.#leave();
    else this.#begin().catch((error) => this.#break(error));
  }
  /** Nobody wants the response, or the rest of it. */
  abort() {
    if (this.#isOver) return;
    this.#end("failed");
    this.#request.body?.close();
  }
  get #isOver() {
    return this.#state === "complete" || this.#state === "failed";
  }
  async #begin() {
    const speak = await speaker();
    const { method, body } = this.#request;
    const { kind, length } = {
      length: 0,
      ...body?.contents ?? NO_CONTENTS
    };
    await this.#send(speak, SAFE.has(method) && kind === "complete" && length === 0);
  }
  async #send(speak, repeatable) {
    if (this.#isOver) return;
    const { connections, reach } = this.#sender;
    const { socket: socket2, used } = await connections.open(this.#request, repeatable, this.#connecting.signal);
    if (this.#isOver) return void socket2.destroy();
    const { method, path: path2, authority, fields, declared, body } = this.#request;
    const message = speak({
      socket: socket2,
      method,
      path: path2,
      headers: headOf(method, authority.text, fields, declared, body?.contents ?? NO_CONTENTS),
      maxHeaderSize: reach.limits.headerBytes
    });
    this.#message = message;
    this.#bytesBefore = socket2.bytesRead;
    this.#state = "sent";
    this.#listen(message, (error) => {
      if (this.#state === "sent" && this.#heard) return this.#break(cutOff(error));
      if (!used || this.#state !== "sent") return this.#break(error);
      this.#message = void 0;
      this.#send(speak, false).catch((error2) => this.#break(error2));
    });
    socket2.once("free", () => {
      if (this.#state === "complete") connections.keep(this.#request, socket2);
      else socket2.destroy();
    });
    this.#answering.start(this.#timeouts.firstByte);
    if (body === void 0) return void message.end();
    message.flushHeaders();
    body.attach(wireOf(message), (pending) => {
      if (this.#state === "sent") this.#answering.touch();
      if (pending > 0) this.#taking.start(this.#timeouts.betweenBytes);
      else this.#taking.stop();
    });
  }
  #listen(message, failed2) {
    let informational = 0;
    message.on("information", () => {
      if (++informational > MAX_INFORMATIONAL) this.#fail({
        tag: "HTTP-protocol-error"
      });
    });
    message.on("upgrade", () => this.#fail({
      tag: "HTTP-upgrade-failed"
    }));
    message.on("response", (response) => this.#answer(response));
    message.on("error", (error) => {
      if (message === this.#message && !this.#response?.complete) failed2(error);
    });
    message.on("close", () => {
      if (message === this.#message && this.#state === "sent") this.#fail({
        tag: "connection-terminated"
      });
    });
  }
  #answer(response) {
    if (this.#state !== "sent") return;
    const { reach: { limits } } = this.#sender;
    this.#response = response;
    try {
      if (response.statusCode === 101) throw new HttpError({
        tag: "HTTP-upgrade-failed"
      });
      const headers = headersOf(response, limits);
      const source = this.#source = new MessageSource(response, this.#events(response), limits.bodyBytes);
      const body = new IncomingBody(source, () => Promise.try(() => trailersOf(response, limits)));
      this.#state = "answered";
      this.#answering.start(this.#timeouts.firstByte);
      this.outcome.settle({
        tag: "ok",
        val: new IncomingResponse(response.statusCode, headers, body)
      });
    } catch (error) {
      this.#break(error);
    }
  }
  #events(response) {
    return {
      waiting: () => this.#answering.start(this.#timeouts.betweenBytes),
      full: () => this.#answering.stop(),
      dropped: () => this.abort(),
      ended: () => {
        const { body } = this.#request;
        const sent = body?.sent ?? true;
        body?.close();
        this.#end(sent ? "complete" : "failed");
      },
      broken: (error) => {
        this.#break(response.complete ? error : new HttpError({
          tag: "HTTP-response-incomplete"
        }, {
          cause: error
        }));
      }
    };
  }
  /** The other side did not do in time what it should have done. */
  #late() {
    switch (this.#state) {
      case "connecting":
        return this.#connecting.abort(new NetworkError("timeout", "the connection took too long"));
      case "sent":
        if ((this.#request.body?.pending ?? 0) > 0) return this.#fail({
          tag: "connection-write-timeout"
        });
        return this.#fail({
          tag: this.#heard ? "HTTP-response-timeout" : "connection-read-timeout"
        });
      case "answered":
        return this.#fail({
          tag: "connection-read-timeout"
        });
    }
  }
  /** Whether anything was received since the request was sent. */
  get #heard() {
    return (this.#message?.socket?.bytesRead ?? 0) > this.#bytesBefore;
  }
  #fail(code) {
    this.#break(new HttpError(code));
  }
  #break(cause) {
    if (this.#isOver) return;
    const error = transportError(cause, this.#state === "answered" ? "body" : "header");
    this.outcome.settle({
      tag: "err",
      val: error.code
    });
    this.#source?.fail(error);
    this.#request.body?.fail(error);
    this.#end("failed");
  }
  #end(state) {
    this.#state = state;
    this.#answering.stop();
    this.#taking.stop();
    this.#leave();
    this.#request.release();
    if (state === "complete") return;
    this.#connecting.abort(new NetworkError("other", "the request was given up"));
    this.#message?.socket?.destroy();
    this.#message?.destroy();
  }
};
function cutOff(error) {
  const { code, syscall } = error;
  if (code !== "ECONNRESET" || syscall !== void 0) return error;
  return new HttpError({
    tag: "HTTP-response-incomplete"
  }, {
    cause: error
  });
}

// src/wasi/http/outgoing_handler.ts
init_field_syntax();

// src/wasi/http/outgoing_request.ts
init_error3();
init_authority();
init_field_syntax();

// src/wasi/http/request_body.ts
init_waitable();

// src/wasi/http/trailers.ts
var NOT_TRAILERS = /* @__PURE__ */ new Set([
  "age",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "cookie",
  "date",
  "expect",
  "expires",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "location",
  "max-forwards",
  "pragma",
  "range",
  "retry-after",
  "set-cookie",
  "te",
  "trailer",
  "vary",
  "warning",
  "www-authenticate"
]);
function areTrailers(fields) {
  return Fields.entriesOf(fields).every(([name2]) => !NOT_TRAILERS.has(name2.toLowerCase()));
}

// src/wasi/http/request_body.ts
var ROOM3 = NETWORK_LIMITS.bodyBytes;
var RequestBody = class {
  #changed = new Signal();
  /** What waits for a wire. */
  #waiting = [];
  /** Bytes that no system has taken yet. */
  #pending = 0;
  #wire;
  #progress = () => {
  };
  #aborted = () => {
  };
  #end;
  #closed = false;
  #failure;
  #mayTrail;
  #holding = new Holding(this);
  /** @param mayTrail Whether trailers can follow: only where the length is not said at the beginning. */
  constructor(mayTrail) {
    this.#mayTrail = mayTrail;
  }
  /** See {@linkcode Sink}. */
  ready() {
    return this.#closed || this.#failure !== void 0 || this.#room > 0;
  }
  /** See {@linkcode Sink}. */
  watch(wake) {
    const stops = [
      this.#changed.watch(wake),
      roomAgain.watch(wake)
    ];
    return () => stops.forEach((stop) => stop());
  }
  /** See {@linkcode Sink}. */
  room() {
    if (this.#failure !== void 0) throw this.#failure;
    return this.#closed ? null : this.#room;
  }
  /** See {@linkcode Sink}. */
  write(bytes) {
    if (this.#failure !== void 0) throw this.#failure;
    if (this.#closed || bytes.length === 0) return;
    const kept = bytes.slice();
    this.#count(kept.length);
    if (this.#wire === void 0) this.#waiting.push(kept);
    else this.#send(this.#wire, kept);
  }
  /** Nothing lingers here once there is a wire, and before that there is nothing to wait for. */
  flush() {
    if (this.#failure !== void 0) throw this.#failure;
  }
  /**
   * The contents are complete.
   *
   * @throws {ComponentError} With an `error-code`: these fields cannot be trailers, or none can be sent here.
   */
  finish(trailers) {
    const some = trailers !== void 0 && Fields.entriesOf(trailers).length > 0 ? trailers : void 0;
    if (some !== void 0 && !(this.#mayTrail && areTrailers(some))) {
      this.abort();
      throw refused({
        tag: "HTTP-protocol-error"
      });
    }
    this.#end = {
      trailers: some
    };
    this.#finishWire();
  }
  /** The contents end incomplete. */
  abort() {
    this.#end = "aborted";
    this.#aborted();
  }
  /** For the wire: what to do where the contents end incomplete, or have done so already. */
  onAbort(aborted) {
    this.#aborted = aborted;
    if (this.#end === "aborted") aborted();
  }
  /** For the wire: nobody takes the contents any more. Whoever writes is told so, and no more. */
  close() {
    this.#closed = true;
    this.#leave();
  }
  /** For the wire: what went wrong, for whoever writes. */
  fail(error) {
    this.#failure ??= error;
    this.#leave();
  }
  /** For the wire: what can be said of the contents now. */
  get contents() {
    if (this.#end === void 0 || this.#end === "aborted" || this.#end.trailers !== void 0) {
      return {
        kind: "open"
      };
    }
    return {
      kind: "complete",
      length: this.#pending
    };
  }
  /** Whether they are complete and taken. */
  get sent() {
    return typeof this.#end === "object" && this.#pending === 0;
  }
  /** Bytes that wait to be taken. */
  get pending() {
    return this.#pending;
  }
  /**
   * Sends what waits, and everything that comes.
   *
   * @param progress Told how much is pending, whenever that changes.
   */
  attach(wire, progress) {
    this.#wire = wire;
    this.#progress = progress;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const bytes of waiting) this.#send(wire, bytes);
    this.#finishWire();
  }
  get #room() {
    return Math.max(0, Math.min(ROOM3 - this.#pending, roomLeft()));
  }
  #count(bytes) {
    this.#pending += bytes;
    this.#holding.set(this.#closed || this.#failure !== void 0 ? 0 : this.#pending);
  }
  #send(wire, bytes) {
    wire.write(bytes, () => {
      this.#count(-bytes.length);
      this.#progress(this.#pending);
      this.#changed.fire();
    });
    this.#progress(this.#pending);
  }
  #finishWire() {
    const end = this.#end;
    if (this.#wire === void 0 || end === void 0 || end === "aborted") return;
    this.#wire.end(end.trailers === void 0 ? [] : Fields.entriesOf(end.trailers));
  }
  #leave() {
    this.#count(0);
    this.#waiting = [];
    this.#wire = void 0;
    this.#progress = () => {
    };
    this.#aborted = () => {
    };
    this.#changed.fire();
  }
};

// src/wasi/http/outgoing_request.ts
init_target();
var OutgoingRequest = class {
  #method = {
    tag: "get"
  };
  #scheme;
  #authority;
  #pathWithQuery;
  #headers;
  #body;
  #sent = false;
  #holding = new Holding(this);
  /** `constructor(headers: headers)`: a `GET` to nowhere yet. */
  constructor(headers) {
    this.#headers = Fields.frozen(headers);
    headers[Symbol.dispose]();
  }
  /**
   * For the host: what is to be sent, once.
   *
   * @throws {Trap} It was sent before. A guest gives its handle away, and cannot come here again.
   */
  static partsOf(request2) {
    if (request2.#sent) {
      throw new Trap("wasi:http/outgoing-handler.handle: this outgoing-request was sent before");
    }
    request2.#sent = true;
    return {
      method: request2.#method,
      scheme: request2.#scheme,
      authority: request2.#authority,
      pathWithQuery: request2.#pathWithQuery,
      headers: request2.#headers,
      body: request2.#body,
      release: () => request2.#release()
    };
  }
  /**
   * `body: func() -> result<outgoing-body>`: where to write the contents, once.
   *
   * @throws {ComponentError} Without a payload: it was asked for before.
   */
  body() {
    if (this.#body !== void 0) throw new ComponentError(void 0);
    const declared = declaredLength(Fields.entriesOf(this.#headers));
    const body = this.#body = new RequestBody(declared === void 0);
    return new OutgoingBody({
      sink: body,
      finish: (trailers) => body.finish(trailers),
      abort: () => body.abort(),
      declaredLength: declared,
      sizeError: "HTTP-request-body-size"
    });
  }
  /** `method: func() -> method` */
  method() {
    return this.#method;
  }
  /**
   * `set-method: func(method: method) -> result`
   *
   * @throws {ComponentError} Without a payload: no method can be named so.
   */
  setMethod(method) {
    if (!isMethod(method)) throw new ComponentError(void 0);
    this.#method = method;
  }
  /** `path-with-query: func() -> option<string>`; `undefined`: an empty path and an empty query. */
  pathWithQuery() {
    return this.#pathWithQuery;
  }
  /**
   * `set-path-with-query: func(path-with-query: option<string>) -> result`
   *
   * @throws {ComponentError} Without a payload: it is no path with a query.
   */
  setPathWithQuery(pathWithQuery) {
    if (pathWithQuery !== void 0 && !isPath(pathWithQuery)) throw new ComponentError(void 0);
    this.#pathWithQuery = pathWithQuery;
    this.#hold();
  }
  /** `scheme: func() -> option<scheme>` */
  scheme() {
    return this.#scheme;
  }
  /**
   * `set-scheme: func(scheme: option<scheme>) -> result`
   *
   * @throws {ComponentError} Without a payload: no scheme can be named so.
   */
  setScheme(scheme) {
    if (scheme !== void 0 && !isScheme(scheme)) throw new ComponentError(void 0);
    this.#scheme = scheme;
  }
  /** `authority: func() -> option<string>` */
  authority() {
    return this.#authority;
  }
  /**
   * `set-authority: func(authority: option<string>) -> result`
   *
   * @throws {ComponentError} Without a payload: it is no host with or without a port.
   */
  setAuthority(authority) {
    if (authority !== void 0 && parseAuthority(authority) === void 0) {
      throw new ComponentError(void 0);
    }
    this.#authority = authority;
    this.#hold();
  }
  /** `headers: func() -> headers`; they cannot be changed. */
  headers() {
    return Fields.frozen(this.#headers);
  }
  /** Drops the request. Nobody takes its contents any more. */
  [Symbol.dispose]() {
    if (this.#sent) return;
    this.#body?.close();
    this.#release();
  }
  #release() {
    this.#headers[Symbol.dispose]();
    this.#holding.set(0);
  }
  #hold() {
    this.#holding.set((this.#pathWithQuery?.length ?? 0) + (this.#authority?.length ?? 0));
  }
};

// src/wasi/http/outgoing_handler.ts
init_target();
var PORTS = {
  http: 80,
  https: 443
};
var MAX_UNDER_WAY = 4096;
function handleOf(reach) {
  const sender = {
    reach,
    connections: new Connections(reach)
  };
  let underWay = 0;
  return (request2, options2) => {
    const parts2 = OutgoingRequest.partsOf(request2);
    let sendable;
    try {
      if (underWay >= MAX_UNDER_WAY) throw refused({
        tag: "connection-limit-reached"
      });
      sendable = sendableOf(parts2, reach);
    } catch (error) {
      parts2.body?.close();
      parts2.release();
      throw error;
    }
    const timeouts = {
      connect: milliseconds(options2?.connectTimeout()),
      firstByte: milliseconds(options2?.firstByteTimeout()),
      betweenBytes: milliseconds(options2?.betweenBytesTimeout())
    };
    underWay++;
    const release2 = () => {
      underWay--;
      parts2.release();
    };
    const exchange = new OutgoingExchange({
      ...sendable,
      release: release2
    }, timeouts, sender);
    return new FutureIncomingResponse(exchange.outcome, () => exchange.abort());
  };
}
function sendableOf(parts2, reach) {
  const method = methodWord(parts2.method);
  if (method.toUpperCase() !== method || method === "CONNECT") {
    throw refused({
      tag: "HTTP-request-method-invalid"
    });
  }
  const scheme = transportOf(parts2.scheme);
  if (scheme === void 0) throw refused({
    tag: "HTTP-protocol-error"
  });
  const authority = parts2.authority === void 0 ? void 0 : parseAuthority(parts2.authority);
  if (authority === void 0) throw refused({
    tag: "HTTP-request-URI-invalid"
  });
  const path2 = pathOf(parts2.pathWithQuery ?? "");
  if (path2 === "*" && method !== "OPTIONS") throw refused({
    tag: "HTTP-request-URI-invalid"
  });
  const port = authority.port ?? PORTS[scheme];
  if (typeof authority.host === "string" && !mayReachName(reach.network, [
    scheme
  ], authority.host, port)) {
    throw refused({
      tag: "HTTP-request-denied"
    });
  }
  const fields = Fields.entriesOf(parts2.headers);
  return {
    method,
    scheme,
    authority,
    port,
    path: path2,
    fields,
    declared: lengthIn(fields, parts2),
    body: parts2.body
  };
}
function pathOf(pathWithQuery) {
  return pathWithQuery === "" || pathWithQuery.startsWith("?") ? `/${pathWithQuery}` : pathWithQuery;
}
function lengthIn(fields, { body }) {
  const lengths = fields.filter(([name2]) => name2.toLowerCase() === "content-length");
  if (lengths.length === 0) return void 0;
  const length = lengthOf(lengths[0][1]);
  if (length === void 0 || lengths.length > 1) throw refused({
    tag: "HTTP-protocol-error"
  });
  if (length > 0n && body === void 0) throw refused({
    tag: "HTTP-request-body-size",
    val: 0n
  });
  return length;
}

// src/wasi/http/request_options.ts
var RequestOptions = class {
  #timeouts = {
    connect: void 0,
    firstByte: void 0,
    betweenBytes: void 0
  };
  /** `constructor()`: nothing is set. */
  constructor() {
  }
  /** `connect-timeout: func() -> option<duration>` */
  connectTimeout() {
    return this.#timeouts.connect;
  }
  /** `set-connect-timeout: func(duration: option<duration>) -> result`: of the connection, with its lookup and TLS. */
  setConnectTimeout(duration) {
    this.#timeouts.connect = duration;
  }
  /** `first-byte-timeout: func() -> option<duration>` */
  firstByteTimeout() {
    return this.#timeouts.firstByte;
  }
  /** `set-first-byte-timeout: func(duration: option<duration>) -> result` */
  setFirstByteTimeout(duration) {
    this.#timeouts.firstByte = duration;
  }
  /** `between-bytes-timeout: func() -> option<duration>` */
  betweenBytesTimeout() {
    return this.#timeouts.betweenBytes;
  }
  /** `set-between-bytes-timeout: func(duration: option<duration>) -> result` */
  setBetweenBytesTimeout(duration) {
    this.#timeouts.betweenBytes = duration;
  }
  /** Nothing to release. */
  [Symbol.dispose]() {
  }
};

// src/wasi/http/mod.ts
function typesInterface2() {
  return {
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest,
    IncomingResponse,
    OutgoingBody,
    OutgoingRequest,
    OutgoingResponse,
    RequestOptions,
    ResponseOutparam,
    httpErrorCode
  };
}
function outgoingHandlerInterface(reach) {
  return {
    handle: handleOf(reach)
  };
}

// src/wasi/io/mod.ts
init_error4();
init_input_stream();
init_output_stream();
init_pollable();
function errorInterface() {
  return {
    Error: IoError
  };
}
function pollInterface() {
  return {
    poll,
    Pollable
  };
}
function streamsInterface() {
  return {
    InputStream,
    OutputStream
  };
}

// src/wasi/network/reach.ts
init_network();

// src/wasi/network/dial.ts
init_network();
init_error5();

// src/wasi/network/signal.ts
init_error5();
function givenUp({ reason }) {
  return reason instanceof NetworkError ? reason : new NetworkError("other", "given up", {
    cause: reason
  });
}
async function until(work3, signals) {
  const stops = [];
  const first2 = new Promise((_, reject) => {
    for (const signal of signals) {
      const abort = () => reject(givenUp(signal));
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort);
      stops.push(() => signal.removeEventListener("abort", abort));
    }
  });
  try {
    return await Promise.race([
      first2,
      work3
    ]);
  } finally {
    for (const stop of stops) stop();
  }
}

// src/wasi/network/dial.ts
async function dial(way, began) {
  const { connect: connect2 } = await import("node:net");
  const { signal } = way;
  if (signal?.aborted) throw givenUp(signal);
  return await new Promise((resolve, reject) => {
    let failure3;
    const socket2 = connect2(optionsOf(way));
    socket2.pause();
    socket2.on("error", (error) => {
      failure3 ??= networkError(error);
    });
    socket2.on("lookup", (error, address) => judge(way, socket2, error, address));
    const abort = () => socket2.destroy(givenUp(signal));
    const closed2 = () => {
      signal?.removeEventListener("abort", abort);
      reject(failure3 ?? new NetworkError("other", "the connection was closed while it was opened"));
    };
    signal?.addEventListener("abort", abort);
    socket2.once("close", closed2);
    socket2.once("connect", () => {
      signal?.removeEventListener("abort", abort);
      socket2.off("close", closed2);
      socket2.removeAllListeners("lookup");
      resolve(socket2);
    });
    began(socket2);
  }).catch((error) => {
    throw networkError(error);
  });
}
function optionsOf({ host, port, family, local }) {
  const name2 = typeof host === "string";
  return {
    host: name2 ? host : formatIp(host),
    port,
    allowHalfOpen: true,
    // One after the other; all are looked up, and judged, before the first is tried. An attempt is given up before
    // the next begins (RFC 8305 lets them overlap), so the usual 250 ms would make far hosts unreachable.
    autoSelectFamily: name2 && family === void 0,
    autoSelectFamilyAttemptTimeout: 2e3,
    ...family && {
      family
    },
    ...local && {
      localAddress: formatIp(local.ip),
      ...local.port > 0 && {
        localPort: local.port
      }
    }
  };
}
function judge({ refuses }, socket2, error, address) {
  if (error !== null || socket2.destroyed) return;
  const ip = parseIp(address.replace(/%.*$/, ""));
  const refusal3 = ip === void 0 ? new NetworkError("resolver-failed", `${address} is no address`) : refuses?.(ip);
  if (refusal3 !== void 0) socket2.destroy(refusal3);
}

// src/wasi/network/reach.ts
init_error5();

// src/wasi/network/lookup.ts
init_network();
init_error5();

// src/wasi/network/scope.ts
init_network();
function scopeOf2(host, port) {
  return port === void 0 ? hostText(host) : `${hostText(host)}:${port}`;
}
function inScope(host, port) {
  return Deno.permissions.querySync({
    name: "net",
    host: scopeOf2(host, port)
  }).state === "granted";
}

// src/wasi/network/lookup.ts
async function lookUp(name2, ports) {
  try {
    if (inScope(name2)) return unique(await every(name2));
    const port = ports.find((port2) => inScope(name2, port2));
    if (port !== void 0) return unique(await firsts(name2, port));
  } catch (error) {
    throw networkError(error);
  }
  const scopes = ports.length > 0 ? ports.map((port) => scopeOf2(name2, port)).join(",") : name2;
  throw new NetworkError("not-capable", `to look ${name2} up, this process needs --allow-net=${scopes}`);
}
async function every(name2) {
  const { lookup } = await import("node:dns");
  return await new Promise((resolve, reject) => {
    lookup(name2, {
      all: true
    }, (error, found) => {
      error === null ? resolve(found.map(({ address }) => address)) : reject(error);
    });
  });
}
async function firsts(name2, port) {
  const found = await Promise.allSettled([
    first(name2, port, 4),
    first(name2, port, 6)
  ]);
  const addresses = found.filter((result2) => result2.status === "fulfilled").map(({ value }) => value);
  if (addresses.length === 0) throw found[0].reason;
  return addresses;
}
async function first(name2, port, family) {
  const { connect: connect2 } = await import("node:net");
  return await new Promise((resolve, reject) => {
    const socket2 = connect2({
      host: name2,
      port,
      family,
      autoSelectFamily: false
    });
    socket2.on("error", reject);
    socket2.once("lookup", (error, address) => {
      if (error !== null) return;
      resolve(address);
      socket2.destroy();
    });
  });
}
function unique(addresses) {
  const texts2 = new Set(addresses.map((address) => address.replace(/%.*$/, "")));
  const ips = [
    ...texts2
  ].map(parseIp).filter((ip) => ip !== void 0);
  if (ips.length === 0) throw new NetworkError("not-found", "the name has no address");
  return ips;
}

// src/wasi/network/names.ts
init_network();
var Names = class {
  /** Per address and name one key: `address name`; the oldest first. */
  #order = /* @__PURE__ */ new Set();
  #names = /* @__PURE__ */ new Map();
  #most;
  /** @param most How many pairs of an address and a name are kept. */
  constructor(most) {
    this.#most = most;
  }
  /** A name has led to these addresses. */
  remember(name2, addresses) {
    for (const ip of addresses) {
      const address = hostText(ip);
      const pair = `${address} ${name2}`;
      this.#order.delete(pair);
      this.#order.add(pair);
      let names = this.#names.get(address);
      if (names === void 0) this.#names.set(address, names = /* @__PURE__ */ new Set());
      names.add(name2);
    }
    for (const pair of this.#order) {
      if (this.#order.size <= this.#most) break;
      this.#forget(pair);
    }
  }
  /** The names that led to an address, in the order of their first lookups. */
  of(ip) {
    return [
      ...this.#names.get(hostText(ip)) ?? []
    ];
  }
  /** How many pairs are remembered. */
  get size() {
    return this.#order.size;
  }
  #forget(pair) {
    this.#order.delete(pair);
    const space = pair.indexOf(" ");
    const address = pair.slice(0, space);
    const names = this.#names.get(address);
    names.delete(pair.slice(space + 1));
    if (names.size === 0) this.#names.delete(address);
  }
};

// src/wasi/network/turns.ts
var Turns = class {
  #free;
  #waiting = [];
  /** @param count How many at once. */
  constructor(count) {
    this.#free = count;
  }
  /** Does it when a turn is free. */
  async run(work3) {
    if (this.#free > 0) this.#free--;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await work3();
    } finally {
      const next2 = this.#waiting.shift();
      next2 === void 0 ? this.#free++ : next2();
    }
  }
};

// src/wasi/network/verdict.ts
init_network();
init_error5();
function nameRefused(use, name2) {
  return mayReachName(use.network, [
    use.scheme
  ], name2, use.port) ? void 0 : refusal("denied", use, name2);
}
function addressRefused(use, ip, names) {
  const { network, scheme, port } = use;
  if (mayReachAddress(network, scheme, ip, port) || allowedNames(use, ip, names).length > 0) return void 0;
  if (network?.rules === void 0) return refusal("private", use, ip);
  const name2 = names.find((name3) => mayReachName(network, [
    scheme
  ], name3, port));
  return name2 === void 0 ? refusal("denied", use, ip) : refusal("private", use, name2, ip);
}
function allowedNames({ network, scheme, port }, ip, names) {
  return names.filter((name2) => mayReachAddress(network, scheme, ip, port, name2));
}
function elsewhere(use, name2, asked, found, sibling) {
  if (hostText(asked) !== hostText(found) && !sibling) {
    const message = `${name2} led to ${formatIp(asked)} and leads to ${formatIp(found)} now: look it up again`;
    return new NetworkError("refused", message);
  }
  return addressRefused(use, found, [
    name2
  ]);
}
function answerRefused(network, name2, found) {
  const hidden = found.find((ip) => !usable(network, ip));
  if (hidden === void 0) return void 0;
  const message = `${name2} leads to ${formatIp(hidden)}, which is private; to allow it, declare `;
  return new NetworkError("private", `${message}wasi.network.private: true`);
}
function usable(network, ip) {
  if (network === void 0 || network.private || !isPrivate(ip)) return true;
  return (network.rules ?? []).some((rule) => {
    const scheme = rule.scheme ?? "tcp";
    return (scheme === "tcp" || scheme === "udp") && mayReachAddress({
      rules: [
        rule
      ],
      private: false
    }, scheme, ip, rule.ports.from);
  });
}
function portsOf2(network, name2) {
  const ends = (network?.rules ?? []).flatMap(({ ports: { from, to } }) => [
    Math.max(from, 1),
    to
  ]);
  return [
    ...new Set(ends)
  ].filter((port) => mayReachName(network, [
    "tcp",
    "udp"
  ], name2, port));
}
function refusal(reason, use, host, address) {
  const asked = {
    scheme: use.scheme,
    host,
    port: use.port,
    address
  };
  const place = `${use.scheme}://${hostText(host)}:${use.port}`;
  const why = address ? `leads to ${formatIp(address)}, which is private` : reason === "private" ? "is private" : void 0;
  return new NetworkError(reason, `${why === void 0 ? `no rule allows ${place}` : `${place} ${why}`}; to allow it, declare ${lineAllowing(use.network, asked)}`);
}

// src/wasi/network/reach.ts
var LOOKUPS = 8;
var ENDED = "the guest has ended";
var Reach = class {
  /** Its rules; `undefined`: unrestricted. */
  network;
  /** How much it may hold. */
  limits;
  #watcher;
  #names;
  #lookups = new Turns(LOOKUPS);
  #ends = /* @__PURE__ */ new Set();
  #sockets = 0;
  #closed = false;
  /**
   * @param network The rules; `undefined` where the network is unrestricted.
   * @param limits Where they differ from {@linkcode NETWORK_LIMITS}.
   * @param watcher Told where the guest goes, if anybody is.
   */
  constructor(network, limits = {}, watcher) {
    this.network = network;
    this.limits = Object.freeze({
      ...NETWORK_LIMITS,
      ...limits
    });
    this.#names = new Names(this.limits.rememberedNames);
    this.#watcher = watcher;
    watcher?.began(this);
  }
  /** The names that led to an address. */
  namesOf(ip) {
    return this.#names.of(ip);
  }
  /**
   * Looks a name up for sockets. A name that no rule allows is not looked up at all.
   *
   * @param name A name, or an address without brackets, which is returned as it is.
   * @returns Its addresses. They are remembered: what the name is allowed, they are now.
   * @throws {NetworkError} `private` where one of them is, and nothing allows it: then none is told.
   */
  async resolve(name2, signal) {
    const ip = parseIp(name2);
    if (ip !== void 0) return [
      ip
    ];
    const asked = validName(name2);
    try {
      const found = await this.#resolve(asked, signal);
      this.#watcher?.resolved(asked, found);
      return found;
    } catch (error) {
      this.#watcher?.resolved(asked, [], error);
      throw error;
    }
  }
  async #resolve(asked, signal) {
    const { network } = this;
    if (!mayReachName(network, [
      "tcp",
      "udp"
    ], asked)) {
      throw new NetworkError("denied", `no rule of wasi.network allows sockets to ${asked}`);
    }
    const give = this.take();
    const ended = new AbortController();
    const remove = this.atEnd(() => ended.abort(new NetworkError("other", ENDED)));
    const signals = signal === void 0 ? [
      ended.signal
    ] : [
      signal,
      ended.signal
    ];
    const work3 = this.#lookups.run(async () => {
      for (const signal2 of signals) if (signal2.aborted) throw givenUp(signal2);
      return await lookUp(asked, portsOf2(network, asked));
    }).finally(give);
    const found = await until(work3, signals).finally(remove);
    const refusal3 = answerRefused(network, asked, found);
    if (refusal3) throw refusal3;
    this.#names.remember(asked, found);
    return found;
  }
  /** Whether sockets may send to an address: by itself, or as one of a name that was looked up. */
  mayReach(scheme, ip, port) {
    return addressRefused({
      network: this.network,
      scheme,
      port
    }, ip, this.#names.of(ip)) === void 0;
  }
  /**
   * Opens a TCP connection.
   *
   * @returns The socket: connected, paused, half-open allowed. It counts against `limits.sockets` until it is closed.
   * @throws {NetworkError} Where rules or the process's scope do not allow it: before any packet.
   */
  async dial(target) {
    try {
      return await this.#dial(target);
    } catch (error) {
      this.#watcher?.dialled(target, void 0, error);
      throw error;
    }
  }
  async #dial(target) {
    const way = this.#watched(target, this.#way(target));
    const give = this.take();
    try {
      return await dial(way, (socket2) => {
        const remove = this.atEnd(() => socket2.destroy());
        socket2.once("close", () => {
          remove();
          give();
        });
      });
    } catch (error) {
      give();
      throw error;
    }
  }
  /**
   * Counts one more socket.
   *
   * @returns Gives it back; twice does no harm.
   * @throws {NetworkError} `too-many-sockets`
   */
  take() {
    if (this.#closed) throw new NetworkError("other", ENDED);
    if (this.#sockets >= this.limits.sockets) {
      throw new NetworkError("too-many-sockets", `the guest has ${this.limits.sockets} sockets open already`);
    }
    this.#sockets++;
    let held2 = true;
    return () => {
      if (held2) this.#sockets--;
      held2 = false;
    };
  }
  /**
   * Something to close when the guest ends; at once, where it has ended.
   *
   * @returns Removes it again.
   */
  atEnd(close) {
    if (this.#closed) {
      close();
      return () => {
      };
    }
    const end = () => close();
    this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }
  /** Closes everything that is open. What is asked for from now on fails. */
  close() {
    this.#closed = true;
    const ends = [
      ...this.#ends
    ];
    this.#ends.clear();
    const errors = [];
    for (const end of ends) {
      try {
        end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, "some of the guest's sockets could not be closed");
    }
  }
  /** Decides how to connect, or that nobody does. */
  #way({ scheme, host, port, local, signal }) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new NetworkError("refused", `nothing is reached at port ${port}`);
    }
    const use = {
      network: this.network,
      scheme,
      port
    };
    const common = {
      port,
      local,
      signal
    };
    const literal = typeof host === "string" ? literalOf(host) : host;
    if (literal !== void 0) return {
      ...common,
      ...this.#byAddress(use, unmapped(literal))
    };
    const name2 = validName(host);
    const refusal3 = nameRefused(use, name2);
    if (refusal3) throw refusal3;
    if (!inScope(name2, port)) throw notCapable(name2, port);
    return {
      ...common,
      host: name2,
      family: local?.ip.family,
      refuses: (ip) => addressRefused(use, ip, [
        name2
      ])
    };
  }
  /** The same way; whoever watches is told of each address that it may lead to. */
  #watched(target, way) {
    const watcher = this.#watcher;
    if (watcher === void 0) return way;
    const { refuses } = way;
    const { host } = target;
    const literal = typeof host === "string" ? literalOf(host) : host;
    if (literal !== void 0) watcher.dialled(target, unmapped(literal));
    if (refuses === void 0 || literal !== void 0) return way;
    return {
      ...way,
      refuses(ip) {
        const refusal3 = refuses(ip);
        if (refusal3 === void 0) watcher.dialled(target, ip);
        return refusal3;
      }
    };
  }
  #byAddress(use, ip) {
    const { port } = use;
    const names = this.#names.of(ip);
    const refusal3 = addressRefused(use, ip, names);
    if (refusal3) throw refusal3;
    if (inScope(ip, port)) return {
      host: ip
    };
    const allowed = allowedNames(use, ip, names);
    const name2 = allowed.find((name3) => inScope(name3, port));
    if (name2 === void 0) throw notCapable(allowed[0] ?? ip, port);
    const sibling = (found) => !inScope(name2) || this.#names.of(found).includes(name2);
    return {
      host: name2,
      family: ip.family,
      refuses: (found) => elsewhere(use, name2, ip, found, sibling(found))
    };
  }
};
function literalOf(host) {
  const inner = /^\[(.*)\]$/.exec(host)?.[1];
  if (inner === void 0) return parseIp(host);
  const ip = parseIp(inner);
  return ip?.family === 6 ? ip : void 0;
}
function validName(text) {
  const name2 = parseName(text);
  if (name2 === void 0) throw new NetworkError("invalid-name", `${quote(text)} is no host name`);
  return name2;
}
function quote(text) {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}\u2026` : text);
}
function notCapable(host, port) {
  const scope = scopeOf2(host, port);
  return new NetworkError("not-capable", `to connect to ${scope}, this process needs --allow-net=${scope}`);
}

// src/wasi/random/bytes.ts
init_error3();
var MAX_LENGTH3 = 2 ** 28 - 1;
var CHUNK = 65536;
function randomBytes(asked, len) {
  if (len > MAX_LENGTH3) throw new Trap(`${asked}: ${len} bytes asked for, a list can hold ${MAX_LENGTH3}`);
  const bytes = allocate(asked, Number(len));
  if (bytes.length <= CHUNK) return crypto.getRandomValues(bytes);
  for (let i = 0; i < bytes.length; i += CHUNK) crypto.getRandomValues(bytes.subarray(i, i + CHUNK));
  return bytes;
}
function allocate(asked, length) {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new Trap(`${asked}: no memory for ${length} bytes`, {
      cause
    });
  }
}

// src/wasi/random/insecure.ts
function insecureRandom() {
  const next2 = generator();
  const words2 = new Uint32Array(2);
  const word = new BigUint64Array(words2.buffer);
  return {
    getInsecureRandomBytes: (len) => randomBytes("wasi:random/insecure.get-insecure-random-bytes", len),
    getInsecureRandomU64() {
      words2[0] = next2();
      words2[1] = next2();
      return word[0];
    }
  };
}
function insecureSeed() {
  let seed;
  return () => {
    if (seed === void 0) {
      const [low, high] = crypto.getRandomValues(new BigUint64Array(2));
      seed = [
        low,
        high
      ];
    }
    return [
      seed[0],
      seed[1]
    ];
  };
}
function generator() {
  let a = 0, b = 0, c = 0, counter = 1;
  const step = () => {
    const sum = a + b + counter | 0;
    counter = counter + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + sum | 0;
    return sum >>> 0;
  };
  const seed = () => {
    const [x, y, z] = crypto.getRandomValues(new Int32Array(3));
    [a, b, c] = [
      x,
      y,
      z
    ];
    for (let i = 0; i < 12; i++) step();
  };
  let seeded = false;
  return () => {
    if (!seeded) {
      seed();
      seeded = true;
    }
    return step();
  };
}

// src/wasi/random/secure.ts
function secureRandom() {
  const word = new BigUint64Array(1);
  return {
    getRandomBytes: (len) => randomBytes("wasi:random/random.get-random-bytes", len),
    getRandomU64: () => crypto.getRandomValues(word)[0]
  };
}

// src/wasi/random/mod.ts
function randomInterface() {
  return {
    ...secureRandom()
  };
}
function insecureInterface() {
  return {
    ...insecureRandom()
  };
}
function insecureSeedInterface() {
  return {
    insecureSeed: insecureSeed()
  };
}

// src/wasi/signatures/http.ts
var METHOD = "variant { get, head, post, put, delete, connect, options, trace, patch, other(string) }";
var SCHEME2 = "variant { HTTP, HTTPS, other(string) }";
var HEADER_ERROR = "variant { invalid-syntax, forbidden, immutable }";
var ERROR_CODE = "variant { DNS-timeout, DNS-error(record { rcode: option<string>, info-code: option<u16> }), destination-not-found, destination-unavailable, destination-IP-prohibited, destination-IP-unroutable, connection-refused, connection-terminated, connection-timeout, connection-read-timeout, connection-write-timeout, connection-limit-reached, TLS-protocol-error, TLS-certificate-error, TLS-alert-received(record { alert-id: option<u8>, alert-message: option<string> }), HTTP-request-denied, HTTP-request-length-required, HTTP-request-body-size(option<u64>), HTTP-request-method-invalid, HTTP-request-URI-invalid, HTTP-request-URI-too-long, HTTP-request-header-section-size(option<u32>), HTTP-request-header-size(option<record { field-name: option<string>, field-size: option<u32> }>), HTTP-request-trailer-section-size(option<u32>), HTTP-request-trailer-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-incomplete, HTTP-response-header-section-size(option<u32>), HTTP-response-header-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-body-size(option<u64>), HTTP-response-trailer-section-size(option<u32>), HTTP-response-trailer-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-transfer-coding(option<string>), HTTP-response-content-coding(option<string>), HTTP-response-timeout, HTTP-upgrade-failed, HTTP-protocol-error, loop-detected, configuration-error, internal-error(option<string>) }";
var HTTP_SIGNATURES = {
  "wasi:http/types": {
    "[constructor]fields": "func() -> fields",
    "[static]fields.from-list": `func(entries: list<tuple<string, list<u8>>>) -> result<fields, ${HEADER_ERROR}>`,
    "[method]fields.get": "func(self: borrow<fields>, name: string) -> list<list<u8>>",
    "[method]fields.has": "func(self: borrow<fields>, name: string) -> bool",
    "[method]fields.set": `func(self: borrow<fields>, name: string, value: list<list<u8>>) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.delete": `func(self: borrow<fields>, name: string) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.append": `func(self: borrow<fields>, name: string, value: list<u8>) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.entries": "func(self: borrow<fields>) -> list<tuple<string, list<u8>>>",
    "[method]fields.clone": "func(self: borrow<fields>) -> fields",
    "[method]incoming-request.method": `func(self: borrow<incoming-request>) -> ${METHOD}`,
    "[method]incoming-request.path-with-query": "func(self: borrow<incoming-request>) -> option<string>",
    "[method]incoming-request.scheme": `func(self: borrow<incoming-request>) -> option<${SCHEME2}>`,
    "[method]incoming-request.authority": "func(self: borrow<incoming-request>) -> option<string>",
    "[method]incoming-request.headers": "func(self: borrow<incoming-request>) -> headers",
    "[method]incoming-request.consume": "func(self: borrow<incoming-request>) -> result<incoming-body>",
    "[constructor]outgoing-request": "func(headers: headers) -> outgoing-request",
    "[method]outgoing-request.body": "func(self: borrow<outgoing-request>) -> result<outgoing-body>",
    "[method]outgoing-request.method": `func(self: borrow<outgoing-request>) -> ${METHOD}`,
    "[method]outgoing-request.set-method": `func(self: borrow<outgoing-request>, method: ${METHOD}) -> result`,
    "[method]outgoing-request.path-with-query": "func(self: borrow<outgoing-request>) -> option<string>",
    "[method]outgoing-request.set-path-with-query": "func(self: borrow<outgoing-request>, path-with-query: option<string>) -> result",
    "[method]outgoing-request.scheme": `func(self: borrow<outgoing-request>) -> option<${SCHEME2}>`,
    "[method]outgoing-request.set-scheme": `func(self: borrow<outgoing-request>, scheme: option<${SCHEME2}>) -> result`,
    "[method]outgoing-request.authority": "func(self: borrow<outgoing-request>) -> option<string>",
    "[method]outgoing-request.set-authority": "func(self: borrow<outgoing-request>, authority: option<string>) -> result",
    "[method]outgoing-request.headers": "func(self: borrow<outgoing-request>) -> headers",
    "[constructor]request-options": "func() -> request-options",
    "[method]request-options.connect-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-connect-timeout": "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]request-options.first-byte-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-first-byte-timeout": "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]request-options.between-bytes-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-between-bytes-timeout": "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]response-outparam.send-informational": `func(self: borrow<response-outparam>, status: u16, headers: headers) -> result<_, ${ERROR_CODE}>`,
    "[static]response-outparam.set": `func(param: response-outparam, response: result<outgoing-response, ${ERROR_CODE}>)`,
    "[method]incoming-response.status": "func(self: borrow<incoming-response>) -> u16",
    "[method]incoming-response.headers": "func(self: borrow<incoming-response>) -> headers",
    "[method]incoming-response.consume": "func(self: borrow<incoming-response>) -> result<incoming-body>",
    "[method]incoming-body.stream": "func(self: borrow<incoming-body>) -> result<input-stream>",
    "[static]incoming-body.finish": "func(this: incoming-body) -> future-trailers",
    "[method]future-trailers.subscribe": "func(self: borrow<future-trailers>) -> pollable",
    "[method]future-trailers.get": `func(self: borrow<future-trailers>) -> option<result<result<option<trailers>, ${ERROR_CODE}>>>`,
    "[constructor]outgoing-response": "func(headers: headers) -> outgoing-response",
    "[method]outgoing-response.status-code": "func(self: borrow<outgoing-response>) -> u16",
    "[method]outgoing-response.set-status-code": "func(self: borrow<outgoing-response>, status-code: u16) -> result",
    "[method]outgoing-response.headers": "func(self: borrow<outgoing-response>) -> headers",
    "[method]outgoing-response.body": "func(self: borrow<outgoing-response>) -> result<outgoing-body>",
    "[method]outgoing-body.write": "func(self: borrow<outgoing-body>) -> result<output-stream>",
    "[static]outgoing-body.finish": `func(this: outgoing-body, trailers: option<trailers>) -> result<_, ${ERROR_CODE}>`,
    "[method]future-incoming-response.subscribe": "func(self: borrow<future-incoming-response>) -> pollable",
    "[method]future-incoming-response.get": `func(self: borrow<future-incoming-response>) -> option<result<result<incoming-response, ${ERROR_CODE}>>>`,
    "http-error-code": `func(err: borrow<io-error>) -> option<${ERROR_CODE}>`
  },
  "wasi:http/outgoing-handler": {
    "handle": `func(request: outgoing-request, options: option<request-options>) -> result<future-incoming-response, ${ERROR_CODE}>`
  }
};

// src/wasi/signatures/sockets.ts
var IPV4_ADDRESS = "tuple<u8, u8, u8, u8>";
var IPV6_ADDRESS = "tuple<u16, u16, u16, u16, u16, u16, u16, u16>";
var IP_ADDRESS = `variant { ipv4(${IPV4_ADDRESS}), ipv6(${IPV6_ADDRESS}) }`;
var IP_SOCKET_ADDRESS = `variant { ipv4(record { port: u16, address: ${IPV4_ADDRESS} }), ipv6(record { port: u16, flow-info: u32, address: ${IPV6_ADDRESS}, scope-id: u32 }) }`;
var IP_ADDRESS_FAMILY = "enum { ipv4, ipv6 }";
var ERROR_CODE2 = "enum { unknown, access-denied, not-supported, invalid-argument, out-of-memory, timeout, concurrency-conflict, not-in-progress, would-block, invalid-state, new-socket-limit, address-not-bindable, address-in-use, remote-unreachable, connection-refused, connection-reset, connection-aborted, datagram-too-large, name-unresolvable, temporary-resolver-failure, permanent-resolver-failure }";
var SOCKETS_SIGNATURES = {
  "wasi:sockets/network": {
    "network-error-code": `func(err: borrow<error>) -> option<${ERROR_CODE2}>`
  },
  "wasi:sockets/instance-network": {
    "instance-network": "func() -> network"
  },
  "wasi:sockets/ip-name-lookup": {
    "[method]resolve-address-stream.resolve-next-address": `func(self: borrow<resolve-address-stream>) -> result<option<${IP_ADDRESS}>, ${ERROR_CODE2}>`,
    "[method]resolve-address-stream.subscribe": "func(self: borrow<resolve-address-stream>) -> pollable",
    "resolve-addresses": `func(network: borrow<network>, name: string) -> result<resolve-address-stream, ${ERROR_CODE2}>`
  },
  "wasi:sockets/tcp": {
    "[method]tcp-socket.start-bind": `func(self: borrow<tcp-socket>, network: borrow<network>, local-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.finish-bind": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.start-connect": `func(self: borrow<tcp-socket>, network: borrow<network>, remote-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.finish-connect": `func(self: borrow<tcp-socket>) -> result<tuple<input-stream, output-stream>, ${ERROR_CODE2}>`,
    "[method]tcp-socket.start-listen": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.finish-listen": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.accept": `func(self: borrow<tcp-socket>) -> result<tuple<tcp-socket, input-stream, output-stream>, ${ERROR_CODE2}>`,
    "[method]tcp-socket.local-address": `func(self: borrow<tcp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE2}>`,
    "[method]tcp-socket.remote-address": `func(self: borrow<tcp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE2}>`,
    "[method]tcp-socket.is-listening": "func(self: borrow<tcp-socket>) -> bool",
    "[method]tcp-socket.address-family": `func(self: borrow<tcp-socket>) -> ${IP_ADDRESS_FAMILY}`,
    "[method]tcp-socket.set-listen-backlog-size": `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.keep-alive-enabled": `func(self: borrow<tcp-socket>) -> result<bool, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-keep-alive-enabled": `func(self: borrow<tcp-socket>, value: bool) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.keep-alive-idle-time": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-keep-alive-idle-time": `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.keep-alive-interval": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-keep-alive-interval": `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.keep-alive-count": `func(self: borrow<tcp-socket>) -> result<u32, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-keep-alive-count": `func(self: borrow<tcp-socket>, value: u32) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.hop-limit": `func(self: borrow<tcp-socket>) -> result<u8, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-hop-limit": `func(self: borrow<tcp-socket>, value: u8) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.receive-buffer-size": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-receive-buffer-size": `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.send-buffer-size": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]tcp-socket.set-send-buffer-size": `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]tcp-socket.subscribe": "func(self: borrow<tcp-socket>) -> pollable",
    "[method]tcp-socket.shutdown": `func(self: borrow<tcp-socket>, shutdown-type: enum { receive, send, both }) -> result<_, ${ERROR_CODE2}>`
  },
  "wasi:sockets/tcp-create-socket": {
    "create-tcp-socket": `func(address-family: ${IP_ADDRESS_FAMILY}) -> result<tcp-socket, ${ERROR_CODE2}>`
  },
  "wasi:sockets/udp": {
    "[method]udp-socket.start-bind": `func(self: borrow<udp-socket>, network: borrow<network>, local-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE2}>`,
    "[method]udp-socket.finish-bind": `func(self: borrow<udp-socket>) -> result<_, ${ERROR_CODE2}>`,
    "[method]udp-socket.stream": `func(self: borrow<udp-socket>, remote-address: option<${IP_SOCKET_ADDRESS}>) -> result<tuple<incoming-datagram-stream, outgoing-datagram-stream>, ${ERROR_CODE2}>`,
    "[method]udp-socket.local-address": `func(self: borrow<udp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE2}>`,
    "[method]udp-socket.remote-address": `func(self: borrow<udp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE2}>`,
    "[method]udp-socket.address-family": `func(self: borrow<udp-socket>) -> ${IP_ADDRESS_FAMILY}`,
    "[method]udp-socket.unicast-hop-limit": `func(self: borrow<udp-socket>) -> result<u8, ${ERROR_CODE2}>`,
    "[method]udp-socket.set-unicast-hop-limit": `func(self: borrow<udp-socket>, value: u8) -> result<_, ${ERROR_CODE2}>`,
    "[method]udp-socket.receive-buffer-size": `func(self: borrow<udp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]udp-socket.set-receive-buffer-size": `func(self: borrow<udp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]udp-socket.send-buffer-size": `func(self: borrow<udp-socket>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]udp-socket.set-send-buffer-size": `func(self: borrow<udp-socket>, value: u64) -> result<_, ${ERROR_CODE2}>`,
    "[method]udp-socket.subscribe": "func(self: borrow<udp-socket>) -> pollable",
    "[method]incoming-datagram-stream.receive": `func(self: borrow<incoming-datagram-stream>, max-results: u64) -> result<list<record { data: list<u8>, remote-address: ${IP_SOCKET_ADDRESS} }>, ${ERROR_CODE2}>`,
    "[method]incoming-datagram-stream.subscribe": "func(self: borrow<incoming-datagram-stream>) -> pollable",
    "[method]outgoing-datagram-stream.check-send": `func(self: borrow<outgoing-datagram-stream>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]outgoing-datagram-stream.send": `func(self: borrow<outgoing-datagram-stream>, datagrams: list<record { data: list<u8>, remote-address: option<${IP_SOCKET_ADDRESS}> }>) -> result<u64, ${ERROR_CODE2}>`,
    "[method]outgoing-datagram-stream.subscribe": "func(self: borrow<outgoing-datagram-stream>) -> pollable"
  },
  "wasi:sockets/udp-create-socket": {
    "create-udp-socket": `func(address-family: ${IP_ADDRESS_FAMILY}) -> result<udp-socket, ${ERROR_CODE2}>`
  }
};

// src/wasi/signatures.ts
var DATETIME = "record { seconds: u64, nanoseconds: u32 }";
var STREAM_ERROR = "variant { last-operation-failed(error), closed }";
var ERROR_CODE3 = "enum { access, would-block, already, bad-descriptor, busy, deadlock, quota, exist, file-too-large, illegal-byte-sequence, in-progress, interrupted, invalid, io, is-directory, loop, too-many-links, message-size, name-too-long, no-device, no-entry, no-lock, insufficient-memory, insufficient-space, not-directory, not-empty, not-recoverable, unsupported, no-tty, no-such-device, overflow, not-permitted, pipe, read-only, invalid-seek, text-file-busy, cross-device }";
var DESCRIPTOR_FLAGS = "flags { read, write, file-integrity-sync, data-integrity-sync, requested-write-sync, mutate-directory }";
var DESCRIPTOR_TYPE = "enum { unknown, block-device, character-device, directory, fifo, symbolic-link, regular-file, socket }";
var PATH_FLAGS = "flags { symlink-follow }";
var HASH = "record { lower: u64, upper: u64 }";
var SIGNATURES = {
  "wasi:clocks/wall-clock": {
    "now": `func() -> ${DATETIME}`,
    "resolution": `func() -> ${DATETIME}`
  },
  "wasi:clocks/timezone": {
    "display": `func(when: ${DATETIME}) -> record { utc-offset: s32, name: string, in-daylight-saving-time: bool }`,
    "utc-offset": `func(when: ${DATETIME}) -> s32`
  },
  "wasi:cli/environment": {
    "get-environment": "func() -> list<tuple<string, string>>",
    "get-arguments": "func() -> list<string>",
    "initial-cwd": "func() -> option<string>"
  },
  "wasi:cli/exit": {
    "exit": "func(status: result)",
    "exit-with-code": "func(status-code: u8)"
  },
  "wasi:io/error": {
    "[method]error.to-debug-string": "func(self: borrow<error>) -> string"
  },
  "wasi:io/poll": {
    "[method]pollable.ready": "func(self: borrow<pollable>) -> bool",
    "[method]pollable.block": "func(self: borrow<pollable>)",
    "poll": "func(in: list<borrow<pollable>>) -> list<u32>"
  },
  "wasi:io/streams": {
    "[method]input-stream.read": `func(self: borrow<input-stream>, len: u64) -> result<list<u8>, ${STREAM_ERROR}>`,
    "[method]input-stream.blocking-read": `func(self: borrow<input-stream>, len: u64) -> result<list<u8>, ${STREAM_ERROR}>`,
    "[method]input-stream.skip": `func(self: borrow<input-stream>, len: u64) -> result<u64, ${STREAM_ERROR}>`,
    "[method]input-stream.blocking-skip": `func(self: borrow<input-stream>, len: u64) -> result<u64, ${STREAM_ERROR}>`,
    "[method]input-stream.subscribe": "func(self: borrow<input-stream>) -> pollable",
    "[method]output-stream.check-write": `func(self: borrow<output-stream>) -> result<u64, ${STREAM_ERROR}>`,
    "[method]output-stream.write": `func(self: borrow<output-stream>, contents: list<u8>) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.blocking-write-and-flush": `func(self: borrow<output-stream>, contents: list<u8>) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.flush": `func(self: borrow<output-stream>) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.blocking-flush": `func(self: borrow<output-stream>) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.subscribe": "func(self: borrow<output-stream>) -> pollable",
    "[method]output-stream.write-zeroes": `func(self: borrow<output-stream>, len: u64) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.blocking-write-zeroes-and-flush": `func(self: borrow<output-stream>, len: u64) -> result<_, ${STREAM_ERROR}>`,
    "[method]output-stream.splice": `func(self: borrow<output-stream>, src: borrow<input-stream>, len: u64) -> result<u64, ${STREAM_ERROR}>`,
    "[method]output-stream.blocking-splice": `func(self: borrow<output-stream>, src: borrow<input-stream>, len: u64) -> result<u64, ${STREAM_ERROR}>`
  },
  "wasi:cli/stdin": {
    "get-stdin": "func() -> input-stream"
  },
  "wasi:cli/stdout": {
    "get-stdout": "func() -> output-stream"
  },
  "wasi:cli/stderr": {
    "get-stderr": "func() -> output-stream"
  },
  "wasi:cli/terminal-stdin": {
    "get-terminal-stdin": "func() -> option<terminal-input>"
  },
  "wasi:cli/terminal-stdout": {
    "get-terminal-stdout": "func() -> option<terminal-output>"
  },
  "wasi:cli/terminal-stderr": {
    "get-terminal-stderr": "func() -> option<terminal-output>"
  },
  "wasi:clocks/monotonic-clock": {
    "now": "func() -> u64",
    "resolution": "func() -> u64",
    "subscribe-instant": "func(when: u64) -> pollable",
    "subscribe-duration": "func(when: u64) -> pollable"
  },
  "wasi:filesystem/types": {
    "[method]descriptor.read-via-stream": `func(self: borrow<descriptor>, offset: u64) -> result<input-stream, ${ERROR_CODE3}>`,
    "[method]descriptor.write-via-stream": `func(self: borrow<descriptor>, offset: u64) -> result<output-stream, ${ERROR_CODE3}>`,
    "[method]descriptor.append-via-stream": `func(self: borrow<descriptor>) -> result<output-stream, ${ERROR_CODE3}>`,
    "[method]descriptor.advise": `func(self: borrow<descriptor>, offset: u64, length: u64, advice: enum { normal, sequential, random, will-need, dont-need, no-reuse }) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.sync-data": `func(self: borrow<descriptor>) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.get-flags": `func(self: borrow<descriptor>) -> result<${DESCRIPTOR_FLAGS}, ${ERROR_CODE3}>`,
    "[method]descriptor.get-type": `func(self: borrow<descriptor>) -> result<${DESCRIPTOR_TYPE}, ${ERROR_CODE3}>`,
    "[method]descriptor.set-size": `func(self: borrow<descriptor>, size: u64) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.set-times": `func(self: borrow<descriptor>, data-access-timestamp: variant { no-change, now, timestamp(${DATETIME}) }, data-modification-timestamp: variant { no-change, now, timestamp(${DATETIME}) }) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.read": `func(self: borrow<descriptor>, length: u64, offset: u64) -> result<tuple<list<u8>, bool>, ${ERROR_CODE3}>`,
    "[method]descriptor.write": `func(self: borrow<descriptor>, buffer: list<u8>, offset: u64) -> result<u64, ${ERROR_CODE3}>`,
    "[method]descriptor.read-directory": `func(self: borrow<descriptor>) -> result<directory-entry-stream, ${ERROR_CODE3}>`,
    "[method]descriptor.sync": `func(self: borrow<descriptor>) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.create-directory-at": `func(self: borrow<descriptor>, path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.stat": `func(self: borrow<descriptor>) -> result<record { type: ${DESCRIPTOR_TYPE}, link-count: u64, size: u64, data-access-timestamp: option<${DATETIME}>, data-modification-timestamp: option<${DATETIME}>, status-change-timestamp: option<${DATETIME}> }, ${ERROR_CODE3}>`,
    "[method]descriptor.stat-at": `func(self: borrow<descriptor>, path-flags: ${PATH_FLAGS}, path: string) -> result<record { type: ${DESCRIPTOR_TYPE}, link-count: u64, size: u64, data-access-timestamp: option<${DATETIME}>, data-modification-timestamp: option<${DATETIME}>, status-change-timestamp: option<${DATETIME}> }, ${ERROR_CODE3}>`,
    "[method]descriptor.set-times-at": `func(self: borrow<descriptor>, path-flags: ${PATH_FLAGS}, path: string, data-access-timestamp: variant { no-change, now, timestamp(${DATETIME}) }, data-modification-timestamp: variant { no-change, now, timestamp(${DATETIME}) }) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.link-at": `func(self: borrow<descriptor>, old-path-flags: ${PATH_FLAGS}, old-path: string, new-descriptor: borrow<descriptor>, new-path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.open-at": `func(self: borrow<descriptor>, path-flags: ${PATH_FLAGS}, path: string, open-flags: flags { create, directory, exclusive, truncate }, flags: ${DESCRIPTOR_FLAGS}) -> result<descriptor, ${ERROR_CODE3}>`,
    "[method]descriptor.readlink-at": `func(self: borrow<descriptor>, path: string) -> result<string, ${ERROR_CODE3}>`,
    "[method]descriptor.remove-directory-at": `func(self: borrow<descriptor>, path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.rename-at": `func(self: borrow<descriptor>, old-path: string, new-descriptor: borrow<descriptor>, new-path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.symlink-at": `func(self: borrow<descriptor>, old-path: string, new-path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.unlink-file-at": `func(self: borrow<descriptor>, path: string) -> result<_, ${ERROR_CODE3}>`,
    "[method]descriptor.is-same-object": "func(self: borrow<descriptor>, other: borrow<descriptor>) -> bool",
    "[method]descriptor.metadata-hash": `func(self: borrow<descriptor>) -> result<${HASH}, ${ERROR_CODE3}>`,
    "[method]descriptor.metadata-hash-at": `func(self: borrow<descriptor>, path-flags: ${PATH_FLAGS}, path: string) -> result<${HASH}, ${ERROR_CODE3}>`,
    "[method]directory-entry-stream.read-directory-entry": `func(self: borrow<directory-entry-stream>) -> result<option<record { type: ${DESCRIPTOR_TYPE}, name: string }>, ${ERROR_CODE3}>`,
    "filesystem-error-code": `func(err: borrow<error>) -> option<${ERROR_CODE3}>`
  },
  "wasi:filesystem/preopens": {
    "get-directories": "func() -> list<tuple<descriptor, string>>"
  },
  ...HTTP_SIGNATURES,
  "wasi:random/random": {
    "get-random-bytes": "func(len: u64) -> list<u8>",
    "get-random-u64": "func() -> u64"
  },
  "wasi:random/insecure": {
    "get-insecure-random-bytes": "func(len: u64) -> list<u8>",
    "get-insecure-random-u64": "func() -> u64"
  },
  "wasi:random/insecure-seed": {
    "insecure-seed": "func() -> tuple<u64, u64>"
  },
  ...SOCKETS_SIGNATURES
};

// src/wasi/sockets/error_code.ts
init_error3();
init_denial();
init_error4();
init_error5();
var CODES = {
  "denied": "access-denied",
  // What a guest may not know is forbidden, and not absent.
  "private": "access-denied",
  "invalid-name": "invalid-argument",
  "not-found": "name-unresolvable",
  "try-again": "temporary-resolver-failure",
  "resolver-failed": "permanent-resolver-failure",
  "refused": "connection-refused",
  "unreachable": "remote-unreachable",
  "timeout": "timeout",
  "reset": "connection-reset",
  "address-in-use": "address-in-use",
  "address-not-available": "address-not-bindable",
  "too-many-sockets": "new-socket-limit",
  "too-large": "datagram-too-large",
  "not-capable": "access-denied",
  "other": "unknown"
};
var BY_NAME2 = {
  ECONNABORTED: "connection-aborted",
  ENOMEM: "out-of-memory",
  ENOBUFS: "out-of-memory"
};
function failure2(code) {
  return new ComponentError(code);
}
function codeOf3(error) {
  const name2 = codeNameOf(error.cause);
  return name2 !== void 0 && Object.hasOwn(BY_NAME2, name2) ? BY_NAME2[name2] : CODES[error.reason];
}
function codeNameOf(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : void 0;
}
function translated2(error) {
  if (error instanceof ComponentError) return error;
  const known3 = networkError(error);
  return denial(failure2(codeOf3(known3)), known3);
}
function networkErrorCode(error) {
  const cause = IoError.causeOf(error);
  return cause instanceof NetworkError ? codeOf3(cause) : void 0;
}

// src/wasi/sockets/incoming_datagram_stream.ts
init_pollable();

// src/wasi/sockets/address.ts
init_network();
function toIpAddress(ip) {
  return {
    tag: ip.family === 4 ? "ipv4" : "ipv6",
    val: partsOf(ip)
  };
}
function toIpSocketAddress({ ip, port }) {
  const address = partsOf(ip);
  return ip.family === 4 ? {
    tag: "ipv4",
    val: {
      port,
      address
    }
  } : {
    tag: "ipv6",
    val: {
      port,
      flowInfo: 0,
      address,
      scopeId: 0
    }
  };
}
function fromIpSocketAddress(family, given) {
  if (given.tag !== family) throw failure2("invalid-argument");
  const ip = ipOf(given.val.address);
  if (unmapped(ip) !== ip || isCompatible(ip)) throw failure2("invalid-argument");
  if (given.tag === "ipv6" && given.val.scopeId !== 0) throw failure2("not-supported");
  return {
    ip,
    port: given.val.port
  };
}
function checkUnicast({ ip }) {
  const multicast = ip.family === 4 ? ip.bits >> 28n === 0xen : ip.bits >> 120n === 0xffn;
  const broadcast = ip.family === 4 && ip.bits === 0xffffffffn;
  if (multicast || broadcast) throw failure2("invalid-argument");
}
function checkRemote({ ip, port }) {
  if (isUnspecified(ip) || port === 0) throw failure2("invalid-argument");
}
function isUnspecified(ip) {
  return ip.bits === 0n;
}
function isSameAddress(one, other) {
  return one.port === other.port && one.ip.family === other.ip.family && one.ip.bits === other.ip.bits;
}
function isCompatible(ip) {
  return ip.family === 6 && ip.bits >> 32n === 0n && ip.bits > 1n;
}

// src/wasi/sockets/incoming_datagram_stream.ts
var MAX_RESULTS = 64;
var IncomingDatagramStream = class {
  #association;
  /** @param association With the socket. */
  constructor(association) {
    this.#association = association;
  }
  /**
   * `receive: func(max-results: u64) -> result<list<incoming-datagram>, error-code>`: what is there now, perhaps
   * nothing.
   *
   * @throws {ComponentError} `invalid-state` after another call of `stream`.
   */
  receive(maxResults) {
    const { inbox } = this.#association.use();
    const max = maxResults < MAX_RESULTS ? Number(maxResults) : MAX_RESULTS;
    try {
      return (max === 0 ? [] : inbox.take(max)).map(({ data, from }) => ({
        data,
        remoteAddress: toIpSocketAddress(from)
      }));
    } catch (error) {
      throw translated2(error);
    }
  }
  /** `subscribe: func() -> pollable`: ready when `receive` would give a datagram or an error. */
  subscribe() {
    const association = this.#association;
    return new Pollable({
      ready: () => !association.current || association.port.inbox.ready,
      watch: (wake) => association.port.inbox.arrived.watch(wake)
    });
  }
  /** The socket lives on while the guest has it, or the other stream. */
  [Symbol.dispose]() {
    this.#association.drop("incoming");
  }
};

// src/wasi/sockets/network.ts
var Network = class {
};
function instanceNetwork() {
  return new Network();
}

// src/wasi/sockets/outgoing_datagram_stream.ts
init_error3();
init_pollable();
var MAX_PAYLOAD = {
  ipv4: 65507,
  ipv6: 65527
};
var OutgoingDatagramStream = class {
  #association;
  #reach;
  #family;
  /** How many datagrams `check-send` has allowed, and `send` has not used. */
  #permit = 0;
  #failure;
  /**
   * @param association With the socket.
   * @param reach The guest's way out.
   * @param family The socket's.
   */
  constructor(association, reach, family) {
    this.#association = association;
    this.#reach = reach;
    this.#family = family;
  }
  /**
   * `check-send: func() -> result<u64, error-code>`: how many datagrams the next `send` may bring.
   *
   * @throws {ComponentError} Why a datagram that was sent before did not go out; once.
   */
  checkSend() {
    const { outbox } = this.#association.use();
    this.#permit = 0;
    if (this.#failure !== void 0) {
      const failure3 = this.#failure;
      this.#failure = void 0;
      throw translated2(failure3);
    }
    this.#permit = outbox.room;
    return BigInt(this.#permit);
  }
  /**
   * `send: func(datagrams: list<outgoing-datagram>) -> result<u64, error-code>`
   *
   * @returns How many were sent, or will be: those before the first that could not.
   * @throws {Trap} More than `check-send` has allowed.
   * @throws {ComponentError} Why the first of them cannot be sent.
   */
  send(datagrams2) {
    const port = this.#association.use();
    if (datagrams2.length === 0) return 0n;
    if (datagrams2.length > this.#permit) {
      throw new Trap(`wasi:sockets/udp.send: ${datagrams2.length} datagrams, but check-send has permitted ${this.#permit}`);
    }
    this.#permit = 0;
    let sent = 0n;
    for (const datagram of datagrams2) {
      if (port.outbox.room === 0) break;
      try {
        port.send(datagram.data, this.#destination(datagram), (error) => this.#failure ??= error);
      } catch (error) {
        if (sent > 0n) break;
        throw translated2(error);
      }
      sent++;
    }
    return sent;
  }
  /** `subscribe: func() -> pollable`: ready when `check-send` would give more than 0, or an error. */
  subscribe() {
    const association = this.#association;
    return new Pollable({
      ready: () => !association.current || this.#failure !== void 0 || association.port.outbox.room > 0,
      watch: (wake) => association.port.outbox.sent.watch(wake)
    });
  }
  /** The socket lives on while the guest has it, or the other stream. */
  [Symbol.dispose]() {
    this.#association.drop("outgoing");
  }
  /** Where a datagram goes, if it may. */
  #destination({ data, remoteAddress }) {
    const { peer } = this.#association;
    const given = remoteAddress && fromIpSocketAddress(this.#family, remoteAddress);
    const to = given ?? peer;
    if (to === void 0 || peer !== void 0 && !isSameAddress(to, peer)) {
      throw failure2("invalid-argument");
    }
    checkRemote(to);
    if (data.length > MAX_PAYLOAD[this.#family]) throw failure2("datagram-too-large");
    if (!this.#reach.mayReach("udp", to.ip, to.port)) throw failure2("access-denied");
    return to;
  }
};

// src/wasi/sockets/resolve_address_stream.ts
init_network();
init_pollable();
init_waitable();

// src/wasi/sockets/operation.ts
var Operation = class {
  #outcome;
  #given;
  /**
   * @param work What was started; its result, where there was nothing to wait for.
   * @param settled Called once it is done, later than this.
   */
  constructor(work3, settled) {
    if (!(work3 instanceof Promise)) {
      this.#outcome = work3;
      return;
    }
    work3.then((value) => {
      if (this.#given !== void 0) return this.#given(value);
      this.#outcome = {
        value
      };
      settled();
    }, (error) => {
      this.#outcome = {
        error
      };
      settled();
    });
  }
  /** Whether the result is there. */
  get done() {
    return this.#outcome !== void 0;
  }
  /**
   * The result.
   *
   * @throws {ComponentError} `would-block` while there is none; the code of the failure, if it failed.
   */
  finish() {
    if (this.#outcome === void 0) throw failure2("would-block");
    if ("error" in this.#outcome) throw translated2(this.#outcome.error);
    return this.#outcome.value;
  }
  /** Nobody will ask any more: what came of it, or is still to come, is closed. */
  abandon(close) {
    if (this.#outcome === void 0) this.#given = close;
    else if ("value" in this.#outcome) close(this.#outcome.value);
  }
};

// src/wasi/sockets/resolve_address_stream.ts
var MAX_NAME = 255;
var ResolveAddressStream = class {
  #lookup;
  #settled = new Signal();
  #stop = new AbortController();
  #next = 0;
  /** @param lookup Starts the lookup; may give the addresses at once. */
  constructor(lookup) {
    this.#lookup = new Operation(lookup(this.#stop.signal), () => this.#settled.fire());
  }
  /**
   * `resolve-next-address: func() -> result<option<ip-address>, error-code>`
   *
   * @returns `undefined` when there are no more.
   * @throws {ComponentError} `would-block`; once it has failed, the same code every time.
   */
  resolveNextAddress() {
    const ip = this.#lookup.finish()[this.#next];
    if (ip === void 0) return void 0;
    this.#next++;
    return toIpAddress(ip);
  }
  /** `subscribe: func() -> pollable`: ready when the lookup is over. */
  subscribe() {
    return new Pollable({
      ready: () => this.#lookup.done,
      watch: (wake) => this.#settled.watch(wake)
    });
  }
  /** Gives the lookup up. */
  [Symbol.dispose]() {
    this.#stop.abort();
  }
};
function resolveAddresses(reach) {
  return (_network, name2) => {
    if (name2.length > MAX_NAME) throw failure2("invalid-argument");
    const literal = parseIp(name2.replace(/^\[(.*:.*)\]$/, "$1"));
    if (literal !== void 0) return new ResolveAddressStream(() => ({
      value: [
        unmapped(literal)
      ]
    }));
    if (parseName(name2) === void 0) throw failure2("invalid-argument");
    return new ResolveAddressStream(async (signal) => plain2(await reach().resolve(name2, signal)));
  };
}
function plain2(found) {
  const distinct = new Map(found.map(unmapped).map((ip) => [
    `${ip.family} ${ip.bits}`,
    ip
  ]));
  return [
    ...distinct.values()
  ];
}

// src/wasi/sockets/tcp_socket.ts
init_network();
init_input_stream();
init_output_stream();
init_pollable();
init_waitable();

// src/wasi/sockets/clamp.ts
function clamp2(value, min, max) {
  if (value === 0n) throw failure2("invalid-argument");
  return value < min ? min : value > max ? max : value;
}

// src/wasi/sockets/connect.ts
init_error5();

// src/wasi/sockets/connection.ts
init_network();
init_error5();

// src/wasi/sockets/holders.ts
var Holders = class {
  #last;
  #count = 0;
  /** @param last Called when the last holder has left. */
  constructor(last) {
    this.#last = last;
  }
  /** One more. @returns Leaves again; twice does no harm. */
  join() {
    this.#count++;
    let held2 = true;
    return () => {
      if (!held2) return;
      held2 = false;
      if (--this.#count === 0) this.#last();
    };
  }
};

// src/wasi/sockets/tcp_options.ts
var SECOND2 = 1000000000n;
var IDLE_TIME = 7200n * SECOND2;
var INTERVAL = 75n * SECOND2;
var COUNT = 9;
var MAX_IDLE_TIME = 32767n * SECOND2;
var BUFFER = {
  min: 4096,
  max: 256 * 1024
};
var RECEIVE = 256 * 1024;
var SEND = 64 * 1024;
var BACKLOG = 128;
var TcpOptions = class _TcpOptions {
  /** `keep-alive-enabled` */
  keepAliveEnabled = false;
  /** `listen-backlog-size` */
  backlog = BACKLOG;
  /** `keep-alive-interval` */
  keepAliveInterval = INTERVAL;
  /** `keep-alive-count` */
  keepAliveCount = COUNT;
  #idleTime = IDLE_TIME;
  #receive = RECEIVE;
  #send = SEND;
  /** `keep-alive-idle-time`: whole seconds, as the kernel has it. */
  get keepAliveIdleTime() {
    return this.#idleTime;
  }
  /** The same for `node:net`. */
  get keepAliveMilliseconds() {
    return Number(this.#idleTime / 1000000n);
  }
  /** `receive-buffer-size`: how much is read ahead of the guest. */
  get receiveBufferSize() {
    return this.#receive;
  }
  /** `send-buffer-size`: how much may be on its way when the guest writes more. */
  get sendBufferSize() {
    return this.#send;
  }
  /** `set-keep-alive-idle-time` */
  setKeepAliveIdleTime(value) {
    const clamped = clamp2(value, SECOND2, MAX_IDLE_TIME);
    this.#idleTime = clamped - clamped % SECOND2;
  }
  /** `set-keep-alive-interval` */
  setKeepAliveInterval(value) {
    clamp2(value, INTERVAL, INTERVAL);
  }
  /** `set-keep-alive-count` */
  setKeepAliveCount(value) {
    clamp2(BigInt(value), BigInt(COUNT), BigInt(COUNT));
  }
  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value) {
    this.#receive = Number(clamp2(value, BigInt(BUFFER.min), BigInt(BUFFER.max)));
  }
  /** `set-send-buffer-size` */
  setSendBufferSize(value) {
    this.#send = Number(clamp2(value, BigInt(BUFFER.min), BigInt(BUFFER.max)));
  }
  /** `set-listen-backlog-size` */
  setBacklog(value) {
    this.backlog = Number(clamp2(value, 1n, BigInt(BACKLOG)));
  }
  /** The same options for another socket. */
  copy() {
    const copy = new _TcpOptions();
    copy.keepAliveEnabled = this.keepAliveEnabled;
    copy.#idleTime = this.#idleTime;
    copy.#receive = this.#receive;
    copy.#send = this.#send;
    return copy;
  }
};

// src/wasi/sockets/tcp_sink.ts
init_stream_error();
init_waitable();
var ROOM4 = 64 * 1024;
var spare = new Uint8Array(ROOM4);
var TcpSink = class {
  #socket;
  #size;
  #leave;
  #drained = new Signal();
  #written = () => {
    if (this.#socket.writableLength === 0) this.#flushing = false;
    if (this.ready()) this.#drained.fire();
  };
  #flushing = false;
  #closed = false;
  #failure;
  /**
   * @param socket A connected socket.
   * @param size With so many bytes on their way, it is full.
   * @param leave Called when the stream was dropped, or has failed.
   */
  constructor(socket2, size, leave) {
    this.#socket = socket2;
    this.#size = size;
    this.#leave = leave;
  }
  /** See {@linkcode Sink.ready}. */
  ready() {
    return this.#closed || this.#failure !== void 0 || this.#free() > 0;
  }
  /** See {@linkcode Sink.watch}. */
  watch(wake) {
    return this.#drained.watch(wake);
  }
  /** See {@linkcode Sink.room}. */
  room() {
    this.#rethrow();
    return this.#closed ? null : this.#free();
  }
  /** See {@linkcode Sink.write}. */
  write(bytes) {
    this.#check();
    for (let at4 = 0; at4 < bytes.length; at4 += ROOM4) this.#put(bytes.subarray(at4, at4 + ROOM4));
  }
  /** See {@linkcode Sink.flush}: over when the kernel has all. */
  flush() {
    this.#check();
    this.#flushing = this.#socket.writableLength > 0;
  }
  /** The stream was dropped: a FIN after what was written. */
  close() {
    this.shutdown();
    this.#leave();
  }
  /** `shutdown(send)`: the same, with the stream still there. */
  shutdown() {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#socket.destroyed) this.#socket.end();
    this.#drained.fire();
  }
  /** Nobody takes any more. */
  end() {
    this.#closed = true;
    this.#drained.fire();
  }
  /** The connection is broken. */
  fail(cause) {
    if (this.#closed) return;
    this.#failure ??= {
      cause
    };
    this.#drained.fire();
  }
  #put(bytes) {
    const buffer2 = spare;
    buffer2.set(bytes);
    this.#socket.write(buffer2.subarray(0, bytes.length), this.#written);
    if (this.#socket.writableLength > 0) spare = new Uint8Array(ROOM4);
  }
  /** After a failed write the socket is gone, and why is told a moment later: until then there is no room. */
  #free() {
    const { destroyed, writableLength } = this.#socket;
    return destroyed || this.#flushing || writableLength >= this.#size() ? 0 : ROOM4;
  }
  #check() {
    this.#rethrow();
    if (this.#closed) throw closed();
  }
  #rethrow() {
    if (this.#failure === void 0) return;
    const { cause } = this.#failure;
    this.#failure = void 0;
    this.#closed = true;
    throw cause;
  }
};

// src/wasi/sockets/tcp_source.ts
init_fill();
init_waitable();
var MAX_CHUNKS = 128;
var TcpSource = class {
  #socket;
  #size;
  #leave;
  #arrived = new Signal();
  #chunks = [];
  #queued = 0;
  #reading = false;
  #state = "open";
  #failure;
  /**
   * @param socket A connected socket, paused.
   * @param size How many bytes may wait here.
   * @param leave Called when the stream was dropped, or has ended.
   */
  constructor(socket2, size, leave) {
    this.#socket = socket2;
    this.#size = size;
    this.#leave = leave;
    socket2.on("data", (chunk) => this.#take(chunk));
    socket2.on("end", () => this.end());
  }
  /** Starts to read: before that, a connection that waits to be accepted costs nothing but its socket. */
  start() {
    this.#adjust();
  }
  /** See {@linkcode Source.ready}. */
  ready() {
    return this.#queued > 0 || this.#state !== "open" || this.#failure !== void 0;
  }
  /** See {@linkcode Source.watch}. */
  watch(wake) {
    return this.#arrived.watch(wake);
  }
  /** See {@linkcode Source.read}. */
  read(max) {
    const first2 = this.#chunks[0];
    if (first2 !== void 0) {
      const bytes = first2.subarray(0, max);
      this.#drop(bytes.length);
      return bytes;
    }
    if (this.#failure !== void 0) throw this.#failure.cause;
    return this.#state === "open" ? new Uint8Array(0) : null;
  }
  /** See {@linkcode Source.direct}: all that is there, in one call. */
  direct(max) {
    if (this.#queued === 0 || max === 0) return void 0;
    return new Fill(Math.min(max, this.#queued), (into) => {
      let written = 0;
      while (written < into.length && this.#queued > 0) {
        const bytes = this.#chunks[0].subarray(0, into.length - written);
        into.set(bytes, written);
        written += bytes.length;
        this.#drop(bytes.length);
      }
      return written;
    });
  }
  /** See {@linkcode Source.skip}. */
  skip(max) {
    if (this.#queued === 0) return this.read(0)?.length ?? null;
    const count = Math.min(max, this.#queued);
    for (let left = count; left > 0; ) left -= this.#drop(left);
    return count;
  }
  /** The stream was dropped: what is still to come stays in the kernel. */
  close() {
    this.shutdown();
    this.#leave();
  }
  /** `shutdown(receive)`: no more is expected, and what was not read is forgotten. */
  shutdown() {
    this.#state = "closed";
    this.#failure = void 0;
    this.#chunks = [];
    this.#queued = 0;
    this.#adjust();
    this.#arrived.fire();
  }
  /** No more will come. What has come can still be read. */
  end() {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#arrived.fire();
  }
  /** The connection is broken, which is told once what has come was read. */
  fail(cause) {
    if (this.#state !== "open") return;
    this.#failure ??= {
      cause
    };
    this.#arrived.fire();
  }
  #take({ buffer: buffer2, byteOffset, length }) {
    if (this.#state !== "open" || length === 0) return;
    this.#chunks.push(new Uint8Array(buffer2, byteOffset, length));
    this.#queued += length;
    this.#adjust();
    if (this.#queued === length) this.#arrived.fire();
  }
  /** Takes up to so many bytes off the first chunk; says how many. */
  #drop(max) {
    const first2 = this.#chunks[0];
    const count = Math.min(max, first2.length);
    if (count === first2.length) this.#chunks.shift();
    else this.#chunks[0] = first2.subarray(count);
    this.#queued -= count;
    this.#adjust();
    return count;
  }
  /** Reads on while there is room, and not again before half of it is free: each change is a system call. */
  #adjust() {
    const size = this.#size();
    const full = this.#state === "closed" || this.#queued >= size || this.#chunks.length >= MAX_CHUNKS;
    const roomy = this.#queued <= size / 2 && this.#chunks.length <= MAX_CHUNKS / 2;
    if (this.#reading && full) {
      this.#reading = false;
      this.#socket.pause();
    } else if (!this.#reading && !full && roomy) {
      this.#reading = true;
      this.#socket.resume();
    }
  }
};

// src/wasi/sockets/connection.ts
var Connection = class {
  /** This end. */
  local;
  /** The other end. */
  remote;
  /** What arrives. */
  source;
  /** What leaves. */
  sink;
  /** Called when the guest drops its socket. */
  leave;
  #socket;
  #holders = new Holders(() => this.#finish());
  #options = new TcpOptions();
  /**
   * @param socket Connected, paused, half-open allowed. Whoever made it sees to it that it is closed with the guest.
   * @throws {NetworkError} `reset`, where it is gone already.
   */
  constructor(socket2) {
    this.#socket = socket2;
    this.local = endOf(socket2.localAddress, socket2.localPort);
    this.remote = endOf(socket2.remoteAddress, socket2.remotePort);
    this.leave = this.#holders.join();
    this.source = new TcpSource(socket2, () => this.#options.receiveBufferSize, this.#holders.join());
    this.sink = new TcpSink(socket2, () => this.#options.sendBufferSize, this.#holders.join());
    socket2.on("error", (error) => this.#fail(error));
    socket2.on("close", () => this.#end());
    socket2.setNoDelay(true);
  }
  /** The guest has it now: reads, and does as the options say. */
  start(options2) {
    this.#options = options2;
    this.keepAlive();
    this.source.start();
  }
  /** Tells the kernel what the options say of keep-alive. */
  keepAlive() {
    if (this.#socket.destroyed) return;
    this.#socket.setKeepAlive(this.#options.keepAliveEnabled, this.#options.keepAliveMilliseconds);
  }
  /** Closes it at once, with a reset. */
  destroy() {
    this.#socket.resetAndDestroy();
  }
  /** No resource is left. What was written goes out first, however long the peer takes: the socket stays counted. */
  #finish() {
    this.#socket.destroySoon();
  }
  #fail(error) {
    const broken = codeNameOf(error) === "EPIPE";
    const cause = networkError(error);
    this.source.fail(cause);
    broken ? this.sink.end() : this.sink.fail(cause);
  }
  #end() {
    this.source.end();
    this.sink.end();
  }
};
function endOf(address, port) {
  const ip = parseIp(address?.replace(/%.*$/, "") ?? "");
  if (ip === void 0 || port === void 0) {
    throw networkError(Object.assign(new Error("the connection is gone"), {
      code: "ECONNRESET"
    }));
  }
  return {
    ip,
    port
  };
}

// src/wasi/sockets/connect.ts
async function connect(reach, { remote, listener, give, signal }) {
  const local = listener?.local;
  await listener?.release();
  give();
  try {
    return new Connection(await reach.dial({
      scheme: "tcp",
      host: remote.ip,
      port: remote.port,
      ...local && {
        local
      },
      signal
    }));
  } catch (error) {
    throw connectError(networkError(error));
  }
}
function connectError(error) {
  return error.reason === "address-not-available" ? new NetworkError("address-in-use", error.message, {
    cause: error.cause
  }) : error;
}

// src/wasi/sockets/listener.ts
init_network();
init_error5();
var KERNEL_BACKLOG = 128;
var Listener = class _Listener {
  /** What the guest has asked for. Its port may be 0. */
  asked;
  #reach;
  #server;
  #pending = [];
  #forget;
  #changed = () => {
  };
  #backlog;
  #refused;
  #closed = false;
  constructor(reach, server, asked) {
    this.asked = asked;
    this.#reach = reach;
    this.#server = server;
    server.on("connection", (socket2) => this.#arrive(socket2));
    server.on("error", (error) => this.#refuse(networkError(error)));
    server.on("listening", () => this.#closed && server.close());
    this.#forget = reach.atEnd(() => this.close());
  }
  /**
   * Binds.
   *
   * @throws {NetworkError}
   */
  static async bind(reach, asked) {
    const { ip, port } = asked;
    if (!inScope(ip, port)) {
      const scope = scopeOf2(ip, port);
      throw new NetworkError("not-capable", `to bind to ${scope}, this process needs --allow-net=${scope}`);
    }
    const { createServer } = await import("node:net");
    const server = createServer({
      allowHalfOpen: true,
      pauseOnConnect: true
    });
    const listener = new _Listener(reach, server, asked);
    try {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.once("close", () => reject(new NetworkError("other", "closed while it was bound")));
        server.listen({
          host: formatIp(ip),
          port,
          backlog: KERNEL_BACKLOG,
          // Not by way of node:cluster.
          exclusive: true,
          ipv6Only: ip.family === 6
        }, resolve);
      });
    } catch (error) {
      listener.close();
      throw bindError(error);
    }
    return listener;
  }
  /** Where it is bound, with the port that the system has chosen. */
  get local() {
    const address = this.#server.address();
    const port = address !== null && typeof address === "object" ? address.port : this.asked.port;
    return {
      ip: this.asked.ip,
      port
    };
  }
  /**
   * Lets connections in from now on.
   *
   * @param backlog How many may wait to be accepted.
   * @param changed Called when there is something to accept.
   */
  listen(backlog, changed) {
    this.#backlog = backlog;
    this.#changed = changed;
  }
  /** Whether {@linkcode accept} would give a connection or an error. */
  get ready() {
    return this.#pending.length > 0 || this.#refused !== void 0;
  }
  /**
   * The next connection; the guest's from now on.
   *
   * @throws {NetworkError} Why one that came could not be let in.
   */
  accept() {
    const connection = this.#pending.shift();
    if (connection !== void 0 || this.#refused === void 0) return connection;
    const refused2 = this.#refused;
    this.#refused = void 0;
    throw refused2;
  }
  /** Stops, and resets what nobody has accepted. */
  close() {
    this.#closed = true;
    this.#forget();
    this.#server.close();
    this.#backlog = void 0;
    for (const connection of this.#pending.splice(0)) connection.destroy();
  }
  /** Stops, and waits until the address is free. */
  async release() {
    await new Promise((resolve) => {
      this.#server.once("close", resolve);
      this.close();
    });
  }
  #arrive(socket2) {
    socket2.on("error", () => {
    });
    if (this.#backlog === void 0 || this.#pending.length >= this.#backlog() || this.#isMapped(socket2)) {
      socket2.resetAndDestroy();
      return;
    }
    let give;
    try {
      give = this.#reach.take();
    } catch (error) {
      socket2.resetAndDestroy();
      this.#refuse(networkError(error));
      return;
    }
    const forget = this.#reach.atEnd(() => socket2.destroy());
    const ended = () => {
      forget();
      give();
    };
    socket2.once("close", ended);
    let connection;
    try {
      connection = new Connection(socket2);
    } catch {
      socket2.destroy();
      return;
    }
    this.#pending.push(connection);
    socket2.once("close", () => this.#vanish(connection));
    this.#changed();
  }
  /** Deno listens for both versions at `::`, whatever `ipv6Only` says; an IPv6 socket of WASI has no IPv4 peers. */
  #isMapped({ remoteAddress }) {
    const ip = parseIp(remoteAddress ?? "");
    return ip !== void 0 && unmapped(ip) !== ip;
  }
  #vanish(connection) {
    const index = this.#pending.indexOf(connection);
    if (index >= 0) this.#pending.splice(index, 1);
  }
  /** One error waits at most: a flood of refused connections is told once. */
  #refuse(error) {
    if (this.#backlog === void 0) return;
    this.#refused ??= error;
    this.#changed();
  }
};
function bindError(error) {
  return codeNameOf(error) === "EINVAL" ? new NetworkError("address-not-available", "not an address of this host", {
    cause: error
  }) : networkError(error);
}

// src/wasi/sockets/tcp_socket.ts
var TcpSocket = class _TcpSocket {
  #reach;
  #family;
  #options;
  #changed = new Signal();
  /** Gives back what it counts for; a connection counts by itself. */
  #give;
  #state;
  /**
   * @param reach The guest's way out.
   * @param family The version of IP that it is for.
   * @param accepted For a socket that came by `accept`: its connection, and the listener's options.
   * @throws {NetworkError} `too-many-sockets`
   */
  constructor(reach, family, accepted) {
    this.#reach = reach;
    this.#family = family;
    this.#options = accepted?.options.copy() ?? new TcpOptions();
    this.#give = accepted ? () => {
    } : reach.take();
    this.#state = accepted ? {
      kind: "connected",
      connection: accepted.connection
    } : {
      kind: "unbound"
    };
    accepted?.connection.start(this.#options);
  }
  /** `start-bind`: to a port of the guest's choice only where rules let it listen there. */
  startBind(_network, localAddress) {
    this.#idle();
    if (this.#state.kind !== "unbound") throw failure2("invalid-state");
    const local = fromIpSocketAddress(this.#family, localAddress);
    checkUnicast(local);
    if (local.port !== 0) this.#checkListen(local);
    this.#state = {
      kind: "bind-in-progress",
      bind: new Operation(Listener.bind(this.#reach, local), () => this.#changed.fire())
    };
  }
  /** `finish-bind`. After a failure the socket is unbound again, and may be bound to another address. */
  finishBind() {
    const state = this.#state;
    if (state.kind !== "bind-in-progress") throw failure2("not-in-progress");
    if (state.bind.done) this.#state = {
      kind: "unbound"
    };
    this.#state = {
      kind: "bound",
      listener: state.bind.finish()
    };
  }
  /** `start-connect`: refused before any packet where no rule allows it. */
  startConnect(_network, remoteAddress) {
    this.#idle();
    const { kind } = this.#state;
    if (kind !== "unbound" && kind !== "bound") throw failure2("invalid-state");
    const remote = fromIpSocketAddress(this.#family, remoteAddress);
    checkUnicast(remote);
    checkRemote(remote);
    if (!this.#reach.mayReach("tcp", remote.ip, remote.port)) throw failure2("access-denied");
    const listener = this.#state.kind === "bound" ? this.#state.listener : void 0;
    const local = listener?.local;
    const stop = new AbortController();
    const work3 = connect(this.#reach, {
      remote,
      listener,
      give: this.#give,
      signal: stop.signal
    });
    this.#state = {
      kind: "connect-in-progress",
      connect: new Operation(work3, () => this.#changed.fire()),
      local,
      stop
    };
  }
  /** `finish-connect`. A socket connects once: after a failure it is closed. */
  finishConnect() {
    const state = this.#state;
    if (state.kind !== "connect-in-progress") throw failure2("not-in-progress");
    if (state.connect.done) this.#state = {
      kind: "closed"
    };
    const connection = state.connect.finish();
    this.#state = {
      kind: "connected",
      connection
    };
    connection.start(this.#options);
    return [
      new InputStream(connection.source),
      new OutputStream(connection.sink)
    ];
  }
  /** `start-listen`: where rules allow it, also for a port that the system has chosen. */
  startListen() {
    this.#idle();
    if (this.#state.kind !== "bound") throw failure2("invalid-state");
    const { listener } = this.#state;
    this.#checkListen(listener.asked);
    listener.listen(() => this.#options.backlog, () => this.#changed.fire());
    this.#state = {
      kind: "listen-in-progress",
      listener
    };
  }
  /** `finish-listen`. There is nothing to wait for. */
  finishListen() {
    if (this.#state.kind !== "listen-in-progress") throw failure2("not-in-progress");
    this.#state = {
      kind: "listening",
      listener: this.#state.listener
    };
  }
  /** `accept`: the oldest connection that waits. */
  accept() {
    if (this.#state.kind !== "listening") throw failure2("invalid-state");
    const connection = attempt2(this.#state.listener);
    if (connection === void 0) throw failure2("would-block");
    const socket2 = new _TcpSocket(this.#reach, this.#family, {
      connection,
      options: this.#options
    });
    return [
      socket2,
      new InputStream(connection.source),
      new OutputStream(connection.sink)
    ];
  }
  /** `local-address`: known once it is bound, or connected. */
  localAddress() {
    const state = this.#state;
    switch (state.kind) {
      case "bound":
      case "listen-in-progress":
      case "listening":
        return toIpSocketAddress(state.listener.local);
      case "connect-in-progress":
        if (state.local === void 0) throw failure2("invalid-state");
        return toIpSocketAddress(state.local);
      case "connected":
        return toIpSocketAddress(state.connection.local);
      default:
        throw failure2("invalid-state");
    }
  }
  /** `remote-address` */
  remoteAddress() {
    return toIpSocketAddress(this.#connection().remote);
  }
  /** `is-listening` */
  isListening() {
    return this.#state.kind === "listening";
  }
  /** `address-family` */
  addressFamily() {
    return this.#family;
  }
  /** `set-listen-backlog-size`: also while it listens, since the queue is this host's own. */
  setListenBacklogSize(value) {
    this.#open().setBacklog(value);
    const { kind } = this.#state;
    if (kind === "connect-in-progress" || kind === "connected") throw failure2("invalid-state");
  }
  /** `keep-alive-enabled` */
  keepAliveEnabled() {
    return this.#open().keepAliveEnabled;
  }
  /** `set-keep-alive-enabled` */
  setKeepAliveEnabled(value) {
    this.#open().keepAliveEnabled = value;
    this.#applyKeepAlive();
  }
  /** `keep-alive-idle-time` */
  keepAliveIdleTime() {
    return this.#open().keepAliveIdleTime;
  }
  /** `set-keep-alive-idle-time` */
  setKeepAliveIdleTime(value) {
    this.#open().setKeepAliveIdleTime(value);
    this.#applyKeepAlive();
  }
  /** `keep-alive-interval`: the system's. Neither `node:net` nor Deno can change it, so every value is clamped to it. */
  keepAliveInterval() {
    return this.#open().keepAliveInterval;
  }
  /** `set-keep-alive-interval` */
  setKeepAliveInterval(value) {
    this.#open().setKeepAliveInterval(value);
  }
  /** `keep-alive-count`: as {@linkcode keepAliveInterval}. */
  keepAliveCount() {
    return this.#open().keepAliveCount;
  }
  /** `set-keep-alive-count` */
  setKeepAliveCount(value) {
    this.#open().setKeepAliveCount(value);
  }
  /** `hop-limit`: the system's, which neither `node:net` nor Deno tells. */
  hopLimit() {
    throw this.#unsupported();
  }
  /** `set-hop-limit` */
  setHopLimit(value) {
    throw this.#unsupported(BigInt(value));
  }
  /** `receive-buffer-size`: of this host's buffer. The kernel's own, beside it, is the system's affair. */
  receiveBufferSize() {
    return BigInt(this.#open().receiveBufferSize);
  }
  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value) {
    this.#open().setReceiveBufferSize(value);
  }
  /** `send-buffer-size`: as {@linkcode receiveBufferSize}. */
  sendBufferSize() {
    return BigInt(this.#open().sendBufferSize);
  }
  /** `set-send-buffer-size` */
  setSendBufferSize(value) {
    this.#open().setSendBufferSize(value);
  }
  /** `subscribe: func() -> pollable`: ready unless a `finish-*` or `accept` would block. */
  subscribe() {
    return new Pollable(this.#event);
  }
  /** `shutdown`: of one direction or both, as often as one likes. */
  shutdown(shutdownType) {
    const { source, sink } = this.#connection();
    if (shutdownType !== "send") source.shutdown();
    if (shutdownType !== "receive") sink.shutdown();
  }
  /** Closes what it has. A connection lives on in its streams, until they are dropped too. */
  [Symbol.dispose]() {
    const state = this.#state;
    this.#state = {
      kind: "closed"
    };
    this.#give();
    switch (state.kind) {
      case "bind-in-progress":
        return state.bind.abandon((listener) => listener.close());
      case "bound":
      case "listen-in-progress":
      case "listening":
        return state.listener.close();
      case "connect-in-progress":
        state.connect.abandon((connection) => connection.destroy());
        return state.stop.abort();
      case "connected":
        return state.connection.leave();
    }
  }
  #event = {
    ready: () => {
      const state = this.#state;
      switch (state.kind) {
        case "bind-in-progress":
          return state.bind.done;
        case "connect-in-progress":
          return state.connect.done;
        case "listening":
          return state.listener.ready;
        default:
          return true;
      }
    },
    watch: (wake) => this.#changed.watch(wake)
  };
  /** No operation is in progress. */
  #idle() {
    if (this.#state.kind.endsWith("-in-progress")) throw failure2("concurrency-conflict");
  }
  #checkListen({ ip, port }) {
    if (!mayListen(this.#reach.network, "tcp", ip, port)) throw failure2("access-denied");
  }
  #connection() {
    if (this.#state.kind !== "connected") throw failure2("invalid-state");
    return this.#state.connection;
  }
  #open() {
    if (this.#state.kind === "closed") throw failure2("invalid-state");
    return this.#options;
  }
  #applyKeepAlive() {
    if (this.#state.kind === "connected") this.#state.connection.keepAlive();
  }
  /** Values are checked first: what is wrong everywhere is told everywhere. */
  #unsupported(value) {
    this.#open();
    if (value !== void 0) clamp2(value, 1n, value);
    return failure2("not-supported");
  }
};
function attempt2(listener) {
  try {
    return listener.accept();
  } catch (error) {
    throw translated2(error);
  }
}
function createTcpSocket(reach) {
  return (addressFamily) => {
    try {
      return new TcpSocket(reach(), addressFamily);
    } catch (error) {
      throw translated2(error);
    }
  };
}

// src/wasi/sockets/udp_socket.ts
init_network();
init_pollable();
init_waitable();

// src/wasi/sockets/association.ts
var Association = class {
  /** Whom the streams are limited to; `undefined`: nobody. */
  peer;
  #port;
  #leave;
  #current = true;
  /** @param port The socket's. */
  constructor(port, peer) {
    this.#port = port;
    this.peer = peer;
    this.#leave = [
      port.holders.join(),
      port.holders.join()
    ];
    port.inbox.setPeer(peer);
  }
  /** Whether its streams are the socket's newest. */
  get current() {
    return this.#current;
  }
  /**
   * The port, for an operation.
   *
   * @throws {ComponentError} `invalid-state`: "only the most recently returned pair of streams will be operational".
   */
  use() {
    if (!this.#current) throw failure2("invalid-state");
    return this.#port;
  }
  /** The port, to be watched. */
  get port() {
    return this.#port;
  }
  /** Another pair takes its place. Who waits at one of these streams is told so. */
  end() {
    this.#current = false;
    for (const leave of this.#leave) leave();
    this.#port.inbox.arrived.fire();
    this.#port.outbox.sent.fire();
  }
  /** The guest dropped one of the streams. */
  drop(stream) {
    this.#leave[stream === "incoming" ? 0 : 1]();
  }
};

// src/wasi/sockets/datagram_port.ts
init_network();
init_error5();

// src/wasi/sockets/inbox.ts
init_waitable();
var Inbox = class {
  /** Tells that it is not empty any more. */
  arrived = new Signal();
  #most;
  #size;
  #queue = [];
  #queued = 0;
  #peer;
  #failure;
  /**
   * @param most How many datagrams wait at most.
   * @param size With so many bytes waiting, it is full: one datagram always finds room.
   */
  constructor(most, size) {
    this.#most = most;
    this.#size = size;
  }
  /** Whether {@linkcode take} would give something, or throw. */
  get ready() {
    return this.#queue.length > 0 || this.#failure !== void 0;
  }
  /** Whether a datagram would be kept. */
  takes(from) {
    if (this.#queue.length >= this.#most || this.#queued >= this.#size()) return false;
    return this.#peer === void 0 || isSameAddress(from, this.#peer);
  }
  /** Keeps a datagram. */
  put(datagram) {
    this.#queue.push(datagram);
    this.#queued += datagram.data.length;
    if (this.#queue.length === 1) this.arrived.fire();
  }
  /** Something went wrong with the socket. */
  fail(error) {
    this.#failure ??= error;
    this.arrived.fire();
  }
  /**
   * Takes what has arrived.
   *
   * @param max At most so many.
   * @throws {NetworkError} What went wrong since the last time.
   */
  take(max) {
    const taken = this.#queue.splice(0, max);
    for (const { data } of taken) this.#queued -= data.length;
    if (taken.length === 0 && this.#failure !== void 0) {
      const failure3 = this.#failure;
      this.#failure = void 0;
      throw failure3;
    }
    return taken;
  }
  /** From now on, only what a peer sends is kept; `undefined`: what anyone sends. */
  setPeer(peer) {
    this.#peer = peer;
    if (peer === void 0) return;
    this.#queue = this.#queue.filter(({ from }) => isSameAddress(from, peer));
    this.#queued = this.#queue.reduce((sum, { data }) => sum + data.length, 0);
  }
};

// src/wasi/sockets/outbox.ts
init_waitable();
init_error5();
var MAX_SENDING = 64;
var WINDOW = 64 * 1024;
var Outbox = class {
  /** Tells that there is room again. */
  sent = new Signal();
  #give;
  #size;
  #queue = [];
  #count = 0;
  #bytes = 0;
  #given = 0;
  #givenBytes = 0;
  #emptied;
  /**
   * @param give Gives a datagram to the kernel.
   * @param size With so many bytes on their way, it is full.
   */
  constructor(give, size) {
    this.#give = give;
    this.#size = size;
  }
  /** How many more datagrams may be sent now. */
  get room() {
    return this.#bytes >= this.#size() ? 0 : MAX_SENDING - this.#count;
  }
  /**
   * Sends a datagram.
   *
   * @param data Copied.
   * @param failed Told, later, if it did not work.
   */
  send(data, to, failed2) {
    this.#queue.push({
      data: new Uint8Array(data),
      to,
      failed: failed2
    });
    this.#count++;
    this.#bytes += data.length;
    this.#next();
  }
  /** Calls back once nothing is on its way any more; at once, where nothing is. */
  whenEmpty(callback) {
    if (this.#count === 0) callback();
    else this.#emptied = callback;
  }
  #next() {
    for (; ; ) {
      const first2 = this.#queue[0];
      if (first2 === void 0) return;
      if (this.#given > 0 && this.#givenBytes + first2.data.length > WINDOW) return;
      this.#queue.shift();
      this.#given++;
      this.#givenBytes += first2.data.length;
      this.#give(first2.data, first2.to, (error) => this.#done(first2, error));
    }
  }
  #done({ data, failed: failed2 }, error) {
    this.#given--;
    this.#givenBytes -= data.length;
    this.#count--;
    this.#bytes -= data.length;
    if (error) failed2(networkError(error));
    this.#next();
    this.sent.fire();
    if (this.#count === 0) this.#emptied?.();
  }
};

// src/wasi/sockets/datagram_port.ts
var DatagramPort = class {
  /** Where it is bound, with the port that the system has chosen. */
  local;
  /** Who holds it: the guest's socket and its streams. */
  holders = new Holders(() => this.#finish());
  /** What has arrived. */
  inbox;
  /** What is leaving. */
  outbox;
  #reach;
  #socket;
  #bind;
  #forget;
  #state = "open";
  /**
   * @param reach The guest's way out.
   * @param socket Bound.
   * @param bind How.
   */
  constructor(reach, socket2, bind) {
    const { address, options: options2 } = bind;
    this.#reach = reach;
    this.#socket = socket2;
    this.#bind = bind;
    this.local = {
      ip: address.ip,
      port: socket2.address().port
    };
    this.inbox = new Inbox(reach.limits.datagrams, () => options2.receiveBufferSize);
    this.outbox = new Outbox((data, { ip, port }, done) => {
      if (this.#state !== "closed") socket2.send(data, port, formatIp(ip), done);
    }, () => options2.sendBufferSize);
    this.#forget = reach.atEnd(() => this.close());
    socket2.on("message", (data, info) => this.#arrive(data, info));
    socket2.on("error", (error) => this.inbox.fail(networkError(error)));
    this.setHopLimit();
  }
  /**
   * Binds.
   *
   * @throws {NetworkError}
   */
  static async bind(reach, bind) {
    const { ip, port } = bind.address;
    if (!inScope(ip, port)) throw notCapable2("bind to", ip, port);
    try {
      return await bindOnce(reach, bind);
    } catch (error) {
      if (!(error instanceof NetworkError) || error.reason !== "address-in-use") throw error;
      await sleep();
      return await bindOnce(reach, bind);
    }
  }
  /**
   * Sends a datagram.
   *
   * @param failed Told, later, if it did not work.
   * @throws {NetworkError} `not-capable`
   */
  send(data, to, failed2) {
    if (!inScope(to.ip, to.port)) throw notCapable2("send to", to.ip, to.port);
    this.outbox.send(data, to, failed2);
  }
  /** Tells the kernel what the options say of the hop limit. For IPv6 it cannot be told. */
  setHopLimit() {
    if (this.local.ip.family === 4) this.#socket.setTTL(this.#bind.options.hopLimit);
  }
  /** Closes it at once. */
  close() {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#forget();
    this.#socket.close();
    this.#bind.give();
  }
  /** No resource is left. What was sent goes out first. */
  #finish() {
    if (this.#state !== "open") return;
    this.#state = "finishing";
    this.outbox.whenEmpty(() => this.close());
  }
  #arrive(data, info) {
    const ip = parseIp(info.address.replace(/%.*$/, ""));
    if (this.#state !== "open" || ip === void 0) return;
    const from = {
      ip,
      port: info.port
    };
    if (!this.inbox.takes(from)) return;
    if (!this.#bind.listens && !this.#reach.mayReach("udp", ip, info.port)) return;
    this.inbox.put({
      data: new Uint8Array(data),
      from
    });
  }
};
async function bindOnce(reach, bind) {
  const { ip, port } = bind.address;
  const { createSocket } = await import("node:dgram");
  const socket2 = createSocket({
    ...ip.family === 4 ? {
      type: "udp4"
    } : {
      type: "udp6",
      ipv6Only: true
    },
    // Only ever called with addresses; without it, each of them takes a turn of the event loop.
    lookup: (address, _family, callback) => callback(null, address, ip.family)
  });
  const forget = reach.atEnd(() => socket2.close());
  let bound3;
  try {
    await new Promise((resolve, reject) => {
      socket2.once("error", reject);
      socket2.once("close", () => reject(new NetworkError("other", "closed while it was bound")));
      socket2.bind({
        address: formatIp(ip),
        port,
        exclusive: true
      }, resolve);
    });
    bound3 = new DatagramPort(reach, socket2, bind);
  } catch (error) {
    socket2.close();
    throw bindError2(error);
  } finally {
    forget();
  }
  await sleep();
  return bound3;
}
function sleep() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
function notCapable2(verb, ip, port) {
  const scope = scopeOf2(ip, port);
  return new NetworkError("not-capable", `to ${verb} ${scope}, this process needs --allow-net=${scope}`);
}
function bindError2(error) {
  return codeNameOf(error) === "EINVAL" ? new NetworkError("address-not-available", "not an address of this host", {
    cause: error
  }) : networkError(error);
}

// src/wasi/sockets/udp_options.ts
var HOP_LIMIT = 64;
var MIN_BUFFER = 4096;
var UdpOptions = class {
  #hopLimit = HOP_LIMIT;
  #receive;
  #send;
  #max;
  /** @param limits The guest's. */
  constructor({ datagramBytes }) {
    this.#max = BigInt(Math.max(datagramBytes, MIN_BUFFER));
    this.#receive = datagramBytes;
    this.#send = datagramBytes;
  }
  /** `unicast-hop-limit`, of IPv4. */
  get hopLimit() {
    return this.#hopLimit;
  }
  /** `receive-buffer-size`: with so many bytes waiting for the guest, what arrives is lost. */
  get receiveBufferSize() {
    return this.#receive;
  }
  /** `send-buffer-size`: with so many bytes on their way, nothing more may be sent. */
  get sendBufferSize() {
    return this.#send;
  }
  /** `set-unicast-hop-limit` */
  setHopLimit(value) {
    this.#hopLimit = Number(clamp2(BigInt(value), 1n, 255n));
  }
  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value) {
    this.#receive = Number(clamp2(value, BigInt(MIN_BUFFER), this.#max));
  }
  /** `set-send-buffer-size` */
  setSendBufferSize(value) {
    this.#send = Number(clamp2(value, BigInt(MIN_BUFFER), this.#max));
  }
};

// src/wasi/sockets/udp_socket.ts
var UdpSocket = class {
  #reach;
  #family;
  #options;
  #changed = new Signal();
  /** Gives back what it counts for. */
  #give;
  #state = {
    kind: "unbound"
  };
  #association;
  /**
   * @param reach The guest's way out.
   * @param family The version of IP that it is for.
   * @throws {NetworkError} `too-many-sockets`
   */
  constructor(reach, family) {
    this.#reach = reach;
    this.#family = family;
    this.#options = new UdpOptions(reach.limits);
    this.#give = reach.take();
  }
  /** `start-bind`: to a port of the guest's choice only where rules let it listen there. */
  startBind(_network, localAddress) {
    if (this.#state.kind === "bind-in-progress") throw failure2("concurrency-conflict");
    if (this.#state.kind !== "unbound") throw failure2("invalid-state");
    const address = fromIpSocketAddress(this.#family, localAddress);
    const listens = mayListen(this.#reach.network, "udp", address.ip, address.port);
    if (address.port !== 0 && !listens) throw failure2("access-denied");
    const bind = DatagramPort.bind(this.#reach, {
      address,
      listens,
      options: this.#options,
      give: this.#give
    });
    this.#state = {
      kind: "bind-in-progress",
      bind: new Operation(bind, () => this.#changed.fire())
    };
  }
  /** `finish-bind`. After a failure the socket is unbound again, and may be bound to another address. */
  finishBind() {
    const state = this.#state;
    if (state.kind !== "bind-in-progress") throw failure2("not-in-progress");
    if (state.bind.done) this.#state = {
      kind: "unbound"
    };
    const port = state.bind.finish();
    this.#state = {
      kind: "bound",
      port,
      leave: port.holders.join()
    };
  }
  /**
   * `stream: func(remote-address: option<ip-socket-address>) -> result<tuple<incoming-datagram-stream,
   * outgoing-datagram-stream>, error-code>`. The streams of an earlier call end with `invalid-state`.
   */
  stream(remoteAddress) {
    const port = this.#port();
    const peer = remoteAddress && fromIpSocketAddress(this.#family, remoteAddress);
    if (peer !== void 0) {
      checkRemote(peer);
      if (!this.#reach.mayReach("udp", peer.ip, peer.port)) throw failure2("access-denied");
    }
    this.#association?.end();
    const association = this.#association = new Association(port, peer);
    return [
      new IncomingDatagramStream(association),
      new OutgoingDatagramStream(association, this.#reach, this.#family)
    ];
  }
  /** `local-address`: with a peer on this host, the address that it sees. */
  localAddress() {
    const { ip, port } = this.#port().local;
    const peer = this.#association?.peer;
    const seen = isUnspecified(ip) && peer !== void 0 ? loopbackTo(peer) : void 0;
    return toIpSocketAddress({
      ip: seen ?? ip,
      port
    });
  }
  /** `remote-address` */
  remoteAddress() {
    const peer = this.#association?.peer;
    if (peer === void 0) throw failure2("invalid-state");
    return toIpSocketAddress(peer);
  }
  /** `address-family` */
  addressFamily() {
    return this.#family;
  }
  /** `unicast-hop-limit`: of IPv4; that of IPv6 is the system's, which neither `node:dgram` nor Deno tells. */
  unicastHopLimit() {
    if (this.#family === "ipv6") throw failure2("not-supported");
    return this.#options.hopLimit;
  }
  /** `set-unicast-hop-limit` */
  setUnicastHopLimit(value) {
    clamp2(BigInt(value), 1n, 255n);
    if (this.#family === "ipv6") throw failure2("not-supported");
    this.#options.setHopLimit(value);
    if (this.#state.kind === "bound") this.#state.port.setHopLimit();
  }
  /** `receive-buffer-size`: of this host's buffer. The kernel's own, beside it, is the system's affair. */
  receiveBufferSize() {
    return BigInt(this.#options.receiveBufferSize);
  }
  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value) {
    this.#options.setReceiveBufferSize(value);
  }
  /** `send-buffer-size`: as {@linkcode receiveBufferSize}. */
  sendBufferSize() {
    return BigInt(this.#options.sendBufferSize);
  }
  /** `set-send-buffer-size` */
  setSendBufferSize(value) {
    this.#options.setSendBufferSize(value);
  }
  /** `subscribe: func() -> pollable`: ready unless `finish-bind` would block. */
  subscribe() {
    return new Pollable({
      ready: () => this.#state.kind !== "bind-in-progress" || this.#state.bind.done,
      watch: (wake) => this.#changed.watch(wake)
    });
  }
  /** Closes it, unless streams of it are left. */
  [Symbol.dispose]() {
    const state = this.#state;
    this.#state = {
      kind: "dropped"
    };
    switch (state.kind) {
      case "unbound":
        return this.#give();
      case "bind-in-progress":
        state.bind.abandon((port) => port.close());
        return this.#give();
      case "bound":
        return state.leave();
    }
  }
  #port() {
    if (this.#state.kind !== "bound") throw failure2("invalid-state");
    return this.#state.port;
  }
};
function loopbackTo({ ip }) {
  if (ip.family === 6) return ip.bits === 1n ? ip : void 0;
  return ip.bits >> 24n === 127n ? {
    family: 4,
    bits: 0x7f000001n
  } : void 0;
}
function createUdpSocket(reach) {
  return (addressFamily) => {
    try {
      return new UdpSocket(reach(), addressFamily);
    } catch (error) {
      throw translated2(error);
    }
  };
}

// src/wasi/sockets/mod.ts
function socketsInterfaces(reach) {
  return {
    // The published types are older than network-error-code.
    "network": {
      ...{
        Network
      },
      networkErrorCode
    },
    "instance-network": {
      instanceNetwork
    },
    "ip-name-lookup": {
      ResolveAddressStream,
      resolveAddresses: resolveAddresses(reach)
    },
    "tcp": {
      TcpSocket
    },
    "tcp-create-socket": {
      createTcpSocket: createTcpSocket(reach)
    },
    "udp": {
      UdpSocket,
      IncomingDatagramStream,
      OutgoingDatagramStream
    },
    "udp-create-socket": {
      createUdpSocket: createUdpSocket(reach)
    }
  };
}

// src/component/abi/emit.ts
init_error3();
var MAX_TEXT = 5e5;
var MAX_CODE = 16e6;
function spendCode(budget2, text) {
  budget2.left -= text.length;
  if (budget2.left >= 0) return;
  throw new LinkError(`the functions of the component take more than ${MAX_CODE} characters of code`, []);
}
var Emitter = class {
  boundary;
  encoding;
  /** Constants that the text refers to as `K[i]`. */
  constants = [];
  /** Resource slots that the text refers to as `r<slot>`. */
  resources = /* @__PURE__ */ new Set();
  /** A borrow is lifted: what was lent ends with the call. */
  lends = false;
  /** Lends are counted, because the same call may also take the lender away. */
  countLends = false;
  /** A borrow is lowered: it must be dropped before the call returns. */
  borrows = false;
  /** What is lowered is remembered, to be taken back if a later value does not fit. */
  undoes = false;
  /** Such an own was lowered. */
  owns = false;
  #helpers = [];
  #known = /* @__PURE__ */ new Map();
  #count = 0;
  #size = 0;
  /**
   * @param boundary What is on the other side.
   * @param encoding How strings are stored in the memory at hand.
   */
  constructor(boundary, encoding) {
    this.boundary = boundary;
    this.encoding = encoding;
  }
  /**
   * Counts the text that is written. Variants of variants are written out case by case, so a few hundred bytes of
   * types can ask for megabytes of code; the largest real function (an error of wasi:http) takes 20 KB.
   */
  grow(length) {
    this.#size += length;
    if (this.#size > MAX_TEXT) {
      throw new LinkError(`the types of one function take more than ${MAX_TEXT} characters of code`, []);
    }
  }
  /** A name not used before. */
  name(prefix) {
    return `${prefix}${this.#count++}`;
  }
  /** Adds a constant; returns how the text refers to it. */
  constant(value) {
    return `K[${this.constants.push(value) - 1}]`;
  }
  /** How the text refers to a resource type. */
  resource(slot2) {
    this.resources.add(slot2);
    return `r${slot2}`;
  }
  /**
   * The helper that does `op` for a type, written at its first use.
   *
   * @param write Fills the body.
   */
  helper(op, type2, params, write) {
    let ops = this.#known.get(type2);
    if (!ops) this.#known.set(type2, ops = /* @__PURE__ */ new Map());
    const known3 = ops.get(op);
    if (known3 !== void 0) return known3;
    const name2 = this.name(op);
    ops.set(op, name2);
    const body = new Body(this);
    write(body);
    this.#helpers.push(`function ${name2}(${params}) {
${body.text()}
}`);
    return name2;
  }
  /** The text of all helpers. */
  helpers() {
    return this.#helpers.join("\n");
  }
};
var Body = class {
  emitter;
  #lines = [];
  /** @param emitter Where helpers and names come from. */
  constructor(emitter) {
    this.emitter = emitter;
  }
  /** Adds statements. */
  line(text) {
    this.emitter.grow(text.length);
    this.#lines.push(text);
  }
  /** Evaluates an expression now; returns the name that holds it. */
  hold(expression, prefix = "x") {
    if (/^[a-z]\d+$/.test(expression)) return expression;
    const name2 = this.emitter.name(prefix);
    this.#lines.push(`const ${name2} = ${expression};`);
    return name2;
  }
  /** The text so far. */
  text() {
    return this.#lines.join("\n");
  }
};
function quote2(text) {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
function plus(base, offset2) {
  return offset2 === 0 ? base : `${base} + ${offset2}`;
}
function unsupported(kind) {
  throw new LinkError(`values of type ${kind} (WASI 0.3) are not supported yet`, []);
}

// src/component/abi/layout.ts
var MAX_FLAT_PARAMS = 16;
var MAX_FLAT_RESULTS = 1;
var layouts = /* @__PURE__ */ new WeakMap();
function layoutOf(type2) {
  let layout = layouts.get(type2);
  if (!layout) layouts.set(type2, layout = computeLayout(type2));
  return layout;
}
function computeLayout(type2) {
  switch (type2.kind) {
    case "bool":
    case "s8":
    case "u8":
      return {
        size: 1,
        align: 1
      };
    case "s16":
    case "u16":
      return {
        size: 2,
        align: 2
      };
    case "s64":
    case "u64":
    case "f64":
      return {
        size: 8,
        align: 8
      };
    case "string":
    case "map":
      return {
        size: 8,
        align: 4
      };
    case "list": {
      if (type2.length === void 0) return {
        size: 8,
        align: 4
      };
      const { size, align } = layoutOf(type2.element);
      return {
        size: size * type2.length,
        align
      };
    }
    case "record":
      return recordLayout(type2.fields.map((f) => f.type));
    case "tuple":
      return recordLayout(type2.types);
    case "flags":
      return type2.names.length <= 8 ? {
        size: 1,
        align: 1
      } : type2.names.length <= 16 ? {
        size: 2,
        align: 2
      } : {
        size: 4,
        align: 4
      };
    case "variant":
    case "enum":
    case "option":
    case "result": {
      const cases = casesOf(type2);
      const { payload, payloadSize, align } = variantLayout(cases);
      return {
        size: alignTo(payload + payloadSize, align),
        align
      };
    }
    default:
      return {
        size: 4,
        align: 4
      };
  }
}
function recordLayout(types) {
  let size = 0, align = 1;
  for (const type2 of types) {
    const field = layoutOf(type2);
    size = alignTo(size, field.align) + field.size;
    align = Math.max(align, field.align);
  }
  return {
    size: alignTo(size, align),
    align
  };
}
function offsetsOf(types) {
  let offset2 = 0;
  return types.map((type2) => {
    const { size, align } = layoutOf(type2);
    const at4 = offset2 = alignTo(offset2, align);
    offset2 += size;
    return at4;
  });
}
function casesOf(type2) {
  switch (type2.kind) {
    case "variant":
      return type2.cases.map((c) => c.type);
    case "enum":
      return type2.names.map(() => void 0);
    case "option":
      return [
        void 0,
        type2.type
      ];
    case "result":
      return [
        type2.ok,
        type2.err
      ];
  }
}
function discriminantSize(count) {
  return count <= 256 ? 1 : count <= 65536 ? 2 : 4;
}
function variantLayout(cases) {
  const discriminant3 = discriminantSize(cases.length);
  let payloadAlign = 1, payloadSize = 0;
  for (const type2 of cases) {
    if (!type2) continue;
    const { size, align } = layoutOf(type2);
    payloadAlign = Math.max(payloadAlign, align);
    payloadSize = Math.max(payloadSize, size);
  }
  return {
    discriminant: discriminant3,
    payload: alignTo(discriminant3, payloadAlign),
    payloadSize,
    align: Math.max(discriminant3, payloadAlign)
  };
}
function alignTo(offset2, align) {
  return Math.ceil(offset2 / align) * align;
}
var flats = /* @__PURE__ */ new WeakMap();
function flatten(type2) {
  let flat = flats.get(type2);
  if (!flat) flats.set(type2, flat = computeFlat(type2));
  return flat;
}
function flattenAll(types) {
  const flat = [];
  for (const type2 of types) {
    flat.push(...flatten(type2));
    if (flat.length > MAX_FLAT_PARAMS) return flat.slice(0, MAX_FLAT_PARAMS + 1);
  }
  return flat;
}
function computeFlat(type2) {
  switch (type2.kind) {
    case "s64":
    case "u64":
      return [
        "i64"
      ];
    case "f32":
      return [
        "f32"
      ];
    case "f64":
      return [
        "f64"
      ];
    case "string":
    case "map":
      return [
        "i32",
        "i32"
      ];
    case "list":
      if (type2.length === void 0) return [
        "i32",
        "i32"
      ];
      return flattenAll(Array(Math.min(type2.length, MAX_FLAT_PARAMS + 1)).fill(type2.element));
    case "record":
      return flattenAll(type2.fields.map((f) => f.type));
    case "tuple":
      return flattenAll(type2.types);
    case "variant":
    case "enum":
    case "option":
    case "result": {
      const flat = [];
      for (const payload of casesOf(type2)) {
        if (!payload) continue;
        flatten(payload).forEach((have, i) => {
          const other = flat[i];
          flat[i] = other === void 0 ? have : join2(other, have);
        });
      }
      return [
        "i32",
        ...flat
      ].slice(0, MAX_FLAT_PARAMS + 1);
    }
    default:
      return [
        "i32"
      ];
  }
}
function join2(a, b) {
  if (a === b) return a;
  return a === "i32" && b === "f32" || a === "f32" && b === "i32" ? "i32" : "i64";
}
function signatureOf(type2) {
  const params = flattenAll(type2.params.map((p) => p.type));
  const results = type2.result ? flatten(type2.result) : [];
  return {
    params,
    results,
    paramsInMemory: params.length > MAX_FLAT_PARAMS,
    resultInMemory: results.length > MAX_FLAT_RESULTS
  };
}
function contains(type2, predicate) {
  return containsOnce(type2, predicate, /* @__PURE__ */ new Set());
}
function containsOnce(type2, predicate, seen) {
  if (seen.has(type2)) return false;
  seen.add(type2);
  if (predicate(type2)) return true;
  return partsOf3(type2).some((part) => containsOnce(part, predicate, seen));
}
function partsOf3(type2) {
  switch (type2.kind) {
    case "list":
      return [
        type2.element
      ];
    case "record":
      return type2.fields.map((f) => f.type);
    case "tuple":
      return type2.types;
    case "variant":
    case "option":
    case "result":
      return casesOf(type2).filter((t) => t !== void 0);
    case "map":
      return [
        type2.key,
        type2.value
      ];
    case "stream":
    case "future":
      return type2.type ? [
        type2.type
      ] : [];
    default:
      return [];
  }
}

// src/component/abi/load.ts
init_memory();

// src/component/abi/names.ts
function camelCase(kebab) {
  const pascal = pascalCase(kebab);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}
function pascalCase(kebab) {
  let name2 = "";
  for (const word of kebab.split("-")) name2 += word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
  return name2;
}

// src/component/abi/load.ts
var TYPED_ARRAYS = {
  u8: "Uint8Array",
  s8: "Int8Array",
  u16: "Uint16Array",
  s16: "Int16Array",
  u32: "Uint32Array",
  s32: "Int32Array",
  u64: "BigUint64Array",
  s64: "BigInt64Array",
  f32: "Float32Array",
  f64: "Float64Array"
};
function load2(body, type2, pointer, offset2) {
  const { emitter } = body;
  const at4 = plus(pointer, offset2);
  switch (type2.kind) {
    case "bool":
      return `M.u8[${at4}] !== 0`;
    case "u8":
      return `M.u8[${at4}]`;
    case "s8":
      return `M.dv.getInt8(${at4})`;
    case "u16":
      return `M.dv.getUint16(${at4}, true)`;
    case "s16":
      return `M.dv.getInt16(${at4}, true)`;
    case "u32":
      return `M.dv.getUint32(${at4}, true)`;
    case "s32":
      return `M.dv.getInt32(${at4}, true)`;
    case "u64":
      return `M.dv.getBigUint64(${at4}, true)`;
    case "s64":
      return `M.dv.getBigInt64(${at4}, true)`;
    case "f32":
      return `M.dv.getFloat32(${at4}, true)`;
    case "f64":
      return `M.dv.getFloat64(${at4}, true)`;
    case "char":
      return `$.liftChar(M.dv.getUint32(${at4}, true))`;
    case "string":
      return `str(M, M.dv.getUint32(${at4}, true), M.dv.getUint32(${plus(pointer, offset2 + 4)}, true))`;
    case "own":
    case "borrow":
      return liftHandle(emitter, type2, `M.dv.getUint32(${at4}, true)`);
    case "enum":
      return `$.liftCase(${emitter.constant(type2.names)}, ${discriminant(type2.names.length, at4)})`;
    case "list":
      if (type2.length === void 0) {
        return `${loadList(emitter, type2)}(M.dv.getUint32(${at4}, true), M.dv.getUint32(${plus(pointer, offset2 + 4)}, true))`;
      }
      break;
    case "map":
      return `${loadList(emitter, mapAsList(type2))}(M.dv.getUint32(${at4}, true), M.dv.getUint32(${plus(pointer, offset2 + 4)}, true))`;
  }
  return `${loadHelper(emitter, type2)}(${at4})`;
}
function loadHelper(emitter, type2) {
  return emitter.helper("load", type2, "p", (body) => {
    switch (type2.kind) {
      case "record": {
        const offsets = offsetsOf(type2.fields.map((f) => f.type));
        const parts2 = type2.fields.map((f, i) => `${key(f.name)}: ${load2(body, f.type, "p", offsets[i])}`);
        return body.line(`return { ${parts2.join(", ")} };`);
      }
      case "tuple": {
        const offsets = offsetsOf(type2.types);
        return body.line(`return [${type2.types.map((t, i) => load2(body, t, "p", offsets[i])).join(", ")}];`);
      }
      case "list":
        body.line(`const n = ${type2.length};`);
        return elements(body, type2);
      case "flags": {
        const { size } = layoutOf(type2);
        body.line(`const x = ${integer(size, "p")};`);
        return body.line(`return ${flagsObject(type2.names, "x")};`);
      }
      case "variant":
      case "option":
      case "result": {
        const cases = casesOf(type2);
        const { discriminant: size, payload } = variantLayout(cases);
        body.line(`switch (${integer(size, "p")}) {`);
        cases.forEach((t, i) => {
          body.line(`case ${i}: {`);
          body.line(`return ${wrapCase(type2, i, t && load2(body, t, "p", payload))}; }`);
        });
        body.line(`default: return $.badCase(${integer(size, "p")}, ${cases.length}); }`);
        return;
      }
      default:
        return unsupported(type2.kind);
    }
  });
}
function wrapCase(type2, index, payload) {
  switch (type2.kind) {
    case "variant": {
      const tag = quote2(type2.cases[index].name);
      return payload === void 0 ? `{ tag: ${tag} }` : `{ tag: ${tag}, val: ${payload} }`;
    }
    case "option":
      if (isNested(type2)) return index === 0 ? `{ tag: "none" }` : `{ tag: "some", val: ${payload} }`;
      return index === 0 ? "undefined" : payload;
    case "result":
      return `{ tag: ${index === 0 ? '"ok"' : '"err"'}, val: ${payload ?? "undefined"} }`;
  }
}
function isNested(type2) {
  return type2.type.kind === "option";
}
function key(name2) {
  return quote2(camelCase(name2));
}
function flagsObject(names, bits) {
  return `{ ${names.map((n, i) => `${key(n)}: (${bits} & ${1 << i}) !== 0`).join(", ")} }`;
}
function mapAsList(type2) {
  let list = maps.get(type2);
  if (!list) {
    maps.set(type2, list = {
      kind: "list",
      element: {
        kind: "tuple",
        types: [
          type2.key,
          type2.value
        ]
      }
    });
  }
  return list;
}
var maps = /* @__PURE__ */ new WeakMap();
function liftHandle(emitter, type2, index) {
  const r = emitter.resource(type2.resource.slot);
  if (type2.kind === "own") {
    const rep = `T.takeOwn(${index}, ${r})`;
    return emitter.boundary === "host" ? `${r}.ownToHost(${rep})` : rep;
  }
  emitter.lends = true;
  const plain3 = `T.get(${index}, ${r}).rep`;
  const lent = emitter.countLends ? `$.lend(T.get(${index}, ${r}), L)` : plain3;
  return emitter.boundary === "host" ? `(${r}.host ? ${lent} : ${r}.borrowToHost(${lent}, L))` : lent;
}
function loadList(emitter, type2) {
  return emitter.helper("list", type2, "p, n", (body) => {
    const { size, align } = layoutOf(type2.element);
    body.line(`$.checkList(M, p, n, ${size}, ${align});`);
    elements(body, type2);
  });
}
function elements(body, type2) {
  const { kind } = type2.element;
  const { size } = layoutOf(type2.element);
  const array = TYPED_ARRAYS[kind];
  if (kind === "u8") return body.line("return M.u8.slice(p, p + n);");
  if (array) return body.line(`return new ${array}(M.u8.buffer.slice(p, p + n * ${size}));`);
  body.line(`$.charge(n * ${hostCost(type2.element)});`);
  body.line("const a = [];");
  body.line(`for (let i = 0; i < n; i++, p += ${size}) a.push(${load2(body, type2.element, "p", 0)});`);
  body.line("return a;");
}
function discriminant(count, at4) {
  return integer(count <= 256 ? 1 : count <= 65536 ? 2 : 4, at4);
}
function integer(size, at4) {
  if (size === 1) return `M.u8[${at4}]`;
  return size === 2 ? `M.dv.getUint16(${at4}, true)` : `M.dv.getUint32(${at4}, true)`;
}
function openBudget(types) {
  const dynamic = (t) => t.kind === "string" || t.kind === "list" || t.kind === "map";
  return types.some((type2) => contains(type2, dynamic)) ? `$.budget.left = ${MAX_LIFTED};` : "";
}
var costs = /* @__PURE__ */ new WeakMap();
function hostCost(type2) {
  const known3 = costs.get(type2);
  if (known3 !== void 0) return known3;
  const cost = computeCost(type2);
  costs.set(type2, cost);
  return cost;
}
function computeCost(type2) {
  const sum = (types) => types.reduce((all, t) => all + 8 + hostCost(t), BYTES_PER_VALUE);
  switch (type2.kind) {
    case "record":
      return sum(type2.fields.map((f) => f.type));
    case "tuple":
      return sum(type2.types);
    case "flags":
      return BYTES_PER_VALUE + 8 * type2.names.length;
    case "variant":
    case "option":
    case "result":
      return BYTES_PER_VALUE + Math.max(0, ...casesOf(type2).map((t) => t ? hostCost(t) : 0));
    case "list":
      return type2.length === void 0 ? BYTES_PER_VALUE : BYTES_PER_VALUE + type2.length * hostCost(type2.element);
    default:
      return BYTES_PER_VALUE;
  }
}

// src/component/abi/check.ts
function witType(type2) {
  const maybe = (t) => t ? witType(t) : "_";
  switch (type2.kind) {
    case "list":
      return `list<${witType(type2.element)}${type2.length === void 0 ? "" : `, ${type2.length}`}>`;
    case "record":
      return `record { ${type2.fields.map((f) => `${f.name}: ${witType(f.type)}`).join(", ")} }`;
    case "tuple":
      return `tuple<${type2.types.map(witType).join(", ")}>`;
    case "variant":
      return `variant { ${type2.cases.map((c) => c.type ? `${c.name}(${witType(c.type)})` : c.name).join(", ")} }`;
    case "enum":
    case "flags":
      return `${type2.kind} { ${type2.names.join(", ")} }`;
    case "option":
      return `option<${witType(type2.type)}>`;
    case "result":
      if (!type2.ok && !type2.err) return "result";
      return type2.err ? `result<${maybe(type2.ok)}, ${witType(type2.err)}>` : `result<${maybe(type2.ok)}>`;
    case "own":
      return type2.label?.name ?? type2.resource.name;
    case "borrow":
      return `borrow<${type2.label?.name ?? type2.resource.name}>`;
    case "stream":
    case "future":
      return type2.type ? `${type2.kind}<${witType(type2.type)}>` : type2.kind;
    case "map":
      return `map<${witType(type2.key)}, ${witType(type2.value)}>`;
    default:
      return type2.kind;
  }
}
function witFunc(type2) {
  const params = type2.params.map((p) => `${p.name}: ${witType(p.type)}`).join(", ");
  return `${type2.async ? "async " : ""}func(${params})${type2.result ? ` -> ${witType(type2.result)}` : ""}`;
}
function findMismatch(type2, args) {
  for (const [i, param] of type2.params.entries()) {
    const mismatch2 = mismatchOf(param.type, args[i], param.name);
    if (mismatch2) return mismatch2;
  }
  return void 0;
}
var RANGES = {
  u8: [
    0,
    255
  ],
  u16: [
    0,
    65535
  ],
  u32: [
    0,
    4294967295
  ],
  s8: [
    -128,
    127
  ],
  s16: [
    -32768,
    32767
  ],
  s32: [
    -2147483648,
    2147483647
  ]
};
function mismatchOf(type2, value, path2) {
  const no = () => ({
    path: path2,
    expected: witType(type2),
    found: show(value)
  });
  const object = typeof value === "object" && value !== null ? value : void 0;
  const first2 = (items, f) => {
    for (const [i, item] of items.entries()) {
      const mismatch2 = f(item, i);
      if (mismatch2) return mismatch2;
    }
    return void 0;
  };
  switch (type2.kind) {
    case "bool":
      return typeof value === "boolean" ? void 0 : no();
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32": {
      const [min, max] = RANGES[type2.kind];
      return Number.isInteger(value) && value >= min && value <= max ? void 0 : no();
    }
    case "u64":
    case "s64": {
      if (typeof value === "number" && Number.isSafeInteger(value)) {
        return type2.kind === "s64" || value >= 0 ? void 0 : no();
      }
      const fits2 = type2.kind === "u64" ? BigInt.asUintN : BigInt.asIntN;
      return typeof value === "bigint" && fits2(64, value) === value ? void 0 : no();
    }
    case "f32":
    case "f64":
      return typeof value === "number" ? void 0 : no();
    case "char": {
      if (typeof value !== "string") return no();
      const code = value.codePointAt(0);
      const scalar2 = code !== void 0 && (code < 55296 || code > 57343);
      return scalar2 && value.length === (code > 65535 ? 2 : 1) ? void 0 : no();
    }
    case "string":
      return typeof value === "string" ? void 0 : no();
    case "list": {
      if (type2.element.kind === "u8" && type2.length === void 0 && typeof value === "string") {
        return void 0;
      }
      if (!object || !Number.isInteger(object["length"]) || object["length"] < 0) return no();
      if (type2.length !== void 0 && object["length"] !== type2.length) return no();
      return first2(Array.from(object), (item, i) => mismatchOf(type2.element, item, `${path2}[${i}]`));
    }
    case "record":
      if (!object) return no();
      return first2(type2.fields, (f) => mismatchOf(f.type, object[camelCase(f.name)], `${path2}.${f.name}`));
    case "tuple":
      if (!Array.isArray(value) || value.length !== type2.types.length) return no();
      return first2(type2.types, (t, i) => mismatchOf(t, value[i], `${path2}[${i}]`));
    case "enum":
      return typeof value === "string" && type2.names.includes(value) ? void 0 : no();
    case "flags":
      if (value === void 0 || value === null) return void 0;
      if (Array.isArray(value)) return value.every((v) => type2.names.includes(v)) ? void 0 : no();
      if (!object) return no();
      return first2(type2.names, (n) => {
        const flag2 = object[camelCase(n)];
        if (flag2 === void 0 || typeof flag2 === "boolean") return void 0;
        return {
          path: `${path2}.${n}`,
          expected: "bool",
          found: show(flag2)
        };
      });
    case "option":
      if (!isNested(type2)) {
        return value === void 0 || value === null ? void 0 : mismatchOf(type2.type, value, path2);
      }
      if (object?.["tag"] === "none") return void 0;
      return object?.["tag"] === "some" ? mismatchOf(type2.type, object["val"], path2) : no();
    case "result": {
      const tag = object?.["tag"];
      if (!object || tag !== "ok" && tag !== "err") return no();
      const t = tag === "ok" ? type2.ok : type2.err;
      return t && mismatchOf(t, object["val"], `${path2}.${tag}`);
    }
    case "variant": {
      const found = object && type2.cases.find((c) => c.name === object["tag"]);
      if (!found) return no();
      return found.type && mismatchOf(found.type, object["val"], `${path2}.${found.name}`);
    }
    case "own":
    case "borrow":
      return object ? void 0 : no();
    default:
      return void 0;
  }
}
function show(value) {
  if (value === void 0) return "nothing";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  let text;
  try {
    text = JSON.stringify(value, (_, v) => typeof v === "bigint" ? `${v}n` : v);
  } catch {
    text = void 0;
  }
  text ??= typeof value === "function" ? "a function" : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

// src/component/link/signatures.ts
var fixed = /* @__PURE__ */ new WeakMap();
var texts = /* @__PURE__ */ new WeakMap();
function withSignatures(host, signatures) {
  fixed.set(host, signatures);
  return host;
}
function checkSignature(host, name2, type2) {
  const signatures = fixed.get(host);
  if (!signatures) return "ok";
  const wanted = Object.hasOwn(signatures, name2) ? signatures[name2] : void 0;
  if (wanted === void 0) return "unknown";
  let text = texts.get(type2);
  if (text === void 0) texts.set(type2, text = witFunc(type2));
  return text === wanted ? "ok" : {
    wanted
  };
}

// src/wasi/wasi.ts
var WASI_VERSION = "0.2.12";
function watchedWasi(grant, options2, watcher) {
  const imports2 = {};
  const add = (name2, host) => {
    imports2[`${name2}@${WASI_VERSION}`] = withSignatures(host, SIGNATURES[name2] ?? {});
  };
  const atEnd = [];
  const { packages } = grant;
  let made;
  const reach = () => {
    if (made !== void 0) return made;
    const way = made = new Reach(grant.network, {}, watcher);
    atEnd.push(() => way.close());
    return way;
  };
  if (packages.has("wasi:io") || packages.has("wasi:poll")) add("wasi:io/poll", pollInterface());
  if (packages.has("wasi:io")) {
    add("wasi:io/error", errorInterface());
    add("wasi:io/streams", streamsInterface());
  }
  if (packages.has("wasi:cli")) {
    const stdio = options2.stdio === void 0 ? processStdio : withDefaults(options2.stdio);
    for (const [name2, host] of Object.entries(cliInterfaces(grant, stdio))) add(`wasi:cli/${name2}`, host);
  }
  if (packages.has("wasi:clocks")) {
    add("wasi:clocks/monotonic-clock", monotonicClockInterface(atEnd));
    add("wasi:clocks/wall-clock", wallClockInterface());
    add("wasi:clocks/timezone", timezoneInterface(grant));
  }
  if (packages.has("wasi:random")) {
    add("wasi:random/random", randomInterface());
    add("wasi:random/insecure", insecureInterface());
    add("wasi:random/insecure-seed", insecureSeedInterface());
  }
  if (packages.has("wasi:filesystem")) {
    add("wasi:filesystem/types", typesInterface());
    add("wasi:filesystem/preopens", preopensInterface(grant, atEnd));
  }
  if (packages.has("wasi:http")) {
    add("wasi:http/types", typesInterface2());
    add("wasi:http/outgoing-handler", outgoingHandlerInterface(reach()));
  }
  if (packages.has("wasi:sockets")) {
    for (const [name2, host] of Object.entries(socketsInterfaces(reach))) add(`wasi:sockets/${name2}`, host);
  }
  releases.set(imports2, atEnd);
  return imports2;
}
var releases = /* @__PURE__ */ new WeakMap();
function release(imports2) {
  for (const end of releases.get(imports2) ?? []) end();
}
function withDefaults(given) {
  return {
    get stdin() {
      return given.stdin ?? processStdio.stdin;
    },
    get stdout() {
      return given.stdout ?? processStdio.stdout;
    },
    get stderr() {
      return given.stderr ?? processStdio.stderr;
    }
  };
}

// src/compartment/guest.ts
init_error();

// src/config/nearest.ts
var LONGEST_NAME = 100;
function distance(a, b) {
  let before = [];
  let last = Array.from({
    length: b.length + 1
  }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [
      i
    ];
    for (let j = 1; j <= b.length; j++) {
      const same2 = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same2 ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
function nearest(found, known3) {
  if (found.length === 0 || found.length > LONGEST_NAME) return void 0;
  const lower2 = found.toLowerCase();
  let least = Math.max(2, Math.floor(found.length / 3)) + 1;
  let name2;
  for (const candidate2 of known3) {
    if (Math.abs(candidate2.length - found.length) >= least) continue;
    const far = distance(lower2, candidate2.toLowerCase());
    if (far < least && far < candidate2.length) {
      least = far;
      name2 = candidate2;
    }
  }
  return name2;
}

// src/compartment/method.ts
init_error();
function methodsOf(component) {
  const methods = [];
  for (const [name2, type2] of component.exports) {
    if (type2.kind === "func") {
      methods.push({
        name: name2,
        type: type2,
        of: (instance) => instance.exports[camelCase(name2)]
      });
    } else if (type2.kind === "instance") {
      for (const [func, inner] of type2.exports) {
        if (inner.kind !== "func" || func.startsWith("[")) continue;
        const of = (instance) => instance.exports[name2][camelCase(func)];
        methods.push({
          name: `${name2}#${func}`,
          type: inner,
          of
        });
      }
    }
  }
  return methods;
}
function findMethod(component, name2, where) {
  const methods = methodsOf(component);
  const found = methods.find((m) => m.name === name2) ?? (isHandler(name2) ? handlerOf(component) : void 0);
  if (found) return found;
  const names = methods.map((m) => m.name);
  const near = names.find((known3) => known3.endsWith(`#${name2}`)) ?? nearest(name2, names);
  const meant = near === void 0 ? "" : ` (did you mean ${near}?)`;
  throw new MethodError(`${where}: the component exports no function ${name2}${meant}`, names);
}
function isProgram(method) {
  return /^wasi:cli\/run@0\.2\.\d+#run$/.test(method);
}
function programOf(component) {
  return methodsOf(component).find((method) => isProgram(method.name));
}
function isHandler(method) {
  return /^wasi:http\/incoming-handler(@0\.2\.\d+)?#handle$/.test(method);
}
function handlerOf(component) {
  return methodsOf(component).find((method) => isHandler(method.name));
}
function arity({ name: name2, type: type2 }, count) {
  const params = type2.params.map((p) => p.name).join(", ");
  return `${name2} takes ${type2.params.length} argument${type2.params.length === 1 ? "" : "s"}${params ? ` (${params})` : ""}, got ${count}`;
}

// src/component/binary/decode.ts
init_error3();

// src/component/binary/core_type.ts
init_error3();
var VALUE_TYPES = /* @__PURE__ */ new Map([
  [
    127,
    "i32"
  ],
  [
    126,
    "i64"
  ],
  [
    125,
    "f32"
  ],
  [
    124,
    "f64"
  ],
  [
    123,
    "v128"
  ]
]);
var HEAP_TYPES = /* @__PURE__ */ new Map([
  [
    116,
    "noexn"
  ],
  [
    115,
    "nofunc"
  ],
  [
    114,
    "noextern"
  ],
  [
    113,
    "none"
  ],
  [
    112,
    "func"
  ],
  [
    111,
    "extern"
  ],
  [
    110,
    "any"
  ],
  [
    109,
    "eq"
  ],
  [
    108,
    "i31"
  ],
  [
    107,
    "struct"
  ],
  [
    106,
    "array"
  ],
  [
    105,
    "exn"
  ]
]);
function readCoreValueType(reader) {
  const byte = reader.byte("core value type");
  return VALUE_TYPES.get(byte) ?? readReferenceType(reader, byte);
}
function readReferenceType(reader, byte) {
  const short = HEAP_TYPES.get(byte);
  if (short !== void 0) return `${short}ref`;
  if (byte !== 99 && byte !== 100) return reader.unexpected(byte, "core value type");
  const heap = reader.peek("heap type");
  const name2 = HEAP_TYPES.get(heap);
  if (name2 !== void 0) reader.offset++;
  const target = name2 ?? String(reader.u32("heap type index"));
  if (byte === 99 && name2 !== void 0) return `${name2}ref`;
  return byte === 99 ? `(ref null ${target})` : `(ref ${target})`;
}
function readCoreType(reader, inModule = false) {
  const tag = reader.byte("core type");
  if (inModule && tag === 80) return readSubtype(reader);
  switch (tag) {
    case 96:
      return readCoreFuncType(reader);
    case 80:
      return {
        kind: "core-module",
        declarations: reader.vec("module type declarations", () => readCoreDeclaration(reader))
      };
    case 0:
      reader.expect(80, "core subtype");
      return readSubtype(reader);
    case 79:
      return readSubtype(reader);
    case 94:
    case 95:
      return readAggregateType(reader, tag);
    default:
      return reader.unexpected(tag, "core type");
  }
}
function readCoreFuncType(reader) {
  return {
    kind: "core-func",
    params: reader.vec("core parameters", () => readCoreValueType(reader)),
    results: reader.vec("core results", () => readCoreValueType(reader))
  };
}
function readSubtype(reader) {
  const supertypes = reader.vec("core supertypes", () => reader.u32("core type index"));
  const tag = reader.byte("core composite type");
  const type2 = tag === 96 ? readCoreFuncType(reader) : readAggregateType(reader, tag);
  return supertypes.length === 0 && type2.kind === "core-func" ? type2 : {
    kind: "other",
    name: "sub"
  };
}
function readAggregateType(reader, tag) {
  const field = () => {
    const packed = reader.peek("field type");
    if (packed === 120 || packed === 119) reader.offset++;
    else readCoreValueType(reader);
    const mutable = reader.byte("field mutability");
    if (mutable > 1) reader.unexpected(mutable, "field mutability");
  };
  if (tag === 94) field();
  else if (tag === 95) reader.vec("struct fields", field);
  else reader.unexpected(tag, "core composite type");
  return {
    kind: "other",
    name: tag === 94 ? "array" : "struct"
  };
}
function readCoreDeclaration(reader) {
  const tag = reader.byte("module type declaration");
  switch (tag) {
    case 0: {
      const module = reader.name("import module name");
      return {
        kind: "import",
        module,
        name: reader.name("import name"),
        type: readCoreExtern(reader)
      };
    }
    case 1:
      if (reader.peek("core type") === 80) {
        const message = "a module type may not define module types";
        throw new DecodeError(message, reader.base + reader.offset, "module type declaration", "invalid");
      }
      return {
        kind: "type",
        type: readCoreType(reader)
      };
    case 2:
      reader.expect(16, "core alias sort (type)");
      reader.expect(1, "core alias target (outer)");
      return {
        kind: "alias",
        count: reader.u32("outer alias count"),
        index: reader.u32("outer alias index")
      };
    case 3:
      return {
        kind: "export",
        name: reader.name("export name"),
        type: readCoreExtern(reader)
      };
    default:
      return reader.unexpected(tag, "module type declaration");
  }
}
function readCoreExtern(reader, tag = reader.byte("core extern type")) {
  switch (tag) {
    case 0:
      return {
        kind: "func",
        index: reader.u32("core type index")
      };
    case 1:
      return {
        kind: "table",
        element: readReferenceType(reader, reader.byte("table type")),
        limits: readLimits(reader).limits
      };
    case 2: {
      const { limits, pageSizeLog2 } = readLimits(reader);
      return pageSizeLog2 === void 0 ? {
        kind: "memory",
        limits
      } : {
        kind: "memory",
        limits,
        pageSizeLog2
      };
    }
    case 3: {
      const type2 = readCoreValueType(reader);
      const mutable = reader.byte("global mutability");
      if (mutable > 1) reader.unexpected(mutable, "global mutability");
      return {
        kind: "global",
        type: type2,
        mutable: mutable === 1
      };
    }
    case 4:
      reader.expect(0, "tag attribute");
      return {
        kind: "tag",
        index: reader.u32("core type index")
      };
    default:
      return reader.unexpected(tag, "core extern type");
  }
}
function readLimits(reader) {
  const flags = reader.byte("limits");
  if (flags > 15) reader.unexpected(flags, "limits");
  const limits = {
    min: reader.u64("minimum"),
    max: flags & 1 ? reader.u64("maximum") : void 0,
    shared: (flags & 2) !== 0,
    address: flags & 4 ? "i64" : "i32"
  };
  return flags & 8 ? {
    limits,
    pageSizeLog2: reader.u32("page size")
  } : {
    limits
  };
}
function skipReferenceType(reader) {
  if (HEAP_TYPES.has(reader.peek("heap type"))) reader.offset++;
  else reader.u32("heap type index");
}

// src/component/binary/type.ts
var PRIMITIVES = new Map([
  [
    127,
    "bool"
  ],
  [
    126,
    "s8"
  ],
  [
    125,
    "u8"
  ],
  [
    124,
    "s16"
  ],
  [
    123,
    "u16"
  ],
  [
    122,
    "s32"
  ],
  [
    121,
    "u32"
  ],
  [
    120,
    "s64"
  ],
  [
    119,
    "u64"
  ],
  [
    118,
    "f32"
  ],
  [
    117,
    "f64"
  ],
  [
    116,
    "char"
  ],
  [
    115,
    "string"
  ],
  [
    100,
    "error-context"
  ]
].map(([byte, kind]) => [
  byte,
  Object.freeze({
    kind
  })
]));
var MAX_DEPTH2 = 100;
function readValueType(reader) {
  const at4 = reader.offset;
  const first2 = reader.peek("value type");
  if ((first2 & 192) === 64) {
    reader.offset++;
    return PRIMITIVES.get(first2) ?? reader.unexpected(first2, "value type");
  }
  const index = reader.u32("type index");
  if (reader.offset - at4 === 5 && reader.bytes[at4 + 4] & 120) {
    reader.fail("integer too large", "type index", at4);
  }
  return {
    kind: "index",
    index
  };
}
function readType(reader, depth = 0) {
  if (depth > MAX_DEPTH2) reader.fail(`types nested more than ${MAX_DEPTH2} deep`, "type");
  const tag = reader.peek("type");
  switch (tag) {
    case 64:
    case 67:
      return readFuncType(reader);
    case 65:
    case 66:
      reader.offset++;
      return {
        kind: tag === 65 ? "component-type" : "instance-type",
        declarations: reader.vec("type declarations", () => {
          const offset2 = reader.offset;
          return {
            offset: offset2,
            ...readDeclaration(reader, tag === 65, depth)
          };
        })
      };
    case 63: {
      reader.offset++;
      const rep = reader.byte("resource representation");
      if (rep !== 127 && rep !== 126) reader.unexpected(rep, "resource representation");
      return {
        kind: "resource",
        rep: rep === 127 ? "i32" : "i64",
        dtor: reader.optional("resource destructor", () => reader.u32("core function index"))
      };
    }
    default:
      return readDefinedValueType(reader);
  }
}
function readDeclaration(reader, inComponent, depth) {
  const tag = reader.byte("type declaration");
  switch (tag) {
    case 0:
      return {
        kind: "core type",
        type: readCoreType(reader)
      };
    case 1:
      return {
        kind: "type",
        type: readType(reader, depth + 1)
      };
    case 2: {
      const at4 = reader.offset;
      const alias = readAlias(reader);
      if (alias.kind === "alias core export") reader.fail("a type has no core instances", "alias", at4);
      return alias;
    }
    case 3:
      if (!inComponent) reader.unexpected(tag, "instance type declaration");
      return readImport(reader);
    case 4:
      return {
        kind: "export declaration",
        ...readExternName(reader),
        type: readExternType(reader)
      };
    default:
      return reader.unexpected(tag, "type declaration");
  }
}
function readFuncType(reader) {
  const async = reader.byte("function type") === 67;
  const params = reader.vec("parameters", () => readField(reader, "parameter"));
  const tag = reader.byte("result list");
  if (tag > 1) reader.unexpected(tag, "result list");
  if (tag === 1) reader.expect(0, "number of results");
  return {
    kind: "func",
    params,
    result: tag === 0 ? readValueType(reader) : void 0,
    async
  };
}
function readField(reader, what) {
  return {
    name: reader.name(`${what} name`),
    type: readValueType(reader)
  };
}
function readDefinedValueType(reader) {
  const tag = reader.byte("type");
  const primitive2 = PRIMITIVES.get(tag);
  if (primitive2) return primitive2;
  switch (tag) {
    case 114:
      return {
        kind: "record",
        fields: reader.vec("record fields", () => readField(reader, "field"))
      };
    case 113:
      return {
        kind: "variant",
        cases: reader.vec("variant cases", () => {
          const name2 = reader.name("case name");
          const type2 = reader.optional("case type", () => readValueType(reader));
          reader.expect(0, "end of case");
          return {
            name: name2,
            type: type2
          };
        })
      };
    case 112:
      return {
        kind: "list",
        element: readValueType(reader)
      };
    case 103:
      return {
        kind: "list",
        element: readValueType(reader),
        length: reader.u32("list length")
      };
    case 111:
      return {
        kind: "tuple",
        types: reader.vec("tuple types", () => readValueType(reader))
      };
    case 110:
      return {
        kind: "flags",
        names: reader.vec("flags", () => reader.name("flag name"))
      };
    case 109:
      return {
        kind: "enum",
        names: reader.vec("enum cases", () => reader.name("enum case name"))
      };
    case 107:
      return {
        kind: "option",
        type: readValueType(reader)
      };
    case 106:
      return {
        kind: "result",
        ok: reader.optional("result ok type", () => readValueType(reader)),
        err: reader.optional("result error type", () => readValueType(reader))
      };
    case 105:
      return {
        kind: "own",
        index: reader.u32("resource type index")
      };
    case 104:
      return {
        kind: "borrow",
        index: reader.u32("resource type index")
      };
    case 102:
    case 101:
      return {
        kind: tag === 102 ? "stream" : "future",
        type: reader.optional("element type", () => readValueType(reader))
      };
    case 99:
      return {
        kind: "map",
        key: readValueType(reader),
        value: readValueType(reader)
      };
    default:
      return reader.unexpected(tag, "type");
  }
}

// src/component/binary/extern.ts
var ATTRIBUTES = [
  "implements",
  "versionsuffix",
  "external-id"
];
function readExternName(reader) {
  const tag = reader.byte("extern name");
  if (tag > 2) reader.unexpected(tag, "extern name");
  const name2 = reader.name("extern name");
  const attributes = tag < 2 ? [] : reader.vec("name attributes", () => {
    const kind = reader.byte("name attribute");
    return {
      kind: ATTRIBUTES[kind] ?? reader.unexpected(kind, "name attribute"),
      value: reader.name("name attribute value")
    };
  });
  return {
    name: name2,
    attributes
  };
}
function readImport(reader) {
  return {
    kind: "import",
    ...readExternName(reader),
    type: readExternType(reader)
  };
}
function readExport(reader) {
  return {
    kind: "export",
    ...readExternName(reader),
    target: readSortIndex(reader),
    type: reader.optional("export type", () => readExternType(reader))
  };
}
function readExternType(reader) {
  const tag = reader.byte("extern type");
  switch (tag) {
    case 0:
      reader.expect(17, "extern type (core module)");
      return {
        kind: "core module",
        index: reader.u32("core type index")
      };
    case 1:
      return {
        kind: "func",
        index: reader.u32("type index")
      };
    case 2: {
      const bound3 = reader.byte("value bound");
      if (bound3 === 0) return {
        kind: "value",
        bound: "eq",
        index: reader.u32("value index")
      };
      if (bound3 === 1) return {
        kind: "value",
        bound: "type",
        type: readValueType(reader)
      };
      return reader.unexpected(bound3, "value bound");
    }
    case 3: {
      const bound3 = reader.byte("type bound");
      if (bound3 === 0) return {
        kind: "type",
        bound: "eq",
        index: reader.u32("type index")
      };
      if (bound3 === 1) return {
        kind: "type",
        bound: "sub resource"
      };
      return reader.unexpected(bound3, "type bound");
    }
    case 4:
      return {
        kind: "component",
        index: reader.u32("type index")
      };
    case 5:
      return {
        kind: "instance",
        index: reader.u32("type index")
      };
    default:
      return reader.unexpected(tag, "extern type");
  }
}

// src/component/binary/instance.ts
var CORE_SORTS = /* @__PURE__ */ new Map([
  [
    0,
    "func"
  ],
  [
    1,
    "table"
  ],
  [
    2,
    "memory"
  ],
  [
    3,
    "global"
  ],
  [
    4,
    "tag"
  ],
  [
    16,
    "type"
  ],
  [
    17,
    "module"
  ],
  [
    18,
    "instance"
  ]
]);
var SORTS = /* @__PURE__ */ new Map([
  [
    1,
    "func"
  ],
  [
    2,
    "value"
  ],
  [
    3,
    "type"
  ],
  [
    4,
    "component"
  ],
  [
    5,
    "instance"
  ]
]);
function readCoreSort(reader) {
  const byte = reader.byte("core sort");
  return CORE_SORTS.get(byte) ?? reader.unexpected(byte, "core sort");
}
function readSort(reader) {
  const byte = reader.byte("sort");
  if (byte === 0) return `core ${readCoreSort(reader)}`;
  return SORTS.get(byte) ?? reader.unexpected(byte, "sort");
}
function readSortIndex(reader) {
  return {
    sort: readSort(reader),
    index: reader.u32("index")
  };
}
function readCoreInstance(reader) {
  const tag = reader.byte("core instance");
  switch (tag) {
    case 0:
      return {
        kind: "core instantiate",
        module: reader.u32("core module index"),
        args: reader.vec("instantiation arguments", () => {
          const name2 = reader.name("instantiation argument name");
          reader.expect(18, "instantiation argument sort (core instance)");
          return {
            name: name2,
            instance: reader.u32("core instance index")
          };
        })
      };
    case 1:
      return {
        kind: "core inline",
        exports: reader.vec("core inline exports", () => {
          const name2 = reader.name("core export name");
          return {
            name: name2,
            sort: readCoreSort(reader),
            index: reader.u32("index")
          };
        })
      };
    default:
      return reader.unexpected(tag, "core instance");
  }
}
function readInstance(reader) {
  const tag = reader.byte("instance");
  switch (tag) {
    case 0:
      return {
        kind: "instantiate",
        component: reader.u32("component index"),
        args: reader.vec("instantiation arguments", () => {
          const name2 = reader.name("instantiation argument name");
          return {
            name: name2,
            ...readSortIndex(reader)
          };
        })
      };
    case 1:
      return {
        kind: "inline",
        exports: reader.vec("inline exports", () => {
          const name2 = readExternName(reader);
          return {
            ...name2,
            ...readSortIndex(reader)
          };
        })
      };
    default:
      return reader.unexpected(tag, "instance");
  }
}

// src/component/binary/alias.ts
var OUTER = /* @__PURE__ */ new Set([
  "core module",
  "core type",
  "type",
  "component"
]);
function readAlias(reader) {
  const at4 = reader.offset;
  const sort2 = readSort(reader);
  const tag = reader.byte("alias target");
  switch (tag) {
    case 0:
      if (sort2.startsWith("core ") && sort2 !== "core module") {
        reader.fail(`an instance exports no ${sort2}`, "alias", at4);
      }
      return {
        kind: "alias export",
        sort: sort2,
        instance: reader.u32("instance index"),
        name: reader.name("alias export name")
      };
    case 1:
      if (!sort2.startsWith("core ")) reader.fail(`a core instance exports no ${sort2}`, "alias", at4);
      return {
        kind: "alias core export",
        sort: sort2.slice(5),
        instance: reader.u32("core instance index"),
        name: reader.name("alias core export name")
      };
    case 2:
      if (!OUTER.has(sort2)) reader.fail(`no outer alias may name a ${sort2}`, "alias", at4);
      return {
        kind: "alias outer",
        sort: sort2,
        count: reader.u32("outer alias count"),
        index: reader.u32("outer alias index")
      };
    default:
      return reader.unexpected(tag, "alias target");
  }
}

// src/component/binary/canon.ts
init_error3();
var type = (r, into) => into.type = r.u32("type index");
var coreType = (r, into) => into.coreType = r.u32("core type index");
var table = (r, into) => into.table = r.u32("core table index");
var memory = (r, into) => into.memory = r.u32("core memory index");
var valueType = (r, into) => into.valueType = readCoreValueType(r);
var slot = (r, into) => into.slot = r.u32("context slot");
var options = (r, into) => into.options = readOptions(r);
var flag = (r) => {
  const byte = r.byte("canonical built-in flag");
  if (byte > 1) r.unexpected(byte, "canonical built-in flag");
};
var result = (r, into) => {
  const tag = r.byte("result list");
  if (tag === 0) into.result = readValueType(r);
  else if (tag === 1) r.expect(0, "number of results");
  else r.unexpected(tag, "result list");
};
var ASYNC = /* @__PURE__ */ new Map([
  [
    5,
    [
      "task.cancel"
    ]
  ],
  [
    6,
    [
      "subtask.cancel",
      flag
    ]
  ],
  [
    9,
    [
      "task.return",
      result,
      options
    ]
  ],
  [
    10,
    [
      "context.get",
      valueType,
      slot
    ]
  ],
  [
    11,
    [
      "context.set",
      valueType,
      slot
    ]
  ],
  [
    12,
    [
      "thread.yield",
      flag
    ]
  ],
  [
    13,
    [
      "subtask.drop"
    ]
  ],
  [
    14,
    [
      "stream.new",
      type
    ]
  ],
  [
    15,
    [
      "stream.read",
      type,
      options
    ]
  ],
  [
    16,
    [
      "stream.write",
      type,
      options
    ]
  ],
  [
    17,
    [
      "stream.cancel-read",
      type,
      flag
    ]
  ],
  [
    18,
    [
      "stream.cancel-write",
      type,
      flag
    ]
  ],
  [
    19,
    [
      "stream.drop-readable",
      type
    ]
  ],
  [
    20,
    [
      "stream.drop-writable",
      type
    ]
  ],
  [
    21,
    [
      "future.new",
      type
    ]
  ],
  [
    22,
    [
      "future.read",
      type,
      options
    ]
  ],
  [
    23,
    [
      "future.write",
      type,
      options
    ]
  ],
  [
    24,
    [
      "future.cancel-read",
      type,
      flag
    ]
  ],
  [
    25,
    [
      "future.cancel-write",
      type,
      flag
    ]
  ],
  [
    26,
    [
      "future.drop-readable",
      type
    ]
  ],
  [
    27,
    [
      "future.drop-writable",
      type
    ]
  ],
  [
    28,
    [
      "error-context.new",
      options
    ]
  ],
  [
    29,
    [
      "error-context.debug-message",
      options
    ]
  ],
  [
    30,
    [
      "error-context.drop"
    ]
  ],
  [
    31,
    [
      "waitable-set.new"
    ]
  ],
  [
    32,
    [
      "waitable-set.wait",
      flag,
      memory
    ]
  ],
  [
    33,
    [
      "waitable-set.poll",
      flag,
      memory
    ]
  ],
  [
    34,
    [
      "waitable-set.drop"
    ]
  ],
  [
    35,
    [
      "waitable.join"
    ]
  ],
  [
    36,
    [
      "backpressure.inc"
    ]
  ],
  [
    37,
    [
      "backpressure.dec"
    ]
  ],
  [
    38,
    [
      "thread.index"
    ]
  ],
  [
    39,
    [
      "thread.new-indirect",
      coreType,
      table
    ]
  ],
  [
    40,
    [
      "thread.resume-later"
    ]
  ],
  [
    41,
    [
      "thread.suspend",
      flag
    ]
  ],
  [
    42,
    [
      "thread.suspend-then-resume",
      flag
    ]
  ],
  [
    43,
    [
      "thread.yield-then-resume",
      flag
    ]
  ],
  [
    44,
    [
      "thread.suspend-then-promote",
      flag
    ]
  ],
  [
    45,
    [
      "thread.yield-then-promote",
      flag
    ]
  ],
  [
    64,
    [
      "thread.spawn-ref",
      flag,
      coreType
    ]
  ],
  [
    65,
    [
      "thread.spawn-indirect",
      flag,
      coreType,
      table
    ]
  ],
  [
    66,
    [
      "thread.available-parallelism",
      flag
    ]
  ]
]);
function readCanon(reader) {
  const tag = reader.byte("canonical function");
  switch (tag) {
    case 0: {
      reader.expect(0, "canonical function lift");
      const func = reader.u32("core function index");
      const options2 = readOptions(reader);
      return {
        op: "lift",
        func,
        options: options2,
        type: reader.u32("type index")
      };
    }
    case 1: {
      reader.expect(0, "canonical function lower");
      const func = reader.u32("function index");
      return {
        op: "lower",
        func,
        options: readOptions(reader)
      };
    }
    case 2:
      return {
        op: "resource.new",
        type: reader.u32("type index")
      };
    case 3:
      return {
        op: "resource.drop",
        type: reader.u32("type index")
      };
    case 4:
      return {
        op: "resource.rep",
        type: reader.u32("type index")
      };
  }
  const builtin = ASYNC.get(tag);
  if (!builtin) return reader.unexpected(tag, "canonical function");
  const [name2, ...immediates] = builtin;
  const found = {};
  for (const read of immediates) read(reader, found);
  return {
    ...found,
    op: "async",
    name: name2
  };
}
var ENCODINGS = [
  "utf8",
  "utf16",
  "latin1+utf16"
];
function readOptions(reader) {
  const found = {};
  let encoding;
  reader.vec("canonical options", () => {
    const at4 = reader.offset;
    const tag = reader.byte("canonical option");
    const name2 = tag < 3 ? "string-encoding" : [
      "memory",
      "realloc",
      "post-return",
      "async",
      "callback"
    ][tag - 3];
    if (name2 === void 0) return reader.unexpected(tag, "canonical option");
    if (name2 in found) {
      throw new DecodeError(`canonical option \`${name2}\` is specified more than once`, reader.base + at4, "canonical options", "invalid");
    }
    found[name2] = tag < 3 || name2 === "async" ? 1 : reader.u32(name2);
    if (tag < 3) encoding = ENCODINGS[tag];
  });
  return {
    encoding: encoding ?? "utf8",
    encodingGiven: encoding !== void 0,
    memory: found["memory"],
    realloc: found["realloc"],
    postReturn: found["post-return"],
    async: "async" in found,
    callback: found["callback"]
  };
}

// src/component/binary/reader.ts
init_error3();
var utf8 = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true
});
var Reader2 = class _Reader {
  /** The whole file. */
  bytes;
  /** Next byte to read. */
  offset;
  /** First byte that is not ours. */
  end;
  /** Where `bytes` start in the file; added to offsets in errors. */
  base;
  /**
   * @param bytes The whole file, or a part of it.
   * @param offset First byte of the window.
   * @param end First byte after the window.
   * @param base Where `bytes` start in the file.
   */
  constructor(bytes, offset2 = 0, end = bytes.length, base = 0) {
    this.base = base;
    this.bytes = bytes;
    this.offset = offset2;
    this.end = end;
  }
  /** Whether everything was read. */
  get done() {
    return this.offset >= this.end;
  }
  /** Throws a `DecodeError` at `offset`. */
  fail(message, reading, offset2 = this.offset) {
    throw new DecodeError(message, this.base + offset2, reading);
  }
  /** One byte. */
  byte(reading) {
    if (this.offset >= this.end) this.fail("unexpected end", reading);
    return this.bytes[this.offset++];
  }
  /** The next byte, without taking it. */
  peek(reading) {
    if (this.offset >= this.end) this.fail("unexpected end", reading);
    return this.bytes[this.offset];
  }
  /** A byte that must have one value. */
  expect(value, reading) {
    const at4 = this.offset, found = this.byte(reading);
    if (found !== value) this.fail(`expected byte ${hex(value)}, found ${hex(found)}`, reading, at4);
  }
  /** A byte that is none of those expected. */
  unexpected(found, reading) {
    this.fail(`unknown leading byte ${hex(found)}`, reading, this.offset - 1);
  }
  /** LEB128 `u32`. */
  u32(reading) {
    const at4 = this.offset;
    let result2 = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte(reading);
      if (shift === 28 && (byte & 240) !== 0) {
        this.fail((byte & 128) !== 0 ? "integer representation too long" : "integer too large", reading, at4);
      }
      result2 += (byte & 127) * 2 ** shift;
      if ((byte & 128) === 0) return result2;
    }
    return this.fail("integer representation too long", reading, at4);
  }
  /** LEB128 `u64`. */
  u64(reading) {
    const at4 = this.offset;
    if (at4 < this.end && this.bytes[at4] < 128) return BigInt(this.byte(reading));
    let result2 = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte(reading);
      if (shift === 63n && (byte & 254) !== 0) this.fail("integer too large", reading, at4);
      result2 |= BigInt(byte & 127) << shift;
      if ((byte & 128) === 0) return result2;
    }
    return this.fail("integer representation too long", reading, at4);
  }
  /** A view of the next `length` bytes. */
  take(length, reading) {
    if (length > this.end - this.offset) {
      this.fail(`unexpected end: ${length} bytes announced, ${this.end - this.offset} left`, reading);
    }
    return this.bytes.subarray(this.offset, this.offset += length);
  }
  /** A reader of the next `length` bytes, which are skipped here. */
  window(length, reading) {
    const at4 = this.offset;
    this.take(length, reading);
    return new _Reader(this.bytes, at4, at4 + length, this.base);
  }
  /** `core:name`: a length and UTF-8. */
  name(reading) {
    const at4 = this.offset;
    const bytes = this.take(this.u32(reading), reading);
    if (isShortAscii(bytes)) return String.fromCharCode.apply(null, bytes);
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail("malformed UTF-8 encoding", reading, at4);
    }
  }
  /** `vec(item)`. A count larger than the bytes left can only be a lie, so it fails before any loop. */
  vec(reading, item) {
    const at4 = this.offset;
    const count = this.u32(reading);
    if (count > this.end - this.offset) {
      this.fail(`unexpected end: ${count} items announced, ${this.end - this.offset} bytes left`, reading, at4);
    }
    const items = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }
  /** `<T>?`: 0x00, or 0x01 and the item. */
  optional(reading, item) {
    const tag = this.byte(reading);
    if (tag === 0) return void 0;
    if (tag === 1) return item();
    return this.unexpected(tag, reading);
  }
};
function isShortAscii(bytes) {
  if (bytes.length > 100) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 128) return false;
  return true;
}
function hex(byte) {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

// src/component/binary/decode.ts
var MAX_DEPTH3 = 100;
var MODULE_PREAMBLE = [
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0
];
function layerOf(bytes) {
  if (bytes.length < 8 || !MODULE_PREAMBLE.slice(0, 4).every((b, i) => bytes[i] === b)) return void 0;
  if (bytes[6] === 1 && bytes[7] === 0) return "component";
  return MODULE_PREAMBLE.every((b, i) => bytes[i] === b) ? "module" : void 0;
}
function decode(bytes) {
  return readComponent(new Reader2(bytes), 0);
}
function readComponent(reader, depth) {
  const offset2 = reader.offset;
  if (depth > MAX_DEPTH3) reader.fail(`components nested more than ${MAX_DEPTH3} deep`, "component");
  readPreamble(reader);
  const definitions = [];
  const custom = [];
  while (!reader.done) {
    const at4 = reader.offset;
    const id = reader.byte("section id");
    const section = reader.window(reader.u32("section size"), "section contents");
    if (id === 0) {
      const name2 = section.name("custom section name");
      custom.push({
        name: name2,
        bytes: section.take(section.end - section.offset, name2),
        offset: at4
      });
    } else {
      readSection(id, section, definitions, depth);
    }
    if (!section.done) section.fail("section size mismatch: bytes left over", "section contents");
  }
  return {
    offset: offset2,
    definitions,
    custom
  };
}
function readPreamble(reader) {
  for (const byte of MODULE_PREAMBLE.slice(0, 4)) reader.expect(byte, "magic header (\\0asm)");
  const at4 = reader.offset;
  const [v0, v1, l0, l1] = reader.take(4, "version and layer");
  if (l0 === 0 && l1 === 0 && v0 === 1 && v1 === 0) {
    throw new DecodeError("found a core module, expected a component", at4, "version and layer");
  }
  if (l0 !== 1 || l1 !== 0) reader.fail(`unknown layer ${hex(l0)} ${hex(l1)}`, "layer", at4 + 2);
  if (v0 !== 13 || v1 !== 0) {
    reader.fail(`unknown binary version ${hex(v0)} ${hex(v1)}, expected 0x0d 0x00`, "version", at4);
  }
}
function readSection(id, section, into, depth) {
  const each = (what, item) => {
    section.vec(what, () => {
      const offset3 = section.offset;
      into.push({
        offset: offset3,
        ...item(section)
      });
    });
  };
  const offset2 = section.offset;
  switch (id) {
    case 1: {
      const bytes = section.take(section.end - offset2, "core module");
      if (layerOf(bytes) !== "module") {
        section.fail("expected a version header for a module", "core module", offset2);
      }
      into.push({
        offset: offset2,
        kind: "core module",
        bytes
      });
      return;
    }
    case 2:
      return each("core instance section", readCoreInstance);
    case 3:
      return each("core type section", (r) => ({
        kind: "core type",
        type: readCoreType(r)
      }));
    case 4:
      into.push({
        offset: offset2,
        kind: "component",
        component: readComponent(section, depth + 1)
      });
      return;
    case 5:
      return each("instance section", readInstance);
    case 6:
      return each("alias section", readAlias);
    case 7:
      return each("type section", (r) => ({
        kind: "type",
        type: readType(r)
      }));
    case 8:
      return each("canonical function section", (r) => ({
        kind: "canon",
        canon: readCanon(r)
      }));
    case 9:
      into.push({
        offset: offset2,
        kind: "start",
        func: section.u32("start function"),
        args: section.vec("start arguments", () => section.u32("start argument")),
        results: section.u32("start results")
      });
      return;
    case 10:
      return each("import section", readImport);
    case 11:
      return each("export section", readExport);
    case 12:
      return each("value section", (r) => {
        const type2 = readValueType(r);
        return {
          kind: "value",
          type: type2,
          bytes: r.take(r.u32("value size"), "value")
        };
      });
    default:
      section.fail(`malformed section id ${id}`, "section id", offset2);
  }
}

// src/component/abi/handles.ts
init_error3();
var MAX_HANDLES = 1e6;
var HandleTable = class {
  entries = [
    void 0
  ];
  #free = [];
  #count;
  /** @param count Of all tables of one root instance together. */
  constructor(count = {
    handles: 0,
    maxHandles: MAX_HANDLES
  }) {
    this.#count = count;
  }
  /** Adds an owning handle. */
  addOwn(kind, rep) {
    return this.#add({
      kind,
      rep,
      own: true,
      lends: 0,
      scope: void 0
    });
  }
  /** Adds a borrowing handle that must be dropped before its call returns. */
  addBorrow(kind, rep, scope) {
    scope.borrows++;
    return this.#add({
      kind,
      rep,
      own: false,
      lends: 0,
      scope
    });
  }
  #add(handle2) {
    if (++this.#count.handles > this.#count.maxHandles) throw tooMany(this.#count);
    const index = this.#free.pop();
    if (index !== void 0) {
      this.entries[index] = handle2;
      return index;
    }
    return this.entries.push(handle2) - 1;
  }
  /** The handle at an index, which must be of a type. */
  get(index, kind) {
    const handle2 = this.entries[index];
    if (handle2 === void 0 || handle2.kind !== kind) return this.#wrong(index, handle2, kind);
    return handle2;
  }
  /** Takes an owning handle out: its owner gives it away. */
  takeOwn(index, kind) {
    const handle2 = this.get(index, kind);
    if (!handle2.own) throw new Trap(`handle ${index} is a borrow of ${kind.name}, not its owner`);
    this.#remove(index, handle2);
    return handle2.rep;
  }
  /** Takes any handle out, to drop it. */
  drop(index, kind) {
    const handle2 = this.get(index, kind);
    this.#remove(index, handle2);
    if (handle2.scope) handle2.scope.borrows--;
    return handle2;
  }
  /** Takes back the borrows of a call that did not come about. */
  forget(scope) {
    if (scope.borrows === 0) return;
    this.entries.forEach((handle2, index) => {
      if (handle2?.scope === scope) this.#remove(index, handle2);
    });
  }
  #remove(index, handle2) {
    if (handle2.lends !== 0) throw new Trap(`handle ${index} cannot be removed while it is lent`);
    this.entries[index] = void 0;
    this.#free.push(index);
    this.#count.handles--;
  }
  #wrong(index, handle2, kind) {
    throw new Trap(handle2 ? `handle index ${index} used with the wrong type: expected ${kind.name}, found ${handle2.kind.name}` : `unknown handle index ${index} (${kind.name})`);
  }
};
function tooMany({ handles, maxHandles }) {
  const message = `more than ${maxHandles} handles at once`;
  return new Trap(message, {
    cause: new LimitError(message, "maxHandles", maxHandles, {
      asked: handles
    })
  });
}

// src/component/limits/account.ts
init_error3();

// src/component/binary/sections.ts
var ORDER = [
  1,
  2,
  3,
  4,
  5,
  13,
  6,
  7,
  8,
  9,
  12,
  10,
  11
];
function takeApart(bytes) {
  const reader = new Reader2(bytes, 8);
  const sections = [];
  while (!reader.done) {
    const id = reader.byte("core section id");
    const size = reader.u32("core section size");
    sections.push({
      id,
      offset: reader.offset,
      parts: [
        reader.take(size, "core section")
      ]
    });
  }
  return sections;
}
function putTogether(sections) {
  const parts2 = [
    Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)
  ];
  for (const section of sections) {
    parts2.push(Uint8Array.of(section.id, ...leb(lengthOf2(section.parts))), ...section.parts);
  }
  const bytes = new Uint8Array(lengthOf2(parts2));
  let at4 = 0;
  for (const part of parts2) {
    bytes.set(part, at4);
    at4 += part.length;
  }
  return bytes;
}
function lengthOf2(parts2) {
  return parts2.reduce((sum, part) => sum + part.length, 0);
}
function replace(sections, section) {
  const old = sections.findIndex(({ id }) => id === section.id);
  if (old >= 0) {
    sections.splice(old, 1, ...section.parts.length > 0 ? [
      section
    ] : []);
    return;
  }
  const place = ORDER.indexOf(section.id);
  const after = sections.findIndex(({ id }) => ORDER.indexOf(id) > place);
  if (section.parts.length > 0) sections.splice(after < 0 ? sections.length : after, 0, section);
}
function append(sections, id, items) {
  if (items.length === 0) return;
  const old = sections.find((section) => section.id === id);
  let count = 0;
  const rest = [];
  if (old) {
    const [first2, ...more] = old.parts;
    const reader = new Reader2(first2);
    count = reader.u32("count");
    rest.push(first2.subarray(reader.offset), ...more);
  }
  const parts2 = [
    Uint8Array.from(leb(count + items.length)),
    ...rest,
    Uint8Array.from(items.flat())
  ];
  replace(sections, {
    id,
    parts: parts2
  });
}
function freeName(wanted, taken) {
  let name2 = wanted;
  for (let i = 2; taken.has(name2); i++) name2 = `${wanted} ${i}`;
  return name2;
}
function leb(value) {
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 128 : low);
  } while (value > 0);
  return bytes;
}
function typeIndex(value) {
  const bytes = leb(value);
  const last = bytes.length - 1;
  return bytes[last] < 64 ? bytes : [
    ...bytes.slice(0, last),
    bytes[last] | 128,
    0
  ];
}
function nameBytes(text) {
  const utf82 = new TextEncoder().encode(text);
  return [
    ...leb(utf82.length),
    ...utf82
  ];
}

// src/component/limits/bound.ts
init_error3();

// src/component/link/start.ts
function moveStart(bytes) {
  const sections = takeApart(bytes);
  const start = exportStart(sections);
  return start === void 0 ? void 0 : {
    bytes: putTogether(sections),
    start
  };
}
function exportStart(sections) {
  const [index] = sections.find(({ id }) => id === 8)?.parts ?? [];
  if (!index) return void 0;
  const taken = /* @__PURE__ */ new Set();
  const [exports2] = sections.find(({ id }) => id === 7)?.parts ?? [];
  if (exports2) {
    const reader = new Reader2(exports2);
    reader.vec("core exports", () => {
      taken.add(reader.name("export name"));
      reader.byte("export kind");
      reader.u32("export index");
    });
  }
  const name2 = freeName("\0airlock start", taken);
  append(sections, 7, [
    [
      ...nameBytes(name2),
      0,
      ...leb(new Reader2(index).u32("start function"))
    ]
  ]);
  replace(sections, {
    id: 8,
    parts: []
  });
  return name2;
}

// src/component/binary/core_module.ts
var ORDER2 = [
  1,
  2,
  3,
  4,
  5,
  13,
  6,
  7,
  8,
  9,
  12,
  10,
  11
];
var OTHER = {
  kind: "core-func",
  params: [
    "?"
  ],
  results: [
    "?"
  ]
};
function readCoreModule(bytes, base) {
  const reader = new Reader2(bytes, 8, bytes.length, base);
  const types = new CoreTypes();
  const imports2 = [];
  const exports2 = /* @__PURE__ */ new Map();
  const spaces = {
    func: [],
    table: [],
    memory: [],
    global: [],
    tag: []
  };
  const extern = (ref) => {
    if (ref.kind === "func") return types.at(ref.index);
    if (ref.kind === "tag") return {
      kind: "tag",
      type: types.at(ref.index)
    };
    return ref;
  };
  let functions = [];
  const defined = (index) => {
    const type2 = functions[index - spaces.func.length];
    return type2 === void 0 ? void 0 : types.at(type2);
  };
  const add = (kind, tag, r) => spaces[kind].push(extern(readCoreExtern(r, tag)));
  let place = -1;
  while (!reader.done) {
    const at4 = reader.offset, id = reader.byte("core section id");
    if (id !== 0) {
      const next2 = ORDER2.indexOf(id);
      if (next2 < 0) reader.fail(`malformed section id ${id}`, "core section id", at4);
      if (next2 <= place) reader.fail(`section ${id} out of order`, "core section id", at4);
      place = next2;
    }
    const section = reader.window(reader.u32("core section size"), "core section");
    switch (id) {
      case 1:
        types.read(section);
        break;
      case 2:
        section.vec("core imports", () => {
          const module = section.name("import module name"), name2 = section.name("import name");
          const type2 = extern(readCoreExtern(section));
          imports2.push({
            module,
            name: name2,
            type: type2
          });
          spaces[type2.kind === "core-func" ? "func" : type2.kind].push(type2);
        });
        break;
      case 3:
        functions = readIndices(section);
        break;
      case 4:
        section.vec("tables", () => {
          if (section.peek("table") !== 64) return add("table", 1, section);
          section.offset += 2;
          add("table", 1, section);
          return skipExpression(section);
        });
        break;
      case 5:
        section.vec("memories", () => add("memory", 2, section));
        break;
      case 6:
        section.vec("globals", () => {
          add("global", 3, section);
          skipExpression(section);
        });
        break;
      case 7:
        section.vec("core exports", () => {
          const name2 = section.name("export name");
          const kind = [
            "func",
            "table",
            "memory",
            "global",
            "tag"
          ][section.byte("export kind")];
          const index = section.u32("export index");
          const type2 = kind && (spaces[kind][index] ?? (kind === "func" ? defined(index) : void 0));
          if (!type2) return section.fail(`unknown ${kind ?? "export kind"} ${index}`, "core exports");
          return exports2.set(name2, type2);
        });
        break;
      case 13:
        section.vec("tags", () => add("tag", 4, section));
        break;
    }
  }
  return {
    kind: "core-module",
    imports: imports2,
    exports: exports2
  };
}
function readIndices(section) {
  const { bytes, end } = section;
  const count = section.u32("core functions");
  if (count > end - section.offset) section.fail("unexpected end", "core functions");
  const indices = new Uint32Array(count);
  let at4 = section.offset;
  for (let i = 0; i < count; i++) {
    const byte = at4 < end ? bytes[at4] : 128;
    if (byte < 128) {
      indices[i] = byte;
      at4++;
    } else {
      section.offset = at4;
      indices[i] = section.u32("type index");
      at4 = section.offset;
    }
  }
  return indices;
}
var CoreTypes = class {
  #section;
  /** Types, or where they start. */
  #types = [];
  read(section) {
    this.#section = section;
    section.vec("core types", () => {
      if (this.#skip(section)) return;
      if (section.peek("core type") !== 78) return void this.#types.push(this.#one(section));
      section.offset++;
      section.vec("recursion group", () => this.#types.push(this.#one(section)));
    });
  }
  /** Passes over a function type of numbers only. */
  #skip(section) {
    const { bytes, end } = section, start = section.offset;
    if (bytes[start] !== 96) return false;
    let at4 = start + 1;
    for (let list = 0; list < 2; list++) {
      if (at4 >= end) return false;
      const count = bytes[at4++];
      if (count >= 128 || at4 + count >= end + list) return false;
      for (const stop = at4 + count; at4 < stop; at4++) if (bytes[at4] < 123 || bytes[at4] > 127) return false;
    }
    this.#types.push(start);
    section.offset = at4;
    return true;
  }
  #one(section) {
    const type2 = readCoreType(section, true);
    return type2.kind === "core-func" ? type2 : OTHER;
  }
  at(index) {
    const type2 = this.#types[index];
    if (typeof type2 !== "number") return type2 ?? OTHER;
    this.#section.offset = type2;
    return this.#types[index] = this.#one(this.#section);
  }
};
function skipExpression(r) {
  for (; ; ) {
    const op = r.byte("constant expression");
    switch (op) {
      case 11:
        return;
      case 65:
      case 66:
        while (r.byte("constant") & 128) ;
        break;
      case 67:
        r.take(4, "constant");
        break;
      case 68:
        r.take(8, "constant");
        break;
      case 35:
      case 210:
        r.u32("index");
        break;
      case 208:
        skipReferenceType(r);
        break;
      case 253:
        r.u32("vector opcode");
        r.take(16, "constant");
        break;
      case 251: {
        const sub = r.u32("opcode");
        if (sub <= 1 || sub >= 6 && sub <= 7) r.u32("index");
        else if (sub === 8) r.u32("index"), r.u32("count");
        break;
      }
      case 106:
      case 107:
      case 108:
      case 124:
      case 125:
      case 126:
        break;
      default:
        r.fail(`unknown instruction 0x${op.toString(16)} in a constant expression`, "constant expression");
    }
  }
}

// src/component/limits/declared.ts
function readDeclared(sections, base) {
  const types = [];
  const declared = {
    types,
    importModules: /* @__PURE__ */ new Set(),
    memoryImports: [],
    exportNames: /* @__PURE__ */ new Set(),
    tables: [],
    memories: [],
    elements: [],
    globals: [],
    tags: [],
    imports: 0,
    functions: 0
  };
  for (const { id, offset: offset2 = 0, parts: parts2 } of sections) {
    const contents = parts2[0] ?? new Uint8Array();
    readSection2(id, new Reader2(contents, 0, contents.length, base + offset2), declared, types);
  }
  return declared;
}
function readSection2(id, r, into, types) {
  switch (id) {
    case 1:
      r.vec("core types", () => {
        if (r.peek("core type") !== 78) return void types.push(readCoreType(r, true));
        r.offset++;
        r.vec("recursion group", () => types.push(readCoreType(r, true)));
      });
      return;
    case 2:
      into.imports = r.vec("core imports", () => readImport2(r, into)).length;
      return;
    case 3:
      into.functions = r.u32("core functions");
      return;
    case 4:
      r.vec("tables", () => readTable(r, into));
      return;
    case 5:
      r.vec("memories", () => {
        const type2 = readCoreExtern(r, 2);
        if (type2.kind === "memory") into.memories.push({
          ...type2.limits,
          pageSizeLog2: type2.pageSizeLog2
        });
      });
      return;
    case 6:
      r.vec("globals", () => {
        const type2 = readCoreExtern(r, 3);
        if (type2.kind === "global") into.globals.push(type2.type);
        skipExpression(r);
      });
      return;
    case 7:
      r.vec("core exports", () => {
        into.exportNames.add(r.name("export name"));
        r.byte("export kind");
        r.u32("export index");
      });
      return;
    case 13:
      r.vec("tags", () => {
        const type2 = readCoreExtern(r, 4);
        if (type2.kind === "tag") into.tags.push(type2.index);
      });
  }
}
function readImport2(r, into) {
  const module = r.name("import module name"), name2 = r.name("import name");
  into.importModules.add(module);
  const type2 = readCoreExtern(r);
  if (type2.kind === "memory") into.memoryImports.push({
    module,
    name: name2
  });
  else if (type2.kind === "global") into.globals.push(type2.type);
  else if (type2.kind === "table") into.elements.push(type2.element);
  else if (type2.kind === "tag") into.tags.push(type2.index);
}
function readTable(r, into) {
  const initialized = r.peek("table") === 64;
  if (initialized) r.offset += 2;
  const start = r.offset;
  const type2 = readCoreExtern(r, 1);
  if (type2.kind !== "table") return;
  into.elements.push(type2.element);
  into.tables.push({
    limits: type2.limits,
    from: start + referenceLength(r, start),
    to: r.offset
  });
  if (initialized) skipExpression(r);
}
function referenceLength({ bytes }, at4) {
  if (bytes[at4] !== 99 && bytes[at4] !== 100) return 1;
  let length = 2;
  while (bytes[at4 + length - 1] >= 128) length++;
  return length;
}

// src/component/limits/grow.ts
init_error3();

// src/component/limits/instructions.ts
init_error3();
var MEMORY_GROW = 64;
var NONE = 1;
var ONE = 2;
var TWO = 3;
var BYTE = 4;
var BYTES_4 = 5;
var BYTES_8 = 6;
var BYTES_16 = 7;
var MEMORY = 8;
var MEMORY_LANE = 9;
var BLOCK = 10;
var LABELS = 11;
var TYPES = 12;
var TRY_TABLE = 13;
var CAST = 14;
function table2(size, rows) {
  const immediates = new Uint8Array(size);
  for (const [from, to, immediate] of rows) immediates.fill(immediate, from, to + 1);
  return immediates;
}
var PLAIN = table2(256, [
  [
    0,
    1,
    NONE
  ],
  [
    2,
    4,
    BLOCK
  ],
  [
    5,
    5,
    NONE
  ],
  [
    6,
    6,
    BLOCK
  ],
  [
    7,
    9,
    ONE
  ],
  [
    10,
    11,
    NONE
  ],
  [
    12,
    13,
    ONE
  ],
  [
    14,
    14,
    LABELS
  ],
  [
    15,
    15,
    NONE
  ],
  [
    16,
    16,
    ONE
  ],
  [
    17,
    17,
    TWO
  ],
  [
    18,
    18,
    ONE
  ],
  [
    19,
    19,
    TWO
  ],
  [
    20,
    21,
    ONE
  ],
  [
    24,
    24,
    ONE
  ],
  [
    25,
    27,
    NONE
  ],
  [
    28,
    28,
    TYPES
  ],
  [
    31,
    31,
    TRY_TABLE
  ],
  [
    32,
    38,
    ONE
  ],
  [
    40,
    62,
    MEMORY
  ],
  [
    63,
    MEMORY_GROW,
    ONE
  ],
  [
    65,
    66,
    ONE
  ],
  [
    67,
    67,
    BYTES_4
  ],
  [
    68,
    68,
    BYTES_8
  ],
  [
    69,
    196,
    NONE
  ],
  [
    208,
    208,
    ONE
  ],
  [
    209,
    209,
    NONE
  ],
  [
    210,
    210,
    ONE
  ],
  [
    211,
    212,
    NONE
  ],
  [
    213,
    214,
    ONE
  ]
]);
var PREFIXED = /* @__PURE__ */ new Map([
  [
    251,
    table2(32, [
      [
        15,
        15,
        NONE
      ],
      [
        20,
        23,
        ONE
      ],
      [
        24,
        25,
        CAST
      ],
      [
        26,
        30,
        NONE
      ]
    ])
  ],
  [
    252,
    table2(32, [
      [
        0,
        7,
        NONE
      ],
      [
        8,
        8,
        TWO
      ],
      [
        9,
        9,
        ONE
      ],
      [
        10,
        10,
        TWO
      ],
      [
        11,
        11,
        ONE
      ],
      [
        12,
        12,
        TWO
      ],
      [
        13,
        13,
        ONE
      ],
      [
        14,
        14,
        TWO
      ],
      [
        15,
        17,
        ONE
      ],
      [
        19,
        22,
        NONE
      ]
    ])
  ],
  [
    253,
    table2(320, [
      [
        0,
        11,
        MEMORY
      ],
      [
        12,
        13,
        BYTES_16
      ],
      [
        14,
        20,
        NONE
      ],
      [
        21,
        34,
        BYTE
      ],
      [
        35,
        83,
        NONE
      ],
      [
        84,
        91,
        MEMORY_LANE
      ],
      [
        92,
        93,
        MEMORY
      ],
      [
        94,
        319,
        NONE
      ]
    ])
  ],
  [
    254,
    table2(80, [
      [
        0,
        2,
        MEMORY
      ],
      [
        3,
        3,
        BYTE
      ],
      [
        16,
        78,
        MEMORY
      ]
    ])
  ]
]);
var BodyReader = class {
  at;
  #bytes;
  #end;
  #base;
  constructor(bytes, at4, end, base) {
    this.#bytes = bytes;
    this.at = at4;
    this.#end = end;
    this.#base = base;
  }
  get done() {
    return this.at >= this.#end;
  }
  byte() {
    if (this.at >= this.#end) this.fail("unexpected end", this.at);
    return this.#bytes[this.at++];
  }
  u32() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  leb() {
    while (this.byte() >= 128) ;
  }
  /** A value type, or the type of a block. */
  type() {
    const first2 = this.byte();
    if (first2 === 99 || first2 === 100) this.leb();
    else if (first2 >= 128) this.leb();
  }
  locals() {
    for (let n = this.u32(); n > 0; n--) {
      this.leb();
      this.type();
    }
  }
  immediate(kind) {
    switch (kind) {
      case NONE:
        return;
      case ONE:
        return this.leb();
      case TWO:
        this.leb();
        return this.leb();
      case BYTE:
        return this.#skip(1);
      case BYTES_4:
        return this.#skip(4);
      case BYTES_8:
        return this.#skip(8);
      case BYTES_16:
        return this.#skip(16);
      case MEMORY:
        return this.#memory();
      case MEMORY_LANE:
        this.#memory();
        return this.#skip(1);
      case BLOCK:
        return this.type();
      case LABELS:
        for (let n = this.u32() + 1; n > 0; n--) this.leb();
        return;
      case TYPES:
        for (let n = this.u32(); n > 0; n--) this.type();
        return;
      case TRY_TABLE:
        return this.#tryTable();
      case CAST:
        this.#skip(1);
        for (let n = 3; n > 0; n--) this.leb();
        return;
    }
  }
  #memory() {
    if ((this.u32() & 64) !== 0) this.leb();
    this.leb();
  }
  #tryTable() {
    this.type();
    for (let n = this.u32(); n > 0; n--) {
      const kind = this.byte();
      if (kind < 2) this.leb();
      this.leb();
    }
  }
  #skip(bytes) {
    this.at += bytes;
    if (this.at > this.#end) this.fail("unexpected end", this.#end);
  }
  fail(message, at4) {
    throw new DecodeError(message, this.#base + at4, "core function body", "invalid");
  }
};
function growSites(bytes, at4, end, base) {
  const sites = [];
  const reader = new BodyReader(bytes, at4, end, base);
  reader.locals();
  while (!reader.done) {
    const from = reader.at, op = reader.byte();
    if (op === MEMORY_GROW) {
      const memory2 = reader.u32();
      sites.push({
        at: from,
        end: reader.at,
        memory: memory2
      });
      continue;
    }
    const prefixed = PREFIXED.get(op);
    const sub = prefixed ? reader.u32() : 0;
    const immediate = (prefixed ? prefixed[sub] : PLAIN[op]) ?? 0;
    if (immediate === 0) {
      reader.fail(`unknown instruction ${hex(op)}${prefixed ? ` ${hex(sub)}` : ""}`, from);
    }
    reader.immediate(immediate);
  }
  return sites;
}

// src/component/limits/grow.ts
function replaceGrows(sections, memories, calls2, base) {
  const section = sections.find(({ id }) => id === 10);
  const code = section?.parts[0];
  if (!section || !code || memories === 0) return false;
  const at4 = base + section.offset;
  const reader = new Reader2(code, 0, code.length, at4);
  const parts2 = [];
  let done = 0;
  let hit = 0;
  for (let functions = reader.u32("core functions"); functions > 0; functions--) {
    const before = reader.offset;
    const size = reader.u32("function size"), from = reader.offset;
    reader.take(size, "function");
    const end = from + size;
    if (hit < from) hit = candidate(code, from, memories);
    if (hit >= end) continue;
    const sites = growSites(code, from, end, at4);
    if (sites.length === 0) continue;
    const unknown = sites.find(({ memory: memory2 }) => memory2 >= memories);
    if (unknown) {
      throw new DecodeError(`unknown memory ${unknown.memory}`, at4 + unknown.at, "memory.grow", "invalid");
    }
    const body = rewrite(code, from, end, sites, calls2);
    parts2.push(code.subarray(done, before), Uint8Array.from(leb(body.length)), body);
    done = end;
  }
  if (parts2.length === 0) return false;
  parts2.push(code.subarray(done));
  replace(sections, {
    id: 10,
    parts: parts2
  });
  const hints = (s) => s.id === 0 && customName(s).startsWith("metadata.code.");
  for (let i = sections.length; i-- > 0; ) if (hints(sections[i])) sections.splice(i, 1);
  return true;
}
function candidate(code, from, memories) {
  for (let i = code.indexOf(MEMORY_GROW, from); i >= 0; i = code.indexOf(MEMORY_GROW, i + 1)) {
    const next2 = code[i + 1];
    if (next2 !== void 0 && (next2 < memories || next2 >= 128)) return i;
  }
  return Infinity;
}
function rewrite(code, from, end, sites, calls2) {
  const body = [];
  let done = from;
  for (const site of sites) {
    const account = leb(calls2.account(site.memory));
    body.push(code.subarray(done, site.at), Uint8Array.of(35, ...account, 35, ...leb(calls2.grow), 20, ...leb(calls2.type)));
    done = site.end;
  }
  body.push(code.subarray(done, end));
  const bytes = new Uint8Array(body.reduce((sum, part) => sum + part.length, 0));
  let at4 = 0;
  for (const part of body) {
    bytes.set(part, at4);
    at4 += part.length;
  }
  return bytes;
}
function customName({ parts: [contents] }) {
  try {
    return new Reader2(contents).name("custom section name");
  } catch {
    return "";
  }
}

// src/component/limits/bound.ts
var MAX_MEMORY_BYTES = "maxMemoryBytes";
var BYTES_PER_ELEMENT = 24;
var PAGE = 65536;
var GROW_TYPE = [
  96,
  2,
  127,
  111,
  1,
  127
];
var ACCOUNT_GLOBAL = [
  111,
  1,
  208,
  111,
  11
];
var MAX_TAG_PARAMS = 16;
function bound(bytes, base, limit) {
  const sections = takeApart(bytes);
  const declared = readDeclared(sections, base);
  refuse(declared, base, limit);
  const start = exportStart(sections);
  const memories = importMemories(sections, declared);
  const tables = fixTables(sections, declared);
  const growing = growByCall(sections, declared, base);
  const changed = memories.memories.length > 0 || tables || growing.grown.length > 0 || start !== void 0;
  return {
    bytes: changed ? putTogether(sections) : void 0,
    bounds: {
      ...memories,
      ...growing,
      start
    },
    weight: weigh(declared)
  };
}
function refuse(declared, base, limit) {
  const fail = (what) => {
    const message = `the core module at byte ${base} ${what}, which cannot be bounded`;
    throw new LimitError(message, MAX_MEMORY_BYTES, limit);
  };
  const other = declared.types.findIndex((type2) => type2.kind !== "core-func");
  if (other >= 0) fail(`has types of garbage-collected objects (type ${other})`);
  if (declared.memories.some(({ address }) => address !== "i32")) fail("has a 64-bit memory");
  if (declared.memories.some(({ shared }) => shared)) fail("has a shared memory");
  if (declared.memories.some(({ pageSizeLog2 }) => pageSizeLog2 !== void 0)) {
    fail("has pages of another size");
  }
  const tags = declared.tags.map((index) => declared.types[index]);
  const params = tags.map((type2) => type2?.kind === "core-func" ? type2.params : []);
  const kept = [
    ...declared.elements,
    ...declared.globals,
    ...params.flat()
  ];
  if (kept.some((type2) => type2.includes("exn"))) {
    fail("keeps exceptions in tables, globals or other exceptions");
  }
  if (params.some((types) => types.length > MAX_TAG_PARAMS)) {
    fail(`has exceptions of more than ${MAX_TAG_PARAMS} values`);
  }
}
function importMemories(sections, declared) {
  const from = freeName("\0airlock memory", declared.importModules);
  const memories = declared.memories.map(({ min, max }) => ({
    initial: Number(min),
    maximum: max === void 0 ? void 0 : Number(max)
  }));
  const imports2 = memories.map(({ initial, maximum }, i) => [
    ...nameBytes(from),
    ...nameBytes(String(i)),
    2,
    ...maximum === void 0 ? [
      0,
      ...leb(initial)
    ] : [
      1,
      ...leb(initial),
      ...leb(maximum)
    ]
  ]);
  append(sections, 2, imports2);
  replace(sections, {
    id: 5,
    parts: []
  });
  return {
    memories,
    from
  };
}
function fixTables(sections, { tables }) {
  const growing = tables.filter(({ limits }) => limits.max !== limits.min);
  if (growing.length === 0) return false;
  const old = sections.find(({ id }) => id === 4).parts[0];
  const parts2 = [];
  let done = 0;
  for (const { from, to } of growing) {
    const flags = old[from], min = [
      ...old.subarray(from + 1, to)
    ];
    const size = min.slice(0, min.findIndex((byte) => byte < 128) + 1);
    parts2.push(old.subarray(done, from), Uint8Array.of(flags | 1, ...size, ...size));
    done = to;
  }
  parts2.push(old.subarray(done));
  replace(sections, {
    id: 4,
    parts: parts2
  });
  return true;
}
function growByCall(sections, declared, base) {
  const memories = [
    ...declared.memoryImports,
    ...declared.memories.keys()
  ];
  const grow2 = freeName("\0airlock grow", declared.exportNames);
  const accounts = /* @__PURE__ */ new Map();
  const calls2 = {
    grow: declared.globals.length,
    type: declared.types.length,
    account: (memory2) => {
      let global = accounts.get(memory2);
      if (global === void 0) {
        accounts.set(memory2, global = declared.globals.length + 1 + accounts.size);
      }
      return global;
    }
  };
  if (!replaceGrows(sections, memories.length, calls2, base)) return {
    grow: grow2,
    grown: []
  };
  const grown = [
    ...accounts
  ].map(([memory2, global]) => ({
    global: freeName(`\0airlock account ${memory2}`, declared.exportNames),
    memory: memories[memory2],
    index: global
  }));
  append(sections, 1, [
    GROW_TYPE
  ]);
  const type2 = typeIndex(calls2.type);
  append(sections, 6, [
    [
      99,
      ...type2,
      1,
      208,
      ...type2,
      11
    ],
    ...grown.map(() => ACCOUNT_GLOBAL)
  ]);
  const exported = [
    {
      global: grow2,
      index: calls2.grow
    },
    ...grown
  ];
  append(sections, 7, exported.map(({ global, index }) => [
    ...nameBytes(global),
    3,
    ...leb(index)
  ]));
  return {
    grow: grow2,
    grown: grown.map(({ global, memory: memory2 }) => ({
      global,
      memory: memory2
    }))
  };
}
var OWN = {
  instance: 1024,
  import: 120,
  function: 80,
  other: 32,
  table: 256
};
function weigh(declared) {
  const elements2 = declared.tables.reduce((sum, { limits }) => sum + Number(limits.min), 0);
  const pages = declared.memories.reduce((sum, { min }) => sum + Number(min), 0);
  const others = declared.globals.length + declared.exportNames.size + declared.tags.length;
  return {
    initial: pages * PAGE + elements2 * BYTES_PER_ELEMENT,
    own: OWN.instance + declared.imports * OWN.import + declared.functions * OWN.function + declared.tables.length * OWN.table + others * OWN.other
  };
}

// src/component/limits/account.ts
var PAGE2 = 65536;
var MAX_PAGES = 65536;
var Account = class {
  /** What all memories and tables may hold, in bytes. */
  limit;
  #memories = /* @__PURE__ */ new Map();
  /** Bytes that are taken, or will be once all memories are made. */
  used;
  /**
   * Opens the account.
   *
   * @param limit What all memories and tables may hold, in bytes.
   * @param initial What they begin with.
   * @throws {LimitError} If that is more.
   */
  constructor(limit, initial) {
    if (initial > limit) {
      throw new LimitError(`the memories and tables of the component begin with ${initial} bytes, more than the ${limit} that they may have`, MAX_MEMORY_BYTES, limit, {
        asked: initial
      });
    }
    this.limit = limit;
    this.used = initial;
  }
  /** What is left, in whole pages. */
  get pagesLeft() {
    return Math.floor((this.limit - this.used) / PAGE2);
  }
  /**
   * The memories of a core instance, for its import object. What they begin with is in the account already.
   *
   * @throws {RangeError} If the machine has no room for them.
   */
  make(shapes) {
    const made = /* @__PURE__ */ Object.create(null);
    shapes.forEach((shape, i) => {
      const bounded = new BoundedMemory(shape, this);
      this.#memories.set(bounded.memory, bounded);
      made[i] = bounded.memory;
    });
    return made;
  }
  /**
   * Lets a core instance grow its memories, before any of its code has run.
   *
   * @param bounds How its module was rewritten.
   * @param exports Its exports.
   * @param imports What it was given, with the memories that were made for it.
   */
  connect(bounds, exports2, imports2) {
    if (bounds.grown.length === 0) return;
    exports2[bounds.grow].value = growFunction();
    for (const { global, memory: memory2 } of bounds.grown) {
      const core = typeof memory2 === "number" ? imports2[bounds.from][memory2] : imports2[memory2.module][memory2.name];
      exports2[global].value = this.#memories.get(core);
    }
  }
};
var BoundedMemory = class {
  memory;
  #account;
  #maximum;
  #pages;
  constructor({ initial, maximum = MAX_PAGES }, account) {
    this.#account = account;
    this.#pages = initial;
    this.#maximum = Math.min(maximum, initial + account.pagesLeft);
    this.memory = new WebAssembly.Memory({
      initial,
      maximum: this.#maximum
    });
  }
  /** `memory.grow`: the size before, or -1. */
  grow(delta) {
    const before = this.#pages;
    if (delta === 0) return before;
    const account = this.#account;
    if (delta > account.pagesLeft || before + delta > this.#maximum) return -1;
    account.used += delta * PAGE2;
    this.#pages = before + delta;
    try {
      this.memory.grow(delta);
    } catch {
      account.used -= delta * PAGE2;
      this.#pages = before;
      return -1;
    }
    return before;
  }
};
var GROW = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 111, 1, 127, 2, 6, 1, 0, 1, 103, 0, 0, 7, 5, 1, 1, 103, 0, 0);
var grow;
function growFunction() {
  return grow ??= new WebAssembly.Instance(new WebAssembly.Module(GROW), {
    "": {
      g: (delta, memory2) => memory2 instanceof BoundedMemory ? memory2.grow(delta >>> 0) : -1
    }
  }).exports["g"];
}

// src/component/link/module.ts
init_error3();
var modules = /* @__PURE__ */ new WeakMap();
function compileModule(bytes) {
  let module = modules.get(bytes);
  if (!module) modules.set(bytes, module = compileRewritten(bytes, bytes));
  return module;
}
function compileRewritten(bytes, original) {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new DecodeError(error.message, original.byteOffset, "core module", "invalid", {
      cause: error
    });
  }
}
function adoptModule(bytes, module) {
  modules.set(bytes, module);
}

// src/component/limits/module.ts
var modules2 = /* @__PURE__ */ new WeakMap();
function compileBounded(bytes, limit) {
  let bounded = modules2.get(bytes);
  if (!bounded) {
    const { bytes: rewritten, bounds, weight } = bound(bytes, bytes.byteOffset, limit);
    const module = rewritten ? compileRewritten(rewritten, bytes) : compileModule(bytes);
    modules2.set(bytes, bounded = {
      module,
      bounds,
      weight
    });
  }
  return bounded;
}
function adoptBounded(bytes, bounded) {
  modules2.set(bytes, bounded);
}

// src/component/limits/survey.ts
init_error3();
var MAX_INSTANCES = 1e4;
function tooManyInstances() {
  return new LinkError(`the component makes more than ${MAX_INSTANCES} instances of components inside it`, []);
}
var MAX_OWN = 64 * 2 ** 20;
var Room = class _Room {
  exports = /* @__PURE__ */ new Map();
  #total;
  #args;
  #outer;
  #modules = [];
  #components = [];
  #instances = [];
  constructor(total, args, outer) {
    if (++total.instances > MAX_INSTANCES) throw tooManyInstances();
    this.#total = total;
    this.#args = args;
    this.#outer = outer;
  }
  run({ steps }) {
    for (const step of steps) this.#step(step);
    return this;
  }
  #step(step) {
    switch (step.op) {
      case "core module":
        return void this.#modules.push(step.bytes);
      case "core instantiate":
        return this.#weigh(this.#modules[step.module]);
      case "component":
        return void this.#components.push({
          kind: "component",
          plan: step.plan,
          outer: this
        });
      case "instantiate": {
        const component = this.#components[step.component];
        const room = new _Room(this.#total, this.#items(step.args), component.outer).run(component.plan);
        return void this.#instances.push(room.exports);
      }
      case "inline":
        return void this.#instances.push(this.#items(step.exports));
      case "alias export":
        return this.#push(step.sort, this.#instances[step.instance]?.get(step.name));
      case "alias outer": {
        let room = this;
        for (let i = 0; i < step.count; i++) room = room.#outer;
        if (step.sort === "component") this.#components.push(room.#components[step.index]);
        else this.#modules.push(room.#modules[step.index]);
        return;
      }
      case "import":
        return this.#push(step.sort, this.#args.get(step.name));
      case "export":
        if (!step.item) return;
        this.exports.set(step.name, this.#item(step.item));
        return this.#push(step.item.sort, this.#item(step.item));
    }
  }
  #weigh(bytes) {
    const { limit } = this.#total;
    if (!bytes) {
      const message2 = "a core module that is imported cannot be bounded";
      throw new LimitError(message2, MAX_MEMORY_BYTES, limit);
    }
    const { weight } = compileBounded(bytes, limit);
    this.#total.initial += weight.initial;
    this.#total.own += weight.own;
    if (this.#total.own <= MAX_OWN) return;
    const message = `the core instances of the component would take more than ${MAX_OWN} bytes of the host's, beside their memories and tables`;
    throw new LimitError(message, MAX_MEMORY_BYTES, limit);
  }
  #items(indices) {
    return new Map(indices.map((index) => [
      index.name,
      this.#item(index)
    ]));
  }
  #item({ sort: sort2, index }) {
    switch (sort2) {
      case "component":
        return this.#components[index];
      case "core module":
        return {
          kind: "core module",
          bytes: this.#modules[index]
        };
      case "instance":
        return {
          kind: "instance",
          exports: this.#instances[index]
        };
      default:
        return void 0;
    }
  }
  #push(sort2, node) {
    if (sort2 === "component") this.#components.push(node);
    else if (sort2 === "core module") {
      this.#modules.push(node?.kind === "core module" ? node.bytes : void 0);
    } else if (sort2 === "instance") {
      this.#instances.push(node?.kind === "instance" ? node.exports : /* @__PURE__ */ new Map());
    }
  }
};
var known = /* @__PURE__ */ new WeakMap();
function survey(plan, args, limit) {
  let weight = known.get(plan);
  if (!weight) {
    const total = {
      limit,
      instances: 0,
      initial: 0,
      own: 0
    };
    new Room(total, new Map([
      ...args
    ].map(([name2, item]) => [
      name2,
      nodeOf(item)
    ])), void 0).run(plan);
    weight = {
      initial: total.initial,
      own: total.own
    };
    if (![
      ...plan.type.imports.values()
    ].some(bringsCode)) known.set(plan, weight);
  }
  return weight;
}
function nodeOf(item) {
  switch (item.kind) {
    case "component":
      return {
        kind: "component",
        plan: item.plan,
        outer: void 0
      };
    case "core module":
      return {
        kind: "core module",
        bytes: item.bytes
      };
    case "instance":
      return {
        kind: "instance",
        exports: new Map([
          ...item.exports
        ].map(([name2, i]) => [
          name2,
          nodeOf(i)
        ]))
      };
    default:
      return void 0;
  }
}
function bringsCode(type2) {
  if (type2.kind === "instance") return [
    ...type2.exports.values()
  ].some(bringsCode);
  return type2.kind === "component" || type2.kind === "core-module";
}

// src/component/component.ts
init_error3();

// src/component/link/exports.ts
init_error3();

// src/component/abi/support.ts
init_error3();
init_fill();
init_memory();
var BadValue = class extends TypeError {
};
var buffer = new DataView(new ArrayBuffer(8));
var encoder4 = new TextEncoder();
function bad(value) {
  throw new BadValue(`unexpected value of type ${typeof value}`);
}
function bigint(value, signed) {
  if (typeof value === "number" && Number.isSafeInteger(value) && (signed || value >= 0)) {
    return BigInt(value);
  }
  return bad(value);
}
function unmarkedPromise() {
  return new TypeError("a host function returned a promise but is not marked as suspending: make it an async function, or mark it with suspending()");
}
var support = {
  bad,
  ComponentError,
  budget,
  charge,
  Fill,
  storeFill,
  bool: (v) => v === true ? 1 : v === false ? 0 : bad(v),
  u8: (v) => (v & 255) === v ? v : bad(v),
  s8: (v) => v << 24 >> 24 === v ? v : bad(v),
  u16: (v) => (v & 65535) === v ? v : bad(v),
  s16: (v) => v << 16 >> 16 === v ? v : bad(v),
  u32: (v) => v >>> 0 === v ? v : bad(v),
  s32: (v) => (v | 0) === v ? v : bad(v),
  u64: (v) => {
    if (typeof v !== "bigint") return bigint(v, false);
    return BigInt.asUintN(64, v) === v ? v : bad(v);
  },
  s64: (v) => {
    if (typeof v !== "bigint") return bigint(v, true);
    return BigInt.asIntN(64, v) === v ? v : bad(v);
  },
  float: (v) => typeof v === "number" ? v : bad(v),
  string: (v) => typeof v === "string" ? v : bad(v),
  utf8: (v) => encoder4.encode(v),
  char: (v) => {
    if (typeof v !== "string") return bad(v);
    const code = v.codePointAt(0);
    if (code === void 0 || code >= 55296 && code <= 57343) return bad(v);
    return v.length === (code > 65535 ? 2 : 1) ? code : bad(v);
  },
  flag: (v) => v === true || v !== false && v !== void 0 && bad(v),
  object: (v) => {
    if (typeof v !== "object" || v === null) bad(v);
  },
  arrayOf: (v, length) => {
    if (typeof v !== "object" || v === null || v.length !== length) bad(v);
  },
  listLength: (v, size) => {
    if (typeof v !== "object" || v === null || !Number.isInteger(v.length) || v.length < 0) return bad(v);
    if (v.length * size > MAX_BYTES) {
      throw new Trap(`list of ${v.length} elements of ${size} bytes is longer than ${MAX_BYTES} bytes`);
    }
    return v.length;
  },
  lowerCase: (indices, v) => indices.get(v) ?? bad(v),
  flagsFrom: (names, v) => {
    for (const name2 of v) if (!names.includes(name2)) bad(name2);
    return Object.fromEntries(v.map((name2) => [
      camelCase(name2),
      true
    ]));
  },
  liftCase: (names, index) => names[index] ?? support.badCase(index, names.length),
  badCase: (index, count) => {
    throw new Trap(`invalid variant discriminant ${index}: there are ${count} cases`);
  },
  liftChar: (code) => {
    if (code >= 1114112 || code >= 55296 && code <= 57343) {
      throw new Trap(`converting to a char: 0x${code.toString(16)} is not a Unicode scalar value`);
    }
    return String.fromCodePoint(code);
  },
  checkList: (memory2, pointer, length, size, align) => {
    if (length * size > MAX_BYTES) {
      throw new Trap(`list of ${length} elements of ${size} bytes is longer than ${MAX_BYTES} bytes`);
    }
    memory2.check(pointer, length * size, align, "list");
    charge(length * size);
  },
  /** A fixed-length list that came in core values, in the array type of its elements. */
  listOf: (kind, items) => {
    const from = ARRAYS[kind];
    return from ? from(items) : items;
  },
  /** A handle is lent until the call under way returns. */
  lend: (handle2, lends) => {
    handle2.lends++;
    lends.handles.push(handle2);
    return handle2.rep;
  },
  giveBack: (lends) => {
    for (const handle2 of lends.handles) handle2.lends--;
    for (const expire of lends.expire) expire();
    lends.handles.length = lends.expire.length = 0;
  },
  checkBorrows: (scope) => {
    if (scope.borrows !== 0) {
      throw new Trap(`borrow handles still remain at the end of the call: ${scope.borrows}`);
    }
  },
  /** An own is handed to a guest; `given` remembers it until the call begins. */
  give: (table3, resource, value, given) => {
    const index = table3.addOwn(resource, resource.ownFromHost(value));
    given.push({
      resource,
      index,
      value
    });
    return index;
  },
  /** A call did not come about: the handles made for it are taken back. */
  undo: (table3, given, borrows) => {
    table3.forget(borrows);
    for (const { resource, index, value } of given) {
      table3.takeOwn(index, resource);
      resource.ownBackToHost(value);
    }
    given.length = 0;
  },
  /** A function that returns a promise does not throw besides. */
  rejecting: (f) => (...args) => {
    try {
      return f(...args);
    } catch (error) {
      return Promise.reject(error);
    }
  },
  cannotLeave: (fate, flags) => {
    throw fate.kill(fate.dead ?? new Trap("cannot leave component instance: a call out of realloc or post-return"), flags);
  },
  /** Whether what a host function threw is the err side of its `result`, as other runtimes see it too. */
  isErr: (error) => error instanceof ComponentError || !(error instanceof Error) || Object.hasOwn(error, "payload"),
  errOf: (error) => error instanceof Error ? error.payload : error,
  unmarkedPromise: () => {
    throw unmarkedPromise();
  },
  f32FromBits: (bits) => {
    buffer.setInt32(0, bits);
    return buffer.getFloat32(0);
  },
  f64FromBits: (bits) => {
    buffer.setBigInt64(0, bits);
    return buffer.getFloat64(0);
  },
  f32ToBits: (value) => {
    buffer.setFloat32(0, value);
    return buffer.getInt32(0);
  },
  f64ToBits: (value) => {
    buffer.setFloat64(0, value);
    return buffer.getBigInt64(0);
  }
};
var ARRAYS = {
  u8: (items) => Uint8Array.from(items),
  s8: (items) => Int8Array.from(items),
  u16: (items) => Uint16Array.from(items),
  s16: (items) => Int16Array.from(items),
  u32: (items) => Uint32Array.from(items),
  s32: (items) => Int32Array.from(items),
  u64: (items) => BigUint64Array.from(items),
  s64: (items) => BigInt64Array.from(items),
  f32: (items) => Float32Array.from(items),
  f64: (items) => Float64Array.from(items)
};

// src/component/link/resource.ts
var HostResource = class {
  host = true;
  impl = void 0;
  name;
  #class;
  /**
   * @param name The resource's WIT name.
   * @param hostClass What its objects are instances of; unknown where the import was not given.
   */
  constructor(name2, hostClass) {
    this.name = name2;
    this.#class = hostClass;
  }
  ownToHost(rep) {
    return rep;
  }
  borrowToHost(rep) {
    return rep;
  }
  ownFromHost(value) {
    return this.borrowFromHost(value);
  }
  ownBackToHost() {
  }
  borrowFromHost(value) {
    if (typeof value !== "object" || value === null) throw new BadValue(`expected an object of ${this.name}`);
    if (this.#class && !(value instanceof this.#class)) {
      throw new BadValue(`expected an object of class ${this.#class.name}`);
    }
    return value;
  }
  /** The guest dropped its owning handle. */
  drop(rep) {
    const dispose = rep[Symbol.dispose];
    if (typeof dispose === "function") dispose.call(rep);
  }
};
var KEY = Symbol("guest resource");
var GuestObject = class {
  #state;
  constructor(key2, state) {
    if (key2 !== KEY) throw new TypeError("only a guest makes objects of this class");
    this.#state = state;
  }
  /**
   * Drops the resource: runs the guest's destructor. Again, or after it was given away: does nothing. A
   * destructor that may block goes on after this returns, and calls into the instance are refused until it
   * has ended; `Symbol.asyncDispose` waits for it.
   */
  [Symbol.dispose]() {
    this.#drop()?.catch(() => {
    });
  }
  /** Drops the resource, and waits for a destructor that may block. */
  async [Symbol.asyncDispose]() {
    await this.#drop();
  }
  #drop() {
    const state = this.#state;
    if (state.state !== "own") return void 0;
    if (state.lends > 0) throw new TypeError(`${state.resource.name} is in use by a call under way`);
    const dropped = state.resource.drop(state.rep);
    state.state = "gone";
    return dropped;
  }
  /** The state of an object, if it is one of ours. */
  static stateOf(value) {
    return typeof value === "object" && value !== null && #state in value ? value.#state : void 0;
  }
};
var GuestResource = class {
  host = false;
  impl;
  /** The class that JavaScript sees; the exports add its methods. */
  hostClass;
  /** Its destructor, if the guest has one. */
  destroy;
  #name;
  /**
   * @param name The resource's WIT name, as far as known.
   * @param impl Flags of the instance that implements it.
   * @param destroy Its destructor, if it has one.
   */
  constructor(name2, impl, destroy) {
    this.destroy = destroy;
    this.#name = name2;
    this.impl = impl;
    this.hostClass = class extends GuestObject {
    };
  }
  /** The resource's WIT name. */
  get name() {
    return this.#name;
  }
  /** Its owner, outside the instance that implements it, drops it. */
  drop(rep) {
    return this.destroy?.outside(rep);
  }
  /** Names the resource and its class, once an export tells. */
  rename(name2, className) {
    this.#name = name2;
    Object.defineProperty(this.hostClass, "name", {
      value: className,
      configurable: true
    });
  }
  ownToHost(rep) {
    return this.#object({
      resource: this,
      rep,
      state: "own",
      lends: 0
    });
  }
  borrowToHost(rep, lends) {
    const state = {
      resource: this,
      rep,
      state: "borrow",
      lends: 0
    };
    lends.expire.push(() => state.state = "gone");
    return this.#object(state);
  }
  ownFromHost(value) {
    const state = this.#stateOf(value);
    if (state.state !== "own") throw new BadValue(`this object only borrows its ${this.name}`);
    if (state.lends > 0) throw new BadValue(`this ${this.name} is in use by a call under way`);
    state.state = "gone";
    return state.rep;
  }
  ownBackToHost(value) {
    GuestObject.stateOf(value).state = "own";
  }
  borrowFromHost(value, lends) {
    const state = this.#stateOf(value);
    state.lends++;
    lends.expire.push(() => state.lends--);
    return state.rep;
  }
  #stateOf(value) {
    const state = GuestObject.stateOf(value);
    if (!state || state.resource !== this) throw new BadValue(`expected an object of ${this.name}`);
    if (state.state === "gone") {
      throw new BadValue(`this ${this.name} was dropped, given away or has expired`);
    }
    return state;
  }
  #object(state) {
    return Reflect.construct(GuestObject, [
      KEY,
      state
    ], this.hostClass);
  }
};

// src/component/link/exports.ts
function makeExports(exports2, types) {
  return makeInstance(exports2, types, "");
}
function makeInstance(exports2, types, prefix) {
  const result2 = /* @__PURE__ */ Object.create(null);
  const classes = /* @__PURE__ */ new Map();
  for (const [name2, item] of exports2) {
    if (item.kind !== "resource") continue;
    const className = pascalCase(name2);
    const { resource } = item;
    if (!(resource instanceof GuestResource)) continue;
    resource.rename(name2, className);
    result2[className] = resource.hostClass.prototype.constructor;
    classes.set(name2, resource.hostClass);
  }
  for (const [name2, item] of exports2) {
    const type2 = types.get(name2);
    if (item.kind === "instance" && type2?.kind === "instance") {
      result2[name2] = makeInstance(item.exports, type2.exports, `${prefix}${name2}#`);
    } else if (item.kind === "guest func") {
      const f = item.frame.lift(item, "host", void 0, prefix + name2, type2?.kind === "func" ? type2 : item.type);
      addFunc(result2, classes, name2, f);
    } else if (item.kind === "host func" && item.callee.form === "call") {
      addFunc(result2, classes, name2, item.f);
    }
  }
  return Object.freeze(result2);
}
function addFunc(into, classes, name2, f) {
  const kind = /^\[(constructor|method|static)\]([^.]*)\.?(.*)$/.exec(name2);
  const owner = kind && classes.get(kind[2]);
  if (!kind || !owner) {
    const key2 = camelCase(name2);
    if (Object.hasOwn(into, key2)) {
      throw new LinkError(`two exports would have the name ${key2} in JavaScript; one is ${name2}`, []);
    }
    into[key2] = f;
    return;
  }
  const method = memberName(camelCase(kind[3]));
  const hidden = {
    configurable: true,
    writable: true,
    enumerable: false
  };
  switch (kind[1]) {
    case "constructor": {
      const className = pascalCase(kind[2]);
      const constructible = function(...args) {
        if (!new.target) {
          throw new TypeError(`class constructor ${className} cannot be invoked without 'new'`);
        }
        return f(...args);
      };
      Object.defineProperty(constructible, "name", {
        value: className
      });
      Object.defineProperty(constructible, "prototype", {
        value: owner.prototype,
        writable: false
      });
      Object.defineProperty(owner.prototype, "constructor", {
        ...hidden,
        value: constructible
      });
      Object.setPrototypeOf(constructible, owner);
      into[className] = constructible;
      classes.set(kind[2], constructible);
      return;
    }
    case "static":
      Object.defineProperty(owner, method, {
        ...hidden,
        value: f
      });
      return;
    default: {
      const call2 = f;
      Object.defineProperty(owner.prototype, method, {
        ...hidden,
        value: function(...args) {
          return call2(this, ...args);
        }
      });
    }
  }
}
function memberName(name2) {
  return name2 === "then" || name2 === "prototype" ? `${name2}_` : name2;
}

// src/component/link/fate.ts
init_error3();
var InstanceFate = class {
  dead = void 0;
  #signal;
  /** @param signal Gives a guest up that waits. */
  constructor(signal) {
    this.#signal = signal;
  }
  enter(flags, ancestors) {
    if (this.dead !== void 0) {
      throw new Trap("the instance is dead: it trapped before", {
        cause: this.dead
      });
    }
    if (!flags.mayEnter || ancestors.some((a) => !a.mayEnter)) {
      throw new Trap("cannot enter component instance: a call into it is under way");
    }
    for (const ancestor of ancestors) ancestor.mayEnter = false;
  }
  leave(ancestors) {
    for (const ancestor of ancestors) ancestor.mayEnter = true;
  }
  kill(error, flags) {
    const trap = asTrap(error);
    this.dead ??= trap;
    if (flags) flags.mayLeave = false;
    return trap;
  }
  /** Listens only while the guest waits: one signal may be that of any number of instances. */
  waiting(promise) {
    const signal = this.#signal;
    if (signal === void 0) return promise;
    return new Promise((resolve, reject) => {
      const abandon = () => reject(signal.reason);
      if (signal.aborted) abandon();
      else signal.addEventListener("abort", abandon, {
        once: true
      });
      const settle2 = (done) => {
        signal.removeEventListener("abort", abandon);
        done();
      };
      promise.then((value) => settle2(() => resolve(value)), (error) => settle2(() => reject(error)));
    });
  }
  failed(error, running, flags, ancestors, explain2) {
    if (!running && flags.mayLeave && !(error instanceof Trap)) {
      flags.mayEnter = true;
      this.leave(ancestors);
      return explain2();
    }
    return this.kill(error);
  }
};
function asTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    return new Trap(`wasm trap: ${error.message}`, {
      cause: error
    }, framesOf(error));
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new Trap("wasm trap: call stack exhausted", {
      cause: error
    }, framesOf(error));
  }
  if (error instanceof Error) {
    if (error.name === "SuspendError") {
      return new Trap(`cannot suspend here: ${error.message}`, {
        cause: error
      }, framesOf(error));
    }
    return error;
  }
  const thrown = typeof error === "object" ? "an exception" : String(error);
  return new Trap(`the guest threw ${thrown}`, {
    cause: error
  });
}
function framesOf(error) {
  const frames = [];
  for (const line of (error.stack ?? "").split("\n")) {
    const match = /^\s+at (?:(.*) \()?wasm:\/\/wasm\/.*:wasm-function\[(\d+)\]:(0x[0-9a-f]+)\)?$/.exec(line);
    if (!match) continue;
    const [, name2 = "<anonymous>", index, offset2] = match;
    frames.push(`${name2 === "<anonymous>" ? `function[${index}]` : name2} at ${offset2}`);
  }
  return frames;
}

// src/component/abi/store.ts
function store(body, type2, value, pointer, offset2) {
  const { emitter } = body;
  const at4 = plus(pointer, offset2);
  switch (type2.kind) {
    case "bool":
    case "u8":
      return body.line(`M.u8[${at4}] = ${lowerScalar(type2.kind, value)};`);
    case "s8":
      return body.line(`M.dv.setInt8(${at4}, $.s8(${value}));`);
    case "u16":
    case "s16":
      return body.line(`M.dv.setUint16(${at4}, ${lowerScalar(type2.kind, value)}, true);`);
    case "u32":
    case "s32":
    case "char":
      return body.line(`M.dv.setUint32(${at4}, ${lowerScalar(type2.kind, value)}, true);`);
    case "u64":
    case "s64":
      return body.line(`M.dv.setBigInt64(${at4}, ${lowerScalar(type2.kind, value)}, true);`);
    case "f32":
      return body.line(`M.dv.setFloat32(${at4}, $.float(${value}), true);`);
    case "f64":
      return body.line(`M.dv.setFloat64(${at4}, $.float(${value}), true);`);
    case "own":
    case "borrow":
      return body.line(`M.dv.setUint32(${at4}, ${lowerHandle(emitter, type2, value)}, true);`);
    case "enum": {
      const size = layoutOf(type2).size;
      return body.line(setInteger(size, at4, lowerEnum(emitter, type2, value)));
    }
    case "flags":
      return body.line(setInteger(layoutOf(type2).size, at4, `${lowerFlags(emitter, type2)}(${value})`));
    case "string":
    case "map":
    case "list":
      if (type2.kind !== "list" || type2.length === void 0) {
        const n = body.hold(storeDynamic(emitter, type2, value), "n");
        body.line(`M.dv.setUint32(${at4}, P.pointer, true);`);
        return body.line(`M.dv.setUint32(${plus(pointer, offset2 + 4)}, ${n}, true);`);
      }
  }
  body.line(`${storeHelper(emitter, type2)}(${value}, ${at4});`);
}
function storeDynamic(emitter, type2, value) {
  if (type2.kind !== "list" && type2.kind !== "map") return `put(M, A, $.string(${value}))`;
  return `${storeList(emitter, type2.kind === "map" ? mapAsList(type2) : type2)}(${value})`;
}
function storeHelper(emitter, type2) {
  return emitter.helper("store", type2, "v, p", (body) => {
    switch (type2.kind) {
      case "record": {
        const offsets = offsetsOf(type2.fields.map((f) => f.type));
        body.line(`$.object(v, "record");`);
        type2.fields.forEach((f, i) => store(body, f.type, body.hold(`v[${quote2(camelCase(f.name))}]`), "p", offsets[i]));
        return;
      }
      case "tuple": {
        const offsets = offsetsOf(type2.types);
        body.line(`$.arrayOf(v, ${type2.types.length});`);
        type2.types.forEach((t, i) => store(body, t, body.hold(`v[${i}]`), "p", offsets[i]));
        return;
      }
      case "list":
        body.line(`$.arrayOf(v, ${type2.length});`);
        return storeElements(body, type2, `${type2.length}`);
      case "variant":
      case "option":
      case "result": {
        const cases = casesOf(type2);
        const { discriminant: discriminant3, payload } = variantLayout(cases);
        switchCases(body, type2, "v", (i, value) => {
          body.line(setInteger(discriminant3, "p", `${i}`));
          const t = cases[i];
          if (t) store(body, t, body.hold(value), "p", payload);
        });
        return;
      }
      default:
        return unsupported(type2.kind);
    }
  });
}
function switchCases(body, type2, value, write) {
  if (type2.kind === "option" && !isNested(type2)) {
    body.line(`if (${value} === undefined || ${value} === null) {`);
    write(0, "undefined");
    body.line("} else {");
    write(1, value);
    return body.line("}");
  }
  const names = type2.kind === "variant" ? type2.cases.map((c) => c.name) : type2.kind === "option" ? [
    "none",
    "some"
  ] : [
    "ok",
    "err"
  ];
  body.line(`$.object(${value}, "variant");`);
  body.line(`switch (${value}.tag) {`);
  names.forEach((name2, i) => {
    body.line(`case ${quote2(name2)}: {`);
    write(i, `${value}.val`);
    body.line("break; }");
  });
  body.line(`default: $.bad(${value}); }`);
}
function lowerHandle(emitter, type2, value) {
  const r = emitter.resource(type2.resource.slot);
  const host = emitter.boundary === "host";
  if (type2.kind === "own") {
    if (!host) return `T.addOwn(${r}, ${value})`;
    if (!emitter.undoes) return `T.addOwn(${r}, ${r}.ownFromHost(${value}))`;
    emitter.owns = true;
    return `$.give(T, ${r}, ${value}, U)`;
  }
  emitter.borrows = true;
  const rep = host ? `${r}.borrowFromHost(${value}, L)` : value;
  return `(${r}.impl === I ? ${rep} : T.addBorrow(${r}, ${rep}, B))`;
}
function storeList(emitter, type2) {
  return emitter.helper("puts", type2, "v", (body) => {
    const { size, align } = layoutOf(type2.element);
    if (type2.element.kind === "u8") {
      body.line("if (v instanceof $.Fill) return $.storeFill(M, A, v);");
      body.line("if (typeof v === 'string') v = $.utf8(v);");
    }
    body.line(`const n = $.listLength(v, ${size});`);
    body.line(`const q = A(0, 0, ${align}, n * ${size});`);
    body.line("let p = q;");
    storeElements(body, type2, "n");
    body.line("P.pointer = q;");
    body.line("return n;");
  });
}
function storeElements(body, type2, count) {
  const { kind } = type2.element;
  const { size } = layoutOf(type2.element);
  const array = TYPED_ARRAYS[kind];
  if (array) {
    const target = kind === "u8" ? "M.u8.set(v, p);" : `new ${array}(M.u8.buffer, p, ${count}).set(v);`;
    body.line(`if (v instanceof ${array}) ${target} else`);
  }
  body.line(`for (let i = 0; i < ${count}; i++, p += ${size}) { const e = v[i];`);
  store(body, type2.element, "e", "p", 0);
  body.line("}");
}
function lowerScalar(kind, value) {
  switch (kind) {
    case "f32":
    case "f64":
      return `$.float(${value})`;
    default:
      return `$.${kind}(${value})`;
  }
}
function lowerEnum(emitter, type2, value) {
  return `$.lowerCase(${emitter.constant(new Map(type2.names.map((n, i) => [
    n,
    i
  ])))}, ${value})`;
}
function lowerFlags(emitter, type2) {
  return emitter.helper("flags", type2, "v", (body) => {
    body.line("if (v === undefined || v === null) return 0;");
    body.line(`if (Array.isArray(v)) v = $.flagsFrom(${emitter.constant(type2.names)}, v);`);
    body.line(`$.object(v, "flags");`);
    const bits = type2.names.map((n, i) => `($.flag(v[${quote2(camelCase(n))}]) ? ${1 << i} : 0)`);
    body.line(`return ${bits.join(" | ")};`);
  });
}
function setInteger(size, at4, value) {
  if (size === 1) return `M.u8[${at4}] = ${value};`;
  return `M.dv.setUint${size * 8}(${at4}, ${value}, true);`;
}

// src/component/abi/flat.ts
var FlatCursor = class {
  values;
  /** Index of the next value. */
  next = 0;
  /** @param values All core values. */
  constructor(values) {
    this.values = values;
  }
  /** The next value, reinterpreted where a variant joined it with another type. */
  take(want) {
    const { text, type: type2 } = this.values[this.next++];
    if (type2 === want) return text;
    switch (`${type2}>${want}`) {
      case "i32>f32":
        return `$.f32FromBits(${text})`;
      case "i64>i32":
        return `Number(BigInt.asIntN(32, ${text}))`;
      case "i64>f32":
        return `$.f32FromBits(Number(BigInt.asIntN(32, ${text})))`;
      case "i64>f64":
        return `$.f64FromBits(${text})`;
      default:
        throw new TypeError(`no core value of type ${type2} holds a ${want}`);
    }
  }
};
function liftFlat(body, type2, from) {
  const { emitter } = body;
  switch (type2.kind) {
    case "bool":
      return `${from.take("i32")} !== 0`;
    case "u8":
      return `${from.take("i32")} & 0xff`;
    case "s8":
      return `${from.take("i32")} << 24 >> 24`;
    case "u16":
      return `${from.take("i32")} & 0xffff`;
    case "s16":
      return `${from.take("i32")} << 16 >> 16`;
    case "u32":
      return `${from.take("i32")} >>> 0`;
    case "s32":
      return from.take("i32");
    case "u64":
      return `BigInt.asUintN(64, ${from.take("i64")})`;
    case "s64":
      return from.take("i64");
    case "f32":
    case "f64":
      return from.take(type2.kind);
    case "char":
      return `$.liftChar(${from.take("i32")} >>> 0)`;
    case "string":
      return `str(M, ${from.take("i32")} >>> 0, ${from.take("i32")} >>> 0)`;
    case "own":
    case "borrow":
      return liftHandle(emitter, type2, `${from.take("i32")} >>> 0`);
    case "enum":
      return `$.liftCase(${emitter.constant(type2.names)}, ${from.take("i32")} >>> 0)`;
    case "flags":
      return flagsObject(type2.names, body.hold(from.take("i32")));
    case "map":
    case "list": {
      const list = type2.kind === "map" ? mapAsList(type2) : type2;
      if (list.length === void 0) {
        return `${loadList(emitter, list)}(${from.take("i32")} >>> 0, ${from.take("i32")} >>> 0)`;
      }
      const parts2 = Array.from({
        length: list.length
      }, () => liftFlat(body, list.element, from));
      return `$.listOf(${quote2(list.element.kind)}, [${parts2.join(", ")}])`;
    }
    case "record": {
      const parts2 = type2.fields.map((f) => `${key(f.name)}: ${body.hold(liftFlat(body, f.type, from))}`);
      return `{ ${parts2.join(", ")} }`;
    }
    case "tuple":
      return `[${type2.types.map((t) => body.hold(liftFlat(body, t, from))).join(", ")}]`;
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type2);
      const tag = body.hold(`${from.take("i32")} >>> 0`);
      const result2 = emitter.name("x");
      body.line(`let ${result2};`);
      body.line(`switch (${tag}) {`);
      const start = from.next;
      cases.forEach((t, i) => {
        from.next = start;
        body.line(`case ${i}: {`);
        body.line(`${result2} = ${wrapCase(type2, i, t && liftFlat(body, t, from))};`);
        body.line("break; }");
      });
      from.next = start + flatten(type2).length - 1;
      body.line(`default: $.badCase(${tag}, ${cases.length}); }`);
      return result2;
    }
    default:
      return unsupported(type2.kind);
  }
}
function lowerFlat(body, type2, value) {
  const { emitter } = body;
  const one = (text, type3) => [
    {
      text: body.hold(text),
      type: type3
    }
  ];
  switch (type2.kind) {
    case "u64":
    case "s64":
      return one(lowerScalar(type2.kind, value), "i64");
    case "f32":
    case "f64":
      return one(lowerScalar(type2.kind, value), type2.kind);
    case "own":
    case "borrow":
      return one(lowerHandle(emitter, type2, value), "i32");
    case "enum":
      return one(lowerEnum(emitter, type2, value), "i32");
    case "flags":
      return one(`${lowerFlags(emitter, type2)}(${value})`, "i32");
    case "string":
    case "map":
    case "list": {
      if (type2.kind === "list" && type2.length !== void 0) {
        body.line(`$.arrayOf(${value}, ${type2.length});`);
        return Array.from({
          length: type2.length
        }, (_, i) => lowerFlat(body, type2.element, body.hold(`${value}[${i}]`))).flat();
      }
      const length = body.hold(storeDynamic(emitter, type2, value));
      return [
        {
          text: body.hold("P.pointer"),
          type: "i32"
        },
        {
          text: length,
          type: "i32"
        }
      ];
    }
    case "record":
      body.line(`$.object(${value}, "record");`);
      return type2.fields.flatMap((f) => lowerFlat(body, f.type, body.hold(`${value}[${quote2(camelCase(f.name))}]`)));
    case "tuple":
      body.line(`$.arrayOf(${value}, ${type2.types.length});`);
      return type2.types.flatMap((t, i) => lowerFlat(body, t, body.hold(`${value}[${i}]`)));
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type2);
      const flat = flatten(type2);
      const names = flat.map((t) => {
        const name2 = emitter.name("x");
        body.line(`let ${name2} = ${t === "i64" ? "0n" : "0"};`);
        return name2;
      });
      switchCases(body, type2, value, (i, payload) => {
        body.line(`${names[0]} = ${i};`);
        const t = cases[i];
        if (!t) return;
        lowerFlat(body, t, body.hold(payload)).forEach((have, j) => {
          body.line(`${names[j + 1]} = ${widen(have, flat[j + 1])};`);
        });
      });
      return names.map((text, i) => ({
        text,
        type: flat[i]
      }));
    }
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type2.kind);
    default:
      return one(lowerScalar(type2.kind, value), "i32");
  }
}
function widen({ text, type: type2 }, want) {
  if (type2 === want) return text;
  switch (`${type2}>${want}`) {
    case "f32>i32":
      return `$.f32ToBits(${text})`;
    case "i32>i64":
      return `BigInt(${text} >>> 0)`;
    case "f32>i64":
      return `BigInt($.f32ToBits(${text}) >>> 0)`;
    case "f64>i64":
      return `$.f64ToBits(${text})`;
    default:
      throw new TypeError(`no core value of type ${want} holds a ${type2}`);
  }
}

// src/component/abi/lift.ts
init_strings();
function makeLift(shape) {
  const { type: type2, suspends, boundary } = shape;
  const host = boundary === "host";
  const emitter = new Emitter(boundary, shape.encoding);
  emitter.undoes = host;
  const signature2 = signatureOf(type2);
  const { result: result2 } = type2;
  const types = type2.params.map((p) => p.type);
  const names = types.map((_, i) => `a${i}`);
  const lower2 = new Body(emitter);
  const flat = [];
  if (signature2.paramsInMemory) {
    const { size, align } = recordLayout(types);
    const offsets = offsetsOf(types);
    const pointer = lower2.hold(`A(0, 0, ${align}, ${size})`);
    types.forEach((t, i) => store(lower2, t, names[i], pointer, offsets[i]));
    flat.push(pointer);
  } else {
    types.forEach((t, i) => flat.push(...lowerFlat(lower2, t, names[i]).map((v) => v.text)));
  }
  const finish2 = new Body(emitter);
  let value = "undefined";
  if (result2) finish2.line(openBudget([
    result2
  ]));
  if (result2 && signature2.resultInMemory) {
    const { size, align } = layoutOf(result2);
    finish2.line("const p = r >>> 0;");
    finish2.line(`M.check(p, ${size}, ${align}, "result");`);
    value = finish2.hold(load2(finish2, result2, "p", 0));
  } else if (result2) {
    const cursor = new FlatCursor([
      {
        text: "r",
        type: signature2.results[0]
      }
    ]);
    value = finish2.hold(liftFlat(finish2, result2, cursor));
  }
  if (emitter.borrows) finish2.line("if (B.borrows !== 0) $.checkBorrows(B);");
  if (shape.post) finish2.line(`I.mayLeave = false;
post(${result2 ? "r" : ""});`);
  if (emitter.borrows) finish2.line("if (L.handles.length !== 0 || L.expire.length !== 0) $.giveBack(L);");
  finish2.line("if (S.dead !== undefined) throw S.dead;");
  if (shape.post) finish2.line("I.mayLeave = true;");
  finish2.line("N.mayEnter = true;\nif (W.length !== 0) S.leave(W);");
  finish2.line(`return ${value};`);
  const unwrap = host && result2?.kind === "result" ? (v) => `const t = ${v};
if (t.tag === "err") throw new $.ComponentError(t.val);
return t.val;` : (v) => `return ${v};`;
  const refresh = shape.memory ? "if (M.u8.length === 0) M.refresh();" : "";
  const params = names.join(", ");
  const catching = `catch (e) {
${emitter.borrows || emitter.owns ? "if (!running) $.undo(T, U, B);" : ""}
${emitter.borrows ? "B.borrows = 0;\n$.giveBack(L);" : ""}
throw S.failed(e, running, N, W, () => explain(c, [${params}], e));
}`;
  const text = `
"use strict";
const { M, A, T, I, S, R, N, W, f, post } = c;
${[
    ...emitter.resources
  ].map((slot2) => `const r${slot2} = R[${slot2}];`).join("\n")}
${emitter.lends || emitter.borrows || emitter.owns ? "const L = { handles: [], expire: [] }, B = { borrows: 0 }, U = [];" : ""}
${emitter.helpers()}
function finish(r) {
${refresh}
${finish2.text()}
}
${suspends && host ? "" : "return "}function lifted(${params}) {
if (S.dead !== undefined || !N.mayEnter || W.length !== 0) S.enter(N, W);
N.mayEnter = false;
let running = false, v;
try {
${refresh}
${lower2.text()}
running = true;
${emitter.owns ? "U.length = 0;" : ""}
v = f(${flat.join(", ")});
${suspends ? "" : "v = finish(v);"}
} ${catching}
${suspends ? `return v.then((v) => { try { v = finish(v); } ${catching}
${unwrap("v")} }, (e) => { try { throw e; } ${catching} });` : unwrap("v")}
}${suspends && host ? `;
return $.rejecting(lifted)` : ""};`;
  spendCode(shape.code, text);
  const factory = new Function("$", "K", "P", "str", "put", "explain", "c", text);
  const { constants } = emitter;
  const str = loadString[shape.encoding], put = storeString[shape.encoding];
  return (context) => factory(support, constants, stored, str, put, explain, context);
}
function explain({ name: name2, type: type2 }, args, error) {
  if (!(error instanceof TypeError)) return error;
  let mismatch2;
  try {
    mismatch2 = findMismatch(type2, args);
  } catch {
    return error;
  }
  const of = `${name2}: ${witFunc(type2)}`;
  if (mismatch2) {
    const { path: path2, expected: expected2, found } = mismatch2;
    return new TypeError(`parameter ${path2} is ${expected2}, got ${found} (calling ${of})`);
  }
  if (!(error instanceof BadValue)) return error;
  return new TypeError(`arguments ${show(args)} do not fit: ${error.message} (calling ${of})`);
}

// src/component/abi/lower.ts
init_strings();
function makeLower(shape) {
  const { type: type2, callee, suspends } = shape;
  const guest = callee.form === "guest";
  const emitter = new Emitter(guest ? "guest" : "host", shape.encoding);
  emitter.countLends = guest || type2.params.some((p) => contains(p.type, (t) => t.kind === "own"));
  const signature2 = signatureOf(type2);
  const result2 = type2.result;
  const throws = !guest && result2?.kind === "result";
  const main = new Body(emitter);
  const params = signature2.paramsInMemory ? [
    "a0"
  ] : signature2.params.map((_, i) => `a${i}`);
  if (signature2.resultInMemory) params.push("ret");
  main.line(openBudget(type2.params.map((p) => p.type)));
  const args = liftParams(main, type2.params.map((p) => p.type), signature2);
  main.line(`called = true;
v = ${callText(callee, args)};
called = false;`);
  const finish2 = new Body(emitter);
  if (emitter.lends) finish2.line("if (L.handles.length !== 0 || L.expire.length !== 0) $.giveBack(L);");
  lowerResult(finish2, result2, signature2.resultInMemory);
  const refresh = shape.memory ? "if (M.u8.length === 0) M.refresh();" : "";
  const ret = signature2.resultInMemory ? ", ret" : "";
  const value = throws ? `{ tag: "ok", val: v }` : "v";
  const text = `
"use strict";
const { M, A, T, I, S, R } = c, f = c.f;
${[
    ...emitter.resources
  ].map((slot2) => `const r${slot2} = R[${slot2}];`).join("\n")}
${emitter.lends || emitter.borrows ? "const L = { handles: [], expire: [] }, B = { borrows: 0 };" : ""}
${emitter.helpers()}
function finish(v${ret}) {
${refresh}
${finish2.text()}
}
function failed(e${ret}) {
${throws ? `if ($.isErr(e)) {
const val = $.errOf(e);
try { return finish({ tag: "err", val }${ret}); } catch (e) { throw S.kill(explain(e, val, c.name, "err"), I); }
}` : ""}
throw S.kill(e, I);
}
${suspends ? `function settled(v${ret}) {
try { return finish(${value}${ret}); } catch (e) { throw S.kill(explain(e, v, c.name), I); }
}` : ""}
return function lowered(${params.join(", ")}) {
if (!I.mayLeave) $.cannotLeave(S, I);
let v, called = false;
try {
${refresh}
${main.text()}
${suspends ? `if (v !== null && typeof v === "object" && typeof v.then === "function") {
return ${guest ? "v" : "S.waiting(v)"}.then((v) => settled(v${ret}), (e) => failed(e${ret}));
}` : ""}
${!guest && !suspends && takesAnyObject(result2) ? `if (v !== undefined && v !== null && typeof v.then === "function") $.unmarkedPromise();` : ""}
return finish(${value}${ret});
} catch (e) {
if (called) return failed(e${ret});
throw S.kill(explain(e, v, c.name), I);
}
};`;
  spendCode(shape.code, text);
  const factory = new Function("$", "K", "P", "str", "put", "explain", "c", text);
  const explain2 = explainReturn(type2);
  const { constants } = emitter;
  const str = loadString[shape.encoding], put = storeString[shape.encoding];
  return (context) => factory(support, constants, stored, str, put, explain2, context);
}
function liftParams(body, types, signature2) {
  if (signature2.paramsInMemory) {
    const { size, align } = recordLayout(types);
    const offsets = offsetsOf(types);
    body.line("a0 >>>= 0;");
    body.line(`M.check(a0, ${size}, ${align}, "parameters");`);
    return types.map((t, i) => body.hold(load2(body, t, "a0", offsets[i])));
  }
  const cursor = new FlatCursor(signature2.params.map((type2, i) => ({
    text: `a${i}`,
    type: type2
  })));
  return types.map((t) => body.hold(liftFlat(body, t, cursor)));
}
function callText(callee, args) {
  switch (callee.form) {
    case "new":
      return `new f(${args.join(", ")})`;
    case "method":
      return `${args[0]}[${quote2(callee.method)}](${args.slice(1).join(", ")})`;
    default:
      return `f(${args.join(", ")})`;
  }
}
function lowerResult(body, result2, inMemory) {
  if (!result2) return body.line("return;");
  if (inMemory) {
    const { size, align } = layoutOf(result2);
    body.line("ret >>>= 0;");
    body.line(`M.check(ret, ${size}, ${align}, "result");`);
    return store(body, result2, "v", "ret", 0);
  }
  const [flat] = lowerFlat(body, result2, "v");
  body.line(`return ${flat.text};`);
}
function takesAnyObject(type2) {
  switch (type2?.kind) {
    case void 0:
    case "own":
    case "flags":
      return true;
    case "record":
      return type2.fields.every(({ type: t }) => t.kind === "flags" || t.kind === "option" && !isNested(t));
    case "option":
      return takesAnyObject(type2.type);
    case "result":
      return takesAnyObject(type2.ok);
    default:
      return false;
  }
}
function explainReturn(type2) {
  return (error, value, name2, side) => {
    if (!(error instanceof TypeError)) return error;
    if (typeof value?.then === "function") return unmarkedPromise();
    const wanted = type2.result?.kind === "result" ? type2.result[side ?? "ok"] : type2.result;
    let mismatch2;
    try {
      mismatch2 = wanted && mismatchOf(wanted, value, side ?? "result");
    } catch {
      return error;
    }
    if (!mismatch2) {
      if (!(error instanceof BadValue)) return error;
      return new TypeError(`the host function ${name2} returned what does not fit: ${error.message}`);
    }
    return new TypeError(`the host function ${name2} returned ${mismatch2.found} for ${mismatch2.path}, expected ${mismatch2.expected}`);
  };
}

// src/component/link/frame.ts
init_memory();
init_error3();

// src/component/link/builtin.ts
init_error3();

// src/component/link/suspend.ts
var jspi = WebAssembly;
var canSuspendGuests = jspi.Suspending !== void 0 && jspi.promising !== void 0;
var imports = /* @__PURE__ */ new WeakMap();
var exports = /* @__PURE__ */ new WeakMap();
function asSuspendingImport(f) {
  let wrapped = imports.get(f);
  if (!wrapped) imports.set(f, wrapped = new jspi.Suspending(f));
  return wrapped;
}
function asPromising(f) {
  let wrapped = exports.get(f);
  if (!wrapped) exports.set(f, wrapped = promising(f));
  return wrapped;
}
function promising(f) {
  try {
    return jspi.promising(f);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return (...args) => new Promise((resolve) => resolve(f(...args)));
  }
}
var RUN = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 11, 2, 0, 1, 115, 0, 0, 0, 1, 100, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 2, 10, 8, 1, 6, 0, 16, 0, 16, 1, 11);
var run;
function runStart(start) {
  let done = false;
  const d = () => {
    done = true;
  };
  const { exports: exports2 } = new WebAssembly.Instance(run ??= new WebAssembly.Module(RUN), {
    "": {
      s: start,
      d
    }
  });
  const started = asPromising(exports2["run"])();
  return done ? void 0 : started;
}

// src/component/link/builtin.ts
function defineResource(name2, flags, fate, destructor) {
  if (!destructor) return new GuestResource(name2, flags);
  const { core, suspends } = destructor;
  return new GuestResource(name2, flags, {
    suspends,
    inside: (rep) => suspends() ? asPromising(core)(rep) : core(rep),
    outside: (rep) => {
      if (fate.dead !== void 0) return void 0;
      fate.enter(flags, []);
      flags.mayEnter = false;
      const left = () => {
        flags.mayEnter = true;
      };
      const failed2 = (error) => {
        throw fate.kill(error, flags);
      };
      try {
        if (suspends()) return asPromising(core)(rep).then(left, failed2);
        core(rep);
      } catch (error) {
        failed2(error);
      }
      return left();
    }
  });
}
function resourceBuiltin(op, resource, { handles, flags, fate }) {
  const guarded = (f) => (value) => {
    try {
      if (!flags.mayLeave) throw new Trap("cannot leave component instance");
      return f(value);
    } catch (error) {
      throw fate.kill(error, flags);
    }
  };
  switch (op) {
    case "resource.new":
      return {
        f: guarded((rep) => handles.addOwn(resource, rep)),
        suspends: false
      };
    case "resource.rep": {
      const f = (index) => {
        try {
          return handles.get(index >>> 0, resource).rep;
        } catch (error) {
          throw fate.kill(error, flags);
        }
      };
      return {
        f,
        suspends: false
      };
    }
    case "resource.drop": {
      const f = guarded((index) => {
        const handle2 = handles.drop(index >>> 0, resource);
        if (!handle2.own) return void 0;
        const destroyed = resource.impl === flags ? resource.destroy?.inside(handle2.rep) : resource.drop(handle2.rep);
        return destroyed?.then(void 0, (error) => {
          throw fate.kill(error, flags);
        });
      });
      return {
        f,
        suspends: resource instanceof GuestResource && resource.destroy?.suspends() === true
      };
    }
  }
}

// src/component/link/core.ts
function instantiateCore(item, imports2, suspends, account) {
  if (account && item.bounds) return instantiateBounded(item.module, item.bounds, imports2, suspends, account);
  const moved2 = suspends && item.bytes ? startMoved(item.bytes) : void 0;
  const { exports: exports2 } = new WebAssembly.Instance(moved2?.module ?? item.module, imports2);
  return {
    exports: exports2,
    started: moved2 && runStart(exports2[moved2.start])
  };
}
function instantiateBounded(module, bounds, imports2, suspends, account) {
  if (bounds.memories.length > 0) imports2[bounds.from] = account.make(bounds.memories);
  const { exports: exports2 } = new WebAssembly.Instance(module, imports2);
  account.connect(bounds, exports2, imports2);
  if (bounds.start === void 0) return {
    exports: exports2,
    started: void 0
  };
  const start = exports2[bounds.start];
  if (suspends) return {
    exports: exports2,
    started: runStart(start)
  };
  start();
  return {
    exports: exports2,
    started: void 0
  };
}
var moved = /* @__PURE__ */ new WeakMap();
function startMoved(bytes) {
  let entry = moved.get(bytes);
  if (!entry) {
    const rewritten = moveStart(bytes);
    entry = rewritten ? {
      module: compileRewritten(rewritten.bytes, bytes),
      start: rewritten.start
    } : "none";
    moved.set(bytes, entry);
  }
  return entry === "none" ? void 0 : entry;
}

// src/component/link/item.ts
function itemSuspends(item) {
  switch (item.kind) {
    case "host func":
      return item.suspends;
    case "guest func":
      return item.frame.suspends;
    case "instance": {
      let known3 = instances.get(item);
      if (known3 === void 0) {
        known3 = [
          ...item.exports.values()
        ].some(itemSuspends);
        instances.set(item, known3);
      }
      return known3;
    }
    default:
      return false;
  }
}
var instances = /* @__PURE__ */ new WeakMap();

// src/component/link/frame.ts
var Frame = class _Frame {
  plan;
  flags = {
    mayEnter: true,
    mayLeave: true
  };
  handles;
  resources;
  shared;
  /** The instance that instantiated this one. */
  parent;
  /** The instance that its component was defined in. */
  outer;
  /** Some function lowered here may suspend, so whatever is lifted here may. */
  suspends = false;
  exports = /* @__PURE__ */ new Map();
  #args;
  /** Some import may suspend, whether it is lowered or not: what a destructor must reckon with. */
  #argsSuspend;
  #modules = [];
  #coreInstances = [];
  #coreFuncs = [];
  #suspending = /* @__PURE__ */ new Set();
  #importables = /* @__PURE__ */ new Map();
  #tables = [];
  #memories = [];
  #globals = [];
  #tags = [];
  #components = [];
  #instances = [];
  #funcs = [];
  /**
   * @param plan What to instantiate.
   * @param args Its imports, by name.
   * @param shared What the whole root instance shares.
   * @param parent The instance that instantiates it.
   * @param outer The instance that its component was defined in.
   */
  constructor(plan, args, shared, parent, outer) {
    if (++shared.instances > MAX_INSTANCES) throw tooManyInstances();
    this.plan = plan;
    this.handles = new HandleTable(shared);
    this.#args = args;
    this.#argsSuspend = [
      ...args.values()
    ].some(itemSuspends);
    this.shared = shared;
    this.parent = parent;
    this.outer = outer;
    this.resources = new Array(plan.slots).fill(void 0);
  }
  /**
   * Runs the steps. Yields where a start function must be awaited: a caller that cannot wait resumes with
   * an error, one that can resumes when the promise has settled.
   */
  *run() {
    const { steps } = this.plan;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (step.op === "core instantiate") {
        const started = this.#instantiateCore(step);
        if (started) yield started;
      } else if (step.op === "instantiate") {
        yield* this.#instantiate(step);
      } else {
        this.#step(step, i);
      }
    }
  }
  #step(step, index) {
    switch (step.op) {
      case "core module":
        this.#modules.push(this.#module(step.bytes));
        return;
      case "core inline": {
        const exports2 = /* @__PURE__ */ Object.create(null);
        for (const e of step.exports) exports2[e.name] = this.#coreSpace(e.sort)[e.index];
        this.#coreInstances.push(exports2);
        return;
      }
      case "component":
        this.#components.push({
          kind: "component",
          plan: step.plan,
          outer: this
        });
        return;
      case "inline":
        this.#instances.push({
          kind: "instance",
          exports: this.#items(step.exports)
        });
        return;
      case "alias export":
        this.#push(step.sort, this.#instances[step.instance].exports.get(step.name));
        return;
      case "alias core export":
        this.#coreSpace(step.sort).push(this.#coreInstances[step.instance][step.name]);
        return;
      case "alias outer": {
        let frame = this;
        for (let i = 0; i < step.count; i++) frame = frame.outer;
        if (step.sort === "component") this.#components.push(frame.#components[step.index]);
        else this.#modules.push(frame.#modules[step.index]);
        return;
      }
      case "resource":
        this.resources[step.slot] = defineResource(step.name, this.flags, this.shared.fate, step.dtor === void 0 ? void 0 : {
          core: this.#coreFuncs[step.dtor],
          suspends: () => this.suspends || this.#argsSuspend
        });
        return;
      case "lift": {
        const core = this.#coreFuncs[step.func];
        const func = {
          kind: "guest func",
          type: step.type,
          frame: this,
          step: index,
          core
        };
        this.#funcs.push(func);
        return;
      }
      case "lower":
        this.#pushCoreFunc(this.#lower(step, this.#funcs[step.func]));
        return;
      case "resource.new":
      case "resource.drop":
      case "resource.rep":
        this.#pushCoreFunc(resourceBuiltin(step.op, this.resources[step.slot], {
          handles: this.handles,
          flags: this.flags,
          fate: this.shared.fate
        }));
        return;
      case "async builtin":
        this.#coreFuncs.push(this.#refused(step.name));
        return;
      case "import": {
        const item = this.#args.get(step.name);
        this.#bind(item, step.bind);
        this.#push(step.sort, item);
        return;
      }
      case "export": {
        if (!step.item) return;
        const item = this.#item(step.item);
        this.#bind(item, step.bind);
        this.exports.set(step.name, item);
        this.#push(step.item.sort, item);
        return;
      }
    }
  }
  #module(bytes) {
    const { account } = this.shared;
    if (!account) return {
      kind: "core module",
      module: compileModule(bytes),
      bytes
    };
    const { module, bounds } = compileBounded(bytes, account.limit);
    return {
      kind: "core module",
      module,
      bytes,
      bounds
    };
  }
  #instantiateCore(step) {
    const module = this.#modules[step.module];
    const imports2 = /* @__PURE__ */ Object.create(null);
    for (const { name: name2, instance } of step.args) {
      const from = this.#coreInstances[instance];
      imports2[name2] = this.#suspending.size === 0 ? from : this.#importable(from);
    }
    try {
      const { exports: exports2, started } = instantiateCore(module, imports2, this.suspends, this.shared.account);
      this.#coreInstances.push(exports2);
      return started;
    } catch (error) {
      if (error instanceof WebAssembly.LinkError) throw new LinkError(error.message, [], {
        cause: error
      });
      throw this.shared.fate.kill(error, this.flags);
    }
  }
  /** A core instance with its suspending functions wrapped; what it exports is known once it is made. */
  #importable(from) {
    let to = this.#importables.get(from);
    if (!to) {
      this.#importables.set(from, to = /* @__PURE__ */ Object.create(null));
      for (const key2 of Object.keys(from)) {
        const value = from[key2];
        to[key2] = this.#suspending.has(value) ? asSuspendingImport(value) : value;
      }
    }
    return to;
  }
  *#instantiate(step) {
    const { plan, outer } = this.#components[step.component];
    const child = new _Frame(plan, this.#items(step.args), this.shared, this, outer);
    yield* child.run();
    const instance = {
      kind: "instance",
      exports: child.exports
    };
    this.#bind(instance, step.bind);
    this.#instances.push(instance);
  }
  #items(indices) {
    return new Map(indices.map((index) => [
      index.name,
      this.#item(index)
    ]));
  }
  #item({ sort: sort2, index }) {
    switch (sort2) {
      case "func":
        return this.#funcs[index];
      case "instance":
        return this.#instances[index];
      case "component":
        return this.#components[index];
      case "core module":
        return this.#modules[index];
      case "resource":
        return {
          kind: "resource",
          resource: this.resources[index]
        };
    }
  }
  #push(sort2, item) {
    switch (sort2) {
      case "func":
        return void this.#funcs.push(item);
      case "instance":
        return void this.#instances.push(item);
      case "component":
        return void this.#components.push(item);
      case "core module":
        return void this.#modules.push(item);
    }
  }
  /** Puts the resource types that an item brings into their slots. */
  #bind(item, bindings3) {
    for (const { path: path2, slot: slot2 } of bindings3) {
      let at4 = item;
      for (const name2 of path2) at4 = at4?.kind === "instance" ? at4.exports.get(name2) : void 0;
      if (at4?.kind === "resource") this.resources[slot2] = at4.resource;
    }
  }
  #coreSpace(sort2) {
    switch (sort2) {
      case "func":
        return this.#coreFuncs;
      case "table":
        return this.#tables;
      case "memory":
        return this.#memories;
      case "global":
        return this.#globals;
      default:
        return this.#tags;
    }
  }
  #memory(index) {
    if (index === void 0) return void 0;
    const core = this.#memories[index];
    let memory2 = this.shared.memories.get(core);
    if (!memory2) this.shared.memories.set(core, memory2 = new Memory(core));
    return memory2;
  }
  #context(name2, options2) {
    const M = this.#memory(options2.memory);
    let A;
    if (options2.realloc !== void 0 && M) {
      A = allocator(this.#coreFuncs[options2.realloc], M, this.flags, this.shared.fate);
    }
    return {
      name: name2,
      M,
      A,
      T: this.handles,
      I: this.flags,
      S: this.shared.fate,
      R: this.resources
    };
  }
  /** Adds a core function; one that may suspend makes whatever is lifted here one that may. */
  #pushCoreFunc({ f, suspends }) {
    this.#coreFuncs.push(f);
    if (!suspends) return;
    this.suspends = true;
    this.#suspending.add(f);
  }
  #lower(step, func) {
    if (isAsync(step.options)) return {
      f: this.#refused("an async call"),
      suspends: false
    };
    const suspends = itemSuspends(func);
    const host = func.kind === "host func";
    const factory = lowerFactory(step, func, suspends, this.shared.code);
    const f = host ? func.f : func.frame.lift(func, "guest", this);
    const context = this.#context(host ? func.name : "a function", step.options);
    return {
      f: factory({
        ...context,
        f
      }),
      suspends
    };
  }
  /** What belongs to the async proposal links, so that the rest of a component works, and traps when called. */
  #refused(what) {
    return () => {
      const message = this.flags.mayLeave ? `${what} belongs to the async canonical ABI (WASI 0.3), which is not supported yet` : "cannot leave component instance";
      throw this.shared.fate.kill(new Trap(message), this.flags);
    };
  }
  /**
   * A lifted function for a caller: the host, or another instance.
   *
   * @param caller The instance that calls it; `undefined` for the host.
   * @param name For messages.
   * @param type The function's type as the caller sees it, for messages.
   */
  lift(func, boundary, caller, name2 = "a function", type2 = func.type) {
    const step = this.plan.steps[func.step];
    if (isAsync(step.options)) return this.#refused(`the async function ${name2}`);
    const { suspends } = this;
    const entered = this.#entered(caller);
    const context = {
      ...this.#context(name2, step.options),
      type: type2,
      f: suspends ? asPromising(func.core) : func.core,
      post: step.options.postReturn === void 0 ? void 0 : this.#coreFuncs[step.options.postReturn],
      N: entered.shift() ?? {
        mayEnter: true,
        mayLeave: true
      },
      W: entered
    };
    return liftFactory(step, boundary, suspends, this.shared.code)(context);
  }
  /**
   * The instances that a call enters: this one and its ancestors, less those that the caller is already in.
   *
   * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#component-instances
   */
  #entered(caller) {
    const inside2 = /* @__PURE__ */ new Set();
    for (let f = caller; f; f = f.parent) inside2.add(f);
    const entered = [];
    for (let f = this; f; f = f.parent) if (!inside2.has(f)) entered.push(f.flags);
    return entered;
  }
};
function isAsync(options2) {
  return options2.async || options2.callback !== void 0;
}
var lowers = /* @__PURE__ */ new WeakMap();
var lifts = /* @__PURE__ */ new WeakMap();
function once(cache, step, key2, make) {
  let factories = cache.get(step);
  if (!factories) cache.set(step, factories = /* @__PURE__ */ new Map());
  let factory = factories.get(key2);
  if (!factory) factories.set(key2, factory = make());
  return factory;
}
function lowerFactory(step, func, suspends, code) {
  const callee = func.kind === "host func" ? func.callee : {
    form: "guest"
  };
  const { type: type2, options: options2 } = step;
  const key2 = `${callee.form} ${callee.form === "method" ? callee.method : ""} ${suspends}`;
  return once(lowers, step, key2, () => makeLower({
    type: type2,
    encoding: options2.encoding,
    callee,
    suspends,
    memory: options2.memory !== void 0,
    code
  }));
}
function liftFactory(step, boundary, suspends, code) {
  const { type: type2, options: options2 } = step;
  return once(lifts, step, `${boundary} ${suspends}`, () => makeLift({
    type: type2,
    encoding: options2.encoding,
    boundary,
    suspends,
    memory: options2.memory !== void 0,
    post: options2.postReturn !== void 0,
    code
  }));
}

// src/component/link/imports.ts
init_fill();
init_error3();

// src/component/link/observe.ts
function observed(linked, observer) {
  const call2 = callOf(linked);
  const { suspends } = linked;
  const f = (...args) => {
    let value;
    try {
      value = call2(...args);
    } catch (error) {
      observer(args, {
        tag: "threw",
        error
      });
      throw error;
    }
    if (suspends && isPromise(value)) {
      return value.then((value2) => {
        observer(args, {
          tag: "returned",
          value: value2
        });
        return value2;
      }, (error) => {
        observer(args, {
          tag: "threw",
          error
        });
        throw error;
      });
    }
    observer(args, {
      tag: "returned",
      value
    });
    return value;
  };
  return {
    callee: {
      form: "call"
    },
    f,
    suspends
  };
}
function callOf({ callee, f }) {
  switch (callee.form) {
    case "new":
      return (...args) => new f(...args);
    case "method":
      return (self, ...args) => self[callee.method](...args);
    default:
      return f;
  }
}
function isPromise(value) {
  return typeof value === "object" && value !== null && typeof value.then === "function";
}

// src/component/link/imports.ts
init_suspending();

// src/component/link/version.ts
function splitVersion(name2) {
  const at4 = name2.indexOf("@");
  return at4 < 0 ? {
    base: name2,
    version: void 0
  } : {
    base: name2.slice(0, at4),
    version: name2.slice(at4 + 1)
  };
}
function compatibilityTrack(version) {
  const [release2 = ""] = version.split("+");
  if (release2.includes("-")) return release2;
  const [major = "", minor = "", patch = ""] = release2.split(".");
  if (major !== "0") return major;
  return minor !== "0" ? `0.${minor}` : `0.0.${patch}`;
}
var Offered = class {
  #exact = /* @__PURE__ */ new Map();
  #tracks = /* @__PURE__ */ new Map();
  /** @param offers Interface names and what stands behind each. */
  constructor(offers) {
    for (const [name2, value] of offers) {
      this.#exact.set(name2, value);
      const { base, version } = splitVersion(name2);
      if (version === void 0) continue;
      let tracks = this.#tracks.get(base);
      if (!tracks) this.#tracks.set(base, tracks = /* @__PURE__ */ new Map());
      tracks.set(compatibilityTrack(version), value);
    }
  }
  /** What is offered for a name. */
  get(name2) {
    const exact = this.#exact.get(name2);
    if (exact !== void 0) return exact;
    const { base, version } = splitVersion(name2);
    const plain3 = this.#exact.get(base);
    if (plain3 !== void 0) return plain3;
    if (version === void 0) return this.#tracks.get(base)?.values().next().value;
    return this.#tracks.get(base)?.get(compatibilityTrack(version));
  }
  /** The versions offered under the same name, none of which may be compatible. */
  tracks(name2) {
    return [
      ...this.#tracks.get(splitVersion(name2).base)?.keys() ?? []
    ];
  }
};

// src/component/link/imports.ts
var ImportResolver = class {
  /** Imports that were not given, with `missing` unset, and what may be said about each. */
  unresolved = [];
  #offered;
  #missing;
  #observe;
  /** One item per resource type, so that two imports of one type stay one type. */
  #resources = /* @__PURE__ */ new Map();
  #asComponent;
  /**
   * @param imports What the host gives.
   * @param missing What to do about the rest; unset: it is collected in `unresolved`.
   * @param asComponent Recognises a value as a component or module.
   * @param observe Whom to tell of the calls of host functions.
   */
  constructor(imports2, missing, asComponent, observe) {
    this.#offered = new Offered(Object.entries(imports2));
    this.#missing = missing;
    this.#observe = observe;
    this.#asComponent = asComponent;
  }
  /** The item for one import of the component. */
  resolve(name2, type2) {
    switch (type2.kind) {
      case "instance":
        return this.#instance(name2, type2.exports, this.#offered.get(name2));
      case "func": {
        let value = this.#offered.get(name2) ?? this.#offered.get(camelCase(name2));
        if (isObject(value) && typeof value !== "function") value = value["default"];
        return this.#func(name2, name2, type2, {
          [camelCase(name2)]: value,
          [name2]: value
        });
      }
      case "type": {
        if (type2.type.kind !== "resource") return void 0;
        const value = this.#offered.get(name2) ?? this.#offered.get(pascalCase(name2));
        return {
          kind: "resource",
          resource: this.#resource(type2.type, value)
        };
      }
      case "component":
      case "core-module":
        return this.#component(name2, type2, this.#offered.get(name2) ?? this.#offered.get(camelCase(name2)));
      case "value":
        throw new LinkError(`value imports are not supported: ${name2}`, [
          name2
        ]);
    }
  }
  #instance(name2, wanted, offered, partOfMissing = false) {
    const members = isObject(offered) ? offered : void 0;
    if (offered !== void 0 && !members) {
      throw new LinkError(`import ${name2} is an interface: expected an object, got ${show(offered)}`, [
        name2
      ]);
    }
    if (!members && !partOfMissing && !this.#missing && ![
      ...wanted.values()
    ].every(isPlainType)) {
      const tracks = this.#offered.tracks(name2);
      const note2 = tracks.length > 0 ? ` (given: version ${tracks.join(", ")}, which is not compatible)` : "";
      this.unresolved.push({
        name: name2,
        note: note2
      });
    }
    const exports2 = /* @__PURE__ */ new Map();
    for (const [key2, type2] of wanted) {
      switch (type2.kind) {
        case "func":
          exports2.set(key2, this.#func(name2, key2, type2, members));
          break;
        case "type":
          if (type2.type.kind === "resource") {
            const resource = this.#resource(type2.type, members?.[pascalCase(key2)]);
            exports2.set(key2, {
              kind: "resource",
              resource
            });
          }
          break;
        case "instance":
          exports2.set(key2, this.#instance(`${name2}#${key2}`, type2.exports, members && member(members, key2), !members));
          break;
        case "component":
        case "core-module": {
          if (!members) break;
          const given = member(members, key2) ?? member(members, camelCase(key2));
          const item = this.#component(`${name2}#${key2}`, type2, given);
          if (item) exports2.set(key2, item);
          break;
        }
      }
    }
    return {
      kind: "instance",
      exports: exports2
    };
  }
  #component(name2, type2, value) {
    const item = this.#asComponent(name2, type2, value);
    if (!item) {
      const kind = type2.kind === "component" ? "component" : "core module";
      this.unresolved.push({
        name: name2,
        note: value === void 0 ? ` (a ${kind})` : expected(`a ${kind}`, value)
      });
    }
    return item;
  }
  #resource(resource, value) {
    let known3 = this.#resources.get(resource);
    if (!known3) {
      known3 = new HostResource(resource.name, typeof value === "function" ? value : void 0);
      this.#resources.set(resource, known3);
    }
    return known3;
  }
  #func(from, name2, type2, given) {
    const fullName = from === name2 ? name2 : `${from}#${name2}`;
    const verdict = given ? checkSignature(given, name2, type2) : "ok";
    if (typeof verdict === "object") {
      const message = `import ${fullName} is ${witFunc(type2)}, the host's is ${verdict.wanted}`;
      throw new LinkError(message, [
        fullName
      ]);
    }
    const members = verdict === "unknown" ? {} : given;
    const kind = /^\[(constructor|method|static)\](.*)$/.exec(name2);
    const found = kind ? findMember(members, kind[1], kind[2]) : findFunc(members, name2);
    if (!found) {
      if (!this.#missing) {
        const found2 = members && !kind ? member(members, camelCase(name2)) ?? member(members, name2) : void 0;
        const note2 = found2 === void 0 ? "" : expected("a function", found2);
        if (members) this.unresolved.push({
          name: fullName,
          note: note2
        });
        return {
          kind: "host func",
          name: fullName,
          callee: {
            form: "call"
          },
          f: void 0,
          suspends: false
        };
      }
      const missing = this.#missing;
      const f = () => {
        throw missing(from, name2);
      };
      return {
        kind: "host func",
        name: fullName,
        callee: {
          form: "call"
        },
        f,
        suspends: false
      };
    }
    const observer = this.#observe?.(from, name2);
    return {
      kind: "host func",
      name: fullName,
      ...observer ? observed(found, observer) : found
    };
  }
};
function isPlainType(type2) {
  return type2.kind === "type" && type2.type.kind !== "resource";
}
function findFunc(members, name2) {
  const f = members && (member(members, camelCase(name2)) ?? member(members, name2));
  if (typeof f !== "function") return void 0;
  return {
    callee: {
      form: "call"
    },
    f,
    suspends: canSuspend(f)
  };
}
function findMember(members, kind, path2) {
  const [resource = "", method = ""] = path2.split(".");
  const hostClass = members && member(members, pascalCase(resource));
  if (typeof hostClass !== "function") return void 0;
  if (kind === "constructor") return {
    callee: {
      form: "new"
    },
    f: hostClass,
    suspends: false
  };
  const name2 = camelCase(method);
  if (kind === "static") {
    const f2 = member(hostClass, name2);
    if (typeof f2 !== "function") return void 0;
    return {
      callee: {
        form: "call"
      },
      f: f2.bind(hostClass),
      suspends: canSuspend(f2)
    };
  }
  const f = isObject(hostClass.prototype) ? member(hostClass.prototype, name2) : void 0;
  if (typeof f !== "function") return void 0;
  const form = directOf(f);
  if (form) return {
    callee: {
      form: "call"
    },
    f: form,
    suspends: canSuspend(f)
  };
  return {
    callee: {
      form: "method",
      method: name2
    },
    f: void 0,
    suspends: canSuspend(f)
  };
}
function member(of, name2) {
  const value = of[name2];
  return value === inherited[name2] || value === functionMembers[name2] ? void 0 : value;
}
var inherited = Object.prototype;
var functionMembers = Function.prototype;
function expected(what, value) {
  return ` (expected ${what}, got ${show(value)})`;
}
function isObject(value) {
  return (typeof value === "object" || typeof value === "function") && value !== null;
}

// src/component/validate/invalid.ts
init_error3();
var MAX_MESSAGE = 1e3;
function invalid(message, offset2, reading) {
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}\u2026` : message;
  throw new DecodeError(short, offset2, reading, "invalid");
}
function at2(space, index, what, offset2) {
  const item = space[index];
  if (item === void 0) {
    invalid(`unknown ${what} ${index}: index out of bounds (there are ${space.length})`, offset2, what);
  }
  return item;
}

// src/component/validate/budget.ts
var MAX_STEPS = 2e6;
var Budget = class {
  /** Where in the file the work is being done for. */
  offset = 0;
  #left = MAX_STEPS;
  /** Takes steps. */
  spend(steps) {
    this.#left -= steps;
    if (this.#left < 0) {
      invalid("the types of this component are too large, or used too often", this.offset, "component");
    }
  }
};

// src/component/validate/substitute.ts
var MADE = 4;
var Substitution = class {
  #to;
  #budget;
  #done = /* @__PURE__ */ new Map();
  /**
   * @param to What replaces what.
   * @param budget What it may cost.
   */
  constructor(to, budget2) {
    this.#to = to;
    this.#budget = budget2;
  }
  /** A resource, replaced or as it is. */
  resource(resource) {
    return this.#to.resources.get(resource) ?? resource;
  }
  /** A value type. */
  value(type2) {
    return this.#once(type2, () => this.#to.values?.get(type2) ?? this.#value(type2));
  }
  /** The label of a resource that was replaced. */
  #label(label) {
    if (!label) return {};
    const { labels } = this.#to;
    const to = labels?.has(label) ? labels.get(label) : this.#once(label, () => ({
      name: label.name
    }));
    return to ? {
      label: to
    } : {};
  }
  /** A function type. */
  func(type2) {
    return this.#once(type2, () => {
      const params = same(type2.params, (p) => {
        const t = this.value(p.type);
        return t === p.type ? p : {
          ...p,
          type: t
        };
      });
      const result2 = type2.result && this.value(type2.result);
      return params === type2.params && result2 === type2.result ? type2 : {
        ...type2,
        params,
        result: result2
      };
    });
  }
  /** Anything in the type index space. */
  defined(type2) {
    switch (type2.kind) {
      case "func":
        return this.func(type2);
      case "resource":
        return this.resource(type2);
      case "instance":
      case "component":
        return this.extern(type2);
      default:
        return this.value(type2);
    }
  }
  /** The type of an import or export. */
  extern(type2) {
    if (this.#to.resources.size === 0 && !this.#to.values?.size) return type2;
    return this.#once(type2, () => this.#extern(type2));
  }
  /** Every type of a list of imports or exports. */
  externs(map) {
    let changed = false;
    const result2 = /* @__PURE__ */ new Map();
    for (const [name2, type2] of map) {
      const t = this.extern(type2);
      changed ||= t !== type2;
      result2.set(name2, t);
    }
    return changed ? result2 : map;
  }
  #once(type2, make) {
    const known3 = this.#done.get(type2);
    if (known3 !== void 0) return known3;
    const made = make();
    this.#budget.spend(made === type2 ? 1 : MADE);
    this.#done.set(type2, made);
    return made;
  }
  #extern(type2) {
    switch (type2.kind) {
      case "func":
        return this.func(type2);
      case "type": {
        const t = this.defined(type2.type);
        return t === type2.type ? type2 : {
          kind: "type",
          type: t,
          ...this.#label(type2.label)
        };
      }
      case "value": {
        const t = this.value(type2.type);
        return t === type2.type ? type2 : {
          kind: "value",
          type: t
        };
      }
      case "instance": {
        const exports2 = this.externs(type2.exports);
        return exports2 === type2.exports ? type2 : {
          ...type2,
          exports: exports2
        };
      }
      case "component": {
        const imports2 = this.externs(type2.imports), exports2 = this.externs(type2.exports);
        const unchanged = imports2 === type2.imports && exports2 === type2.exports;
        return unchanged ? type2 : {
          ...type2,
          imports: imports2,
          exports: exports2
        };
      }
      case "core-module":
        return type2;
    }
  }
  #value(type2) {
    switch (type2.kind) {
      case "list": {
        const element = this.value(type2.element);
        return element === type2.element ? type2 : {
          ...type2,
          element
        };
      }
      case "record": {
        const fields = same(type2.fields, (f) => {
          const t = this.value(f.type);
          return t === f.type ? f : {
            ...f,
            type: t
          };
        });
        return fields === type2.fields ? type2 : {
          kind: "record",
          fields
        };
      }
      case "tuple": {
        const types = same(type2.types, (t) => this.value(t));
        return types === type2.types ? type2 : {
          kind: "tuple",
          types
        };
      }
      case "variant": {
        const cases = same(type2.cases, (c) => {
          const t = c.type && this.value(c.type);
          return t === c.type ? c : {
            ...c,
            type: t
          };
        });
        return cases === type2.cases ? type2 : {
          kind: "variant",
          cases
        };
      }
      case "option": {
        const t = this.value(type2.type);
        return t === type2.type ? type2 : {
          kind: "option",
          type: t
        };
      }
      case "result": {
        const ok = type2.ok && this.value(type2.ok), err = type2.err && this.value(type2.err);
        return ok === type2.ok && err === type2.err ? type2 : {
          kind: "result",
          ok,
          err
        };
      }
      case "own":
      case "borrow": {
        const resource = this.resource(type2.resource);
        if (resource === type2.resource) return type2;
        return {
          kind: type2.kind,
          resource,
          ...this.#label(type2.label)
        };
      }
      case "stream":
      case "future": {
        const t = type2.type && this.value(type2.type);
        return t === type2.type ? type2 : {
          kind: type2.kind,
          type: t
        };
      }
      case "map": {
        const key2 = this.value(type2.key), value = this.value(type2.value);
        return key2 === type2.key && value === type2.value ? type2 : {
          kind: "map",
          key: key2,
          value
        };
      }
      default:
        return type2;
    }
  }
};
function same(list, f) {
  const result2 = list.map(f);
  return result2.every((item, i) => item === list[i]) ? list : result2;
}

// src/component/validate/bindings.ts
var Bindings = class {
  #bound;
  #budget;
  resources = /* @__PURE__ */ new Map();
  values = /* @__PURE__ */ new Map();
  labels = /* @__PURE__ */ new Map();
  #seen = /* @__PURE__ */ new Map();
  #check;
  #result;
  /**
   * @param bound The resources that stand for others.
   * @param budget What it may cost.
   */
  constructor(bound3, budget2) {
    this.#bound = new Set(bound3);
    this.#budget = budget2;
  }
  /** Replaces resources: what to compare with the actual types. */
  get check() {
    return this.#check ??= new Substitution({
      resources: this.resources
    }, this.#budget);
  }
  /** Replaces resources and value types by the actual ones: what the outside sees afterwards. */
  get result() {
    return this.#result ??= new Substitution(this, this.#budget);
  }
  /** Whether each resource stands for another one, all of them bound as it is. */
  pairs(bound3) {
    const actual = new Set(this.resources.values()), known3 = new Set(bound3);
    return actual.size === this.resources.size && [
      ...actual
    ].every((resource) => known3.has(resource));
  }
  /** Pairs the types that `want` leaves open or names with those of `have`. */
  match(want, have) {
    this.#budget.spend(1);
    if (want.kind === "type" && have.kind === "type") {
      const to = have.type, from = want.type;
      if (from.kind === "resource") {
        if (to.kind !== "resource" || !this.#bound.has(from)) return;
        if (!this.resources.has(from)) this.resources.set(from, to);
        if (want.label && !this.labels.has(want.label)) this.labels.set(want.label, have.label);
      } else if (isNamed(from) && isNamed(to) && !this.values.has(from)) {
        this.values.set(from, to);
      }
    } else if (want.kind === "instance" && have.kind === "instance") {
      if (this.#seen.get(want) === have) return;
      this.#seen.set(want, have);
      for (const [name2, type2] of want.exports) {
        const other = have.exports.get(name2);
        if (other) this.match(type2, other);
      }
    }
  }
};
function isNamed(type2) {
  return type2.kind === "record" || type2.kind === "variant" || type2.kind === "enum" || type2.kind === "flags";
}

// src/component/validate/core_subtype.ts
function coreKind(type2) {
  return type2.kind === "core-func" ? "func" : type2.kind;
}
function coreMismatch(have, want) {
  if (have.kind !== want.kind) return `expected ${coreKind(want)}, found ${coreKind(have)}`;
  switch (want.kind) {
    case "core-func":
      return sameFunc(have, want) ? void 0 : `expected: ${signature(want)}, found: ${signature(have)}`;
    case "tag": {
      const { type: type2 } = have;
      return sameFunc(type2, want.type) ? void 0 : `expected tag: ${signature(want.type)}, found: ${signature(type2)}`;
    }
    case "global": {
      const { mutable, type: type2 } = have;
      if (mutable !== want.mutable) {
        return `expected ${want.mutable ? "a mutable" : "an immutable"} global, found the other`;
      }
      const fits2 = mutable ? sameValue(type2, want.type) : valueFits(type2, want.type);
      return fits2 ? void 0 : `expected global type ${want.type}, found ${type2}`;
    }
    case "table": {
      const { element, limits } = have;
      if (!sameValue(element, want.element)) {
        return `expected table element type ${want.element}, found ${element}`;
      }
      return limitsFit(limits, want.limits) ? void 0 : "mismatch in table limits";
    }
    case "memory": {
      const { limits, pageSizeLog2 } = have;
      if (limits.shared !== want.limits.shared) return "mismatch in the shared flag for memories";
      if (pageSizeLog2 !== want.pageSizeLog2) return "mismatch in the page size of memories";
      return limitsFit(limits, want.limits) ? void 0 : "mismatch in memory limits";
    }
  }
}
function moduleMismatch(have, want) {
  if (have === want) return void 0;
  const key2 = (module, name2) => `${module.length}:${module}${name2}`;
  const given = new Map(want.imports.map((i) => [
    key2(i.module, i.name),
    i.type
  ]));
  for (const { module, name: name2, type: type2 } of have.imports) {
    const supplied = given.get(key2(module, name2));
    if (!supplied) return `missing expected import \`${module}::${name2}\``;
    const wrong = coreMismatch(supplied, type2);
    if (wrong) return `type mismatch in import \`${module}::${name2}\`: ${wrong}`;
  }
  for (const [name2, type2] of want.exports) {
    const found = have.exports.get(name2);
    if (!found) return `missing expected export \`${name2}\``;
    const wrong = coreMismatch(found, type2);
    if (wrong) return `type mismatch in export \`${name2}\`: ${wrong}`;
  }
  return void 0;
}
function sameFunc(have, want) {
  return unclear(have) || unclear(want) || sameValues(have.params, want.params) && sameValues(have.results, want.results);
}
function signature(type2) {
  const list = (word, types) => types.length ? ` (${word} ${types.join(" ")})` : "";
  return `(func${list("param", type2.params)}${list("result", type2.results)})`;
}
function limitsFit(have, want) {
  if (have.address !== want.address || have.min < want.min) return false;
  return want.max === void 0 || have.max !== void 0 && have.max <= want.max;
}
function sameValues(have, want) {
  return have.length === want.length && have.every((type2, i) => sameValue(type2, want[i]));
}
var INDEXED = /^\(ref (?:null )?[0-9]/;
var unclear = (type2) => type2.params[0] === "?";
function sameValue(have, want) {
  return have === want || bothReferences(have, want) && (INDEXED.test(have) || INDEXED.test(want));
}
var bothReferences = (a, b) => /ref/.test(a) && /ref/.test(b);
var ABOVE = {
  "none": "struct array i31",
  "struct": "eq",
  "array": "eq",
  "i31": "eq",
  "eq": "any",
  "nofunc": "func",
  "noextern": "extern",
  "noexn": "exn"
};
function valueFits(have, want) {
  if (sameValue(have, want)) return true;
  const from = reference(have), to = reference(want);
  if (!from || !to || from.nullable && !to.nullable) return false;
  for (let heaps = [
    from.heap
  ]; heaps.length > 0; ) {
    if (heaps.includes(to.heap)) return true;
    heaps = heaps.flatMap((heap) => ABOVE[heap]?.split(" ") ?? []);
  }
  return false;
}
function reference(type2) {
  const long = /^\(ref (null )?([a-z0-9]+)\)$/.exec(type2);
  if (long) return {
    heap: long[2],
    nullable: long[1] !== void 0
  };
  return type2.endsWith("ref") ? {
    heap: type2.slice(0, -3),
    nullable: true
  } : void 0;
}

// src/component/validate/measure.ts
var MAX_BYTES3 = 2 ** 28;
var MAX_DEPTH4 = 100;
var MAX_SIZE = 1e6;
var measured = /* @__PURE__ */ new WeakMap();
function measure2(type2) {
  const leaf = LEAVES.get(type2.kind);
  if (leaf) return leaf;
  let found = measured.get(type2);
  if (!found) measured.set(type2, found = work(type2));
  return found;
}
function checkSize(type2, offset2) {
  const result2 = measure2(type2);
  if (result2.depth > MAX_DEPTH4) invalid(`types nested more than ${MAX_DEPTH4} deep`, offset2, "type");
  if (result2.size > MAX_SIZE) {
    invalid(`effective type size exceeds the limit of ${MAX_SIZE}`, offset2, "type");
  }
  if (result2.bytes >= MAX_BYTES3) {
    invalid(`type exceeds maximum byte size of a value, 2^28: it has ${result2.bytes}`, offset2, "type");
  }
}
var LEAF = {
  depth: 1,
  size: 1,
  borrows: false,
  handles: false,
  pointers: false
};
var scalar = (bytes) => ({
  ...LEAF,
  bytes,
  align: bytes
});
var NOTHING4 = {
  ...LEAF,
  bytes: 0,
  align: 1
};
var HANDLE = {
  ...scalar(4),
  handles: true
};
var LEAVES = new Map([
  ...[
    "bool",
    "s8",
    "u8"
  ].map((kind) => [
    kind,
    scalar(1)
  ]),
  ...[
    "s16",
    "u16"
  ].map((kind) => [
    kind,
    scalar(2)
  ]),
  ...[
    "s32",
    "u32",
    "f32",
    "char",
    "error-context"
  ].map((kind) => [
    kind,
    scalar(4)
  ]),
  ...[
    "s64",
    "u64",
    "f64"
  ].map((kind) => [
    kind,
    scalar(8)
  ]),
  [
    "string",
    {
      ...LEAF,
      bytes: 16,
      align: 8,
      pointers: true
    }
  ],
  [
    "own",
    HANDLE
  ],
  [
    "borrow",
    {
      ...HANDLE,
      borrows: true
    }
  ],
  [
    "resource",
    NOTHING4
  ]
]);
function work(type2) {
  switch (type2.kind) {
    case "list":
      if (type2.length === void 0) return around([
        type2.element
      ], 16, 8, true);
      return around([
        type2.element
      ], measure2(type2.element).bytes * type2.length, measure2(type2.element).align);
    case "map":
      return around([
        type2.key,
        type2.value
      ], 16, 8, true);
    case "record":
      return sequence(type2.fields.map((f) => f.type));
    case "tuple":
      return sequence(type2.types);
    case "variant":
      return choice(type2.cases.map((c) => c.type));
    case "option":
      return choice([
        void 0,
        type2.type
      ]);
    case "result":
      return choice([
        type2.ok,
        type2.err
      ]);
    case "enum":
      return {
        ...scalar(discriminant2(type2.names.length)),
        size: 1 + type2.names.length
      };
    case "flags":
      return {
        ...scalar(type2.names.length <= 8 ? 1 : type2.names.length <= 16 ? 2 : 4),
        size: 1 + type2.names.length
      };
    case "stream":
    case "future":
      return {
        ...around([
          type2.type
        ], 4, 4),
        pointers: false
      };
    case "func":
      return around([
        ...type2.params.map((p) => p.type),
        type2.result
      ]);
    case "type":
    case "value":
      return {
        ...measure2(type2.type),
        bytes: 0
      };
    case "instance":
      return around(type2.exports.values());
    case "component":
      return around([
        ...type2.imports.values(),
        ...type2.exports.values()
      ]);
    case "core-module":
      return {
        ...NOTHING4,
        size: 1 + type2.imports.length + type2.exports.size
      };
    default:
      return LEAVES.get(type2.kind);
  }
}
function around(parts2, bytes = 0, align = 1, pointers = false) {
  let depth = 0, size = 1, borrows = false, handles = false;
  for (const part of parts2) {
    size++;
    if (!part) continue;
    const m = measure2(part);
    depth = Math.max(depth, m.depth);
    size += m.size;
    borrows ||= m.borrows;
    handles ||= m.handles;
    pointers ||= m.pointers;
  }
  return {
    depth: depth + 1,
    size,
    bytes,
    align,
    borrows,
    handles,
    pointers
  };
}
function sequence(types) {
  let bytes = 0, align = 1;
  for (const type2 of types) {
    const m = measure2(type2);
    bytes = alignTo2(bytes, m.align) + m.bytes;
    align = Math.max(align, m.align);
  }
  return around(types, alignTo2(bytes, align), align);
}
function choice(types) {
  let payload = 0, align = 1;
  for (const type2 of types) {
    if (!type2) continue;
    payload = Math.max(payload, measure2(type2).bytes);
    align = Math.max(align, measure2(type2).align);
  }
  const tag = discriminant2(types.length);
  const whole = Math.max(tag, align);
  return around(types, alignTo2(alignTo2(tag, align) + payload, whole), whole);
}
function discriminant2(cases) {
  return cases <= 256 ? 1 : cases <= 65536 ? 2 : 4;
}
function alignTo2(offset2, align) {
  return Math.ceil(offset2 / align) * align;
}

// src/component/validate/names.ts
var ANNOTATIONS = [
  "constructor",
  "method",
  "static"
];
function checkLabels(labels, what, offset2) {
  const canonical2 = /* @__PURE__ */ new Set();
  for (const label of labels) {
    if (label === "") invalid(`${what} cannot be empty`, offset2, what);
    if (!isLabel(label)) invalid(`${what} \`${label}\` is not in kebab case`, offset2, what);
    canonical2.add(label.toLowerCase());
  }
  if (canonical2.size === labels.length) return;
  const names = new UniqueNames();
  for (const label of labels) names.add(label, what, offset2);
}
function parseExternName(name2, what, offset2) {
  const fail = (why) => invalid(`${what} \`${name2}\` is not a valid extern name: ${why}`, offset2, what);
  const label = (text) => isLabel(text) || fail(`\`${text}\` is not in kebab case`);
  const annotation = annotationOf(name2);
  if (annotation) {
    const rest = name2.slice(annotation.length + 2);
    if (annotation === "constructor") {
      label(rest);
      return {
        kind: annotation,
        resource: rest
      };
    }
    const dot = rest.indexOf(".");
    if (dot < 0) fail("failed to find `.` character");
    label(rest.slice(0, dot));
    label(rest.slice(dot + 1));
    return {
      kind: annotation,
      resource: rest.slice(0, dot)
    };
  }
  const colon = name2.indexOf(":");
  if (colon < 0) {
    label(name2);
    return {
      kind: "label"
    };
  }
  const words2 = (text) => isLabel(text, true) || fail(`\`${text}\` is not in lower kebab case`);
  words2(name2.slice(0, colon));
  const slash = name2.indexOf("/", colon);
  if (slash < 0) {
    words2(name2.slice(colon + 1));
    fail("expected `/` after package name");
  }
  words2(name2.slice(colon + 1, slash));
  const sign = name2.indexOf("@", slash);
  label(name2.slice(slash + 1, sign < 0 ? void 0 : sign));
  if (sign < 0) return {
    kind: "interface",
    version: void 0
  };
  const version = name2.slice(sign + 1);
  if (!isSemver(version) && !isCanonicalVersion(version)) fail(`\`${version}\` is not a semantic version`);
  return {
    kind: "interface",
    version
  };
}
function isLabel(text, lower2 = false) {
  let hasLower = false, hasUpper = false, start = 0;
  for (let i = 0; ; i++) {
    const c = text.charCodeAt(i);
    if (c >= 97 && c <= 122) hasLower = true;
    else if (c >= 65 && c <= 90) hasUpper = true;
    else if (c >= 48 && c <= 57 && i > 0) continue;
    else if ((c === 45 || i === text.length) && i > start && !(hasUpper && (hasLower || lower2))) {
      if (i === text.length) return true;
      hasLower = hasUpper = false;
      start = i + 1;
    } else return false;
  }
}
function isSemver(version) {
  const plus2 = version.indexOf("+");
  const before = plus2 < 0 ? version : version.slice(0, plus2);
  const dash = before.indexOf("-");
  const numbers = (dash < 0 ? before : before.slice(0, dash)).split(".");
  return numbers.length === 3 && numbers.every(isNumber) && (dash < 0 || before.slice(dash + 1).split(".").every((id) => isIdentifier(id) && (!isDigits(id) || isNumber(id)))) && (plus2 < 0 || version.slice(plus2 + 1).split(".").every(isIdentifier));
}
function isCanonicalVersion(version) {
  const numbers = version.split(".");
  if (!numbers.every(isNumber)) return false;
  const last = numbers.pop();
  return numbers.every((n) => n === "0") && (numbers.length < 2 ? last !== "0" : numbers.length === 2);
}
var isDigits = (text) => /^[0-9]+$/.test(text);
var isNumber = (text) => isDigits(text) && (text === "0" || text[0] !== "0");
var isIdentifier = (text) => /^[0-9A-Za-z-]+$/.test(text);
function annotationOf(name2) {
  if (name2.charCodeAt(0) !== 91) return void 0;
  return ANNOTATIONS.find((annotation) => name2.startsWith(`${annotation}]`, 1));
}
function checkAttributes(attributes, name2, parsed, sort2, offset2) {
  const seen = /* @__PURE__ */ new Set();
  for (const { kind, value } of attributes) {
    if (seen.has(kind)) {
      invalid(`duplicate \`${kind}\` attribute of name \`${name2}\``, offset2, "name attributes");
    }
    seen.add(kind);
    if (kind === "implements") {
      if (sort2 !== "instance") {
        invalid(`only instances can have an \`implements\`, and \`${name2}\` is a ${sort2}`, offset2, kind);
      }
      if (parsed.kind === "interface") {
        invalid(`name \`${name2}\` is not valid with \`implements\`: it names an interface itself`, offset2, kind);
      }
      if (parseExternName(value, "`implements`", offset2).kind !== "interface") {
        invalid(`\`implements\` must be an interface name, found \`${value}\``, offset2, kind);
      }
    } else if (kind === "versionsuffix") {
      const version = parsed.kind === "interface" ? parsed.version : void 0;
      if (version === void 0 || !isCanonicalVersion(version) || !isSemver(version + value)) {
        invalid(`\`versionsuffix\` \`${value}\` does not complete the version of \`${name2}\``, offset2, kind);
      }
    }
  }
}
var UniqueNames = class {
  #names = /* @__PURE__ */ new Map();
  /** Adds a name, or says which earlier one it conflicts with. */
  add(name2, what, offset2) {
    const key2 = canonical(name2);
    const previous = this.#names.get(key2);
    if (previous !== void 0) {
      invalid(`${what} \`${name2}\` conflicts with previous name \`${previous}\``, offset2, what);
    }
    this.#names.set(key2, name2);
  }
};
function canonical(name2) {
  const lower2 = name2.toLowerCase();
  const annotation = annotationOf(lower2);
  if (!annotation || annotation === "constructor") return lower2;
  const rest = lower2.slice(annotation.length + 2), dot = rest.indexOf(".");
  const resource = rest.slice(0, dot);
  return resource === rest.slice(dot + 1) ? resource : rest;
}

// src/component/validate/resolve.ts
var MAX_FLAGS = 32;
var MAX_PARTS = 1e4;
var MAX_PARAMS = 1e3;
var KEY_TYPES = /* @__PURE__ */ new Set([
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "char",
  "string"
]);
var PRIMITIVES2 = /* @__PURE__ */ new Map();
function primitive(kind) {
  let type2 = PRIMITIVES2.get(kind);
  if (!type2) PRIMITIVES2.set(kind, type2 = Object.freeze({
    kind
  }));
  return type2;
}
function isPrimitive(type2) {
  return PRIMITIVES2.get(type2.kind) === type2;
}
var NOT_VALUES = /* @__PURE__ */ new Set([
  "func",
  "instance",
  "component",
  "resource"
]);
function isValueType(type2) {
  return !NOT_VALUES.has(type2.kind);
}
function resolveValueType(ref, scope, offset2) {
  if (ref.kind !== "index") return primitive(ref.kind);
  const type2 = at2(scope.types, ref.index, "type", offset2);
  if (!isValueType(type2)) {
    invalid(`type index ${ref.index} is not a defined value type but a ${type2.kind}`, offset2, "value type");
  }
  return type2;
}
function resolveResource(index, scope, offset2) {
  const type2 = at2(scope.types, index, "type", offset2);
  if (type2.kind !== "resource") {
    invalid(`type index ${index} is not a resource type but a ${type2.kind}`, offset2, "resource type");
  }
  return type2;
}
function resolveDefined(ref, scope, offset2) {
  const value = (t) => resolveValueType(t, scope, offset2);
  const maybe = (t) => t && value(t);
  const some = (list, rule) => {
    if (list.length === 0) invalid(rule, offset2, ref.kind);
    if (list.length > MAX_PARTS) invalid(`a ${ref.kind} of more than ${MAX_PARTS} parts`, offset2, ref.kind);
  };
  switch (ref.kind) {
    case "record":
      some(ref.fields, "record type must have at least one field");
      checkLabels(ref.fields.map((f) => f.name), "record field name", offset2);
      return {
        kind: "record",
        fields: ref.fields.map((f) => ({
          name: f.name,
          type: value(f.type)
        }))
      };
    case "variant":
      some(ref.cases, "variant type must have at least one case");
      checkLabels(ref.cases.map((c) => c.name), "variant case name", offset2);
      return {
        kind: "variant",
        cases: ref.cases.map((c) => ({
          name: c.name,
          type: maybe(c.type)
        }))
      };
    case "list":
      if (ref.length === void 0) return {
        kind: "list",
        element: value(ref.element)
      };
      if (ref.length === 0) invalid("a fixed-length list must have at least one element", offset2, "list");
      return {
        kind: "list",
        element: value(ref.element),
        length: ref.length
      };
    case "tuple":
      some(ref.types, "tuple type must have at least one type");
      return {
        kind: "tuple",
        types: ref.types.map(value)
      };
    case "flags":
      some(ref.names, "flags must have at least one entry");
      if (ref.names.length > MAX_FLAGS) {
        invalid(`cannot have more than ${MAX_FLAGS} flags, found ${ref.names.length}`, offset2, "flags");
      }
      checkLabels(ref.names, "flag name", offset2);
      return {
        kind: "flags",
        names: ref.names
      };
    case "enum":
      some(ref.names, "enum type must have at least one variant");
      checkLabels(ref.names, "enum tag name", offset2);
      return {
        kind: "enum",
        names: ref.names
      };
    case "option":
      return {
        kind: "option",
        type: value(ref.type)
      };
    case "result":
      return {
        kind: "result",
        ok: maybe(ref.ok),
        err: maybe(ref.err)
      };
    case "own":
    case "borrow": {
      const resource = resolveResource(ref.index, scope, offset2), label = scope.labels[ref.index];
      return label ? {
        kind: ref.kind,
        resource,
        label
      } : {
        kind: ref.kind,
        resource
      };
    }
    case "stream":
    case "future": {
      const type2 = maybe(ref.type);
      if (type2 && measure2(type2).borrows) {
        invalid(`a ${ref.kind} cannot carry a \`borrow\` type`, offset2, ref.kind);
      }
      if (ref.kind === "stream" && type2?.kind === "char") {
        invalid("`stream<char>` is not valid at this time", offset2, "stream");
      }
      return {
        kind: ref.kind,
        type: type2
      };
    }
    case "map": {
      const key2 = value(ref.key);
      if (!KEY_TYPES.has(key2.kind)) invalid(`a map cannot have keys of type ${key2.kind}`, offset2, "map");
      return {
        kind: "map",
        key: key2,
        value: value(ref.value)
      };
    }
    default:
      return primitive(ref.kind);
  }
}
function resolveFunc(ref, scope, offset2) {
  if (ref.params.length > MAX_PARAMS) {
    invalid(`a function of more than ${MAX_PARAMS} parameters`, offset2, "function type");
  }
  checkLabels(ref.params.map((p) => p.name), "function parameter name", offset2);
  const result2 = ref.result && resolveValueType(ref.result, scope, offset2);
  if (result2 && measure2(result2).borrows) {
    invalid("function result cannot contain a `borrow` type", offset2, "function type");
  }
  return {
    kind: "func",
    params: ref.params.map((p) => ({
      name: p.name,
      type: resolveValueType(p.type, scope, offset2)
    })),
    result: result2,
    async: ref.async
  };
}
function typeOfKind(kind, index, scope, offset2) {
  const type2 = at2(scope.types, index, "type", offset2);
  if (type2.kind !== kind) {
    const article = kind === "instance" ? "an" : "a";
    invalid(`type index ${index} is not ${article} ${kind} type but a ${type2.kind}`, offset2, `${kind} type`);
  }
  return type2;
}

// src/component/validate/equal.ts
var equal = /* @__PURE__ */ new WeakMap();
function once2(pairs, have, want, compare) {
  if (have === want || pairs.get(have)?.has(want)) return void 0;
  const mismatch2 = compare();
  if (mismatch2 !== void 0) return mismatch2;
  let known3 = pairs.get(have);
  if (!known3) pairs.set(have, known3 = /* @__PURE__ */ new WeakSet());
  known3.add(want);
  return void 0;
}
var inside = (where, mismatch2) => mismatch2 && `${where}: ${mismatch2}`;
function optionalMismatch(have, want, what) {
  if (!have && !want) return void 0;
  if (!have) return `expected ${what}, found none`;
  if (!want) return `expected no ${what.replace(/^an? /, "")}, found ${describe3(have)}`;
  return valueMismatch(have, want);
}
function valueMismatch(have, want) {
  return once2(equal, have, want, () => unequal(have, want));
}
function unequal(have, want) {
  if (have.kind !== want.kind) return `expected ${describe3(want)}, found ${describe3(have)}`;
  const other = have;
  switch (want.kind) {
    case "list": {
      const { length, element } = other;
      if (length !== want.length) {
        return `expected a list of ${want.length ?? "any"} elements, found one of ${length ?? "any"}`;
      }
      return inside("type mismatch in list element", valueMismatch(element, want.element));
    }
    case "record": {
      const { fields } = other;
      if (fields.length !== want.fields.length) {
        return `expected ${want.fields.length} fields, found ${fields.length}`;
      }
      for (const [i, field] of want.fields.entries()) {
        const { name: name2, type: type2 } = fields[i];
        if (name2 !== field.name) return `expected field name \`${field.name}\`, found \`${name2}\``;
        const wrong = valueMismatch(type2, field.type);
        if (wrong) return inside(`type mismatch in record field \`${name2}\``, wrong);
      }
      return void 0;
    }
    case "variant": {
      const { cases } = other;
      if (cases.length !== want.cases.length) {
        return `expected ${want.cases.length} cases, found ${cases.length}`;
      }
      for (const [i, case_] of want.cases.entries()) {
        const { name: name2, type: type2 } = cases[i];
        if (name2 !== case_.name) return `expected case named \`${case_.name}\`, found \`${name2}\``;
        const wrong = optionalMismatch(type2, case_.type, "a type");
        if (wrong) return inside(`type mismatch in variant case \`${name2}\``, wrong);
      }
      return void 0;
    }
    case "tuple": {
      const { types } = other;
      if (types.length !== want.types.length) {
        return `expected ${want.types.length} types, found ${types.length}`;
      }
      for (const [i, type2] of want.types.entries()) {
        const wrong = valueMismatch(types[i], type2);
        if (wrong) return inside(`type mismatch in tuple field ${i}`, wrong);
      }
      return void 0;
    }
    case "flags":
    case "enum": {
      const { names } = other;
      const same2 = names.length === want.names.length && names.every((n, i) => n === want.names[i]);
      return same2 ? void 0 : `mismatch in ${want.kind} elements`;
    }
    case "option":
      return inside("type mismatch in option", valueMismatch(other.type, want.type));
    case "result": {
      const { ok, err } = other;
      return inside("type mismatch in ok variant", optionalMismatch(ok, want.ok, "an ok type")) ?? inside("type mismatch in err variant", optionalMismatch(err, want.err, "an err type"));
    }
    case "own":
    case "borrow":
      return other.resource === want.resource ? void 0 : "resource types are not the same";
    case "stream":
    case "future":
      return inside(`type mismatch in ${want.kind} element`, optionalMismatch(other.type, want.type, "a type"));
    case "map": {
      const { key: key2, value } = other;
      return inside("type mismatch in map key", valueMismatch(key2, want.key)) ?? inside("type mismatch in map value", valueMismatch(value, want.value));
    }
    default:
      return void 0;
  }
}
function describe3(type2) {
  return isValueType(type2) ? type2.kind : `${type2.kind} type`;
}

// src/component/validate/subtype.ts
var matching = /* @__PURE__ */ new WeakMap();
function mismatch(have, want, budget2, exact = false) {
  return once2(exact ? equal : matching, have, want, () => {
    if (have.kind !== want.kind) return `expected ${sort(want)}, found ${sort(have)}`;
    switch (want.kind) {
      case "func":
        return funcMismatch(have, want);
      case "value":
        return valueMismatch(have.type, want.type);
      case "type":
        return definedMismatch(have.type, want.type, budget2);
      case "instance":
        return instanceMismatch(have, want, budget2, exact);
      case "component":
        return componentMismatch(have, want, budget2, exact);
      case "core-module":
        budget2.spend(want.imports.length + want.exports.size);
        return moduleMismatch(have, want) ?? (exact ? moduleMismatch(want, have) : void 0);
    }
  });
}
function sort(type2) {
  return type2.kind === "core-module" ? "core module" : type2.kind;
}
function instanceMismatch(have, want, budget2, exact) {
  return exportsMismatch(have.exports, have.bound, want.exports, want.bound, budget2, exact);
}
function exportsMismatch(have, haveBound, want, wantBound, budget2, exact) {
  if (exact && have.size !== want.size) return `expected ${want.size} exports, found ${have.size}`;
  const bindings3 = new Bindings(wantBound, budget2);
  for (const [name2, type2] of want) {
    const found = have.get(name2);
    if (!found) return `missing expected export \`${name2}\``;
    bindings3.match(type2, found);
    const wrong = mismatch(found, bindings3.check.extern(type2), budget2, exact);
    if (wrong) return inside(`type mismatch in export \`${name2}\``, wrong);
  }
  return exact && !bindings3.pairs(haveBound) ? "resource types are not the same" : void 0;
}
function componentMismatch(have, want, budget2, exact) {
  if (exact && have.imports.size !== want.imports.size) {
    return `expected ${want.imports.size} imports, found ${have.imports.size}`;
  }
  const given = new Bindings(have.boundImports, budget2);
  for (const [name2, type2] of have.imports) {
    const supplied = want.imports.get(name2);
    if (!supplied) return `missing expected import \`${name2}\``;
    given.match(type2, supplied);
    const wrong = mismatch(supplied, given.check.extern(type2), budget2, exact);
    if (wrong) return inside(`type mismatch in import \`${name2}\``, wrong);
  }
  if (exact && !given.pairs(want.boundImports)) return "resource types are not the same";
  const actual = given.check.externs(have.exports);
  return exportsMismatch(actual, have.boundExports, want.exports, want.boundExports, budget2, exact);
}
function definedMismatch(have, want, budget2) {
  if (have === want) return void 0;
  if (have.kind === "resource" || want.kind === "resource") {
    if (have.kind === want.kind) return "resource types are not the same";
    return have.kind === "resource" ? `expected ${describe3(want)}, found resource` : `expected resource, found ${describe3(have)}`;
  }
  const values = isValueType(have) && isValueType(want);
  if (values) return valueMismatch(have, want);
  if (have.kind !== want.kind) return `expected ${describe3(want)}, found ${describe3(have)}`;
  return mismatch(have, want, budget2, true);
}
function funcMismatch(have, want) {
  if (have.async !== want.async) {
    return `expected ${want.async ? "an async" : "a sync"} function, found ${have.async ? "an async" : "a sync"} one`;
  }
  if (have.params.length !== want.params.length) {
    return `expected ${want.params.length} parameters, found ${have.params.length}`;
  }
  for (const [i, param] of want.params.entries()) {
    const found = have.params[i];
    if (found.name !== param.name) {
      return `expected parameter named \`${param.name}\`, found \`${found.name}\``;
    }
    const wrong = valueMismatch(found.type, param.type);
    if (wrong) return inside(`type mismatch in function parameter \`${param.name}\``, wrong);
  }
  return inside("type mismatch with result type", optionalMismatch(have.result, want.result, "a result"));
}

// src/component/validate/core_type.ts
var MAX_PAGES2 = {
  i32: 1n << 16n,
  i64: 1n << 48n
};
var MAX_ELEMENTS = {
  i32: (1n << 32n) - 1n,
  i64: (1n << 64n) - 1n
};
function coreType2(ref, scope, offset2) {
  return ref.kind === "core-module" ? coreModuleType(ref.declarations, scope, offset2) : ref;
}
function coreModuleType(declarations, scope, offset2) {
  const types = [];
  const imports2 = [];
  const exports2 = /* @__PURE__ */ new Map();
  const add = (type3) => {
    if (type3.kind !== "core-module") return void types.push(type3);
    invalid("a module type can neither define nor alias module types", offset2, "module type");
  };
  const extern = (ref) => {
    if (ref.kind === "table") checkLimits("table", ref.limits, MAX_ELEMENTS[ref.limits.address], offset2);
    if (ref.kind === "memory") checkMemory(ref.limits, ref.pageSizeLog2, offset2);
    if (ref.kind !== "func" && ref.kind !== "tag") return ref;
    const type3 = at2(types, ref.index, "core type", offset2);
    if (type3.kind !== "core-func") {
      invalid(`core type ${ref.index} is not a function type`, offset2, "module type");
    }
    if (ref.kind === "func") return type3;
    if (type3.results.length > 0) invalid("a tag cannot have results", offset2, "module type");
    return {
      kind: "tag",
      type: type3
    };
  };
  for (const d of declarations) {
    switch (d.kind) {
      case "type":
        add(coreType2(d.type, scope, offset2));
        break;
      case "alias":
        if (d.count === 0) add(at2(types, d.index, "core type", offset2));
        else add(at2(scope.outer(d.count - 1, offset2).coreTypes, d.index, "core type", offset2));
        break;
      case "import":
        imports2.push({
          module: d.module,
          name: d.name,
          type: extern(d.type)
        });
        break;
      case "export":
        if (exports2.has(d.name)) {
          invalid(`core export name \`${d.name}\` already defined`, offset2, "module type");
        }
        exports2.set(d.name, extern(d.type));
        break;
    }
  }
  const type2 = {
    kind: "core-module",
    imports: imports2,
    exports: exports2
  };
  checkModuleImports(type2, offset2);
  return type2;
}
function checkModuleImports(type2, offset2) {
  const seen = /* @__PURE__ */ new Map();
  for (const { module, name: name2 } of type2.imports) {
    let names = seen.get(module);
    if (!names) seen.set(module, names = /* @__PURE__ */ new Set());
    if (names.has(name2)) invalid(`duplicate import name \`${module}:${name2}\``, offset2, "core module");
    names.add(name2);
  }
}
function checkMemory(limits, pageSizeLog2, offset2) {
  const max = MAX_PAGES2[limits.address];
  if (pageSizeLog2 !== void 0 && pageSizeLog2 !== 0 && pageSizeLog2 !== 16) {
    invalid("a page has 1 or 65536 bytes", offset2, "memory type");
  }
  checkLimits("memory", limits, pageSizeLog2 === 0 ? max << 16n : max, offset2);
  if (limits.shared && limits.max === void 0) {
    invalid("a shared memory must have a maximum size", offset2, "memory type");
  }
}
function checkLimits(what, limits, bound3, offset2) {
  if (limits.min > bound3 || (limits.max ?? 0n) > bound3) {
    invalid(`${what} size must be at most ${bound3}`, offset2, `${what} type`);
  }
  if (limits.max !== void 0 && limits.min > limits.max) {
    invalid(`${what} size minimum must not be greater than maximum`, offset2, `${what} type`);
  }
}
function coreItem(scope, sort2, index, offset2) {
  switch (sort2) {
    case "func":
      return at2(scope.coreFuncs, index, "core function", offset2);
    case "table":
      return at2(scope.tables, index, "table", offset2);
    case "memory":
      return at2(scope.memories, index, "memory", offset2);
    case "global":
      return at2(scope.globals, index, "global", offset2);
    case "tag":
      return at2(scope.tags, index, "tag", offset2);
    default:
      return invalid(`a core instance cannot export a ${sort2}`, offset2, "core instance");
  }
}
function pushCore(scope, type2) {
  switch (type2.kind) {
    case "core-func":
      return void scope.coreFuncs.push(type2);
    case "table":
      return void scope.tables.push(type2);
    case "memory":
      return void scope.memories.push(type2);
    case "global":
      return void scope.globals.push(type2);
    case "tag":
      return void scope.tags.push(type2);
  }
}

// src/component/validate/free.ts
var known2 = /* @__PURE__ */ new WeakMap();
function mentionsResource(type2, budget2) {
  let found = known2.get(type2);
  if (found === void 0) {
    const { mentioned, bound: bound3 } = mentions([
      type2
    ], budget2);
    found = [
      ...mentioned
    ].some((resource) => !bound3.has(resource));
    known2.set(type2, found);
  }
  return found;
}
function mentions(types, budget2) {
  const mentioned = /* @__PURE__ */ new Set(), bound3 = /* @__PURE__ */ new Set(), seen = /* @__PURE__ */ new Set();
  const each = (types2) => {
    for (const type2 of types2) if (type2) walk(type2);
  };
  const walk = (type2) => {
    if (type2.kind === "resource") return void mentioned.add(type2);
    if (seen.has(type2)) return;
    seen.add(type2);
    budget2.spend(1);
    switch (type2.kind) {
      case "type":
      case "value":
        return walk(type2.type);
      case "func":
        return each([
          ...type2.params.map((p) => p.type),
          type2.result
        ]);
      case "instance":
        for (const resource of type2.bound) bound3.add(resource);
        return each(type2.exports.values());
      case "component":
        for (const resource of [
          ...type2.boundImports,
          ...type2.boundExports
        ]) bound3.add(resource);
        each(type2.imports.values());
        return each(type2.exports.values());
      case "core-module":
        return;
      case "own":
      case "borrow":
        return void mentioned.add(type2.resource);
      default:
        if (measure2(type2).handles) each(parts(type2));
    }
  };
  each(types);
  return {
    mentioned,
    bound: bound3
  };
}
function parts(type2) {
  switch (type2.kind) {
    case "list":
      return [
        type2.element
      ];
    case "record":
      return type2.fields.map((f) => f.type);
    case "tuple":
      return type2.types;
    case "variant":
      return type2.cases.map((c) => c.type);
    case "option":
    case "stream":
    case "future":
      return [
        type2.type
      ];
    case "result":
      return [
        type2.ok,
        type2.err
      ];
    case "map":
      return [
        type2.key,
        type2.value
      ];
    default:
      return [];
  }
}

// src/component/validate/item.ts
function itemType(scope, item, offset2) {
  switch (item.sort) {
    case "core module":
      return at2(scope.coreModules, item.index, "core module", offset2);
    case "func":
      return at2(scope.funcs, item.index, "function", offset2);
    case "value":
      return {
        kind: "value",
        type: at2(scope.values, item.index, "value", offset2)
      };
    case "type": {
      const type2 = at2(scope.types, item.index, "type", offset2), label = scope.labels[item.index];
      return label ? {
        kind: "type",
        type: type2,
        label
      } : {
        kind: "type",
        type: type2
      };
    }
    case "component":
      return at2(scope.components, item.index, "component", offset2);
    case "instance":
      return at2(scope.instances, item.index, "instance", offset2);
    default:
      return invalid(`a ${item.sort} cannot be used here`, offset2, "index");
  }
}
function sortOf(type2) {
  return type2.kind === "core-module" ? "core module" : type2.kind;
}
function runtimeSort(type2) {
  const sort2 = sortOf(type2);
  return sort2 === "type" ? "resource" : sort2;
}
function push(scope, type2, offset2) {
  checkSize(type2, offset2);
  switch (type2.kind) {
    case "core-module":
      return void scope.coreModules.push(type2);
    case "func":
      return void scope.funcs.push(type2);
    case "instance":
      return void scope.instances.push(type2);
    case "component":
      return void scope.components.push(type2);
    case "type":
      return scope.addType(type2.type, type2.label);
    case "value":
      return void scope.values.push(type2.type);
  }
}
function runtimeIndices(scope, items) {
  const result2 = [];
  for (const { name: name2, sort: sort2, index } of items) {
    if (sort2 === "type") {
      const type2 = scope.types[index];
      if (type2.kind === "resource") result2.push({
        name: name2,
        sort: "resource",
        index: type2.slot
      });
    } else if (sort2 !== "value") {
      result2.push({
        name: name2,
        sort: sort2,
        index
      });
    }
  }
  return result2;
}
function bindings(type2, wanted, budget2) {
  const found = /* @__PURE__ */ new Map();
  const seen = /* @__PURE__ */ new Set();
  const walk = (type3, path2) => {
    if (type3.kind === "type" && type3.type.kind === "resource") {
      if (wanted.has(type3.type) && !found.has(type3.type.slot)) found.set(type3.type.slot, path2);
    } else if (type3.kind === "instance" && !seen.has(type3)) {
      seen.add(type3);
      budget2.spend(type3.exports.size);
      for (const [name2, t] of type3.exports) walk(t, [
        ...path2,
        name2
      ]);
    }
  };
  if (wanted.size > 0) walk(type2, []);
  return [
    ...found
  ].map(([slot2, path2]) => ({
    path: path2,
    slot: slot2
  }));
}

// src/component/validate/alias.ts
var IN_TYPE = {
  export: /* @__PURE__ */ new Set([
    "type",
    "instance"
  ]),
  outer: /* @__PURE__ */ new Set([
    "type",
    "core type"
  ])
};
function aliasExport(d, scope) {
  const { offset: offset2 } = d;
  checkPlace("export", d.sort, scope, offset2);
  const instance = at2(scope.instances, d.instance, "instance", offset2);
  const type2 = instance.exports.get(d.name) ?? invalid(`instance ${d.instance} has no export named \`${d.name}\``, offset2, "alias");
  if (sortOf(type2) !== d.sort) {
    const sort2 = d.sort === "core module" ? "module" : d.sort;
    invalid(`export \`${d.name}\` of instance ${d.instance} is not a ${sort2}`, offset2, "alias");
  }
  push(scope, type2, offset2);
  if (d.sort === "type" || d.sort === "value") return void 0;
  return {
    op: "alias export",
    sort: d.sort,
    instance: d.instance,
    name: d.name
  };
}
function aliasCoreExport(d, scope) {
  const { offset: offset2 } = d;
  const instance = at2(scope.coreInstances, d.instance, "core instance", offset2);
  const type2 = instance.get(d.name) ?? invalid(`core instance ${d.instance} has no export named \`${d.name}\``, offset2, "alias");
  if (coreKind(type2) !== d.sort) {
    invalid(`export \`${d.name}\` of core instance ${d.instance} is not a core ${d.sort}`, offset2, "alias");
  }
  pushCore(scope, type2);
  return {
    op: "alias core export",
    sort: d.sort,
    instance: d.instance,
    name: d.name
  };
}
function aliasOuter(d, scope) {
  const { offset: offset2, count, index } = d;
  checkPlace("outer", d.sort, scope, offset2);
  const outer = scope.outer(count, offset2);
  switch (d.sort) {
    case "core module":
      scope.coreModules.push(at2(outer.coreModules, index, "core module", offset2));
      return {
        op: "alias outer",
        sort: "core module",
        count,
        index
      };
    case "component":
      scope.components.push(at2(outer.components, index, "component", offset2));
      return {
        op: "alias outer",
        sort: "component",
        count,
        index
      };
    case "core type":
      scope.coreTypes.push(at2(outer.coreTypes, index, "core type", offset2));
      return void 0;
    default: {
      const type2 = at2(outer.types, index, "type", offset2);
      if (crossesComponent(scope, outer) && mentionsResource(type2, scope.budget)) {
        invalid(`outer type alias ${index} transitively refers to resources not defined in the current component`, offset2, "alias");
      }
      scope.addType(type2, outer.labels[index]);
      return void 0;
    }
  }
}
function checkPlace(target, sort2, scope, offset2) {
  if (scope.kind !== "component" && !IN_TYPE[target].has(sort2)) {
    invalid(`aliases inside a type may only refer to types or instances, not to a ${sort2} by ${target}`, offset2, "alias");
  }
}
function crossesComponent(from, to) {
  for (let scope = from; scope && scope !== to; scope = scope.parent) {
    if (scope.kind === "component") return true;
  }
  return false;
}

// src/component/validate/canon_options.ts
var coreFunc = (params, results) => ({
  kind: "core-func",
  params,
  results
});
var REALLOC = coreFunc([
  "i32",
  "i32",
  "i32",
  "i32"
], [
  "i32"
]);
function checkOptions(options2, scope, offset2) {
  if (options2.memory !== void 0) checkMemory2(options2.memory, scope, offset2);
  if (options2.realloc !== void 0) {
    if (options2.memory === void 0) {
      invalid("canonical option `realloc` requires `memory` to also be specified", offset2, "canonical options");
    }
    checkFunc("canonical option `realloc`", options2.realloc, REALLOC, scope, offset2);
  }
}
function checkMemory2(index, scope, offset2) {
  const { limits } = at2(scope.memories, index, "memory", offset2);
  if (limits.address !== "i32" || limits.shared) {
    invalid(`canonical option \`memory\` needs a 32-bit memory that is not shared, memory ${index} is another kind`, offset2, "canonical options");
  }
}
function needs(option, options2, needed, offset2) {
  if (needed && options2[option] === void 0) {
    invalid(`canonical option \`${option}\` is required`, offset2, "canonical options");
  }
}
function pointersIn(types) {
  return types.some((type2) => type2 !== void 0 && measure2(type2).pointers);
}
function checkFunc(what, index, want, scope, offset2) {
  const have = at2(scope.coreFuncs, index, "core function", offset2);
  if (!sameFunc(have, want)) {
    invalid(`${what} uses a core function with an incorrect signature: expected ${signature(want)}, found ${signature(have)}`, offset2, "canonical options");
  }
}

// src/component/validate/flatten.ts
var MAX_FLAT_PARAMS2 = 16;
var MAX_FLAT_ASYNC_PARAMS = 4;
var MAX_FLAT_RESULTS2 = 1;
var ENOUGH = MAX_FLAT_PARAMS2 + 1;
var flattened = /* @__PURE__ */ new WeakMap();
var JOINED = {
  "i32 f32": "i32",
  "f32 i32": "i32"
};
function flattenFunc(type2, context, options2) {
  let params = flattenTypes(type2.params.map((p) => p.type));
  let results = flattenTypes(type2.result ? [
    type2.result
  ] : []);
  const maxParams = context === "lower" && options2.async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS2;
  const paramsInMemory = params.length > maxParams;
  if (paramsInMemory) params = [
    "i32"
  ];
  let resultsInMemory = false;
  if (!options2.async) {
    resultsInMemory = results.length > MAX_FLAT_RESULTS2;
    if (resultsInMemory && context === "lower") params = [
      ...params,
      "i32"
    ], results = [];
    else if (resultsInMemory) results = [
      "i32"
    ];
  } else if (context === "lift") {
    resultsInMemory = results.length > MAX_FLAT_PARAMS2;
    results = options2.callback === void 0 ? [] : [
      "i32"
    ];
  } else {
    resultsInMemory = results.length > 0;
    if (resultsInMemory) params = [
      ...params,
      "i32"
    ];
    results = [
      "i32"
    ];
  }
  return {
    type: {
      kind: "core-func",
      params,
      results
    },
    paramsInMemory,
    resultsInMemory
  };
}
function flattenTypes(types) {
  const flat = [];
  for (const type2 of types) {
    for (const core of flatten2(type2)) if (flat.length < ENOUGH) flat.push(core);
    if (flat.length >= ENOUGH) break;
  }
  return flat;
}
function flatten2(type2) {
  let flat = flattened.get(type2);
  if (!flat) flattened.set(type2, flat = work2(type2));
  return flat;
}
function work2(type2) {
  switch (type2.kind) {
    case "s64":
    case "u64":
      return [
        "i64"
      ];
    case "f32":
    case "f64":
      return [
        type2.kind
      ];
    case "string":
    case "map":
      return [
        "i32",
        "i32"
      ];
    case "list":
      if (type2.length === void 0) return [
        "i32",
        "i32"
      ];
      return flattenTypes(Array.from({
        length: Math.min(type2.length, ENOUGH)
      }, () => type2.element));
    case "record":
      return flattenTypes(type2.fields.map((f) => f.type));
    case "tuple":
      return flattenTypes(type2.types);
    case "variant":
      return choice2(type2.cases.map((c) => c.type));
    case "option":
      return choice2([
        type2.type
      ]);
    case "result":
      return choice2([
        type2.ok,
        type2.err
      ]);
    default:
      return [
        "i32"
      ];
  }
}
function choice2(types) {
  const flat = [
    "i32"
  ];
  for (const type2 of types) {
    if (!type2) continue;
    flatten2(type2).forEach((core, i) => {
      if (i + 1 >= ENOUGH) return;
      const other = flat[i + 1];
      flat[i + 1] = other === void 0 || other === core ? core : JOINED[`${other} ${core}`] ?? "i64";
    });
  }
  return flat;
}

// src/component/validate/canon_async.ts
var SIGNATURES2 = {
  "task.cancel": [
    "",
    ""
  ],
  "subtask.cancel": [
    "i32",
    "i32"
  ],
  "subtask.drop": [
    "i32",
    ""
  ],
  "stream.new": [
    "",
    "i64"
  ],
  "stream.read": [
    "i32 i32 i32",
    "i32"
  ],
  "stream.write": [
    "i32 i32 i32",
    "i32"
  ],
  "stream.cancel-read": [
    "i32",
    "i32"
  ],
  "stream.cancel-write": [
    "i32",
    "i32"
  ],
  "stream.drop-readable": [
    "i32",
    ""
  ],
  "stream.drop-writable": [
    "i32",
    ""
  ],
  "future.new": [
    "",
    "i64"
  ],
  "future.read": [
    "i32 i32",
    "i32"
  ],
  "future.write": [
    "i32 i32",
    "i32"
  ],
  "future.cancel-read": [
    "i32",
    "i32"
  ],
  "future.cancel-write": [
    "i32",
    "i32"
  ],
  "future.drop-readable": [
    "i32",
    ""
  ],
  "future.drop-writable": [
    "i32",
    ""
  ],
  "error-context.new": [
    "i32 i32",
    "i32"
  ],
  "error-context.debug-message": [
    "i32 i32",
    ""
  ],
  "error-context.drop": [
    "i32",
    ""
  ],
  "waitable-set.new": [
    "",
    "i32"
  ],
  "waitable-set.wait": [
    "i32 i32",
    "i32"
  ],
  "waitable-set.poll": [
    "i32 i32",
    "i32"
  ],
  "waitable-set.drop": [
    "i32",
    ""
  ],
  "waitable.join": [
    "i32 i32",
    ""
  ],
  "backpressure.inc": [
    "",
    ""
  ],
  "backpressure.dec": [
    "",
    ""
  ],
  "thread.index": [
    "",
    "i32"
  ],
  "thread.new-indirect": [
    "i32 i32",
    "i32"
  ],
  "thread.resume-later": [
    "i32",
    ""
  ],
  "thread.suspend": [
    "",
    "i32"
  ],
  "thread.yield": [
    "",
    "i32"
  ],
  "thread.suspend-then-resume": [
    "i32",
    "i32"
  ],
  "thread.yield-then-resume": [
    "i32",
    "i32"
  ],
  "thread.suspend-then-promote": [
    "i32",
    "i32"
  ],
  "thread.yield-then-promote": [
    "i32",
    "i32"
  ],
  "thread.spawn-indirect": [
    "i32 i32",
    "i32"
  ],
  "thread.available-parallelism": [
    "",
    "i32"
  ]
};
var CONTEXT_SLOTS = 2;
var THREAD_START = coreFunc([
  "i32"
], []);
var words = (list) => list === "" ? [] : list.split(" ");
function asyncBuiltin(canon, scope, offset2) {
  const { name: name2, options: options2 } = canon;
  if (canon.memory !== void 0) checkMemory2(canon.memory, scope, offset2);
  if (canon.coreType !== void 0) checkThreadStart(canon, scope, offset2);
  if (options2) {
    checkOptions(options2, scope, offset2);
    if (options2.postReturn !== void 0 || options2.callback !== void 0) {
      invalid(`${name2} takes no \`post-return\` and no \`callback\``, offset2, "canonical options");
    }
  }
  switch (name2) {
    case "task.return":
      return taskReturn(canon, options2, scope, offset2);
    case "context.get":
    case "context.set":
      if (canon.valueType !== "i32" || canon.slot >= CONTEXT_SLOTS) {
        invalid(`${name2} takes i32 and a slot below ${CONTEXT_SLOTS}`, offset2, name2);
      }
      return name2 === "context.get" ? coreFunc([], [
        "i32"
      ]) : coreFunc([
        "i32"
      ], []);
    case "error-context.new":
    case "error-context.debug-message":
      if (options2.async) invalid(`${name2} takes no \`async\``, offset2, "canonical options");
      needs("memory", options2, true, offset2);
      needs("realloc", options2, name2 === "error-context.debug-message", offset2);
      break;
    case "thread.spawn-ref":
      return coreFunc([
        `(ref null ${canon.coreType})`,
        "i32"
      ], [
        "i32"
      ]);
  }
  if (canon.type !== void 0) checkElement(canon, scope, offset2);
  const [params, results] = SIGNATURES2[name2];
  return coreFunc(words(params), words(results));
}
function taskReturn(canon, options2, scope, offset2) {
  if (options2.async || options2.realloc !== void 0) {
    invalid("task.return takes only `memory` and `string-encoding`", offset2, "canonical options");
  }
  const result2 = canon.result && resolveValueType(canon.result, scope, offset2);
  const flat = flattenTypes(result2 ? [
    result2
  ] : []);
  const inMemory = flat.length > MAX_FLAT_PARAMS2;
  needs("memory", options2, pointersIn([
    result2
  ]) || inMemory, offset2);
  return coreFunc(inMemory ? [
    "i32"
  ] : flat, []);
}
function checkElement(canon, scope, offset2) {
  const { name: name2, options: options2 } = canon;
  const kind = name2.slice(0, name2.indexOf("."));
  const type2 = at2(scope.types, canon.type, "type", offset2);
  if (type2.kind !== kind) {
    invalid(`type index ${canon.type} is not a ${kind} type but a ${type2.kind}`, offset2, name2);
  }
  const element = type2.type;
  if (!options2 || !element) return;
  needs("memory", options2, true, offset2);
  needs("realloc", options2, name2.endsWith(".read") && pointersIn([
    element
  ]), offset2);
}
function checkThreadStart(canon, scope, offset2) {
  const type2 = at2(scope.coreTypes, canon.coreType, "core type", offset2);
  if (type2.kind !== "core-func" || !sameFunc(type2, THREAD_START)) {
    invalid(`${canon.name} needs a core type of (func (param i32))`, offset2, canon.name);
  }
  if (canon.table === void 0) return;
  const table3 = at2(scope.tables, canon.table, "table", offset2);
  if (table3.element !== "funcref") {
    invalid(`${canon.name} needs a table of funcref, found ${table3.element}`, offset2, canon.name);
  }
}

// src/component/validate/canon.ts
var CALLBACK = coreFunc([
  "i32",
  "i32",
  "i32"
], [
  "i32"
]);
function defineCanon(d, scope) {
  const { canon, offset: offset2 } = d;
  switch (canon.op) {
    case "lift":
      return lift(canon, scope, offset2);
    case "lower":
      return lower(canon, scope, offset2);
    case "async":
      scope.coreFuncs.push(asyncBuiltin(canon, scope, offset2));
      return {
        op: "async builtin",
        name: canon.name
      };
    default:
      return resourceBuiltin2(canon.op, canon.type, scope, offset2);
  }
}
function lift(canon, scope, offset2) {
  const { options: options2 } = canon;
  const type2 = typeOfKind("func", canon.type, scope, offset2);
  const callee = at2(scope.coreFuncs, canon.func, "core function", offset2);
  scope.budget.spend(type2.params.length);
  checkOptions(options2, scope, offset2);
  if (options2.async && !type2.async) {
    invalid("the `async` canonical option requires an async function type", offset2, "canonical options");
  }
  const flat = flattenFunc(type2, "lift", options2);
  const params = pointersIn(type2.params.map((p) => p.type)), results = pointersIn([
    type2.result
  ]);
  needs("memory", options2, params || results || flat.paramsInMemory || flat.resultsInMemory, offset2);
  needs("realloc", options2, params || flat.paramsInMemory, offset2);
  if (!sameFunc(callee, flat.type)) {
    invalid(`core function ${canon.func} is a ${signature(callee)}, but lifting to the given type takes a ${signature(flat.type)}`, offset2, "canonical function lift");
  }
  if (options2.postReturn !== void 0) {
    if (options2.async) {
      invalid("canonical option `post-return` cannot be specified with `async`", offset2, "canonical options");
    }
    checkFunc("canonical option `post-return`", options2.postReturn, coreFunc(flat.type.results, []), scope, offset2);
  }
  if (options2.callback !== void 0) {
    if (!options2.async) {
      invalid("canonical option `callback` requires `async`", offset2, "canonical options");
    }
    checkFunc("canonical option `callback`", options2.callback, CALLBACK, scope, offset2);
  }
  scope.funcs.push(type2);
  return {
    op: "lift",
    func: canon.func,
    options: options2,
    type: type2
  };
}
function lower(canon, scope, offset2) {
  const { options: options2 } = canon;
  const type2 = at2(scope.funcs, canon.func, "function", offset2);
  scope.budget.spend(type2.params.length);
  checkOptions(options2, scope, offset2);
  notForLowering("post-return", options2.postReturn, offset2);
  notForLowering("callback", options2.callback, offset2);
  if (options2.async && !type2.async) {
    invalid("the `async` canonical option requires an async function type", offset2, "canonical options");
  }
  const flat = flattenFunc(type2, "lower", options2);
  const params = pointersIn(type2.params.map((p) => p.type)), results = pointersIn([
    type2.result
  ]);
  needs("memory", options2, params || results || flat.paramsInMemory || flat.resultsInMemory, offset2);
  needs("realloc", options2, results, offset2);
  scope.coreFuncs.push(flat.type);
  return {
    op: "lower",
    func: canon.func,
    options: options2,
    type: type2
  };
}
function resourceBuiltin2(op, index, scope, offset2) {
  const resource = resolveResource(index, scope, offset2);
  if (op !== "resource.drop" && !resource.local) {
    invalid(`type index ${index} is not a local resource, as ${op} requires`, offset2, op);
  }
  const signatures = {
    "resource.new": coreFunc([
      resource.rep
    ], [
      "i32"
    ]),
    "resource.rep": coreFunc([
      "i32"
    ], [
      resource.rep
    ]),
    "resource.drop": coreFunc([
      "i32"
    ], [])
  };
  scope.coreFuncs.push(signatures[op]);
  return {
    op,
    slot: resource.slot
  };
}
function notForLowering(option, value, offset2) {
  if (value !== void 0) {
    invalid(`canonical option \`${option}\` cannot be specified for lowerings`, offset2, "canonical options");
  }
}

// src/component/validate/visible.ts
function checkVisible(type2, name2, scope, as, offset2) {
  const side = as === "import" ? scope.imports : scope.exports;
  if (type2.kind === "type" && type2.type.kind === "resource" && type2.label) {
    side.resources.set(name2, type2.label);
  }
  if (scope.kind === "instance-type") return;
  if (!new Names2(side, as === "import" ? scope.exports : void 0, scope.budget).register(type2)) {
    const what = type2.kind === "core-module" ? "module" : type2.kind;
    invalid(`${what} not valid to be used as ${as}: \`${name2}\` mentions a type that has no name outside`, offset2, as);
  }
}
var Names2 = class {
  #visible;
  #also;
  #budget;
  #registered = /* @__PURE__ */ new Set();
  #done = /* @__PURE__ */ new Set();
  constructor(side, also, budget2) {
    this.#budget = budget2;
    this.#visible = side.visible;
    this.#also = also?.visible;
  }
  /** Whether all parts are named, each type in it being a name for what follows. */
  register(type2) {
    switch (type2.kind) {
      case "type":
        if (!this.#partsNamed(type2.type)) return false;
        this.#add(type2.type.kind === "resource" ? type2.label : type2.type);
        return true;
      case "instance":
        if (this.#registered.has(type2)) return true;
        this.#registered.add(type2);
        this.#budget.spend(type2.exports.size);
        return [
          ...type2.exports.values()
        ].every((t) => this.register(t));
      case "func":
        return this.#partsNamed(type2);
      case "value":
        return this.#named(type2.type);
      // Components and modules are closed: nothing in them is a type of this scope.
      case "component":
      case "core-module":
        return true;
    }
  }
  #add(name2) {
    if (!name2) return;
    this.#visible.add(name2);
    this.#also?.add(name2);
  }
  #once(type2, check) {
    if (this.#done.has(type2)) return true;
    this.#budget.spend(1);
    if (!check()) return false;
    this.#done.add(type2);
    return true;
  }
  /** Whether the parts of a type are named; it may be about to get a name itself. */
  #partsNamed(type2) {
    switch (type2.kind) {
      case "resource":
      case "component":
        return true;
      case "instance":
        return this.#once(type2, () => [
          ...type2.exports.values()
        ].every((t) => this.#externNamed(t)));
      case "func":
        return this.#once(type2, () => type2.params.every((p) => this.#named(p.type)) && this.#maybeNamed(type2.result));
      case "record":
        return type2.fields.every((f) => this.#named(f.type));
      case "variant":
        return type2.cases.every((c) => this.#maybeNamed(c.type));
      case "enum":
      case "flags":
        return true;
      default:
        return this.#named(type2);
    }
  }
  #externNamed(type2) {
    switch (type2.kind) {
      case "type":
        return this.#partsNamed(type2.type);
      case "func":
      case "instance":
        return this.#partsNamed(type2);
      case "value":
        return this.#named(type2.type);
      default:
        return true;
    }
  }
  #maybeNamed(type2) {
    return type2 === void 0 || this.#named(type2);
  }
  #named(type2) {
    switch (type2.kind) {
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.#visible.has(type2);
      case "own":
      case "borrow":
        return type2.label !== void 0 && this.#visible.has(type2.label);
      case "list":
        return this.#once(type2, () => this.#named(type2.element));
      case "tuple":
        return this.#once(type2, () => type2.types.every((t) => this.#named(t)));
      case "option":
        return this.#once(type2, () => this.#named(type2.type));
      case "result":
        return this.#once(type2, () => this.#maybeNamed(type2.ok) && this.#maybeNamed(type2.err));
      case "stream":
      case "future":
        return this.#once(type2, () => this.#maybeNamed(type2.type));
      case "map":
        return this.#once(type2, () => this.#named(type2.key) && this.#named(type2.value));
      default:
        return true;
    }
  }
};
function checkAnnotated(name2, parsed, type2, resources, offset2) {
  if (parsed.kind === "label" || parsed.kind === "interface") return;
  const fail = (why) => invalid(`function \`${name2}\` ${why}`, offset2, "extern name");
  if (type2.kind !== "func") return invalid(`\`${name2}\` is not a func`, offset2, "extern name");
  const { kind, resource } = parsed;
  if (kind === "static") {
    if (!resources.has(resource)) fail("is static to a resource that is not known in this context");
    return;
  }
  let self;
  if (kind === "constructor") {
    const { result: result2 } = type2;
    if (!result2) return fail("should return one value");
    self = result2.kind === "result" ? result2.ok : result2;
    if (self?.kind !== "own") fail("should return `(own $T)` or `(result (own $T))`");
  } else {
    const [first2] = type2.params;
    if (!first2) return fail("should have at least one argument");
    if (first2.name !== "self") fail(`should have a first argument called \`self\`, found \`${first2.name}\``);
    self = first2.type;
    if (!isValueType(self) || self.kind !== "borrow") fail("should take a first argument of `(borrow $T)`");
  }
  const { label } = self;
  if (!label || resources.get(label.name) !== label) {
    return fail("uses a resource that does not have a name in this context");
  }
  if (label.name !== resource) fail(`does not match expected resource name \`${label.name}\``);
}

// src/component/validate/extern.ts
function defineImport(d, scope) {
  const { offset: offset2, name: name2 } = d;
  const type2 = introduce(d.type, scope, offset2, name2, "import");
  declare(d, type2, scope, "import");
  if (type2.kind === "type" && type2.type.kind !== "resource") return void 0;
  return {
    op: "import",
    name: name2,
    sort: runtimeSort(type2),
    type: type2,
    bind: bindings(type2, scope.imports.bound, scope.budget)
  };
}
function defineExport(d, scope) {
  const { offset: offset2, name: name2 } = d;
  const actual = itemType(scope, d.target, offset2);
  const fresh = /* @__PURE__ */ new Set();
  const type2 = d.type ? introduce(d.type, scope, offset2, name2, "export", fresh) : named2(actual, name2);
  if (d.type) {
    const found = new Bindings(fresh, scope.budget);
    found.match(type2, actual);
    const wrong = mismatch(actual, found.check.extern(type2), scope.budget);
    if (wrong) {
      invalid(`ascribed type of export \`${name2}\` is not compatible with the item's type: ${wrong}`, offset2, "export");
    }
  }
  declare(d, type2, scope, "export");
  const item = runtimeIndices(scope, [
    {
      ...d.target,
      name: name2
    }
  ])[0];
  return {
    op: "export",
    name: name2,
    item,
    type: type2,
    bind: bindings(type2, fresh, scope.budget)
  };
}
function declareExport(d, scope) {
  declare(d, introduce(d.type, scope, d.offset, d.name, "export"), scope, "export");
}
function declare(d, type2, scope, as) {
  const { name: name2, offset: offset2 } = d;
  if (type2.kind === "value") invalid(`value definitions are not supported: ${as} \`${name2}\``, offset2, as);
  const side = as === "import" ? scope.imports : scope.exports;
  checkName(d, type2, side, `${as} name`);
  side.names.add(name2, `${as} name`, offset2);
  push(scope, type2, offset2);
  checkVisible(type2, name2, scope, as, offset2);
  side.types.set(name2, type2);
}
function checkName(d, type2, side, what) {
  const parsed = parseExternName(d.name, what, d.offset);
  if (d.attributes.length > 0) checkAttributes(d.attributes, d.name, parsed, sortOf(type2), d.offset);
  checkAnnotated(d.name, parsed, type2, side.resources, d.offset);
}
function introduce(ref, scope, offset2, name2, as, fresh) {
  const bind = (name3) => {
    const resource = scope.fresh(name3, offset2);
    (as === "import" ? scope.imports : scope.exports).bound.add(resource);
    fresh?.add(resource);
    return resource;
  };
  switch (ref.kind) {
    case "core module": {
      const type2 = at2(scope.coreTypes, ref.index, "core type", offset2);
      if (type2.kind !== "core-module") {
        invalid(`core type index ${ref.index} is not a module type`, offset2, "core module type");
      }
      return type2;
    }
    case "func":
    case "component":
      return typeOfKind(ref.kind, ref.index, scope, offset2);
    case "instance":
      return freshen(typeOfKind("instance", ref.index, scope, offset2), bind, scope.budget);
    case "value":
      return ref.bound === "type" ? {
        kind: "value",
        type: resolveValueType(ref.type, scope, offset2)
      } : {
        kind: "value",
        type: at2(scope.values, ref.index, "value", offset2)
      };
    case "type":
      if (ref.bound === "eq") {
        return named2({
          kind: "type",
          type: at2(scope.types, ref.index, "type", offset2)
        }, name2);
      }
      return {
        kind: "type",
        type: bind(name2),
        label: {
          name: name2
        }
      };
  }
}
function named2(type2, name2) {
  if (type2.kind !== "type") return type2;
  const label = {
    name: name2
  };
  if (type2.type.kind === "resource") return {
    kind: "type",
    type: type2.type,
    label
  };
  return {
    kind: "type",
    type: renamed(type2.type)
  };
}
function renamed(type2) {
  return isValueType(type2) && !isPrimitive(type2) ? {
    ...type2
  } : type2;
}
function freshen(type2, bind, budget2) {
  if (type2.bound.length === 0) return type2;
  const resources = new Map(type2.bound.map((r) => [
    r,
    bind(r.name)
  ]));
  const exports2 = new Substitution({
    resources
  }, budget2).externs(type2.exports);
  return {
    kind: "instance",
    exports: exports2,
    bound: []
  };
}

// src/component/validate/instantiate.ts
function instantiate(d, scope) {
  const { offset: offset2 } = d;
  const component = at2(scope.components, d.component, "component", offset2);
  const args = /* @__PURE__ */ new Map();
  for (const arg of d.args) {
    if (args.has(arg.name)) {
      invalid(`instantiation argument \`${arg.name}\` conflicts with previous argument`, offset2, "instantiate");
    }
    args.set(arg.name, itemType(scope, arg, offset2));
  }
  const supplied = new Bindings(component.boundImports, scope.budget);
  for (const [name2, type2] of component.imports) {
    const arg = args.get(name2) ?? invalid(`missing import named \`${name2}\` in instantiation`, offset2, "instantiate");
    supplied.match(type2, arg);
    const wrong = mismatch(arg, supplied.check.extern(type2), scope.budget);
    if (wrong) invalid(`type mismatch for import \`${name2}\`: ${wrong}`, offset2, "instantiate");
  }
  const made = component.boundExports.map((r) => {
    const fresh = scope.fresh(r.name, offset2);
    supplied.resources.set(r, fresh);
    scope.exports.bound.add(fresh);
    return fresh;
  });
  const exports2 = supplied.result.externs(component.exports);
  const instance = {
    kind: "instance",
    exports: exports2,
    bound: []
  };
  push(scope, instance, offset2);
  return {
    op: "instantiate",
    component: d.component,
    args: runtimeIndices(scope, d.args),
    bind: bindings(instance, new Set(made), scope.budget)
  };
}
function inlineInstance(d, scope) {
  const { offset: offset2 } = d;
  const exports2 = /* @__PURE__ */ new Map();
  const names = new UniqueNames();
  for (const e of d.exports) {
    const type2 = itemType(scope, e, offset2);
    checkName({
      ...e,
      offset: offset2
    }, type2, {
      resources: /* @__PURE__ */ new Map()
    }, "export name");
    names.add(e.name, "export name", offset2);
    exports2.set(e.name, labelled(type2, e.name));
  }
  push(scope, {
    kind: "instance",
    exports: exports2,
    bound: []
  }, offset2);
  return {
    op: "inline",
    exports: runtimeIndices(scope, d.exports)
  };
}
function labelled(type2, name2) {
  const nameless = type2.kind === "type" && type2.type.kind === "resource" && !type2.label;
  return nameless ? {
    ...type2,
    label: {
      name: name2
    }
  } : type2;
}
function coreInstantiate(d, scope) {
  const { offset: offset2 } = d;
  const module = at2(scope.coreModules, d.module, "core module", offset2);
  scope.budget.spend(module.imports.length);
  const args = /* @__PURE__ */ new Map();
  for (const { name: name2, instance } of d.args) {
    if (args.has(name2)) {
      invalid(`duplicate module instantiation argument named \`${name2}\``, offset2, "core instantiate");
    }
    args.set(name2, at2(scope.coreInstances, instance, "core instance", offset2));
  }
  for (const { module: from, name: name2, type: type2 } of module.imports) {
    const instance = args.get(from) ?? invalid(`missing module instantiation argument named \`${from}\``, offset2, "core instantiate");
    const item = instance.get(name2) ?? invalid(`module instantiation argument \`${from}\` does not export an item named \`${name2}\``, offset2, "core instantiate");
    const wrong = coreMismatch(item, type2);
    if (wrong) {
      invalid(`type mismatch for export \`${name2}\` of argument \`${from}\`: ${wrong}`, offset2, "core instantiate");
    }
  }
  scope.coreInstances.push(module.exports);
  return {
    op: "core instantiate",
    module: d.module,
    args: d.args
  };
}
function coreInlineInstance(d, scope) {
  const exports2 = /* @__PURE__ */ new Map();
  for (const e of d.exports) {
    if (exports2.has(e.name)) {
      invalid(`core export name \`${e.name}\` already defined`, d.offset, "core instance");
    }
    exports2.set(e.name, coreItem(scope, e.sort, e.index, d.offset));
  }
  scope.coreInstances.push(exports2);
  return {
    op: "core inline",
    exports: d.exports
  };
}

// src/component/validate/scope.ts
var MAX_RESOURCES = 1e4;
var Side = class {
  types = /* @__PURE__ */ new Map();
  names = new UniqueNames();
  /** Resources this side introduced. */
  bound = /* @__PURE__ */ new Set();
  /** Value types and labels of resources that have a name outside, for types on this side. */
  visible = /* @__PURE__ */ new Set();
  /** Resources that have a name on this very side, which `[method]` and the like may refer to. */
  resources = /* @__PURE__ */ new Map();
};
var Scope = class {
  kind;
  parent;
  budget;
  coreModules = [];
  coreInstances = [];
  coreTypes = [];
  coreFuncs = [];
  tables = [];
  memories = [];
  globals = [];
  tags = [];
  components = [];
  instances = [];
  funcs = [];
  types = [];
  /** For each type that is a resource: the import or export through which this index names it, if any. */
  labels = [];
  values = [];
  imports = new Side();
  /** Its `bound` includes resources that are defined here and those of instances made here. */
  exports = new Side();
  #slots = 0;
  /**
   * @param kind What the scope belongs to.
   * @param parent The scope around it.
   */
  constructor(kind, parent) {
    this.kind = kind;
    this.parent = parent;
    this.budget = parent?.budget ?? new Budget();
  }
  /** How many resources were numbered here. */
  get slots() {
    return this.#slots;
  }
  /** Appends to the type index space. */
  addType(type2, label) {
    this.types.push(type2);
    this.labels.push(label);
  }
  /** A new resource type, unequal to every other. */
  fresh(name2, offset2, local = false, rep = "i32") {
    if (this.#slots >= MAX_RESOURCES) {
      invalid(`more than ${MAX_RESOURCES} resource types in one component`, offset2, "resource type");
    }
    return {
      kind: "resource",
      slot: this.#slots++,
      name: name2,
      local,
      rep
    };
  }
  /** The scope `count` levels out. */
  outer(count, offset2) {
    let scope = this;
    for (let i = 0; i < count && scope; i++) scope = scope.parent;
    return scope ?? invalid(`invalid outer alias count of ${count}`, offset2, "alias");
  }
};

// src/component/validate/validate.ts
function validate(component) {
  return validateComponent(component, void 0);
}
function validateComponent(component, parent) {
  const scope = new Scope("component", parent);
  const steps = [];
  for (const definition of component.definitions) {
    const step = define(definition, scope);
    if (step) steps.push({
      ...step,
      offset: definition.offset
    });
  }
  const type2 = componentType(scope);
  checkSize(type2, component.offset);
  return {
    type: type2,
    steps,
    slots: scope.slots,
    typeNames: nameTypes(type2)
  };
}
function define(d, scope) {
  const { offset: offset2 } = d;
  scope.budget.offset = offset2;
  switch (d.kind) {
    case "core module": {
      const type2 = readCoreModule(d.bytes, offset2);
      checkModuleImports(type2, offset2);
      scope.coreModules.push(type2);
      return {
        op: "core module",
        bytes: d.bytes
      };
    }
    case "core instantiate":
      return coreInstantiate(d, scope);
    case "core inline":
      return coreInlineInstance(d, scope);
    case "core type":
      scope.coreTypes.push(coreType2(d.type, scope, offset2));
      return void 0;
    case "component": {
      const plan = validateComponent(d.component, scope);
      scope.components.push(plan.type);
      return {
        op: "component",
        plan
      };
    }
    case "instantiate":
      return instantiate(d, scope);
    case "inline":
      return inlineInstance(d, scope);
    case "alias export":
      return aliasExport(d, scope);
    case "alias core export":
      return aliasCoreExport(d, scope);
    case "alias outer":
      return aliasOuter(d, scope);
    case "type":
      return defineType(d, scope);
    case "canon":
      return defineCanon(d, scope);
    case "start":
      return invalid("value definitions are not supported: start section", offset2, "start section");
    case "value":
      return invalid("value definitions are not supported: value section", offset2, "value section");
    case "import":
      return defineImport(d, scope);
    case "export":
      return defineExport(d, scope);
    case "export declaration":
      declareExport(d, scope);
      return void 0;
  }
}
function defineType(d, scope) {
  const { type: ref, offset: offset2 } = d;
  if (ref.kind === "resource") {
    if (scope.kind !== "component") {
      invalid("resources can only be defined within a concrete component", offset2, "resource type");
    }
    if (ref.rep !== "i32") invalid("resources can only be represented by `i32`", offset2, "resource type");
    if (ref.dtor !== void 0) checkFunc("a destructor", ref.dtor, coreFunc([
      ref.rep
    ], []), scope, offset2);
    const resource = scope.fresh(`resource ${scope.types.length}`, offset2, true, ref.rep);
    scope.addType(resource);
    scope.exports.bound.add(resource);
    return {
      op: "resource",
      slot: resource.slot,
      dtor: ref.dtor,
      name: resource.name
    };
  }
  const type2 = resolveType(ref, scope, offset2);
  checkSize(type2, offset2);
  scope.addType(type2);
  return void 0;
}
function resolveType(ref, scope, offset2) {
  switch (ref.kind) {
    case "func":
      return resolveFunc(ref, scope, offset2);
    case "component-type":
    case "instance-type":
      return scopeType(ref, scope);
    default:
      return resolveDefined(ref, scope, offset2);
  }
}
function scopeType(ref, parent) {
  const scope = new Scope(ref.kind, parent);
  for (const d of ref.declarations) define(d, scope);
  return ref.kind === "component-type" ? componentType(scope) : {
    kind: "instance",
    exports: scope.exports.types,
    bound: [
      ...scope.exports.bound
    ]
  };
}
function componentType(scope) {
  const { imports: imports2, exports: exports2 } = scope;
  const shown = exports2.bound.size > 0 ? mentions(exports2.types.values(), scope.budget).mentioned : void 0;
  return {
    kind: "component",
    imports: imports2.types,
    exports: exports2.types,
    boundImports: [
      ...imports2.bound
    ],
    boundExports: [
      ...exports2.bound
    ].filter((resource) => shown.has(resource))
  };
}
function nameTypes({ imports: imports2, exports: exports2 }) {
  const names = /* @__PURE__ */ new Map(), seen = /* @__PURE__ */ new Set();
  const walk = (name2, type2) => {
    if (type2.kind === "type") {
      const named3 = type2.type;
      if (isValueType(named3) && !isPrimitive(named3) && !names.has(named3)) names.set(named3, name2);
    } else if (type2.kind === "instance" && !seen.has(type2)) {
      seen.add(type2);
      for (const [inner, t] of type2.exports) walk(inner, t);
    }
  };
  for (const [name2, type2] of imports2) walk(name2, type2);
  for (const [name2, type2] of exports2) walk(name2, type2);
  return names;
}

// src/component/component.ts
var definitionOf;
var planOf;
var Instance = class {
  /**
   * Functions by camelCase name; interfaces by their full name, each an object of functions and resource
   * classes. A function is synchronous where nothing that it may call can block, and returns a promise
   * where something can.
   */
  exports;
  /** Whether some export may suspend, and so returns a promise. */
  suspends;
  /** Made by `Component.instantiate`. */
  constructor(exports2, suspends) {
    this.exports = exports2;
    this.suspends = suspends;
  }
};
var Component = class _Component {
  #plan;
  #definition;
  #bytes;
  #maxMemoryBytes;
  #code = {
    left: MAX_CODE
  };
  constructor(bytes, definition, plan, maxMemoryBytes) {
    this.#bytes = bytes;
    this.#definition = definition;
    this.#plan = plan;
    this.#maxMemoryBytes = maxMemoryBytes;
  }
  /**
   * Compiles a component. The bytes must not change afterwards: core modules are views of them.
   *
   * @param bytes A component binary.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   * @throws {LimitError} If no limit can hold for it, because of what its core modules are made of.
   */
  static compile(bytes, options2 = {}) {
    return new Promise((resolve) => resolve(_Component.compileSync(bytes, options2)));
  }
  /** Like `compile`, at once. */
  static compileSync(bytes, { maxMemoryBytes } = {}) {
    checkLimit("maxMemoryBytes", maxMemoryBytes);
    const definition = decode(bytes);
    const plan = validate(definition);
    for (const module of coreModules(plan)) {
      if (maxMemoryBytes === void 0) compileModule(module);
      else compileBounded(module, maxMemoryBytes);
    }
    return new _Component(bytes, definition, plan, maxMemoryBytes);
  }
  /**
   * A component from what another one's `data` gave, without compiling again.
   *
   * @param data As `data` gave it, in this or another thread. The modules must be those of the bytes.
   * @throws {DecodeError} With the byte offset, if the bytes are not a valid component.
   */
  static from({ bytes, modules: modules3, limit }) {
    const definition = decode(bytes);
    const plan = validate(definition);
    coreModules(plan).forEach((core, i) => {
      const module = modules3[i], bounded = limit?.bounded[i];
      if (module && bounded) adoptBounded(core, {
        module,
        ...bounded
      });
      else if (module && !limit) adoptModule(core, module);
      else if (limit) compileBounded(core, limit.maxMemoryBytes);
      else compileModule(core);
    });
    return new _Component(bytes, definition, plan, limit?.maxMemoryBytes);
  }
  /** The component as data that `postMessage` takes: a worker makes it a component again by `Component.from`. */
  get data() {
    const bytes = this.#bytes, maxMemoryBytes = this.#maxMemoryBytes, cores = coreModules(this.#plan);
    if (maxMemoryBytes === void 0) return {
      bytes,
      modules: cores.map(compileModule)
    };
    const bounded = cores.map((core) => compileBounded(core, maxMemoryBytes));
    return {
      bytes,
      modules: bounded.map(({ module }) => module),
      limit: {
        maxMemoryBytes,
        bounded: bounded.map(({ bounds, weight }) => ({
          bounds,
          weight
        }))
      }
    };
  }
  /** What it imports: names as in the binary, and their types. */
  get imports() {
    return this.#plan.type.imports;
  }
  /** What it exports: names as in the binary, and their types. */
  get exports() {
    return this.#plan.type.exports;
  }
  /**
   * Makes a fresh instance.
   *
   * @param imports Interfaces by name, with or without a version; any compatible version will do.
   * @throws {LinkError} If an import is missing or does not fit.
   * @throws {LimitError} If its memories and tables begin with more than it may hold. None of them was made then.
   * @throws {Trap} If a start function traps.
   */
  async instantiate(imports2 = {}, options2 = {}) {
    const frame = this.#frame(imports2, options2);
    for (const started of frame.run()) await this.#started(frame, started);
    return this.#instance(frame);
  }
  /**
   * Like `instantiate`, at once.
   *
   * @throws {LinkError} Also if a start function has to be awaited.
   */
  instantiateSync(imports2 = {}, options2 = {}) {
    const frame = this.#frame(imports2, options2);
    for (const started of frame.run()) {
      started.catch(() => {
      });
      throw new LinkError("a start function calls what may block, or fails: use instantiate(), which can wait for it", []);
    }
    return this.#instance(frame);
  }
  #frame(imports2, options2) {
    const resolver = new ImportResolver(imports2, options2.missing, asItem, options2.observe);
    const args = /* @__PURE__ */ new Map();
    for (const [name2, type2] of this.#plan.type.imports) {
      const item = resolver.resolve(name2, type2);
      if (item) args.set(name2, item);
    }
    if (resolver.unresolved.length > 0) {
      const { unresolved } = resolver;
      throw new LinkError(`missing imports: ${unresolved.map(({ name: name2, note: note2 }) => name2 + note2).join(", ")}`, unresolved.map(({ name: name2 }) => name2));
    }
    const { maxHandles = MAX_HANDLES } = options2;
    checkLimit("maxHandles", maxHandles);
    const account = this.#account(args);
    const shared = {
      fate: new InstanceFate(options2.signal),
      memories: /* @__PURE__ */ new Map(),
      instances: 0,
      handles: 0,
      maxHandles,
      account,
      code: this.#code
    };
    return new Frame(this.#plan, args, shared, void 0, void 0);
  }
  #account(args) {
    const limit = this.#maxMemoryBytes;
    return limit === void 0 ? void 0 : new Account(limit, survey(this.#plan, args, limit).initial);
  }
  async #started(frame, started) {
    try {
      await started;
    } catch (error) {
      throw frame.shared.fate.kill(error, frame.flags);
    }
  }
  #instance(frame) {
    return new Instance(makeExports(frame.exports, this.#plan.type.exports), frame.suspends);
  }
  static {
    definitionOf = (component) => component.#definition;
    planOf = (component) => component.#plan;
  }
};
var asItem = (name2, type2, value) => {
  if (type2.kind === "component") {
    if (!(value instanceof Component)) return void 0;
    const plan = planOf(value);
    const wrong = mismatch(plan.type, type2, new Budget());
    if (wrong !== void 0) throw new LinkError(`import ${name2} is a component: ${wrong}`, [
      name2
    ]);
    return {
      kind: "component",
      plan,
      outer: void 0
    };
  }
  if (!(value instanceof WebAssembly.Module)) return void 0;
  const given = new Map(WebAssembly.Module.exports(value).map((e) => [
    e.name,
    e.kind
  ]));
  for (const [key2, wanted] of type2.exports) {
    const kind = wanted.kind === "core-func" ? "function" : wanted.kind;
    if (given.get(key2) === kind) continue;
    throw new LinkError(`import ${name2} is a core module: it has no ${kind} \`${key2}\``, [
      name2
    ]);
  }
  for (const { module, name: key2 } of WebAssembly.Module.imports(value)) {
    if (type2.imports.some((i) => i.module === module && i.name === key2)) continue;
    throw new LinkError(`import ${name2} is a core module: it wants \`${module}\` \`${key2}\``, [
      name2
    ]);
  }
  return {
    kind: "core module",
    module: value,
    bytes: void 0
  };
};
function checkLimit(name2, value) {
  if (value === void 0 || Number.isSafeInteger(value) && value >= 0) return;
  throw new TypeError(`${name2} must be a whole number, got ${value}`);
}
function coreModules(plan) {
  return plan.steps.flatMap((step) => {
    if (step.op === "core module") return [
      step.bytes
    ];
    return step.op === "component" ? coreModules(step.plan) : [];
  });
}

// src/component/mod.ts
init_error3();
init_suspending();

// src/compartment/module.ts
init_error();
async function digest(bytes) {
  const hash2 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash2, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
async function compileFile(spec) {
  const { file, hash: hash2, where, grant } = spec;
  const bytes = await Deno.readFile(file).catch((error) => {
    const message = `${grant.holder} names ${file}, which cannot be read: ${reasonOf(error)}`;
    if (where === void 0) throw new Deno.errors.NotFound(message);
    throw new ConfigError([
      {
        ...where.file,
        code: "file",
        severity: "error",
        message
      }
    ]);
  });
  if (hash2 !== void 0) {
    const actual = await digest(bytes);
    if (actual !== hash2) throw new IntegrityError(where ? at(where.hash) : grant.holder, file, hash2, actual);
  }
  return compile(bytes, where ? `${at(where.file)}: ${file}` : grant.holder, spec);
}
function reasonOf(error) {
  return error.message.replace(/: \w+ '.*'$/s, "");
}
function compile(bytes, file, { maxMemoryBytes } = {}) {
  try {
    if (layerOf(bytes) !== "module") return Component.compileSync(bytes, {
      maxMemoryBytes
    });
  } catch (error) {
    if (error instanceof DecodeError) error.message = `${file} is not a valid component: ${error.message}`;
    if (error instanceof LimitError) error.message = `${file}: ${error.message}`;
    throw error;
  }
  throw new UnsupportedError(`${file} is a core module, not a component; core modules are not supported yet (\`wasm-tools component new --adapt\` makes a component of one)`);
}

// src/config/imports.ts
var NAMES = {
  "wasi:cli": [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr"
  ],
  "wasi:io": [
    "wasi:io/error",
    "wasi:io/streams"
  ],
  "wasi:poll": [
    "wasi:io/poll"
  ],
  "wasi:clocks": [
    "wasi:clocks/wall-clock",
    "wasi:clocks/monotonic-clock"
  ],
  "wasi:filesystem": [
    "wasi:filesystem/types",
    "wasi:filesystem/preopens"
  ],
  "wasi:random": [
    "wasi:random/random",
    "wasi:random/insecure",
    "wasi:random/insecure-seed"
  ],
  "wasi:sockets": [
    "wasi:sockets/instance-network",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/tcp",
    "wasi:sockets/udp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/ip-name-lookup"
  ],
  "wasi:http": [
    "wasi:http/types",
    "wasi:http/outgoing-handler"
  ],
  "funcs": [
    "wippy:runtime/funcs"
  ],
  "wasi1": [
    "wasi-preview1",
    "preview1",
    "wasi_snapshot_preview1"
  ]
};
var BY_NAME3 = new Map(Object.entries(NAMES).flatMap(([name2, aliases]) => [
  name2,
  ...aliases
].map((alias) => [
  alias,
  name2
])));
var PACKAGES = Object.keys(NAMES);
var IMPORT_NAMES = [
  ...BY_NAME3.keys()
];
function packageOf(item) {
  const name2 = normal(item);
  const colon = name2.indexOf(":");
  return (colon < 0 ? void 0 : BY_NAME3.get(name2.slice(colon + 1))) ?? BY_NAME3.get(name2);
}
function normal(item) {
  const name2 = item.trim().toLowerCase();
  const version = name2.indexOf("@");
  return version < 0 ? name2 : name2.slice(0, version);
}

// src/compartment/refuse.ts
init_error6();
init_error();
var UNSUPPORTED = /* @__PURE__ */ new Set([
  "funcs"
]);
function providerOf(interfaceName) {
  const base = interfaceName.split("@")[0];
  return packageOf(base) ?? packageOf(base.split("/")[0]);
}
function refusal2({ grant, where }) {
  return (interfaceName, func) => {
    const asked = interfaceName === func ? interfaceName : `${interfaceName}#${func}`;
    const provider = providerOf(interfaceName);
    if (provider !== void 0 && grant.packages.has(provider)) {
      return new UnsupportedError(UNSUPPORTED.has(provider) ? `${asked}: ${provider} is declared but not supported yet` : `${asked}: ${provider} has no such function`);
    }
    const hint = provider === void 0 ? "no host provides this interface, so nothing would allow it" : where ? `to allow it, add ${provider} to the imports of ${grant.holder} (${at(where.imports)})` : `to allow it, declare it in an entry: imports: [${provider}]`;
    return new CapabilityError({
      asked,
      allowed: [
        ...grant.packages
      ],
      wall: "link",
      hint
    });
  };
}
function checkImports(component, { grant, strict, where }) {
  const imports2 = [
    ...component.imports
  ].filter(([, type2]) => type2.kind === "instance" || type2.kind === "func");
  const next2 = imports2.map(([name2]) => name2).filter((name2) => /^wasi:[^@]*@0\.3\./.test(name2));
  if (next2.length > 0) {
    throw new LinkError(`WASI 0.3 is not supported yet: the component imports ${next2.join(", ")}`, next2);
  }
  if (!strict) return;
  const undeclared = imports2.filter(([name2, type2]) => {
    if (type2.kind === "instance" && ![
      ...type2.exports.values()
    ].some((e) => e.kind === "func")) return false;
    const provider = providerOf(name2);
    return provider === void 0 || !grant.packages.has(provider);
  }).map(([name2]) => name2);
  if (undeclared.length > 0) {
    const wanted = new Set(undeclared.map(providerOf).filter((provider) => provider !== void 0));
    const unprovided = undeclared.filter((name2) => providerOf(name2) === void 0);
    const notes = [
      ...wanted.size > 0 ? [
        `add ${[
          ...wanted
        ].join(", ")} to its imports`
      ] : [],
      ...unprovided.length > 0 ? [
        `no host provides ${unprovided.join(", ")}`
      ] : []
    ];
    throw new LinkError(`${where ? `${at(where.imports)}: ` : ""}${grant.holder} is strict and does not declare ${undeclared.join(", ")}; ` + notes.join("; "), undeclared);
  }
}

// src/compartment/guest.ts
var Guest = class _Guest {
  /** The component. */
  component;
  /** The method that is called. */
  method;
  /** What it was made of. */
  spec;
  /**
   * Binds a component to what it may touch.
   *
   * @throws {LinkError} For imports that cannot be served.
   * @throws {MethodError} If there is no such method.
   */
  constructor(component, spec) {
    this.component = component;
    this.spec = spec;
    this.method = methodOf(component, spec);
    checkImports(component, spec);
  }
  /**
   * Reads and compiles a guest's module.
   *
   * @throws {ConfigError} If the file cannot be read.
   * @throws {IntegrityError} If the hash differs.
   * @throws {DecodeError | LinkError | MethodError}
   */
  static async load(spec) {
    return new _Guest(await compileFile(spec), spec);
  }
  /** The method is a whole program. */
  get isProgram() {
    return isProgram(this.method.name);
  }
  /**
   * Calls the method on a fresh instance. A program that exits with 0 has returned.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws {TypeError} If the number of arguments is not that of the parameters.
   * @throws {Trap | ComponentError | CapabilityError | ExitError | LinkError}
   */
  async call(args, options2) {
    const { method, spec } = this;
    if (args.length !== method.type.params.length) throw new TypeError(arity(method, args.length));
    const { args: fixed2 } = spec.grant;
    const words2 = fixed2.length > 0 || !options2.args ? fixed2 : this.isProgram ? [
      spec.program,
      ...options2.args
    ] : options2.args;
    const grant = {
      ...spec.grant,
      args: words2,
      env: options2.env ?? spec.grant.env
    };
    const { signal } = options2;
    signal?.throwIfAborted();
    const audit = options2.audit && await auditOf(grant, options2.audit);
    const imports2 = watchedWasi(grant, {
      stdio: options2.stdio
    }, audit);
    const missing = audit?.missing(refusal2(spec)) ?? refusal2(spec);
    try {
      const instance = await this.component.instantiate(imports2, {
        missing,
        observe: audit?.observe,
        signal
      });
      return await method.of(instance)(...args);
    } catch (error) {
      if (this.isProgram && error instanceof ExitError && error.exitCode === 0) return void 0;
      throw error;
    } finally {
      release(imports2);
    }
  }
};
async function auditOf(grant, report2) {
  const { Audit: Audit2 } = await Promise.resolve().then(() => (init_audit(), audit_exports));
  return new Audit2(grant, report2);
}
function methodOf(component, { method, where, grant }) {
  if (method !== void 0) {
    return findMethod(component, method, where ? `${at(where.method)}: ${grant.holder}` : `--invoke ${grant.holder}`);
  }
  const program = programOf(component);
  if (program) return program;
  const names = methodsOf(component).map((m) => m.name);
  throw new MethodError(`${grant.holder} is no program (no wasi:cli/run); name a function by --invoke`, names);
}

// src/compartment/child.ts
function send(kind, call2, body) {
  const bytes = encodeFrame(kind, call2, body);
  for (let at4 = 0; at4 < bytes.length; ) at4 += Deno.stdout.writeSync(bytes.subarray(at4));
}
var readers = /* @__PURE__ */ new Map();
function stdioOf(call2, terminals) {
  let rest;
  let ended = false;
  const output = (kind, i) => ({
    writeSync(bytes) {
      send(kind, call2, bytes);
      return bytes.length;
    },
    isTerminal: () => terminals[i] === true
  });
  return {
    stdin: {
      async read(into) {
        if (ended || into.length === 0) return ended ? null : 0;
        if (rest === void 0) {
          const reader = Promise.withResolvers();
          readers.set(call2, reader);
          send(Kind.WantStdin, call2);
          rest = await reader.promise;
        }
        if (rest.length === 0) {
          ended = true;
          return null;
        }
        const count = Math.min(into.length, rest.length);
        into.set(rest.subarray(0, count));
        rest = count < rest.length ? rest.subarray(count) : void 0;
        return count;
      },
      isTerminal: () => terminals[0] === true
    },
    stdout: output(Kind.Stdout, 1),
    stderr: output(Kind.Stderr, 2)
  };
}
var calls = /* @__PURE__ */ new Map();
async function call(guest, id, { args, words: words2, env, terminals, audit }) {
  const controller = new AbortController();
  calls.set(id, {
    controller
  });
  const { signal } = controller;
  const options2 = {
    stdio: stdioOf(id, terminals),
    args: words2,
    env,
    signal
  };
  await settle(id, guest.call(args, audit ? {
    ...options2,
    audit: auditTo(id)
  } : options2));
}
function auditTo(call2) {
  const log = new AuditLog((event) => send(Kind.Audit, call2, encodeValue(event)), MAX_EVENTS + 1);
  return (event) => log.add(event);
}
async function handle(guest, id, request2) {
  const controller = new AbortController();
  const { signal } = controller;
  const exchange = new ChannelExchange(request2, (kind, body) => send(kind, id, body));
  calls.set(id, {
    controller,
    exchange
  });
  const options2 = {
    stdio: stdioOf(id, request2.terminals),
    env: request2.env,
    signal
  };
  const handled = handleIncoming(exchange, (request3, responseOut) => guest.call([
    request3,
    responseOut
  ], options2), () => {
    exchange.failed = true;
    return 500;
  });
  await settle(id, handled.finally(() => exchange.delivered));
}
async function settle(id, work3) {
  try {
    const value = encodeValue(await work3);
    send(Kind.Result, id, value);
  } catch (error) {
    send(Kind.Failed, id, encodedError(error));
  } finally {
    readers.delete(id);
    calls.delete(id);
  }
}
function described({ method }) {
  const told = {
    name: method.name,
    type: method.type
  };
  try {
    return encodeValue(told);
  } catch {
    return encodeValue({
      name: method.name,
      type: void 0
    });
  }
}
function encodedError(error) {
  try {
    return encodeValue(plainError(error));
  } catch (why) {
    return encodeValue(plainError(why));
  }
}
async function serveChannel() {
  const reader = new FrameReader();
  let guest;
  const take = async ({ kind, call: id, body }) => {
    if (kind === Kind.Start) {
      try {
        guest = await Guest.load(specOf(decodeValue(body)));
        send(Kind.Ready, 0, described(guest));
      } catch (error) {
        send(Kind.Failed, 0, encodedError(error));
      }
    } else if (guest === void 0) throw new ChannelError(`a frame of kind ${kind} before the first`);
    else if (kind === Kind.Call) void call(guest, id, decodeValue(body));
    else if (kind === Kind.Request) void handle(guest, id, decodeValue(body));
    else if (kind === Kind.Cancel) calls.get(id)?.controller.abort(new Error("the call was given up"));
    else if (kind === Kind.Stdin || kind === Kind.StdinFailed) {
      const reader2 = readers.get(id);
      readers.delete(id);
      if (kind === Kind.Stdin) reader2?.resolve(body);
      else reader2?.reject(new Error("standard input cannot be read"));
    } else calls.get(id)?.exchange?.take(kind, body);
  };
  const buffer2 = new Uint8Array(64 * 1024);
  for (; ; ) {
    const count = await Deno.stdin.read(buffer2);
    if (count === null) Deno.exit(0);
    for (const frame of reader.push(buffer2.slice(0, count))) await take(frame);
  }
}

// src/cli/output.ts
var encoder5 = new TextEncoder();
function writeAll(to, text) {
  let bytes = encoder5.encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(to.writeSync(bytes));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return;
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    }
  }
}
function harmless(text) {
  return text.replaceAll(/[^\P{C}\t\n]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}
function print(text) {
  writeAll(Deno.stdout, text);
}
function note(text) {
  const shown = harmless(text);
  writeAll(Deno.stderr, `${shown}
`);
}

// src/cli/exit_code.ts
var BEFORE = /* @__PURE__ */ new Set([
  "ArgumentError",
  "ConfigError",
  "DecodeError",
  "EntryError",
  "EnvironmentError",
  "IntegrityError",
  "LinkError",
  "ListenError",
  "MethodError",
  "NotCapable",
  "NotFound",
  "ScopeError",
  "UnsupportedError",
  "UsageError"
]);
var TIME_IS_UP = 124;
function report(error) {
  if (!(error instanceof Error)) {
    note(`airlock: ${String(error)}`);
    return 1;
  }
  if (error.name === "ExitError" && "exitCode" in error) return error.exitCode;
  if (error.name === "ConfigError") note(error.message);
  else if (error.name === "UsageError") note(`airlock: ${error.message}`);
  else note(`airlock: ${error.name}: ${error.message}`);
  const frames = error.frames;
  for (const frame of frames ?? []) note(`    at ${frame}`);
  if (error.name === "LimitError" && "limit" in error && error.limit === "max_execution_ms") {
    return TIME_IS_UP;
  }
  return BEFORE.has(error.name) ? 2 : 1;
}

// src/transport/json.ts
var ArgumentError = class extends TypeError {
  /** Always `ArgumentError`. */
  name = "ArgumentError";
  /** Always `argument`. */
  code = "argument";
};
function parseJson(text) {
  return JSON.parse(text, function(_key, value, context) {
    const source = context?.source;
    if (typeof value === "number" && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source)) {
      return BigInt(source);
    }
    return value;
  });
}
function fromJson(type2, json, path2) {
  const value = convert(type2, json, path2);
  const mismatch2 = mismatchOf(type2, value, path2);
  if (!mismatch2) return value;
  throw new ArgumentError(`${mismatch2.path} is ${mismatch2.expected}, got ${mismatch2.found}`);
}
var DIGITS = /^-?\d{1,40}$/;
function convert(type2, json, path2) {
  const no = (note2 = "") => {
    const found = typeof json === "bigint" ? String(json) : show(json);
    throw new ArgumentError(`${path2} is ${witType(type2)}, got ${found}${note2}`);
  };
  switch (type2.kind) {
    case "u64":
    case "s64": {
      const whole = typeof json === "bigint" || Number.isSafeInteger(json) || typeof json === "string" && DIGITS.test(json);
      if (!whole) return no();
      const n = BigInt(json);
      return (type2.kind === "u64" ? BigInt.asUintN(64, n) : BigInt.asIntN(64, n)) === n ? n : no();
    }
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32":
      return typeof json === "bigint" ? no() : json;
    case "f32":
    case "f64":
      if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
      return typeof json === "bigint" ? Number(json) : json;
    case "char":
      return Number.isInteger(json) && json >= 0 && json <= 1114111 ? String.fromCodePoint(json) : json;
    case "list": {
      if (type2.element.kind === "u8") {
        if (typeof json === "string") return new TextEncoder().encode(json);
        if (json instanceof Uint8Array) return json;
      }
      if (!Array.isArray(json)) return no();
      return json.map((item, i) => convert(type2.element, item, `${path2}[${i}]`));
    }
    case "tuple":
      if (!Array.isArray(json) || json.length !== type2.types.length) return no();
      return type2.types.map((t, i) => convert(t, json[i], `${path2}[${i}]`));
    case "record": {
      if (!isObject2(json)) return no();
      const known3 = new Set(type2.fields.flatMap((f) => [
        f.name,
        camelCase(f.name)
      ]));
      const unknown = Object.keys(json).find((key2) => !known3.has(key2));
      if (unknown !== void 0) {
        no(`: it has no field ${unknown} (fields: ${type2.fields.map((f) => f.name).join(", ")})`);
      }
      return Object.fromEntries(type2.fields.map((f) => {
        const name2 = camelCase(f.name);
        const value = own(json, f.name) ?? own(json, name2);
        return [
          name2,
          convert(f.type, value, `${path2}.${f.name}`)
        ];
      }));
    }
    case "flags": {
      const names = Array.isArray(json) ? json : isObject2(json) ? Object.keys(json) : no();
      const known3 = new Map(type2.names.flatMap((n) => [
        [
          n,
          camelCase(n)
        ],
        [
          camelCase(n),
          camelCase(n)
        ]
      ]));
      const flags = {};
      for (const name2 of names) {
        const key2 = known3.get(name2) ?? no(`: it has no flag ${show(name2)} (flags: ${type2.names.join(", ")})`);
        flags[key2] = Array.isArray(json) ? true : json[name2];
      }
      return flags;
    }
    case "option": {
      const nested = type2.type.kind === "option";
      if (json === null || json === void 0) return nested ? {
        tag: "none"
      } : void 0;
      if (!nested) return convert(type2.type, json, path2);
      if (!isObject2(json) || !Object.hasOwn(json, "some")) {
        return no(`: a nested option is null or {"some": \u2026}`);
      }
      return {
        tag: "some",
        val: convert(type2.type, json["some"], path2)
      };
    }
    case "result":
      return oneOf(json, [
        [
          "ok",
          type2.ok
        ],
        [
          "err",
          type2.err
        ]
      ], path2, no);
    case "variant":
      return oneOf(json, type2.cases.map((c) => [
        c.name,
        c.type
      ]), path2, no);
    case "own":
    case "borrow":
      return no(": a resource cannot be written as JSON");
    default:
      return json;
  }
}
function oneOf(json, cases, path2, no) {
  const caseOf = (tag2) => cases.find(([name2]) => name2 === tag2);
  let tag, payload = null;
  if (typeof json === "string") tag = json;
  else if (!isObject2(json)) return no();
  else {
    const keys = Object.keys(json);
    const tagged = typeof json["tag"] === "string" && keys.every((k) => k === "tag" || k === "val");
    if (tagged && !(keys.length === 1 && caseOf("tag"))) {
      tag = json["tag"];
      payload = json["val"] ?? null;
    } else {
      if (keys.length !== 1) return no(`: expected one case as {"case": payload}`);
      tag = keys[0];
      payload = json[tag];
    }
  }
  const found = caseOf(tag) ?? no(`: cases are ${cases.map(([name2]) => name2).join(", ")}`);
  const type2 = found[1];
  if (!type2) return payload === null || payload === void 0 ? {
    tag
  } : no(`: case ${tag} has no payload`);
  return {
    tag,
    val: convert(type2, payload, `${path2}.${tag}`)
  };
}
function toJson(type2, value) {
  switch (type2.kind) {
    case "u64":
    case "s64": {
      const n = BigInt(value);
      return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n.toString();
    }
    case "f32":
    case "f64":
      return Number.isFinite(value) ? value : String(value);
    case "list":
      return Array.from(value, (item) => toJson(type2.element, item));
    case "tuple":
      return type2.types.map((t, i) => toJson(t, value[i]));
    case "record": {
      const record = value;
      return Object.fromEntries(type2.fields.map((f) => [
        f.name,
        toJson(f.type, record[camelCase(f.name)])
      ]));
    }
    case "flags": {
      const flags = value;
      return Object.fromEntries(type2.names.map((n) => [
        n,
        flags[camelCase(n)] === true
      ]));
    }
    case "option":
      if (type2.type.kind !== "option") return value === void 0 ? null : toJson(type2.type, value);
      return value.tag === "none" ? null : {
        some: toJson(type2.type, value.val)
      };
    case "result": {
      const { tag, val } = value;
      const t = tag === "ok" ? type2.ok : type2.err;
      return {
        [tag]: t ? toJson(t, val) : null
      };
    }
    case "variant": {
      const { tag, val } = value;
      const t = type2.cases.find((c) => c.name === tag)?.type;
      return {
        [tag]: t ? toJson(t, val) : null
      };
    }
    case "own":
    case "borrow":
      return `<${type2.resource.name}>`;
    default:
      return value;
  }
}
function own(object, key2) {
  return Object.hasOwn(object, key2) ? object[key2] : void 0;
}
function isObject2(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function fromWord(type2, word, path2) {
  const core = type2.kind === "option" ? type2.type : type2;
  if (type2.kind === "string" || core.kind === "char" && [
    ...word
  ].length === 1) return word;
  let json;
  try {
    json = parseJson(word);
  } catch (error) {
    if (!QUOTED.has(core.kind) && !isBytes(core) && !NOT_FINITE.has(word)) {
      const reason = error.message;
      throw new ArgumentError(`${path2} is ${witType(type2)}, to be given as JSON, got ${show(word)}: ${reason}`);
    }
    json = word;
  }
  const none = type2.kind === "option" && json === null;
  const bare = typeof json !== "string" && !none && (core.kind === "string" || core.kind === "enum" || core.kind === "variant" && !isObject2(json) || isBytes(core) && !Array.isArray(json));
  return fromJson(type2, bare ? word : json, path2);
}
var QUOTED = /* @__PURE__ */ new Set([
  "string",
  "char",
  "enum",
  "variant",
  "result"
]);
var NOT_FINITE = /* @__PURE__ */ new Set([
  "NaN",
  "Infinity",
  "-Infinity"
]);
function isBytes(type2) {
  return type2.kind === "list" && type2.element.kind === "u8";
}

// src/cli/result.ts
function readArguments(method, words2) {
  const { params } = method.type;
  if (words2.length !== params.length) throw new ArgumentError(arity(method, words2.length));
  return params.map((param, i) => fromWord(param.type, words2[i], param.name));
}
async function printResult(type2, call2) {
  const { result: result2 } = type2;
  let value;
  let code = 0;
  try {
    value = await call2;
    if (result2?.kind === "result") value = {
      tag: "ok",
      val: value
    };
  } catch (error) {
    if (!(error instanceof ComponentError) || result2?.kind !== "result") throw error;
    value = {
      tag: "err",
      val: error.payload
    };
    code = 1;
  }
  if (!result2 || result2.kind === "result" && !result2.ok && !result2.err) return code;
  const raw = result2.kind === "string" || result2.kind === "enum" || result2.kind === "char";
  const text = raw ? value : JSON.stringify(toJson(result2, value));
  if (text !== "") print(text.endsWith("\n") ? text : `${text}
`);
  return code;
}

// src/cli/guest.ts
async function run2() {
  try {
    const { spec, words: words2, env } = JSON.parse(jobText());
    return await callGuest(await Guest.load(specOf(spec)), words2, env);
  } catch (error) {
    return report(error);
  }
}
async function callGuest(guest, words2, env) {
  const args = guest.isProgram ? [] : readArguments(guest.method, words2);
  return await printResult(guest.method.type, guest.call(args, {
    stdio: {},
    args: words2,
    env
  }));
}
if (import.meta.main) {
  if (Deno.args[0] === "channel") await serveChannel();
  else Deno.exit(await run2());
}
export {
  callGuest
};
