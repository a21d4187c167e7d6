/**
 * Values of .wast scripts in the engine's JavaScript mapping.
 *
 * @module
 */
import type { List } from "./sexpr.ts";
import { list, string, word } from "./script.ts";

/** `some-name` → `someName`; the runner's own, so that the engine's spelling is checked, not assumed. */
export function camel(name: string): string {
  return name.split("-").map((part, i) => {
    const lower = part.toLowerCase();
    return i === 0 ? lower : lower.slice(0, 1).toUpperCase() + lower.slice(1);
  }).join("");
}

/** A value as an argument. */
export function toValue(form: List): unknown {
  const [head, ...rest] = form.items;
  const kind = word(head)!;
  const text = () => word(rest[0])!.replaceAll("_", "");
  switch (kind) {
    case "bool.const":
      return text() === "true";
    case "s64.const":
    case "u64.const":
      return bigint(text());
    case "f32.const":
      return Math.fround(float(text()));
    case "f64.const":
      return float(text());
    case "str.const":
    case "char.const":
    case "enum.const":
      return string(rest[0]);
    case "list.const": {
      const values = rest.map((item) => toValue(list(item)));
      const bytes = rest.length > 0 && rest.every((item) => word(list(item).items[0]) === "u8.const");
      return bytes ? Uint8Array.from(values as number[]) : values;
    }
    case "tuple.const":
      return rest.map((item) => toValue(list(item)));
    case "record.const":
      return Object.fromEntries(rest.map((item) => {
        // The value's form is written without its parentheses: (field "name" u32.const 1).
        const field = list(item), [, name, ...items] = field.items;
        return [camel(string(name)), toValue({ ...field, items })];
      }));
    case "variant.const":
      return rest.length > 1
        ? { tag: string(rest[0]), val: toValue(list(rest[1])) }
        : { tag: string(rest[0]) };
    case "flags.const":
      return Object.fromEntries(rest.map((item) => [camel(string(item)), true]));
    case "option.none":
      return undefined;
    case "option.some": {
      const inner = list(rest[0]), value = toValue(inner);
      return word(inner.items[0])!.startsWith("option.") ? { tag: "some", val: value } : value;
    }
    case "result.ok":
    case "result.err":
      return { tag: kind.slice("result.".length), val: rest[0] && toValue(list(rest[0])) };
    default:
      return Number(text());
  }
}

function bigint(text: string): bigint {
  return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
}

function float(text: string): number {
  if (/^[-+]?nan/.test(text)) return NaN;
  if (/^[-+]?inf/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

/** What a call did. */
export type Outcome = { readonly returned: unknown } | { readonly err: unknown };

/** Why an outcome is not the expected one; nothing if it is. */
export function difference(outcome: Outcome, expected: readonly List[]): string | undefined {
  const form = expected[0];
  const kind = form && word(form.items[0]);
  // A top-level result is not a value in this mapping: ok is returned, err is thrown.
  if (kind === "result.err") {
    if (!("err" in outcome)) return `returned ${show(outcome.returned)}, expected err`;
    return same(outcome.err, form!.items[1], "err");
  }
  if ("err" in outcome) return `returned err ${show(outcome.err)}`;
  if (kind === "result.ok") return same(outcome.returned, form!.items[1], "ok");
  return same(outcome.returned, form, "result");
}

function same(actual: unknown, form: List["items"][number] | undefined, what: string): string | undefined {
  const wanted = form && toValue(list(form));
  const flags = form !== undefined && word(list(form).items[0]) === "flags.const";
  return equal(actual, wanted, flags) ? undefined : `${what} is ${show(actual)}, expected ${show(wanted)}`;
}

function equal(actual: unknown, wanted: unknown, flags: boolean): boolean {
  if (Object.is(actual, wanted)) return true;
  if (typeof actual !== "object" || typeof wanted !== "object" || !actual || !wanted) {
    return wanted === undefined && typeof actual === "object" && (actual as { tag?: string })?.tag === "none";
  }
  const a = actual as Record<string, unknown>, b = wanted as Record<string, unknown>;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  // Flags that are not listed are false.
  return [...keys].every((key) => equal(a[key], b[key], false) || flags && !a[key] && !b[key]);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, v) => typeof v === "bigint" ? `${v}n` : v) ?? String(value);
}
