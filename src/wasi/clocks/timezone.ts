/**
 * `wasi:clocks/timezone`, unstable in 0.2:
 * {@link https://github.com/WebAssembly/wasi-clocks/blob/v0.2.3/wit/timezone.wit}
 *
 * The host's own time zone is not the guest's to know. A guest has the zone that its entry gives it in the variable
 * `TZ` (`Europe/Berlin`), and UTC otherwise.
 *
 * @module
 */
import type { Datetime } from "./wall.ts";

/** `record timezone-display`: how a time is shown in the zone. */
export interface TimezoneDisplay {
  /** Seconds east of UTC, at that time. */
  utcOffset: number;
  /** A short name, such as `CET` or `UTC`. */
  name: string;
  /** Whether daylight saving time is in force at that time. */
  inDaylightSavingTime: boolean;
}

/** The functions of the interface. */
export interface Timezone {
  /** `display: func(when: datetime) -> timezone-display` */
  display(when: Datetime): TimezoneDisplay;
  /** `utc-offset: func(when: datetime) -> s32` */
  utcOffset(when: Datetime): number;
}

/** `Date` ends here, 8.64e15 ms after 1970; later times are shown in UTC. */
const LAST_SECOND = 8_640_000_000_000n;

/**
 * The interface for one guest.
 *
 * @param zone An IANA name, or nothing for UTC. An unknown name is UTC too, as in POSIX.
 */
export function timezone(zone: string | undefined): Timezone {
  const known = zone !== undefined && isKnown(zone) ? zone : "UTC";
  const utcOffset = (when: Datetime) => when.seconds > LAST_SECOND ? 0 : offset(known, Number(when.seconds));
  return {
    utcOffset,
    display(when) {
      const current = utcOffset(when);
      return {
        utcOffset: current,
        name: name(known, when),
        inDaylightSavingTime: inDst(known, when, current),
      };
    },
  };
}

function isKnown(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** Seconds east of UTC: the zone's wall time, read as if it were UTC, minus the time itself. */
function offset(zone: string, seconds: number): number {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone).offsetNanoseconds /
    1e9;
}

function name(zone: string, when: Datetime): string {
  if (zone === "UTC" || when.seconds > LAST_SECOND) return "UTC";
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "short" });
  const part = format.formatToParts(Number(when.seconds) * 1000).find((part) => part.type === "timeZoneName");
  return part?.value ?? zone;
}

/** Daylight saving time is the greater of the two offsets that a zone has in January and July of that year. */
function inDst(zone: string, when: Datetime, current: number): boolean {
  if (when.seconds > LAST_SECOND) return false;
  const year = new Date(Number(when.seconds) * 1000).getUTCFullYear();
  const [january, july] = [0, 6].map((month) =>
    offset(zone, Date.UTC(Math.min(year, 275_000), month, 1) / 1000)
  );
  return january !== july && current === Math.max(january!, july!);
}
