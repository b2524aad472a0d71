export { cacheDirectory } from './cache/directory.ts';
export { buildArchive } from './images/archive.ts';
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
