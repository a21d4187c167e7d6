/**
 * The options of TCP sockets.
 *
 * @module
 */
import { clamp } from "./clamp.ts";

const SECOND = 1_000_000_000n;

/** What Linux, macOS and Windows wait for by default. It is set, not assumed: the guest is told what is true. */
const IDLE_TIME = 7200n * SECOND;

/**
 * What Linux does by default once the idle time is over. Clients set other values whenever they connect, and must not
 * fail over it: all but zero are clamped, as the specification has it.
 */
const INTERVAL = 75n * SECOND;
const COUNT = 9;

/** The most that Linux takes. */
const MAX_IDLE_TIME = 32_767n * SECOND;

/** What each direction of a connection may hold here, beside the kernel's own buffers. */
const BUFFER = { min: 4096, max: 256 * 1024 } as const;

/** Four reads of the kernel: less makes a fast peer stop and go, which costs a third of the throughput. */
const RECEIVE = 256 * 1024;

/** Where less is on its way, a guest that writes as fast as it can stops and goes: a tenth of the throughput. */
const SEND = 256 * 1024;

/** Connections that wait to be accepted: what most systems take at most anyway (SOMAXCONN). */
const BACKLOG = 128;

/** What a guest has asked of one socket. `accept` copies it: the new socket's options are its own. */
export class TcpOptions {
  /** `keep-alive-enabled` */
  keepAliveEnabled = false;
  /** `listen-backlog-size` */
  backlog = BACKLOG;
  /** `keep-alive-interval` */
  readonly keepAliveInterval = INTERVAL;
  /** `keep-alive-count` */
  readonly keepAliveCount = COUNT;
  #idleTime = IDLE_TIME;
  #receive = RECEIVE;
  #send = SEND;

  /** `keep-alive-idle-time`: whole seconds, as the kernel has it. */
  get keepAliveIdleTime(): bigint {
    return this.#idleTime;
  }

  /** The same for `node:net`. */
  get keepAliveMilliseconds(): number {
    return Number(this.#idleTime / 1_000_000n);
  }

  /** `receive-buffer-size`: how much is read ahead of the guest. */
  get receiveBufferSize(): number {
    return this.#receive;
  }

  /** `send-buffer-size`: how much may be on its way when the guest writes more. */
  get sendBufferSize(): number {
    return this.#send;
  }

  /** `set-keep-alive-idle-time` */
  setKeepAliveIdleTime(value: bigint): void {
    const clamped = clamp(value, SECOND, MAX_IDLE_TIME);
    this.#idleTime = clamped - clamped % SECOND;
  }

  /** `set-keep-alive-interval` */
  setKeepAliveInterval(value: bigint): void {
    clamp(value, INTERVAL, INTERVAL);
  }

  /** `set-keep-alive-count` */
  setKeepAliveCount(value: number): void {
    clamp(BigInt(value), BigInt(COUNT), BigInt(COUNT));
  }

  /** `set-receive-buffer-size` */
  setReceiveBufferSize(value: bigint): void {
    this.#receive = Number(clamp(value, BigInt(BUFFER.min), BigInt(BUFFER.max)));
  }

  /** `set-send-buffer-size` */
  setSendBufferSize(value: bigint): void {
    this.#send = Number(clamp(value, BigInt(BUFFER.min), BigInt(BUFFER.max)));
  }

  /** `set-listen-backlog-size` */
  setBacklog(value: bigint): void {
    this.backlog = Number(clamp(value, 1n, BigInt(BACKLOG)));
  }

  /** The same options for another socket. */
  copy(): TcpOptions {
    const copy = new TcpOptions();
    copy.keepAliveEnabled = this.keepAliveEnabled;
    copy.#idleTime = this.#idleTime;
    copy.#receive = this.#receive;
    copy.#send = this.#send;
    return copy;
  }
}
