/**
 * The system calls that this room makes or forbids, by name, with their numbers on both architectures.
 *
 * From Linux's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` (aarch64), as of 6.18.
 * `NONE` marks a call that an architecture does not have.
 *
 * @module
 */

/** An architecture whose calls are known. */
export type Arch = "x86_64" | "aarch64";

const NONE = undefined;

const NUMBERS = {
  // What this room calls itself.
  execve: [59, 221],
  execveat: [322, 281],
  close: [3, 57],
  close_range: [436, 436],
  openat2: [437, 437],
  read: [0, 63],
  readlinkat: [267, 78],
  prctl: [157, 167],
  getpid: [39, 172],
  getppid: [110, 173],
  prlimit64: [302, 261],
  setitimer: [38, 103],
  alarm: [37, NONE],
  rt_sigaction: [13, 134],
  capget: [125, 90],
  capset: [126, 91],
  seccomp: [317, 277],
  landlock_create_ruleset: [444, 444],
  landlock_add_rule: [445, 445],
  landlock_restrict_self: [446, 446],
  // Processes and threads.
  clone: [56, 220],
  clone3: [435, 435],
  fork: [57, NONE],
  vfork: [58, NONE],
  unshare: [272, 97],
  setns: [308, 268],
  personality: [135, 92],
  // Sockets.
  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  sendto: [44, 206],
  sendmsg: [46, 211],
  sendmmsg: [307, 269],
  setsockopt: [54, 208],
  // Other processes.
  kill: [62, 129],
  tkill: [200, 130],
  tgkill: [234, 131],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  kcmp: [312, 272],
  get_robust_list: [274, 100],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  sched_setaffinity: [203, 122],
  sched_setscheduler: [144, 119],
  sched_setparam: [142, 118],
  sched_setattr: [314, 274],
  setpriority: [141, 140],
  ioprio_set: [251, 30],
  // Memory and queues that processes of one user share.
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  semget: [64, 190],
  semop: [65, 193],
  semtimedop: [220, 192],
  semctl: [66, 191],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  memfd_create: [319, 279],
  // Ways into the kernel that few programs need.
  perf_event_open: [298, 241],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  ioctl: [16, 29],
  fcntl: [72, 25],
  modify_ldt: [154, NONE],
  iopl: [172, NONE],
  ioperm: [173, NONE],
  uselib: [134, NONE],
  ustat: [136, NONE],
  sysfs: [139, NONE],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  // Mounts.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  mount_setattr: [442, 442],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  statmount: [457, 457],
  listmount: [458, 458],
  // The machine.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  vhangup: [153, 58],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  // Files, where Landlock has no say.
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  inotify_init: [253, NONE],
  inotify_init1: [294, 26],
  inotify_add_watch: [254, 27],
  chmod: [90, NONE],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchmodat2: [452, 452],
  chown: [92, NONE],
  fchown: [93, 55],
  lchown: [94, NONE],
  fchownat: [260, 54],
  utime: [132, NONE],
  utimes: [235, NONE],
  futimesat: [261, NONE],
  utimensat: [280, 88],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  setxattrat: [463, 463],
  getxattr: [191, 8],
  lgetxattr: [192, 9],
  fgetxattr: [193, 10],
  getxattrat: [464, 464],
  listxattr: [194, 11],
  llistxattr: [195, 12],
  flistxattr: [196, 13],
  listxattrat: [465, 465],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  fremovexattr: [199, 16],
  removexattrat: [466, 466],
  file_setattr: [469, 469],
  mknod: [133, NONE],
  mknodat: [259, 33],
} as const satisfies Readonly<
  Record<string, readonly [x86_64: number | undefined, aarch64: number | undefined]>
>;

/** A system call that is known here, by its name. */
export type Syscall = keyof typeof NUMBERS;

/** All of them. */
export const SYSCALLS: readonly Syscall[] = Object.freeze(Object.keys(NUMBERS) as Syscall[]);

/** The highest number that was in use when this list was made (`file_setattr`): what comes after is unknown here. */
export const HIGHEST = 469;

/**
 * The number of a system call.
 *
 * @param arch Of which architecture.
 * @param name Its name.
 * @returns The number; `undefined` where the architecture does not have it.
 */
export function numberOf(arch: Arch, name: Syscall): number | undefined {
  return NUMBERS[name][arch === "x86_64" ? 0 : 1];
}
