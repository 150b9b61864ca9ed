/** The files that the tidy tests read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type SourceFile = {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** The room it belongs to: the folder under `packages`. */
  readonly room: string;
  readonly text: string;
  /** Whether only tests run it. */
  readonly isTest: boolean;
};

export const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

/** Every file under `packages/<room>/src` whose name matches, in the order of their paths. */
export function sourceFiles(folder: string, name: RegExp): SourceFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((room) =>
      readdirSync(join(ROOT, folder, room.name, 'src'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && name.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    .sort()
    .map((file) => {
      const path = file.slice(ROOT.length).replaceAll('\\', '/');
      const [, room] = path.split('/');
      return {
        path,
        room: room!,
        text: readFileSync(file, 'utf8'),
        isTest: /\.(test|conformance|arbitrary)\.ts$|\/testing\//.test(path),
      };
    });
}

/** The text without comments, line numbers kept. Good enough for reading; strings that look like comments do not occur. */
export function stripComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
}
