import { HarnessError } from '../../model/errors.ts';

/** What went wrong in a `go` command, by what it printed, in a sentence with what to do. */
export function goFailure(output: string, what: string): HarnessError {
  const said = output.trim().split('\n').slice(-4).join(' / ').slice(-600);
  const fail = (sentence: string, hint: string, code: 'toolchain' | 'disk-full' = 'toolchain'): HarnessError =>
    new HarnessError(code, `${sentence}; go says: ${said || 'nothing'}`, { hint });
  if (/no space left on device|disk quota exceeded/i.test(output))
    return fail(
      `The disk is full: ${what} could not be built`,
      'make room (go clean -cache frees the most), then try again',
      'disk-full',
    );
  if (/checksum mismatch|SECURITY ERROR/.test(output))
    return fail(
      `A Go module for ${what} has another checksum than the one pinned in go.sum; nothing was built`,
      'try `go clean -modcache`; if it stays so, the module proxy in use (go env GOPROXY) alters modules',
    );
  if (/go\.mod requires go >= |toolchain not available|invalid go version/.test(output))
    return fail(
      `Go is too old to build ${what} and could not fetch a newer one`,
      'install a newer Go from https://go.dev/dl',
    );
  if (
    /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake timeout|module lookup disabled|proxyconnect|network is unreachable|502 Bad Gateway|503 Service/.test(
      output,
    )
  )
    return fail(
      `The Go modules for ${what} could not be fetched`,
      'check the network and `go env GOPROXY`, then try again; what was fetched is kept',
    );
  if (/signal: killed/.test(output))
    return fail(
      `A compiler was killed while building ${what}, most likely for want of memory`,
      'about 4 GiB of free memory are needed; try again',
    );
  return fail(`${what} could not be built`, 'please report this, it is pinned source that builds elsewhere');
}
