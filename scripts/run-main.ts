import { failureOf } from '../harness/cli/failure.ts';

/** Runs a script to its exit code; what goes wrong is told as the command line tells it (SHAKEDOWN_DEBUG=1 adds the stack). */
export async function runMain(main: () => Promise<number> | number): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const failure = failureOf(error, process.env['SHAKEDOWN_DEBUG'] === '1');
    process.stderr.write(failure.text.replace(/^shakedown: /, ''));
    process.exitCode = failure.exitCode;
  }
}
