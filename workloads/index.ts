import type { Workload } from '../harness/model/workload.ts';
import { arrivals } from './arrivals/index.ts';
import { ledger } from './ledger/index.ts';
import { neighbour } from './neighbour/index.ts';
import { prometheus } from './prometheus/index.ts';
import { web } from './web/index.ts';

/** Every system under test that a scenario may name. */
export const workloads: readonly Workload[] = [web, ledger, neighbour, prometheus, arrivals];
