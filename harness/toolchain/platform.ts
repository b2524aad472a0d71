import { HarnessError } from '../model/errors.ts';

/**
 * The processor as Go, images and release file names call it.
 * @throws HarnessError `not-here` on any other than x64 and arm64
 */
export function goArchitecture(architecture: string = process.arch): 'amd64' | 'arm64' {
  if (architecture === 'x64') return 'amd64';
  if (architecture === 'arm64') return 'arm64';
  throw new HarnessError('not-here', `Programs are known for x64 and arm64 processors; this one is ${architecture}`);
}
