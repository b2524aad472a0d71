import type { Answer } from './fake-shell.ts';

interface Rule {
  readonly hook: string;
  readonly text: string;
  met: number;
}

/** A packet that asks for a connection. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly sourcePort: number;
}

/** The packet filters of one node: it holds the tables that nft loads and applies them as far as the faults look. */
export class FakeFilters {
  deaf = false;
  readonly #tables = new Map<string, Rule[]>();
  #tosses = 0;

  get tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Undefined for what is no business of these filters. */
  answer(command: string, input: string): Answer | undefined {
    if (command.startsWith('nft -f') && / hook (prerouting|postrouting|forward)/.test(input))
      return this.#install(input);
    const table = /(?:list|delete) table inet (\w+)/.exec(command)?.[1] ?? '';
    const rules = this.#tables.get(table);
    if (rules === undefined) return command.startsWith('sh -c nft delete') ? '' : undefined;
    if (command.startsWith('nft list'))
      return rules.map(({ text, met }) => text.replace('counter', `counter packets ${String(met)} bytes 9`)).join('\n');
    if (command.includes('delete table')) this.#tables.delete(table);
    return '';
  }

  /** Whether a packet gets through on its way in (`prerouting`) or out (`postrouting`). */
  passes(hook: string, packet: Packet): boolean {
    const rules = [...this.#tables.values()].flat().filter((rule) => rule.hook === hook);
    const met = rules.filter(({ text }) => this.#matches(text, packet));
    for (const rule of met) rule.met += 1;
    return !met.some(({ text }) => / (drop|reject)/.test(text));
  }

  #install(input: string): Answer {
    const table = /table inet (\w+)/.exec(input)?.[1];
    if (table === undefined) return { exitCode: 1, stderr: 'syntax error' };
    let hook = '';
    const rules = input.split('\n').flatMap((text) => {
      hook = / hook (\w+) /.exec(text)?.[1] ?? hook;
      return text.includes(' counter ') ? [{ hook, text, met: 0 }] : [];
    });
    if (!this.deaf) this.#tables.set(table, rules);
    return '';
  }

  #matches(rule: string, { from, to, port, sourcePort }: Packet): boolean {
    const allows = (pattern: RegExp, value: string): boolean => {
      const list = pattern.exec(rule)?.[1];
      return list === undefined || list.split(/, */).includes(value);
    };
    if (!allows(/saddr \{ ([^}]*) \}/, from) || !allows(/daddr \{ ([^}]*) \}/, to)) return false;
    if (!allows(/dport \{ ([^}]*) \}/, String(port))) return false;
    if (!allows(/sport \{ ([^}]*) \}/, String(sourcePort))) return false;
    if (!rule.includes('numgen')) return true;
    this.#tosses += 1;
    return this.#tosses % 2 === 0;
  }
}
