import type { Reporter } from '../harness/model/report.ts';
import { allure } from './allure.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

/** Every reporter, in the order in which they write: the run itself first, so that it is stored whatever fails later. */
export const reporters: readonly Reporter[] = [json, junit, allure, markdown, html];
