/** Exif 2.32, LightSource: the codes that calibrations use. */
const ILLUMINANTS = {
    0: 'unknown',
    1: 'daylight',
    2: 'fluorescent',
    3: 'tungsten',
    4: 'flash',
    9: 'fine weather',
    10: 'cloudy',
    11: 'shade',
    12: 'daylight fluorescent',
    13: 'day white fluorescent',
    14: 'cool white fluorescent',
    15: 'white fluorescent',
    16: 'warm white fluorescent',
    17: 'standard light A',
    18: 'standard light B',
    19: 'standard light C',
    20: 'D55',
    21: 'D65',
    22: 'D75',
    23: 'D50',
    24: 'ISO studio tungsten',
    255: 'other',
};
/** Exif 2.32, Orientation. */
const ORIENTATIONS = [
    '',
    'upright',
    'mirrored',
    'upside down',
    'upside down and mirrored',
    'to be mirrored and turned left',
    'to be turned right',
    'to be mirrored and turned right',
    'to be turned left',
];
const LABEL_WIDTH = 18;
const MEBIBYTE = 2 ** 20;
function short(value, digits = 4) {
    return String(Number(value.toPrecision(digits)));
}
function list(values, digits = 4) {
    return values === undefined ? undefined : Array.from(values, (value) => short(value, digits)).join(' ');
}
function size(bytes) {
    return bytes < MEBIBYTE ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
function area({ top, left, bottom, right }) {
    return `${right - left} × ${bottom - top} from column ${left}, row ${top}`;
}
/** Exposure times as photographers say them: 1/250 s. */
function time(seconds) {
    if (seconds === undefined)
        return undefined;
    return seconds > 0 && seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${short(seconds, 3)} s`;
}
function exposureRows(exposure, metadata) {
    const { exposureTime, fNumber, iso, focalLengthMm, focalLength35mm, subjectDistanceM, exposureBias } = exposure;
    const equivalent = focalLength35mm === undefined ? '' : ` (like ${short(focalLength35mm)} mm on 35 mm film)`;
    return [
        ['exposure time', time(exposureTime)],
        ['aperture', fNumber === undefined ? undefined : `f/${short(fNumber, 3)}`],
        ['ISO', iso === undefined ? undefined : String(iso)],
        ['focal length', focalLengthMm === undefined ? undefined : `${short(focalLengthMm)} mm${equivalent}`],
        ['distance', subjectDistanceM === undefined ? undefined : `${short(subjectDistanceM)} m`],
        ['exposure bias', exposureBias === undefined ? undefined : `${short(exposureBias)} stops`],
        [
            'baseline exposure',
            metadata.baselineExposure === undefined ? undefined : `${short(metadata.baselineExposure)} stops`,
        ],
    ];
}
function cfaText({ cfa, samplesPerPixel }) {
    if (cfa === undefined)
        return `none: ${samplesPerPixel} values per pixel, demosaiced already`;
    const letters = cfa.pattern.map((plane) => 'RGB'[plane] ?? '?');
    const rows = Array.from({ length: cfa.height }, (_, y) => letters.slice(y * cfa.width, (y + 1) * cfa.width).join(''));
    return `${cfa.kind}, ${rows.join(' ')}`;
}
function blackText({ blackLevel }) {
    if (blackLevel === undefined)
        return undefined;
    const { values, deltaH, deltaV } = blackLevel;
    const same = values.every((value) => value === values[0]);
    const deltas = [deltaH && 'columns', deltaV && 'rows'].filter((part) => part !== undefined);
    const corrections = deltas.length === 0 ? '' : `, with corrections for ${deltas.join(' and ')}`;
    return `${list(same ? values.slice(0, 1) : values)}${corrections}`;
}
function sensorRows(metadata) {
    const { width, height, activeArea, defaultCrop, maskedAreas, linearization, noiseProfile } = metadata;
    const megapixels = (((activeArea.right - activeArea.left) * (activeArea.bottom - activeArea.top)) /
        1e6).toFixed(1);
    return [
        ['size', `${width} × ${height}, ${megapixels} megapixels of them active`],
        ['active area', area(activeArea)],
        ['crop', `${area(defaultCrop)} of the active area`],
        ['masked areas', maskedAreas.length === 0 ? undefined : maskedAreas.map(area).join('; ')],
        ['colour filters', cfaText(metadata)],
        ['bits', String(metadata.bitsPerSample)],
        ['black level', blackText(metadata)],
        ['white level', list(metadata.whiteLevel, 6)],
        ['linearisation', linearization === undefined ? undefined : `a table of ${linearization.length} values`],
        [
            'noise',
            noiseProfile
                ?.map(({ scale, offset }) => `${short(scale, 3)} · signal + ${short(offset, 3)}`)
                .join('; '),
        ],
        ['orientation', `${metadata.orientation} (${ORIENTATIONS[metadata.orientation]})`],
    ];
}
function matrixText(matrix) {
    if (matrix === undefined)
        return undefined;
    const number = (value) => value.toFixed(4).padStart(8);
    const rows = [0, 3, 6].map((start) => matrix
        .slice(start, start + 3)
        .map(number)
        .join(' '));
    return rows.join(`\n${' '.repeat(LABEL_WIDTH + 2)}`);
}
function colourRows({ color, asShotNeutral, asShotWhite }) {
    const rows = [
        ['profile', color.name],
        ['as-shot neutral', list(asShotNeutral)],
        [
            'as-shot white',
            asShotWhite === undefined ? undefined : `x ${short(asShotWhite.x)}, y ${short(asShotWhite.y)}`,
        ],
        ['analog balance', list(color.analogBalance)],
    ];
    for (const { illuminant, colorMatrix, forwardMatrix, hueSatMap } of color.calibrations) {
        rows.push(['calibrated for', ILLUMINANTS[illuminant] ?? `light source ${illuminant}`]);
        rows.push(['  colour matrix', matrixText(colorMatrix)]);
        rows.push(['  forward matrix', matrixText(forwardMatrix)]);
        const map = hueSatMap && `${hueSatMap.hueDivisions} × ${hueSatMap.satDivisions} × ${hueSatMap.valDivisions}`;
        rows.push(['  hue/sat map', map]);
    }
    const { lookTable, toneCurve } = color;
    rows.push([
        'look table',
        lookTable && `${lookTable.hueDivisions} × ${lookTable.satDivisions} × ${lookTable.valDivisions}`,
    ]);
    rows.push(['tone curve', toneCurve && `${toneCurve.length / 2} points`]);
    return rows;
}
function opcodeText(opcodes) {
    const counts = new Map();
    for (const opcode of opcodes) {
        const name = opcode.kind === 'unknown' ? `unknown (${opcode.id})` : opcode.kind;
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    if (counts.size === 0)
        return undefined;
    return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}
function correctionRows({ opcodes }) {
    return [
        ['on the mosaic', opcodeText(opcodes.list1)],
        ['when linear', opcodeText(opcodes.list2)],
        ['after demosaic', opcodeText(opcodes.list3)],
    ];
}
function fileRows(bytes, { format, compression, metadata }) {
    const { previews, exif, xmp } = metadata;
    return [
        ['format', compression === undefined ? format : `${format}, ${compression}`],
        ['size', size(bytes)],
        [
            'previews',
            previews.map(({ width, height, format: kind }) => `${width} × ${height} ${kind}`).join(', ') ||
                undefined,
        ],
        ['Exif', exif && size(exif.length)],
        ['XMP', xmp && size(xmp.length)],
    ];
}
function cameraRows(metadata) {
    const { make, model, uniqueCameraModel, lens, time: taken, software } = metadata;
    const name = [make, model].filter((part) => part !== undefined).join(' ') || undefined;
    return [
        ['camera', name],
        ['unique model', uniqueCameraModel === name ? undefined : uniqueCameraModel],
        ['lens', lens],
        ['taken', taken?.replace('T', ' ')],
        ['software', software],
    ];
}
/** Control characters in a file's texts must not reach the terminal. */
function printable(text) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
}
function section(title, rows) {
    const lines = rows.flatMap(([label, value]) => value === undefined ? [] : [`  ${label.padEnd(LABEL_WIDTH)}${printable(value)}\n`]);
    return lines.length === 0 ? '' : `${title}\n${lines.join('')}`;
}
/** What a raw file says, for people; what it does not say is left out. */
export function describeInfo(path, bytes, info) {
    const { metadata } = info;
    return [
        `${path}\n`,
        section('File', fileRows(bytes, info)),
        section('Camera', cameraRows(metadata)),
        section('Exposure', exposureRows(metadata.exposure, metadata)),
        section('Sensor', sensorRows(metadata)),
        section('Colour', colourRows(metadata)),
        section('Corrections', correctionRows(metadata)),
    ].join('');
}
//# sourceMappingURL=describe.js.map