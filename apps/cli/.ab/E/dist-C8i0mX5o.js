import { a as textField, c as Tag$1, i as rationalField, l as tagName, n as concatChunks, o as writeTiff, r as copyField, s as readTiff, u as TiffError } from "./readFile-DtGQoTor.js";
import { createRequire } from "module";
// packages/raw/dist/RawFileError.js
/** A raw file that cannot be read: names the file, the place and the way out. */
var RawFileError = class RawFileError extends Error {
	name = "RawFileError";
	file;
	offset;
	tag;
	hint;
	/** The problem alone, without file, place and hint. */
	problem;
	constructor(problem, details = {}) {
		const place = [details.tag === void 0 ? void 0 : `tag ${details.tag}`, details.offset === void 0 ? void 0 : `offset ${details.offset}`].filter((part) => part !== void 0);
		super([
			details.file === void 0 ? "" : `${details.file}: `,
			problem,
			place.length === 0 ? "" : ` (${place.join(", ")})`,
			details.hint === void 0 ? "" : `. ${details.hint}`
		].join(""), details.cause === void 0 ? void 0 : { cause: details.cause });
		this.problem = problem;
		this.file = details.file;
		this.offset = details.offset;
		this.tag = details.tag;
		this.hint = details.hint;
	}
	/** The same error with the file's name added. */
	inFile(file) {
		return new RawFileError(this.problem, {
			file,
			...this.offset === void 0 ? {} : { offset: this.offset },
			...this.tag === void 0 ? {} : { tag: this.tag },
			...this.hint === void 0 ? {} : { hint: this.hint },
			cause: this.cause
		});
	}
};
// packages/raw/dist/dng/layout.js
/** Compression numbers (tag 259) that a DNG's raw picture can have. */
const COMPRESSION = {
	none: 1,
	jpeg: 7,
	deflate: 8,
	vc5: 9,
	deflateOld: 32946,
	lossyJpeg: 34892,
	jpegXl: 52546
};
/** PhotometricInterpretation numbers (tag 262) of raw pictures (TIFF/EP, DNG). */
const PHOTOMETRIC = {
	cfa: 32803,
	linearRaw: 34892
};
/** SampleFormat numbers (tag 339) that are read and written. */
const SAMPLE_FORMAT = {
	unsigned: 1,
	float: 3
};
/** Whether this machine stores the low byte first, as nearly all do. */
const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** Most pixels of a raw picture where the caller sets no limit: 512 megapixels. */
const MAX_PIXELS = 536870912;
/** Most samples per pixel: DNG's model has colour planes by the three's, a mosaic has one. */
const MAX_PLANES = 4;
/** Segments may not be stated to hold more than this many times the whole file, that is, overlap each other. */
const MAX_OVERLAP = 4;
/** A tile may be larger than a small picture, but not by more than this many pixels. */
const MAX_TILE_EXCESS = 1 << 20;
/**
* How many bytes of samples one byte of compressed data can stand for at most. Lossless JPEG spends a bit on each
* sample; deflate's ratio ends at 1032 (RFC 1951: 258 bytes for two bits); the lossy codecs can spend nearly nothing
* on flat areas, where the bound only keeps a tiny file from asking for gigabytes.
*/
const MAX_RATIO = {
	[COMPRESSION.jpeg]: 16,
	[COMPRESSION.deflate]: 1032,
	[COMPRESSION.deflateOld]: 1032,
	[COMPRESSION.vc5]: 4096,
	[COMPRESSION.lossyJpeg]: 4096,
	[COMPRESSION.jpegXl]: 65536
};
const COMPRESSION_NAMES = {
	[COMPRESSION.none]: "uncompressed",
	[COMPRESSION.jpeg]: "lossless JPEG",
	[COMPRESSION.deflate]: "deflate",
	[COMPRESSION.deflateOld]: "deflate",
	[COMPRESSION.vc5]: "VC-5",
	[COMPRESSION.lossyJpeg]: "lossy JPEG",
	[COMPRESSION.jpegXl]: "JPEG XL"
};
const DEFLATES = [COMPRESSION.deflate, COMPRESSION.deflateOld];
/** Name of a compression number for people, e.g. `lossless JPEG`. */
function compressionName(compression) {
	return COMPRESSION_NAMES[compression] ?? `compression ${compression}`;
}
function place(ifd, tag) {
	return {
		tag: tagName(tag),
		offset: ifd.entry(tag)?.offset ?? ifd.offset
	};
}
/** A positive integer, or the default where the tag is absent. */
function readCount(ifd, tag, defaultValue) {
	const value = ifd.number(tag) ?? defaultValue;
	if (value === void 0) throw new RawFileError(`the raw picture lacks ${tagName(tag)}`, place(ifd, tag));
	if (!Number.isInteger(value) || value < 1) throw new RawFileError(`${tagName(tag)} is ${value}`, place(ifd, tag));
	return value;
}
/** The one value that a tag has for all planes. */
function readUniform(ifd, tag, defaultValue) {
	const values = ifd.numbers(tag) ?? [defaultValue];
	if (values.length === 0 || values.some((value) => value !== values[0])) throw new RawFileError(`${tagName(tag)} differs between planes: ${values.join(", ")}`, {
		...place(ifd, tag),
		hint: "Such files are not read; another converter may write planes alike"
	});
	return values[0];
}
function checkSampleType(ifd, bits, format, compression) {
	const error = (problem, tag) => new RawFileError(problem, place(ifd, tag));
	if (format === SAMPLE_FORMAT.float) {
		if (bits !== 16 && bits !== 24 && bits !== 32) throw error(`float samples of ${bits} bits`, Tag$1.BitsPerSample);
		if (compression === COMPRESSION.jpeg || compression === COMPRESSION.vc5) throw error(`float samples as ${compressionName(compression)}`, Tag$1.Compression);
		return;
	}
	if (format !== SAMPLE_FORMAT.unsigned && format !== 4) throw error(`samples of format ${format}: only unsigned integers and floats are read`, Tag$1.SampleFormat);
	if (!(bits === 32 && (compression === COMPRESSION.none || DEFLATES.includes(compression))) && (!Number.isInteger(bits) || bits < 1 || bits > 16)) throw error(`integer samples of ${bits} bits as ${compressionName(compression)}: 1 to 16 are read`, Tag$1.BitsPerSample);
	if (DEFLATES.includes(compression) && bits % 8 !== 0) throw error(`deflated samples of ${bits} bits`, Tag$1.BitsPerSample);
}
function readSegmentShape(ifd, width, height) {
	if (ifd.has(Tag$1.TileOffsets) || ifd.has(Tag$1.TileWidth)) {
		const segmentWidth = readCount(ifd, Tag$1.TileWidth);
		const segmentHeight = readCount(ifd, Tag$1.TileLength);
		if (segmentWidth * segmentHeight > 4 * width * height + MAX_TILE_EXCESS) throw new RawFileError(`tiles of ${segmentWidth} × ${segmentHeight} for a picture of ${width} × ${height}`, place(ifd, Tag$1.TileWidth));
		return {
			segmentWidth,
			segmentHeight,
			padded: true,
			offsetsTag: Tag$1.TileOffsets,
			lengthsTag: Tag$1.TileByteCounts
		};
	}
	return {
		segmentWidth: width,
		segmentHeight: Math.min(height, readCount(ifd, Tag$1.RowsPerStrip, height)),
		padded: false,
		offsetsTag: Tag$1.StripOffsets,
		lengthsTag: Tag$1.StripByteCounts
	};
}
/** Bytes that an uncompressed segment's rows in the picture take, and whether its 9 to 15 bits lie in 16 each. */
function uncompressedSize(plan, index, length) {
	const perPlane = plan.segmentsAcross * plan.segmentsDown;
	const down = Math.floor(index % perPlane / plan.segmentsAcross);
	const rows = Math.min(plan.segmentHeight, plan.height - down * plan.segmentHeight);
	const rowLength = plan.segmentWidth * (plan.planar ? 1 : plan.samplesPerPixel);
	const storedRows = plan.padded ? plan.segmentHeight : rows;
	const packedRow = Math.ceil(rowLength * plan.bitsPerSample / 8);
	const unpackedRow = rowLength * 2;
	const unpacked = plan.bitsPerSample < 16 && packedRow < unpackedRow && length === storedRows * unpackedRow && plan.bitsPerSample > 8;
	return {
		needed: rows * (unpacked ? unpackedRow : packedRow),
		unpacked
	};
}
/**
* Reads how a raw picture's samples are stored, and checks all of it against the file's size before anybody
* allocates memory for it.
*
* @param ifd the raw picture's directory
* @param category16HasBits the file's DNG version is below 1.1
* @throws RawFileError where the layout contradicts itself, passes a limit or the end of the file, or is one that
* DNG does not have
*/
function planSegments(file, ifd, category16HasBits, limits) {
	const width = readCount(ifd, Tag$1.ImageWidth);
	const height = readCount(ifd, Tag$1.ImageLength);
	const maxPixels = limits.maxPixels ?? 536870912;
	if (width * height > maxPixels) throw new RawFileError(`a picture of ${width} × ${height} pixels, above the limit of ${maxPixels}`, {
		...place(ifd, Tag$1.ImageWidth),
		hint: "Raise the limit if the file is sound"
	});
	const samplesPerPixel = readCount(ifd, Tag$1.SamplesPerPixel, 1);
	if (samplesPerPixel > MAX_PLANES) throw new RawFileError(`${samplesPerPixel} samples per pixel`, place(ifd, Tag$1.SamplesPerPixel));
	const compression = ifd.number(Tag$1.Compression) ?? COMPRESSION.none;
	if (COMPRESSION_NAMES[compression] === void 0) throw new RawFileError(`compression ${compression} is not one of DNG`, {
		...place(ifd, Tag$1.Compression),
		hint: "Convert the file with Adobe DNG Converter"
	});
	const bitsPerSample = readUniform(ifd, Tag$1.BitsPerSample, 1);
	const format = readUniform(ifd, Tag$1.SampleFormat, SAMPLE_FORMAT.unsigned);
	checkSampleType(ifd, bitsPerSample, format, compression);
	if ((ifd.number(Tag$1.FillOrder) ?? 1) !== 1) throw new RawFileError("bits are stored in reverse order (FillOrder 2)", place(ifd, Tag$1.FillOrder));
	const planarConfiguration = readCount(ifd, Tag$1.PlanarConfiguration, 1);
	if (planarConfiguration > 2) throw new RawFileError(`PlanarConfiguration is ${planarConfiguration}`, place(ifd, Tag$1.PlanarConfiguration));
	const { segmentWidth, segmentHeight, padded, offsetsTag, lengthsTag } = readSegmentShape(ifd, width, height);
	const [subTileRows = 1, subTileColumns = 1] = ifd.numbers(Tag$1.SubTileBlockSize) ?? [];
	if (!(subTileRows >= 1 && segmentHeight % subTileRows === 0)) throw new RawFileError(`blocks of ${subTileRows} rows in a tile of ${segmentHeight}`, place(ifd, Tag$1.SubTileBlockSize));
	if (!(subTileColumns >= 1 && segmentWidth % subTileColumns === 0)) throw new RawFileError(`blocks of ${subTileColumns} columns in a tile of ${segmentWidth}`, place(ifd, Tag$1.SubTileBlockSize));
	const rowInterleave = readCount(ifd, Tag$1.RowInterleaveFactor, 1);
	const columnInterleave = readCount(ifd, Tag$1.ColumnInterleaveFactor, 1);
	if (rowInterleave > height || columnInterleave > width) throw new RawFileError("more interleaved fields than rows or columns", place(ifd, Tag$1.RowInterleaveFactor));
	const tables = ifd.entry(Tag$1.JPEGTables);
	const layout = {
		width,
		height,
		samplesPerPixel,
		bitsPerSample,
		float: format === SAMPLE_FORMAT.float,
		compression,
		predictor: ifd.number(Tag$1.Predictor) ?? 1,
		littleEndian: file.littleEndian,
		segmentWidth,
		segmentHeight,
		padded,
		segmentsAcross: Math.ceil(width / segmentWidth),
		segmentsDown: Math.ceil(height / segmentHeight),
		planar: planarConfiguration === 2 && samplesPerPixel > 1,
		rowInterleave,
		columnInterleave,
		subTileRows,
		subTileColumns,
		...tables && { jpegTables: {
			offset: tables.valueOffset,
			length: tables.count
		} },
		category16HasBits
	};
	const { offsets, lengths } = readSegmentPlaces(file, ifd, layout, {
		offsetsTag,
		lengthsTag,
		count: layout.segmentsAcross * layout.segmentsDown * (layout.planar ? samplesPerPixel : 1)
	});
	return {
		...layout,
		offsets,
		lengths
	};
}
function readSegmentPlaces(file, ifd, layout, { offsetsTag, lengthsTag, count }) {
	const fileSize = file.bytes.length;
	const segments = `${layout.segmentsAcross} × ${layout.segmentsDown}`;
	const read = (tag) => {
		const entry = ifd.entry(tag);
		if (entry === void 0) throw new RawFileError(`the raw picture lacks ${tagName(tag)}`, place(ifd, tag));
		if (entry.count < count) throw new RawFileError(`${tagName(tag)} has ${entry.count} values for ${segments} segments`, place(ifd, tag));
		return entry.numbers().slice(0, count);
	};
	const offsets = read(offsetsTag);
	const uncompressed = layout.compression === COMPRESSION.none;
	const lengths = uncompressed && count === 1 && !ifd.has(lengthsTag) ? [fileSize - offsets[0]] : read(lengthsTag);
	let total = 0;
	for (let i = 0; i < count; i++) {
		const needed = uncompressed ? uncompressedSize(layout, i, lengths[i]).needed : lengths[i];
		if (!(needed > 0)) throw new RawFileError(`segment ${i} of ${segments} is empty`, place(ifd, lengthsTag));
		if (!(offsets[i] >= 0 && offsets[i] + needed <= fileSize)) throw new RawFileError(`segment ${i} of ${segments} needs bytes ${offsets[i]} to ${offsets[i] + needed} of a file of ${fileSize}`, {
			tag: tagName(offsetsTag),
			offset: offsets[i],
			hint: "The file is truncated or damaged; copy it anew"
		});
		lengths[i] = uncompressed ? Math.min(Math.max(lengths[i], needed), fileSize - offsets[i]) : needed;
		total += needed;
	}
	if (total > MAX_OVERLAP * fileSize) throw new RawFileError("segments overlap each other", place(ifd, lengthsTag));
	const samples = layout.width * layout.height * layout.samplesPerPixel;
	const ratio = MAX_RATIO[layout.compression];
	if (ratio !== void 0 && samples * (layout.float ? 4 : 2) > total * ratio) throw new RawFileError(`${total} bytes of ${compressionName(layout.compression)} cannot hold ${samples} samples`, {
		...place(ifd, lengthsTag),
		hint: "The file is truncated or damaged; copy it anew"
	});
	return {
		offsets,
		lengths
	};
}
// packages/raw/dist/dng/frameTags.js
/** Longest side of a CFA pattern, as in Adobe's SDK; X-Trans has 6. */
const MAX_CFA_SIDE = 8;
/** Most values of a repeating black pattern: BlackLevelRepeatDim up to 64 × 64 with 4 planes. */
const MAX_BLACK_VALUES = 16384;
/** Most masked areas; the specification's own example has 4. */
const MAX_MASKED_AREAS = 1024;
function tagError$1(ifd, tag, problem) {
	return new RawFileError(problem, {
		tag: tagName(tag),
		offset: ifd.entry(tag)?.offset ?? ifd.offset
	});
}
/** The shortest distance after which a row of the pattern repeats. */
function period(length, sameAt) {
	for (let shift = 1; shift < length; shift++) if (length % shift === 0 && sameAt(shift)) return shift;
	return length;
}
function kindOf(width, height, pattern) {
	const count = (colour) => pattern.filter((each) => each === colour).length;
	const at = (row, column) => pattern[row * width + column];
	if (width === 2 && height === 2) return (at(0, 0) === at(1, 1) ? at(0, 0) === 1 : at(0, 1) === 1 && at(1, 0) === 1) && count(0) === 1 && count(2) === 1 ? "bayer" : "other";
	if (width === 4 && height === 4) {
		const inFours = pattern.every((colour, i) => {
			const [row, column] = [Math.floor(i / 4), i % 4];
			return colour === at(row & 2, column & 2);
		});
		const corners = [
			at(0, 0),
			at(0, 2),
			at(2, 0),
			at(2, 2)
		];
		return inFours && kindOf(2, 2, corners) === "bayer" ? "quad-bayer" : "other";
	}
	if (width === 6 && height === 6) return count(1) === 20 && count(0) === 8 && count(2) === 8 ? "x-trans" : "other";
	return "other";
}
/**
* A CFA from a pattern of colours, reduced to its shortest period and with its kind recognised.
*
* @param pattern `width * height` plane indices, row by row: 0 red, 1 green, 2 blue
*/
function makeCfa(width, height, pattern) {
	const at = (row, column) => pattern[row % height * width + column % width];
	const same = (down, right) => pattern.every((colour, i) => colour === at(Math.floor(i / width) + down, i % width + right));
	const cfaWidth = period(width, (shift) => same(0, shift));
	const cfaHeight = period(height, (shift) => same(shift, 0));
	const reduced = Array.from({ length: cfaWidth * cfaHeight }, (_, i) => at(Math.floor(i / cfaWidth), i % cfaWidth));
	return {
		width: cfaWidth,
		height: cfaHeight,
		pattern: reduced,
		kind: kindOf(cfaWidth, cfaHeight, reduced)
	};
}
/** Reads the colour filter array; the file's pattern begins at the active area's corner, the frame's at its own. */
function readCfa(ifd, { top, left }) {
	if (ifd.number(Tag$1.PhotometricInterpretation) !== PHOTOMETRIC.cfa) return void 0;
	const layout = ifd.number(Tag$1.CFALayout) ?? 1;
	if (layout !== 1) throw new RawFileError(`the colour filter array has the staggered layout ${layout}`, {
		tag: tagName(Tag$1.CFALayout),
		offset: ifd.entry(Tag$1.CFALayout)?.offset ?? ifd.offset,
		hint: "Only rectangular arrays are read; Adobe DNG Converter can make a linear DNG of it"
	});
	const [height, width] = ifd.numbers(Tag$1.CFARepeatPatternDim) ?? [];
	if (!(width >= 1 && height >= 1 && width <= MAX_CFA_SIDE && height <= MAX_CFA_SIDE)) throw tagError$1(ifd, Tag$1.CFARepeatPatternDim, `a colour filter array of ${width} × ${height}`);
	const colours = ifd.numbers(Tag$1.CFAPattern) ?? [];
	if (colours.length !== width * height) throw tagError$1(ifd, Tag$1.CFAPattern, `a colour filter array of ${width} × ${height} with ${colours.length} colours`);
	if ((ifd.numbers(Tag$1.CFAPlaneColor) ?? [
		0,
		1,
		2
	]).join() !== "0,1,2" || colours.some((colour) => colour > 2)) throw new RawFileError("the colour filter array has other colours than red, green and blue", {
		tag: tagName(Tag$1.CFAPattern),
		offset: ifd.entry(Tag$1.CFAPattern)?.offset ?? ifd.offset,
		hint: "Adobe DNG Converter can make a linear DNG of it"
	});
	return makeCfa(width, height, colours.map((_, i) => {
		const row = Math.floor(i / width) + height - top % height;
		const column = i % width + width - left % width;
		return colours[row % height * width + column % width];
	}));
}
/** ActiveArea (50829); the whole picture where the file does not say. */
function readActiveArea(ifd, { width, height }) {
	const values = ifd.numbers(Tag$1.ActiveArea);
	if (values === void 0) return {
		top: 0,
		left: 0,
		bottom: height,
		right: width
	};
	return toArea(ifd, Tag$1.ActiveArea, values, width, height);
}
function toArea(ifd, tag, values, width, height) {
	const [top, left, bottom, right] = values;
	if (!(top >= 0 && left >= 0 && bottom > top && right > left && bottom <= height && right <= width) || !values.slice(0, 4).every(Number.isInteger)) throw tagError$1(ifd, tag, `${tagName(tag)} ${values.slice(0, 4).join(" ")} in a picture of ${width} × ${height}`);
	return {
		top,
		left,
		bottom,
		right
	};
}
/** MaskedAreas (50830). */
function readMaskedAreas(ifd, { width, height }) {
	const values = ifd.numbers(Tag$1.MaskedAreas) ?? [];
	if (values.length % 4 !== 0 || values.length > 4 * MAX_MASKED_AREAS) throw tagError$1(ifd, Tag$1.MaskedAreas, `${values.length} numbers for masked areas`);
	return Array.from({ length: values.length / 4 }, (_, i) => toArea(ifd, Tag$1.MaskedAreas, values.slice(4 * i, 4 * i + 4), width, height));
}
/** DefaultCropOrigin (50719) and DefaultCropSize (50720), rounded and kept within the active area. */
function readDefaultCrop(ifd, active) {
	const [width, height] = [active.right - active.left, active.bottom - active.top];
	const [originH = 0, originV = 0] = ifd.numbers(Tag$1.DefaultCropOrigin) ?? [];
	const left = Math.round(originH);
	const top = Math.round(originV);
	const [sizeH = width - left, sizeV = height - top] = ifd.numbers(Tag$1.DefaultCropSize) ?? [];
	const right = Math.min(width, left + Math.round(sizeH));
	const bottom = Math.min(height, top + Math.round(sizeV));
	if (!(left >= 0 && top >= 0 && right > left && bottom > top)) throw tagError$1(ifd, Tag$1.DefaultCropSize, `a default crop of ${sizeH} × ${sizeV} at ${originH}, ${originV} of an active area of ${width} × ${height}`);
	return {
		top,
		left,
		bottom,
		right
	};
}
/** DefaultScale (50718). */
function readDefaultScale(ifd) {
	const [horizontal = 1, vertical = 1] = ifd.numbers(Tag$1.DefaultScale) ?? [];
	if (!(horizontal > 0 && vertical > 0 && Number.isFinite(horizontal) && Number.isFinite(vertical))) throw tagError$1(ifd, Tag$1.DefaultScale, `a default scale of ${horizontal} × ${vertical}`);
	return [horizontal, vertical];
}
/** DefaultUserCrop (51125). */
function readUserCrop(ifd) {
	const values = ifd.numbers(Tag$1.DefaultUserCrop);
	if (values === void 0) return void 0;
	const [top, left, bottom, right] = values;
	if (!(top >= 0 && left >= 0 && bottom > top && right > left && bottom <= 1 && right <= 1)) throw tagError$1(ifd, Tag$1.DefaultUserCrop, `a user crop of ${values.join(" ")}`);
	return [
		top,
		left,
		bottom,
		right
	];
}
/** LinearizationTable (50712). */
function readLinearization(ifd) {
	const entry = ifd.entry(Tag$1.LinearizationTable);
	if (entry === void 0) return void 0;
	if (entry.count < 1 || entry.count > 65536) throw tagError$1(ifd, Tag$1.LinearizationTable, `a linearization table of ${entry.count} entries`);
	const values = entry.numbers();
	if (values.some((value) => !(value >= 0 && value <= 65535))) throw tagError$1(ifd, Tag$1.LinearizationTable, "a linearization table with values beyond 16 bits");
	return Uint16Array.from(values);
}
function readDeltas(ifd, tag, count) {
	const entry = ifd.entry(tag);
	if (entry === void 0) return void 0;
	if (entry.count !== count) throw tagError$1(ifd, tag, `${entry.count} black level deltas for ${count} rows or columns`);
	const values = entry.floats();
	if (!values.every(Number.isFinite)) throw tagError$1(ifd, tag, "a black level delta is not a finite number");
	return values;
}
/** BlackLevel (50714) with its repeat and deltas; undefined where the file has none of them. */
function readBlackLevel(ifd, samplesPerPixel, active) {
	const deltaH = readDeltas(ifd, Tag$1.BlackLevelDeltaH, active.right - active.left);
	const deltaV = readDeltas(ifd, Tag$1.BlackLevelDeltaV, active.bottom - active.top);
	if (!ifd.has(Tag$1.BlackLevel) && deltaH === void 0 && deltaV === void 0) return void 0;
	const [repeatRows = 1, repeatCols = 1] = ifd.numbers(Tag$1.BlackLevelRepeatDim) ?? [];
	const count = repeatRows * repeatCols * samplesPerPixel;
	if (!(repeatRows >= 1 && repeatCols >= 1 && count <= MAX_BLACK_VALUES)) throw tagError$1(ifd, Tag$1.BlackLevelRepeatDim, `a black level pattern of ${repeatRows} × ${repeatCols}`);
	const stated = ifd.numbers(Tag$1.BlackLevel) ?? [0];
	const values = stated.length === 1 ? new Array(count).fill(stated[0]) : stated.slice(0, count);
	if (values.length !== count || !values.every(Number.isFinite)) throw tagError$1(ifd, Tag$1.BlackLevel, `${stated.length} black levels for a pattern of ${repeatRows} × ${repeatCols} × ${samplesPerPixel}`);
	return {
		repeatRows,
		repeatCols,
		values,
		...deltaH && { deltaH },
		...deltaV && { deltaV }
	};
}
/** WhiteLevel (50717), one per plane; by the specification's default the largest sample, or 1 for floats. */
function readWhiteLevel(ifd, plan, black) {
	const stated = ifd.numbers(Tag$1.WhiteLevel) ?? [plan.float ? 1 : 2 ** plan.bitsPerSample - 1];
	const white = stated.length === 1 ? new Array(plan.samplesPerPixel).fill(stated[0]) : stated.slice(0, plan.samplesPerPixel);
	const blackest = Math.max(...black?.values ?? [0]);
	if (white.length !== plan.samplesPerPixel || !white.every((level) => level > blackest)) throw tagError$1(ifd, Tag$1.WhiteLevel, `a white level of ${stated.join(" ")} over a black level of ${blackest}`);
	return white;
}
/**
* NoiseProfile (51041): pairs of scale and offset, one for all planes or one for each. Some phones write numbers that
* no noise has; they say nothing, so the profile is undefined then.
*/
function readNoiseProfile(ifd) {
	const values = ifd.numbers(Tag$1.NoiseProfile);
	if (values === void 0) return void 0;
	if (values.length === 0 || values.length % 2 === 1 || values.length > 8) throw tagError$1(ifd, Tag$1.NoiseProfile, `a noise profile of ${values.length} numbers`);
	const profiles = Array.from({ length: values.length / 2 }, (_, i) => ({
		scale: values[2 * i],
		offset: values[2 * i + 1]
	}));
	return profiles.every(({ scale, offset }) => scale >= 0 && Number.isFinite(scale + offset)) && profiles.some(({ scale, offset }) => scale > 0 || offset > 0) ? profiles : void 0;
}
/** Orientation (274); 1 where the file does not say, or says something that Exif does not define. */
function readOrientation(ifd) {
	const value = ifd.number(Tag$1.Orientation) ?? 1;
	return value >= 1 && value <= 8 && Number.isInteger(value) ? value : 1;
}
/** AsShotNeutral (50728): undefined also where a component is not positive, since that neutral cannot be. */
function readAsShotNeutral(ifd) {
	const values = ifd.numbers(Tag$1.AsShotNeutral);
	if (values?.length !== 3 || !values.every((value) => value > 0 && Number.isFinite(value))) return void 0;
	return values;
}
/** A tag's one number, undefined where it is absent or not finite. */
function readFinite(ifd, tag) {
	const value = ifd.number(tag);
	return value !== void 0 && Number.isFinite(value) ? value : void 0;
}
// packages/raw/dist/dng/opcodeLists.js
/**
* Most opcodes of one list. Adobe's own files hold a few dozen; each costs 16 bytes at least, so that a small file
* could otherwise ask for a million objects.
*/
const MAX_OPCODES = 4096;
/** Opcode numbers (DNG 1.6, chapter 7). */
const ID = {
	WarpRectilinear: 1,
	WarpFisheye: 2,
	FixVignetteRadial: 3,
	FixBadPixelsConstant: 4,
	FixBadPixelsList: 5,
	TrimBounds: 6,
	MapTable: 7,
	MapPolynomial: 8,
	GainMap: 9,
	DeltaPerRow: 10,
	DeltaPerColumn: 11,
	ScalePerRow: 12,
	ScalePerColumn: 13,
	WarpRectilinear2: 14
};
const OPTIONAL = 1;
const PREVIEW_SKIP = 2;
/** Doubles per plane of a WarpRectilinear2: 15 radial, 2 tangential, least and greatest valid radius. */
const WARP2_DOUBLES = 19;
const MAX_INT32 = 2147483647;
/** Reads the big-endian parameters of opcodes; every read is checked against the parameters' end. */
var OpcodeReader = class OpcodeReader {
	#bytes;
	#view;
	#place;
	#at = 0;
	constructor(bytes, place) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#place = place;
	}
	error(problem) {
		return new RawFileError(problem, {
			...this.#place,
			offset: this.#place.offset + this.#at
		});
	}
	#take(length) {
		if (length > this.#bytes.length - this.#at) throw this.error("an opcode passes the end of its list");
		const at = this.#at;
		this.#at += length;
		return at;
	}
	bytes(length) {
		const at = this.#take(length);
		return this.#bytes.subarray(at, at + length);
	}
	/** A copy of all that is left. */
	rest() {
		return this.bytes(this.#bytes.length - this.#at).slice();
	}
	/** A reader of the next `length` bytes alone. */
	section(length) {
		const at = this.#take(length);
		const { tag, offset } = this.#place;
		return new OpcodeReader(this.#bytes.subarray(at, at + length), {
			tag,
			offset: offset + at
		});
	}
	uint32() {
		return this.#view.getUint32(this.#take(4));
	}
	double() {
		const value = this.#view.getFloat64(this.#take(8));
		if (!Number.isFinite(value)) throw this.error("an opcode has a parameter that is not a finite number");
		return value;
	}
	doubles(count) {
		if (count * 8 > this.#bytes.length - this.#at) throw this.error("an opcode passes the end of its list");
		return Array.from({ length: count }, () => this.double());
	}
	point() {
		return [this.double(), this.double()];
	}
	int32s(count) {
		const at = this.#take(4 * count);
		return Int32Array.from({ length: count }, (_, i) => {
			const value = this.#view.getUint32(at + 4 * i);
			if (value > MAX_INT32) throw this.error(`an opcode has the coordinate ${value}`);
			return value;
		});
	}
	uint16s(count) {
		const at = this.#take(2 * count);
		return Uint16Array.from({ length: count }, (_, i) => this.#view.getUint16(at + 2 * i));
	}
	floats(count) {
		const at = this.#take(4 * count);
		const values = Float32Array.from({ length: count }, (_, i) => this.#view.getFloat32(at + 4 * i));
		if (!values.every(Number.isFinite)) throw this.error("an opcode has a parameter that is not a finite number");
		return values;
	}
	area() {
		const [top, left, bottom, right, plane, planes, rowPitch, colPitch] = this.int32s(8);
		if (bottom < top || right < left) throw this.error("an opcode has an area of negative size");
		if (rowPitch === 0 || colPitch === 0) throw this.error("an opcode has an area with a pitch of 0");
		return {
			top,
			left,
			bottom,
			right,
			plane,
			planes,
			rowPitch,
			colPitch
		};
	}
};
function warpPlanes(reader, doublesPerPlane) {
	const planes = reader.uint32();
	if (planes === 0 || planes > 64) throw reader.error(`a lens warp of ${planes} planes`);
	return Array.from({ length: planes }, () => reader.doubles(doublesPerPlane));
}
const ROW_COLUMN = {
	[ID.DeltaPerRow]: "DeltaPerRow",
	[ID.DeltaPerColumn]: "DeltaPerColumn",
	[ID.ScalePerRow]: "ScalePerRow",
	[ID.ScalePerColumn]: "ScalePerColumn"
};
function readParameters(id, base, reader) {
	switch (id) {
		case ID.WarpRectilinear: return {
			...base,
			kind: "WarpRectilinear",
			coefficients: warpPlanes(reader, 6),
			center: reader.point()
		};
		case ID.WarpFisheye: return {
			...base,
			kind: "WarpFisheye",
			coefficients: warpPlanes(reader, 4),
			center: reader.point()
		};
		case ID.WarpRectilinear2: return {
			...base,
			kind: "WarpRectilinear2",
			coefficients: warpPlanes(reader, WARP2_DOUBLES),
			center: reader.point(),
			reciprocal: reader.uint32() !== 0
		};
		case ID.FixVignetteRadial: return {
			...base,
			kind: "FixVignetteRadial",
			coefficients: reader.doubles(5),
			center: reader.point()
		};
		case ID.FixBadPixelsConstant: return {
			...base,
			kind: "FixBadPixelsConstant",
			constant: reader.uint32(),
			bayerPhase: reader.uint32()
		};
		case ID.FixBadPixelsList: {
			const bayerPhase = reader.uint32();
			const pointCount = reader.uint32();
			const rectCount = reader.uint32();
			return {
				...base,
				kind: "FixBadPixelsList",
				bayerPhase,
				points: reader.int32s(2 * pointCount),
				rects: reader.int32s(4 * rectCount)
			};
		}
		case ID.TrimBounds: {
			const [top, left, bottom, right] = reader.int32s(4);
			return {
				...base,
				kind: "TrimBounds",
				top,
				left,
				bottom,
				right
			};
		}
		case ID.MapTable: {
			const area = reader.area();
			const size = reader.uint32();
			if (size === 0 || size > 65536) throw reader.error(`a MapTable of ${size} entries`);
			return {
				...base,
				kind: "MapTable",
				area,
				table: reader.uint16s(size)
			};
		}
		case ID.MapPolynomial: {
			const area = reader.area();
			const degree = reader.uint32();
			if (degree > 8) throw reader.error(`a MapPolynomial of degree ${degree}, above the 8 of the specification`);
			return {
				...base,
				kind: "MapPolynomial",
				area,
				coefficients: reader.doubles(degree + 1)
			};
		}
		case ID.GainMap: {
			const area = reader.area();
			const [mapPointsV, mapPointsH] = [reader.uint32(), reader.uint32()];
			const [mapSpacingV, mapSpacingH] = reader.point();
			const [mapOriginV, mapOriginH] = reader.point();
			const mapPlanes = reader.uint32();
			if (mapPointsV * mapPointsH * mapPlanes === 0) throw reader.error("a GainMap without gains");
			const gains = reader.floats(mapPointsV * mapPointsH * mapPlanes);
			return {
				...base,
				kind: "GainMap",
				area,
				mapPointsV,
				mapPointsH,
				mapSpacingV,
				mapSpacingH,
				mapOriginV,
				mapOriginH,
				mapPlanes,
				gains
			};
		}
		case ID.DeltaPerRow:
		case ID.DeltaPerColumn:
		case ID.ScalePerRow:
		case ID.ScalePerColumn: {
			const area = reader.area();
			return {
				...base,
				kind: ROW_COLUMN[id],
				area,
				values: reader.floats(reader.uint32())
			};
		}
		default: return {
			...base,
			kind: "unknown",
			id,
			data: reader.rest()
		};
	}
}
/**
* Parses OpcodeList1, 2 or 3 (tags 51008, 51009, 51022; DNG 1.6, chapter 7). The list is big-endian whatever the
* file's byte order.
*
* @param bytes the tag's value; what follows the last opcode is ignored
* @param place the tag's name and the value's offset in the file, for messages
* @throws RawFileError where an opcode passes the list's end or a parameter is out of range
*/
function parseOpcodeList(bytes, place) {
	const list = new OpcodeReader(bytes, place);
	const count = list.uint32();
	if (count > 4096) throw list.error(`${count} opcodes, more than the limit of ${MAX_OPCODES}`);
	const opcodes = [];
	for (let i = 0; i < count; i++) {
		const id = list.uint32();
		const dngVersion = Array.from(list.bytes(4)).join(".");
		const flags = list.uint32();
		const length = list.uint32();
		const base = {
			dngVersion,
			optional: (flags & OPTIONAL) !== 0,
			previewSkip: (flags & PREVIEW_SKIP) !== 0
		};
		opcodes.push(readParameters(id, base, list.section(length)));
	}
	return opcodes;
}
/** The big-endian numbers of an opcode's parameters, collected. */
var OpcodeWriter = class {
	#parts = [];
	#put(length, fill) {
		const bytes = new Uint8Array(length);
		fill(new DataView(bytes.buffer));
		this.#parts.push(bytes);
		return this;
	}
	bytes(bytes) {
		this.#parts.push(bytes);
		return this;
	}
	uint32s(...values) {
		return this.int32s(values);
	}
	int32s(values) {
		return this.#put(4 * values.length, (view) => {
			for (let i = 0; i < values.length; i++) view.setUint32(4 * i, values[i]);
		});
	}
	doubles(values) {
		return this.#put(8 * values.length, (view) => {
			values.forEach((value, i) => {
				view.setFloat64(8 * i, value);
			});
		});
	}
	floats(values) {
		return this.#put(4 * values.length, (view) => {
			values.forEach((value, i) => {
				view.setFloat32(4 * i, value);
			});
		});
	}
	uint16s(values) {
		return this.#put(2 * values.length, (view) => {
			values.forEach((value, i) => {
				view.setUint16(2 * i, value);
			});
		});
	}
	area({ top, left, bottom, right, plane, planes, rowPitch, colPitch }) {
		return this.uint32s(top, left, bottom, right, plane, planes, rowPitch, colPitch);
	}
	/** All that was put, as one array. */
	finish() {
		const whole = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		for (const part of this.#parts) {
			whole.set(part, at);
			at += part.length;
		}
		return whole;
	}
};
function parameters(opcode) {
	const out = new OpcodeWriter();
	switch (opcode.kind) {
		case "WarpRectilinear":
		case "WarpFisheye":
		case "WarpRectilinear2":
			out.uint32s(opcode.coefficients.length).doubles(opcode.coefficients.flat()).doubles(opcode.center);
			if (opcode.kind === "WarpRectilinear2") out.uint32s(opcode.reciprocal ? 1 : 0);
			break;
		case "FixVignetteRadial":
			out.doubles(opcode.coefficients).doubles(opcode.center);
			break;
		case "FixBadPixelsConstant":
			out.uint32s(opcode.constant, opcode.bayerPhase);
			break;
		case "FixBadPixelsList":
			out.uint32s(opcode.bayerPhase, opcode.points.length / 2, opcode.rects.length / 4);
			out.int32s(opcode.points).int32s(opcode.rects);
			break;
		case "TrimBounds":
			out.uint32s(opcode.top, opcode.left, opcode.bottom, opcode.right);
			break;
		case "MapTable":
			out.area(opcode.area).uint32s(opcode.table.length).uint16s(opcode.table);
			break;
		case "MapPolynomial":
			out.area(opcode.area).uint32s(opcode.coefficients.length - 1).doubles(opcode.coefficients);
			break;
		case "GainMap":
			out.area(opcode.area).uint32s(opcode.mapPointsV, opcode.mapPointsH);
			out.doubles([
				opcode.mapSpacingV,
				opcode.mapSpacingH,
				opcode.mapOriginV,
				opcode.mapOriginH
			]);
			out.uint32s(opcode.mapPlanes).floats(opcode.gains);
			break;
		case "unknown":
			out.bytes(opcode.data);
			break;
		default: out.area(opcode.area).uint32s(opcode.values.length).floats(opcode.values);
	}
	return out.finish();
}
/** The bytes of OpcodeList1, 2 or 3: the inverse of {@link parseOpcodeList}. */
function serializeOpcodeList(opcodes) {
	const out = new OpcodeWriter().uint32s(opcodes.length);
	for (const opcode of opcodes) {
		const data = parameters(opcode);
		out.uint32s(opcode.kind === "unknown" ? opcode.id : ID[opcode.kind]);
		out.bytes(Uint8Array.from(opcode.dngVersion.split("."), Number));
		out.uint32s((opcode.optional ? OPTIONAL : 0) | (opcode.previewSkip ? PREVIEW_SKIP : 0), data.length);
		out.bytes(data);
	}
	return out.finish();
}
// packages/raw/dist/codecs/jpeg-stream.js
/** JPEG marker codes, the second byte (ITU-T T.81 table B.1). */
const Marker = {
	TEM: 1,
	SOF0: 192,
	SOF1: 193,
	SOF3: 195,
	DHT: 196,
	JPG: 200,
	DAC: 204,
	SOF15: 207,
	RST0: 208,
	RST7: 215,
	SOI: 216,
	EOI: 217,
	SOS: 218,
	DQT: 219,
	DRI: 221,
	APP0: 224,
	APP14: 238
};
/** Bit positions are 32-bit signed integers. */
const MAX_SEGMENT_BYTES = 268369920;
/** @param fileOffset where the stream begins in its file */
function jpegFailure(fileOffset) {
	return (problem, position, hint = "The file is damaged") => {
		throw new RawFileError(problem, {
			offset: fileOffset + position,
			hint
		});
	};
}
/**
* The marker segments from SOI on; whoever takes SOS stops.
*
* @throws RawFileError where the stream has no scan or a segment reaches beyond it
*/
function* markerSegments(bytes, fail) {
	if (bytes.length < 2 || bytes[0] !== 255 || bytes[1] !== Marker.SOI) fail("This is not a JPEG stream", 0);
	let position = 2;
	for (;;) {
		if (position + 2 > bytes.length) fail("A JPEG stream ends in its headers", position);
		if (bytes[position] !== 255) fail("A JPEG stream lacks a marker", position);
		const marker = bytes[position + 1];
		if (marker === 255) {
			position++;
			continue;
		}
		if (marker === Marker.TEM || marker >= Marker.RST0 && marker <= Marker.RST7) {
			position += 2;
			continue;
		}
		if (marker === Marker.EOI || marker === Marker.SOI || marker === 0) fail("A JPEG stream has no scan", position);
		if (position + 4 > bytes.length) fail("A JPEG stream ends in its headers", position);
		const length = bytes[position + 2] << 8 | bytes[position + 3];
		const end = position + 2 + length;
		if (length < 2 || end > bytes.length) fail("A JPEG segment is longer than its stream", position);
		yield {
			marker,
			position,
			body: position + 4,
			end
		};
		position = end;
	}
}
/** A start-of-frame segment other than those that the caller has already taken. */
function isOtherFrame(marker) {
	return marker >= Marker.SOF0 && marker <= Marker.SOF15 && marker !== Marker.DHT && marker !== Marker.JPG && marker !== Marker.DAC;
}
/** Reads the tables of a DHT segment. */
function readHuffmanTables(bytes, segment, fail) {
	const tables = [];
	const { end } = segment;
	for (let at = segment.body; at < end;) {
		if (at + 17 > end) fail("A Huffman table is too short", at);
		const tableClass = bytes[at] >> 4;
		const destination = bytes[at] & 15;
		if (tableClass > 1 || destination > 3) fail(`A Huffman table has the destination ${bytes[at]}`, at);
		const maxCode = (/* @__PURE__ */ new Int32Array(17)).fill(-1);
		const delta = /* @__PURE__ */ new Int32Array(17);
		let code = 0;
		let index = 0;
		for (let length = 1; length <= 16; length++) {
			const count = bytes[at + length];
			delta[length] = index - code;
			if (code + count > 1 << length) fail("A Huffman table is not a prefix code", at);
			code += count;
			index += count;
			if (count > 0) maxCode[length] = code - 1;
			code <<= 1;
		}
		if (at + 17 + index > end) fail("A Huffman table is too short", at);
		tables.push({
			tableClass,
			destination,
			values: bytes.slice(at + 17, at + 17 + index),
			maxCode,
			delta
		});
		at += 17 + index;
	}
	return tables;
}
/** Calls back for every code of a table. */
function forEachCode({ values, maxCode, delta }, visit) {
	let index = 0;
	for (let length = 1; length <= 16; length++) for (; index - delta[length] <= maxCode[length]; index++) visit(index - delta[length], length, values[index]);
}
/** The scan's entropy-coded data, one restart interval at a time, freed of stuffed zeros. */
var SegmentReader = class {
	bytes;
	base;
	view;
	/** Bit position in `view`. */
	position = 0;
	buffer;
	slack;
	endBits = 0;
	source;
	segmentSource;
	/** @param slack zero bytes kept behind the data, so that a run of codes may be read before its end is checked */
	constructor(bytes, dataStart, slack, base) {
		this.bytes = bytes;
		this.base = base;
		this.source = dataStart;
		this.segmentSource = dataStart;
		this.slack = slack + 8;
		const length = bytes.length - dataStart;
		if (length > MAX_SEGMENT_BYTES) throw new RawFileError("A JPEG is longer than 255 MiB", { offset: base });
		this.buffer = new Uint8Array(length + this.slack);
		this.view = new DataView(this.buffer.buffer);
	}
	/** Goes to the restart interval of this index (0 is the scan's first). */
	next(index) {
		const { bytes, buffer } = this;
		if (index > 0) {
			const marker = bytes[this.source + 1];
			if (bytes[this.source] !== 255 || marker !== Marker.RST0 + (index - 1 & 7)) throw new RawFileError("A JPEG lacks a restart marker", {
				offset: this.base + this.source,
				hint: "The file is damaged"
			});
			this.source += 2;
		}
		this.segmentSource = this.source;
		const end = bytes.length;
		let from = this.source;
		let to = 0;
		while (from < end) {
			const byte = bytes[from];
			if (byte === 255) {
				if (from + 1 >= end || bytes[from + 1] !== 0) break;
				buffer[to++] = 255;
				from += 2;
			} else {
				buffer[to++] = byte;
				from++;
			}
		}
		while (from + 1 < end && bytes[from + 1] === 255) from++;
		buffer.fill(0, to, to + this.slack);
		this.source = from;
		this.endBits = to * 8;
		this.position = 0;
	}
	/** Takes the position after a run of codes; one beyond the data is an error. */
	advance(position) {
		this.position = position;
		if (position > this.endBits) throw new RawFileError("A JPEG ends before its picture does", {
			offset: this.base + this.source,
			hint: "The file is truncated or damaged"
		});
	}
	/** The file offset that `position` came from. */
	fileOffset() {
		let from = this.segmentSource;
		for (let left = this.position >>> 3; left > 0 && from < this.source; left--) from += this.bytes[from] === 255 ? 2 : 1;
		return this.base + from;
	}
};
// packages/raw/dist/codecs/TilePlacement.js
/**
* Copies a run of a tile's stream to its place in the picture.
*
* @param start position of `run` in the tile's stream
* @throws never for a placement that {@link checkPlacement} accepts
*/
function placeRun(target, run, start) {
	const { samples, offset, stride, rowLength, columns, rows } = target;
	let taken = 0;
	let row = Math.floor(start / rowLength);
	let column = start - row * rowLength;
	while (taken < run.length && row < rows) {
		const inRow = Math.min(rowLength - column, run.length - taken);
		const kept = Math.min(inRow, columns - column);
		if (kept > 0) samples.set(run.subarray(taken, taken + kept), offset + row * stride + column);
		taken += inRow;
		column = 0;
		row++;
	}
}
/**
* Checks that a tile lies within its picture and that `available` samples fill it.
*
* @throws RangeError where the placement itself is outside of `samples` (a caller's mistake)
* @throws RawFileError where the coded tile has too few samples
*/
function checkPlacement(target, available, fileOffset) {
	const { samples, offset, stride, rowLength, columns, rows } = target;
	if (columns < 0 || rows < 0 || offset < 0 || columns > rowLength || columns > stride) throw new RangeError("A tile placement has a negative or too long row");
	if (rows === 0 || columns === 0) return;
	if (offset + (rows - 1) * stride + columns > samples.length) throw new RangeError("A tile placement reaches beyond the picture");
	const needed = (rows - 1) * rowLength + columns;
	if (available < needed) throw new RawFileError(`A tile holds ${available} samples where its place needs ${needed}`, {
		offset: fileOffset,
		hint: "The file is damaged or its tile size is wrong"
	});
}
// packages/raw/dist/codecs/baseline-jpeg.js
const LOOKUP_BITS$2 = 10;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS$2 = 25;
/** 64 coefficients of at most a 16-bit code and 15 further bits. */
const MAX_BLOCK_BYTES = 256;
/** A block takes at least one bit for its DC and one for its AC coefficients. */
const MIN_BLOCK_BITS = 2;
/** Where the coefficients of the zigzag stand in a block, row by row (T.81 figure A.6). */
const ZIGZAG = zigzag();
/**
* Decodes a sequential DCT JPEG with Huffman coding (ITU-T T.81 SOF0 and SOF1, 8 or 12 bits) of one interleaved scan,
* as lossy DNG has it (compression 34892). Subsampled components are repeated.
*
* @throws RawFileError where the stream is damaged, ends early, or is progressive, arithmetic or in several scans
*/
function decodeBaselineJpeg(bytes, options = {}) {
	const { fileOffset = 0 } = options;
	const fail = jpegFailure(fileOffset);
	const parsed = parseHeader$1(bytes, fail);
	const { frame, quantization, restartInterval, dataStart } = parsed;
	const { width, height, bits, components } = frame;
	const colorTransformed = components.length === 3 && (options.colorTransform ?? parsed.isYcc);
	const hMax = Math.max(...components.map(({ h }) => h));
	const vMax = Math.max(...components.map(({ v }) => v));
	const mcusAcross = Math.ceil(width / (8 * hMax));
	const mcusDown = Math.ceil(height / (8 * vMax));
	const blocksPerMcu = components.reduce((sum, { h, v }) => sum + h * v, 0);
	if (mcusAcross * mcusDown * blocksPerMcu * MIN_BLOCK_BITS > (bytes.length - dataStart) * 8) fail(`A JPEG of ${width} × ${height} has too little data`, dataStart, "The file is truncated or damaged");
	const rowLength = width * components.length;
	const target = options.target ?? {
		samples: new Uint16Array(rowLength * height),
		offset: 0,
		stride: rowLength,
		rowLength,
		columns: rowLength,
		rows: height
	};
	checkPlacement(target, rowLength * height, fileOffset);
	if (target.rowLength % rowLength !== 0 && rowLength % target.rowLength !== 0) fail(`A JPEG with rows of ${rowLength} samples does not fit a tile with rows of ${target.rowLength}`, 0);
	for (const component of components) {
		component.rowLength = mcusAcross * component.h * 8;
		component.plane = new Int16Array(component.rowLength * component.v * 8);
	}
	const segment = new SegmentReader(bytes, dataStart, MAX_BLOCK_BYTES, fileOffset);
	const block = /* @__PURE__ */ new Int32Array(64);
	const row = new Uint16Array(rowLength);
	let mcu = 0;
	for (let mcuRow = 0; mcuRow < mcusDown; mcuRow++) {
		for (let mcuColumn = 0; mcuColumn < mcusAcross; mcuColumn++, mcu++) {
			if (restartInterval === 0 ? mcu === 0 : mcu % restartInterval === 0) {
				segment.next(restartInterval === 0 ? 0 : mcu / restartInterval);
				for (const component of components) component.predictor = 0;
			}
			for (const component of components) {
				const { h, v, plane, rowLength: planeWidth } = component;
				const table = quantization[component.quantization];
				for (let y = 0; y < v; y++) for (let x = 0; x < h; x++) {
					const flat = decodeBlock(segment, component, table, block);
					const at = y * 8 * planeWidth + (mcuColumn * h + x) * 8;
					if (flat) fillBlock(block[0], plane, at, planeWidth, bits);
					else inverseDct(block, plane, at, planeWidth, bits);
				}
			}
		}
		const firstRow = mcuRow * vMax * 8;
		for (let y = 0; y < vMax * 8 && firstRow + y < height; y++) {
			gatherRow(components, y, hMax, vMax, row);
			if (colorTransformed) yccToRgb(row, bits);
			placeRun(target, row, (firstRow + y) * rowLength);
		}
	}
	return {
		width,
		height,
		components: components.length,
		bits,
		colorTransformed,
		samples: target.samples
	};
}
function parseHeader$1(bytes, fail) {
	const quantization = [];
	const dcTables = [];
	const acTables = [];
	let frame;
	let restartInterval = 0;
	let adobeTransform;
	let jfif = false;
	for (const segment of markerSegments(bytes, fail)) {
		const { marker, position, body, end } = segment;
		if (marker === Marker.DQT) readQuantization(bytes, segment, quantization, fail);
		else if (marker === Marker.DHT) for (const table of readHuffmanTables(bytes, segment, fail)) (table.tableClass === 0 ? dcTables : acTables)[table.destination] = table;
		else if (marker === Marker.SOF0 || marker === Marker.SOF1) {
			if (frame !== void 0) fail("A JPEG stream has two frame headers", position);
			frame = readFrame(bytes, segment, fail);
		} else if (isOtherFrame(marker)) fail(`A JPEG of type SOF${marker - Marker.SOF0} stands where a sequential one is expected`, position, "Convert the file anew without progressive or arithmetic coding");
		else if (marker === Marker.DRI) {
			if (end - body !== 2) fail("A JPEG restart interval has the wrong length", position);
			restartInterval = bytes[body] << 8 | bytes[body + 1];
		} else if (marker === Marker.APP0) jfif ||= startsWith(bytes, body, end, "JFIF");
		else if (marker === Marker.APP14) {
			if (startsWith(bytes, body, end, "Adobe") && end - body >= 12) adobeTransform = bytes[body + 11];
		} else if (marker === Marker.SOS) {
			if (frame === void 0) return fail("A JPEG scan comes before its frame header", position);
			const { components } = frame;
			if (bytes[body] !== components.length) fail("A JPEG codes its components in several scans", position, "Convert the file anew");
			if (end - body !== 4 + 2 * components.length) fail("A JPEG scan header has the wrong length", position);
			for (const [c, component] of components.entries()) {
				if (bytes[body + 1 + 2 * c] !== component.id) fail("A JPEG scan names an unknown component", position);
				const dc = dcTables[bytes[body + 2 + 2 * c] >> 4];
				const ac = acTables[bytes[body + 2 + 2 * c] & 15];
				if (dc === void 0 || ac === void 0) return fail("A JPEG scan names a Huffman table that is absent", position);
				if (quantization[component.quantization] === void 0) fail("A JPEG component names a quantization table that is absent", position);
				component.dc = buildLookup(dc);
				component.ac = buildLookup(ac);
			}
			const ids = String.fromCharCode(...components.map(({ id }) => id));
			return {
				frame,
				quantization,
				restartInterval,
				isYcc: adobeTransform === void 0 ? jfif || ids !== "RGB" : adobeTransform === 1,
				dataStart: end
			};
		}
	}
	return fail("A JPEG stream has no scan", bytes.length);
}
function startsWith(bytes, from, end, text) {
	return from + text.length <= end && [...text].every((char, i) => bytes[from + i] === char.charCodeAt(0));
}
/** T.81 B.2.4.1: tables of 8- or 16-bit elements in zigzag order. */
function readQuantization(bytes, segment, tables, fail) {
	for (let at = segment.body; at < segment.end;) {
		const wide = bytes[at] >> 4;
		const destination = bytes[at] & 15;
		const length = 1 + 64 * (wide + 1);
		if (wide > 1 || destination > 3 || at + length > segment.end) fail("A quantization table is broken", at);
		const table = /* @__PURE__ */ new Uint16Array(64);
		for (let k = 0; k < 64; k++) table[k] = wide === 0 ? bytes[at + 1 + k] : bytes[at + 1 + 2 * k] << 8 | bytes[at + 2 + 2 * k];
		tables[destination] = table;
		at += length;
	}
}
function readFrame(bytes, segment, fail) {
	const { position, body, end } = segment;
	if (end - body < 6) fail("A JPEG frame header is too short", position);
	const bits = bytes[body];
	const height = bytes[body + 1] << 8 | bytes[body + 2];
	const width = bytes[body + 3] << 8 | bytes[body + 4];
	const count = bytes[body + 5];
	if (bits !== 8 && bits !== 12) fail(`A sequential JPEG has ${bits} bits per sample`, body);
	if (width === 0 || height === 0) fail(`A JPEG has the size ${width} × ${height}`, body);
	if (count < 1 || count > 4) fail(`A JPEG has ${count} components`, body);
	if (end - body !== 6 + 3 * count) fail("A JPEG frame header has the wrong length", position);
	const components = [];
	const nothing = {
		lookup: /* @__PURE__ */ new Uint16Array(0),
		codes: EMPTY_CODES
	};
	for (let c = 0; c < count; c++) {
		const at = body + 6 + 3 * c;
		const h = count === 1 ? 1 : bytes[at + 1] >> 4;
		const v = count === 1 ? 1 : bytes[at + 1] & 15;
		if (h < 1 || h > 4 || v < 1 || v > 4) fail(`A JPEG component has the sampling ${h} × ${v}`, at);
		components.push({
			id: bytes[at],
			h,
			v,
			quantization: bytes[at + 2] & 3,
			dc: nothing,
			ac: nothing,
			predictor: 0,
			plane: /* @__PURE__ */ new Int16Array(0),
			rowLength: 0
		});
	}
	return {
		width,
		height,
		bits,
		components
	};
}
const EMPTY_CODES = {
	tableClass: 0,
	destination: 0,
	values: /* @__PURE__ */ new Uint8Array(0),
	maxCode: (/* @__PURE__ */ new Int32Array(17)).fill(-1),
	delta: /* @__PURE__ */ new Int32Array(17)
};
function buildLookup(codes) {
	const lookup = /* @__PURE__ */ new Uint16Array(1024);
	forEachCode(codes, (code, length, symbol) => {
		if (length > LOOKUP_BITS$2) return;
		const spare = LOOKUP_BITS$2 - length;
		lookup.fill(symbol << 8 | length, code << spare, code + 1 << spare);
	});
	return {
		lookup,
		codes
	};
}
/** The canonical search for a code longer than the lookup: `symbol << 8 | length`. */
function searchCode$2(segment, position, codes, next16) {
	for (let length = 11; length <= 16; length++) {
		const code = next16 >>> 16 - length;
		if (code <= codes.maxCode[length]) return codes.values[codes.delta[length] + code] << 8 | length;
	}
	segment.advance(position);
	throw new RawFileError("A JPEG has a code that its Huffman table lacks", {
		offset: segment.fileOffset(),
		hint: "The file is damaged"
	});
}
/**
* Decodes one block's coefficients and multiplies them by their quantization (T.81 F.2.2).
*
* @returns whether the block has no AC coefficients
*/
function decodeBlock(segment, component, quantization, block) {
	const { view } = segment;
	let position = segment.position;
	block.fill(0);
	let word = view.getInt32(position >>> 3) << (position & 7);
	let entry = component.dc.lookup[word >>> 22];
	if (entry === 0) entry = searchCode$2(segment, position, component.dc.codes, word >>> 16);
	position += entry & 255;
	const category = entry >> 8;
	if (category > 15) throw new RawFileError("A JPEG has a DC coefficient of more than 15 bits", {
		offset: segment.fileOffset(),
		hint: "The file is damaged"
	});
	if (category > 0) {
		const value = view.getInt32(position >>> 3) << (position & 7) >>> 32 - category;
		component.predictor += value < 1 << category - 1 ? value - (1 << category) + 1 : value;
		position += category;
	}
	block[0] = Math.imul(component.predictor, quantization[0]);
	const { lookup, codes } = component.ac;
	let flat = true;
	for (let k = 1; k < 64;) {
		word = view.getInt32(position >>> 3) << (position & 7);
		entry = lookup[word >>> 22];
		if (entry === 0) entry = searchCode$2(segment, position, codes, word >>> 16);
		const length = entry & 255;
		const size = entry >> 8 & 15;
		const run = entry >> 12;
		if (size === 0) {
			position += length;
			if (run !== 15) break;
			k += 16;
			continue;
		}
		k += run;
		if (k > 63) throw new RawFileError("A JPEG block has more than 64 coefficients", {
			offset: segment.fileOffset(),
			hint: "The file is damaged"
		});
		let value;
		if (length + size <= WORD_BITS$2) value = word << length >>> 32 - size;
		else {
			const after = position + length;
			value = view.getInt32(after >>> 3) << (after & 7) >>> 32 - size;
		}
		position += length + size;
		if (value < 1 << size - 1) value = value - (1 << size) + 1;
		block[ZIGZAG[k]] = Math.imul(value, quantization[k]);
		k++;
		flat = false;
	}
	segment.advance(position);
	return flat;
}
function zigzag() {
	const order = /* @__PURE__ */ new Uint8Array(64);
	let k = 0;
	for (let diagonal = 0; diagonal < 15; diagonal++) {
		const low = Math.max(0, diagonal - 7);
		const high = Math.min(7, diagonal);
		for (let i = low; i <= high; i++) {
			const row = diagonal % 2 === 0 ? high + low - i : i;
			order[k++] = row * 8 + (diagonal - row);
		}
	}
	return order;
}
/** The transform's constants are scaled by 2^13. */
const DCT_BITS = 13;
const fixed = (value) => Math.round(value * 8192);
const SQRT2 = Math.SQRT2;
const C1 = Math.cos(Math.PI / 16);
const C2 = Math.cos(2 * Math.PI / 16);
const C3 = Math.cos(3 * Math.PI / 16);
const C5 = Math.cos(5 * Math.PI / 16);
const C6 = Math.cos(6 * Math.PI / 16);
const C7 = Math.cos(7 * Math.PI / 16);
const EVEN_6 = fixed(SQRT2 * C6);
const EVEN_2_MINUS_6 = fixed(SQRT2 * (C2 - C6));
const EVEN_2_PLUS_6 = fixed(SQRT2 * (C2 + C6));
const ODD_SUM = fixed(SQRT2 * C3);
const ODD_A = fixed(SQRT2 * (-C1 + C3 + C5 - C7));
const ODD_B = fixed(SQRT2 * (C1 + C3 - C5 + C7));
const ODD_C = fixed(SQRT2 * (C1 + C3 + C5 - C7));
const ODD_D = fixed(SQRT2 * (C1 + C3 - C5 - C7));
const ODD_AD = fixed(SQRT2 * (C7 - C3));
const ODD_BC = fixed(SQRT2 * (-C1 - C3));
const ODD_AC = fixed(SQRT2 * (-C3 - C5));
const ODD_BD = fixed(SQRT2 * (C5 - C3));
/**
* The 8 × 8 inverse DCT by Loeffler, Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11
* multiplications", ICASSP 1989) in 32-bit integers, with the rounding of the Independent JPEG Group's accurate
* integer method (13-bit constants; 2 extra bits between the passes, 1 for 12-bit samples), so that its values are
* those of the usual decoders. Adds the level shift and clamps.
*/
function inverseDct(block, plane, offset, stride, bits) {
	const between = bits === 8 ? 2 : 1;
	for (let pass = 0; pass < 2; pass++) {
		const step = pass === 0 ? 8 : 1;
		const line = pass === 0 ? 1 : 8;
		const shift = pass === 0 ? DCT_BITS - between : DCT_BITS + between + 3;
		const half = 1 << shift - 1;
		for (let n = 0; n < 8; n++) {
			const at = n * line;
			const x0 = block[at];
			const x1 = block[at + step];
			const x2 = block[at + 2 * step];
			const x3 = block[at + 3 * step];
			const x4 = block[at + 4 * step];
			const x5 = block[at + 5 * step];
			const x6 = block[at + 6 * step];
			const x7 = block[at + 7 * step];
			if ((x1 | x2 | x3 | x4 | x5 | x6 | x7) === 0) {
				const flat = (x0 << DCT_BITS) + half >> shift;
				for (let k = 0; k < 8; k++) block[at + k * step] = flat;
				continue;
			}
			const rotation = Math.imul(x2 + x6, EVEN_6);
			const even2 = rotation + Math.imul(x2, EVEN_2_MINUS_6);
			const even6 = rotation - Math.imul(x6, EVEN_2_PLUS_6);
			const sum = (x0 + x4 << DCT_BITS) + half;
			const difference = (x0 - x4 << DCT_BITS) + half;
			const e0 = sum + even2;
			const e3 = sum - even2;
			const e1 = difference + even6;
			const e2 = difference - even6;
			const ac = x7 + x3;
			const bd = x5 + x1;
			const common = Math.imul(ac + bd, ODD_SUM);
			const pairAd = Math.imul(x7 + x1, ODD_AD);
			const pairBc = Math.imul(x5 + x3, ODD_BC);
			const pairAc = Math.imul(ac, ODD_AC) + common;
			const pairBd = Math.imul(bd, ODD_BD) + common;
			const o3 = Math.imul(x7, ODD_A) + pairAd + pairAc;
			const o2 = Math.imul(x5, ODD_B) + pairBc + pairBd;
			const o1 = Math.imul(x3, ODD_C) + pairBc + pairAc;
			const o0 = Math.imul(x1, ODD_D) + pairAd + pairBd;
			block[at] = e0 + o0 >> shift;
			block[at + 7 * step] = e0 - o0 >> shift;
			block[at + step] = e1 + o1 >> shift;
			block[at + 6 * step] = e1 - o1 >> shift;
			block[at + 2 * step] = e2 + o2 >> shift;
			block[at + 5 * step] = e2 - o2 >> shift;
			block[at + 3 * step] = e3 + o3 >> shift;
			block[at + 4 * step] = e3 - o3 >> shift;
		}
	}
	const center = 1 << bits - 1;
	const max = (1 << bits) - 1;
	for (let y = 0; y < 8; y++) {
		const to = offset + y * stride;
		for (let x = 0; x < 8; x++) {
			const value = block[y * 8 + x] + center;
			plane[to + x] = Math.max(0, Math.min(max, value));
		}
	}
}
/** What {@link inverseDct} gives for a block with nothing but a DC coefficient. */
function fillBlock(dc, plane, offset, stride, bits) {
	const value = Math.max(0, Math.min((1 << bits) - 1, (dc + 4 >> 3) + (1 << bits - 1)));
	for (let y = 0; y < 8; y++) plane.fill(value, offset + y * stride, offset + y * stride + 8);
}
/** Interleaves row `y` of a row of MCUs, repeating subsampled components. */
function gatherRow(components, y, hMax, vMax, row) {
	const count = components.length;
	for (let c = 0; c < count; c++) {
		const { h, v, plane, rowLength } = components[c];
		const from = Math.floor(y * v / vMax) * rowLength;
		if (h === hMax) for (let i = c, x = from; i < row.length; i += count) row[i] = plane[x++];
		else for (let i = c, x = 0; i < row.length; i += count, x += h) row[i] = plane[from + Math.floor(x / hMax)];
	}
}
/** Y Cb Cr to R G B in place (ITU-T T.871 section 7), constants scaled by 2^16. */
function yccToRgb(row, bits) {
	const center = 1 << bits - 1;
	const max = (1 << bits) - 1;
	for (let i = 0; i < row.length; i += 3) {
		const y = row[i];
		const cb = row[i + 1] - center;
		const cr = row[i + 2] - center;
		const r = y + (Math.imul(cr, 91881) + 32768 >> 16);
		const g = y + (Math.imul(cb, -22554) + Math.imul(cr, -46802) + 32768 >> 16);
		const b = y + (Math.imul(cb, 116130) + 32768 >> 16);
		row[i] = Math.max(0, Math.min(max, r));
		row[i + 1] = Math.max(0, Math.min(max, g));
		row[i + 2] = Math.max(0, Math.min(max, b));
	}
}
// node_modules/fflate/esm/index.mjs
var require = createRequire("/");
var _a;
try {
	_a = require("worker_threads"), _a.Worker, _a.isMarkedAsUntransferable;
} catch (e) {}
var u8 = Uint8Array;
var u16 = Uint16Array;
var i32 = Int32Array;
var fleb = new u8([
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	1,
	1,
	1,
	2,
	2,
	2,
	2,
	3,
	3,
	3,
	3,
	4,
	4,
	4,
	4,
	5,
	5,
	5,
	5,
	0,
	0,
	0,
	0
]);
var fdeb = new u8([
	0,
	0,
	0,
	0,
	1,
	1,
	2,
	2,
	3,
	3,
	4,
	4,
	5,
	5,
	6,
	6,
	7,
	7,
	8,
	8,
	9,
	9,
	10,
	10,
	11,
	11,
	12,
	12,
	13,
	13,
	0,
	0
]);
var clim = new u8([
	16,
	17,
	18,
	0,
	8,
	7,
	9,
	6,
	10,
	5,
	11,
	4,
	12,
	3,
	13,
	2,
	14,
	1,
	15
]);
var freb = function(eb, start) {
	var b = new u16(31);
	for (var i = 0; i < 31; ++i) b[i] = start += 1 << eb[i - 1];
	var r = new i32(b[30]);
	for (var i = 1; i < 30; ++i) for (var j = b[i]; j < b[i + 1]; ++j) r[j] = j - b[i] << 5 | i;
	return {
		b,
		r
	};
};
var _a = freb(fleb, 2);
var fl = _a.b;
var revfl = _a.r;
fl[28] = 258, revfl[258] = 28;
var _b = freb(fdeb, 0);
var fd = _b.b;
var revfd = _b.r;
var rev = new u16(32768);
for (var i = 0; i < 32768; ++i) {
	var x = (i & 43690) >> 1 | (i & 21845) << 1;
	x = (x & 52428) >> 2 | (x & 13107) << 2;
	x = (x & 61680) >> 4 | (x & 3855) << 4;
	rev[i] = ((x & 65280) >> 8 | (x & 255) << 8) >> 1;
}
var hMap = (function(cd, mb, r) {
	var s = cd.length;
	var i = 0;
	var l = new u16(mb);
	for (; i < s; ++i) if (cd[i]) ++l[cd[i] - 1];
	var le = new u16(mb);
	for (i = 1; i < mb; ++i) le[i] = le[i - 1] + l[i - 1] << 1;
	var co;
	if (r) {
		co = new u16(1 << mb);
		var rvb = 15 - mb;
		for (i = 0; i < s; ++i) if (cd[i]) {
			var sv = i << 4 | cd[i];
			var r_1 = mb - cd[i];
			var v = le[cd[i] - 1]++ << r_1;
			for (var m = v | (1 << r_1) - 1; v <= m; ++v) co[rev[v] >> rvb] = sv;
		}
	} else {
		co = new u16(s);
		for (i = 0; i < s; ++i) if (cd[i]) co[i] = rev[le[cd[i] - 1]++] >> 15 - cd[i];
	}
	return co;
});
var flt = new u8(288);
for (var i = 0; i < 144; ++i) flt[i] = 8;
for (var i = 144; i < 256; ++i) flt[i] = 9;
for (var i = 256; i < 280; ++i) flt[i] = 7;
for (var i = 280; i < 288; ++i) flt[i] = 8;
var fdt = new u8(32);
for (var i = 0; i < 32; ++i) fdt[i] = 5;
var flm = /*#__PURE__*/ hMap(flt, 9, 0);
var flrm = /*#__PURE__*/ hMap(flt, 9, 1);
var fdm = /*#__PURE__*/ hMap(fdt, 5, 0);
var fdrm = /*#__PURE__*/ hMap(fdt, 5, 1);
var max = function(a) {
	var m = a[0];
	for (var i = 1; i < a.length; ++i) if (a[i] > m) m = a[i];
	return m;
};
var bits = function(d, p, m) {
	var o = p / 8 | 0;
	return (d[o] | d[o + 1] << 8) >> (p & 7) & m;
};
var bits16 = function(d, p) {
	var o = p / 8 | 0;
	return (d[o] | d[o + 1] << 8 | d[o + 2] << 16) >> (p & 7);
};
var shft = function(p) {
	return (p + 7) / 8 | 0;
};
var slc = function(v, s, e) {
	if (s == null || s < 0) s = 0;
	if (e == null || e > v.length) e = v.length;
	return new u8(v.subarray(s, e));
};
var ec = [
	"unexpected EOF",
	"invalid block type",
	"invalid length/literal",
	"invalid distance",
	"stream finished",
	"no stream handler",
	,
	"no callback",
	"invalid UTF-8 data",
	"extra field too long",
	"date not in range 1980-2099",
	"filename too long",
	"stream finishing",
	"invalid zip data"
];
var err = function(ind, msg, nt) {
	var e = new Error(msg || ec[ind]);
	e.code = ind;
	if (Error.captureStackTrace) Error.captureStackTrace(e, err);
	if (!nt) throw e;
	return e;
};
var inflt = function(dat, st, buf, dict) {
	var sl = dat.length, dl = dict ? dict.length : 0;
	if (!sl || st.f && !st.l) return buf || new u8(0);
	var noBuf = !buf;
	var resize = noBuf || st.i != 2;
	var noSt = st.i;
	if (noBuf) buf = new u8(sl * 3);
	var cbuf = function(l) {
		var bl = buf.length;
		if (l > bl) {
			var nbuf = new u8(Math.max(bl * 2, l));
			nbuf.set(buf);
			buf = nbuf;
		}
	};
	var final = st.f || 0, pos = st.p || 0, bt = st.b || 0, lm = st.l, dm = st.d, lbt = st.m, dbt = st.n;
	var tbts = sl * 8;
	do {
		if (!lm) {
			final = bits(dat, pos, 1);
			var type = bits(dat, pos + 1, 3);
			pos += 3;
			if (!type) {
				var s = shft(pos) + 4, l = dat[s - 4] | dat[s - 3] << 8, t = s + l;
				if (t > sl) {
					if (noSt) err(0);
					break;
				}
				if (resize) cbuf(bt + l);
				buf.set(dat.subarray(s, t), bt);
				st.b = bt += l, st.p = pos = t * 8, st.f = final;
				continue;
			} else if (type == 1) lm = flrm, dm = fdrm, lbt = 9, dbt = 5;
			else if (type == 2) {
				var hLit = bits(dat, pos, 31) + 257, hcLen = bits(dat, pos + 10, 15) + 4;
				var tl = hLit + bits(dat, pos + 5, 31) + 1;
				pos += 14;
				var ldt = new u8(tl);
				var clt = new u8(19);
				for (var i = 0; i < hcLen; ++i) clt[clim[i]] = bits(dat, pos + i * 3, 7);
				pos += hcLen * 3;
				var clb = max(clt), clbmsk = (1 << clb) - 1;
				var clm = hMap(clt, clb, 1);
				for (var i = 0; i < tl;) {
					var r = clm[bits(dat, pos, clbmsk)];
					pos += r & 15;
					var s = r >> 4;
					if (s < 16) ldt[i++] = s;
					else {
						var c = 0, n = 0;
						if (s == 16) n = 3 + bits(dat, pos, 3), pos += 2, c = ldt[i - 1];
						else if (s == 17) n = 3 + bits(dat, pos, 7), pos += 3;
						else if (s == 18) n = 11 + bits(dat, pos, 127), pos += 7;
						while (n--) ldt[i++] = c;
					}
				}
				var lt = ldt.subarray(0, hLit), dt = ldt.subarray(hLit);
				lbt = max(lt);
				dbt = max(dt);
				lm = hMap(lt, lbt, 1);
				dm = hMap(dt, dbt, 1);
			} else err(1);
			if (pos > tbts) {
				if (noSt) err(0);
				break;
			}
		}
		if (resize) cbuf(bt + 131072);
		var lms = (1 << lbt) - 1, dms = (1 << dbt) - 1;
		var lpos = pos;
		for (;; lpos = pos) {
			var c = lm[bits16(dat, pos) & lms], sym = c >> 4;
			pos += c & 15;
			if (pos > tbts) {
				if (noSt) err(0);
				break;
			}
			if (!c) err(2);
			if (sym < 256) buf[bt++] = sym;
			else if (sym == 256) {
				lpos = pos, lm = null;
				break;
			} else {
				var add = sym - 254;
				if (sym > 264) {
					var i = sym - 257, b = fleb[i];
					add = bits(dat, pos, (1 << b) - 1) + fl[i];
					pos += b;
				}
				var d = dm[bits16(dat, pos) & dms], dsym = d >> 4;
				if (!d) err(3);
				pos += d & 15;
				var dt = fd[dsym];
				if (dsym > 3) {
					var b = fdeb[dsym];
					dt += bits16(dat, pos) & (1 << b) - 1, pos += b;
				}
				if (pos > tbts) {
					if (noSt) err(0);
					break;
				}
				if (resize) cbuf(bt + 131072);
				var end = bt + add;
				if (bt < dt) {
					var shift = dl - dt, dend = Math.min(dt, end);
					if (shift + bt < 0) err(3);
					for (; bt < dend; ++bt) buf[bt] = dict[shift + bt];
				}
				for (; bt < end; ++bt) buf[bt] = buf[bt - dt];
			}
		}
		st.l = lm, st.p = lpos, st.b = bt, st.f = final;
		if (lm) final = 1, st.m = lbt, st.d = dm, st.n = dbt;
	} while (!final);
	return bt != buf.length && noBuf ? slc(buf, 0, bt) : buf.subarray(0, bt);
};
var wbits = function(d, p, v) {
	v <<= p & 7;
	var o = p / 8 | 0;
	d[o] |= v;
	d[o + 1] |= v >> 8;
};
var wbits16 = function(d, p, v) {
	v <<= p & 7;
	var o = p / 8 | 0;
	d[o] |= v;
	d[o + 1] |= v >> 8;
	d[o + 2] |= v >> 16;
};
var hTree = function(d, mb) {
	var t = [];
	for (var i = 0; i < d.length; ++i) if (d[i]) t.push({
		s: i,
		f: d[i]
	});
	var s = t.length;
	var t2 = t.slice();
	if (!s) return {
		t: et,
		l: 0
	};
	if (s == 1) {
		var v = new u8(t[0].s + 1);
		v[t[0].s] = 1;
		return {
			t: v,
			l: 1
		};
	}
	t.sort(function(a, b) {
		return a.f - b.f;
	});
	t.push({
		s: -1,
		f: 25001
	});
	var l = t[0], r = t[1], i0 = 0, i1 = 1, i2 = 2;
	t[0] = {
		s: -1,
		f: l.f + r.f,
		l,
		r
	};
	while (i1 != s - 1) {
		l = t[t[i0].f < t[i2].f ? i0++ : i2++];
		r = t[i0 != i1 && t[i0].f < t[i2].f ? i0++ : i2++];
		t[i1++] = {
			s: -1,
			f: l.f + r.f,
			l,
			r
		};
	}
	var maxSym = t2[0].s;
	for (var i = 1; i < s; ++i) if (t2[i].s > maxSym) maxSym = t2[i].s;
	var tr = new u16(maxSym + 1);
	var mbt = ln(t[i1 - 1], tr, 0);
	if (mbt > mb) {
		var i = 0, dt = 0;
		var lft = mbt - mb, cst = 1 << lft;
		t2.sort(function(a, b) {
			return tr[b.s] - tr[a.s] || a.f - b.f;
		});
		for (; i < s; ++i) {
			var i2_1 = t2[i].s;
			if (tr[i2_1] > mb) {
				dt += cst - (1 << mbt - tr[i2_1]);
				tr[i2_1] = mb;
			} else break;
		}
		dt >>= lft;
		while (dt > 0) {
			var i2_2 = t2[i].s;
			if (tr[i2_2] < mb) dt -= 1 << mb - tr[i2_2]++ - 1;
			else ++i;
		}
		for (; i >= 0 && dt; --i) {
			var i2_3 = t2[i].s;
			if (tr[i2_3] == mb) {
				--tr[i2_3];
				++dt;
			}
		}
		mbt = mb;
	}
	return {
		t: new u8(tr),
		l: mbt
	};
};
var ln = function(n, l, d) {
	return n.s == -1 ? Math.max(ln(n.l, l, d + 1), ln(n.r, l, d + 1)) : l[n.s] = d;
};
var lc = function(c) {
	var s = c.length;
	while (s && !c[--s]);
	var cl = new u16(++s);
	var cli = 0, cln = c[0], cls = 1;
	var w = function(v) {
		cl[cli++] = v;
	};
	for (var i = 1; i <= s; ++i) if (c[i] == cln && i != s) ++cls;
	else {
		if (!cln && cls > 2) {
			for (; cls > 138; cls -= 138) w(32754);
			if (cls > 2) {
				w(cls > 10 ? cls - 11 << 5 | 28690 : cls - 3 << 5 | 12305);
				cls = 0;
			}
		} else if (cls > 3) {
			w(cln), --cls;
			for (; cls > 6; cls -= 6) w(8304);
			if (cls > 2) w(cls - 3 << 5 | 8208), cls = 0;
		}
		while (cls--) w(cln);
		cls = 1;
		cln = c[i];
	}
	return {
		c: cl.subarray(0, cli),
		n: s
	};
};
var clen = function(cf, cl) {
	var l = 0;
	for (var i = 0; i < cl.length; ++i) l += cf[i] * cl[i];
	return l;
};
var wfblk = function(out, pos, dat) {
	var s = dat.length;
	var o = shft(pos + 2);
	out[o] = s & 255;
	out[o + 1] = s >> 8;
	out[o + 2] = out[o] ^ 255;
	out[o + 3] = out[o + 1] ^ 255;
	for (var i = 0; i < s; ++i) out[o + i + 4] = dat[i];
	return (o + 4 + s) * 8;
};
var wblk = function(dat, out, final, syms, lf, df, eb, li, bs, bl, p) {
	wbits(out, p++, final);
	++lf[256];
	var _a = hTree(lf, 15), dlt = _a.t, mlb = _a.l;
	var _b = hTree(df, 15), ddt = _b.t, mdb = _b.l;
	var _c = lc(dlt), lclt = _c.c, nlc = _c.n;
	var _d = lc(ddt), lcdt = _d.c, ndc = _d.n;
	var lcfreq = new u16(19);
	for (var i = 0; i < lclt.length; ++i) ++lcfreq[lclt[i] & 31];
	for (var i = 0; i < lcdt.length; ++i) ++lcfreq[lcdt[i] & 31];
	var _e = hTree(lcfreq, 7), lct = _e.t, mlcb = _e.l;
	var nlcc = 19;
	for (; nlcc > 4 && !lct[clim[nlcc - 1]]; --nlcc);
	var flen = bl + 5 << 3;
	var ftlen = clen(lf, flt) + clen(df, fdt) + eb;
	var dtlen = clen(lf, dlt) + clen(df, ddt) + eb + 14 + 3 * nlcc + clen(lcfreq, lct) + 2 * lcfreq[16] + 3 * lcfreq[17] + 7 * lcfreq[18];
	if (bs >= 0 && flen <= ftlen && flen <= dtlen) return wfblk(out, p, dat.subarray(bs, bs + bl));
	var lm, ll, dm, dl;
	wbits(out, p, 1 + (dtlen < ftlen)), p += 2;
	if (dtlen < ftlen) {
		lm = hMap(dlt, mlb, 0), ll = dlt, dm = hMap(ddt, mdb, 0), dl = ddt;
		var llm = hMap(lct, mlcb, 0);
		wbits(out, p, nlc - 257);
		wbits(out, p + 5, ndc - 1);
		wbits(out, p + 10, nlcc - 4);
		p += 14;
		for (var i = 0; i < nlcc; ++i) wbits(out, p + 3 * i, lct[clim[i]]);
		p += 3 * nlcc;
		var lcts = [lclt, lcdt];
		for (var it = 0; it < 2; ++it) {
			var clct = lcts[it];
			for (var i = 0; i < clct.length; ++i) {
				var len = clct[i] & 31;
				wbits(out, p, llm[len]), p += lct[len];
				if (len > 15) wbits(out, p, clct[i] >> 5 & 127), p += clct[i] >> 12;
			}
		}
	} else lm = flm, ll = flt, dm = fdm, dl = fdt;
	for (var i = 0; i < li; ++i) {
		var sym = syms[i];
		if (sym > 255) {
			var len = sym >> 18 & 31;
			wbits16(out, p, lm[len + 257]), p += ll[len + 257];
			if (len > 7) wbits(out, p, sym >> 23 & 31), p += fleb[len];
			var dst = sym & 31;
			wbits16(out, p, dm[dst]), p += dl[dst];
			if (dst > 3) wbits16(out, p, sym >> 5 & 8191), p += fdeb[dst];
		} else wbits16(out, p, lm[sym]), p += ll[sym];
	}
	wbits16(out, p, lm[256]);
	return p + ll[256];
};
var deo = /*#__PURE__*/ new i32([
	65540,
	131080,
	131088,
	131104,
	262176,
	1048704,
	1048832,
	2114560,
	2117632
]);
var et = /*#__PURE__*/ new u8(0);
var dflt = function(dat, lvl, plvl, pre, post, st) {
	var s = st.z || dat.length;
	var o = new u8(pre + s + 5 * (1 + Math.ceil(s / 7e3)) + post);
	var w = o.subarray(pre, o.length - post);
	var lst = st.l;
	var pos = (st.r || 0) & 7;
	if (lvl) {
		if (pos) w[0] = st.r >> 3;
		var opt = deo[lvl - 1];
		var n = opt >> 13, c = opt & 8191;
		var msk_1 = (1 << plvl) - 1;
		var prev = st.p || new u16(32768), head = st.h || new u16(msk_1 + 1);
		var bs1_1 = Math.ceil(plvl / 3), bs2_1 = 2 * bs1_1;
		var hsh = function(i) {
			return (dat[i] ^ dat[i + 1] << bs1_1 ^ dat[i + 2] << bs2_1) & msk_1;
		};
		var syms = new i32(25e3);
		var lf = new u16(288), df = new u16(32);
		var lc_1 = 0, eb = 0, i = st.i || 0, li = 0, wi = st.w || 0, bs = 0;
		for (; i + 2 < s; ++i) {
			var hv = hsh(i);
			var imod = i & 32767, pimod = head[hv];
			prev[imod] = pimod;
			head[hv] = imod;
			if (wi <= i) {
				var rem = s - i;
				if ((lc_1 > 7e3 || li > 24576) && (rem > 423 || !lst)) {
					pos = wblk(dat, w, 0, syms, lf, df, eb, li, bs, i - bs, pos);
					li = lc_1 = eb = 0, bs = i;
					for (var j = 0; j < 286; ++j) lf[j] = 0;
					for (var j = 0; j < 30; ++j) df[j] = 0;
				}
				var l = 2, d = 0, ch_1 = c, dif = imod - pimod & 32767;
				if (rem > 2 && hv == hsh(i - dif)) {
					var maxn = Math.min(n, rem) - 1;
					var maxd = Math.min(32767, i);
					var ml = Math.min(258, rem);
					while (dif <= maxd && --ch_1 && imod != pimod) {
						if (dat[i + l] == dat[i + l - dif]) {
							var nl = 0;
							for (; nl < ml && dat[i + nl] == dat[i + nl - dif]; ++nl);
							if (nl > l) {
								l = nl, d = dif;
								if (nl > maxn) break;
								var mmd = Math.min(dif, nl - 2);
								var md = 0;
								for (var j = 0; j < mmd; ++j) {
									var ti = i - dif + j & 32767;
									var cd = ti - prev[ti] & 32767;
									if (cd > md) md = cd, pimod = ti;
								}
							}
						}
						imod = pimod, pimod = prev[imod];
						dif += imod - pimod & 32767;
					}
				}
				if (d) {
					syms[li++] = 268435456 | revfl[l] << 18 | revfd[d];
					var lin = revfl[l] & 31, din = revfd[d] & 31;
					eb += fleb[lin] + fdeb[din];
					++lf[257 + lin];
					++df[din];
					wi = i + l;
					++lc_1;
				} else {
					syms[li++] = dat[i];
					++lf[dat[i]];
				}
			}
		}
		for (i = Math.max(i, wi); i < s; ++i) {
			syms[li++] = dat[i];
			++lf[dat[i]];
		}
		pos = wblk(dat, w, lst, syms, lf, df, eb, li, bs, i - bs, pos);
		if (!lst) {
			st.r = pos & 7 | w[pos / 8 | 0] << 3;
			pos -= 7;
			st.h = head, st.p = prev, st.i = i, st.w = wi;
		}
	} else {
		for (var i = st.w || 0; i < s + lst; i += 65535) {
			var e = i + 65535;
			if (e >= s) {
				w[pos / 8 | 0] = lst;
				e = s;
			}
			pos = wfblk(w, pos + 1, dat.subarray(i, e));
		}
		st.i = s;
	}
	return slc(o, 0, pre + shft(pos) + post);
};
var adler = function() {
	var a = 1, b = 0;
	return {
		p: function(d) {
			var n = a, m = b;
			var l = d.length | 0;
			for (var i = 0; i != l;) {
				var e = Math.min(i + 2655, l);
				for (; i < e; ++i) m += n += d[i];
				n = (n & 65535) + 15 * (n >> 16), m = (m & 65535) + 15 * (m >> 16);
			}
			a = n, b = m;
		},
		d: function() {
			a %= 65521, b %= 65521;
			return (a & 255) << 24 | (a & 65280) << 8 | (b & 255) << 8 | b >> 8;
		}
	};
};
var dopt = function(dat, opt, pre, post, st) {
	if (!st) {
		st = { l: 1 };
		if (opt.dictionary) {
			var dict = opt.dictionary.subarray(-32768);
			var newDat = new u8(dict.length + dat.length);
			newDat.set(dict);
			newDat.set(dat, dict.length);
			dat = newDat;
			st.w = dict.length;
		}
	}
	return dflt(dat, opt.level == null ? 6 : opt.level, opt.mem == null ? st.l ? Math.ceil(Math.max(8, Math.min(13, Math.log(dat.length))) * 1.5) : 20 : 12 + opt.mem, pre, post, st);
};
var wbytes = function(d, b, v) {
	for (; v; ++b) d[b] = v, v >>>= 8;
};
var zlh = function(c, o) {
	var lv = o.level, fl = lv == 0 ? 0 : lv < 6 ? 1 : lv == 9 ? 3 : 2;
	c[0] = 120, c[1] = fl << 6 | (o.dictionary && 32);
	c[1] |= 31 - (c[0] << 8 | c[1]) % 31;
	if (o.dictionary) {
		var h = adler();
		h.p(o.dictionary);
		wbytes(c, 2, h.d());
	}
};
var zls = function(d, dict) {
	if ((d[0] & 15) != 8 || d[0] >> 4 > 7 || (d[0] << 8 | d[1]) % 31) err(6, "invalid zlib data");
	if ((d[1] >> 5 & 1) == +!dict) err(6, "invalid zlib data: " + (d[1] & 32 ? "need" : "unexpected") + " dictionary");
	return (d[1] >> 3 & 4) + 2;
};
/**
* Compress data with Zlib
* @param data The data to compress
* @param opts The compression options
* @returns The zlib-compressed version of the data
*/
function zlibSync(data, opts) {
	if (!opts) opts = {};
	var a = adler();
	a.p(data);
	var d = dopt(data, opts, opts.dictionary ? 6 : 2, 4);
	return zlh(d, opts), wbytes(d, d.length - 4, a.d()), d;
}
function unzlibSync(data, opts) {
	return inflt(data.subarray(zls(data, opts && opts.dictionary), -4), { i: 2 }, opts && opts.out, opts && opts.dictionary);
}
var td = typeof TextDecoder != "undefined" && /*#__PURE__*/ new TextDecoder();
try {
	td.decode(et, { stream: true });
} catch (e) {}
// packages/raw/dist/codecs/deflate.js
/**
* Inflates a zlib stream (compression 8 and 32946) of known length; what a stream holds beyond it is left out, so a
* small file cannot fill the memory.
*
* @param length bytes that the tile has when inflated
* @throws RawFileError where the stream is damaged or too short
*/
function inflate(bytes, length, fileOffset = 0) {
	let inflated;
	try {
		inflated = unzlibSync(bytes, { out: new Uint8Array(length) });
	} catch (cause) {
		throw new RawFileError("A deflated tile cannot be inflated", {
			offset: fileOffset,
			hint: "The file is truncated or damaged",
			cause
		});
	}
	if (inflated.length < length) throw new RawFileError(`A deflated tile has ${inflated.length} bytes where ${length} are expected`, {
		offset: fileOffset,
		hint: "The file is truncated or damaged"
	});
	return inflated;
}
// packages/raw/dist/codecs/lossless-jpeg.js
/** Difference categories 0 to 16 (T.81 table H.2). */
const CATEGORIES = 17;
/** A sample takes at most a 16-bit code and 16 further bits. */
const MAX_SAMPLE_BYTES = 4;
/** Codes up to this long are decoded by one look at a table, most of them with their difference. */
const LOOKUP_BITS$1 = 12;
const LOOKUP_SIZE = 4096;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS$1 = 25;
/**
* Decodes a lossless JPEG (ITU-T T.81 Annex H, Huffman coding): all predictors, 1 to 4 components, 2 to 16 bits,
* restart intervals, point transform.
*
* @throws RawFileError where the stream is damaged, ends early, or has a feature that DNG does not use
*/
function decodeLosslessJpeg(bytes, options = {}) {
	const { fileOffset = 0, category16HasBits = false } = options;
	const header = parseHeader(bytes, fileOffset, category16HasBits);
	const { width, height, components, bits, predictor, pointTransform, restartInterval, tables } = header;
	const rowLength = width * components;
	const count = rowLength * height;
	if (count > (bytes.length - header.dataStart) * 8) throw new RawFileError(`A lossless JPEG of ${width} × ${height} × ${components} has too little data`, {
		offset: fileOffset + header.dataStart,
		hint: "The file is truncated or damaged"
	});
	const target = options.target ?? {
		samples: new Uint16Array(count),
		offset: 0,
		stride: rowLength,
		rowLength,
		columns: rowLength,
		rows: height
	};
	checkPlacement(target, count, fileOffset);
	if (target.rowLength % rowLength !== 0 && rowLength % target.rowLength !== 0) throw new RawFileError(`A lossless JPEG with rows of ${rowLength} samples does not fit a tile with rows of ${target.rowLength}`, { offset: fileOffset });
	const rowsPerSegment = restartInterval === 0 ? height : restartInterval / width;
	const segment = new SegmentReader(bytes, header.dataStart, rowLength * MAX_SAMPLE_BYTES, fileOffset);
	const differences = new Int32Array(rowLength);
	let above = new Uint16Array(rowLength);
	let row = new Uint16Array(rowLength);
	const start = 1 << bits - pointTransform - 1;
	const beyond = bits - pointTransform;
	for (let y = 0; y < height; y++) {
		const first = y % rowsPerSegment === 0;
		if (first) segment.next(y / rowsPerSegment);
		decodeDifferences(segment, tables, differences);
		if (predictRow(first ? 0 : predictor, differences, above, row, components, start) >>> beyond !== 0) throw new RawFileError(`A lossless JPEG's row ${y} has a sample of more than ${bits} bits`, {
			offset: segment.fileOffset(),
			hint: "The file is damaged"
		});
		if (pointTransform === 0) placeRun(target, row, y * rowLength);
		else placeRun(target, row.map((value) => value << pointTransform), y * rowLength);
		[above, row] = [row, above];
	}
	return {
		width,
		height,
		components,
		bits,
		predictor,
		pointTransform,
		restartInterval,
		samples: target.samples
	};
}
/** Decodes the differences of one row of interleaved components. */
function decodeDifferences(segment, tables, differences) {
	const { view } = segment;
	const components = tables.length;
	const count = differences.length;
	let position = segment.position;
	const shared = tables.every((table) => table === tables[0]);
	let table = tables[0];
	let lookup = table.lookup;
	let component = 0;
	for (let i = 0; i < count; i++) {
		if (!shared) {
			table = tables[component];
			lookup = table.lookup;
			component = component + 1 === components ? 0 : component + 1;
		}
		const word = view.getInt32(position >>> 3) << (position & 7);
		let entry = lookup[word >>> 20];
		if ((entry & 128) === 0) {
			position += entry & 127;
			differences[i] = entry >> 8;
			continue;
		}
		if ((entry & 127) === 0) {
			entry = searchCode$1(table, word >>> 16);
			if (entry === 0) {
				segment.advance(position);
				throw new RawFileError("A lossless JPEG has a code that its Huffman table lacks", {
					offset: segment.fileOffset(),
					hint: "The file is damaged"
				});
			}
			if ((entry & 128) === 0) {
				position += entry & 127;
				differences[i] = entry >> 8;
				continue;
			}
		}
		const length = entry & 31;
		const category = entry >> 8;
		let value;
		if (length + category <= WORD_BITS$1) value = word << length >>> 32 - category;
		else {
			const after = position + length;
			value = view.getInt32(after >>> 3) << (after & 7) >>> 32 - category;
		}
		position += length + category;
		differences[i] = value < 1 << category - 1 ? value - (1 << category) + 1 : value;
	}
	segment.advance(position);
}
/** The canonical search for a code longer than the lookup (T.81 F.2.2.3): its entry, 0 where no code fits. */
function searchCode$1(table, next16) {
	const { maxCode, delta, values } = table.codes;
	for (let length = 13; length <= 16; length++) {
		const code = next16 >>> 16 - length;
		if (code <= maxCode[length]) {
			const category = values[delta[length] + code];
			return bareEntry(category, length, table.category16HasBits);
		}
	}
	return 0;
}
/** The entry of a code whose further bits, if any, are not looked at. */
function bareEntry(category, length, category16HasBits) {
	if (category === 0) return length;
	if (category === 16 && !category16HasBits) return 8388608 | length;
	return category << 8 | 128 | length;
}
/**
* Adds the prediction to a row's differences, modulo 2^16 (T.81 H.1.2).
*
* @param predictor 1 to 7, or 0 for the first row of a restart interval
* @returns all samples or'ed together, which shows whether one has too many bits
*/
function predictRow(predictor, differences, above, row, components, start) {
	const count = row.length;
	let seen = 0;
	for (let i = 0; i < components; i++) {
		row[i] = (predictor === 0 ? start : above[i]) + differences[i];
		seen |= row[i];
	}
	switch (predictor) {
		case 2:
			for (let i = components; i < count; i++) {
				const value = above[i] + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		case 3:
			for (let i = components; i < count; i++) {
				const value = above[i - components] + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		case 4:
			for (let i = components; i < count; i++) {
				const value = row[i - components] + above[i] - above[i - components] + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		case 5:
			for (let i = components; i < count; i++) {
				const slope = above[i] - above[i - components] >> 1;
				const value = row[i - components] + slope + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		case 6:
			for (let i = components; i < count; i++) {
				const slope = row[i - components] - above[i - components] >> 1;
				const value = above[i] + slope + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		case 7:
			for (let i = components; i < count; i++) {
				const value = (row[i - components] + above[i] >> 1) + differences[i] & 65535;
				row[i] = value;
				seen |= value;
			}
			break;
		default: if (components === 1) {
			let left = row[0];
			for (let i = 1; i < count; i++) {
				left = left + differences[i] & 65535;
				row[i] = left;
				seen |= left;
			}
		} else if (components === 2) {
			let left = row[0];
			let right = row[1];
			for (let i = 2; i < count; i += 2) {
				left = left + differences[i] & 65535;
				right = right + differences[i + 1] & 65535;
				row[i] = left;
				row[i + 1] = right;
				seen |= left | right;
			}
		} else for (let i = components; i < count; i++) {
			const value = row[i - components] + differences[i] & 65535;
			row[i] = value;
			seen |= value;
		}
	}
	return seen;
}
function parseHeader(bytes, fileOffset, category16HasBits) {
	const fail = jpegFailure(fileOffset);
	const tables = [
		void 0,
		void 0,
		void 0,
		void 0
	];
	let frame;
	let restartInterval = 0;
	for (const segment of markerSegments(bytes, fail)) {
		const { marker, position, body, end } = segment;
		const length = end - body;
		if (marker === Marker.DHT) for (const table of readHuffmanTables(bytes, segment, fail)) {
			if (table.tableClass !== 0) continue;
			if (table.values.some((value) => value >= CATEGORIES)) fail("A Huffman table has a category above 16", position);
			tables[table.destination] = table;
		}
		else if (marker === Marker.SOF3) {
			if (frame !== void 0) fail("A JPEG stream has two frame headers", position);
			if (length < 6) fail("A JPEG frame header is too short", position);
			const bits = bytes[body];
			const height = bytes[body + 1] << 8 | bytes[body + 2];
			const width = bytes[body + 3] << 8 | bytes[body + 4];
			const components = bytes[body + 5];
			if (bits < 2 || bits > 16) fail(`A lossless JPEG has ${bits} bits per sample`, body);
			if (width === 0 || height === 0) fail(`A lossless JPEG has the size ${width} × ${height}`, body);
			if (components < 1 || components > 4) fail(`A lossless JPEG has ${components} components`, body);
			if (length < 6 + 3 * components) fail("A JPEG frame header is too short", position);
			const ids = [];
			for (let c = 0; c < components; c++) {
				ids.push(bytes[body + 6 + 3 * c]);
				if (components > 1 && bytes[body + 7 + 3 * c] !== 17) fail("A lossless JPEG has subsampled components", body, "No DNG has them; convert the file anew");
			}
			frame = {
				width,
				height,
				bits,
				ids
			};
		} else if (isOtherFrame(marker)) fail(`A JPEG of type SOF${marker - Marker.SOF0} stands where a lossless one is expected`, position, "The file names the wrong compression");
		else if (marker === Marker.DRI) {
			if (length !== 2) fail("A JPEG restart interval has the wrong length", position);
			restartInterval = bytes[body] << 8 | bytes[body + 1];
		} else if (marker === Marker.SOS) {
			if (frame === void 0) return fail("A JPEG scan comes before its frame header", position);
			const { width, height, bits, ids } = frame;
			const components = ids.length;
			if (bytes[body] !== components) fail("A lossless JPEG codes its components in several scans", position, "Convert the file anew");
			if (length !== 4 + 2 * components) fail("A JPEG scan header has the wrong length", position);
			const decoding = /* @__PURE__ */ new Map();
			const chosen = [];
			for (let c = 0; c < components; c++) {
				if (bytes[body + 1 + 2 * c] !== ids[c]) fail("A JPEG scan names an unknown component", position);
				const destination = bytes[body + 2 + 2 * c] >> 4;
				const codes = tables[destination];
				if (codes === void 0) return fail("A JPEG scan names a Huffman table that is absent", position);
				const table = decoding.get(destination) ?? buildDecodingTable(codes, category16HasBits);
				decoding.set(destination, table);
				chosen.push(table);
			}
			const predictor = bytes[body + 1 + 2 * components];
			const pointTransform = bytes[body + 3 + 2 * components] & 15;
			if (predictor < 1 || predictor > 7) fail(`A lossless JPEG has the predictor ${predictor}`, position);
			if (pointTransform >= bits) fail("A lossless JPEG drops all of its bits", position);
			if (restartInterval % width !== 0) fail("A lossless JPEG restarts within a row", position, "T.81 H.1.1 forbids it; convert the file anew");
			return {
				width,
				height,
				components,
				bits,
				predictor,
				pointTransform,
				restartInterval,
				tables: chosen,
				dataStart: end
			};
		}
	}
	return fail("A JPEG stream has no scan", bytes.length);
}
function buildDecodingTable(codes, category16HasBits) {
	const lookup = new Int32Array(LOOKUP_SIZE).fill(128);
	forEachCode(codes, (code, length, category) => {
		if (length <= LOOKUP_BITS$1) fillLookup(lookup, code, length, category, category16HasBits);
	});
	return {
		lookup,
		codes,
		category16HasBits
	};
}
function fillLookup(lookup, code, length, category, category16HasBits) {
	const spare = LOOKUP_BITS$1 - length;
	const first = code << spare;
	const last = first + (1 << spare);
	if (category > 0 && category <= spare) for (let at = first; at < last; at++) {
		const value = at - first >>> spare - category;
		const difference = value < 1 << category - 1 ? value - (1 << category) + 1 : value;
		lookup[at] = difference << 8 | length + category;
	}
	else lookup.fill(bareEntry(category, length, category16HasBits), first, last);
}
/**
* Encodes samples as a lossless JPEG (ITU-T T.81 Annex H) with Huffman tables made for them, one per component.
*
* @param samples rows of `width * components` samples, components interleaved
* @param width columns, 1 to 65535
* @param height rows, 1 to 65535
* @param components 1 to 4
* @param bits 2 to 16; each sample is below `2 ** bits`
* @returns a whole JPEG stream, SOI to EOI
* @throws RangeError where an argument or a sample is out of its range
*/
function encodeLosslessJpeg(samples, width, height, components, bits, options = {}) {
	const rowLength = width * components;
	const { predictor = 1, offset = 0, stride = rowLength, restartRows = 0 } = options;
	if (!isWithin(width, 1, 65535) || !isWithin(height, 1, 65535)) throw new RangeError(`A lossless JPEG cannot be ${width} × ${height}`);
	if (!isWithin(components, 1, 4)) throw new RangeError(`A lossless JPEG cannot have ${components} components`);
	if (!isWithin(bits, 2, 16)) throw new RangeError(`A lossless JPEG cannot have ${bits} bits per sample`);
	if (!isWithin(predictor, 1, 7)) throw new RangeError(`Lossless JPEG has no predictor ${predictor}`);
	if (!isWithin(restartRows * width, 0, 65535)) throw new RangeError(`A lossless JPEG cannot restart every ${restartRows} rows of ${width}`);
	if (offset < 0 || stride < rowLength || offset + (height - 1) * stride + rowLength > samples.length) throw new RangeError("The samples to encode reach beyond their array");
	const differences = new Int16Array(rowLength * height);
	let seen = 0;
	for (let y = 0; y < height; y++) {
		const first = restartRows === 0 ? y === 0 : y % restartRows === 0;
		const from = offset + y * stride;
		const row = samples.subarray(from, from + rowLength);
		const above = y === 0 ? row : samples.subarray(from - stride, from - stride + rowLength);
		const out = differences.subarray(y * rowLength, (y + 1) * rowLength);
		seen |= differenceRow(first ? 0 : predictor, row, above, out, components, 1 << bits - 1);
	}
	if (seen >>> bits !== 0) throw new RangeError(`A sample to encode has more than ${bits} bits`);
	const tables = [];
	for (let c = 0; c < components; c++) {
		const histogram = new Float64Array(CATEGORIES);
		for (let i = c; i < differences.length; i += components) histogram[categoryOf(differences[i])]++;
		tables.push(buildEncodingTable(histogram));
	}
	const header = [255, Marker.SOI];
	header.push(255, Marker.SOF3, 0, 8 + 3 * components, bits, height >> 8, height & 255, width >> 8, width & 255);
	header.push(components);
	for (let c = 0; c < components; c++) header.push(c + 1, 17, 0);
	for (let c = 0; c < components; c++) {
		const { counts, values } = tables[c];
		header.push(255, Marker.DHT, 0, 19 + values.length, c, ...counts, ...values);
	}
	const interval = restartRows * width;
	if (interval > 0) header.push(255, Marker.DRI, 0, 4, interval >> 8, interval & 255);
	header.push(255, Marker.SOS, 0, 6 + 2 * components, components);
	for (let c = 0; c < components; c++) header.push(c + 1, c << 4);
	header.push(predictor, 0, 0);
	const writer = new BitWriter(header, differences.length);
	const rowsPerSegment = restartRows === 0 ? height : restartRows;
	for (let y = 0; y < height; y += rowsPerSegment) {
		if (y > 0) writer.marker(Marker.RST0 + (y / rowsPerSegment - 1 & 7));
		writer.encode(differences.subarray(y * rowLength, Math.min(y + rowsPerSegment, height) * rowLength), tables);
	}
	writer.marker(Marker.EOI);
	return writer.finish();
}
function isWithin(value, low, high) {
	return Number.isInteger(value) && value >= low && value <= high;
}
/** The difference's category, T.81 table H.2. */
function categoryOf(difference) {
	return 32 - Math.clz32(Math.abs(difference));
}
/**
* Subtracts the prediction from a row's samples.
*
* @param predictor 1 to 7, or 0 for the first row of a restart interval
* @returns all samples or'ed together
*/
function differenceRow(predictor, row, above, differences, components, start) {
	let seen = 0;
	for (let i = 0; i < components; i++) {
		seen |= row[i];
		differences[i] = row[i] - (predictor === 0 ? start : above[i]);
	}
	for (let i = components; i < row.length; i++) {
		const value = row[i];
		seen |= value;
		const left = row[i - components];
		const up = above[i];
		const corner = above[i - components];
		let prediction = left;
		switch (predictor) {
			case 2:
				prediction = up;
				break;
			case 3:
				prediction = corner;
				break;
			case 4:
				prediction = left + up - corner;
				break;
			case 5:
				prediction = left + (up - corner >> 1);
				break;
			case 6:
				prediction = up + (left - corner >> 1);
				break;
			case 7: prediction = left + up >> 1;
		}
		differences[i] = value - prediction;
	}
	return seen;
}
/**
* The best prefix code with lengths up to 16 bits, by the package-merge algorithm (Larmore and Hirschberg, "A fast
* algorithm for optimal length-limited Huffman codes", J. ACM 37(3), 1990). No code is all ones (T.81 annex C): a
* symbol that never occurs takes it.
*/
function buildEncodingTable(histogram) {
	const reserved = histogram.length;
	const leaves = [{
		weight: 0,
		symbols: [reserved]
	}];
	histogram.forEach((weight, symbol) => {
		if (weight > 0) leaves.push({
			weight,
			symbols: [symbol]
		});
	});
	leaves.sort((a, b) => a.weight - b.weight);
	let packages = leaves;
	for (let length = 1; length < 16; length++) {
		const merged = [...leaves];
		for (let i = 0; i + 1 < packages.length; i += 2) {
			const [a, b] = [packages[i], packages[i + 1]];
			merged.push({
				weight: a.weight + b.weight,
				symbols: [...a.symbols, ...b.symbols]
			});
		}
		packages = merged.sort((a, b) => a.weight - b.weight);
	}
	const lengths = new Uint8Array(reserved + 1);
	for (const { symbols } of packages.slice(0, 2 * leaves.length - 2)) for (const symbol of symbols) lengths[symbol]++;
	const order = leaves.map(({ symbols }) => symbols[0]).sort((a, b) => lengths[a] - lengths[b] || a - b).filter((symbol) => symbol !== reserved);
	const counts = new Array(16).fill(0);
	const codes = new Uint16Array(reserved);
	let code = 0;
	let previous = 0;
	for (const symbol of order) {
		const length = lengths[symbol];
		code <<= length - previous;
		codes[symbol] = code++;
		counts[length - 1]++;
		previous = length;
	}
	return {
		counts,
		values: order,
		codes,
		lengths: lengths.subarray(0, reserved)
	};
}
/** Entropy-coded data with stuffed zeros, behind a header. */
var BitWriter = class {
	buffer;
	used;
	pending = 0;
	pendingBits = 0;
	constructor(header, samples) {
		this.buffer = new Uint8Array(header.length + samples * 2 + 64);
		this.buffer.set(header);
		this.used = header.length;
	}
	/** Writes the codes of interleaved components' differences. */
	encode(differences, tables) {
		const components = tables.length;
		let { buffer, used, pending, pendingBits } = this;
		let component = 0;
		for (let i = 0; i < differences.length; i++) {
			if (used + 12 > buffer.length) {
				const longer = new Uint8Array(buffer.length * 2);
				longer.set(buffer);
				buffer = longer;
			}
			const difference = differences[i];
			const category = 32 - Math.clz32(Math.abs(difference));
			const table = tables[component];
			component = component + 1 === components ? 0 : component + 1;
			pending = pending << table.lengths[category] | table.codes[category];
			pendingBits += table.lengths[category];
			while (pendingBits >= 8) {
				pendingBits -= 8;
				const byte = pending >>> pendingBits & 255;
				buffer[used++] = byte;
				if (byte === 255) buffer[used++] = 0;
			}
			if (category > 0 && category < 16) {
				const value = difference < 0 ? difference + (1 << category) - 1 : difference;
				pending = pending << category | value;
				pendingBits += category;
				while (pendingBits >= 8) {
					pendingBits -= 8;
					const byte = pending >>> pendingBits & 255;
					buffer[used++] = byte;
					if (byte === 255) buffer[used++] = 0;
				}
			}
		}
		this.buffer = buffer;
		this.used = used;
		this.pending = pending;
		this.pendingBits = pendingBits;
	}
	/** Fills the last byte with ones (T.81 F.1.2.3) and writes a marker. */
	marker(code) {
		const longer = this.used + 4 > this.buffer.length ? new Uint8Array(this.used + 64) : void 0;
		if (longer !== void 0) {
			longer.set(this.buffer);
			this.buffer = longer;
		}
		if (this.pendingBits > 0) {
			const spare = 8 - this.pendingBits;
			const byte = (this.pending << spare | (1 << spare) - 1) & 255;
			this.buffer[this.used++] = byte;
			if (byte === 255) this.buffer[this.used++] = 0;
			this.pendingBits = 0;
		}
		this.buffer[this.used++] = 255;
		this.buffer[this.used++] = code;
	}
	finish() {
		return this.buffer.slice(0, this.used);
	}
};
// packages/raw/dist/codecs/packed-bits.js
/**
* Unpacks samples that lie bit to bit, most significant first, each row beginning on a byte (TIFF 6.0 with FillOrder 1;
* DNG, BitsPerSample: whatever the file's byte order).
*
* @param bits bits per sample, 1 to 16
* @throws RawFileError where there are too few bytes
*/
function unpackBits(bytes, bits, target, fileOffset = 0) {
	if (!(bits >= 1 && bits <= 16)) throw new RangeError(`Samples of ${bits} bits cannot be unpacked`);
	const { samples, offset, stride, rowLength, columns, rows } = target;
	checkPlacement(target, rowLength * rows, fileOffset);
	const rowBytes = Math.ceil(rowLength * bits / 8);
	const needed = rows === 0 ? 0 : rowBytes * (rows - 1) + Math.ceil(columns * bits / 8);
	if (bytes.length < needed) throw new RawFileError(`Packed samples have ${bytes.length} bytes where ${needed} are needed`, {
		offset: fileOffset,
		hint: "The file is truncated"
	});
	for (let y = 0; y < rows; y++) unpackRow(bytes, y * rowBytes, bits, samples, offset + y * stride, columns);
}
function unpackRow(bytes, from, bits, samples, to, count) {
	let at = from;
	let i = to;
	const end = to + count;
	if (bits === 12) for (; i + 2 <= end; i += 2, at += 3) {
		const middle = bytes[at + 1];
		samples[i] = bytes[at] << 4 | middle >> 4;
		samples[i + 1] = (middle & 15) << 8 | bytes[at + 2];
	}
	else if (bits === 14) for (; i + 4 <= end; i += 4, at += 7) {
		const b1 = bytes[at + 1];
		const b3 = bytes[at + 3];
		const b5 = bytes[at + 5];
		samples[i] = bytes[at] << 6 | b1 >> 2;
		samples[i + 1] = (b1 & 3) << 12 | bytes[at + 2] << 4 | b3 >> 4;
		samples[i + 2] = (b3 & 15) << 10 | bytes[at + 4] << 2 | b5 >> 6;
		samples[i + 3] = (b5 & 63) << 8 | bytes[at + 6];
	}
	else if (bits === 10) for (; i + 4 <= end; i += 4, at += 5) {
		const b1 = bytes[at + 1];
		const b2 = bytes[at + 2];
		const b3 = bytes[at + 3];
		samples[i] = bytes[at] << 2 | b1 >> 6;
		samples[i + 1] = (b1 & 63) << 4 | b2 >> 4;
		samples[i + 2] = (b2 & 15) << 6 | b3 >> 2;
		samples[i + 3] = (b3 & 3) << 8 | bytes[at + 4];
	}
	const mask = (1 << bits) - 1;
	let pending = 0;
	let pendingBits = 0;
	for (; i < end; i++) {
		while (pendingBits < bits) {
			pending = pending << 8 | bytes[at++];
			pendingBits += 8;
		}
		pendingBits -= bits;
		samples[i] = pending >>> pendingBits & mask;
	}
}
// packages/raw/dist/codecs/tile-samples.js
/** TIFF Predictor (317): 1 none, 2 horizontal, 3 floating point, and DNG 1.4's over two and four columns. */
const Predictor = {
	none: 1,
	horizontal: 2,
	float: 3,
	horizontalX2: 34892,
	horizontalX4: 34893,
	floatX2: 34894,
	floatX4: 34895
};
/**
* Turns the bytes of a tile into samples: byte order, horizontal differencing (TIFF 6.0 section 14), the floating
* point predictor (Adobe Photoshop TIFF Technical Note 3), half and 24-bit floats (DNG, SampleFormat).
* 32-bit integers are for a float target, which holds them exactly up to 2^24.
*
* @param target its samples are `Uint16Array` for integers of 8 and 16 bits, else `Float32Array`
* @throws RawFileError for a layout that DNG does not have, and where there are too few bytes
*/
function placeTileSamples(bytes, layout, target, fileOffset = 0) {
	const { bitsPerSample, float, samplesPerPixel } = layout;
	const { rowLength, columns, rows, samples } = target;
	const byFloat = float && isFloatPredictor(layout.predictor);
	const distance = predictorDistance(layout, fileOffset) * samplesPerPixel;
	if (!(float ? [
		16,
		24,
		32
	] : [
		8,
		16,
		32
	]).includes(bitsPerSample)) throw new RawFileError(`Tiles of ${bitsPerSample}-bit ${float ? "floats" : "integers"} are not supported`, {
		offset: fileOffset,
		tag: "BitsPerSample"
	});
	if ((float || bitsPerSample === 32) !== samples instanceof Float32Array) throw new RangeError("The target array does not suit the sample format");
	checkPlacement(target, rowLength * rows, fileOffset);
	const rowBytes = rowLength * (bitsPerSample / 8);
	const lastRow = distance === 0 ? columns * (bitsPerSample / 8) : rowBytes;
	const needed = rows === 0 ? 0 : rowBytes * (rows - 1) + lastRow;
	if (bytes.length < needed) throw new RawFileError(`A tile has ${bytes.length} bytes where ${needed} are needed`, {
		offset: fileOffset,
		hint: "The file is truncated"
	});
	if (samples instanceof Uint16Array) {
		const to = {
			...target,
			samples
		};
		const row = new Uint16Array(rowLength);
		for (let y = 0; y < rows; y++) {
			readIntegers(bytes.subarray(y * rowBytes, Math.min((y + 1) * rowBytes, bytes.length)), layout, row);
			if (distance > 0) {
				const mask = bitsPerSample === 8 ? 255 : 65535;
				for (let i = distance; i < rowLength; i++) row[i] = row[i] + row[i - distance] & mask;
			}
			placeRun(to, row, y * rowLength);
		}
		return;
	}
	const to = {
		...target,
		samples
	};
	const words = new Uint32Array(rowLength);
	const row = new Float32Array(words.buffer);
	const scratch = new Uint8Array(byFloat ? rowBytes : 0);
	for (let y = 0; y < rows; y++) {
		const source = bytes.subarray(y * rowBytes, Math.min((y + 1) * rowBytes, bytes.length));
		if (byFloat) {
			scratch.set(source);
			for (let i = distance; i < rowBytes; i++) scratch[i] += scratch[i - distance];
			joinPlanes(scratch, words);
		} else {
			readWords(source, layout, words);
			for (let i = distance; distance > 0 && i < rowLength; i++) words[i] += words[i - distance];
		}
		if (!float) for (let i = 0; i < rowLength; i++) row[i] = words[i];
		else if (bitsPerSample === 16) for (let i = 0; i < rowLength; i++) words[i] = widenFloat(words[i], 5, 10);
		else if (bitsPerSample === 24) for (let i = 0; i < rowLength; i++) words[i] = widenFloat(words[i], 7, 16);
		placeRun(to, row, y * rowLength);
	}
}
function isFloatPredictor(predictor) {
	return predictor === Predictor.float || predictor === Predictor.floatX2 || predictor === Predictor.floatX4;
}
/** Pixels between a sample and the one that predicts it, 0 for no prediction. */
function predictorDistance({ predictor, float }, fileOffset) {
	switch (predictor) {
		case Predictor.none: return 0;
		case Predictor.horizontal:
		case Predictor.float:
			if (!float && predictor === Predictor.float) break;
			return 1;
		case Predictor.horizontalX2: return 2;
		case Predictor.horizontalX4: return 4;
		case Predictor.floatX2:
			if (!float) break;
			return 2;
		case Predictor.floatX4:
			if (!float) break;
			return 4;
	}
	throw new RawFileError(`The predictor ${predictor} does not fit the samples`, {
		offset: fileOffset,
		tag: "Predictor"
	});
}
function readIntegers(source, { bitsPerSample, littleEndian }, row) {
	if (bitsPerSample === 8) {
		row.set(source);
		return;
	}
	const [low, high] = littleEndian ? [0, 1] : [1, 0];
	const count = source.length >> 1;
	for (let i = 0; i < count; i++) row[i] = source[2 * i + low] | source[2 * i + high] << 8;
}
function readWords(source, { bitsPerSample, littleEndian }, words) {
	const size = bitsPerSample / 8;
	const count = Math.floor(source.length / size);
	for (let i = 0; i < count; i++) {
		let word = 0;
		for (let k = 0; k < size; k++) word = word << 8 | source[i * size + (littleEndian ? size - 1 - k : k)];
		words[i] = word;
	}
}
/** Technical Note 3: a row's bytes lie in planes, the most significant first, whatever the file's byte order. */
function joinPlanes(planes, words) {
	const count = words.length;
	words.fill(0);
	for (let from = 0; from < planes.length; from += count) for (let i = 0; i < count; i++) words[i] = words[i] << 8 | planes[from + i];
}
/**
* A small float's bits as those of a 32-bit float.
*
* @param exponentBits width of the exponent, biased by `2 ** (exponentBits - 1) - 1`
*/
function widenFloat(word, exponentBits, mantissaBits) {
	const bias = (1 << exponentBits - 1) - 1;
	const sign = word >>> exponentBits + mantissaBits << 31;
	let exponent = word >>> mantissaBits & (1 << exponentBits) - 1;
	let mantissa = word & (1 << mantissaBits) - 1;
	if (exponent === (1 << exponentBits) - 1) return sign | 2139095040 | mantissa << 23 - mantissaBits;
	if (exponent === 0) {
		if (mantissa === 0) return sign;
		const shift = Math.clz32(mantissa) - (31 - mantissaBits);
		mantissa = mantissa << shift & (1 << mantissaBits) - 1;
		exponent = 1 - shift;
	}
	return sign | exponent - bias + 127 << 23 | mantissa << 23 - mantissaBits;
}
// packages/raw/dist/codecs/vc5-codebook.js
/**
* Codebook 17, the one of VC-5's highpass bands (SMPTE ST 2073-1; its values as GoPro's gpr publishes them, table17):
* four numbers per code, by length and code: code length in bits, code, run length, magnitude. A run of 1 has a
* magnitude that, unless zero, a sign bit follows; longer runs are of zeros; a run of 0 ends a band.
*/
const VC5_CODEBOOK = [
	1,
	0,
	1,
	0,
	2,
	2,
	1,
	1,
	3,
	7,
	1,
	2,
	5,
	25,
	1,
	3,
	6,
	48,
	1,
	4,
	6,
	54,
	1,
	5,
	7,
	99,
	1,
	6,
	7,
	105,
	12,
	0,
	7,
	107,
	1,
	7,
	7,
	111,
	1,
	8,
	8,
	209,
	20,
	0,
	8,
	212,
	1,
	9,
	8,
	220,
	1,
	10,
	9,
	393,
	1,
	11,
	9,
	394,
	32,
	0,
	9,
	416,
	1,
	12,
	9,
	427,
	1,
	13,
	10,
	784,
	1,
	14,
	10,
	790,
	1,
	15,
	10,
	835,
	60,
	0,
	10,
	852,
	1,
	16,
	10,
	885,
	1,
	17,
	10,
	887,
	1,
	18,
	11,
	1571,
	1,
	19,
	11,
	1668,
	1,
	20,
	11,
	1669,
	100,
	0,
	11,
	1707,
	1,
	21,
	11,
	1772,
	1,
	22,
	12,
	3140,
	1,
	23,
	12,
	3164,
	1,
	24,
	12,
	3166,
	1,
	25,
	12,
	3413,
	1,
	26,
	12,
	3537,
	1,
	27,
	12,
	3539,
	1,
	28,
	12,
	3547,
	1,
	29,
	13,
	6283,
	1,
	30,
	13,
	6331,
	1,
	31,
	13,
	6335,
	180,
	0,
	13,
	6824,
	1,
	32,
	13,
	7072,
	1,
	33,
	13,
	7076,
	1,
	34,
	13,
	7077,
	320,
	0,
	13,
	7093,
	1,
	35,
	14,
	12565,
	1,
	36,
	14,
	12661,
	1,
	37,
	14,
	12669,
	1,
	38,
	14,
	13651,
	1,
	39,
	14,
	14184,
	1,
	40,
	15,
	25128,
	1,
	41,
	15,
	25320,
	1,
	42,
	15,
	25336,
	1,
	43,
	15,
	27300,
	1,
	44,
	15,
	28293,
	1,
	45,
	15,
	28295,
	1,
	46,
	15,
	28371,
	1,
	47,
	16,
	50259,
	1,
	48,
	16,
	50643,
	1,
	49,
	16,
	50675,
	1,
	50,
	16,
	56584,
	1,
	51,
	16,
	56588,
	1,
	52,
	16,
	56740,
	1,
	53,
	17,
	100516,
	1,
	54,
	17,
	101285,
	1,
	55,
	17,
	101349,
	1,
	56,
	17,
	109205,
	1,
	57,
	17,
	109207,
	1,
	58,
	17,
	113171,
	1,
	59,
	17,
	113482,
	1,
	60,
	17,
	113483,
	1,
	61,
	18,
	202568,
	1,
	62,
	18,
	202696,
	1,
	63,
	18,
	218408,
	1,
	64,
	18,
	218412,
	1,
	65,
	18,
	226340,
	1,
	66,
	18,
	226356,
	1,
	67,
	18,
	226358,
	1,
	68,
	19,
	402068,
	1,
	69,
	19,
	405138,
	1,
	70,
	19,
	405394,
	1,
	71,
	19,
	436818,
	1,
	72,
	19,
	436826,
	1,
	73,
	19,
	452682,
	1,
	74,
	19,
	452714,
	1,
	75,
	19,
	452718,
	1,
	76,
	20,
	804138,
	1,
	77,
	20,
	810279,
	1,
	78,
	20,
	810790,
	1,
	79,
	20,
	873638,
	1,
	80,
	20,
	873654,
	1,
	81,
	20,
	905366,
	1,
	82,
	20,
	905430,
	1,
	83,
	20,
	905438,
	1,
	84,
	21,
	1608278,
	1,
	85,
	21,
	1620557,
	1,
	86,
	21,
	1621582,
	1,
	87,
	21,
	1621583,
	1,
	88,
	21,
	1747310,
	1,
	89,
	21,
	1810734,
	1,
	90,
	21,
	1810735,
	1,
	91,
	21,
	1810863,
	1,
	92,
	21,
	1810879,
	1,
	93,
	22,
	3241112,
	1,
	94,
	22,
	3494556,
	1,
	95,
	22,
	3494557,
	1,
	96,
	22,
	3494622,
	1,
	97,
	22,
	3494623,
	1,
	98,
	22,
	3621725,
	1,
	99,
	22,
	3621757,
	1,
	100,
	23,
	6433117,
	1,
	101,
	23,
	6482227,
	1,
	102,
	23,
	6989117,
	1,
	103,
	23,
	6989118,
	1,
	104,
	23,
	6989119,
	1,
	105,
	23,
	7243449,
	1,
	106,
	23,
	7243512,
	1,
	107,
	24,
	12866232,
	1,
	108,
	24,
	12964453,
	1,
	109,
	24,
	13978232,
	1,
	110,
	24,
	13978233,
	1,
	111,
	24,
	14486896,
	1,
	112,
	24,
	14486897,
	1,
	113,
	24,
	14487026,
	1,
	114,
	24,
	14487027,
	1,
	115,
	25,
	25732466,
	1,
	237,
	25,
	25732467,
	1,
	238,
	25,
	25732472,
	1,
	172,
	25,
	25732473,
	1,
	173,
	25,
	25732474,
	1,
	170,
	25,
	25732475,
	1,
	171,
	25,
	25732476,
	1,
	227,
	25,
	25732477,
	1,
	162,
	25,
	25732478,
	1,
	156,
	25,
	25732479,
	1,
	157,
	25,
	25732480,
	1,
	243,
	25,
	25732481,
	1,
	134,
	25,
	25732482,
	1,
	135,
	25,
	25732483,
	1,
	136,
	25,
	25732484,
	1,
	128,
	25,
	25732485,
	1,
	129,
	25,
	25732486,
	1,
	247,
	25,
	25732487,
	1,
	127,
	25,
	25732488,
	1,
	178,
	25,
	25732489,
	1,
	179,
	25,
	25732490,
	1,
	214,
	25,
	25732491,
	1,
	118,
	25,
	25732492,
	1,
	204,
	25,
	25732493,
	1,
	205,
	25,
	25732494,
	1,
	198,
	25,
	25732495,
	1,
	199,
	25,
	25732496,
	1,
	245,
	25,
	25732497,
	1,
	246,
	25,
	25732498,
	1,
	242,
	25,
	25732499,
	1,
	244,
	25,
	25732500,
	1,
	230,
	25,
	25732501,
	1,
	119,
	25,
	25732502,
	1,
	193,
	25,
	25732503,
	1,
	194,
	25,
	25732504,
	1,
	186,
	25,
	25732505,
	1,
	187,
	25,
	25732506,
	1,
	211,
	25,
	25732507,
	1,
	190,
	25,
	25732508,
	1,
	163,
	25,
	25732509,
	1,
	164,
	25,
	25732510,
	1,
	220,
	25,
	25732511,
	1,
	221,
	25,
	25732512,
	1,
	216,
	25,
	25732513,
	1,
	217,
	25,
	25732514,
	1,
	212,
	25,
	25732515,
	1,
	213,
	25,
	25732516,
	1,
	206,
	25,
	25732517,
	1,
	208,
	25,
	25732518,
	1,
	209,
	25,
	25732519,
	1,
	210,
	25,
	25732520,
	1,
	122,
	25,
	25732521,
	1,
	248,
	25,
	25732522,
	1,
	235,
	25,
	25732523,
	1,
	148,
	25,
	25732524,
	1,
	253,
	25,
	25732525,
	1,
	254,
	25,
	25732526,
	1,
	123,
	25,
	25732527,
	1,
	124,
	25,
	25732528,
	1,
	215,
	25,
	25732529,
	1,
	117,
	25,
	25732530,
	1,
	234,
	25,
	25732531,
	1,
	236,
	25,
	25732532,
	1,
	142,
	25,
	25732533,
	1,
	143,
	25,
	25732534,
	1,
	153,
	25,
	25732535,
	1,
	154,
	25,
	25732536,
	1,
	176,
	25,
	25732537,
	1,
	177,
	25,
	25732538,
	1,
	174,
	25,
	25732539,
	1,
	175,
	25,
	25732540,
	1,
	184,
	25,
	25732541,
	1,
	185,
	25,
	25732542,
	1,
	240,
	25,
	25732543,
	1,
	241,
	25,
	25732544,
	1,
	239,
	25,
	25732545,
	1,
	141,
	25,
	25732546,
	1,
	139,
	25,
	25732547,
	1,
	140,
	25,
	25732548,
	1,
	125,
	25,
	25732549,
	1,
	126,
	25,
	25732550,
	1,
	130,
	25,
	25732551,
	1,
	131,
	25,
	25732552,
	1,
	228,
	25,
	25732553,
	1,
	229,
	25,
	25732554,
	1,
	232,
	25,
	25732555,
	1,
	233,
	25,
	25732556,
	1,
	132,
	25,
	25732557,
	1,
	133,
	25,
	25732558,
	1,
	137,
	25,
	25732559,
	1,
	138,
	25,
	25732560,
	1,
	255,
	25,
	25732562,
	1,
	249,
	25,
	25732563,
	1,
	250,
	25,
	25732564,
	1,
	251,
	25,
	25732565,
	1,
	252,
	25,
	25732566,
	1,
	120,
	25,
	25732567,
	1,
	121,
	25,
	25732568,
	1,
	222,
	25,
	25732569,
	1,
	224,
	25,
	25732570,
	1,
	218,
	25,
	25732571,
	1,
	219,
	25,
	25732572,
	1,
	200,
	25,
	25732573,
	1,
	201,
	25,
	25732574,
	1,
	191,
	25,
	25732575,
	1,
	192,
	25,
	25732576,
	1,
	149,
	25,
	25732577,
	1,
	150,
	25,
	25732578,
	1,
	151,
	25,
	25732579,
	1,
	152,
	25,
	25732580,
	1,
	146,
	25,
	25732581,
	1,
	147,
	25,
	25732582,
	1,
	144,
	25,
	25732583,
	1,
	145,
	25,
	25732584,
	1,
	165,
	25,
	25732585,
	1,
	166,
	25,
	25732586,
	1,
	167,
	25,
	25732587,
	1,
	168,
	25,
	25732588,
	1,
	158,
	25,
	25732589,
	1,
	159,
	25,
	25732590,
	1,
	223,
	25,
	25732591,
	1,
	169,
	25,
	25732592,
	1,
	207,
	25,
	25732593,
	1,
	197,
	25,
	25732594,
	1,
	202,
	25,
	25732595,
	1,
	203,
	25,
	25732596,
	1,
	188,
	25,
	25732597,
	1,
	189,
	25,
	25732598,
	1,
	225,
	25,
	25732599,
	1,
	226,
	25,
	25732600,
	1,
	195,
	25,
	25732601,
	1,
	196,
	25,
	25732602,
	1,
	182,
	25,
	25732603,
	1,
	183,
	25,
	25732604,
	1,
	231,
	25,
	25732605,
	1,
	155,
	25,
	25732606,
	1,
	160,
	25,
	25732607,
	1,
	161,
	25,
	25928904,
	1,
	180,
	25,
	25928905,
	1,
	181,
	26,
	51465122,
	1,
	116,
	26,
	51465123,
	0,
	1
];
// packages/raw/dist/codecs/vc5.js
/** The bitstream's start marker, "VC-5". */
const START_MARKER = 1447243061;
/** Tags of the bitstream (SMPTE ST 2073-1 and -3); a negative tag may be skipped by a reader that does not know it. */
const Tag = {
	channelCount: 12,
	subbandCount: 14,
	imageWidth: 20,
	imageHeight: 21,
	lowpassPrecision: 35,
	subbandNumber: 48,
	quantization: 53,
	channelNumber: 62,
	imageFormat: 84,
	bitsPerComponent: 101,
	maxBitsPerComponent: 102,
	patternWidth: 106,
	patternHeight: 107,
	componentsPerSample: 108,
	prescaleShift: 109,
	/** Bits 13 and 14 mark chunks: both a codeblock, one with a size of 24 bits. */
	smallChunk: 16384,
	largeChunk: 8192,
	codeblock: 24576,
	largeMetadata: 24832
};
/** Tags that say nothing about the samples. */
const IGNORED_TAGS = /* @__PURE__ */ new Set([
	Tag.imageFormat,
	Tag.bitsPerComponent,
	Tag.maxBitsPerComponent
]);
/** A mosaic's sum, difference and two colour channels. */
const CHANNELS = 4;
const LEVELS = 3;
const SUBBANDS = 10;
/** Per subband: its wavelet, 2 the smallest, and its band there: 0 low-low, 1 low-high, 2 high-low, 3 high-high. */
const SUBBAND_LEVEL = [
	2,
	2,
	2,
	2,
	1,
	1,
	1,
	0,
	0,
	0
];
const SUBBAND_BAND = [
	0,
	1,
	2,
	3,
	1,
	2,
	3,
	1,
	2,
	3
];
/** Components have 12 bits. */
const COMPONENT_BITS = 12;
/** The best that the codebook does is a run of 320 in 13 bits. */
const MAX_COEFFICIENTS_PER_BYTE = 200;
/** The filters at a border take three rows or columns. */
const MIN_BAND_SIZE = 3;
const LOOKUP_BITS = 13;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS = 25;
/** Longest code of the codebook. */
const MAX_CODE_LENGTH = 26;
/** `run << 16 | magnitude << 8 | code length` by the next LOOKUP_BITS bits, 0 for a longer code. */
const LOOKUP = /* @__PURE__ */ new Int32Array(8192);
/** The longer codes, by length and code. */
const LONG_CODES = /* @__PURE__ */ new Map();
const longKey = (length, code) => length * 2 ** MAX_CODE_LENGTH + code;
for (let i = 0; i < VC5_CODEBOOK.length; i += 4) {
	const [length, code, run, magnitude] = VC5_CODEBOOK.slice(i, i + 4);
	if (length <= LOOKUP_BITS) {
		const spare = LOOKUP_BITS - length;
		LOOKUP.fill(run << 16 | magnitude << 8 | length, code << spare, code + 1 << spare);
	} else LONG_CODES.set(longKey(length, code), {
		length,
		run,
		magnitude
	});
}
/** Magnitudes are coded through a cubic curve: x + 768 x³ / 255³. */
const EXPANDED = Int32Array.from({ length: 256 }, (_, x) => x + Math.floor(768 * x * x * x / 255 ** 3));
/**
* Decodes a VC-5 picture as GoPro's GPR files hold it (SMPTE ST 2073-1 and -3; DNG compression 9): four channels of a
* Bayer mosaic, each in three levels of a 2/6 wavelet, and a logarithmic curve.
*
* @throws RawFileError where the stream is damaged, ends early or is no Bayer mosaic
*/
function decodeVc5(bytes, options = {}) {
	const { fileOffset = 0, cfaPattern = [
		0,
		1,
		1,
		2
	], bits = 14 } = options;
	if (bits < COMPONENT_BITS || bits > 16) throw new RangeError(`VC-5 gives 12 to 16 bits, not ${bits}`);
	const { width, height, channels } = readChannels(bytes, fileOffset);
	const target = options.target ?? {
		samples: new Uint16Array(width * height),
		offset: 0,
		stride: width,
		rowLength: width,
		columns: width,
		rows: height
	};
	checkPlacement(target, width * height, fileOffset);
	if (target.rowLength !== width) throw new RawFileError(`A VC-5 picture ${width} wide does not fit a tile ${target.rowLength} wide`, { offset: fileOffset });
	packMosaic(channels, width, height, cfaPattern, bits, target);
	return {
		width,
		height,
		samples: target.samples
	};
}
/** Reads the tags and decodes every channel. */
function readChannels(bytes, fileOffset) {
	const fail = (problem, position, hint = "The file is damaged") => {
		throw new RawFileError(problem, {
			offset: fileOffset + position,
			hint
		});
	};
	const padded = new Uint8Array(bytes.length + 8);
	padded.set(bytes);
	const view = new DataView(padded.buffer);
	let width = 0;
	let height = 0;
	let lowpassPrecision = 16;
	let quantization = 1;
	let prescale = 0;
	let subband = 0;
	let channel = 0;
	let wavelets = [];
	const channels = [];
	if (bytes.length < 4 || view.getUint32(0) !== START_MARKER) fail("This is not a VC-5 stream", 0);
	let position = 4;
	while (channels.length < CHANNELS) {
		if (position + 4 > bytes.length) fail("A VC-5 picture ends before its last channel", position, "The file is truncated");
		const signed = view.getInt16(position);
		const value = view.getUint16(position + 2);
		const tag = Math.abs(signed);
		const start = position;
		position += 4;
		switch (tag) {
			case Tag.imageWidth:
			case Tag.imageHeight:
				if (wavelets.length > 0) fail("A VC-5 picture changes its size", start);
				if (tag === Tag.imageWidth) width = value;
				else height = value;
				continue;
			case Tag.channelCount:
				if (value !== CHANNELS) fail(`A VC-5 picture has ${value} channels, not a mosaic's 4`, start);
				continue;
			case Tag.subbandCount:
				if (value !== SUBBANDS) fail(`A VC-5 picture has ${value} subbands, not 10`, start);
				continue;
			case Tag.patternWidth:
			case Tag.patternHeight:
				if (value !== 2) fail("A VC-5 picture has a colour pattern that is not 2 × 2", start);
				continue;
			case Tag.componentsPerSample:
				if (value !== 1) fail(`A VC-5 picture has ${value} components per sample, not a mosaic's 1`, start);
				continue;
			case Tag.lowpassPrecision:
				if (value < 8 || value > 16) fail(`A VC-5 picture has a lowpass precision of ${value} bits`, start);
				lowpassPrecision = value;
				continue;
			case Tag.quantization:
				quantization = value;
				continue;
			case Tag.prescaleShift:
				prescale = value;
				continue;
			case Tag.subbandNumber:
				if (value !== subband) fail(`A VC-5 picture has subband ${value} in the place of ${subband}`, start);
				continue;
			case Tag.channelNumber:
				if (value !== channel) fail(`A VC-5 picture has channel ${value} in the place of ${channel}`, start);
				continue;
		}
		if (IGNORED_TAGS.has(tag)) continue;
		const isLarge = (tag & Tag.largeChunk) !== 0;
		const size = 4 * (isLarge ? (tag & 255) << 16 | value : value);
		if ((tag & 32512) === Tag.codeblock) {
			const end = position + size;
			if (end > bytes.length) fail("A VC-5 codeblock reaches beyond its picture", start, "The file is truncated");
			if (wavelets.length === 0) wavelets = allocateWavelets(width, height, bytes.length, (problem) => fail(problem, start));
			const wavelet = wavelets[SUBBAND_LEVEL[subband]];
			const coefficients = new Int16Array(wavelet.width * wavelet.height);
			if (subband === 0) readLowpass(view, position, end, lowpassPrecision, coefficients, fileOffset);
			else readHighpass(view, position, end, quantization, coefficients, fileOffset);
			wavelet.bands[SUBBAND_BAND[subband]] = coefficients;
			position = end;
			subband++;
			if (subband === SUBBANDS) {
				channels.push(reconstruct(wavelets, width / 2, height / 2, prescale));
				subband = 0;
				channel++;
			}
		} else if ((tag & 32512) === Tag.largeMetadata || (tag & 24576) === Tag.smallChunk) {
			if (signed >= 0) fail(`A VC-5 picture has a required chunk ${tag} that is not known`, start);
			position += size;
		} else if (!isLarge && signed >= 0) fail(`A VC-5 picture has a required tag ${tag} that is not known`, start);
	}
	return {
		width,
		height,
		channels
	};
}
function allocateWavelets(width, height, available, fail) {
	if (width % 2 !== 0 || height % 2 !== 0) fail(`A VC-5 mosaic has the odd size ${width} × ${height}`);
	if (width * height > available * MAX_COEFFICIENTS_PER_BYTE) fail(`A VC-5 picture of ${width} × ${height} has too little data`);
	const wavelets = [];
	let across = width / 2;
	let down = height / 2;
	for (let level = 0; level < LEVELS; level++) {
		across = Math.ceil(across / 2);
		down = Math.ceil(down / 2);
		wavelets.push({
			width: across,
			height: down,
			bands: [
				void 0,
				void 0,
				void 0,
				void 0
			]
		});
	}
	if (across < MIN_BAND_SIZE || down < MIN_BAND_SIZE) fail(`A VC-5 picture has the size ${width} × ${height}`);
	return wavelets;
}
function truncated(position) {
	return new RawFileError("A VC-5 codeblock ends before its last coefficient", {
		offset: position,
		hint: "The file is damaged"
	});
}
/** The smallest wavelet's low-low band: plain numbers, bit to bit. */
function readLowpass(view, start, end, precision, coefficients, fileOffset) {
	if (start * 8 + coefficients.length * precision > end * 8) throw truncated(fileOffset + start);
	let bit = 0;
	for (let i = 0; i < coefficients.length; i++) {
		coefficients[i] = view.getInt32(start + (bit >>> 3)) << (bit & 7) >>> 32 - precision;
		bit += precision;
	}
}
/** A highpass band: runs of zeros and magnitudes with signs, expanded and multiplied by the quantization. */
function readHighpass(view, start, end, quantization, coefficients, fileOffset) {
	const values = EXPANDED.map((value) => Math.min(32767, value * quantization));
	const count = coefficients.length;
	const endBit = (end - start) * 8;
	let bit = 0;
	let index = 0;
	for (;;) {
		if (bit >= endBit) throw truncated(fileOffset + start + (bit >>> 3));
		const at = start + (bit >>> 3);
		const word = view.getInt32(at) << (bit & 7);
		const entry = LOOKUP[word >>> 19];
		let length;
		let run;
		let magnitude;
		if (entry !== 0) {
			length = entry & 255;
			magnitude = entry >> 8 & 255;
			run = entry >> 16;
		} else {
			const found = searchCode((word | view.getUint8(at + 4) >>> 8 - (bit & 7)) >>> 0);
			if (found === void 0) throw new RawFileError("A VC-5 codeblock has a code that its codebook lacks", { offset: fileOffset + at });
			({length, run, magnitude} = found);
		}
		bit += length;
		if (run === 0) break;
		if (index + run > count) throw new RawFileError("A VC-5 codeblock has too many coefficients", {
			offset: fileOffset + at,
			hint: "The file is damaged"
		});
		if (magnitude !== 0) {
			const isNegative = length < WORD_BITS ? word << length >>> 31 === 1 : (view.getUint8(start + (bit >>> 3)) & 128 >>> (bit & 7)) !== 0;
			bit++;
			coefficients[index] = isNegative ? -values[magnitude] : values[magnitude];
		}
		index += run;
	}
	if (index !== count || bit > endBit) throw truncated(fileOffset + start + (bit >>> 3));
}
function searchCode(word) {
	for (let length = 14; length <= MAX_CODE_LENGTH; length++) {
		const entry = LONG_CODES.get(longKey(length, word >>> 32 - length));
		if (entry !== void 0) return entry;
	}
}
/** Inverts a channel's wavelets, the smallest first. */
function reconstruct(wavelets, width, height, prescale) {
	let low = wavelets[2].bands[0];
	for (let level = 2; level >= 0; level--) {
		const wavelet = wavelets[level];
		const outWidth = level === 0 ? width : wavelets[level - 1].width;
		const outHeight = level === 0 ? height : wavelets[level - 1].height;
		low = invertWavelet(wavelet, low, outWidth, outHeight, prescale >> 14 - 2 * level & 3);
		wavelet.bands.fill(void 0);
	}
	return low;
}
const clamp16 = (value) => Math.max(-32768, Math.min(32767, value));
/**
* Inverts one wavelet: vertically the two left and the two right bands, then horizontally both results.
*
* @param prescale bits to shift the output to the left
*/
function invertWavelet({ width, height, bands }, low, outWidth, outHeight, prescale) {
	const [, lowHigh, highLow, highHigh] = bands;
	const out = new Int16Array(outWidth * outHeight);
	const evenLow = new Int16Array(width);
	const oddLow = new Int16Array(width);
	const evenHigh = new Int16Array(width);
	const oddHigh = new Int16Array(width);
	for (let row = 0; row < height; row++) {
		invertRows(low, highLow, row, width, height, evenLow, oddLow);
		invertRows(lowHigh, highHigh, row, width, height, evenHigh, oddHigh);
		invertColumns(evenLow, evenHigh, out, 2 * row * outWidth, outWidth, prescale);
		if (2 * row + 1 < outHeight) invertColumns(oddLow, oddHigh, out, (2 * row + 1) * outWidth, outWidth, prescale);
	}
	return out;
}
/**
* The 2/6 wavelet's lowpass filters, in eighths, on three neighbours: at the first row or column on itself and the two
* after it, at the last on the two before it and itself, else on the one before, itself and the one after.
*/
const EVEN_FILTERS = [
	[
		11,
		-4,
		1
	],
	[
		1,
		8,
		-1
	],
	[
		-1,
		4,
		5
	]
];
const ODD_FILTERS = [
	[
		5,
		4,
		-1
	],
	[
		-1,
		8,
		1
	],
	[
		1,
		-4,
		11
	]
];
/** Which filter a position takes: 0 the first, 2 the last, 1 between. */
function filterAt(position, last) {
	if (position === 0) return 0;
	return position === last ? 2 : 1;
}
/** Two rows from one row of a lowpass and a highpass band. */
function invertRows(low, high, row, width, height, even, odd) {
	const filter = filterAt(row, height - 1);
	const [e0, e1, e2] = EVEN_FILTERS[filter];
	const [o0, o1, o2] = ODD_FILTERS[filter];
	const first = (row - filter) * width;
	const second = first + width;
	const third = second + width;
	const highRow = row * width;
	for (let x = 0; x < width; x++) {
		const a = low[first + x];
		const b = low[second + x];
		const c = low[third + x];
		const h = high[highRow + x];
		even[x] = clamp16((e0 * a + e1 * b + e2 * c + 4 >> 3) + h >> 1);
		odd[x] = clamp16((o0 * a + o1 * b + o2 * c + 4 >> 3) - h >> 1);
	}
}
/** One row, twice as wide, from a row of lowpass and of highpass values. */
function invertColumns(low, high, out, offset, outWidth, prescale) {
	const last = low.length - 1;
	const least = prescale === 0 ? 0 : -32768;
	const most = prescale === 0 ? 16383 : 32767;
	const up = prescale === 0 ? 0 : prescale - 1;
	const down = prescale === 0 ? 1 : 0;
	const store = (x, even, odd) => {
		out[offset + 2 * x] = Math.max(least, Math.min(most, even << up >> down));
		if (2 * x + 1 < outWidth) out[offset + 2 * x + 1] = Math.max(least, Math.min(most, odd << up >> down));
	};
	for (const x of [0, last]) {
		const filter = filterAt(x, last);
		const [e0, e1, e2] = EVEN_FILTERS[filter];
		const [o0, o1, o2] = ODD_FILTERS[filter];
		const a = low[x - filter];
		const b = low[x - filter + 1];
		const c = low[x - filter + 2];
		store(x, (e0 * a + e1 * b + e2 * c + 4 >> 3) + high[x], (o0 * a + o1 * b + o2 * c + 4 >> 3) - high[x]);
	}
	let before = low[0];
	let here = low[1];
	for (let x = 1; x < last; x++) {
		const after = low[x + 1];
		const h = high[x];
		store(x, (before - after + 4 >> 3) + here + h, (after - before + 4 >> 3) + here - h);
		before = here;
		here = after;
	}
}
/** Samples are coded through a logarithmic curve: (113^x - 1) / 112 for x from 0 to 1. */
function decodingCurve(bits) {
	return Uint16Array.from({ length: 4096 }, (_, i) => Math.trunc(65535 * (113 ** (i / 4095) - 1) / 112) >> 16 - bits);
}
/**
* Puts the mosaic together: the channels are the greens' mean, half of red and of blue less that mean, and half of the
* greens' difference, the last three around 2048.
*/
function packMosaic(channels, width, height, cfaPattern, bits, target) {
	const [mean, red, blue, difference] = channels;
	const redAt = cfaPattern.indexOf(0);
	const blueAt = cfaPattern.indexOf(2);
	const firstGreen = cfaPattern.indexOf(1);
	const secondGreen = cfaPattern.lastIndexOf(1);
	if (redAt < 0 || blueAt < 0 || firstGreen > 1 || secondGreen < 2) throw new RawFileError("A VC-5 picture needs a Bayer pattern", { tag: "CFAPattern" });
	const curve = decodingCurve(bits);
	const middle = 2048;
	const most = 4095;
	const linear = (value) => curve[Math.max(0, Math.min(most, value))];
	const pair = new Uint16Array(2 * width);
	const place = (position) => (position >> 1) * width + (position & 1);
	const redTo = place(redAt);
	const blueTo = place(blueAt);
	const firstTo = place(firstGreen);
	const secondTo = place(secondGreen);
	const half = width / 2;
	for (let row = 0; row < height / 2; row++) {
		for (let column = 0, i = row * half; column < half; column++, i++) {
			const green = mean[i];
			const offset = difference[i] - middle;
			pair[redTo + 2 * column] = linear(green + 2 * (red[i] - middle));
			pair[blueTo + 2 * column] = linear(green + 2 * (blue[i] - middle));
			pair[firstTo + 2 * column] = linear(green + offset);
			pair[secondTo + 2 * column] = linear(green - offset);
		}
		placeRun(target, pair, 2 * row * width);
	}
}
// packages/raw/dist/dng/segments.js
/** An array for all samples of a planned picture: 16-bit integers, or floats where the file has floats or 32 bits. */
function allocateSamples(plan) {
	const length = plan.width * plan.height * plan.samplesPerPixel;
	try {
		return plan.float || plan.bitsPerSample > 16 ? new Float32Array(length) : new Uint16Array(length);
	} catch (cause) {
		throw new RawFileError(`there is no memory for a picture of ${plan.width} × ${plan.height}`, {
			hint: "Close other programs, or lower the limit on pixels",
			cause
		});
	}
}
function placeOf(plan, index) {
	const perPlane = plan.segmentsAcross * plan.segmentsDown;
	const inPlane = index % perPlane;
	const top = Math.floor(inPlane / plan.segmentsAcross) * plan.segmentHeight;
	const left = inPlane % plan.segmentsAcross * plan.segmentWidth;
	const rows = Math.min(plan.segmentHeight, plan.height - top);
	return {
		plane: Math.floor(index / perPlane),
		top,
		left,
		rows,
		columns: Math.min(plan.segmentWidth, plan.width - left),
		storedRows: plan.padded ? plan.segmentHeight : rows,
		planes: plan.planar ? 1 : plan.samplesPerPixel
	};
}
/** Copies rows of samples that lie in the file as they do in memory. */
function copyRows(bytes, target) {
	const { samples, offset, stride, rowLength, columns, rows } = target;
	const size = samples.BYTES_PER_ELEMENT;
	const out = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
	if (columns === rowLength && columns === stride) {
		out.set(bytes.subarray(0, rows * rowLength * size), offset * size);
		return;
	}
	for (let row = 0; row < rows; row++) {
		const from = row * rowLength * size;
		out.set(bytes.subarray(from, from + columns * size), (offset + row * stride) * size);
	}
}
function placeUncompressed(bytes, plan, index, target, fileOffset) {
	const bitsPerSample = uncompressedSize(plan, index, bytes.length).unpacked ? 16 : plan.bitsPerSample;
	if (bitsPerSample === target.samples.BYTES_PER_ELEMENT * 8 && plan.littleEndian === HOST_LITTLE_ENDIAN && (plan.float || bitsPerSample === 16)) {
		checkPlacement(target, Math.floor(bytes.length / target.samples.BYTES_PER_ELEMENT), fileOffset);
		copyRows(bytes, target);
	} else if (bitsPerSample === 8 || bitsPerSample === 16 || bitsPerSample === 24 || bitsPerSample === 32) placeTileSamples(bytes, {
		...plan,
		bitsPerSample,
		samplesPerPixel: 1,
		predictor: 1
	}, target, fileOffset);
	else unpackBits(bytes, bitsPerSample, integers(target, fileOffset), fileOffset);
}
function integers(target, fileOffset) {
	const { samples } = target;
	if (samples instanceof Uint16Array) return {
		...target,
		samples
	};
	throw new RawFileError("this compression holds integers of at most 16 bits", { offset: fileOffset });
}
/** Puts a picture that a codec decoded on its own in its place. */
function placePicture(picture, target, planes, fileOffset) {
	const { samples, offset, stride, columns, rows } = target;
	const rowLength = picture.width * picture.components;
	if (picture.components !== planes || rowLength < columns || picture.height < rows) throw new RawFileError(`a tile of ${picture.width} × ${picture.height} × ${picture.components} stands where ${columns / planes} × ${rows} × ${planes} is expected`, {
		offset: fileOffset,
		hint: "The file is damaged"
	});
	if (picture.samples instanceof Float32Array !== samples instanceof Float32Array) throw new RawFileError("a tile has integers where floats are expected, or the reverse", { offset: fileOffset });
	for (let row = 0; row < rows; row++) samples.set(picture.samples.subarray(row * rowLength, row * rowLength + columns), offset + row * stride);
}
/** A JPEG whose tables lie in JPEGTables (TIFF Technical Note 2): the tables without their end, the data without its start. */
function withJpegTables(file, plan, jpeg) {
	if (plan.jpegTables === void 0 || plan.jpegTables.length < 4) return jpeg;
	const { offset, length } = plan.jpegTables;
	const whole = new Uint8Array(length - 2 + jpeg.length - 2);
	whole.set(file.subarray(offset, offset + length - 2));
	whole.set(jpeg.subarray(2), length - 2);
	return whole;
}
function decodeInto(file, plan, index, target, { storedRows, planes }, codecs) {
	const fileOffset = plan.offsets[index];
	const bytes = file.subarray(fileOffset, fileOffset + plan.lengths[index]);
	switch (plan.compression) {
		case COMPRESSION.none:
			placeUncompressed(bytes, plan, index, target, fileOffset);
			break;
		case COMPRESSION.jpeg:
			decodeLosslessJpeg(bytes, {
				target: integers(target, fileOffset),
				fileOffset,
				category16HasBits: plan.category16HasBits
			});
			break;
		case COMPRESSION.deflate:
		case COMPRESSION.deflateOld: {
			const length = target.rowLength * storedRows * (plan.bitsPerSample / 8);
			const layout = {
				...plan,
				samplesPerPixel: planes
			};
			placeTileSamples(inflate(bytes, length, fileOffset), layout, target, fileOffset);
			break;
		}
		case COMPRESSION.lossyJpeg:
			placePicture(decodeBaselineJpeg(withJpegTables(file, plan, bytes), { fileOffset }), target, planes, fileOffset);
			break;
		case COMPRESSION.jpegXl:
			if (codecs.jpegXl === void 0) throw new RawFileError("JPEG XL tiles need a decoder that is loaded first", {
				offset: fileOffset,
				hint: "Open the file with openRaw"
			});
			placePicture(codecs.jpegXl.decode(bytes, target.rowLength * storedRows, fileOffset), target, planes, fileOffset);
			break;
		case COMPRESSION.vc5:
			decodeVc5(bytes, {
				target: integers(target, fileOffset),
				fileOffset,
				...plan.vc5
			});
			break;
		default: throw new RawFileError(`${compressionName(plan.compression)} is not read`, { offset: fileOffset });
	}
}
/** Where a row or column of interleaved fields belongs: the fields lie one after the other in the file. */
function deinterleave(at, length, factor) {
	const size = Math.floor(length / factor);
	const longer = length % factor;
	const split = longer * (size + 1);
	if (at < split) return at % (size + 1) * factor + Math.floor(at / (size + 1));
	return (at - split) % size * factor + longer + Math.floor((at - split) / size);
}
/** Puts a tile in its place whose blocks, planes, rows or columns are not in the picture's order. */
function scatter(plan, place, tile, samples) {
	const { planes, top, left, rows, columns, plane, storedRows } = place;
	const { subTileRows, subTileColumns, segmentWidth } = plan;
	const blockRows = storedRows % subTileRows === 0 ? subTileRows : storedRows;
	const blocksAcross = segmentWidth / subTileColumns;
	const columnOf = Array.from({ length: columns }, (_, column) => deinterleave(left + column, plan.width, plan.columnInterleave));
	for (let row = 0; row < rows; row++) {
		const to = deinterleave(top + row, plan.height, plan.rowInterleave) * plan.width;
		const blockRow = Math.floor(row / blockRows);
		for (let column = 0; column < columns; column++) {
			const block = blockRow * blocksAcross + Math.floor(column / subTileColumns);
			const inBlock = row % blockRows * subTileColumns + column % subTileColumns;
			const from = (block * blockRows * subTileColumns + inBlock) * planes;
			const at = (to + columnOf[column]) * plan.samplesPerPixel + plane;
			for (let k = 0; k < planes; k++) samples[at + k] = tile[from + k];
		}
	}
}
/**
* Decodes one segment (a tile or strip) of a planned picture into its place. Segments do not touch each other's
* samples, so workers can decode them in any order into shared memory.
*
* @param file the whole file
* @param plan how the samples lie in it, see {@link inspectRaw}
* @param index the segment, 0 to `plan.offsets.length - 1`
* @param samples all of the picture's samples, see {@link allocateSamples}
* @param codecs decoders that the plan's compression needs and that load lazily
* @throws RawFileError where the segment is damaged
*/
function decodeSegment(file, plan, index, samples, codecs = {}) {
	if (samples.length !== plan.width * plan.height * plan.samplesPerPixel) throw new RangeError("The samples have another size than the plan");
	const place = placeOf(plan, index);
	const { top, left, rows, columns, planes, storedRows } = place;
	const rowLength = plan.segmentWidth * planes;
	if (!plan.planar && plan.rowInterleave === 1 && plan.columnInterleave === 1 && plan.subTileRows === 1 && plan.subTileColumns === 1) {
		const stride = plan.width * planes;
		decodeInto(file, plan, index, {
			samples,
			offset: top * stride + left * planes,
			stride,
			rowLength,
			columns: columns * planes,
			rows
		}, place, codecs);
		return;
	}
	const tile = samples instanceof Float32Array ? new Float32Array(rowLength * storedRows) : new Uint16Array(rowLength * storedRows);
	decodeInto(file, plan, index, {
		samples: tile,
		offset: 0,
		stride: rowLength,
		rowLength,
		columns: rowLength,
		rows: storedRows
	}, place, codecs);
	scatter(plan, place, tile, samples);
}
/** Decodes all segments of a planned picture, one after the other. */
function decodeSegments(file, plan, codecs = {}) {
	const samples = allocateSamples(plan);
	for (let index = 0; index < plan.offsets.length; index++) decodeSegment(file, plan, index, samples, codecs);
	return samples;
}
/** Exif LightSource "other": the illuminant's white is in IlluminantData. */
const ILLUMINANT_OTHER = 255;
/** Encoding numbers of ProfileHueSatMapEncoding and ProfileLookTableEncoding. */
const ENCODINGS = ["linear", "srgb"];
const CALIBRATION_TAGS = [
	{
		illuminant: Tag$1.CalibrationIlluminant1,
		illuminantData: Tag$1.IlluminantData1,
		colorMatrix: Tag$1.ColorMatrix1,
		forwardMatrix: Tag$1.ForwardMatrix1,
		cameraCalibration: Tag$1.CameraCalibration1,
		hueSatMap: Tag$1.ProfileHueSatMapData1
	},
	{
		illuminant: Tag$1.CalibrationIlluminant2,
		illuminantData: Tag$1.IlluminantData2,
		colorMatrix: Tag$1.ColorMatrix2,
		forwardMatrix: Tag$1.ForwardMatrix2,
		cameraCalibration: Tag$1.CameraCalibration2,
		hueSatMap: Tag$1.ProfileHueSatMapData2
	},
	{
		illuminant: Tag$1.CalibrationIlluminant3,
		illuminantData: Tag$1.IlluminantData3,
		colorMatrix: Tag$1.ColorMatrix3,
		forwardMatrix: Tag$1.ForwardMatrix3,
		cameraCalibration: Tag$1.CameraCalibration3,
		hueSatMap: Tag$1.ProfileHueSatMapData3
	}
];
function tagError(ifd, tag, problem) {
	const offset = ifd.entry(tag)?.offset;
	return new RawFileError(problem, {
		tag: String(tag),
		...offset === void 0 ? {} : { offset }
	});
}
function finiteNumbers(ifd, tag) {
	const values = ifd.numbers(tag);
	if (values?.some((value) => !Number.isFinite(value))) throw tagError(ifd, tag, "a colour tag has a value that is not a finite number");
	return values;
}
function readMatrix(ifd, tag) {
	const values = finiteNumbers(ifd, tag);
	if (values === void 0 || values.length === 3) return void 0;
	if (values.length !== 9) throw tagError(ifd, tag, `a colour matrix of ${values.length} values: only three-colour cameras are read`);
	return values;
}
/** IlluminantData1..3: a type number 0 and then x and y as rationals; a spectrum (type 1) is not turned into xy. */
function readIlluminantWhite(ifd, tag, littleEndian) {
	const bytes = ifd.bytes(tag);
	if (bytes === void 0 || bytes.length < 18) return void 0;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint16(0, littleEndian) !== 0) return void 0;
	const rational = (at) => view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
	const [x, y] = [rational(2), rational(10)];
	return x > 0 && y > 0 && x + y <= 1 ? {
		x,
		y
	} : void 0;
}
function readHueSatMap(ifd, dimsTag, dataTag, encodingTag) {
	if (!ifd.has(dataTag)) return void 0;
	const dims = ifd.numbers(dimsTag) ?? [];
	const [hueDivisions, satDivisions, valDivisions = 1] = dims;
	const entries = hueDivisions * satDivisions * valDivisions;
	if (!(hueDivisions >= 1 && satDivisions >= 2 && valDivisions >= 1 && entries <= 1048576)) throw tagError(ifd, dimsTag, `a hue/saturation table of ${dims.join(" × ")} divisions`);
	const data = ifd.floats(dataTag);
	if (data?.length !== entries * 3 || !data.every(Number.isFinite)) throw tagError(ifd, dataTag, `a hue/saturation table of ${entries} entries needs ${entries * 3} finite numbers`);
	const encoding = ENCODINGS[ifd.number(encodingTag) ?? 0];
	if (encoding === void 0) throw tagError(ifd, encodingTag, "an unknown encoding of a hue/saturation table");
	return {
		hueDivisions,
		satDivisions,
		valDivisions,
		encoding,
		data
	};
}
/**
* Reads the colour tags of IFD0 (DNG 1.6, chapters 5 and 6). The camera calibrations count only where their
* signature equals the profile's (CameraCalibrationSignature, 50931; ProfileCalibrationSignature, 50932).
*
* @throws RawFileError where a matrix is not 3×3 or a table contradicts its dimensions
*/
function readColorProfile(ifd, littleEndian) {
	const calibrated = (ifd.text(Tag$1.CameraCalibrationSignature) ?? "") === (ifd.text(Tag$1.ProfileCalibrationSignature) ?? "");
	const calibrations = [];
	for (const tags of CALIBRATION_TAGS) {
		const colorMatrix = readMatrix(ifd, tags.colorMatrix);
		const forwardMatrix = readMatrix(ifd, tags.forwardMatrix);
		if (colorMatrix === void 0 && forwardMatrix === void 0) continue;
		const illuminant = ifd.number(tags.illuminant) ?? 0;
		const whiteXy = illuminant === ILLUMINANT_OTHER ? readIlluminantWhite(ifd, tags.illuminantData, littleEndian) : void 0;
		const cameraCalibration = calibrated ? readMatrix(ifd, tags.cameraCalibration) : void 0;
		const hueSatMap = readHueSatMap(ifd, Tag$1.ProfileHueSatMapDims, tags.hueSatMap, Tag$1.ProfileHueSatMapEncoding);
		calibrations.push({
			illuminant,
			...whiteXy && { whiteXy },
			...colorMatrix && { colorMatrix },
			...forwardMatrix && { forwardMatrix },
			...cameraCalibration && { cameraCalibration },
			...hueSatMap && { hueSatMap }
		});
	}
	const name = ifd.text(Tag$1.ProfileName);
	const copyright = ifd.text(Tag$1.ProfileCopyright);
	const analogBalance = finiteNumbers(ifd, Tag$1.AnalogBalance);
	const lookTable = readHueSatMap(ifd, Tag$1.ProfileLookTableDims, Tag$1.ProfileLookTableData, Tag$1.ProfileLookTableEncoding);
	const toneCurve = readToneCurve(ifd);
	const baselineExposureOffset = finiteNumbers(ifd, Tag$1.BaselineExposureOffset)?.[0];
	const defaultBlackRender = ifd.number(Tag$1.DefaultBlackRender);
	return {
		calibrations,
		...name !== void 0 && { name },
		...copyright !== void 0 && { copyright },
		...analogBalance && { analogBalance },
		...lookTable && { lookTable },
		...toneCurve && { toneCurve },
		...baselineExposureOffset !== void 0 && { baselineExposureOffset },
		...defaultBlackRender !== void 0 && { defaultBlackRender }
	};
}
function readToneCurve(ifd) {
	const curve = ifd.floats(Tag$1.ProfileToneCurve);
	if (curve === void 0) return void 0;
	const ordered = curve.every((value, i) => Number.isFinite(value) && (i < 2 || i % 2 === 1 || value >= curve[i - 2]));
	if (curve.length < 4 || curve.length % 2 === 1 || !ordered) throw tagError(ifd, Tag$1.ProfileToneCurve, "a tone curve needs two or more points whose inputs do not fall");
	return curve;
}
function illuminantData({ x, y }, littleEndian) {
	const bytes = /* @__PURE__ */ new Uint8Array(18);
	const view = new DataView(bytes.buffer);
	const [xn, xd, yn, yd] = Array.from(rationalField(Tag$1.IlluminantData1, [x, y]).values);
	[
		xn,
		xd,
		yn,
		yd
	].forEach((value, i) => {
		view.setUint32(2 + 4 * i, value, littleEndian);
	});
	return bytes;
}
function hueSatFields(map, dimsTag, encodingTag) {
	return [{
		tag: dimsTag,
		type: "long",
		values: [
			map.hueDivisions,
			map.satDivisions,
			map.valDivisions
		]
	}, {
		tag: encodingTag,
		type: "long",
		values: [ENCODINGS.indexOf(map.encoding)]
	}];
}
/** The fields of IFD0 that say what {@link readColorProfile} reads. */
function colorProfileFields(color, littleEndian) {
	const fields = [];
	if (color.calibrations.length > CALIBRATION_TAGS.length) throw new RangeError(`A DNG holds at most ${CALIBRATION_TAGS.length} colour calibrations`);
	color.calibrations.forEach((calibration, i) => {
		const tags = CALIBRATION_TAGS[i];
		fields.push({
			tag: tags.illuminant,
			type: "short",
			values: [calibration.illuminant]
		});
		if (calibration.whiteXy !== void 0 && calibration.illuminant === ILLUMINANT_OTHER) {
			const values = illuminantData(calibration.whiteXy, littleEndian);
			fields.push({
				tag: tags.illuminantData,
				type: "undefined",
				values
			});
		}
		for (const kind of [
			"colorMatrix",
			"forwardMatrix",
			"cameraCalibration"
		]) {
			const matrix = calibration[kind];
			if (matrix !== void 0) fields.push(rationalField(tags[kind], matrix, true));
		}
		if (calibration.hueSatMap !== void 0) fields.push({
			tag: tags.hueSatMap,
			type: "float",
			values: calibration.hueSatMap.data
		});
	});
	const hueSatMaps = color.calibrations.flatMap(({ hueSatMap }) => hueSatMap ?? []);
	if (hueSatMaps.length > 0) {
		const [map] = hueSatMaps;
		if (hueSatMaps.some((other) => other.data.length !== map.data.length || other.encoding !== map.encoding)) throw new RangeError("The hue/saturation tables of one profile have the same size and encoding");
		fields.push(...hueSatFields(map, Tag$1.ProfileHueSatMapDims, Tag$1.ProfileHueSatMapEncoding));
	}
	if (color.lookTable !== void 0) {
		fields.push(...hueSatFields(color.lookTable, Tag$1.ProfileLookTableDims, Tag$1.ProfileLookTableEncoding));
		fields.push({
			tag: Tag$1.ProfileLookTableData,
			type: "float",
			values: color.lookTable.data
		});
	}
	if (color.name !== void 0) fields.push(textField(Tag$1.ProfileName, color.name));
	if (color.copyright !== void 0) fields.push(textField(Tag$1.ProfileCopyright, color.copyright));
	if (color.analogBalance !== void 0) fields.push(rationalField(Tag$1.AnalogBalance, color.analogBalance));
	if (color.toneCurve !== void 0) fields.push({
		tag: Tag$1.ProfileToneCurve,
		type: "float",
		values: color.toneCurve
	});
	if (color.baselineExposureOffset !== void 0) fields.push(rationalField(Tag$1.BaselineExposureOffset, [color.baselineExposureOffset], true));
	if (color.defaultBlackRender !== void 0) fields.push({
		tag: Tag$1.DefaultBlackRender,
		type: "long",
		values: [color.defaultBlackRender]
	});
	return fields;
}
// packages/raw/dist/dng/exifTags.js
/** Tags of IFD0 that describe the picture rather than how it is stored. */
const DESCRIPTIVE_TAGS = /* @__PURE__ */ new Set([
	Tag$1.ImageDescription,
	Tag$1.Make,
	Tag$1.Model,
	Tag$1.Orientation,
	Tag$1.XResolution,
	Tag$1.YResolution,
	Tag$1.ResolutionUnit,
	Tag$1.Software,
	Tag$1.DateTime,
	Tag$1.Artist,
	Tag$1.Copyright
]);
/** Exif tags that TIFF/EP files have in IFD0 itself. */
const TIFF_EP_EXIF_TAGS = [
	Tag$1.ExposureTime,
	Tag$1.FNumber,
	Tag$1.ExposureProgram,
	Tag$1.ISOSpeedRatings,
	Tag$1.DateTimeOriginal,
	Tag$1.ShutterSpeedValue,
	Tag$1.ApertureValue,
	Tag$1.BrightnessValue,
	Tag$1.ExposureBiasValue,
	Tag$1.MaxApertureValue,
	Tag$1.SubjectDistance,
	Tag$1.MeteringMode,
	Tag$1.LightSource,
	Tag$1.Flash,
	Tag$1.FocalLength
];
/**
* Beginnings of maker notes whose inner offsets count from the note itself, so that they survive being moved.
* Source: the makers' headers as documented in exiftool's tag documentation and Exiv2's maker note page.
*/
const SELF_CONTAINED_MAKER_NOTES = [
	"Apple iOS\0",
	"FUJIFILM",
	"GENERALE",
	"HDRP",
	"Nikon\0",
	"OLYMPUS\0",
	"OM SYSTEM\0",
	"PENTAX \0"
];
/** The largest number of an unsigned rational stands for infinity in SubjectDistance (Exif 3.0, 4.6.6). */
const INFINITE_DISTANCE = 4294967295;
/** An ISO of 65535 in the 16-bit tag says: look at the 32-bit ones. */
const ISO_ELSEWHERE = 65535;
/** What a reader gives, or undefined where the value is broken: a bad Exif value must not cost the picture. */
function tolerant(read) {
	try {
		return read();
	} catch (error) {
		if (error instanceof TiffError) return void 0;
		throw error;
	}
}
/** Finds the Exif IFD of IFD0. */
function findExif(ifd0) {
	return {
		ifd0,
		exif: tolerant(() => ifd0.child(Tag$1.ExifIFD))
	};
}
function entry({ ifd0, exif }, tag) {
	return exif?.entry(tag) ?? ifd0.entry(tag);
}
function positive(source, tag) {
	const value = tolerant(() => entry(source, tag)?.number());
	return value !== void 0 && Number.isFinite(value) && value > 0 ? value : void 0;
}
function readIso(source) {
	const iso = positive(source, Tag$1.ISOSpeedRatings);
	if (iso !== void 0 && iso !== ISO_ELSEWHERE) return iso;
	return positive(source, Tag$1.RecommendedExposureIndex) ?? positive(source, Tag$1.ISOSpeed) ?? positive(source, Tag$1.StandardOutputSensitivity) ?? iso;
}
function readSubjectDistance(source) {
	if (tolerant(() => entry(source, Tag$1.SubjectDistance)?.rationals()[0])?.[0] === INFINITE_DISTANCE) return Number.POSITIVE_INFINITY;
	return positive(source, Tag$1.SubjectDistance);
}
/** Reads how the picture was exposed; what is absent, broken, zero or not finite stays undefined. */
function readExposure(source) {
	const exposureTime = positive(source, Tag$1.ExposureTime);
	const iso = readIso(source);
	const fNumber = positive(source, Tag$1.FNumber);
	const focalLengthMm = positive(source, Tag$1.FocalLength);
	const focalLength35mm = positive(source, Tag$1.FocalLengthIn35mmFilm);
	const subjectDistanceM = readSubjectDistance(source);
	const exposureBias = tolerant(() => entry(source, Tag$1.ExposureBiasValue)?.number());
	return {
		...exposureTime !== void 0 && { exposureTime },
		...iso !== void 0 && { iso },
		...fNumber !== void 0 && { fNumber },
		...focalLengthMm !== void 0 && { focalLengthMm },
		...focalLength35mm !== void 0 && { focalLength35mm },
		...subjectDistanceM !== void 0 && { subjectDistanceM },
		...exposureBias !== void 0 && Number.isFinite(exposureBias) && { exposureBias }
	};
}
/** A text tag of the Exif IFD or IFD0, trimmed; undefined where it is absent, broken or blank. */
function readText(source, tag) {
	const text = tolerant(() => entry(source, tag)?.text())?.trim();
	return text === "" ? void 0 : text;
}
/** DateTimeOriginal with its fraction and offset as `YYYY-MM-DDTHH:MM:SS[.sss][±HH:MM]`. */
function readTime(source) {
	const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(readText(source, Tag$1.DateTimeOriginal) ?? "");
	if (match === null) return void 0;
	const [, year, month, day, hour, minute, second] = match;
	const fraction = /^\d+/.exec(readText(source, Tag$1.SubSecTimeOriginal) ?? "")?.[0];
	const offset = /^(?:[+-]\d\d:\d\d|Z)$/.exec(readText(source, Tag$1.OffsetTimeOriginal) ?? "")?.[0];
	return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === void 0 ? "" : `.${fraction}`}${offset ?? ""}`;
}
function copyFields(ifd, keep) {
	if (ifd === void 0) return [];
	return [...ifd.entries.values()].filter(({ tag }) => keep(tag)).flatMap((each) => tolerant(() => copyField(each)) ?? []);
}
function isSelfContained(makerNote) {
	if (makerNote === void 0) return false;
	const start = String.fromCharCode(...makerNote.subarray(0, 16));
	return SELF_CONTAINED_MAKER_NOTES.some((header) => start.startsWith(header));
}
/**
* The Exif to carry over to a finished picture: a TIFF stream of IFD0's descriptive tags, the Exif and the GPS IFD.
* A maker note goes along where the file calls it safe (MakerNoteSafety, 50741) or its offsets are its own.
*
* @returns undefined where the file has none of these
*/
function carryExif({ ifd0, exif }, littleEndian) {
	const safe = tolerant(() => ifd0.number(Tag$1.MakerNoteSafety)) === 1 || isSelfContained(tolerant(() => exif?.bytes(Tag$1.MakerNote)));
	const exifFields = copyFields(exif, (tag) => tag !== Tag$1.MakerNote || safe);
	const known = new Set(exifFields.map(({ tag }) => tag));
	exifFields.push(...copyFields(ifd0, (tag) => TIFF_EP_EXIF_TAGS.includes(tag) && !known.has(tag)));
	const gpsFields = copyFields(tolerant(() => ifd0.child(Tag$1.GPSIFD)), () => true);
	const fields = copyFields(ifd0, (tag) => DESCRIPTIVE_TAGS.has(tag));
	if (fields.length + exifFields.length + gpsFields.length === 0) return void 0;
	const children = [{
		tag: Tag$1.ExifIFD,
		directories: [{ fields: exifFields }]
	}, {
		tag: Tag$1.GPSIFD,
		directories: [{ fields: gpsFields }]
	}].filter(({ directories }) => directories[0].fields.length > 0);
	return concatChunks(writeTiff([{
		fields,
		children
	}], { littleEndian }));
}
/** A fraction as people write exposure times: 1/n below a quarter of a second where it is one. */
function exposureTimeField(seconds) {
	const inverse = Math.round(1 / seconds);
	return seconds < .25 && 1 / inverse === seconds ? {
		tag: Tag$1.ExposureTime,
		type: "rational",
		values: [1, inverse]
	} : rationalField(Tag$1.ExposureTime, [seconds]);
}
function exposureFields({ exposure, lens, time }) {
	const fields = [];
	if (exposure.exposureTime !== void 0) fields.push(exposureTimeField(exposure.exposureTime));
	if (exposure.fNumber !== void 0) fields.push(rationalField(Tag$1.FNumber, [exposure.fNumber]));
	if (exposure.iso !== void 0) {
		const iso = Math.round(exposure.iso);
		fields.push({
			tag: Tag$1.ISOSpeedRatings,
			type: "short",
			values: [Math.min(iso, ISO_ELSEWHERE)]
		});
		if (iso >= ISO_ELSEWHERE) fields.push({
			tag: Tag$1.RecommendedExposureIndex,
			type: "long",
			values: [iso]
		});
	}
	if (exposure.exposureBias !== void 0) fields.push(rationalField(Tag$1.ExposureBiasValue, [exposure.exposureBias], true));
	if (exposure.subjectDistanceM !== void 0) fields.push(exposure.subjectDistanceM === Number.POSITIVE_INFINITY ? {
		tag: Tag$1.SubjectDistance,
		type: "rational",
		values: [INFINITE_DISTANCE, 1]
	} : rationalField(Tag$1.SubjectDistance, [exposure.subjectDistanceM]));
	if (exposure.focalLengthMm !== void 0) fields.push(rationalField(Tag$1.FocalLength, [exposure.focalLengthMm]));
	if (exposure.focalLength35mm !== void 0) fields.push({
		tag: Tag$1.FocalLengthIn35mmFilm,
		type: "short",
		values: [Math.round(exposure.focalLength35mm)]
	});
	if (lens !== void 0) fields.push(textField(Tag$1.LensModel, lens));
	const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d:\d\d|Z)?$/.exec(time ?? "");
	if (match !== null) {
		const [, year, month, day, clock, fraction, offset] = match;
		fields.push(textField(Tag$1.DateTimeOriginal, `${year}:${month}:${day} ${clock}`));
		if (fraction !== void 0) fields.push(textField(Tag$1.SubSecTimeOriginal, fraction));
		if (offset !== void 0) fields.push(textField(Tag$1.OffsetTimeOriginal, offset));
	}
	return fields;
}
/**
* The descriptive fields, Exif and GPS of a frame. The frame's own values win; a carried field that says the same
* stays as it was written, so that a copy of a file keeps its fractions.
*
* @throws TiffError where `frame.exif` is not a TIFF stream
*/
function exifDirectories(frame) {
	const carried = frame.exif === void 0 ? void 0 : findExif(readTiff(frame.exif).ifds[0]);
	const merge = (ifd, own, keep) => {
		const fields = new Map(copyFields(ifd, keep).map((field) => [field.tag, field]));
		for (const field of own) {
			const before = fields.get(field.tag);
			if (before === void 0 || !saysTheSame(before, field)) fields.set(field.tag, field);
		}
		return [...fields.values()];
	};
	const describing = [{
		tag: Tag$1.Orientation,
		type: "short",
		values: [frame.orientation]
	}];
	if (frame.make !== void 0) describing.push(textField(Tag$1.Make, frame.make));
	if (frame.model !== void 0) describing.push(textField(Tag$1.Model, frame.model));
	if (frame.software !== void 0) describing.push(textField(Tag$1.Software, frame.software));
	const exif = merge(carried?.exif, exposureFields(frame), () => true);
	const gps = copyFields(carried && tolerant(() => carried.ifd0.child(Tag$1.GPSIFD)), () => true);
	return {
		fields: merge(carried?.ifd0, describing, (tag) => DESCRIPTIVE_TAGS.has(tag)),
		children: [{
			tag: Tag$1.ExifIFD,
			directories: [{ fields: exif }]
		}, {
			tag: Tag$1.GPSIFD,
			directories: [{ fields: gps }]
		}].filter(({ directories }) => directories[0].fields.length > 0)
	};
}
function saysTheSame(a, b) {
	if (a.type === "ascii" && b.type === "ascii") {
		const text = ({ values }) => String.fromCharCode(...Array.from(values)).replace(/\0[\s\S]*$/, "").trim();
		return text(a) === text(b);
	}
	const value = ({ type, values }) => type === "rational" || type === "srational" ? values[0] / values[1] : values[0];
	return value(a) === value(b);
}
// packages/raw/dist/dng/storeSamples.js
/** Edge of a compressed tile where the caller asks for none. */
const DEFAULT_TILE_SIZE = 256;
const short$1 = (tag, ...values) => ({
	tag,
	type: "short",
	values
});
const long$1 = (tag, ...values) => ({
	tag,
	type: "long",
	values
});
function maximum(samples) {
	let max = 0;
	for (let i = 0; i < samples.length; i++) if (samples[i] > max) max = samples[i];
	return max;
}
/**
* Copies a tile out of the samples. Beyond the picture's edge it repeats the last whole colour pattern, which costs
* the compressor next to nothing.
*/
function cutTile(frame, samples, tile, tileSize, tileTop, tileLeft) {
	const { width, height, samplesPerPixel: planes } = frame;
	const [periodV, periodH] = [frame.cfa?.height ?? 1, frame.cfa?.width ?? 1];
	const inside = (at, end, period) => at < end ? at : Math.max(0, at - period * Math.ceil((at - end + 1) / period));
	const columns = Math.min(tileSize, width - tileLeft);
	for (let row = 0; row < tileSize; row++) {
		const from = inside(tileTop + row, height, periodV) * width * planes;
		const to = row * tileSize * planes;
		tile.set(samples.subarray(from + tileLeft * planes, from + (tileLeft + columns) * planes), to);
		for (let column = columns; column < tileSize; column++) {
			const source = from + inside(tileLeft + column, width, periodH) * planes;
			for (let plane = 0; plane < planes; plane++) tile[to + column * planes + plane] = samples[source + plane];
		}
	}
}
function asBytes({ buffer, byteOffset, byteLength }) {
	return new Uint8Array(buffer, byteOffset, byteLength);
}
function storeUncompressed({ samples, height, samplesPerPixel: planes }) {
	const bits = samples.BYTES_PER_ELEMENT * 8;
	const format = samples instanceof Float32Array ? SAMPLE_FORMAT.float : SAMPLE_FORMAT.unsigned;
	return {
		fields: [
			long$1(Tag$1.RowsPerStrip, height),
			short$1(Tag$1.Compression, COMPRESSION.none),
			short$1(Tag$1.BitsPerSample, ...new Array(planes).fill(bits)),
			short$1(Tag$1.SampleFormat, ...new Array(planes).fill(format))
		],
		data: {
			offsetsTag: Tag$1.StripOffsets,
			byteCountsTag: Tag$1.StripByteCounts,
			blocks: [asBytes(samples)]
		}
	};
}
/** Each tile's samples, coded; the tile's array is used again for the next. */
function codeTiles(frame, samples, tile, tileSize, code) {
	const blocks = [];
	for (let top = 0; top < frame.height; top += tileSize) for (let left = 0; left < frame.width; left += tileSize) {
		cutTile(frame, samples, tile, tileSize, top, left);
		blocks.push(code(tile));
	}
	return {
		data: {
			offsetsTag: Tag$1.TileOffsets,
			byteCountsTag: Tag$1.TileByteCounts,
			blocks
		},
		fields: [long$1(Tag$1.TileWidth, tileSize), long$1(Tag$1.TileLength, tileSize)]
	};
}
function storeLosslessJpeg(frame, samples, tileSize) {
	const planes = frame.samplesPerPixel;
	if (planes > 4) throw new RangeError(`A lossless JPEG holds at most 4 planes, not ${planes}`);
	const components = planes === 1 ? 2 : planes;
	const columns = tileSize * planes / components;
	const bits = Math.max(8, frame.bitsPerSample, 32 - Math.clz32(maximum(samples)));
	const { data, fields } = codeTiles(frame, samples, new Uint16Array(tileSize * tileSize * planes), tileSize, (tile) => encodeLosslessJpeg(tile, columns, tileSize, components, bits));
	return {
		data,
		fields: [
			...fields,
			short$1(Tag$1.Compression, COMPRESSION.jpeg),
			short$1(Tag$1.BitsPerSample, ...new Array(planes).fill(bits))
		]
	};
}
/**
* The floating-point predictor (Adobe Photoshop TIFF Technical Note 3): a row's bytes by significance, each but the
* first `distance` less the one `distance` before it.
*/
function predictFloats(tile, rowLength, distance) {
	const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength);
	const bytes = new Uint8Array(tile.byteLength);
	const rowBytes = rowLength * 4;
	for (let start = 0; start < bytes.length; start += rowBytes) {
		const row = bytes.subarray(start, start + rowBytes);
		for (let i = 0; i < rowLength; i++) {
			const word = view.getUint32(start + 4 * i, HOST_LITTLE_ENDIAN);
			for (let plane = 0; plane < 4; plane++) row[plane * rowLength + i] = word >>> 24 - 8 * plane;
		}
		for (let i = rowBytes - 1; i >= distance; i--) row[i] -= row[i - distance];
	}
	return bytes;
}
function storeDeflated(frame, samples, tileSize) {
	const planes = frame.samplesPerPixel;
	const predictor = planes === 1 ? Predictor.floatX2 : Predictor.float;
	const distance = planes === 1 ? 2 : planes;
	const { data, fields } = codeTiles(frame, samples, new Float32Array(tileSize * tileSize * planes), tileSize, (each) => zlibSync(predictFloats(each, tileSize * planes, distance)));
	return {
		data,
		fields: [
			...fields,
			short$1(Tag$1.Compression, COMPRESSION.deflate),
			short$1(Tag$1.Predictor, predictor),
			short$1(Tag$1.BitsPerSample, ...new Array(planes).fill(32)),
			short$1(Tag$1.SampleFormat, ...new Array(planes).fill(SAMPLE_FORMAT.float))
		]
	};
}
/**
* Stores a frame's samples.
*
* @throws RangeError where the compression does not fit the samples
*/
function storeSamples(frame, options) {
	const { samples } = frame;
	const { compression = samples instanceof Float32Array ? "deflate" : "lossless-jpeg" } = options;
	const { tileSize = DEFAULT_TILE_SIZE } = options;
	if (!(Number.isInteger(tileSize) && tileSize > 0 && tileSize % 16 === 0)) throw new RangeError(`A tile size is a multiple of 16, not ${tileSize}`);
	if (compression === "none") return storeUncompressed(frame);
	if (samples instanceof Float32Array) {
		if (compression === "deflate") return storeDeflated(frame, samples, tileSize);
		throw new RangeError("Float samples are stored deflated or uncompressed: lossless JPEG holds integers");
	}
	if (compression === "lossless-jpeg") return storeLosslessJpeg(frame, samples, tileSize);
	throw new RangeError("Integer samples are stored as lossless JPEG or uncompressed: DNG deflates floats");
}
// packages/raw/dist/dng/write.js
const short = (tag, ...values) => ({
	tag,
	type: "short",
	values
});
const long = (tag, ...values) => ({
	tag,
	type: "long",
	values
});
/** Integers as SHORT or LONG, fractions as RATIONAL. */
function levelField(tag, values) {
	if (!values.every(Number.isInteger)) return rationalField(tag, values);
	return {
		tag,
		type: values.every((value) => value < 65536) ? "short" : "long",
		values
	};
}
function areaValues({ top, left, bottom, right }) {
	return [
		top,
		left,
		bottom,
		right
	];
}
/** CFA tags; a DNG's pattern begins at the active area's corner, a frame's at the first sample. */
function cfaFields({ width, height, pattern }, { top, left }) {
	const shifted = [];
	for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) shifted.push(pattern[(row + top) % height * width + (column + left) % width]);
	return [
		short(Tag$1.CFARepeatPatternDim, height, width),
		{
			tag: Tag$1.CFAPattern,
			type: "byte",
			values: shifted
		},
		{
			tag: Tag$1.CFAPlaneColor,
			type: "byte",
			values: [
				0,
				1,
				2
			]
		},
		short(Tag$1.CFALayout, 1)
	];
}
function blackLevelFields({ repeatRows, repeatCols, values, deltaH, deltaV }) {
	const fields = [short(Tag$1.BlackLevelRepeatDim, repeatRows, repeatCols), levelField(Tag$1.BlackLevel, values)];
	if (deltaH !== void 0) fields.push(rationalField(Tag$1.BlackLevelDeltaH, deltaH, true));
	if (deltaV !== void 0) fields.push(rationalField(Tag$1.BlackLevelDeltaV, deltaV, true));
	return fields;
}
function rawFields(frame) {
	const { activeArea, defaultCrop, opcodes } = frame;
	const fields = [
		long(Tag$1.NewSubFileType, 0),
		long(Tag$1.ImageWidth, frame.width),
		long(Tag$1.ImageLength, frame.height),
		short(Tag$1.PhotometricInterpretation, frame.cfa === void 0 ? PHOTOMETRIC.linearRaw : PHOTOMETRIC.cfa),
		short(Tag$1.SamplesPerPixel, frame.samplesPerPixel),
		short(Tag$1.PlanarConfiguration, 1),
		levelField(Tag$1.WhiteLevel, frame.whiteLevel),
		long(Tag$1.ActiveArea, ...areaValues(activeArea)),
		rationalField(Tag$1.DefaultScale, frame.defaultScale),
		long(Tag$1.DefaultCropOrigin, defaultCrop.left, defaultCrop.top),
		long(Tag$1.DefaultCropSize, defaultCrop.right - defaultCrop.left, defaultCrop.bottom - defaultCrop.top)
	];
	if (frame.cfa !== void 0) fields.push(...cfaFields(frame.cfa, activeArea));
	if (frame.linearization !== void 0) fields.push({
		tag: Tag$1.LinearizationTable,
		type: "short",
		values: frame.linearization
	});
	if (frame.blackLevel !== void 0) fields.push(...blackLevelFields(frame.blackLevel));
	if (frame.maskedAreas.length > 0) fields.push(long(Tag$1.MaskedAreas, ...frame.maskedAreas.flatMap(areaValues)));
	if (frame.defaultUserCrop !== void 0) fields.push(rationalField(Tag$1.DefaultUserCrop, frame.defaultUserCrop));
	if (frame.noiseProfile !== void 0 && frame.noiseProfile.length > 0) {
		const values = frame.noiseProfile.flatMap(({ scale, offset }) => [scale, offset]);
		fields.push({
			tag: Tag$1.NoiseProfile,
			type: "double",
			values
		});
	}
	const lists = [
		[Tag$1.OpcodeList1, opcodes.list1],
		[Tag$1.OpcodeList2, opcodes.list2],
		[Tag$1.OpcodeList3, opcodes.list3]
	];
	for (const [tag, list] of lists) if (list.length > 0) fields.push({
		tag,
		type: "undefined",
		values: serializeOpcodeList(list)
	});
	return fields;
}
function latest(versions) {
	const rank = (version) => version.reduce((sum, part) => sum * 256 + part, 0);
	return versions.reduce((best, version) => rank(version) > rank(best) ? version : best);
}
/** DNGVersion and DNGBackwardVersion: what the file uses, and what a reader must know to read it rightly. */
function versionFields(frame) {
	const used = [[
		1,
		4,
		0,
		0
	]];
	const needed = [[
		1,
		1,
		0,
		0
	]];
	if (frame.samples instanceof Float32Array) needed.push([
		1,
		4,
		0,
		0
	]);
	const { calibrations } = frame.color;
	if (calibrations.length > 2 || calibrations.some(({ whiteXy }) => whiteXy !== void 0)) used.push([
		1,
		6,
		0,
		0
	]);
	const { list1, list2, list3 } = frame.opcodes;
	for (const { dngVersion, optional } of [
		...list1,
		...list2,
		...list3
	]) {
		const version = dngVersion.split(".").map(Number);
		used.push(version);
		if (!optional) needed.push(version);
	}
	return [{
		tag: Tag$1.DNGVersion,
		type: "byte",
		values: latest(used)
	}, {
		tag: Tag$1.DNGBackwardVersion,
		type: "byte",
		values: latest(needed)
	}];
}
function cameraFields(frame) {
	const { make, model } = frame;
	const camera = frame.uniqueCameraModel ?? ([make, model].filter((part) => part !== void 0).join(" ") || "Unknown");
	const fields = [
		...versionFields(frame),
		textField(Tag$1.UniqueCameraModel, camera),
		...colorProfileFields(frame.color, HOST_LITTLE_ENDIAN)
	];
	if (frame.asShotNeutral !== void 0) fields.push(rationalField(Tag$1.AsShotNeutral, frame.asShotNeutral));
	else if (frame.asShotWhite !== void 0) fields.push(rationalField(Tag$1.AsShotWhiteXY, [frame.asShotWhite.x, frame.asShotWhite.y]));
	if (frame.baselineExposure !== void 0) fields.push(rationalField(Tag$1.BaselineExposure, [frame.baselineExposure], true));
	if (frame.linearResponseLimit !== void 0) fields.push(rationalField(Tag$1.LinearResponseLimit, [frame.linearResponseLimit]));
	if (frame.xmp !== void 0) fields.push({
		tag: Tag$1.XMP,
		type: "byte",
		values: frame.xmp
	});
	return fields;
}
const PHOTOMETRIC_RGB$1 = 2;
const PHOTOMETRIC_YCBCR = 6;
function previewDirectory({ width, height, format, data }) {
	const jpeg = format === "jpeg";
	return {
		fields: [
			long(Tag$1.NewSubFileType, 1),
			long(Tag$1.ImageWidth, width),
			long(Tag$1.ImageLength, height),
			short(Tag$1.BitsPerSample, 8, 8, 8),
			short(Tag$1.Compression, jpeg ? COMPRESSION.jpeg : COMPRESSION.none),
			short(Tag$1.PhotometricInterpretation, jpeg ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB$1),
			short(Tag$1.SamplesPerPixel, 3),
			long(Tag$1.RowsPerStrip, height),
			short(Tag$1.PlanarConfiguration, 1)
		],
		data: {
			offsetsTag: Tag$1.StripOffsets,
			byteCountsTag: Tag$1.StripByteCounts,
			blocks: [data]
		}
	};
}
/**
* Writes a frame as DNG 1.4 (1.6 where it has a third illuminant), CFA or LinearRaw, with all that the frame says.
* The result's chunks are views of the frame's samples where these are stored as they are, so that a large frame can
* go to disk without a copy.
*
* @throws RangeError where the frame contradicts itself or has what the chosen compression cannot hold
* @throws TiffError where a value does not fit its tag's type, or the file would pass 4 GiB
*/
function writeDng(frame, options = {}) {
	const { width, height, samplesPerPixel, samples } = frame;
	if (samples.length !== width * height * samplesPerPixel || samples.length === 0) throw new RangeError(`A frame of ${width} × ${height} × ${samplesPerPixel} needs ${width * height * samplesPerPixel} samples, not ${samples.length}`);
	if (frame.cfa !== void 0 && samplesPerPixel !== 1) throw new RangeError("A mosaic has one sample per photosite");
	const stored = storeSamples(frame, options);
	const raw = {
		fields: [...rawFields(frame), ...stored.fields],
		data: stored.data
	};
	const { fields: describing, children } = exifDirectories(frame);
	const camera = [...cameraFields(frame), ...describing];
	const [first, ...others] = options.previews ?? [];
	if (first === void 0) return writeTiff([{
		...raw,
		fields: [...camera, ...raw.fields],
		children
	}], { littleEndian: HOST_LITTLE_ENDIAN });
	const preview = previewDirectory(first);
	const subDirectories = {
		tag: Tag$1.SubIFDs,
		directories: [raw, ...others.map(previewDirectory)]
	};
	return writeTiff([{
		...preview,
		fields: [...camera, ...preview.fields],
		children: [subDirectories, ...children]
	}], { littleEndian: HOST_LITTLE_ENDIAN });
}
// packages/raw/dist/identify.js
/** First bytes, as Latin-1, from the formats' own specifications. */
const SIGNATURES = [
	{
		kind: "picture",
		name: "JPEG",
		at: 0,
		bytes: "ÿØÿ"
	},
	{
		kind: "picture",
		name: "PNG",
		at: 0,
		bytes: "PNG\r\n\n"
	},
	{
		kind: "picture",
		name: "GIF",
		at: 0,
		bytes: "GIF8"
	},
	{
		kind: "picture",
		name: "WebP",
		at: 8,
		bytes: "WEBP"
	},
	{
		kind: "picture",
		name: "Photoshop document",
		at: 0,
		bytes: "8BPS"
	},
	{
		kind: "picture",
		name: "OpenEXR",
		at: 0,
		bytes: "v/1"
	},
	{
		kind: "picture",
		name: "JPEG XL",
		at: 0,
		bytes: "ÿ\n"
	},
	{
		kind: "picture",
		name: "JPEG XL",
		at: 4,
		bytes: "JXL \r\n\n"
	},
	{
		kind: "picture",
		name: "JPEG 2000",
		at: 4,
		bytes: "jP  \r\n\n"
	},
	{
		kind: "picture",
		name: "HEIC",
		at: 4,
		bytes: "ftyphei"
	},
	{
		kind: "picture",
		name: "HEIC",
		at: 4,
		bytes: "ftypmif1"
	},
	{
		kind: "picture",
		name: "AVIF",
		at: 4,
		bytes: "ftypavif"
	},
	{
		kind: "picture",
		name: "PDF",
		at: 0,
		bytes: "%PDF"
	},
	{
		kind: "maker",
		name: "Canon CR3",
		at: 4,
		bytes: "ftypcrx "
	},
	{
		kind: "maker",
		name: "Canon CRW",
		at: 6,
		bytes: "HEAPCCDR"
	},
	{
		kind: "maker",
		name: "Fujifilm RAF",
		at: 0,
		bytes: "FUJIFILMCCD-RAW"
	},
	{
		kind: "maker",
		name: "Panasonic RW2",
		at: 0,
		bytes: "IIU\0"
	},
	{
		kind: "maker",
		name: "Olympus ORF",
		at: 0,
		bytes: "IIRO"
	},
	{
		kind: "maker",
		name: "Olympus ORF",
		at: 0,
		bytes: "IIRS"
	},
	{
		kind: "maker",
		name: "Olympus ORF",
		at: 0,
		bytes: "MMOR"
	},
	{
		kind: "maker",
		name: "Sigma X3F",
		at: 0,
		bytes: "FOVb"
	},
	{
		kind: "maker",
		name: "Minolta MRW",
		at: 0,
		bytes: "\0MRM"
	}
];
/** Makers whose raw files are TIFF streams, by what their Make tag contains. */
const TIFF_MAKERS = [
	["NIKON", "Nikon NEF"],
	["CANON", "Canon CR2"],
	["SONY", "Sony ARW"],
	["PENTAX", "Pentax PEF"],
	["RICOH", "Pentax PEF"],
	["KODAK", "Kodak raw"],
	["SAMSUNG", "Samsung SRW"],
	["HASSELBLAD", "Hasselblad raw"],
	["PHASE ONE", "Phase One raw"],
	["LEAF", "Leaf raw"],
	["MAMIYA", "Mamiya raw"],
	["EPSON", "Epson raw"]
];
/** Pictures of TIFF that are none of a camera's raws: greyscale, RGB, palette, CMYK, YCbCr, Lab. */
const PICTURE_PHOTOMETRICS = [
	0,
	1,
	2,
	3,
	5,
	6,
	8
];
function identifyTiff(bytes) {
	let ifd0;
	try {
		[ifd0] = readTiff(bytes).ifds;
	} catch (error) {
		if (error instanceof TiffError) return {
			kind: "dng",
			name: "damaged TIFF"
		};
		throw error;
	}
	if (ifd0.has(Tag$1.DNGVersion)) return {
		kind: "dng",
		name: "DNG"
	};
	try {
		const make = (ifd0.text(Tag$1.Make) ?? "").toUpperCase();
		const maker = TIFF_MAKERS.find(([part]) => make.includes(part));
		if (maker !== void 0) return {
			kind: "maker",
			name: maker[1]
		};
		const photometric = ifd0.number(Tag$1.PhotometricInterpretation);
		if (photometric !== void 0 && PICTURE_PHOTOMETRICS.includes(photometric) && !ifd0.has(Tag$1.SubIFDs)) return {
			kind: "picture",
			name: "TIFF"
		};
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
	}
}
/** Says what a file seems to be; its name plays no part, since names lie. */
function identifyFile(bytes) {
	if (bytes.length === 0) return {
		kind: "empty",
		name: "empty file"
	};
	const start = String.fromCharCode(...bytes.subarray(0, 32));
	const signature = SIGNATURES.find((each) => start.startsWith(each.bytes, each.at));
	if (signature !== void 0) return {
		kind: signature.kind,
		name: signature.name
	};
	return (/^(?:II[*+]\0|MM\0[*+])/.test(start) ? identifyTiff(bytes) : void 0) ?? {
		kind: "unknown",
		name: "unknown format"
	};
}
// packages/raw/dist/codecs/jpeg-xl.js
/**
* Loads the JPEG XL decoder, libjxl in the optional package wasm-vips.
*
* @throws RawFileError where wasm-vips is not installed or cannot start
*/
async function openJpegXlDecoder() {
	let vips;
	try {
		const { default: start } = await import("wasm-vips");
		vips = await start({ dynamicLibraries: ["vips-jxl.wasm"] });
	} catch (cause) {
		throw new RawFileError("JPEG XL tiles need the package wasm-vips", {
			hint: "Run `npm install wasm-vips@0.0.19`",
			cause
		});
	}
	return {
		decode(bytes, maxSamples, fileOffset = 0) {
			let image;
			try {
				image = vips.Image.jxlloadBuffer(bytes, { fail_on: "warning" });
				const { width, height, bands: components } = image;
				if (width * height * components > maxSamples) throw new RawFileError(`A JPEG XL tile of ${width} × ${height} × ${components} is larger than its place`, {
					offset: fileOffset,
					hint: "The file is damaged"
				});
				const bits = image.getInt("bits-per-sample");
				const samples = image.writeToMemory();
				return {
					width,
					height,
					components,
					bits,
					samples: samples instanceof Uint8Array ? Uint16Array.from(samples) : samples
				};
			} catch (cause) {
				if (cause instanceof RawFileError) throw cause;
				throw new RawFileError("A JPEG XL tile cannot be decoded", {
					offset: fileOffset,
					hint: "The file is truncated or damaged",
					cause
				});
			} finally {
				image?.delete();
			}
		},
		close() {
			vips.shutdown();
		}
	};
}
// packages/raw/dist/dng/previews.js
/** Compression number of TIFF 6.0's own JPEG, which some cameras use for thumbnails. */
const OLD_JPEG = 6;
const PHOTOMETRIC_RGB = 2;
function onlyBlock(bytes, ifd) {
	const old = ifd.has(Tag$1.JPEGInterchangeFormat);
	const offsets = ifd.numbers(old ? Tag$1.JPEGInterchangeFormat : Tag$1.StripOffsets);
	const lengths = ifd.numbers(old ? Tag$1.JPEGInterchangeFormatLength : Tag$1.StripByteCounts);
	if (offsets?.length !== 1 || lengths?.length !== 1) return void 0;
	const end = offsets[0] + lengths[0];
	return end <= bytes.length && lengths[0] > 0 ? bytes.subarray(offsets[0], end) : void 0;
}
function readPreview(bytes, ifd) {
	const width = ifd.number(Tag$1.ImageWidth);
	const height = ifd.number(Tag$1.ImageLength);
	const data = onlyBlock(bytes, ifd);
	if (width === void 0 || height === void 0 || data === void 0) return void 0;
	const compression = ifd.number(Tag$1.Compression);
	if (compression === COMPRESSION.jpeg || compression === OLD_JPEG) return data[0] === 255 && data[1] === 216 ? {
		width,
		height,
		format: "jpeg",
		data
	} : void 0;
	return compression === COMPRESSION.none && ifd.number(Tag$1.PhotometricInterpretation) === PHOTOMETRIC_RGB && ifd.numbers(Tag$1.BitsPerSample)?.join() === "8,8,8" && data.length >= width * height * 3 ? {
		width,
		height,
		format: "rgb8",
		data: data.subarray(0, width * height * 3)
	} : void 0;
}
/**
* The previews (NewSubFileType with bit 0) among a file's directories, as views of the file. One that is broken or
* of an unusual kind is left out: it must not cost the picture.
*/
function readPreviews(bytes, ifds) {
	return ifds.flatMap((ifd) => {
		try {
			return (((ifd.number(Tag$1.NewSubFileType) ?? 0) & 1) === 1 ? readPreview(bytes, ifd) : void 0) ?? [];
		} catch (error) {
			if (error instanceof TiffError) return [];
			throw error;
		}
	});
}
// packages/raw/dist/dng/read.js
/** The newest DNG version whose backward version this reader accepts. */
const NEWEST_VERSION = [
	1,
	7,
	255,
	255
];
function compareVersions(a, b) {
	for (let i = 0; i < 4; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
	return 0;
}
function readVersion(ifd0) {
	const version = ifd0.numbers(Tag$1.DNGVersion);
	if (version === void 0) throw new RawFileError("not a DNG: DNGVersion is missing", {
		tag: tagName(Tag$1.DNGVersion),
		hint: "Open other makers' raw files with openRaw"
	});
	const needed = ifd0.numbers(Tag$1.DNGBackwardVersion) ?? version;
	if (compareVersions(needed, NEWEST_VERSION) > 0) throw new RawFileError(`a reader of DNG ${needed.join(".")} is needed`, {
		tag: tagName(Tag$1.DNGBackwardVersion),
		hint: "Versions to 1.7 are read; convert the file to an older one"
	});
	return version;
}
/** The directories of the main chain and their SubIFDs; a broken sub-directory is an error only if it is missed. */
function pictureIfds(file) {
	const ifds = [];
	let broken = file.brokenChain;
	for (const ifd of file.ifds) {
		ifds.push(ifd);
		try {
			ifds.push(...ifd.children());
		} catch (error) {
			if (!(error instanceof TiffError)) throw error;
			broken ??= error;
		}
	}
	return {
		ifds,
		broken
	};
}
/** The full-resolution raw picture: NewSubFileType 0, CFA or LinearRaw, the largest where there are several. */
function findRawIfd(ifds, broken) {
	const area = (ifd) => (ifd.number(Tag$1.ImageWidth) ?? 0) * (ifd.number(Tag$1.ImageLength) ?? 0);
	const candidates = ifds.filter((ifd) => {
		const photometric = ifd.number(Tag$1.PhotometricInterpretation);
		return (ifd.number(Tag$1.NewSubFileType) ?? 0) === 0 && (photometric === PHOTOMETRIC.cfa || photometric === PHOTOMETRIC.linearRaw);
	});
	if (candidates.length === 0) {
		if (broken !== void 0) throw broken;
		throw new RawFileError("the file holds no raw picture", {
			tag: tagName(Tag$1.PhotometricInterpretation),
			hint: "It may have been developed already"
		});
	}
	return candidates.reduce((best, ifd) => area(ifd) > area(best) ? ifd : best);
}
function readOpcodes(ifd, tag) {
	const entry = ifd.entry(tag);
	if (entry === void 0) return [];
	return parseOpcodeList(entry.bytes(), {
		tag: tagName(tag),
		offset: entry.valueOffset
	});
}
function readExif(file) {
	const source = findExif(file.ifds[0]);
	const make = readText(source, Tag$1.Make);
	const model = readText(source, Tag$1.Model);
	const lens = readText(source, Tag$1.LensModel);
	const software = readText(source, Tag$1.Software);
	const time = readTime(source);
	const exif = carryExif(source, file.littleEndian);
	return {
		exposure: readExposure(source),
		...make !== void 0 && { make },
		...model !== void 0 && { model },
		...lens !== void 0 && { lens },
		...software !== void 0 && { software },
		...time !== void 0 && { time },
		...exif && { exif }
	};
}
/** What the Exif of a TIFF-like raw file of any maker says; nothing where the file is of another kind or broken. */
function describeExif(bytes) {
	try {
		const { exposure, ...rest } = readExif(readTiff(bytes));
		return Object.keys(exposure).length === 0 ? rest : {
			...rest,
			exposure
		};
	} catch (error) {
		if (error instanceof TiffError) return {};
		throw error;
	}
}
/** GoPro's samples end at the white level's depth, whatever BitsPerSample says of the container. */
function withVc5(plan, cfa, white) {
	if (cfa?.kind !== "bayer" || (plan.segmentWidth | plan.segmentHeight) & 1) throw new RawFileError("VC-5 of other than a Bayer mosaic", {
		tag: tagName(Tag$1.Compression),
		hint: "Convert the file with Adobe DNG Converter"
	});
	const bits = Math.min(16, Math.max(12, 32 - Math.clz32(white)));
	return {
		...plan,
		vc5: {
			cfaPattern: cfa.pattern,
			bits
		}
	};
}
function describe(file, limits) {
	const [ifd0] = file.ifds;
	const version = readVersion(ifd0);
	const { ifds, broken } = pictureIfds(file);
	const raw = findRawIfd(ifds, broken);
	const plan = planSegments(file, raw, compareVersions(version, [
		1,
		1,
		0,
		0
	]) < 0, limits);
	const activeArea = readActiveArea(raw, plan);
	const cfa = readCfa(raw, activeArea);
	if (cfa !== void 0 && plan.samplesPerPixel !== 1) throw new RawFileError(`a mosaic of ${plan.samplesPerPixel} samples per pixel`, {
		tag: tagName(Tag$1.SamplesPerPixel),
		offset: raw.entry(Tag$1.SamplesPerPixel)?.offset ?? raw.offset
	});
	if (cfa === void 0 && plan.samplesPerPixel !== 1 && plan.samplesPerPixel !== 3) throw new RawFileError(`a linear picture of ${plan.samplesPerPixel} planes: one or three are read`, {
		tag: tagName(Tag$1.SamplesPerPixel),
		offset: raw.entry(Tag$1.SamplesPerPixel)?.offset ?? raw.offset
	});
	const blackLevel = readBlackLevel(raw, plan.samplesPerPixel, activeArea);
	const whiteLevel = readWhiteLevel(raw, plan, blackLevel);
	const linearization = readLinearization(raw);
	const defaultUserCrop = readUserCrop(raw);
	const asShotNeutral = readAsShotNeutral(ifd0);
	const [x, y] = ifd0.numbers(Tag$1.AsShotWhiteXY) ?? [];
	const baselineExposure = readFinite(ifd0, Tag$1.BaselineExposure);
	const linearResponseLimit = readFinite(ifd0, Tag$1.LinearResponseLimit);
	const noiseProfile = readNoiseProfile(raw) ?? readNoiseProfile(ifd0);
	const uniqueCameraModel = readText(findExif(ifd0), Tag$1.UniqueCameraModel);
	const xmp = ifd0.bytes(Tag$1.XMP)?.slice();
	return {
		metadata: {
			width: plan.width,
			height: plan.height,
			samplesPerPixel: plan.samplesPerPixel,
			bitsPerSample: plan.bitsPerSample,
			...cfa && { cfa },
			...linearization && { linearization },
			...blackLevel && { blackLevel },
			whiteLevel,
			activeArea,
			maskedAreas: readMaskedAreas(raw, plan),
			defaultCrop: readDefaultCrop(raw, activeArea),
			defaultScale: readDefaultScale(raw),
			...defaultUserCrop && { defaultUserCrop },
			orientation: readOrientation(ifd0),
			color: readColorProfile(ifd0, file.littleEndian),
			...asShotNeutral && { asShotNeutral },
			...x > 0 && y > 0 && x + y <= 1 && { asShotWhite: {
				x,
				y
			} },
			...baselineExposure !== void 0 && { baselineExposure },
			...linearResponseLimit !== void 0 && { linearResponseLimit },
			...noiseProfile && { noiseProfile },
			opcodes: {
				list1: readOpcodes(raw, Tag$1.OpcodeList1),
				list2: readOpcodes(raw, Tag$1.OpcodeList2),
				list3: readOpcodes(raw, Tag$1.OpcodeList3)
			},
			...readExif(file),
			...uniqueCameraModel !== void 0 && { uniqueCameraModel },
			...xmp && { xmp },
			previews: readPreviews(file.bytes, ifds)
		},
		plan: plan.compression === COMPRESSION.vc5 ? withVc5(plan, cfa, whiteLevel[0]) : plan
	};
}
/**
* Reads a DNG's metadata and the plan of its samples, in a few milliseconds whatever the picture's size.
*
* @param bytes the whole file; previews are views of it
* @throws RawFileError where the file is no DNG, contradicts itself, passes a limit, or is one that is not read
*/
function describeDng(bytes, limits = {}) {
	try {
		return describe(readTiff(bytes, { limits }), limits);
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
		throw new RawFileError(error.message, {
			...error.offset !== void 0 && { offset: error.offset },
			...error.tag !== void 0 && { tag: tagName(error.tag) },
			hint: "The file is truncated or damaged; copy it anew",
			cause: error
		});
	}
}
// packages/raw/dist/open.js
/** Time after which a long decode lets other work run and looks at its signal, in milliseconds. */
const SLICE_MS = 50;
function withFile(error, file) {
	return error instanceof RawFileError && file !== void 0 && error.file === void 0 ? error.inFile(file) : error;
}
/** The same bytes as a plain array: the `slice` of Node's Buffer gives a view where a copy is meant. */
function plain({ buffer, byteOffset, byteLength }) {
	return new Uint8Array(buffer, byteOffset, byteLength);
}
/** What the file is, if it can be a raw file at all. */
function identifyRaw(bytes) {
	const identity = identifyFile(bytes);
	if (identity.kind === "empty") throw new RawFileError("the file is empty", {
		offset: 0,
		hint: "Copy it anew"
	});
	if (identity.kind === "picture") throw new RawFileError(`this is a ${identity.name} picture, not a raw file`, {
		offset: 0,
		hint: "Give the raw file that the camera wrote beside it"
	});
	return identity;
}
/**
* Reads a DNG, whole and at once. For files of other makers and for JPEG XL, whose decoders load lazily, use
* {@link openRaw}.
*
* @param file the whole file; the frame's previews are views of it
* @throws RawFileError where the file is no DNG, is damaged, or needs a decoder that loads lazily
*/
function readRaw(file, options = {}) {
	const bytes = plain(file);
	try {
		const { kind, name } = identifyRaw(bytes);
		if (kind !== "dng") throw new RawFileError(`not a DNG: ${name}`, {
			offset: 0,
			hint: "openRaw reads other makers' raw files"
		});
		const { metadata, plan } = describeDng(bytes, options.limits);
		return {
			...metadata,
			samples: decodeSegments(bytes, plan)
		};
	} catch (error) {
		throw withFile(error, options.file);
	}
}
async function openDng(bytes, options) {
	const { metadata, plan } = describeDng(bytes, options.limits);
	const jpegXl = plan.compression === COMPRESSION.jpegXl ? await openJpegXlDecoder() : void 0;
	const codecs = jpegXl === void 0 ? {} : { jpegXl };
	try {
		const samples = allocateSamples(plan);
		let sliceEnd = performance.now() + SLICE_MS;
		for (let index = 0; index < plan.offsets.length; index++) {
			options.signal?.throwIfAborted();
			decodeSegment(bytes, plan, index, samples, codecs);
			if (performance.now() > sliceEnd) {
				await new Promise((resolve) => setTimeout(resolve));
				sliceEnd = performance.now() + SLICE_MS;
			}
		}
		return {
			...metadata,
			samples
		};
	} finally {
		jpegXl?.close();
	}
}
/** LibRaw reads the mosaic; where the file is a TIFF stream, its own Exif says more than LibRaw hands out. */
async function openMakersFile(bytes, { signal }) {
	const { openWithLibRaw } = await import("./open-BX88NSEn.js");
	return {
		...await openWithLibRaw(bytes, signal === void 0 ? {} : { signal }),
		...describeExif(bytes)
	};
}
/**
* Opens a raw file of any maker: DNG by our own reader, others by LibRaw, which is loaded when it is first needed.
*
* @param file the whole file; a DNG frame's previews are views of it
* @throws RawFileError where the file is not a raw file, is damaged, or nobody reads it
*/
async function openRaw(file, options = {}) {
	const bytes = plain(file);
	try {
		options.signal?.throwIfAborted();
		if (identifyRaw(bytes).kind === "dng") return await openDng(bytes, options);
		return await openMakersFile(bytes, options);
	} catch (error) {
		throw withFile(error, options.file);
	}
}
/**
* Reads all that a raw file says but its samples: milliseconds for a DNG of any size.
*
* @param file the whole file
* @throws RawFileError as {@link openRaw}
*/
async function inspectRaw(file, options = {}) {
	const bytes = plain(file);
	try {
		const { kind, name } = identifyRaw(bytes);
		if (kind === "dng") {
			const { metadata, plan } = describeDng(bytes, options.limits);
			return {
				metadata,
				format: name,
				compression: compressionName(plan.compression),
				plan
			};
		}
		const { samples: _, ...metadata } = await openRaw(bytes, options);
		return {
			metadata,
			format: name
		};
	} catch (error) {
		throw withFile(error, options.file);
	}
}
export { MAX_OPCODES, MAX_PIXELS, RawFileError, allocateSamples, compressionName, decodeSegment, identifyFile, inspectRaw, makeCfa, openRaw, readRaw, writeDng };
