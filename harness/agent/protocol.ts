/**
 * What the harness and the agent say to each other: the client's side of
 * fixtures/guest/protocol.h; protocol.test.ts compares the two files. The bytes of payloads: layouts.ts.
 */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_MAGIC = 0x4d525053;
export const PROTOCOL_HEADER_SIZE = 16;
export const PROTOCOL_PAYLOAD_MAX = 4_194_304;
export const PROTOCOL_ANSWER = 0x8000;
export const PROTOCOL_ERROR = 0xffff;
export const PROTOCOL_RUN_DATA = 128;
export const PROTOCOL_WINDOW = 512;
export const PROTOCOL_FILE_VCPU = 0;
export const PROTOCOL_FILE_CLOSED = 1;
export const PROTOCOL_FILE_VM = 2;
export const PROTOCOL_AT_MEMORY = 0;
export const PROTOCOL_AT_MISALIGNED = 1;
export const PROTOCOL_AT_TWO_PAGES = 2;
export const PROTOCOL_AT_LAST_PAGE = 3;
export const PROTOCOL_AT_UNMAPPED = 4;
export const PROTOCOL_AT_READ_ONLY = 5;
export const PROTOCOL_AT_NULL = 6;
export const PROTOCOL_AT_KERNEL = 7;
export const PROTOCOL_AT_EDGE = 8;
export const PROTOCOL_AT_OTHER_FILL = 9;
export const PROTOCOL_MAILBOX_OPTION = '--mailbox=';
export const PROTOCOL_MAILBOX_BELL = 5;
export const PROTOCOL_MAILBOX_SIZE = 4_194_304;
export const PROTOCOL_MAILBOX_RING_SIZE = 1_048_576;
export const PROTOCOL_MAILBOX_ASKED = 0;
export const PROTOCOL_MAILBOX_OBEYED = 64;
export const PROTOCOL_MAILBOX_ANSWERED = 128;
export const PROTOCOL_MAILBOX_HEARD = 192;
export const PROTOCOL_MAILBOX_TO_AGENT = 1_048_576;
export const PROTOCOL_MAILBOX_TO_HARNESS = 2_097_152;
export const PROTOCOL_CHANGED_FPSCR = 0;
export const PROTOCOL_CHANGED_VSCR = 1;
export const PROTOCOL_CHANGED_FPR14 = 14;
export const PROTOCOL_CHANGED_VR20 = 52;
export const PROTOCOL_IOCTL_MAX = 16_384;
export const PROTOCOL_NO_POINTER = 0xffff_ffff;
export const PROTOCOL_ON_KVM = 0;
export const PROTOCOL_ON_VM = 1;
export const PROTOCOL_ON_VCPU = 2;
export const PROTOCOL_ON_DEVICE = 3;
export const PROTOCOL_CONSOLE_OPTION = '--console';
export const PROTOCOL_CONSOLE_HIGH = 0x80;
export const PROTOCOL_CONSOLE_LOW = 0x90;
export const PROTOCOL_KEY_PROTOCOL = 'protocol';
export const PROTOCOL_KEY_SPRSYNC = 'sprsync';
export const PROTOCOL_KEY_RELEASE = 'release';
export const PROTOCOL_KEY_VERSION = 'version';
export const PROTOCOL_KEY_MACHINE = 'machine';
export const PROTOCOL_KEY_BYTE_ORDER = 'byte-order';
export const PROTOCOL_KEY_PAGE_SIZE = 'page-size';
export const PROTOCOL_KEY_UPTIME = 'uptime';
export const PROTOCOL_STDIO_OPTION = '--stdio';
export const PROTOCOL_PORT_NAME = 'sprmatrix';
export const PROTOCOL_FATAL_PREFIX = 'sprmatrix-agent: fatal: ';
export const PROTOCOL_CHANNEL_FATAL = 'no channel: ';

/** Request types by name. */
export const RequestType = {
  HELLO: 1,
  KVM_OPEN: 2,
  VM_CREATE: 3,
  VM_DESTROY: 4,
  VCPU_CREATE: 5,
  VCPU_DESTROY: 6,
  EXECUTE: 7,
  MEMORY_ADD: 8,
  MEMORY_WRITE: 9,
  MEMORY_READ: 10,
  REGS_GET: 11,
  REGS_SET: 12,
  ENABLE_CAP: 13,
  RUN: 14,
  KERNEL_LOG: 15,
  POWER_OFF: 16,
  HOSTILE_CALLS: 17,
  RACE: 18,
  PUT_WHILE_RUNNING: 19,
  IOCTL: 40,
  DEVICE_CLOSE: 41,
  READ_FILE: 42,
  SHRINK_SLABS: 43,
} as const;
export type RequestName = keyof typeof RequestType;
