import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { lostOptions, requireOptions } from './check-config.js';

const wanted = (name: string, value = 'y', fragment = 'hv') => ({ name, value, fragment });

test('an option is lost when it is not set, has another value, or is set against the wish', () => {
  const config = 'CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_N=8\nCONFIG_O=y\n';
  const options = [
    ...[wanted('A'), wanted('B'), wanted('C'), wanted('D')],
    ...[wanted('N', '8'), wanted('O', 'n'), wanted('P', 'n')],
  ];
  expect(lostOptions(options, config).map(({ wanted: { name }, got }) => [name, got])).toEqual([
    ['B', 'm'],
    ['C', 'n'],
    ['D', 'n'],
    ['O', 'y'],
  ]);
});

test('the error names the option, its fragment, and what it depends on that is not set', async () => {
  await using folder = await temporaryFolder();
  const files = {
    'o/.config': 'CONFIG_PPC64=y\n',
    'arch/powerpc/kvm/Kconfig': 'config KVM_XICS\n\tbool "XICS"\n\tdepends on PPC64 && !KVM_MPIC\n',
    'arch/s390/Kconfig': 'config KVM_XICS\n\tdepends on S390\n',
    'drivers/Kconfig.debug': 'config FREE\n\tbool "free"\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  const check = async (...names: string[]): Promise<void> =>
    requireOptions(
      '5.10',
      names.map((name) => wanted(name)),
      join(folder.path, 'o/.config'),
      folder.path,
    );
  await check('PPC64');
  await expect(check('PPC64', 'KVM_XICS', 'FREE', 'KVM_XICZ')).rejects.toMatchObject({
    code: 'KCONFIG_LOST',
    message:
      '5.10: the configuration lacks what its fragments ask for: CONFIG_KVM_XICS=y, CONFIG_FREE=y, CONFIG_KVM_XICZ=y',
    evidence: [
      'CONFIG_KVM_XICS (hv.config) is not set: in arch/powerpc/kvm/Kconfig it depends on PPC64 && !KVM_MPIC (not set: KVM_MPIC)',
      'CONFIG_FREE (hv.config) is not set: in drivers/Kconfig.debug it depends on nothing; is it a choice?',
      'CONFIG_KVM_XICZ (hv.config) is not set: no Kconfig file of this source has an option of that name',
    ],
  });
});
