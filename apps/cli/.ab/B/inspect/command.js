import { inspectRaw } from '@photosite/raw';
import { EXIT_FAILED, UsageError } from '../errors.js';
import { printFailure } from '../print.js';
import { readWholeFile } from '../readFile.js';
import { describeInfo } from './describe.js';
import { infoJson } from './json.js';
const EXAMPLES = `
Examples:
  photosite inspect IMG_0001.dng
  photosite inspect IMG_0001.dng --json | jq .metadata.exposure
`;
/** Gives `photosite inspect` its arguments and flags. */
export function configureInspect(command) {
    command
        .argument('[FILE...]', 'raw files')
        .usage('FILE... [options]')
        .option('--json', 'as JSON, with everything that was read')
        .option('--debug', 'show where in the program an error came from')
        .helpOption('-h, --help', 'show this help')
        .addHelpText('after', EXAMPLES)
        .action(inspect);
}
async function inspect(paths, { json = false, debug = false }) {
    if (paths.length === 0)
        throw new UsageError('no raw file is named. Try: photosite inspect FILE');
    const described = [];
    for (const [i, path] of paths.entries()) {
        try {
            const bytes = await readWholeFile(path);
            const info = await inspectRaw(bytes, { file: path });
            if (json)
                described.push(infoJson(path, bytes.length, info));
            else
                process.stdout.write(`${i === 0 ? '' : '\n'}${describeInfo(path, bytes.length, info)}`);
        }
        catch (error) {
            printFailure(error, path, debug);
            process.exitCode = EXIT_FAILED;
        }
    }
    if (!json)
        return;
    // One file is one object; many are a list.
    const [first] = described;
    const value = paths.length === 1 ? first : described;
    if (value !== undefined)
        process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
//# sourceMappingURL=command.js.map