import { expect, test } from '@playwright/test';
import { definitionsOf, symbolsIn } from './kconfig-depends.js';

const KCONFIG = `# SPDX-License-Identifier: GPL-2.0
menuconfig VIRTUALIZATION
	bool "Virtualization"
	help
	  Say Y here.

	  config KVM_BOOK3S_64 is explained below; depends on nothing in a help text.

if VIRTUALIZATION

config KVM_BOOK3S_64
	tristate "KVM support for PowerPC book3s_64 processors" if EXPERT
	depends on PPC_BOOK3S_64 # a comment
	depends on A || \\
		   !B
	select KVM

menu "Debugging"
	depends on DEBUG_KERNEL

	config KVM_EXIT_TIMING
		bool "Detailed exit timing"
		depends on KVM_E500V2 || KVM_E500MC
		---help---
		  Calculate elapsed time.

	config OTHER
		bool
endmenu

choice
	prompt "Page size"
	depends on PPC64

config PPC_4K_PAGES
	bool "4k page size"
endchoice

endif # VIRTUALIZATION

config KVM_BOOK3S_64
	depends on LATER
`;

const dependsOf = (option: string): (readonly string[])[] =>
  definitionsOf(option, KCONFIG).map(({ depends }) => depends);

test('an option depends on its own lines, its prompt and the blocks around it', () => {
  expect(dependsOf('KVM_BOOK3S_64')).toEqual([
    ['VIRTUALIZATION', 'EXPERT', 'PPC_BOOK3S_64', 'A || !B'],
    ['LATER'],
  ]);
});

test("a menu's and a choice's own dependencies count for what is in them", () => {
  expect(dependsOf('KVM_EXIT_TIMING')).toEqual([
    ['VIRTUALIZATION', 'DEBUG_KERNEL', 'KVM_E500V2 || KVM_E500MC'],
  ]);
  expect(dependsOf('OTHER')).toEqual([['VIRTUALIZATION', 'DEBUG_KERNEL']]);
  expect(dependsOf('PPC_4K_PAGES')).toEqual([['VIRTUALIZATION', 'PPC64']]);
});

test('an option without conditions depends on nothing, and an unknown one is not there', () => {
  expect(dependsOf('VIRTUALIZATION')).toEqual([[]]);
  expect(dependsOf('KVM')).toEqual([]);
});

test('symbols are found in expressions, each once, texts and values left out', () => {
  expect(symbolsIn(['A_1 || !B', 'A_1 && C = y && D != "E"'])).toEqual(['A_1', 'B', 'C', 'D']);
});
