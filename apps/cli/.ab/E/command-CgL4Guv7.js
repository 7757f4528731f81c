import { inspectRaw } from "./dist-C8i0mX5o.js";
import { i as UsageError, n as printFailure } from "./print-DKCjRHdR.js";
import { t as readWholeFile } from "./readFile-DtGQoTor.js";
// apps/cli/dist/inspect/describe.js
/** Exif 2.32, LightSource: the codes that calibrations use. */
const ILLUMINANTS = {
	0: "unknown",
	1: "daylight",
	2: "fluorescent",
	3: "tungsten",
	4: "flash",
	9: "fine weather",
	10: "cloudy",
	11: "shade",
	12: "daylight fluorescent",
	13: "day white fluorescent",
	14: "cool white fluorescent",
	15: "white fluorescent",
	16: "warm white fluorescent",
	17: "standard light A",
	18: "standard light B",
	19: "standard light C",
	20: "D55",
	21: "D65",
	22: "D75",
	23: "D50",
	24: "ISO studio tungsten",
	255: "other"
};
/** Exif 2.32, Orientation. */
const ORIENTATIONS = [
	"",
	"upright",
	"mirrored",
	"upside down",
	"upside down and mirrored",
	"to be mirrored and turned left",
	"to be turned right",
	"to be mirrored and turned right",
	"to be turned left"
];
const LABEL_WIDTH = 18;
const MEBIBYTE = 2 ** 20;
function short(value, digits = 4) {
	return String(Number(value.toPrecision(digits)));
}
function list(values, digits = 4) {
	return values === void 0 ? void 0 : Array.from(values, (value) => short(value, digits)).join(" ");
}
function size(bytes) {
	return bytes < MEBIBYTE ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
function area({ top, left, bottom, right }) {
	return `${right - left} × ${bottom - top} from column ${left}, row ${top}`;
}
/** Exposure times as photographers say them: 1/250 s. */
function time(seconds) {
	if (seconds === void 0) return void 0;
	return seconds > 0 && seconds < .4 ? `1/${Math.round(1 / seconds)} s` : `${short(seconds, 3)} s`;
}
function exposureRows(exposure, metadata) {
	const { exposureTime, fNumber, iso, focalLengthMm, focalLength35mm, subjectDistanceM, exposureBias } = exposure;
	const equivalent = focalLength35mm === void 0 ? "" : ` (like ${short(focalLength35mm)} mm on 35 mm film)`;
	return [
		["exposure time", time(exposureTime)],
		["aperture", fNumber === void 0 ? void 0 : `f/${short(fNumber, 3)}`],
		["ISO", iso === void 0 ? void 0 : String(iso)],
		["focal length", focalLengthMm === void 0 ? void 0 : `${short(focalLengthMm)} mm${equivalent}`],
		["distance", subjectDistanceM === void 0 ? void 0 : `${short(subjectDistanceM)} m`],
		["exposure bias", exposureBias === void 0 ? void 0 : `${short(exposureBias)} stops`],
		["baseline exposure", metadata.baselineExposure === void 0 ? void 0 : `${short(metadata.baselineExposure)} stops`]
	];
}
function cfaText({ cfa, samplesPerPixel }) {
	if (cfa === void 0) return `none: ${samplesPerPixel} values per pixel, demosaiced already`;
	const letters = cfa.pattern.map((plane) => "RGB"[plane] ?? "?");
	const rows = Array.from({ length: cfa.height }, (_, y) => letters.slice(y * cfa.width, (y + 1) * cfa.width).join(""));
	return `${cfa.kind}, ${rows.join(" ")}`;
}
function blackText({ blackLevel }) {
	if (blackLevel === void 0) return void 0;
	const { values, deltaH, deltaV } = blackLevel;
	const same = values.every((value) => value === values[0]);
	const deltas = [deltaH && "columns", deltaV && "rows"].filter((part) => part !== void 0);
	const corrections = deltas.length === 0 ? "" : `, with corrections for ${deltas.join(" and ")}`;
	return `${list(same ? values.slice(0, 1) : values)}${corrections}`;
}
function sensorRows(metadata) {
	const { width, height, activeArea, defaultCrop, maskedAreas, linearization, noiseProfile } = metadata;
	return [
		["size", `${width} × ${height}, ${((activeArea.right - activeArea.left) * (activeArea.bottom - activeArea.top) / 1e6).toFixed(1)} megapixels of them active`],
		["active area", area(activeArea)],
		["crop", `${area(defaultCrop)} of the active area`],
		["masked areas", maskedAreas.length === 0 ? void 0 : maskedAreas.map(area).join("; ")],
		["colour filters", cfaText(metadata)],
		["bits", String(metadata.bitsPerSample)],
		["black level", blackText(metadata)],
		["white level", list(metadata.whiteLevel, 6)],
		["linearisation", linearization === void 0 ? void 0 : `a table of ${linearization.length} values`],
		["noise", noiseProfile?.map(({ scale, offset }) => `${short(scale, 3)} · signal + ${short(offset, 3)}`).join("; ")],
		["orientation", `${metadata.orientation} (${ORIENTATIONS[metadata.orientation]})`]
	];
}
function matrixText(matrix) {
	if (matrix === void 0) return void 0;
	const number = (value) => value.toFixed(4).padStart(8);
	return [
		0,
		3,
		6
	].map((start) => matrix.slice(start, start + 3).map(number).join(" ")).join(`\n${" ".repeat(20)}`);
}
function colourRows({ color, asShotNeutral, asShotWhite }) {
	const rows = [
		["profile", color.name],
		["as-shot neutral", list(asShotNeutral)],
		["as-shot white", asShotWhite === void 0 ? void 0 : `x ${short(asShotWhite.x)}, y ${short(asShotWhite.y)}`],
		["analog balance", list(color.analogBalance)]
	];
	for (const { illuminant, colorMatrix, forwardMatrix, hueSatMap } of color.calibrations) {
		rows.push(["calibrated for", ILLUMINANTS[illuminant] ?? `light source ${illuminant}`]);
		rows.push(["  colour matrix", matrixText(colorMatrix)]);
		rows.push(["  forward matrix", matrixText(forwardMatrix)]);
		const map = hueSatMap && `${hueSatMap.hueDivisions} × ${hueSatMap.satDivisions} × ${hueSatMap.valDivisions}`;
		rows.push(["  hue/sat map", map]);
	}
	const { lookTable, toneCurve } = color;
	rows.push(["look table", lookTable && `${lookTable.hueDivisions} × ${lookTable.satDivisions} × ${lookTable.valDivisions}`]);
	rows.push(["tone curve", toneCurve && `${toneCurve.length / 2} points`]);
	return rows;
}
function opcodeText(opcodes) {
	const counts = /* @__PURE__ */ new Map();
	for (const opcode of opcodes) {
		const name = opcode.kind === "unknown" ? `unknown (${opcode.id})` : opcode.kind;
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	if (counts.size === 0) return void 0;
	return [...counts].map(([name, count]) => count === 1 ? name : `${count} × ${name}`).join(", ");
}
function correctionRows({ opcodes }) {
	return [
		["on the mosaic", opcodeText(opcodes.list1)],
		["when linear", opcodeText(opcodes.list2)],
		["after demosaic", opcodeText(opcodes.list3)]
	];
}
function fileRows(bytes, { format, compression, metadata }) {
	const { previews, exif, xmp } = metadata;
	return [
		["format", compression === void 0 ? format : `${format}, ${compression}`],
		["size", size(bytes)],
		["previews", previews.map(({ width, height, format: kind }) => `${width} × ${height} ${kind}`).join(", ") || void 0],
		["Exif", exif && size(exif.length)],
		["XMP", xmp && size(xmp.length)]
	];
}
function cameraRows(metadata) {
	const { make, model, uniqueCameraModel, lens, time: taken, software } = metadata;
	const name = [make, model].filter((part) => part !== void 0).join(" ") || void 0;
	return [
		["camera", name],
		["unique model", uniqueCameraModel === name ? void 0 : uniqueCameraModel],
		["lens", lens],
		["taken", taken?.replace("T", " ")],
		["software", software]
	];
}
/** Control characters in a file's texts must not reach the terminal. */
function printable(text) {
	return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ");
}
function section(title, rows) {
	const lines = rows.flatMap(([label, value]) => value === void 0 ? [] : [`  ${label.padEnd(LABEL_WIDTH)}${printable(value)}\n`]);
	return lines.length === 0 ? "" : `${title}\n${lines.join("")}`;
}
/** What a raw file says, for people; what it does not say is left out. */
function describeInfo(path, bytes, info) {
	const { metadata } = info;
	return [
		`${path}\n`,
		section("File", fileRows(bytes, info)),
		section("Camera", cameraRows(metadata)),
		section("Exposure", exposureRows(metadata.exposure, metadata)),
		section("Sensor", sensorRows(metadata)),
		section("Colour", colourRows(metadata)),
		section("Corrections", correctionRows(metadata))
	].join("");
}
// apps/cli/dist/inspect/json.js
/** Numbers up to here are listed; longer tables are told by their length. */
const MAX_LISTED = 64;
/** Typed arrays as lists, or, where they are long, as their type and length; the rest as it is. */
function plain(value) {
	if (ArrayBuffer.isView(value)) {
		const { length } = value;
		if (value instanceof Uint8Array || length > MAX_LISTED) return {
			type: value.constructor.name,
			length
		};
		return Array.from(value);
	}
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
/** What a raw file says, for programs: everything but the samples, long tables by their length. */
function infoJson(path, bytes, { format, compression, metadata }) {
	return {
		file: path,
		bytes,
		format,
		compression,
		metadata: plain(metadata)
	};
}
// apps/cli/dist/inspect/command.js
const EXAMPLES = `
Examples:
  photosite inspect IMG_0001.dng
  photosite inspect IMG_0001.dng --json | jq .metadata.exposure
`;
/** Gives `photosite inspect` its arguments and flags. */
function configureInspect(command) {
	command.argument("[FILE...]", "raw files").usage("FILE... [options]").option("--json", "as JSON, with everything that was read").option("--debug", "show where in the program an error came from").helpOption("-h, --help", "show this help").addHelpText("after", EXAMPLES).action(inspect);
}
async function inspect(paths, { json = false, debug = false }) {
	if (paths.length === 0) throw new UsageError("no raw file is named. Try: photosite inspect FILE");
	const described = [];
	for (const [i, path] of paths.entries()) try {
		const bytes = await readWholeFile(path);
		const info = await inspectRaw(bytes, { file: path });
		if (json) described.push(infoJson(path, bytes.length, info));
		else process.stdout.write(`${i === 0 ? "" : "\n"}${describeInfo(path, bytes.length, info)}`);
	} catch (error) {
		printFailure(error, path, debug);
		process.exitCode = 1;
	}
	if (!json) return;
	const [first] = described;
	const value = paths.length === 1 ? first : described;
	if (value !== void 0) process.stdout.write(`${JSON.stringify(value, void 0, 2)}\n`);
}
export { configureInspect };
