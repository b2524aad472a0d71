import { join } from 'node:path';

import { shortSize } from '../sizes.ts';
import { specOf, type ProgramName } from '../programs.ts';
import { publishedChecksum } from './checksum.ts';
import { downloadFile, downloadText, NotServed, type DownloadLimits } from './download.ts';
import { releaseHosts, type ReleaseHost } from './release-hosts.ts';
import type { Obtained, ObtainContext, Source } from './source.ts';
import { unpack } from './unpack.ts';

type Release = NonNullable<ReturnType<typeof specOf>['release']>;

export interface ReleaseOptions {
  /** Base URLs; the real ones by default. */
  readonly hosts?: Readonly<Record<ReleaseHost, string>>;
  readonly limits?: DownloadLimits;
  readonly enabled?: boolean;
}

/** A machine without a way out must not wait: three seconds for a host to answer at all. */
const defaultLimits: DownloadLimits = { answerMs: 3_000, idleMs: 30_000 };

/** Binaries that the projects publish, each checked against the checksums published beside it. */
export class ReleaseSource implements Source {
  readonly kind = 'release';
  readonly #hosts: Readonly<Record<ReleaseHost, string>>;
  readonly #limits: DownloadLimits;
  readonly #enabled: boolean;
  /** Origins that did not answer; they are not asked again by this process. */
  readonly #unreachable = new Set<string>();

  constructor({ hosts = releaseHosts, limits = defaultLimits, enabled = downloadsAllowed() }: ReleaseOptions = {}) {
    this.#hosts = hosts;
    this.#limits = limits;
    this.#enabled = enabled;
  }

  offers(name: ProgramName): string | null {
    const { release } = specOf(name);
    if (!release || !this.#enabled) return null;
    return `release on ${new URL(this.#hosts[release.host]).host}`;
  }

  async obtain(names: readonly ProgramName[], context: ObtainContext): Promise<ReadonlyMap<ProgramName, Obtained>> {
    const got = new Map<ProgramName, Obtained>();
    for (const [url, group] of this.#groups(names)) {
      const { origin } = new URL(url);
      if (this.#unreachable.has(origin)) continue;
      try {
        for (const [name, obtained] of await this.#fetchGroup(url, group, context)) got.set(name, obtained);
      } catch (error) {
        if (!(error instanceof NotServed)) throw error;
        if (error.unreachable) this.#unreachable.add(origin);
        context.progress(error.message);
      }
    }
    return got;
  }

  /** Programs that come in one archive are fetched once. */
  #groups(names: readonly ProgramName[]): ReadonlyMap<string, Group> {
    const groups = new Map<string, Group>();
    for (const name of names) {
      const { release } = specOf(name);
      if (!release) continue;
      const url = `${this.#hosts[release.host]}/${release.file}`;
      groups.set(url, { release, names: [...(groups.get(url)?.names ?? []), name] });
    }
    return groups;
  }

  async #fetchGroup(
    url: string,
    { release, names }: Group,
    context: ObtainContext,
  ): Promise<readonly (readonly [ProgramName, Obtained])[]> {
    const { progress, signal, workspace } = context;
    const checksums = await downloadText(`${this.#hosts[release.host]}/${release.checksums}`, this.#limits, signal);
    const fileName = release.file.split('/').at(-1) ?? release.file;
    const expected = publishedChecksum(checksums, fileName);
    if (expected === null) throw new NotServed(`${release.checksums} of ${url} holds no sha256 of ${fileName}`, false);
    const file = join(workspace, `download-${names.join('-')}`);
    let toldMs = -Infinity;
    await downloadFile(url, file, expected, this.#limits, signal, (got, of) => {
      if (performance.now() - toldMs < 1_000) return;
      toldMs = performance.now();
      progress(
        `downloading ${names.join(', ')} from ${new URL(url).host} (${shortSize(got)}${of > 0 ? ` of ${shortSize(of)}` : ''})`,
      );
    });
    const only = names[0];
    if (release.member === undefined && only !== undefined) return [[only, { file, from: `release ${url}` }]];
    const members = names.map((name) => [name, specOf(name).release?.member ?? name, join(workspace, name)] as const);
    await unpack(file, new Map(members.map(([, member, path]) => [member, path])), signal);
    return members.map(([name, , path]) => [name, { file: path, from: `release ${url}` }]);
  }
}

interface Group {
  readonly release: Release;
  readonly names: readonly ProgramName[];
}

/** SHAKEDOWN_DOWNLOADS=off builds from pinned source even where releases are within reach. */
function downloadsAllowed(): boolean {
  return process.env['SHAKEDOWN_DOWNLOADS'] !== 'off';
}
