import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src/index.ts`);

function isPublicMethod(member: ts.Symbol): boolean {
  if (!(member.flags & ts.SymbolFlags.Method) || member.name.startsWith('#')) return false;
  return (member.declarations ?? []).every(
    (declaration) => !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private),
  );
}

/** Exports of a module, and public methods of its classes, that have no doc comment. */
function undocumented(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  const silent = (symbol: ts.Symbol): boolean => symbol.getDocumentationComment(checker).length === 0;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const methods = [...(symbol.members?.values() ?? [])].filter(
      (member) => isPublicMethod(member) && silent(member),
    );
    return [
      ...(silent(symbol) ? [exported.name] : []),
      ...methods.map((method) => `${exported.name}.${method.name}`),
    ];
  });
}

describe('every public export says what it is', () => {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    types: [],
  };
  const files = entries.map((entry) => join(root, entry));
  const program = ts.createProgram(files, options);

  it.each(files.map((file) => [relative(root, file), file]))('%s', (_, file) => {
    expect(undocumented(program, file)).toEqual([]);
  });

  it('and one that does not is found', () => {
    const text = '/** Yes. */ export class A { b() {} #c() {} private d() {} } export const e = 2;';
    const host = ts.createCompilerHost({});
    const original = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version) =>
      name === 'probe.ts' ? ts.createSourceFile(name, text, version) : original(name, version);
    expect(undocumented(ts.createProgram(['probe.ts'], {}, host), 'probe.ts')).toEqual(['A.b', 'e']);
  });
});
