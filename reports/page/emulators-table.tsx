import type { JSX } from 'preact';
import { useReport } from './report-context.js';

/** Under which QEMUs baselines were measured, and what each of those does otherwise, and why. */
export function EmulatorsTable(): JSX.Element | null {
  const { emulators } = useReport().matrix.feed;
  if (emulators === undefined) return null;
  const { line, why, measured, differences } = emulators;
  return (
    <section class="page-wide emulators" aria-labelledby="emulators-title">
      <h2 id="emulators-title">What each QEMU does otherwise</h2>
      <p>
        A verdict is of the kernel: what only the emulator answers otherwise than QEMU {line} is
        taken out. {line} is the reference: {why}. Cells measured:{' '}
        {measured
          .map(
            ({ version, cells, otherwise }) =>
              `${version}: ${cells} (${otherwise === 0 ? 'none' : otherwise} otherwise)`,
          )
          .join(', ')}
        .
      </p>
      <div class="emulators-scroll" role="region" aria-labelledby="emulators-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">QEMU</th>
              <th scope="col">what</th>
              <th scope="col">why</th>
              <th scope="col">platforms</th>
              <th scope="col">cells</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((way) => (
              <tr key={way.id}>
                <th scope="row">{way.versions.join(', ')}</th>
                <td>{way.subjects.join(', ')}</td>
                <td>
                  {way.what} ({way.source}
                  {way.commit === undefined ? '' : `; ${way.commit}`})
                </td>
                <td>{way.platforms.join(', ')}</td>
                <td>{way.cells}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
