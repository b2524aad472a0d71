/** What one layer of an image holds. Paths are absolute, inside the image; parent folders come by themselves (mode 0755). */
export interface LayerRecipe {
  /** Copies of files of this machine. The default mode is 0755. */
  readonly files?: readonly { readonly from: string; readonly to: string; readonly mode?: number }[];
  /** Files given here. The default mode is 0644. */
  readonly inline?: readonly { readonly to: string; readonly content: string; readonly mode?: number }[];
  readonly symlinks?: readonly { readonly to: string; readonly target: string }[];
  /** The default mode is 0755. */
  readonly directories?: readonly { readonly to: string; readonly mode?: number }[];
}

/** An image to be made from files of this machine: no registry and no container tool takes part. */
export interface ImageRecipe {
  /** Name and tag as pods say it: `registry.local/web:1`. */
  readonly name: string;
  readonly entrypoint: readonly string[];
  readonly cmd?: readonly string[];
  /** PATH is added unless it is given. */
  readonly env?: Readonly<Record<string, string>>;
  /** A number or `number:number`; root by default. */
  readonly user?: string;
  readonly workingDir?: string;
  readonly layers: readonly LayerRecipe[];
}
