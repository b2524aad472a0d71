import { failureOf } from './failure.ts';

const lingerMs = 2_000;

// `shakedown list | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 3);
});

try {
  const { buildProgram } = await import('./program.ts');
  const program = buildProgram();
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  const failure = failureOf(error, process.env['SHAKEDOWN_DEBUG'] === '1');
  process.stderr.write(failure.text);
  process.exitCode = failure.exitCode;
}

// A connection that nobody closed must not keep the prompt away: what was to be said has been said.
setTimeout(() => process.exit(), lingerMs).unref();
