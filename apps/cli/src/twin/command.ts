import { availableParallelism } from 'node:os';
import { findCamera, planBurst } from '@photosite/optics';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { ProgressBar } from '../ProgressBar.js';
import { printError } from '../print.js';
import { version } from '../version.js';
import { BurstFolder } from './BurstFolder.js';
import { burstSettings } from './burstSettings.js';
import { loadLens, makeCamera, usedSensor } from './camera.js';
import { describeBurst, writeDescription } from './describeBurst.js';
import { exposeBurst } from './exposeBurst.js';
import { listText } from './list.js';
import { addTwinOptions, type TwinFlags } from './options.js';
import { loadScene } from './scene.js';

/** Light where neither the command nor the scene says how much, lux: a bright room. */
const DEFAULT_LUX = 500;

/** Gives `photosite twin` its arguments and flags. */
export function configureTwin(command: Command): void {
  addTwinOptions(command).action((scene: string | undefined, flags: TwinFlags) =>
    twin(scene, flags, command),
  );
}

/** Words of the command line that don't change what is in the files. */
const NOT_OF_THE_BURST = {
  values: ['-o', '--output', '--threads'],
  switches: ['--force', '--json', '--quiet', '--debug'],
};

/** The command line as it has to be typed again for the same burst, the folder aside. */
function reproduction(command: Command): string[] {
  // Node, the script and the command's name come before.
  const words = (command.parent as unknown as { readonly rawArgs: readonly string[] }).rawArgs;
  const kept: string[] = [];
  const given = words.slice(words.indexOf(command.name()) + 1);
  for (let i = 0; i < given.length; i++) {
    const word = given[i]!;
    const name = word.split('=', 1)[0]!;
    if (NOT_OF_THE_BURST.values.includes(name)) {
      if (word === name) i++;
    } else if (!NOT_OF_THE_BURST.switches.includes(name) && !/^-o./.test(word)) kept.push(word);
  }
  return kept;
}

function checkTogether(flags: TwinFlags): void {
  if (flags.hand !== undefined && flags.tripod === true)
    throw new UsageError('--hand and --tripod contradict each other. Leave one out.');
}

async function twin(source: string | undefined, flags: TwinFlags, command: Command): Promise<void> {
  if (flags.list === true) {
    process.stdout.write(listText());
    return;
  }
  const { output, threads = availableParallelism() } = flags;
  if (source === undefined)
    throw new UsageError('no scene is named. Try: photosite twin --list, or photosite twin SCENE -o FOLDER');
  if (output === undefined) throw new UsageError('where shall the burst go? Add -o FOLDER.');
  checkTogether(flags);

  const bar = new ProgressBar(process.stderr, flags.quiet !== true);
  const started = performance.now();
  const module = findCamera(flags.camera);
  const lens = flags.lens === undefined ? undefined : await loadLens(flags.lens);
  const { size, binning, illuminant } = flags;
  const request = { module, binning, illuminant, ...(size !== undefined && { size }) };
  const sensor = usedSensor(request);
  const frame = { width: sensor.width / sensor.binning, height: sensor.height / sensor.binning };

  const folder = new BurstFolder(output, flags.force ?? false);
  try {
    bar.update(0, 'looking at the scene');
    const { depth, white } = flags;
    const loaded = await loadScene({
      source,
      frame,
      ...(white !== undefined && { white }),
      ...(depth !== undefined && { depthFile: depth }),
    });
    const camera = makeCamera({
      ...request,
      focusDistanceM: flags.focus ?? loaded.focusDistanceM,
      hasDepth: loaded.scene.depthM !== undefined || (flags.moving ?? []).some(({ distanceM }) => distanceM),
      ...(lens !== undefined && { lens }),
      ...(flags.f !== undefined && { fNumber: flags.f }),
    });
    const illuminanceLux = flags.lux ?? loaded.illuminanceLux ?? DEFAULT_LUX;
    const { settings, warnings } = burstSettings(loaded.scene, camera, illuminanceLux, flags);
    bar.update(0, 'planning the burst');
    const plan = planBurst(loaded.scene, camera, settings);
    const planned = performance.now();

    const summaries = await exposeBurst(plan, {
      threads,
      truthOf: (index) => flags.truth === 'all' || (flags.truth === 'reference' && index === 0),
      folder: folder.workPath,
      onProgress: (share) => bar.update(share, `${output}: ${plan.exposures.length} frames`),
    });
    const description = describeBurst({
      arguments: reproduction(command),
      loaded,
      module,
      plan,
      summaries,
      truth: flags.truth,
      ...(lens !== undefined && { lens }),
    });
    writeDescription(folder.workPath, description);
    folder.finish();
    bar.clear();

    const told = [...warnings, ...description.warnings];
    if (flags.quiet !== true) for (const warning of told) printError(`note: ${warning}`);
    const ended = performance.now();
    bar.note(
      `${output}: ${summaries.length} × ${plan.width} × ${plan.height}, ${((ended - started) / 1000).toFixed(1)} s`,
    );
    if (flags.json === true)
      process.stdout.write(
        `${JSON.stringify(
          {
            photosite: version(),
            folder: output,
            width: plan.width,
            height: plan.height,
            frames: description.frames,
            warnings: told,
            threads: Math.min(threads, summaries.length),
            planMs: Math.round(planned - started),
            exposeMs: Math.round(ended - planned),
          },
          undefined,
          2,
        )}\n`,
      );
  } catch (error) {
    bar.clear();
    folder.discard();
    throw error;
  }
}
