import type { SourceTree } from "../source-tree.ts";

/** Path → text, as `treeOf` takes it. */
type Texts = Readonly<Record<string, string>>;

/** One thing that the tree promises, and the proof that it is looked at. */
export interface Rule {
  readonly name: string;
  /** One line per violation: where, and what is wrong. */
  find(tree: SourceTree): string[];
  /** Trees that the rule must object to. */
  readonly refuses: readonly Texts[];
  /** Trees near to those that it must let pass. */
  readonly accepts: readonly Texts[];
}

/** Finds lines of the chosen files; `where` says which, `isWrong` judges one line. */
export function linesWhere(
  where: (path: string) => boolean,
  isWrong: (line: string, path: string) => boolean,
): (tree: SourceTree) => string[] {
  return (tree) =>
    tree.files.filter(where).flatMap((path) =>
      tree
        .read(path)
        .split("\n")
        .flatMap((line, index) =>
          isWrong(line, path) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
        ),
    );
}

/** Files without text worth reading as prose or code. */
export const isText = (path: string) => !/\.(png|jpg|svg|ico|wasm|gz|wav)$/.test(path);
