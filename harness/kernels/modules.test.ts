import { expect, test } from '@playwright/test';
import type { ModuleStore } from './modules.js';
import {
  findChannelModules,
  findKvmModules,
  indexModules,
  moduleName,
  parseBuiltIn,
} from './modules.js';

const CHANNEL = ['virtio_pci', 'virtio_console'];
const KVM = ['kvm_hv', 'kvm_pr'];

/** A store whose modules depend on what the table says. */
function storeOf(
  depends: Readonly<Record<string, readonly string[]>>,
  builtIn: readonly string[] = [],
): ModuleStore {
  const files = new Map(Object.keys(depends).map((name) => [name, `/m/${name}.ko`]));
  return {
    owner: 'debian-6.1',
    files,
    isBuiltIn: (name) => builtIn.includes(name),
    fetch: async (names) =>
      Promise.resolve(new Map(names.map((name) => [name, files.get(name) ?? '']))),
    readDepends: async (path) => Promise.resolve(depends[moduleName(path) ?? ''] ?? []),
  };
}

const names = (modules: readonly { name: string }[]): string[] => modules.map(({ name }) => name);

test('a module is known by its file name, whatever packs it', () => {
  expect(moduleName('kernel/arch/powerpc/kvm/kvm-hv.ko.xz')).toBe('kvm_hv');
  expect(moduleName('virtio.ko')).toBe('virtio');
  expect(moduleName('a/b.ko.zst')).toBe('b');
  expect(moduleName('a/b.ko.debug')).toBeUndefined();
  expect(moduleName('a/b c.ko')).toBe(undefined);
  expect([...indexModules(['x/b.ko', 'y/b.ko', 'modules.order'])]).toEqual([['b', 'x/b.ko']]);
});

test('the list of built-in modules is read', () => {
  expect([
    ...parseBuiltIn('kernel/virt/lib/irqbypass.ko\nkernel/arch/powerpc/kvm/kvm-hv.ko\n'),
  ]).toEqual(['irqbypass', 'kvm_hv']);
});

test('modules come after what they depend on, each once', async () => {
  const store = storeOf({
    virtio: [],
    virtio_ring: ['virtio'],
    virtio_pci_modern_dev: [],
    virtio_pci: ['virtio_pci_modern_dev', 'virtio_ring', 'virtio'],
    virtio_console: ['virtio', 'virtio_ring'],
  });
  expect(names(await findChannelModules(CHANNEL, store))).toEqual([
    'virtio_pci_modern_dev',
    'virtio',
    'virtio_ring',
    'virtio_pci',
    'virtio_console',
  ]);
});

test('a circle of dependencies ends', async () => {
  const store = storeOf({ kvm: ['kvm_hv'], kvm_hv: ['kvm'] });
  expect(names(await findKvmModules(KVM, store))).toEqual(['kvm', 'kvm_hv']);
});

test('what is built in is left out', async () => {
  const store = storeOf({ virtio_console: [] }, ['virtio_pci']);
  expect(names(await findChannelModules(CHANNEL, store))).toEqual(['virtio_console']);
  expect(await findKvmModules(KVM, storeOf({}, ['kvm_hv', 'kvm']))).toEqual([]);
  expect(await findKvmModules(KVM, storeOf({}, ['kvm']))).toEqual([]);
});

test('when nothing tells what is built in, the kernel is taken to have it', async () => {
  const store: ModuleStore = { ...storeOf({}), isBuiltIn: () => undefined };
  expect(await findChannelModules(CHANNEL, store)).toEqual([]);
  expect(await findKvmModules(KVM, store)).toEqual([]);
});

test('the PR flavour is taken only when there is no HV', async () => {
  expect(
    names(await findKvmModules(KVM, storeOf({ kvm: [], kvm_hv: ['kvm'], kvm_pr: [] }))),
  ).toEqual(['kvm', 'kvm_hv']);
  expect(names(await findKvmModules(KVM, storeOf({ kvm: [], kvm_pr: ['kvm'] })))).toEqual([
    'kvm',
    'kvm_pr',
  ]);
});

test('a kernel without KVM is refused', async () => {
  await expect(findKvmModules(KVM, storeOf({ virtio: [] }))).rejects.toMatchObject({
    code: 'KERNEL_WITHOUT_KVM',
    kind: 'usage',
    message: 'debian-6.1 has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr',
    hint: 'CONFIG_KVM_BOOK3S_64_HV is what it needs (fixtures/kconfig/hv.config); when it is a module, say where with --modules=DIR',
  });
});

test('of a port that a kernel has only a part of, nothing is loaded', async () => {
  expect(await findChannelModules(CHANNEL, storeOf({ virtio_pci: [] }))).toEqual([]);
});

test('a dependency that is missing is named, with the module that needs it', async () => {
  const store = storeOf({ kvm_hv: ['kvm'], kvm: ['irqbypass'] });
  await expect(findKvmModules(KVM, store)).rejects.toMatchObject({
    code: 'MODULE_MISSING',
    message: 'debian-6.1 has no module irqbypass, which module kvm needs',
    hint: 'say where the modules are with --modules=DIR, or build it in',
  });
});
