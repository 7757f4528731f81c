import { describe, expect, it } from 'vitest';
import { photosite } from '../testing/photosite.js';

/** The line of a report with a label. */
function line(text: string, label: string): string {
  return text.split('\n').find((each) => each.trim().startsWith(label)) ?? `no line ${label}`;
}

describe('photosite optics', () => {
  it('lists the camera presets, a line each', async () => {
    const { code, stdout, stderr } = await photosite('optics');
    expect([code, stderr]).toEqual([0, '']);
    expect(line(stdout, 'xiaomi-14-ultra/main')).toMatch(/ 23 mm +f\/1\.63-4 +1" /);
    expect(line(stdout, 'xiaomi-12s-ultra-concept/m-mount')).toMatch(/ 92 mm +f\/1\.4-16 /);
    expect(line(stdout, 'sony-ilce-7rm2/35mm')).toContain('full frame');
  });

  it('tells everything about a preset, in groups, with what is assumed marked', async () => {
    const { code, stdout, stderr } = await photosite('optics', 'xiaomi-14-ultra/main');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines.filter((each) => /^[A-Z]/.test(each)).map((each) => each.split(/ (?=at f)/)[0])).toEqual([
      'Xiaomi 14 Ultra, main camera  (xiaomi-14-ultra/main)',
      'Sensor',
      'Lens',
      'Like, on full frame',
      'Field of view',
      'Diffraction',
      'Depth of field',
      'Blur',
      'Light: an 18 % grey card under D65',
      'Dynamic range of a pixel *',
    ]);
    expect(line(stdout, 'diagonal')).toContain('16.38 mm');
    expect(stdout).toContain('no side of the sensor is as long');
    expect(line(stdout, 'focal length')).toMatch(/8\.71 mm \*$/);
    expect(line(stdout, 'f-number')).toMatch(/f\/1\.63$/);
    expect(line(stdout, 'stabilised')).toMatch(/yes$/);
    expect(stdout).toContain('* unpublished, assumed; --sources says how');
    expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(100);
  });

  it('frames a 35 mm f/1.4 lens on a 1-inch type like 92.4 mm at f/3.7', async () => {
    const { stdout } = await photosite('optics', '--format', '1-inch', '--focal', '35', '--f', 'f/1.4');
    const like = stdout.slice(stdout.indexOf('Like, on full frame'));
    expect([line(like, 'focal length'), line(like, 'f-number')]).toEqual([
      expect.stringMatching(/92\.4 mm$/),
      expect.stringMatching(/f\/3\.7$/),
    ]);
  });

  it('reckons with own numbers: sensor, distances, light and photosites', async () => {
    const own = ['--sensor', '36x24', '--focal', '50', '--f', '2', '--distance', '2', '--background', '5'];
    const light = [
      '--pitch',
      '4.5',
      '--full-well',
      '50000',
      '--read-noise',
      '3',
      '--lux',
      '100',
      '--time',
      '1/50',
    ];
    const { code, stdout } = await photosite('optics', ...own, ...light, '--iso', '400', '--json');
    expect(code).toBe(0);
    const { depth, blur, light: lit, dynamicRange, electricalAssumed } = JSON.parse(stdout);
    expect(depth).toEqual([expect.objectContaining({ distanceM: 2, nearM: expect.closeTo(1.914, 3) })]);
    // 25 mm × 50/1950 × 3/5
    expect(blur).toEqual([expect.objectContaining({ backgroundM: 5, discMm: expect.closeTo(0.3846, 4) })]);
    expect(lit).toEqual([expect.objectContaining({ lux: 100, exposureTimeS: 0.02, iso: 400 })]);
    expect(dynamicRange[0].fullWellE).toBe(50_000);
    expect(electricalAssumed).toBe(false);
  });

  it('stops a preset down as far as its iris goes', async () => {
    const { stdout } = await photosite('optics', 'xiaomi-14-ultra/main', '--f', '4', '--json');
    expect(JSON.parse(stdout).lens.equivalentFNumber).toBeCloseTo(10.56, 2);
    const tele = await photosite('optics', 'xiaomi-14-ultra/tele', '--f', '4');
    expect(tele.code).toBe(2);
    expect(tele.stderr).toBe('photosite: --f: 4 is not possible; xiaomi-14-ultra/tele has f/1.8 alone.\n');
  });

  it('puts presets side by side, all cameras of a phone by its name', async () => {
    const { code, stdout } = await photosite('optics', 'xiaomi-14-ultra');
    expect(code).toBe(0);
    expect(line(stdout, 'f-number')).toMatch(/f\/1\.63 +f\/1\.8 +f\/1\.8 +f\/2\.5$/);
    expect(Math.max(...stdout.split('\n').map((each) => each.length))).toBeLessThanOrEqual(100);
    const { stdout: json } = await photosite(
      'optics',
      '--compare',
      'xiaomi-14/main,sony-ilce-7rm2/85mm',
      '--json',
    );
    expect(JSON.parse(json).map(({ id }: { id: string }) => id)).toEqual([
      'xiaomi-14/main',
      'sony-ilce-7rm2/85mm',
    ]);
  });

  it('says with --sources who published each figure, or how it was chosen', async () => {
    const { stdout } = await photosite('optics', 'xiaomi-14-ultra/main', '--sources');
    expect(stdout).toMatch(/equivalentFocalLengthMm: 23\n +Amateur Photographer/);
    expect(stdout).toMatch(/focalLengthMm: 8\.71\n +assumed: derived/);
    const { stdout: json } = await photosite('optics', 'xiaomi-14-ultra/main', '--sources', '--json');
    expect(JSON.parse(json).sources.gains.assumed).toContain('ILCE-7RM2');
  });

  it('answers wrong usage and unphysical numbers with one line and ends with 2', async () => {
    for (const [words, message] of [
      ['xiaomi-14-ultra/mian', /camera "xiaomi-14-ultra\/mian"; near are xiaomi-14-ultra\/main/],
      ['--format 1-inch --focal -5 --f 2', /--focal: -5 is not possible/],
      ['--format 1-inch --focal 5 --f 0', /--f: 0 is not possible/],
      [
        '--format 1-inch --focal 50 --f 2 --distance 0.02',
        /0\.02 is not possible.*greater than the focal length/,
      ],
      ['--format 2-inches', /there is no format "2-inches"/],
      ['--sensor 36', /--sensor takes width and height/],
      ['--focal 50', /say of which sensor/],
      ['--format mft --sensor 3x4', /Give one of them/],
      ['xiaomi-14/main --pitch 2', /--pitch describes a sensor of your own/],
      ['--format mft --bits 12', /Add --pitch/],
      ['--format mft --focal wide', /--focal.*It must be a number/],
      ['xiaomi-14/main --light moon', /there is no light "moon"/],
      ['xiaomi-14/main --iso 5', /iso: 5 is not possible; allowed are 50/],
    ] as const) {
      const { code, stdout, stderr } = await photosite('optics', ...words.split(' '));
      expect([code, stdout], words).toEqual([2, '']);
      expect(stderr, words).toMatch(message);
      expect(stderr.trimEnd().split('\n'), words).toHaveLength(1);
    }
  }, 20_000);
});
