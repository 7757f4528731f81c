import { r as JobError } from "./print-DKCjRHdR.js";
import { open } from "node:fs/promises";
// packages/tiff/dist/TiffError.js
/** A TIFF stream that breaks the format or a limit, or a description that cannot be written as TIFF. */
var TiffError = class extends Error {
	name = "TiffError";
	/** Byte offset into the stream. */
	offset;
	/** Number of the tag at fault. */
	tag;
	constructor(problem, details = {}) {
		super(problem);
		this.offset = details.offset;
		this.tag = details.tag;
	}
};
// packages/tiff/dist/tags.js
/**
* Tag numbers of IFD0, SubIFDs and the Exif IFD, by the names of their specifications: TIFF 6.0, TIFF/EP, Exif 3.0,
* XMP, ICC and DNG 1.7.
*/
const Tag = {
	NewSubFileType: 254,
	SubFileType: 255,
	ImageWidth: 256,
	ImageLength: 257,
	BitsPerSample: 258,
	Compression: 259,
	PhotometricInterpretation: 262,
	FillOrder: 266,
	ImageDescription: 270,
	Make: 271,
	Model: 272,
	StripOffsets: 273,
	Orientation: 274,
	SamplesPerPixel: 277,
	RowsPerStrip: 278,
	StripByteCounts: 279,
	XResolution: 282,
	YResolution: 283,
	PlanarConfiguration: 284,
	ResolutionUnit: 296,
	TransferFunction: 301,
	Software: 305,
	DateTime: 306,
	Artist: 315,
	Predictor: 317,
	WhitePoint: 318,
	PrimaryChromaticities: 319,
	TileWidth: 322,
	TileLength: 323,
	TileOffsets: 324,
	TileByteCounts: 325,
	SubIFDs: 330,
	ExtraSamples: 338,
	SampleFormat: 339,
	JPEGTables: 347,
	JPEGInterchangeFormat: 513,
	JPEGInterchangeFormatLength: 514,
	YCbCrCoefficients: 529,
	YCbCrSubSampling: 530,
	YCbCrPositioning: 531,
	ReferenceBlackWhite: 532,
	XMP: 700,
	CFARepeatPatternDim: 33421,
	CFAPattern: 33422,
	Copyright: 33432,
	IPTC: 33723,
	ImageResources: 34377,
	ExifIFD: 34665,
	ICCProfile: 34675,
	GPSIFD: 34853,
	TimeZoneOffset: 34858,
	InteroperabilityIFD: 40965,
	ExposureTime: 33434,
	FNumber: 33437,
	ExposureProgram: 34850,
	ISOSpeedRatings: 34855,
	SensitivityType: 34864,
	StandardOutputSensitivity: 34865,
	RecommendedExposureIndex: 34866,
	ISOSpeed: 34867,
	ExifVersion: 36864,
	DateTimeOriginal: 36867,
	DateTimeDigitized: 36868,
	OffsetTime: 36880,
	OffsetTimeOriginal: 36881,
	OffsetTimeDigitized: 36882,
	ComponentsConfiguration: 37121,
	CompressedBitsPerPixel: 37122,
	ShutterSpeedValue: 37377,
	ApertureValue: 37378,
	BrightnessValue: 37379,
	ExposureBiasValue: 37380,
	MaxApertureValue: 37381,
	SubjectDistance: 37382,
	MeteringMode: 37383,
	LightSource: 37384,
	Flash: 37385,
	FocalLength: 37386,
	SubjectArea: 37396,
	TiffEpStandardID: 37398,
	MakerNote: 37500,
	UserComment: 37510,
	SubSecTime: 37520,
	SubSecTimeOriginal: 37521,
	SubSecTimeDigitized: 37522,
	FlashpixVersion: 40960,
	ColorSpace: 40961,
	PixelXDimension: 40962,
	PixelYDimension: 40963,
	FocalPlaneXResolution: 41486,
	FocalPlaneYResolution: 41487,
	FocalPlaneResolutionUnit: 41488,
	ExposureIndex: 41493,
	SensingMethod: 41495,
	FileSource: 41728,
	SceneType: 41729,
	CustomRendered: 41985,
	ExposureMode: 41986,
	WhiteBalance: 41987,
	DigitalZoomRatio: 41988,
	FocalLengthIn35mmFilm: 41989,
	SceneCaptureType: 41990,
	GainControl: 41991,
	Contrast: 41992,
	Saturation: 41993,
	Sharpness: 41994,
	SubjectDistanceRange: 41996,
	ImageUniqueID: 42016,
	CameraOwnerName: 42032,
	BodySerialNumber: 42033,
	LensSpecification: 42034,
	LensMake: 42035,
	LensModel: 42036,
	LensSerialNumber: 42037,
	CompositeImage: 42080,
	DNGVersion: 50706,
	DNGBackwardVersion: 50707,
	UniqueCameraModel: 50708,
	LocalizedCameraModel: 50709,
	CFAPlaneColor: 50710,
	CFALayout: 50711,
	LinearizationTable: 50712,
	BlackLevelRepeatDim: 50713,
	BlackLevel: 50714,
	BlackLevelDeltaH: 50715,
	BlackLevelDeltaV: 50716,
	WhiteLevel: 50717,
	DefaultScale: 50718,
	DefaultCropOrigin: 50719,
	DefaultCropSize: 50720,
	ColorMatrix1: 50721,
	ColorMatrix2: 50722,
	CameraCalibration1: 50723,
	CameraCalibration2: 50724,
	ReductionMatrix1: 50725,
	ReductionMatrix2: 50726,
	AnalogBalance: 50727,
	AsShotNeutral: 50728,
	AsShotWhiteXY: 50729,
	BaselineExposure: 50730,
	BaselineNoise: 50731,
	BaselineSharpness: 50732,
	BayerGreenSplit: 50733,
	LinearResponseLimit: 50734,
	CameraSerialNumber: 50735,
	LensInfo: 50736,
	ChromaBlurRadius: 50737,
	AntiAliasStrength: 50738,
	ShadowScale: 50739,
	DNGPrivateData: 50740,
	MakerNoteSafety: 50741,
	CalibrationIlluminant1: 50778,
	CalibrationIlluminant2: 50779,
	BestQualityScale: 50780,
	RawDataUniqueID: 50781,
	OriginalRawFileName: 50827,
	OriginalRawFileData: 50828,
	ActiveArea: 50829,
	MaskedAreas: 50830,
	AsShotICCProfile: 50831,
	AsShotPreProfileMatrix: 50832,
	CurrentICCProfile: 50833,
	CurrentPreProfileMatrix: 50834,
	ColorimetricReference: 50879,
	CameraCalibrationSignature: 50931,
	ProfileCalibrationSignature: 50932,
	ExtraCameraProfiles: 50933,
	AsShotProfileName: 50934,
	NoiseReductionApplied: 50935,
	ProfileName: 50936,
	ProfileHueSatMapDims: 50937,
	ProfileHueSatMapData1: 50938,
	ProfileHueSatMapData2: 50939,
	ProfileToneCurve: 50940,
	ProfileEmbedPolicy: 50941,
	ProfileCopyright: 50942,
	ForwardMatrix1: 50964,
	ForwardMatrix2: 50965,
	PreviewApplicationName: 50966,
	PreviewApplicationVersion: 50967,
	PreviewSettingsName: 50968,
	PreviewSettingsDigest: 50969,
	PreviewColorSpace: 50970,
	PreviewDateTime: 50971,
	RawImageDigest: 50972,
	OriginalRawFileDigest: 50973,
	SubTileBlockSize: 50974,
	RowInterleaveFactor: 50975,
	ProfileLookTableDims: 50981,
	ProfileLookTableData: 50982,
	OpcodeList1: 51008,
	OpcodeList2: 51009,
	OpcodeList3: 51022,
	NoiseProfile: 51041,
	OriginalDefaultFinalSize: 51089,
	OriginalBestQualityFinalSize: 51090,
	OriginalDefaultCropSize: 51091,
	ProfileHueSatMapEncoding: 51107,
	ProfileLookTableEncoding: 51108,
	BaselineExposureOffset: 51109,
	DefaultBlackRender: 51110,
	NewRawImageDigest: 51111,
	RawToPreviewGain: 51112,
	DefaultUserCrop: 51125,
	DepthFormat: 51177,
	DepthNear: 51178,
	DepthFar: 51179,
	DepthUnits: 51180,
	DepthMeasureType: 51181,
	EnhanceParams: 51182,
	ProfileGainTableMap: 52525,
	SemanticName: 52526,
	SemanticInstanceID: 52528,
	CalibrationIlluminant3: 52529,
	CameraCalibration3: 52530,
	ColorMatrix3: 52531,
	ForwardMatrix3: 52532,
	IlluminantData1: 52533,
	IlluminantData2: 52534,
	IlluminantData3: 52535,
	MaskSubArea: 52536,
	ProfileHueSatMapData3: 52537,
	ReductionMatrix3: 52538,
	RGBTables: 52543,
	ProfileGainTableMap2: 52544,
	ColumnInterleaveFactor: 52547,
	ImageSequenceInfo: 52548,
	ImageStats: 52550,
	ProfileDynamicRange: 52551,
	ProfileGroupName: 52552,
	JXLDistance: 52553,
	JXLEffort: 52554,
	JXLDecodeSpeed: 52555
};
const NAMES = new Map(Object.entries(Tag).map(([name, number]) => [number, name]));
/** Name of a tag outside the GPS IFD, or its number as text where the table does not have it. */
function tagName(tag) {
	return NAMES.get(tag) ?? String(tag);
}
// packages/tiff/dist/types.js
/** TIFF 6.0 field types (section 2) by name, with the BigTIFF and IFD types added later. */
const TiffType = {
	byte: 1,
	ascii: 2,
	short: 3,
	long: 4,
	rational: 5,
	sbyte: 6,
	undefined: 7,
	sshort: 8,
	slong: 9,
	srational: 10,
	float: 11,
	double: 12,
	ifd: 13,
	long8: 16,
	slong8: 17,
	ifd8: 18
};
const SIZES = (() => {
	const sizes = [];
	const put = (size, ...names) => {
		for (const name of names) sizes[TiffType[name]] = size;
	};
	put(1, "byte", "ascii", "sbyte", "undefined");
	put(2, "short", "sshort");
	put(4, "long", "slong", "float", "ifd");
	put(8, "rational", "srational", "double", "long8", "slong8", "ifd8");
	return sizes;
})();
/** Bytes of one value of a field type, or undefined for a type number that TIFF does not define. */
function tiffTypeSize(type) {
	return SIZES[type];
}
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8", { fatal: true });
/** Text up to the first NUL: UTF-8 where it is valid, else Latin-1, which every byte string is. */
function decodeText(bytes) {
	const end = bytes.indexOf(0);
	const text = end < 0 ? bytes : bytes.subarray(0, end);
	try {
		return utf8.decode(text);
	} catch {
		return latin1.decode(text);
	}
}
/** One entry of a directory. Values are read and checked when asked for, so a broken one harms nobody else. */
var TiffEntry = class {
	#file;
	/** Tag number. */
	tag;
	/** Field type number; may be one that TIFF does not define. */
	type;
	/** Number of values of that type. */
	count;
	/** Where the entry lies, in bytes from the stream's start. */
	offset;
	/** Entries are made by the reader. */
	constructor(file, tag, type, count, offset) {
		this.#file = file;
		this.tag = tag;
		this.type = type;
		this.count = count;
		this.offset = offset;
	}
	/**
	* Offset of the first value, after checking that all of them lie inside the stream.
	*
	* @throws TiffError where the type is unknown or the values pass the end of the stream.
	*/
	get valueOffset() {
		const size = tiffTypeSize(this.type);
		if (size === void 0) throw this.#error(`field type ${this.type} is unknown`);
		const file = this.#file;
		const inline = file.bigTiff ? 8 : 4;
		const field = this.offset + (file.bigTiff ? 12 : 8);
		const length = size * this.count;
		const at = length <= inline ? field : file.readOffset(field);
		if (at + length > file.bytes.length) throw this.#error(`${this.count} values of ${size} bytes at ${at} pass the end of the file`);
		return at;
	}
	/** The value's bytes as they lie in the stream, a view of it. */
	bytes() {
		const at = this.valueOffset;
		return this.#file.bytes.subarray(at, at + (tiffTypeSize(this.type) ?? 0) * this.count);
	}
	/** The value as text up to the first NUL: UTF-8, or Latin-1 where it is not valid UTF-8. */
	text() {
		if (this.type !== TiffType.ascii && this.type !== TiffType.byte && this.type !== TiffType.undefined) throw this.#error(`field type ${this.type} where text is expected`);
		return decodeText(this.bytes());
	}
	/** The first value; rationals are divided out. */
	number() {
		if (this.count === 0) throw this.#error("no value");
		return this.#numberAt(this.valueOffset, 0);
	}
	/**
	* All values; rationals are divided out (0/0 gives NaN).
	*
	* @throws TiffError beyond `maxValues` values.
	*/
	numbers() {
		const at = this.valueOffset;
		this.#checkCount();
		const values = new Array(this.count);
		for (let i = 0; i < this.count; i++) values[i] = this.#numberAt(at, i);
		return values;
	}
	/** All values of a (signed) rational entry as numerator and denominator. */
	rationals() {
		if (this.type !== TiffType.rational && this.type !== TiffType.srational) throw this.#error(`field type ${this.type} where rationals are expected`);
		const at = this.valueOffset;
		this.#checkCount();
		return Array.from({ length: this.count }, (_, i) => this.#rationalAt(at + 8 * i));
	}
	/** The values of a 4-byte float entry; other numeric types are converted. */
	floats() {
		const at = this.valueOffset;
		this.#checkCount();
		const values = new Float32Array(this.count);
		for (let i = 0; i < this.count; i++) values[i] = this.#numberAt(at, i);
		return values;
	}
	#checkCount() {
		if (this.count > this.#file.limits.maxValues) throw this.#error(`${this.count} values, more than the limit of ${this.#file.limits.maxValues}`);
	}
	#rationalAt(at) {
		const { view, littleEndian } = this.#file;
		return this.type === TiffType.rational ? [view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian)] : [view.getInt32(at, littleEndian), view.getInt32(at + 4, littleEndian)];
	}
	#numberAt(at, index) {
		const { view, littleEndian } = this.#file;
		switch (this.type) {
			case TiffType.byte:
			case TiffType.ascii:
			case TiffType.undefined: return view.getUint8(at + index);
			case TiffType.sbyte: return view.getInt8(at + index);
			case TiffType.short: return view.getUint16(at + 2 * index, littleEndian);
			case TiffType.sshort: return view.getInt16(at + 2 * index, littleEndian);
			case TiffType.long:
			case TiffType.ifd: return view.getUint32(at + 4 * index, littleEndian);
			case TiffType.slong: return view.getInt32(at + 4 * index, littleEndian);
			case TiffType.float: return view.getFloat32(at + 4 * index, littleEndian);
			case TiffType.double: return view.getFloat64(at + 8 * index, littleEndian);
			case TiffType.rational:
			case TiffType.srational: {
				const [numerator, denominator] = this.#rationalAt(at + 8 * index);
				return numerator / denominator;
			}
			case TiffType.long8:
			case TiffType.ifd8: return Number(view.getBigUint64(at + 8 * index, littleEndian));
			default: return Number(view.getBigInt64(at + 8 * index, littleEndian));
		}
	}
	#error(problem) {
		return new TiffError(`${tagName(this.tag)}: ${problem}`, {
			offset: this.offset,
			tag: this.tag
		});
	}
};
/** An image file directory: its entries by tag number and its sub-directories. */
var TiffIfd = class {
	#file;
	#ancestors;
	#children = /* @__PURE__ */ new Map();
	/** Where the directory lies, in bytes from the stream's start. */
	offset;
	/** Entries by tag number; of a tag that stands twice, the first. */
	entries;
	/** Offset of the next directory in the chain, 0 at the end. */
	nextOffset;
	/** Directories are made by the reader. */
	constructor(file, offset, ancestors) {
		this.#file = file;
		this.#ancestors = ancestors;
		this.offset = offset;
		const { view, bytes, littleEndian, bigTiff, limits } = file;
		const countSize = bigTiff ? 8 : 2;
		const entrySize = bigTiff ? 20 : 12;
		const linkSize = bigTiff ? 8 : 4;
		if (offset < 8 || offset + countSize > bytes.length) throw new TiffError(`directory offset ${offset} is outside the file of ${bytes.length} bytes`, { offset });
		const count = bigTiff ? file.readOffset(offset) : view.getUint16(offset, littleEndian);
		if (count > limits.maxTags) throw new TiffError(`directory of ${count} entries, more than the limit of ${limits.maxTags}`, { offset });
		const first = offset + countSize;
		const end = first + entrySize * count;
		if (end > bytes.length) throw new TiffError(`directory of ${count} entries passes the end of the file`, { offset });
		const entries = /* @__PURE__ */ new Map();
		for (let at = first; at < end; at += entrySize) {
			const tag = view.getUint16(at, littleEndian);
			const type = view.getUint16(at + 2, littleEndian);
			const values = bigTiff ? file.readOffset(at + 4) : view.getUint32(at + 4, littleEndian);
			if (!entries.has(tag)) entries.set(tag, new TiffEntry(file, tag, type, values, at));
		}
		this.entries = entries;
		this.nextOffset = end + linkSize <= bytes.length ? file.readOffset(end) : 0;
	}
	/** The entry of a tag, or undefined where the directory lacks it. */
	entry(tag) {
		return this.entries.get(tag);
	}
	/** Whether the directory has the tag. */
	has(tag) {
		return this.entries.has(tag);
	}
	/** The tag's first value, see {@link TiffEntry.number}. */
	number(tag) {
		return this.entries.get(tag)?.number();
	}
	/** All the tag's values, see {@link TiffEntry.numbers}. */
	numbers(tag) {
		return this.entries.get(tag)?.numbers();
	}
	/** The tag's values as floats, see {@link TiffEntry.floats}. */
	floats(tag) {
		return this.entries.get(tag)?.floats();
	}
	/** The tag's text, see {@link TiffEntry.text}. */
	text(tag) {
		return this.entries.get(tag)?.text();
	}
	/** The tag's bytes as they lie in the stream. */
	bytes(tag) {
		return this.entries.get(tag)?.bytes();
	}
	/**
	* The sub-directories that a tag points to (SubIFDs, ExifIFD, GPSIFD), none where the tag is absent.
	*
	* @throws TiffError where one is outside the file, contains itself, or passes a limit.
	*/
	children(tag = Tag.SubIFDs) {
		const known = this.#children.get(tag);
		if (known !== void 0) return known;
		const offsets = this.numbers(tag) ?? [];
		const ancestors = [...this.#ancestors, this.offset];
		const ifds = offsets.map((offset) => this.#file.readIfd(offset, ancestors, tag));
		this.#children.set(tag, ifds);
		return ifds;
	}
	/** The first sub-directory of a tag, see {@link TiffIfd.children}. */
	child(tag) {
		return this.children(tag)[0];
	}
};
/** A parsed TIFF stream: the chain of directories; values are read when asked for. */
var TiffFile = class {
	/** The whole stream. */
	bytes;
	/** A view of the whole stream. */
	view;
	/** Byte order: `II` is little-endian, `MM` is not. */
	littleEndian;
	/** 64-bit offsets (magic 43). */
	bigTiff;
	/** The limits in force. */
	limits;
	/** The main chain, at least one directory. */
	ifds;
	/** Why the chain ended early, where its link to a further directory is broken. */
	brokenChain;
	#ifdCount = 0;
	/** Use {@link readTiff}. */
	constructor(bytes, limits) {
		this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.limits = {
			maxIfds: limits.maxIfds ?? 1024,
			maxTags: limits.maxTags ?? 4096,
			maxNesting: limits.maxNesting ?? 8,
			maxValues: limits.maxValues ?? 4194304
		};
		const order = bytes.length < 8 ? "" : String.fromCharCode(bytes[0], bytes[1]);
		if (order !== "II" && order !== "MM") throw new TiffError("not a TIFF stream", { offset: 0 });
		this.littleEndian = order === "II";
		const magic = this.view.getUint16(2, this.littleEndian);
		if (magic !== 42 && magic !== 43) throw new TiffError(`TIFF magic is 42 or 43, not ${magic}`, { offset: 2 });
		this.bigTiff = magic === 43;
		if (this.bigTiff && (bytes.length < 16 || this.view.getUint16(4, this.littleEndian) !== 8)) throw new TiffError("BigTIFF header with offsets of other than 8 bytes", { offset: 4 });
		const chain = [this.readIfd(this.readOffset(this.bigTiff ? 8 : 4), [])];
		this.ifds = chain;
		try {
			for (let next = chain[0].nextOffset; next !== 0; next = chain[chain.length - 1].nextOffset) {
				if (chain.some((ifd) => ifd.offset === next)) throw new TiffError("chain of directories is a circle", { offset: next });
				chain.push(this.readIfd(next, []));
			}
		} catch (error) {
			if (!(error instanceof TiffError)) throw error;
			this.brokenChain = error;
		}
	}
	/** The offset that stands at a place, 4 or (BigTIFF) 8 bytes; NaN-free and at most 2⁵³. */
	readOffset(at) {
		if (!this.bigTiff) return this.view.getUint32(at, this.littleEndian);
		const value = this.view.getBigUint64(at, this.littleEndian);
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new TiffError("64-bit offset or count beyond 2⁵³", { offset: at });
		return Number(value);
	}
	/** Reads the directory at an offset; `ancestors` are the offsets of those that contain it. */
	readIfd(offset, ancestors, tag) {
		if (ancestors.includes(offset)) throw new TiffError("directory contains itself", {
			offset,
			tag
		});
		if (ancestors.length > this.limits.maxNesting) throw new TiffError(`directories nested deeper than ${this.limits.maxNesting}`, {
			offset,
			tag
		});
		if (++this.#ifdCount > this.limits.maxIfds) throw new TiffError(`more than ${this.limits.maxIfds} directories`, {
			offset,
			tag
		});
		return new TiffIfd(this, offset, ancestors);
	}
};
/**
* Parses a TIFF or BigTIFF stream of either byte order. Directories of the main chain are read at once,
* sub-directories and values when asked for.
*
* @param bytes the whole stream; it is not copied, and views of it are handed out.
* @throws TiffError where the header or the first directory is broken.
*/
function readTiff(bytes, options = {}) {
	return new TiffFile(bytes, options.limits ?? {});
}
const even = (n) => n + (n & 1);
function valueCount(field) {
	return field.type === "rational" || field.type === "srational" ? field.values.length / 2 : field.values.length;
}
function fieldBytes(field) {
	return valueCount(field) * (tiffTypeSize(TiffType[field.type]) ?? 0);
}
/** The directory's own fields and those whose values are only known once everything has its place. */
function allFields(directory) {
	const fields = [...directory.fields];
	for (const { tag, directories } of directory.children ?? []) fields.push({
		tag,
		type: "long",
		values: new Uint32Array(directories.length)
	});
	if (directory.data !== void 0) {
		const { offsetsTag, byteCountsTag, blocks } = directory.data;
		fields.push({
			tag: offsetsTag,
			type: "long",
			values: new Uint32Array(blocks.length)
		});
		fields.push({
			tag: byteCountsTag,
			type: "long",
			values: blocks.map((block) => block.length)
		});
	}
	fields.sort((a, b) => a.tag - b.tag);
	fields.forEach((field, i) => {
		if (i > 0 && fields[i - 1].tag === field.tag) throw new TiffError(`${tagName(field.tag)} stands twice in one directory`, { tag: field.tag });
		if (!Number.isInteger(valueCount(field)) || field.values.length === 0) throw new TiffError(`${tagName(field.tag)}: ${field.values.length} numbers for type ${field.type}`, { tag: field.tag });
	});
	return fields;
}
const INTEGER_RANGE = {
	byte: [0, 255],
	ascii: [0, 255],
	undefined: [0, 255],
	short: [0, 65535],
	long: [0, 4294967295],
	rational: [0, 4294967295],
	sbyte: [-128, 127],
	sshort: [-32768, 32767],
	slong: [-2147483648, 2147483647],
	srational: [-2147483648, 2147483647]
};
function putValues(view, at, field, littleEndian) {
	const { type, values } = field;
	const range = INTEGER_RANGE[type];
	for (let i = 0; i < values.length; i++) {
		const value = values[i];
		if (range !== void 0 && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) throw new TiffError(`${tagName(field.tag)}: ${value} does not fit type ${type}`, { tag: field.tag });
		if (type === "byte" || type === "ascii" || type === "undefined") view.setUint8(at + i, value);
		else if (type === "sbyte") view.setInt8(at + i, value);
		else if (type === "short") view.setUint16(at + 2 * i, value, littleEndian);
		else if (type === "sshort") view.setInt16(at + 2 * i, value, littleEndian);
		else if (type === "long" || type === "rational") view.setUint32(at + 4 * i, value, littleEndian);
		else if (type === "slong" || type === "srational") view.setInt32(at + 4 * i, value, littleEndian);
		else if (type === "float") view.setFloat32(at + 4 * i, value, littleEndian);
		else view.setFloat64(at + 8 * i, value, littleEndian);
	}
}
/**
* Lays out a classic TIFF stream: all directories first, then the data blocks in the order of the directories.
* Blocks are not copied, so a picture of any size can be streamed to its destination.
*
* @param directories the main chain, IFD0 first.
* @throws TiffError where a value does not fit its type, a tag stands twice, or the stream passes 4 GiB.
*/
function writeTiff(directories, options = {}) {
	const littleEndian = options.littleEndian ?? true;
	let size = 8;
	const lay = (directory) => {
		const fields = allFields(directory);
		const offset = size;
		size += 2 + 12 * fields.length + 4;
		for (const field of fields) if (fieldBytes(field) > 4) size += even(fieldBytes(field));
		return {
			directory,
			fields,
			offset
		};
	};
	const layTree = (directory, all) => {
		const laid = lay(directory);
		all.push(laid);
		for (const { tag, directories: children } of directory.children ?? []) {
			const offsets = laid.fields.find((field) => field.tag === tag)?.values;
			children.forEach((child, i) => {
				offsets[i] = layTree(child, all).offset;
			});
		}
		return laid;
	};
	const all = [];
	const chain = directories.map((directory) => layTree(directory, all));
	if (chain.length === 0) throw new TiffError("a TIFF stream needs at least one directory");
	size += -size & 3;
	const headSize = size;
	const chunks = [];
	for (const { directory, fields } of all) {
		if (directory.data === void 0) continue;
		const { offsetsTag, blocks } = directory.data;
		const offsets = fields.find((field) => field.tag === offsetsTag)?.values;
		blocks.forEach((block, i) => {
			if (size + block.length > 4294967295) throw new TiffError("the stream passes the 4 GiB of a classic TIFF");
			offsets[i] = size;
			chunks.push(block);
			size += block.length;
			const padding = -size & 3;
			if (padding > 0) chunks.push(new Uint8Array(padding));
			size += padding;
		});
	}
	const head = new Uint8Array(headSize);
	const view = new DataView(head.buffer);
	head.fill(littleEndian ? 73 : 77, 0, 2);
	view.setUint16(2, 42, littleEndian);
	view.setUint32(4, chain[0].offset, littleEndian);
	const next = new Map(chain.slice(1).map((laid, i) => [chain[i], laid.offset]));
	for (const laid of all) {
		const { fields, offset } = laid;
		let at = offset + 2;
		let values = at + 12 * fields.length + 4;
		view.setUint16(offset, fields.length, littleEndian);
		for (const field of fields) {
			view.setUint16(at, field.tag, littleEndian);
			view.setUint16(at + 2, TiffType[field.type], littleEndian);
			view.setUint32(at + 4, valueCount(field), littleEndian);
			const length = fieldBytes(field);
			if (length <= 4) putValues(view, at + 8, field, littleEndian);
			else {
				view.setUint32(at + 8, values, littleEndian);
				putValues(view, values, field, littleEndian);
				values += even(length);
			}
			at += 12;
		}
		view.setUint32(at, next.get(laid) ?? 0, littleEndian);
	}
	return {
		chunks: [head, ...chunks],
		byteLength: size
	};
}
/** A stream's chunks as one array. */
function concatChunks(stream) {
	const bytes = new Uint8Array(stream.byteLength);
	let at = 0;
	for (const chunk of stream.chunks) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return bytes;
}
const encoder = new TextEncoder();
/** An ASCII field (in UTF-8, as DNG and Exif 3.0 allow) with its closing NUL. */
function textField(tag, text) {
	const bytes = encoder.encode(text);
	const values = new Uint8Array(bytes.length + 1);
	values.set(bytes);
	return {
		tag,
		type: "ascii",
		values
	};
}
/** Best numerator and denominator, each at most `max`, for a finite value: a continued fraction. */
function approximate(value, max) {
	let [n0, d0, n1, d1] = [
		0,
		1,
		1,
		0
	];
	let rest = value;
	for (;;) {
		const whole = Math.floor(rest);
		const n = whole * n1 + n0;
		const d = whole * d1 + d0;
		if (n > max || d > max) break;
		[n0, d0, n1, d1] = [
			n1,
			d1,
			n,
			d
		];
		if (n / d === value || rest === whole) break;
		rest = 1 / (rest - whole);
	}
	return d1 === 0 ? [max, 1] : [n1, d1];
}
/**
* A RATIONAL (or SRATIONAL) field with the nearest fractions that 32 bits hold.
*
* @throws TiffError where a value is not finite, out of range, or negative in an unsigned field.
*/
function rationalField(tag, values, signed = false) {
	const max = signed ? 2147483647 : 4294967295;
	const pairs = [];
	for (let i = 0; i < values.length; i++) {
		const value = values[i];
		if (!Number.isFinite(value) || Math.abs(value) > max || value < 0 && !signed) throw new TiffError(`${tagName(tag)}: ${value} does not fit a ${signed ? "signed " : ""}rational`, { tag });
		const [numerator, denominator] = approximate(Math.abs(value), max);
		pairs.push(value < 0 ? -numerator : numerator, denominator);
	}
	return {
		tag,
		type: signed ? "srational" : "rational",
		values: pairs
	};
}
const COPIED = new Map(Object.keys(TiffType).filter((name) => ![
	"ifd",
	"long8",
	"slong8",
	"ifd8"
].includes(name)).map((name) => [TiffType[name], name]));
/**
* The field that writes an entry again, value for value, in either byte order; undefined for types that classic
* TIFF lacks, for pointers to sub-directories, and for an empty entry.
*
* @throws TiffError where the entry's values cannot be read.
*/
function copyField(entry) {
	const type = COPIED.get(entry.type);
	if (type === void 0 || entry.count === 0 || POINTERS.has(entry.tag)) return void 0;
	if (type === "rational" || type === "srational") return {
		tag: entry.tag,
		type,
		values: entry.rationals().flat()
	};
	const bytewise = type === "byte" || type === "ascii" || type === "undefined";
	return {
		tag: entry.tag,
		type,
		values: bytewise ? entry.bytes() : entry.numbers()
	};
}
const POINTERS = /* @__PURE__ */ new Set([
	Tag.SubIFDs,
	Tag.ExifIFD,
	Tag.GPSIFD,
	Tag.InteroperabilityIFD,
	Tag.ExtraCameraProfiles
]);
// apps/cli/dist/readFile.js
/** Largest file that is read: TIFF's offsets, and so DNG's, end at 4 GiB. */
const MAX_FILE_BYTES = 2 ** 32;
/** Most bytes that the system reads at once. */
const MAX_READ_BYTES = 2 ** 30;
/**
* Reads a whole file into memory of its own, with no copy on the way.
* @throws {JobError} for what is not a file that can be read whole; the system's error where reading fails
*/
async function readWholeFile(path) {
	const handle = await open(path, "r");
	try {
		const status = await handle.stat();
		if (status.isDirectory()) throw new JobError(`${path} is a folder, a file is expected.`);
		if (!status.isFile()) throw new JobError(`${path} is not a regular file.`);
		if (status.size > MAX_FILE_BYTES) throw new JobError(`${path} is larger than ${MAX_FILE_BYTES / 2 ** 30} GiB, which no raw file is.`);
		const bytes = Buffer.allocUnsafeSlow(status.size);
		let end = 0;
		while (end < bytes.length) {
			const length = Math.min(bytes.length - end, MAX_READ_BYTES);
			const { bytesRead } = await handle.read(bytes, end, length, end);
			if (bytesRead === 0) throw new JobError(`${path} became shorter while it was read. Try again when it is complete.`);
			end += bytesRead;
		}
		return new Uint8Array(bytes.buffer);
	} finally {
		await handle.close();
	}
}
export { textField as a, Tag as c, rationalField as i, tagName as l, concatChunks as n, writeTiff as o, copyField as r, readTiff as s, readWholeFile as t, TiffError as u };
