import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { errnoName } from './errno.js';
import { checkCapabilities, executeOperations } from './ioctl.js';
import type { Capabilities } from './ioctl.js';
import type { Operation } from './operation.js';
import { RegisterState } from './register-state.js';
import { LEVELS, registerNamed, registerTable } from './register-table.js';
import type { Level, Register, RegisterDefinition } from './register-table.js';
import { arbitraryErrno, arbitraryRegisters, arbitraryValue } from './testing/arbitraries.js';
import { EINVAL, FakeKernel, KVM_CAP_ONE_REG, KVM_CAP_PPC_HIOR } from './testing/fake-kernel.js';

const ALL: Capabilities = { oneReg: true, hior: true };

/** What a kernel does with one register. */
interface Behaviour {
  readonly register: Register;
  readonly value: bigint;
  /** A negative errno, or undefined: it works. */
  readonly refused: number | undefined;
}

/** Kernels that know some registers and refuse the others, each in its own way. */
function arbitraryBehaviours(): fc.Arbitrary<Behaviour[]> {
  return arbitraryRegisters().chain((registers) =>
    fc.tuple(
      ...registers.map((register) =>
        fc.record({
          register: fc.constant(register),
          value: arbitraryValue(register.sizeBytes),
          refused: fc.option(arbitraryErrno(), { nil: undefined }),
        }),
      ),
    ),
  );
}

function kernelWith(behaviours: readonly Behaviour[]): FakeKernel {
  const kernel = new FakeKernel();
  for (const { register, value, refused } of behaviours) {
    kernel.registers.set(register.id, value);
    if (refused !== undefined) kernel.refusals.set(register.id, refused);
  }
  return kernel;
}

function named(...names: string[]): Register[] {
  return names.map((name) => registerNamed(name));
}

test('a get takes every register that the kernel has and reports every other', () => {
  fc.assert(
    fc.property(arbitraryBehaviours(), (behaviours) => {
      const kernel = kernelWith(behaviours);
      using state = new RegisterState(behaviours.map(({ register }) => register));
      const refusals = state.get(kernel.file, ALL);

      expect(kernel.calls.map(({ id }) => id)).toEqual(behaviours.map((b) => b.register.id));
      expect(behaviours.map(({ register }) => state.value(register.name))).toEqual(
        behaviours.map(({ value, refused }) => (refused === undefined ? value : undefined)),
      );
      expect(refusals.map(({ register, error }) => [register.name, error])).toEqual(
        behaviours
          .filter(({ refused }) => refused !== undefined)
          .map(({ register, refused }) => [register.name, refused]),
      );
    }),
    { numRuns: 50 },
  );
});

test('a put at a level reaches the registers of that level and below whose copy is known', () => {
  fc.assert(
    fc.property(
      arbitraryBehaviours(),
      fc.constantFrom(...LEVELS),
      fc.boolean(),
      (behaviours, level, hior) => {
        const kernel = new FakeKernel();
        using state = new RegisterState(behaviours.map(({ register }) => register));
        for (const { register, value, refused } of behaviours) {
          kernel.registers.set(register.id, 0n);
          // A register that is refused here stands for one whose copy is not known.
          if (refused === undefined) state.setValue(register.name, value);
        }
        expect(state.put(kernel.file, { oneReg: true, hior }, level)).toEqual([]);

        const isPut = ({ register, refused }: Behaviour): boolean =>
          refused === undefined &&
          LEVELS.indexOf(register.level) <= LEVELS.indexOf(level) &&
          (hior || register.name !== 'HIOR');
        expect([...kernel.registers.values()]).toEqual(
          behaviours.map((behaviour) => (isPut(behaviour) ? behaviour.value : 0n)),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('what was got from one vCPU and put to another is the same there', () => {
  fc.assert(
    fc.property(arbitraryBehaviours(), (behaviours) => {
      const source = kernelWith(behaviours.map((b) => ({ ...b, refused: undefined })));
      const target = kernelWith(behaviours.map((b) => ({ ...b, value: 0n, refused: undefined })));
      using state = new RegisterState(behaviours.map(({ register }) => register));
      state.get(source.file, ALL);
      expect(state.put(target.file, ALL, 'full')).toEqual([]);
      expect(target.registers).toEqual(source.registers);
    }),
    { numRuns: 50 },
  );
});

test('every errno comes back as it is, with its text, the SPR and the name', () => {
  const [lpcr] = named('LPCR');
  using state = new RegisterState(named('LPCR'));
  const errors = Array.from({ length: 133 }, (_, index) => -1 - index);
  const refusals = errors.flatMap((error) => {
    const kernel = new FakeKernel();
    kernel.refusals.set(lpcr?.id ?? 0n, error);
    return state.get(kernel.file, ALL);
  });
  expect(refusals.map(({ error }) => error)).toEqual(errors);
  const wrong = refusals.filter(({ text }) => !/^cannot get SPR 318 \(LPCR\): \S/.test(text));
  expect(wrong).toEqual([]);
});

test('a refusal reads as a person would say it', () => {
  const kernel = new FakeKernel();
  using state = new RegisterState(named('LPCR', 'FPR0'));
  state.setValue('LPCR', 1n);
  state.setValue('FPR0', 1n);
  expect(state.put(kernel.file, ALL, 'runtime').map(({ text }) => text)).toEqual([
    'cannot put SPR 318 (LPCR): Invalid argument',
    'cannot put FPR0: Invalid argument',
  ]);
});

test('without KVM_CAP_ONE_REG nothing is tried', () => {
  const kernel = new FakeKernel();
  const capabilities = { oneReg: false, hior: true };
  using state = new RegisterState(registerTable());
  for (const { name } of registerTable()) state.setValue(name, 1n);
  expect(state.get(kernel.file, capabilities)).toEqual([]);
  for (const level of LEVELS) expect(state.put(kernel.file, capabilities, level)).toEqual([]);
  expect(kernel.calls).toEqual([]);
});

test('HIOR is got with KVM_CAP_PPC_HIOR, and put from a reset on', () => {
  using state = new RegisterState(named('HIOR', 'DAR'));
  const namesOf = (operations: readonly Operation[]): (string | undefined)[] =>
    operations.map(({ id }) => registerTable().find((row) => row.id === id)?.name);
  expect(namesOf(state.planGet({ oneReg: true, hior: false }))).toEqual(['DAR']);
  expect(namesOf(state.planGet(ALL))).toEqual(['HIOR', 'DAR']);
  state.setValue('HIOR', 0n);
  state.setValue('DAR', 0n);
  const expected: Record<Level, string[]> = {
    runtime: ['DAR'],
    reset: ['HIOR', 'DAR'],
    full: ['HIOR', 'DAR'],
  };
  for (const level of LEVELS) expect(namesOf(state.planPut(ALL, level))).toEqual(expected[level]);
});

test('capabilities are asked of the kernel', () => {
  const kernel = new FakeKernel();
  expect(checkCapabilities(kernel.file)).toEqual({ oneReg: true, hior: true });
  kernel.extensions.delete(KVM_CAP_PPC_HIOR);
  expect(checkCapabilities(kernel.file)).toEqual({ oneReg: true, hior: false });
  kernel.extensions.delete(KVM_CAP_ONE_REG);
  expect(checkCapabilities(kernel.file)).toEqual({ oneReg: false, hior: false });
  kernel.extensions.set(KVM_CAP_ONE_REG, -25);
  expect(() => checkCapabilities(kernel.file)).toThrow('KVM_CHECK_EXTENSION: ENOTTY');
});

test('a size that the library does not handle is EOPNOTSUPP, without a call', () => {
  const kernel = new FakeKernel();
  const sizes = [0n, 1n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n, 15n];
  const operations = sizes.flatMap((size): Operation[] => {
    const id = 0x1000000000000009n | (size << 52n);
    return (['get', 'put'] as const).map((direction) => ({ id, direction, value: 0n, error: 1 }));
  });
  const executed = executeOperations(kernel.file, operations);
  expect(executed.map(({ error }) => errnoName(error))).toEqual(operations.map(() => 'EOPNOTSUPP'));
  expect(kernel.calls).toEqual([]);
});

test('the value of a refused get is zero, whatever was in the operation', () => {
  const kernel = new FakeKernel();
  const { id } = registerNamed('VR3');
  const [got] = executeOperations(kernel.file, [{ id, direction: 'get', value: 5n, error: 1 }]);
  expect(got).toEqual({ id, direction: 'get', value: 0n, error: EINVAL });
});

test('a zero VPA goes after the areas that hang on it, any other before them', () => {
  const areas = named('VPA_ADDR', 'VPA_SLB', 'VPA_DTL');
  const ids = areas.map(({ id }) => id);
  using state = new RegisterState(areas);
  for (const { name } of areas) state.setValue(name, 0n);
  expect(state.planPut(ALL, 'reset').map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
  state.setValue('VPA_ADDR', 0x10000n);
  expect(state.planPut(ALL, 'reset').map(({ id }) => id)).toEqual(ids);
});

test('as a VMM one of two overlapping registers that was changed is what the kernel gets', () => {
  const kernel = new FakeKernel();
  const rows = named('LPCR', 'LPCR_64', 'DEBUG_INST', 'OR_TSR');
  for (const { id } of rows) kernel.registers.set(id, 0n);
  const [lpcr, wide] = rows.map(({ id }) => id);
  kernel.registers.set(wide ?? 0n, 0x7_0000_0000n);
  using state = new RegisterState(rows);
  expect(state.get(kernel.file, ALL)).toEqual([]);
  state.setValue('LPCR', 5n);
  expect(state.put(kernel.file, ALL, 'runtime')).toEqual([]);
  expect(kernel.registers.get(lpcr ?? 0n)).toBe(5n);
  expect(kernel.registers.get(wide ?? 0n)).toBe(0x7_0000_0005n);
  state.setValue('LPCR', 6n);
  state.setValue('LPCR_64', 7n);
  expect(() => state.planPut(ALL, 'full')).toThrow(/ESTALE/);
});

test('raw copies are planned as they are, each register in both directions', () => {
  const rows = named('LPCR', 'LPCR_64', 'DEBUG_INST', 'OR_TSR');
  const ids = rows.map(({ id }) => id);
  using state = new RegisterState(rows, 'raw');
  expect(state.planGet(ALL).map(({ id }) => id)).toEqual(ids);
  for (const [index, { name }] of rows.entries()) state.setValue(name, BigInt(index));
  expect(state.planPut(ALL, 'full').map(({ id, value }) => [id, value])).toEqual(
    ids.map((id, index) => [id, BigInt(index)]),
  );
});

test('a copy that was set to undefined is left alone', () => {
  using state = new RegisterState(named('DAR', 'DSISR'));
  state.setValue('DAR', 1n);
  state.setValue('DSISR', 2n);
  state.setValue('DAR', undefined);
  expect(state.planPut(ALL, 'full')).toMatchObject([{ value: 2n }]);
});

test('an operation that was not executed, or is of no register here, is not committed', () => {
  using state = new RegisterState(named('DAR'));
  const plan = state.planGet(ALL);
  expect(() => state.commit(plan)).toThrow(/EINPROGRESS/);
  const foreign = { id: registerNamed('DSISR').id, direction: 'get', value: 1n, error: 0 } as const;
  const known = { id: registerNamed('DAR').id, direction: 'get', value: 1n, error: 0 } as const;
  expect(() => state.commit([known, foreign])).toThrow(/ENOENT/);
  expect(state.value('DAR')).toBeUndefined();
});

test('registers that are there twice, or are none, are refused with their name', () => {
  const made = (changes: Partial<RegisterDefinition>): RegisterDefinition => ({
    id: 0x1030000000000fffn,
    name: 'MADE_UP',
    group: 'test',
    spr: undefined,
    level: 'runtime',
    flavours: ['HV'],
    ...changes,
  });
  const create = (...registers: RegisterDefinition[]) => {
    return (): void => {
      new RegisterState(registers)[Symbol.dispose]();
    };
  };
  const other = 0x1030000000000ffen;
  expect(create(made({}), made({ id: other }))).toThrow(
    'registering MADE_UP (0x1030000000000ffe): EEXIST',
  );
  expect(create(made({}), made({ name: 'OTHER' }))).toThrow(/registering OTHER .*EEXIST/);
  expect(create(made({ name: '' }))).toThrow(/EINVAL/);
  expect(create(made({ flavours: [] }))).toThrow(/EINVAL/);
  expect(create(made({}), made({ id: other, name: 'OTHER' }))).not.toThrow();
  expect(create(made({ id: 1n }))).toThrow('registering MADE_UP (0x1): EINVAL');
  expect(create(made({ id: 0x1080000000000fffn }))).toThrow(/EINVAL/);
  expect(create(made({ spr: 1024 }))).toThrow(/EINVAL/);
  expect(create(made({ directions: [] }))).toThrow(/EINVAL/);
});

test('what a supplied ioctl throws reaches the caller, and no call follows', () => {
  let calls = 0;
  const ioctl = (): number => {
    calls += 1;
    throw new Error('the kernel is gone');
  };
  using state = new RegisterState(named('DAR', 'DSISR'));
  expect(() => state.get({ fd: 7, ioctl }, ALL)).toThrow('the kernel is gone');
  expect(calls).toBe(1);
});

test('without a supplied ioctl the kernel of this machine is asked', () => {
  using state = new RegisterState(named('DAR'));
  expect(state.get({ fd: -1 }, ALL).map(({ error }) => errnoName(error))).toEqual(['EBADF']);
});

test('a state that was disposed of says so', () => {
  const state = new RegisterState(named('DAR'));
  state[Symbol.dispose]();
  state[Symbol.dispose]();
  expect(() => state.planGet(ALL)).toThrow('disposed');
});

test('a name that was not registered is an error', () => {
  using state = new RegisterState(named('DAR'));
  expect(() => state.value('DSISR')).toThrow('DSISR is not registered');
});

test('a caller can register 3,100 registers of its own and get them all', () => {
  const registers = Array.from({ length: 3100 }, (_, index): RegisterDefinition => ({
    id: 0x1030000000100000n + BigInt(index),
    name: `MADE_UP_${index}`,
    group: 'test',
    spr: undefined,
    level: 'runtime',
    flavours: ['HV'],
  }));
  const kernel = new FakeKernel();
  for (const { id } of registers) kernel.registers.set(id, id);
  using state = new RegisterState(registers);
  expect(state.get(kernel.file, ALL)).toEqual([]);
  expect(state.value('MADE_UP_3099')).toBe(registers[3099]?.id);
});
