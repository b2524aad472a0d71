export { cacheDirectory } from './cache/directory.ts';
export { describePrograms, type ProgramDescription } from './describe.ts';
export { ensurePrograms } from './ensure.ts';
export { buildArchive } from './images/archive.ts';
export { linkedLayer, type LinkedProgram } from './images/linked.ts';
export { shellLayer } from './images/shell.ts';
export type { ImageRecipe, LayerRecipe } from './images/recipe.ts';
export {
  agnhostImage,
  baseLayer,
  corednsImage,
  etcdImage,
  imageNames,
  pauseImage,
  programLayer,
} from './images/recipes.ts';
export { pins } from './pins.ts';
export { allProgramNames, type ProgramName } from './programs.ts';
