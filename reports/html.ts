import type { Reporter } from '../harness/model/report.ts';
import { renderPage } from './html/page.ts';
import { writeReport } from './write.ts';

/** report.html: one page that opens offline and shows the whole run. */
export const html: Reporter = {
  name: 'html',
  write: async (report, history, directory) => [
    await writeReport(directory, 'report.html', renderPage(report, history)),
  ],
};
