/** The parts of the analyzer that are used here: it has no types for them. */

declare module '@custom-elements-manifest/analyzer/src/create.js' {
  import type { SourceFile } from 'typescript';
  export function create(options: { modules: readonly SourceFile[]; plugins: readonly unknown[] }): unknown;
}

declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  export function litPlugin(): readonly unknown[];
}
