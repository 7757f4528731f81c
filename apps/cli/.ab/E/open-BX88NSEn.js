import { RawFileError } from "./dist-C8i0mX5o.js";
import { Worker } from "node:worker_threads";
// packages/raw/dist/libraw/ciff.js
/**
* Canon's CIFF (the CRW format): nested heaps whose directory of 10-byte entries (tag, length, offset from the heap's
* start) stands at their end, at an offset that is their last four bytes. Source: Canon, "CIFF Specification on Image
* Data File", version 1.0 revision 4.
*/
const HEADER = "HEAPCCDR";
/** Camera make and model, two strings that each end in a zero. */
const MAKE_MODEL = 2058;
/** Data types of entries that are heaps themselves (tag bits 11-13). */
const HEAP_TYPES = /* @__PURE__ */ new Set([10240, 12288]);
const TYPE_MASK = 14336;
const ENTRY_BYTES = 10;
const MAX_DEPTH = 6;
const MAX_ENTRIES$1 = 1e3;
/** LibRaw reads the make from 64 bytes. */
const MAKE_BYTES = 64;
/**
* libraw-wasm 1.6.0 loses a CRW's model, and with it the colour matrix: it steps back from 64 bytes to the end of the
* make in 32-bit unsigned arithmetic, which leads beyond the file. A make that fills its 64 bytes needs no step. This
* gives a copy of the file where make and model lie so at its end; the samples are untouched.
*
* @returns the copy, or the bytes themselves where they are no CRW or have no such entry
*/
function widenCiffMake(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < 26 || String.fromCharCode(...bytes.subarray(6, 14)) !== HEADER) return bytes;
	if (view.getUint16(0) !== 18761) return bytes;
	const found = findEntry(view, view.getUint32(2, true), bytes.length, 0);
	if (found === void 0) return bytes;
	const [make, model] = String.fromCharCode(...bytes.subarray(found.offset, found.offset + found.length)).split("\0");
	if (!make || !model || make.length >= MAKE_BYTES || model.length >= MAKE_BYTES) return bytes;
	const record = `${make.padEnd(63)}\0${model.padEnd(MAKE_BYTES, "\0")}`;
	const copy = new Uint8Array(bytes.length + record.length + 4);
	copy.set(bytes);
	for (let i = 0; i < record.length; i++) copy[bytes.length + i] = record.charCodeAt(i);
	copy.set(bytes.subarray(bytes.length - 4), bytes.length + record.length);
	const entry = new DataView(copy.buffer);
	entry.setUint32(found.entry + 2, record.length, true);
	entry.setUint32(found.entry + 6, bytes.length - found.heap, true);
	return copy;
}
function findEntry(view, heap, end, depth) {
	if (depth > MAX_DEPTH || heap < 0 || end > view.byteLength || end - heap < 6) return void 0;
	const directory = heap + view.getUint32(end - 4, true);
	if (directory + 2 > end) return void 0;
	const count = Math.min(view.getUint16(directory, true), MAX_ENTRIES$1);
	for (let i = 0; i < count; i++) {
		const entry = directory + 2 + i * ENTRY_BYTES;
		if (entry + ENTRY_BYTES > end) return void 0;
		const tag = view.getUint16(entry, true);
		const length = view.getUint32(entry + 2, true);
		const offset = heap + view.getUint32(entry + 6, true);
		if (offset + length > view.byteLength) continue;
		if (tag === MAKE_MODEL) return {
			entry,
			heap,
			offset,
			length
		};
		if (HEAP_TYPES.has(tag & TYPE_MASK)) {
			const inner = findEntry(view, offset, offset + length, depth + 1);
			if (inner !== void 0) return inner;
		}
	}
}
// packages/raw/dist/libraw/node-host.js
/** Starts LibRaw on a worker thread. */
function startLibRaw() {
	const worker = new Worker(new URL("./node-worker.js", import.meta.url));
	const host = {
		post: (message, transfer) => worker.postMessage(message, [...transfer]),
		onMessage: () => {},
		onFailure: () => {},
		terminate: () => void worker.terminate()
	};
	worker.on("message", (message) => host.onMessage(message));
	worker.on("error", (cause) => host.onFailure(cause));
	worker.on("exit", (code) => host.onFailure(/* @__PURE__ */ new Error(`The worker ended with code ${code}`)));
	return host;
}
// packages/raw/dist/libraw/LibRawSession.js
/** One file in LibRaw's worker, from opening to closing. */
var LibRawSession = class {
	/** What LibRaw complained about so far, one line each. */
	warnings = [];
	host;
	deadline;
	nextId = 0;
	reject = () => {};
	resolve = () => {};
	/** @param timeoutMs after so many milliseconds the worker is ended, whatever it does */
	constructor(timeoutMs) {
		this.deadline = Date.now() + timeoutMs;
		this.host = startLibRaw();
		this.host.onMessage = (message) => {
			const { id, out, error, warning } = message;
			if (warning !== void 0) this.warnings.push(warning);
			else if (id !== this.nextId - 1) return;
			else if (error !== void 0) this.reject(new RawFileError(describe(error), { hint: HINT }));
			else this.resolve(out);
		};
		this.host.onFailure = (cause) => this.reject(new RawFileError("LibRaw failed on this file", {
			hint: HINT,
			cause
		}));
	}
	/** Calls a function of libraw-wasm in the worker. */
	call(name, args, transfer = []) {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.host.terminate();
				reject(new RawFileError("LibRaw took too long for this file", { hint: HINT }));
			}, Math.max(0, this.deadline - Date.now()));
			this.resolve = (out) => {
				clearTimeout(timer);
				resolve(out);
			};
			this.reject = (cause) => {
				clearTimeout(timer);
				reject(cause);
			};
			this.host.post({
				id: this.nextId++,
				fn: name,
				args
			}, transfer);
		});
	}
	/** Ends the worker; a call under way is rejected. */
	close(reason) {
		this.host.onFailure = () => {};
		this.host.terminate();
		this.reject(reason);
	}
};
const HINT = "The file is damaged, or no raw file that LibRaw knows";
/** LibRaw's error numbers (libraw_const.h) that a file can bring about. */
const ERRORS = {
	"-1": "LibRaw cannot read this file",
	"-2": "LibRaw does not know this file format",
	"-4": "This file has no raw picture",
	"-100007": "This file needs more memory than LibRaw has",
	"-100008": "This file has damaged data",
	"-100009": "LibRaw cannot read this file",
	"-100012": "This file asks for more memory than is allowed"
};
function describe(error) {
	const code = /code (-?\d+)/.exec(error)?.[1];
	return (code === void 0 ? void 0 : ERRORS[code]) ?? `LibRaw: ${error}`;
}
// packages/raw/dist/libraw/raf.js
const MAGIC = "FUJIFILMCCD-RAW ";
/** Where the header names the directory of the raw picture: offset and length. */
const DIRECTORY_POINTER = 92;
/** ExifTool's RAF tags: XTransLayout, 36 colours (0 red, 1 green, 2 blue) from the last photosite to the first. */
const XTRANS_LAYOUT = 305;
const MAX_ENTRIES = 255;
/**
* The 6 × 6 colour pattern of a Fujifilm X-Trans file, from the first photosite of the whole sensor, which
* libraw-wasm does not hand out.
*
* @returns 36 plane indices row by row, or undefined where the file has none
*/
function readXTransLayout(bytes) {
	if (bytes.length < 100) return void 0;
	if (String.fromCharCode(...bytes.subarray(0, 16)) !== MAGIC) return void 0;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const start = view.getUint32(DIRECTORY_POINTER);
	if (start + 4 > bytes.length) return void 0;
	const count = Math.min(view.getUint32(start), MAX_ENTRIES);
	let at = start + 4;
	for (let i = 0; i < count && at + 4 <= bytes.length; i++) {
		const tag = view.getUint16(at);
		const length = view.getUint16(at + 2);
		if (tag === XTRANS_LAYOUT && length === 36 && at + 40 <= bytes.length) {
			const pattern = Array.from(bytes.subarray(at + 4, at + 40)).reverse();
			return pattern.every((plane) => plane <= 2) ? pattern : void 0;
		}
		at += 4 + length;
	}
}
// packages/raw/dist/libraw/open.js
/** Default of {@link LibRawOptions.timeoutMs}. */
const LIBRAW_TIMEOUT_MS = 1e4;
/** LibRaw's filters value for X-Trans (libraw_types.h). */
const FILTERS_XTRANS = 9;
/** Smaller values of filters name patterns that are not 8 rows of 2 columns. */
const FILTERS_FIRST_PATTERN = 1e3;
/** Exif LightSource D65, whose matrices LibRaw holds. */
const D65 = 21;
/** Linear sRGB from XYZ relative to D65 (IEC 61966-2-1). */
const XYZ_TO_SRGB = [
	3.2406,
	-1.5372,
	-.4986,
	-.9689,
	1.8758,
	.0415,
	.0557,
	-.204,
	1.057
];
/** What LibRaw prints when a file ends early or its data contradict themselves. */
const DAMAGE = /unexpected end of file|data corrupted/i;
/**
* Reads another maker's raw file (NEF, CR2, CR3, CRW, ARW, RAF, RW2, ORF, PEF, KDC and what else LibRaw knows) with
* LibRaw on a worker: the untouched mosaic and what LibRaw knows about it. Left undefined: the noise profile, opcodes,
* and black levels that differ between the colours of the filter (their least is given).
*
* @throws RawFileError where LibRaw does not know the file, finds it damaged or truncated, takes longer than the
*   timeout, or finds no mosaic of red, green and blue (sRAW, Foveon, CMY filters)
*/
async function openWithLibRaw(bytes, options = {}) {
	const { file, timeoutMs = LIBRAW_TIMEOUT_MS, signal } = options;
	signal?.throwIfAborted();
	const session = new LibRawSession(timeoutMs);
	const abort = () => session.close(signal?.reason);
	signal?.addEventListener("abort", abort, { once: true });
	try {
		const copy = widenCiffMake(bytes).slice();
		await session.call("open", [copy, {}], [copy.buffer]);
		const sensor = await session.call("rawImageData", []);
		const metadata = await session.call("metadata", [true]);
		const damage = session.warnings.find((line) => DAMAGE.test(line));
		if (damage !== void 0) throw new RawFileError(`LibRaw found damage: ${damage}`, { hint: "The file is truncated or damaged" });
		if (sensor?.data === void 0) throw new RawFileError("LibRaw finds no mosaic in this file", { hint: "It is damaged, or holds a picture that was demosaiced already" });
		return toFrame(bytes, sensor, metadata, await readPreview(session));
	} catch (cause) {
		signal?.throwIfAborted();
		const error = cause instanceof RawFileError ? cause : new RawFileError("LibRaw failed on this file", { cause });
		throw file === void 0 ? error : error.inFile(file);
	} finally {
		signal?.removeEventListener("abort", abort);
		session.close();
	}
}
/** A file without a readable preview is still a raw file. */
async function readPreview(session) {
	try {
		const thumbnail = await session.call("thumbnailData", []);
		if (thumbnail?.format !== "jpeg") return [];
		const { data, width, height } = thumbnail;
		return [{
			width,
			height,
			format: "jpeg",
			data
		}];
	} catch {
		return [];
	}
}
function toFrame(bytes, sensor, metadata, previews) {
	const { raw_width: width, raw_height: height, data: samples } = sensor;
	const { color_data: color, lens } = metadata;
	if (width < 1 || height < 1 || samples.length !== width * height) throw new RawFileError(`LibRaw gives ${samples.length} samples for ${width} × ${height} photosites`);
	const activeArea = {
		top: sensor.top_margin,
		left: sensor.left_margin,
		bottom: Math.min(height, sensor.top_margin + sensor.height),
		right: Math.min(width, sensor.left_margin + sensor.width)
	};
	if (activeArea.top >= activeArea.bottom || activeArea.left >= activeArea.right) throw new RawFileError("LibRaw gives an empty active area");
	const whiteLevel = color.maximum > 0 ? color.maximum : 65535;
	const cfa = readCfa(bytes, metadata, activeArea);
	const neutral = readNeutral(color.cam_mul);
	const colorMatrix = readColorMatrix(color.cam_xyz, color.rgb_cam);
	const positive = (value) => Number.isFinite(value) && value > 0 ? value : void 0;
	const text = (value) => value?.trim() ? value.trim() : void 0;
	const time = readTime(metadata.timestamp);
	return {
		samples,
		width,
		height,
		samplesPerPixel: 1,
		bitsPerSample: Math.min(16, Math.max(color.raw_bps, 32 - Math.clz32(whiteLevel))),
		...cfa === void 0 ? {} : { cfa },
		blackLevel: {
			repeatRows: 1,
			repeatCols: 1,
			values: [color.black]
		},
		whiteLevel: [whiteLevel],
		activeArea,
		maskedAreas: [],
		defaultCrop: readCrop(metadata.raw_inset_crops, activeArea),
		defaultScale: metadata.pixel_aspect > 0 ? [metadata.pixel_aspect, 1] : [1, 1],
		orientation: orientationOf(metadata.flip),
		color: { calibrations: colorMatrix === void 0 ? [] : [{
			illuminant: D65,
			colorMatrix
		}] },
		...neutral === void 0 ? {} : { asShotNeutral: neutral },
		opcodes: {
			list1: [],
			list2: [],
			list3: []
		},
		exposure: defined({
			exposureTime: positive(metadata.shutter),
			iso: positive(metadata.iso_speed),
			fNumber: positive(metadata.aperture),
			focalLengthMm: positive(metadata.focal_len),
			focalLength35mm: positive(lens.FocalLengthIn35mmFormat)
		}),
		...defined({
			make: text(metadata.camera_make),
			model: text(metadata.camera_model),
			lens: text(lens.Lens),
			software: text(metadata.software),
			time
		}),
		previews
	};
}
/** Only what is known. */
function defined(values) {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== void 0));
}
function readCfa(bytes, metadata, area) {
	const { filters, colors, cdesc } = metadata;
	if (filters === 0 && colors === 1) return void 0;
	if (filters === FILTERS_XTRANS) {
		const pattern = readXTransLayout(bytes);
		if (pattern === void 0) throw new RawFileError("The X-Trans pattern of this file is not to be found", { hint: "Convert it to DNG" });
		return {
			width: 6,
			height: 6,
			pattern,
			kind: "x-trans"
		};
	}
	const planes = [...cdesc].map((letter) => "RGB".indexOf(letter));
	if (filters < FILTERS_FIRST_PATTERN || planes.length < 3 || planes.some((plane) => plane < 0)) throw new RawFileError(`A colour filter of the kind ${cdesc} is not supported`, { hint: "Convert the file to DNG" });
	const plane = (row, column) => {
		const r = row - area.top & 7;
		const c = column - area.left & 1;
		return planes[filters >>> ((r << 1 | c) << 1) & 3];
	};
	const pattern8 = Array.from({ length: 16 }, (_, i) => plane(i >> 1, i & 1));
	if (pattern8.every((value, i) => value === pattern8[i & 3])) {
		const pattern = pattern8.slice(0, 4);
		return {
			width: 2,
			height: 2,
			pattern,
			kind: pattern.join("").replace(/[02]/g, "-") === (pattern[0] === 1 ? "1--1" : "-11-") && pattern.includes(0) && pattern.includes(2) ? "bayer" : "other"
		};
	}
	return {
		width: 2,
		height: 8,
		pattern: pattern8,
		kind: "other"
	};
}
/** White balance multipliers to the camera RGB of a neutral, green 1. */
function readNeutral(multipliers) {
	const [red, green, blue] = multipliers;
	if (!(red > 0 && green > 0 && blue > 0)) return void 0;
	return [
		green / red,
		1,
		green / blue
	];
}
/**
* XYZ to camera RGB. For some old cameras LibRaw has a matrix from balanced camera RGB to sRGB alone; its inverse,
* after XYZ to sRGB, is the same kind of matrix.
*/
function readColorMatrix(camXyz, rgbCam) {
	const direct = toMatrix(camXyz);
	if (direct.some((value) => value !== 0)) return direct;
	const balanced = toMatrix(rgbCam);
	const inverse = balanced.every((value, i) => value === (i % 4 === 0 ? 1 : 0)) ? void 0 : invert(balanced);
	return inverse === void 0 ? void 0 : multiply(inverse, XYZ_TO_SRGB);
}
function toMatrix(rows) {
	const at = (row, column) => {
		const value = rows[row]?.[column];
		return value !== void 0 && Number.isFinite(value) ? value : 0;
	};
	return [
		at(0, 0),
		at(0, 1),
		at(0, 2),
		at(1, 0),
		at(1, 1),
		at(1, 2),
		at(2, 0),
		at(2, 1),
		at(2, 2)
	];
}
function invert(m) {
	const [a, b, c, d, e, f, g, h, i] = m;
	const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
	if (Math.abs(determinant) < 1e-9) return void 0;
	const scale = 1 / determinant;
	return [
		(e * i - f * h) * scale,
		(c * h - b * i) * scale,
		(b * f - c * e) * scale,
		(f * g - d * i) * scale,
		(a * i - c * g) * scale,
		(c * d - a * f) * scale,
		(d * h - e * g) * scale,
		(b * g - a * h) * scale,
		(a * e - b * d) * scale
	];
}
function multiply(m, n) {
	const at = (r, c) => m[3 * r] * n[c] + m[3 * r + 1] * n[3 + c] + m[3 * r + 2] * n[6 + c];
	return [
		at(0, 0),
		at(0, 1),
		at(0, 2),
		at(1, 0),
		at(1, 1),
		at(1, 2),
		at(2, 0),
		at(2, 1),
		at(2, 2)
	];
}
/** The maker's crop, which LibRaw gives from the mosaic's first sample, where it lies in the active area. */
function readCrop(crops, area) {
	const width = area.right - area.left;
	const height = area.bottom - area.top;
	const crop = crops[0];
	if (crop !== void 0 && crop.cwidth > 0 && crop.cheight > 0) {
		const left = crop.cleft - area.left;
		const top = crop.ctop - area.top;
		const right = left + crop.cwidth;
		const bottom = top + crop.cheight;
		if (left >= 0 && top >= 0 && right <= width && bottom <= height) return {
			top,
			left,
			bottom,
			right
		};
	}
	return {
		top: 0,
		left: 0,
		bottom: height,
		right: width
	};
}
/** LibRaw's flip (1 mirrors columns, 2 mirrors rows, 4 transposes) as an Exif orientation. */
function orientationOf(flip) {
	return [
		1,
		2,
		4,
		3,
		5,
		8,
		6,
		7
	][flip] ?? 1;
}
/** LibRaw reads the camera's clock as this machine's local time; undone, it is the camera's own again. */
function readTime(seconds) {
	if (!(seconds > 0)) return void 0;
	const date = /* @__PURE__ */ new Date(seconds * 1e3);
	const two = (value) => String(value).padStart(2, "0");
	return `${`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
export { openWithLibRaw };
