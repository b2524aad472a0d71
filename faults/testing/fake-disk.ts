import type { Answer } from './fake-shell.ts';

/** Whether one node has room where its pods log. */
export class FakeDisk {
  deaf = false;
  full = false;

  /** Undefined for what is no business of the disk. */
  answer(command: string): Answer | undefined {
    if (command.includes('mount -t tmpfs')) this.full = !this.deaf;
    else if (command.includes('umount -l /var/log/pods')) this.full = false;
    else if (command.includes('grep -c') && command.includes('/proc/self/mounts')) return this.full ? '1' : '0';
    else if (!command.includes('mkdir /var/log')) return undefined;
    else if (this.full && command.includes('/var/log/pods'))
      return { exitCode: 1, stderr: 'mkdir: cannot create directory: No space left on device' };
    return '';
  }
}
