export { quoted } from '../../harness/util/shell-words.ts';
