import { a as writeAtomically, c as InvalidArgumentError, l as Option, n as existing, r as probeFolder, t as version } from "./version-Bsux-a-q.js";
import { a as describeError, i as UsageError, n as printFailure, o as systemCode, r as JobError, t as printError } from "./print-DKCjRHdR.js";
import { a as textField, c as Tag, i as rationalField, l as tagName, n as concatChunks, o as writeTiff, r as copyField, s as readTiff, t as readWholeFile, u as TiffError } from "./readFile-DtGQoTor.js";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { deflate } from "node:zlib";
// packages/engine/dist/colour/matrix3.js
/** The 3×3 identity. */
const IDENTITY = [
	1,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	1
];
/** The diagonal matrix with `d` on its diagonal. */
function diagonal(d) {
	return [
		d[0],
		0,
		0,
		0,
		d[1],
		0,
		0,
		0,
		d[2]
	];
}
/** The product `a · b · …`, from left to right. */
function multiply$1(...matrices) {
	return matrices.reduce((a, b) => {
		const cell = (i, j) => a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j];
		return [
			cell(0, 0),
			cell(0, 1),
			cell(0, 2),
			cell(1, 0),
			cell(1, 1),
			cell(1, 2),
			cell(2, 0),
			cell(2, 1),
			cell(2, 2)
		];
	});
}
/** `m · v`. */
function apply$1(m, v) {
	return [
		m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
		m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
		m[6] * v[0] + m[7] * v[1] + m[8] * v[2]
	];
}
/** The inverse, or undefined where the matrix is singular or not finite. */
function inverse$1(m) {
	const [a, b, c, d, e, f, g, h, i] = m;
	const A = e * i - f * h;
	const B = f * g - d * i;
	const C = d * h - e * g;
	const determinant = a * A + b * B + c * C;
	if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return void 0;
	const k = 1 / determinant;
	return [
		A * k,
		(c * h - b * i) * k,
		(b * f - c * e) * k,
		B * k,
		(a * i - c * g) * k,
		(c * d - a * f) * k,
		C * k,
		(b * g - a * h) * k,
		(a * e - b * d) * k
	];
}
/** `a + (b - a) · t`, entry by entry. */
function interpolate(a, b, t) {
	return a.map((value, i) => value + (b[i] - value) * t);
}
/** The vector scaled so that its largest value is 1. */
function normalised(v) {
	const top = Math.max(v[0], v[1], v[2]);
	return [
		v[0] / top,
		v[1] / top,
		v[2] / top
	];
}
// packages/engine/dist/colour/spaces.js
/** D50 as the ICC and the DNG specification round it. */
const D50$1 = {
	x: .3457,
	y: .3585
};
/** D65 (ITU-R BT.709). */
const D65$1 = {
	x: .3127,
	y: .329
};
/** ITU-R BT.2020: our working space, linear. */
const REC2020 = {
	red: {
		x: .708,
		y: .292
	},
	green: {
		x: .17,
		y: .797
	},
	blue: {
		x: .131,
		y: .046
	},
	white: D65$1
};
/** IEC 61966-2-1. */
const SRGB = {
	red: {
		x: .64,
		y: .33
	},
	green: {
		x: .3,
		y: .6
	},
	blue: {
		x: .15,
		y: .06
	},
	white: D65$1
};
/** SMPTE EG 432-1 primaries with a D65 white. */
const DISPLAY_P3 = {
	red: {
		x: .68,
		y: .32
	},
	green: {
		x: .265,
		y: .69
	},
	blue: {
		x: .15,
		y: .06
	},
	white: D65$1
};
/** ROMM RGB (ISO 22028-2), in which DNG's hue/saturation tables live. */
const PROPHOTO = {
	red: {
		x: .734699,
		y: .265301
	},
	green: {
		x: .159597,
		y: .840403
	},
	blue: {
		x: .036598,
		y: 105e-6
	},
	white: D50$1
};
/** Tristimulus values of a chromaticity at luminance 1. */
function xyzOf(white) {
	return [
		white.x / white.y,
		1,
		(1 - white.x - white.y) / white.y
	];
}
/** Chromaticity of tristimulus values. */
function chromaticityOf(xyz) {
	const sum = xyz[0] + xyz[1] + xyz[2];
	return {
		x: xyz[0] / sum,
		y: xyz[1] / sum
	};
}
/** Linear RGB to XYZ relative to the space's own white. */
function rgbToXyz(space) {
	const [r, g, b] = [
		xyzOf(space.red),
		xyzOf(space.green),
		xyzOf(space.blue)
	];
	const primaries = [
		r[0],
		g[0],
		b[0],
		r[1],
		g[1],
		b[1],
		r[2],
		g[2],
		b[2]
	];
	return multiply$1(primaries, diagonal(apply$1(inverse$1(primaries), xyzOf(space.white))));
}
/** The Bradford cone responses (Lam 1985; ICC.1:2022, annex E). */
const BRADFORD$1 = [
	.8951,
	.2664,
	-.1614,
	-.7502,
	1.7135,
	.0367,
	.0389,
	-.0685,
	1.0296
];
/** Linear Bradford adaptation of XYZ from one white to another. */
function adaptation(from, to) {
	const a = apply$1(BRADFORD$1, xyzOf(from));
	const b = apply$1(BRADFORD$1, xyzOf(to));
	return multiply$1(inverse$1(BRADFORD$1), diagonal([
		b[0] / a[0],
		b[1] / a[1],
		b[2] / a[2]
	]), BRADFORD$1);
}
/** Linear RGB of one space to linear RGB of another, whites mapped on each other. */
function rgbToRgb(from, to) {
	return multiply$1(inverse$1(rgbToXyz(to)), adaptation(from.white, to.white), rgbToXyz(from));
}
/** XYZ relative to D50 to linear RGB of a space. */
function xyzD50ToRgb(space) {
	return multiply$1(inverse$1(rgbToXyz(space)), adaptation(D50$1, space.white));
}
/** The sRGB transfer function (IEC 61966-2-1), linear to encoded, also that of Display P3. */
function srgbEncode(linear) {
	return linear <= .0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - .055;
}
/** Its inverse. */
function srgbDecode(encoded) {
	return encoded <= .04045 ? encoded / 12.92 : ((encoded + .055) / 1.055) ** 2.4;
}
// packages/engine/dist/colour/temperature.js
const ISOTHERMS = [
	[
		0,
		.18006,
		.26352,
		-.24341
	],
	[
		10,
		.18066,
		.26589,
		-.25479
	],
	[
		20,
		.18133,
		.26846,
		-.26876
	],
	[
		30,
		.18208,
		.27119,
		-.28539
	],
	[
		40,
		.18293,
		.27407,
		-.3047
	],
	[
		50,
		.18388,
		.27709,
		-.32675
	],
	[
		60,
		.18494,
		.28021,
		-.35156
	],
	[
		70,
		.18611,
		.28342,
		-.37915
	],
	[
		80,
		.1874,
		.28668,
		-.40955
	],
	[
		90,
		.1888,
		.28997,
		-.44278
	],
	[
		100,
		.19032,
		.29326,
		-.47888
	],
	[
		125,
		.19462,
		.30141,
		-.58204
	],
	[
		150,
		.19962,
		.30921,
		-.70471
	],
	[
		175,
		.20525,
		.31647,
		-.84901
	],
	[
		200,
		.21142,
		.32312,
		-1.0182
	],
	[
		225,
		.21807,
		.32909,
		-1.2168
	],
	[
		250,
		.22511,
		.33439,
		-1.4512
	],
	[
		275,
		.23247,
		.33904,
		-1.7298
	],
	[
		300,
		.2401,
		.34308,
		-2.0637
	],
	[
		325,
		.24792,
		.34655,
		-2.4681
	],
	[
		350,
		.25591,
		.34951,
		-2.9641
	],
	[
		375,
		.264,
		.352,
		-3.5814
	],
	[
		400,
		.27218,
		.35407,
		-4.3633
	],
	[
		425,
		.28039,
		.35577,
		-5.3762
	],
	[
		450,
		.28863,
		.35714,
		-6.7262
	],
	[
		475,
		.29685,
		.35823,
		-8.5955
	],
	[
		500,
		.30505,
		.35907,
		-11.324
	],
	[
		525,
		.3132,
		.35968,
		-15.628
	],
	[
		550,
		.32129,
		.36011,
		-23.325
	],
	[
		575,
		.32931,
		.36038,
		-40.77
	],
	[
		600,
		.33724,
		.36051,
		-116.45
	]
];
const TINT_SCALE = -3e3;
/** The isotherm at a reciprocal temperature: a point on the locus and the unit vector along the isotherm. */
function isotherm(mired) {
	let i = 1;
	while (i < ISOTHERMS.length - 1 && mired >= ISOTHERMS[i][0]) i++;
	const [m0, u0, v0, t0] = ISOTHERMS[i - 1];
	const [m1, u1, v1, t1] = ISOTHERMS[i];
	const f = (mired - m0) / (m1 - m0);
	const along = (slope) => {
		const length = Math.hypot(1, slope);
		return [1 / length, slope / length];
	};
	const [a, b] = [along(t0), along(t1)];
	const du = a[0] + (b[0] - a[0]) * f;
	const dv = a[1] + (b[1] - a[1]) * f;
	const length = Math.hypot(du, dv);
	return {
		u: u0 + (u1 - u0) * f,
		v: v0 + (v1 - v0) * f,
		du: du / length,
		dv: dv / length
	};
}
/**
* Chromaticity of a temperature and tint.
* @param white kelvin in [1667, 1e6], tint any
*/
function chromaticityOfTemperature(white) {
	const { u, v, du, dv } = isotherm(1e6 / white.kelvin);
	const offset = white.tint / TINT_SCALE;
	const uu = u + du * offset;
	const vv = v + dv * offset;
	const d = 2 * uu - 8 * vv + 4;
	return {
		x: 3 * uu / d,
		y: 2 * vv / d
	};
}
/** Temperature and tint of a chromaticity: the inverse of {@link chromaticityOfTemperature}, limited to its range. */
function temperatureOfChromaticity(white) {
	const d = -2 * white.x + 12 * white.y + 3;
	const u = 4 * white.x / d;
	const v = 6 * white.y / d;
	const across = (mired) => {
		const line = isotherm(mired);
		return (v - line.v) * line.du - (u - line.u) * line.dv;
	};
	let low = 1;
	let high = 600;
	const sign = Math.sign(across(low));
	if (Math.sign(across(high)) !== sign) for (let i = 0; i < 60; i++) {
		const middle = (low + high) / 2;
		if (Math.sign(across(middle)) === sign) low = middle;
		else high = middle;
	}
	else low = high = Math.abs(across(low)) < Math.abs(across(high)) ? low : high;
	const mired = (low + high) / 2;
	const line = isotherm(mired);
	const offset = (u - line.u) * line.du + (v - line.v) * line.dv;
	return {
		kelvin: 1e6 / mired,
		tint: offset * TINT_SCALE
	};
}
const KELVIN_OF_LIGHT_SOURCE = {
	1: 5500,
	2: 4150,
	3: 2856,
	4: 5500,
	9: 5500,
	10: 6504,
	11: 7500,
	12: 6400,
	13: 5050,
	14: 4150,
	15: 3525,
	16: 2925,
	17: 2856,
	18: 4874,
	19: 6774,
	20: 5503,
	21: 6504,
	22: 7504,
	23: 5003,
	24: 3200
};
/** Temperature of an Exif LightSource code in kelvin, or undefined for an unknown or "other" one. */
function kelvinOfLightSource(code) {
	return KELVIN_OF_LIGHT_SOURCE[code];
}
// packages/engine/dist/colour/camera.js
/**
* The camera's colour by the DNG specification (1.6, chapter 6): XYZ to camera RGB and back for any scene white,
* interpolated between the calibration illuminants.
*/
var CameraModel = class {
	#calibrations;
	#analogBalance;
	/** True where the file has no usable colour matrix and linear sRGB under D65 stands in. */
	assumed;
	constructor(frame) {
		const usable = frame.color.calibrations.flatMap((source) => {
			if (source.colorMatrix === void 0 || inverse$1(source.colorMatrix) === void 0) return [];
			const known = kelvinOfLightSource(source.illuminant);
			const white = source.whiteXy ?? (known === void 0 ? D65$1 : chromaticityOfTemperature({
				kelvin: known,
				tint: 0
			}));
			return [{
				kelvin: source.whiteXy === void 0 ? known ?? 6504 : temperatureOfChromaticity(source.whiteXy).kelvin,
				white,
				colorMatrix: source.colorMatrix,
				forwardMatrix: source.forwardMatrix,
				cameraCalibration: source.cameraCalibration ?? IDENTITY,
				source
			}];
		});
		this.assumed = usable.length === 0;
		this.#calibrations = this.assumed ? [{
			kelvin: 6504,
			white: D65$1,
			colorMatrix: inverse$1(rgbToXyz(SRGB)),
			forwardMatrix: void 0,
			cameraCalibration: IDENTITY,
			source: { illuminant: 21 }
		}] : [...usable].sort((a, b) => a.kelvin - b.kelvin);
		const balance = frame.color.analogBalance;
		this.#analogBalance = balance?.length === 3 && balance.every((gain) => gain > 0) ? diagonal([
			balance[0],
			balance[1],
			balance[2]
		]) : IDENTITY;
	}
	/**
	* How much each calibration counts for a white. Two are mixed linearly in reciprocal temperature (DNG 1.6, chapter 6);
	* three by the inverse square of their distance in xy.
	*/
	weights(white) {
		return this.#weights(white).map((weight, i) => ({
			calibration: this.#calibrations[i].source,
			weight
		}));
	}
	#weights(white) {
		const list = this.#calibrations;
		if (list.length === 1) return [1];
		if (list.length === 2) {
			const [warm, cool] = [list[0].kelvin, list[1].kelvin];
			if (warm === cool) return [1, 0];
			const t = (1 / Math.min(Math.max(temperatureOfChromaticity(white).kelvin, warm), cool) - 1 / warm) / (1 / cool - 1 / warm);
			return [1 - t, t];
		}
		const inverseSquares = list.map(({ white: w }) => 1 / Math.max((w.x - white.x) ** 2 + (w.y - white.y) ** 2, 1e-10));
		const sum = inverseSquares.reduce((a, b) => a + b, 0);
		return inverseSquares.map((w) => w / sum);
	}
	#mix(white, pick) {
		const weights = this.#weights(white);
		let sum = pick(this.#calibrations[0]);
		let total = weights[0];
		for (let i = 1; i < weights.length; i++) {
			total += weights[i];
			if (total > 0) sum = interpolate(sum, pick(this.#calibrations[i]), weights[i] / total);
		}
		return sum;
	}
	/** The part of the camera that differs from the model's reference: analog balance times calibration. */
	#unit(white) {
		return multiply$1(this.#analogBalance, this.#mix(white, (c) => c.cameraCalibration));
	}
	/** XYZ to camera RGB under a scene white. */
	xyzToCamera(white) {
		return multiply$1(this.#unit(white), this.#mix(white, (c) => c.colorMatrix));
	}
	/** Camera RGB of a neutral under a scene white, its largest value 1. */
	neutralOf(white) {
		return normalised(apply$1(this.xyzToCamera(white), xyzOf(white)));
	}
	/**
	* The scene white whose neutral is this camera RGB: the fixed point of the specification's iteration; where it
	* oscillates between two values, their mean.
	*/
	whiteOf(neutral) {
		let last = D50$1;
		for (let pass = 0; pass < 30; pass++) {
			const back = inverse$1(this.xyzToCamera(last));
			if (back === void 0) break;
			const next = sane(chromaticityOf(apply$1(back, neutral)));
			if (Math.abs(next.x - last.x) + Math.abs(next.y - last.y) < 1e-7) return next;
			last = pass === 29 ? {
				x: (last.x + next.x) / 2,
				y: (last.y + next.y) / 2
			} : next;
		}
		return last;
	}
	/**
	* White-balanced camera RGB (neutral = 1 1 1) to XYZ relative to D50: by the forward matrices where the file has
	* them, else by inverting the colour matrix and adapting the white by Bradford.
	*/
	balancedToXyzD50(white, neutral) {
		const unit = inverse$1(this.#unit(white)) ?? IDENTITY;
		const weights = this.#weights(white);
		if (this.#calibrations.every((c, i) => weights[i] === 0 || c.forwardMatrix !== void 0)) {
			const forward = this.#mix(white, (c) => c.forwardMatrix ?? IDENTITY);
			const reference = apply$1(unit, neutral);
			return multiply$1(forward, diagonal([
				1 / reference[0],
				1 / reference[1],
				1 / reference[2]
			]), unit, diagonal(neutral));
		}
		const back = inverse$1(this.xyzToCamera(white)) ?? IDENTITY;
		const matrix = multiply$1(adaptation(white, D50$1), back, diagonal(neutral));
		const luminance = apply$1(matrix, [
			1,
			1,
			1
		])[1];
		return multiply$1(diagonal([
			1 / luminance,
			1 / luminance,
			1 / luminance
		]), matrix);
	}
};
function sane(white) {
	return {
		x: Number.isFinite(white.x) ? Math.min(Math.max(white.x, .05), .8) : D50$1.x,
		y: Number.isFinite(white.y) ? Math.min(Math.max(white.y, .05), .8) : D50$1.y
	};
}
// packages/engine/dist/EngineError.js
/** A picture that the engine cannot make: says why and what to do. */
var EngineError = class extends Error {
	name = "EngineError";
};
// packages/engine/dist/geometry.js
/** The turn that sets a picture of `width × height` sensor pixels upright (Exif 2.32, Orientation, tag 274). */
function turnOf(orientation, width, height) {
	const [right, down] = [width - 1, height - 1];
	const upright = {
		width,
		height
	};
	const turned = {
		width: height,
		height: width
	};
	switch (orientation) {
		case 1: return {
			...upright,
			u0: 0,
			ux: 1,
			uy: 0,
			v0: 0,
			vx: 0,
			vy: 1
		};
		case 2: return {
			...upright,
			u0: right,
			ux: -1,
			uy: 0,
			v0: 0,
			vx: 0,
			vy: 1
		};
		case 3: return {
			...upright,
			u0: right,
			ux: -1,
			uy: 0,
			v0: down,
			vx: 0,
			vy: -1
		};
		case 4: return {
			...upright,
			u0: 0,
			ux: 1,
			uy: 0,
			v0: down,
			vx: 0,
			vy: -1
		};
		case 5: return {
			...turned,
			u0: 0,
			ux: 0,
			uy: 1,
			v0: 0,
			vx: 1,
			vy: 0
		};
		case 6: return {
			...turned,
			u0: down,
			ux: 0,
			uy: -1,
			v0: 0,
			vx: 1,
			vy: 0
		};
		case 7: return {
			...turned,
			u0: down,
			ux: 0,
			uy: -1,
			v0: right,
			vx: -1,
			vy: 0
		};
		case 8: return {
			...turned,
			u0: 0,
			ux: 0,
			uy: 1,
			v0: right,
			vx: -1,
			vy: 0
		};
	}
}
/** The sensor rectangle that an upright rectangle shows. */
function toSensor(turn, upright) {
	const corner = (u, v) => {
		const [du, dv] = [u - turn.u0, v - turn.v0];
		return [turn.ux * du + turn.vx * dv, turn.uy * du + turn.vy * dv];
	};
	const [x0, y0] = corner(upright.left, upright.top);
	const [x1, y1] = corner(upright.left + upright.width - 1, upright.top + upright.height - 1);
	return {
		left: Math.min(x0, x1),
		top: Math.min(y0, y1),
		width: Math.abs(x1 - x0) + 1,
		height: Math.abs(y1 - y0) + 1
	};
}
/** A rectangle of the active area. */
function rectangleOf(area) {
	return {
		left: area.left,
		top: area.top,
		width: area.right - area.left,
		height: area.bottom - area.top
	};
}
/** The default crop in active-area coordinates, kept inside of the active area. */
function cropOf(frame) {
	const active = rectangleOf(frame.activeArea);
	const crop = rectangleOf(frame.defaultCrop);
	const left = Math.min(Math.max(crop.left, 0), active.width - 1);
	const top = Math.min(Math.max(crop.top, 0), active.height - 1);
	return {
		left,
		top,
		width: Math.min(Math.max(crop.width, 1), active.width - left),
		height: Math.min(Math.max(crop.height, 1), active.height - top)
	};
}
// packages/engine/dist/stage.js
/** A stage whose plan's type is its own affair. */
function defineStage(stage) {
	return stage;
}
// packages/engine/dist/stages/colour/hue-sat-map.js
/**
* The hue/saturation map for a white: the calibrations' maps mixed by their weights (DNG 1.6, chapter 6), or undefined
* where the file has none; where their grids differ, the first one.
*/
function mixedHueSatMap(weights) {
	const present = weights.flatMap(({ calibration, weight }) => calibration.hueSatMap === void 0 ? [] : [{
		map: calibration.hueSatMap,
		weight
	}]);
	const first = present[0];
	if (first === void 0) return void 0;
	const total = present.reduce((sum, { weight }) => sum + weight, 0);
	if (total <= 0) return first.map;
	if (present.some(({ map }) => !sameGrid(map, first.map))) return first.map;
	const data = new Float32Array(first.map.data.length);
	for (const { map, weight } of present) for (let i = 0; i < data.length; i++) data[i] += map.data[i] * weight / total;
	return {
		...first.map,
		data
	};
}
function sameGrid(a, b) {
	return a.hueDivisions === b.hueDivisions && a.satDivisions === b.satDivisions && a.valDivisions === b.valDivisions && a.encoding === b.encoding;
}
/** The map's data as the kernel wants it: hue shifts in sixths of a turn instead of degrees. */
function tableOf(map) {
	return map.data.map((value, i) => i % 3 === 0 ? value / 60 : value);
}
// packages/engine/dist/stages/colour/index.js
const parameters$6 = { profile: {
	kind: "choice",
	choices: ["matrix", "full"],
	default: "full",
	flag: "profile",
	help: "How much of the file's colour profile to use: matrix alone, or its hue/saturation tables too."
} };
function placeMap(map, context) {
	const curve = (f) => map.encoding === "linear" ? 0 : context.place(Float32Array.from({ length: 1025 }, (_, i) => f(i / 1024)));
	return {
		table: context.place(tableOf(map)),
		hues: map.hueDivisions,
		sats: map.satDivisions,
		vals: map.valDivisions,
		encode: curve((root) => srgbEncode(root * root)),
		decode: curve(srgbDecode)
	};
}
/** White-balanced camera RGB to the working space, linear Rec.2020, by the file's matrices and hue/saturation map. */
const colour = defineStage({
	name: "colour",
	title: "Colour",
	parameters: parameters$6,
	works: "planes",
	plan(values, context) {
		const { camera, white } = context;
		if (camera.assumed) context.assume("no colour matrix in the file: camera RGB is taken for linear sRGB");
		const toXyz = camera.balancedToXyzD50(white.chromaticity, white.neutral);
		const map = values.profile === "full" ? mixedHueSatMap(camera.weights(white.chromaticity)) : void 0;
		const target = map === void 0 ? xyzD50ToRgb(REC2020) : inverse$1(rgbToXyz(PROPHOTO));
		return {
			matrix: context.place(Float32Array.from(multiply$1(target, toXyz))),
			map: map === void 0 ? void 0 : placeMap(map, context),
			back: map === void 0 ? 0 : context.place(Float32Array.from(rgbToRgb(PROPHOTO, REC2020)))
		};
	},
	halo: () => 0,
	scratch: () => 0,
	run({ matrix, map, back }, tile, kernels) {
		const area = [
			tile.inner,
			tile.planeStride,
			tile.stride * 4,
			tile.innerWidth,
			tile.innerHeight
		];
		kernels.colourMatrix(...area, matrix);
		if (map === void 0) return;
		kernels.hueSatMap(...area, map.table, map.hues, map.sats, map.vals, map.encode, map.decode);
		kernels.colourMatrix(...area, back);
	}
});
// packages/engine/dist/stages/linearise/tables.js
function greatestCommonDivisor(a, b) {
	return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
/** The colour (0 red, 1 green, 2 blue) at a place of the active area. */
function colourAt(frame, x, y) {
	const cfa = frame.cfa;
	const row = (y + frame.activeArea.top) % cfa.height;
	const column = (x + frame.activeArea.left) % cfa.width;
	return cfa.pattern[row * cfa.width + column];
}
/**
* Tables for DNG's mapping of stored samples to linear reference values (DNG 1.6, chapter 5): linearise, subtract the
* black level with its deltas, divide by white minus the largest black, clip at white. Negative values stay: they are
* half of the noise around black.
* @param balance gains R, G, B multiplied in
*/
function lineariseTables(frame, balance) {
	const { activeArea: area, samplesPerPixel } = frame;
	const width = area.right - area.left;
	const level = frame.blackLevel ?? {
		repeatRows: 1,
		repeatCols: 1,
		values: Array(samplesPerPixel).fill(0)
	};
	const cfaHeight = frame.cfa?.height ?? 1;
	const phases = level.repeatRows * cfaHeight / greatestCommonDivisor(level.repeatRows, cfaHeight);
	const largest = (deltas) => deltas === void 0 ? 0 : deltas.reduce((a, b) => Math.max(a, b), -Infinity);
	const rows = (frame.cfa === void 0 ? [
		0,
		1,
		2
	].map((p) => Math.min(p, samplesPerPixel - 1)) : [0]).map((plane, colourOfPlane) => {
		const levels = level.values.filter((_, i) => i % samplesPerPixel === plane);
		const top = Math.max(...levels) + largest(level.deltaH) + largest(level.deltaV);
		const white = frame.whiteLevel[plane] ?? frame.whiteLevel[0];
		const range = white > top ? white - top : 1;
		return Array.from({ length: phases }, (_, y) => {
			const black = new Float32Array(width);
			const scale = new Float32Array(width);
			const ceiling = new Float32Array(width);
			for (let x = 0; x < width; x++) {
				const gain = balance[frame.cfa === void 0 ? colourOfPlane : colourAt(frame, x, y)];
				black[x] = levels[y % level.repeatRows * level.repeatCols + x % level.repeatCols] + (level.deltaH?.[x] ?? 0);
				scale[x] = gain / range;
				ceiling[x] = gain;
			}
			return {
				black,
				scale,
				ceiling
			};
		});
	});
	const short = frame.linearization;
	return {
		table: short === void 0 || short.length === 0 ? void 0 : Float32Array.from({ length: 65536 }, (_, i) => short[Math.min(i, short.length - 1)]),
		rows,
		deltaV: level.deltaV
	};
}
// packages/engine/dist/stages/demosaic/index.js
const parameters$5 = { quality: {
	kind: "choice",
	choices: ["fast", "best"],
	default: "fast",
	flag: "quality",
	help: "How carefully the missing colours are found: fast, or best for the finest detail at several times the time."
} };
const PHASES = [
	"0112",
	"1021",
	"1201",
	"2110"
];
function bayerPhase(frame) {
	const colours = [
		colourAt(frame, 0, 0),
		colourAt(frame, 1, 0),
		colourAt(frame, 0, 1),
		colourAt(frame, 1, 1)
	];
	return PHASES.indexOf(colours.join(""));
}
/** One sample per photosite to three values per pixel. */
const demosaic = defineStage({
	name: "demosaic",
	title: "Demosaic",
	parameters: parameters$5,
	works: "demosaic",
	plan(values, { frame }) {
		if (frame.cfa === void 0) return void 0;
		const phase = frame.cfa.kind === "bayer" ? bayerPhase(frame) : -1;
		if (phase < 0) throw new EngineError(`a ${frame.cfa.kind} colour filter array of ${frame.cfa.width} × ${frame.cfa.height} can't be developed; Bayer arrays can.`);
		return {
			quality: values.quality,
			phase
		};
	},
	halo: ({ quality }) => quality === "fast" ? 16 : 24,
	scratch: ({ quality }, stride, height, kernels) => quality === "fast" ? kernels.demosaicBayerFastScratch(stride, height) : kernels.demosaicBayerBestScratch(stride, height),
	run({ quality, phase }, tile, kernels) {
		(quality === "fast" ? kernels.demosaicBayerFast : kernels.demosaicBayerBest)(tile.mosaic, tile.stride, tile.width, tile.height, phase, tile.planes, tile.scratch);
	}
});
// packages/engine/dist/stages/display/index.js
const parameters$4 = { space: {
	kind: "choice",
	choices: ["srgb", "display-p3"],
	default: "srgb",
	flag: "color-space",
	help: "Colour space of the picture: srgb shows right everywhere, display-p3 holds more saturated colours."
} };
const SPACES = {
	srgb: SRGB,
	"display-p3": DISPLAY_P3
};
/** Working space to the display's linear RGB in [0,1]; colours beyond the gamut keep hue and luminance, not saturation. */
const display = defineStage({
	name: "display",
	title: "Display",
	parameters: parameters$4,
	works: "planes",
	plan(values, { place }) {
		const space = SPACES[values.space];
		const luminance = rgbToXyz(space).slice(3, 6);
		return { table: place(Float32Array.from([...rgbToRgb(REC2020, space), ...luminance])) };
	},
	halo: () => 0,
	scratch: () => 0,
	run({ table }, tile, kernels) {
		kernels.displayGamut(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, table);
	}
});
/** The file's baseline exposure (DNG tags 50730 and 51109) and the person's own, as one gain on scene light. */
const exposure = defineStage({
	name: "exposure",
	title: "Exposure",
	parameters: { ev: {
		kind: "number",
		min: -8,
		max: 8,
		step: .05,
		unit: "stops",
		default: 0,
		flag: "exposure",
		help: "Brightens (positive) or darkens the picture, in stops of light."
	} },
	works: "planes",
	plan({ ev }, { frame }) {
		const stops = ev + (frame.baselineExposure ?? 0) + (frame.color.baselineExposureOffset ?? 0);
		return stops === 0 ? void 0 : { gain: 2 ** stops };
	},
	halo: () => 0,
	scratch: () => 0,
	run({ gain }, tile, kernels) {
		kernels.whiteBalance(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, gain, gain, gain);
	}
});
// packages/engine/dist/stages/highlights/index.js
/** From this fraction of a channel's white level on it counts as clipping, fully so at `CLIP_END`. */
const CLIP_START = .9;
/** Light beyond a channel's white level: lifted to its neighbours' level, and neutral where all three are gone. */
const highlights = defineStage({
	name: "highlights",
	title: "Highlights",
	parameters: {},
	works: "planes",
	plan(_values, { white, place }) {
		return { table: place(Float32Array.from(white.neutral.flatMap((n) => [CLIP_START / n, n / .08999999999999997]))) };
	},
	halo: () => 0,
	scratch: () => 0,
	run({ table }, tile, kernels) {
		kernels.highlights(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, table);
	}
});
// packages/engine/dist/stages/lens-shading/passes.js
/** A map coordinate: the grid point before it and the fraction beyond, kept inside of the grid. */
function locate(position, size, origin, spacing, points) {
	const at = points < 2 || spacing <= 0 ? 0 : ((position + .5) / size - origin) / spacing;
	const inside = Math.min(Math.max(at, 0), points - 1);
	const left = Math.min(Math.floor(inside), Math.max(points - 2, 0));
	return [left, inside - left];
}
function passOf(map, plane, width, height) {
	const { area } = map;
	const rowStart = Math.max(area.top, 0);
	const rowEnd = Math.min(area.bottom, height);
	const rowPitch = Math.max(area.rowPitch, 1);
	const index = new Int32Array(width).fill(-1);
	const fraction = new Float32Array(width);
	for (let x = Math.max(area.left, 0); x < Math.min(area.right, width); x += Math.max(area.colPitch, 1)) [index[x], fraction[x]] = locate(x, width, map.mapOriginH, map.mapSpacingH, map.mapPointsH);
	const gainsPerRow = map.mapPointsH + 1;
	const rows = Math.max(Math.ceil((rowEnd - rowStart) / rowPitch), 0);
	const gains = new Float32Array(rows * gainsPerRow);
	const mapPlane = Math.min(Math.max(plane - area.plane, 0), map.mapPlanes - 1);
	for (let k = 0; k < rows; k++) {
		const [top, f] = locate(rowStart + k * rowPitch, height, map.mapOriginV, map.mapSpacingV, map.mapPointsV);
		const below = Math.min(top + 1, map.mapPointsV - 1);
		for (let h = 0; h < gainsPerRow; h++) {
			const column = Math.min(h, map.mapPointsH - 1);
			const at = (row) => map.gains[(row * map.mapPointsH + column) * map.mapPlanes + mapPlane];
			gains[k * gainsPerRow + h] = at(top) + (at(below) - at(top)) * f;
		}
	}
	return {
		plane,
		rowStart,
		rowEnd,
		rowPitch,
		index,
		fraction,
		gains,
		gainsPerRow
	};
}
/** Two passes over the same rows and different columns as one, or undefined where they can't be. */
function merged(a, b) {
	if (a.plane !== b.plane || a.rowStart !== b.rowStart || a.rowEnd !== b.rowEnd || a.rowPitch !== b.rowPitch) return void 0;
	if (a.index.some((left, x) => left >= 0 && b.index[x] >= 0)) return void 0;
	const gainsPerRow = a.gainsPerRow + b.gainsPerRow;
	const gains = new Float32Array(a.gains.length / a.gainsPerRow * gainsPerRow);
	for (let k = 0; k * gainsPerRow < gains.length; k++) {
		gains.set(a.gains.subarray(k * a.gainsPerRow, (k + 1) * a.gainsPerRow), k * gainsPerRow);
		gains.set(b.gains.subarray(k * b.gainsPerRow, (k + 1) * b.gainsPerRow), k * gainsPerRow + a.gainsPerRow);
	}
	return {
		...a,
		index: a.index.map((left, x) => b.index[x] >= 0 ? b.index[x] + a.gainsPerRow : left),
		fraction: a.fraction.map((f, x) => b.index[x] >= 0 ? b.fraction[x] : f),
		gains,
		gainsPerRow
	};
}
/** The planes in memory that an opcode's area covers: a single channel stands in all three. */
function planesUnder(area, samplesPerPixel) {
	return [
		0,
		1,
		2
	].filter((plane) => {
		const channel = Math.min(plane, samplesPerPixel - 1);
		return channel >= area.plane && channel < area.plane + area.planes;
	});
}
/**
* The gain maps of OpcodeList2 as passes over rows. Map coordinates are fractions of the whole active area, measured at
* pixel centres (DNG 1.6, chapter 7, GainMap). The four maps of a Bayer file become two passes.
*/
function shadingPasses(frame) {
	const width = frame.activeArea.right - frame.activeArea.left;
	const height = frame.activeArea.bottom - frame.activeArea.top;
	const { cfa, samplesPerPixel } = frame;
	const passes = [];
	for (const opcode of frame.opcodes.list2) {
		if (opcode.kind !== "GainMap") continue;
		const { area } = opcode;
		const planes = cfa !== void 0 ? [-1] : planesUnder(area, samplesPerPixel);
		for (const plane of planes) {
			const pass = passOf(opcode, plane, width, height);
			const before = passes.findIndex((p) => merged(p, pass) !== void 0);
			if (before >= 0) passes[before] = merged(passes[before], pass);
			else passes.push(pass);
		}
	}
	return passes;
}
/** The gain maps of OpcodeList2 (DNG 1.6, chapter 7): per-colour gains against the lens's shading. */
const lensShading = defineStage({
	name: "lens-shading",
	title: "Lens shading",
	parameters: { apply: {
		kind: "boolean",
		flag: "lens-shading",
		default: true,
		help: "Undo the darkening toward the corners by the gain maps in the file."
	} },
	works: "mosaic",
	plan(values, context) {
		if (!values.apply) return void 0;
		const passes = shadingPasses(context.frame);
		if (passes.length === 0) return void 0;
		return passes.map((pass) => ({
			plane: pass.plane,
			rowStart: pass.rowStart,
			rowEnd: pass.rowEnd,
			rowPitch: pass.rowPitch,
			index: context.place(pass.index),
			fraction: context.place(pass.fraction),
			gains: context.place(pass.gains),
			gainsStride: pass.gainsPerRow * 4
		}));
	},
	halo: () => 0,
	scratch: () => 0,
	run(passes, tile, kernels) {
		for (const pass of passes) {
			const base = pass.plane < 0 ? tile.mosaic : tile.planes + pass.plane * tile.planeStride;
			for (let y = 0; y < tile.height; y++) {
				const row = tile.sourceRow(y);
				if (row < pass.rowStart || row >= pass.rowEnd || (row - pass.rowStart) % pass.rowPitch !== 0) continue;
				const gains = pass.gains + (row - pass.rowStart) / pass.rowPitch * pass.gainsStride;
				kernels.lensShadingRow(base + y * tile.stride * 4, tile.columns, pass.index, pass.fraction, gains, tile.width);
			}
		}
	}
});
// packages/engine/dist/stages/linearise/index.js
/** Linearisation table, black level, white level: sensor units to [0,1], multiplied by the frame's balance. */
const linearise = defineStage({
	name: "linearise",
	title: "Linearise",
	parameters: {},
	works: "mosaic",
	plan(_values, context) {
		const { frame } = context;
		const tables = lineariseTables(frame, context.balance);
		const bytes = frame.samples.BYTES_PER_ELEMENT;
		return {
			float: frame.samples instanceof Float32Array,
			first: context.samples + (frame.activeArea.top * frame.width + frame.activeArea.left) * bytes,
			rowBytes: frame.width * bytes,
			planeBytes: frame.samplesPerPixel === 1 ? 0 : frame.width * frame.height * bytes,
			table: tables.table === void 0 ? 0 : context.place(tables.table),
			planes: tables.rows.map((phases) => phases.map((row) => ({
				black: context.place(row.black),
				scale: context.place(row.scale),
				ceiling: context.place(row.ceiling)
			}))),
			deltaV: tables.deltaV
		};
	},
	halo: () => 0,
	scratch: () => 0,
	run(plan, tile, kernels) {
		plan.planes.forEach((phases, p) => {
			const dst = plan.planes.length === 1 ? tile.mosaic : tile.planes + p * tile.planeStride;
			for (let y = 0; y < tile.height; y++) {
				const sourceRow = tile.sourceRow(y);
				const row = phases[sourceRow % phases.length];
				const src = plan.first + p * plan.planeBytes + sourceRow * plan.rowBytes;
				const out = dst + y * tile.stride * 4;
				const deltaV = plan.deltaV?.[sourceRow] ?? 0;
				if (plan.float) kernels.lineariseFloatRow(src, row.black, row.scale, row.ceiling, deltaV, tile.columns, tile.width, out);
				else kernels.lineariseRow(src, plan.table, row.black, row.scale, row.ceiling, deltaV, tile.columns, tile.firstInside, tile.lastInside, tile.width, out);
			}
		});
	}
});
// packages/engine/dist/stages/mapping/index.js
function isMapping(opcode) {
	return /^(MapPolynomial|MapTable|(Delta|Scale)Per(Row|Column))$/.test(opcode.kind);
}
/** A value per picture column: `inside(k)` on the opcode's k-th column, `outside` elsewhere. */
function perColumn(area, width, outside, inside) {
	const values = new Float32Array(width).fill(outside);
	const pitch = Math.max(area.colPitch, 1);
	for (let k = 0; area.left + k * pitch < Math.min(area.right, width); k++) values[area.left + k * pitch] = inside(k);
	return values;
}
function changeOf(opcode, width, { place }) {
	switch (opcode.kind) {
		case "MapPolynomial": return {
			kind: "polynomial",
			coefficients: place(Float32Array.from(opcode.coefficients)),
			degree: opcode.coefficients.length - 1
		};
		case "MapTable": return {
			kind: "table",
			table: place(Float32Array.from({ length: 65536 }, (_, i) => opcode.table[Math.min(i, opcode.table.length - 1)] / 65535))
		};
		default: {
			const byColumn = opcode.kind.endsWith("Column");
			const scales = opcode.kind.startsWith("Scale");
			const value = (k) => opcode.values[k] ?? (scales ? 1 : 0);
			return {
				kind: "linear",
				scales: place(perColumn(opcode.area, width, 1, byColumn && scales ? value : () => 1)),
				offsets: place(perColumn(opcode.area, width, 0, byColumn && !scales ? value : () => 0)),
				rowScales: !byColumn && scales ? opcode.values : void 0,
				rowOffsets: !byColumn && !scales ? opcode.values : void 0
			};
		}
	}
}
/** The opcodes of OpcodeList2 that map values (DNG 1.6, chapter 7), in the file's order. */
const mapping = defineStage({
	name: "mapping",
	title: "Mapping",
	parameters: {},
	works: "mosaic",
	plan(_values, context) {
		const { frame } = context;
		const opcodes = frame.opcodes.list2.filter(isMapping);
		if (opcodes.length === 0) return void 0;
		const width = frame.activeArea.right - frame.activeArea.left;
		return {
			gains: lineariseTables(frame, context.balance).rows.map((phases) => phases.map(({ ceiling }) => context.place(ceiling))),
			mappings: opcodes.map((opcode) => {
				const { area } = opcode;
				const applies = Int32Array.from(perColumn(area, width, 0, () => 1));
				return {
					change: changeOf(opcode, width, context),
					planes: frame.cfa !== void 0 ? [-1] : [
						0,
						1,
						2
					].filter((p) => p >= area.plane && p < area.plane + area.planes),
					top: area.top,
					bottom: area.bottom,
					rowPitch: Math.max(area.rowPitch, 1),
					applies: context.place(applies)
				};
			})
		};
	},
	halo: () => 0,
	scratch: () => 0,
	run({ mappings, gains }, tile, kernels) {
		for (const { change, planes, top, bottom, rowPitch, applies } of mappings) for (const plane of planes) {
			const base = plane < 0 ? tile.mosaic : tile.planes + plane * tile.planeStride;
			const phases = gains[Math.max(plane, 0)];
			for (let y = 0; y < tile.height; y++) {
				const sourceRow = tile.sourceRow(y);
				if (sourceRow < top || sourceRow >= bottom || (sourceRow - top) % rowPitch !== 0) continue;
				const row = base + y * tile.stride * 4;
				const gain = phases[sourceRow % phases.length];
				const k = (sourceRow - top) / rowPitch;
				if (change.kind === "polynomial") kernels.mapPolynomialRow(row, tile.columns, gain, applies, change.coefficients, change.degree, tile.width);
				else if (change.kind === "table") kernels.mapTableRow(row, tile.columns, gain, applies, change.table, tile.width);
				else kernels.mapLinearRow(row, tile.columns, gain, applies, change.scales, change.offsets, change.rowScales?.[k] ?? 1, change.rowOffsets?.[k] ?? 0, tile.width);
			}
		}
	}
});
// packages/engine/dist/stages/tone/curve.js
/** Display light of middle grey: L* = 50. */
const GREY_OUT = .1842;
/**
* A log-logistic curve y = a·xᶜ / (xᶜ + k), scaled so that `white` gives 1 and `grey` gives {@link GREY_OUT}: the
* Naka-Rushton response of photoreceptors (Naka and Rushton 1966) with exponent c.
*/
function toneCurve({ contrast: c, white, grey }) {
	const w = white ** c;
	const g = grey ** c;
	const denominator = GREY_OUT * w - g;
	const k = denominator <= 0 ? void 0 : .8158 * g * w / denominator;
	if (k === void 0) return (x) => Math.min((Math.max(x, 0) / white) ** c, 1);
	return (x) => {
		if (x <= 0) return 0;
		const power = Math.min(x, white * 4) ** c;
		return Math.min(power * (w + k) / (w * (power + k)), 1);
	};
}
const ENTRIES_PER_OCTAVE = 64;
const LOWEST_OCTAVE = -14;
/** The curve over 2^-14 … 2^8 in equal steps of each octave, as the kernel wants it; one entry more than steps. */
function tabulated(curve) {
	return Float32Array.from({ length: 1409 }, (_, i) => {
		return curve(2 ** (Math.floor(i / ENTRIES_PER_OCTAVE) + LOWEST_OCTAVE) * (1 + i % ENTRIES_PER_OCTAVE / ENTRIES_PER_OCTAVE));
	});
}
// packages/engine/dist/stages/tone/index.js
const parameters$1 = {
	curve: {
		kind: "choice",
		choices: [
			"natural",
			"linear",
			"profile"
		],
		default: "natural",
		flag: "tone",
		help: "Scene to display: natural (gentle contrast, soft highlights), linear (none), or the file's own curve."
	},
	contrast: {
		kind: "number",
		min: .8,
		max: 2.5,
		step: .05,
		default: 1.45,
		flag: "contrast",
		help: "Contrast around middle grey of the natural curve; 1 is flat."
	},
	brightness: {
		kind: "number",
		min: -3,
		max: 3,
		step: .05,
		unit: "stops",
		default: 0,
		flag: "brightness",
		help: "Moves middle grey of the natural curve while black and white stay."
	}
};
/** More light above white than this is not asked of the curve. */
const LARGEST_WHITE = 4;
function profileCurve(context) {
	const points = context.frame.color.toneCurve;
	if (points === void 0 || points.length < 4) return void 0;
	return (x) => {
		let i = 2;
		while (i < points.length - 2 && points[i] < x) i += 2;
		const [x0, y0, x1, y1] = [
			points[i - 2],
			points[i - 1],
			points[i],
			points[i + 1]
		];
		const t = x1 > x0 ? Math.min(Math.max((x - x0) / (x1 - x0), 0), 1) : 1;
		return y0 + (y1 - y0) * t;
	};
}
/**
* A global curve from scene to display light that keeps hue: it maps a pixel's largest and smallest channel, the middle
* one keeps its place between them, and bright colours fade to white gently because the curve's shoulder brings their
* channels together.
*/
const tone = defineStage({
	name: "tone",
	title: "Tone",
	parameters: parameters$1,
	works: "planes",
	plan(values, context) {
		if (values.curve === "linear") return void 0;
		const fromProfile = values.curve === "profile" ? profileCurve(context) : void 0;
		if (values.curve === "profile" && fromProfile === void 0) context.assume("no tone curve in the file: the natural one is used");
		const clip = Math.max(...context.white.neutral.map((n) => 1 / n));
		const curve = fromProfile ?? toneCurve({
			contrast: values.contrast,
			white: Math.min(clip, LARGEST_WHITE),
			grey: .115 * 2 ** -values.brightness
		});
		return { table: context.place(tabulated(curve)) };
	},
	halo: () => 0,
	scratch: () => 0,
	run({ table }, tile, kernels) {
		kernels.tone(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, table);
	}
});
// packages/engine/dist/pipeline.js
/** The order in which light becomes a photograph, and why each stage stands where it does. */
const PIPELINE = [
	linearise,
	mapping,
	lensShading,
	demosaic,
	defineStage({
		name: "white-balance",
		title: "White balance",
		parameters: {
			temperature: {
				kind: "number",
				min: 1700,
				max: 25e3,
				step: 50,
				unit: "K",
				default: null,
				flag: "temperature",
				help: "Colour temperature of the light; automatic = as the camera recorded it."
			},
			tint: {
				kind: "number",
				min: -150,
				max: 150,
				step: 1,
				default: null,
				flag: "tint",
				help: "Green (negative) to magenta (positive) correction of the light; automatic = as recorded, or 0 with --temperature."
			},
			neutral: {
				kind: "point",
				default: null,
				flag: "neutral",
				help: "A place X,Y (fractions of the upright picture) that shall become neutral grey."
			}
		},
		works: "planes",
		plan(_values, { white, balance }) {
			const { neutral } = white;
			return { gains: [
				1 / (neutral[0] * balance[0]),
				1 / (neutral[1] * balance[1]),
				1 / (neutral[2] * balance[2])
			] };
		},
		halo: () => 0,
		scratch: () => 0,
		run({ gains }, tile, kernels) {
			kernels.whiteBalance(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, gains[0], gains[1], gains[2]);
		}
	}),
	highlights,
	colour,
	exposure,
	tone,
	display
];
/** A recipe that is not right: names the path into the JSON and what is allowed there. */
var RecipeError = class extends Error {
	path;
	name = "RecipeError";
	/**
	* @param path into the JSON, e.g. `exposure.ev`
	* @param problem what is wrong and what is allowed
	*/
	constructor(path, problem) {
		super(`recipe${path === "" ? "" : ` at ${path}`}: ${problem}`);
		this.path = path;
	}
};
/** A stage's key in the recipe: its name in camel case. */
function recipeKey(stageName) {
	return stageName.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}
/** Says what a parameter may be, for people. */
function describeRange(parameter) {
	switch (parameter.kind) {
		case "number": {
			const unit = parameter.unit === void 0 ? "" : ` ${parameter.unit}`;
			const automatic = parameter.default === null ? ", or null for automatic" : "";
			return `a number from ${parameter.min} to ${parameter.max}${unit}${automatic}`;
		}
		case "choice": return `one of ${parameter.choices.join(", ")}`;
		case "boolean": return "true or false";
		case "point": return "a point [x, y] with fractions from 0 to 1 of the upright picture, or null";
	}
}
function isAllowed(parameter, value) {
	switch (parameter.kind) {
		case "number": return value === null && parameter.default === null || typeof value === "number" && value >= parameter.min && value <= parameter.max;
		case "choice": return typeof value === "string" && parameter.choices.includes(value);
		case "boolean": return typeof value === "boolean";
		case "point": return value === null || Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "number" && v >= 0 && v <= 1);
	}
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/**
* Checks a recipe and fills in the defaults.
* @throws {RecipeError} for an unknown stage or parameter, or a value that is not allowed
*/
function completeRecipe(input = {}) {
	if (!isObject(input)) throw new RecipeError("", "a JSON object is expected.");
	const { photosite, ...given } = input;
	if (photosite !== void 0 && photosite !== 1) throw new RecipeError("photosite", `version ${String(photosite)} is not known; this is version 1.`);
	const recipe = {};
	for (const stage of PIPELINE) {
		const parameters = stage.parameters;
		if (Object.keys(parameters).length === 0) continue;
		const key = recipeKey(stage.name);
		const values = given[key] === void 0 ? {} : given[key];
		delete given[key];
		if (!isObject(values)) throw new RecipeError(key, "a JSON object is expected.");
		for (const name of Object.keys(values)) if (!Object.hasOwn(parameters, name)) throw new RecipeError(`${key}.${name}`, `no such parameter; there are ${Object.keys(parameters).join(", ")}.`);
		recipe[key] = Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => {
			const value = values[name] === void 0 ? parameter.default : values[name];
			if (!isAllowed(parameter, value)) throw new RecipeError(`${key}.${name}`, `${JSON.stringify(value)} is not ${describeRange(parameter)}.`);
			return [name, value];
		}));
	}
	const unknown = Object.keys(given)[0];
	if (unknown !== void 0) throw new RecipeError(unknown, `no such stage; there are ${Object.keys(recipe).join(", ")}.`);
	return recipe;
}
// packages/engine/dist/scheduler/job.js
const STAGES = new Map(PIPELINE.map((stage) => [stage.name, stage]));
const GUARD = 64;
/** Bytes of one plane. */
function planeBytes(stride, rows) {
	return stride * rows * 4 + GUARD;
}
/** Bytes of one thread's buffers: two mosaics, three planes, three reduced planes, columns, footprints, scratch. */
function slotBytes(layout) {
	return 5 * planeBytes(layout.stride, layout.rows) + 3 * planeBytes(layout.reducedStride, layout.reducedRows) + layout.stride * 8 + (layout.reducedStride + layout.reducedRows) * 16 + layout.scratchBytes + 512;
}
/** The number of tiles of a job. */
function tileCount(job) {
	return Math.ceil(job.width / job.tileWidth) * Math.ceil(job.height / job.tileHeight);
}
/** Largest multiple of `period` that is at most `value`. */
function alignDown(value, period) {
	return Math.floor(value / period) * period;
}
/** Smallest multiple of 4 that is at least `value`. */
function roundUp4(value) {
	return value + 3 & -4;
}
/**
* The place inside of [0, size) whose photosite stands in for one outside of it and has its colour: mirrored about the
* border where the period is at most 2, shifted by whole periods where it is larger.
*/
function insidePlace(place, size, period) {
	if (place >= 0 && place < size) return place;
	if (period <= 2) {
		const round = Math.max(2 * (size - 1), 1);
		const folded = (place % round + round) % round;
		return folded < size ? folded : round - folded;
	}
	const shifted = place < 0 ? place + Math.ceil(-place / period) * period : place - Math.ceil((place - size + 1) / period) * period;
	return Math.min(Math.max(shifted, 0), size - 1);
}
/** The range of source pixels under output pixels `first … first + count` of a grid that shrinks `source` to `target`. */
function sourceSpan(first, count, source, target) {
	const ratio = source / target;
	return [Math.floor(first * ratio), Math.min(Math.ceil((first + count) * ratio), source)];
}
/** Works off tiles until there are none left or the job is stopped. */
var TileRunner = class {
	#kernels;
	#memory;
	constructor(kernels, memory) {
		this.#kernels = kernels;
		this.#memory = memory;
	}
	/** Takes the next tile of a job and finishes it; false where there is none left. */
	step(job, thread, times) {
		const control = new Int32Array(this.#memory.buffer, job.control, 2);
		if (Atomics.load(control, 1) !== 0) return false;
		const index = Atomics.add(control, 0, 1);
		if (index >= tileCount(job)) return false;
		this.#run(job, job.slots[thread], index, times);
		return true;
	}
	#run(job, slot, index, times) {
		const across = Math.ceil(job.width / job.tileWidth);
		const x0 = index % across * job.tileWidth;
		const y0 = Math.floor(index / across) * job.tileHeight;
		const width = Math.min(job.tileWidth, job.width - x0);
		const height = Math.min(job.tileHeight, job.height - y0);
		const tile = new Buffers(job, slot, this.#memory);
		const scaled = job.buffers.reducedStride > 0;
		if (job.scene !== void 0) {
			const [left, right] = sourceSpan(x0, width, job.region.width, job.width);
			const [top, bottom] = sourceSpan(y0, height, job.region.height, job.height);
			tile.open(job.scene, job.region.left + left, job.region.top + top, right - left, bottom - top);
			this.#stages(job.scene.stages, tile, times);
			if (scaled) this.#reduce(job, tile, x0, y0, width, height, left, top, times);
			if (job.cache !== void 0) this.#copy(job, job.cache, tile, x0, y0, width, height, "write");
		} else {
			tile.show(width, height);
			this.#copy(job, job.cache, tile, x0, y0, width, height, "read");
		}
		this.#stages(job.finish, tile, times);
		this.#deliver(job.delivery, tile, x0, y0, times);
	}
	#stages(stages, tile, times) {
		for (const { name, plan } of stages) {
			const start = performance.now();
			STAGES.get(name).run(plan, tile, this.#kernels);
			note(times, name, start, tile.innerWidth * tile.innerHeight);
		}
	}
	#copy(job, cache, tile, x0, y0, width, height, mode) {
		for (let plane = 0; plane < 3; plane++) {
			const outside = cache.address + (plane * job.width * job.height + y0 * job.width + x0) * 4;
			const inside = tile.inner + plane * tile.planeStride;
			if (mode === "write") this.#kernels.copyPlane(inside, tile.stride * 4, outside, job.width * 4, width, height);
			else this.#kernels.copyPlane(outside, job.width * 4, inside, tile.stride * 4, width, height);
		}
	}
	#reduce(job, tile, x0, y0, width, height, left, top, times) {
		const start = performance.now();
		const columns = tile.placeFootprints(0, x0, width, left, job.region.width / job.width, job.region.width);
		const rows = tile.placeFootprints(width, y0, height, top, job.region.height / job.height, job.region.height);
		const norm = job.width / job.region.width * (job.height / job.region.height);
		const { inner, planeStride, stride, innerWidth } = tile;
		tile.show(width, height);
		for (let plane = 0; plane < 3; plane++) this.#kernels.reducePlane(inner + plane * planeStride, stride * 4, columns, rows, norm, tile.scratch, tile.inner + plane * tile.planeStride, tile.stride * 4, width, height, innerWidth);
		note(times, "reduce", start, width * height);
	}
	#deliver(delivery, tile, x0, y0, times) {
		const start = performance.now();
		(delivery.format === "uint8" ? this.#kernels.displayEncode8 : delivery.format === "uint16" ? this.#kernels.displayEncode16 : this.#kernels.displayFloat)(tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight, delivery.table, delivery.address + x0 * delivery.stepX + y0 * delivery.stepY, delivery.stepX, delivery.stepY);
		note(times, "encode", start, tile.innerWidth * tile.innerHeight);
	}
};
function note(times, name, start, pixels) {
	times[name] ??= {
		ms: 0,
		pixels: 0
	};
	times[name].ms += performance.now() - start;
	times[name].pixels += pixels;
}
/** One thread's buffers, seen as the tile that it works on. */
var Buffers = class {
	left = 0;
	top = 0;
	width = 0;
	height = 0;
	stride;
	columns;
	firstInside = 0;
	lastInside = 0;
	mosaic;
	spare;
	planes;
	planeStride;
	scratch;
	inner = 0;
	innerWidth = 0;
	innerHeight = 0;
	#memory;
	#layout;
	#reduced;
	#footprints;
	#scene;
	constructor(job, slot, memory) {
		const layout = job.buffers;
		const bytes = planeBytes(layout.stride, layout.rows);
		this.#memory = memory;
		this.#layout = layout;
		this.mosaic = slot;
		this.spare = slot + bytes;
		this.planes = slot + 2 * bytes;
		this.planeStride = bytes;
		this.stride = layout.stride;
		this.#reduced = slot + 5 * bytes;
		this.columns = this.#reduced + 3 * planeBytes(layout.reducedStride, layout.reducedRows);
		this.#footprints = this.columns + layout.stride * 8;
		this.scratch = this.#footprints + (layout.reducedStride + layout.reducedRows) * 16 + GUARD & -64;
	}
	sourceRow(y) {
		return insidePlace(this.top + y, this.#scene.activeHeight, this.#scene.period);
	}
	/** Makes this the tile around a rectangle of the active area. */
	open(scene, left, top, width, height) {
		this.#scene = scene;
		this.left = alignDown(left - scene.halo, scene.period);
		this.top = alignDown(top - scene.halo, scene.period);
		this.width = roundUp4(left + width + scene.halo - this.left);
		this.height = roundUp4(top + height + scene.halo - this.top);
		this.planeStride = this.stride * this.height * 4;
		const columns = new Int32Array(this.#memory.buffer, this.columns, this.width);
		for (let i = 0; i < this.width; i++) columns[i] = insidePlace(this.left + i, scene.activeWidth, scene.period);
		this.firstInside = Math.min(Math.max(-this.left, 0), this.width);
		this.lastInside = Math.max(Math.min(scene.activeWidth - this.left, this.width), this.firstInside);
		this.inner = this.planes + ((top - this.top) * this.stride + left - this.left) * 4;
		this.innerWidth = width;
		this.innerHeight = height;
	}
	/** Makes this a tile of bare planes: of the reduced buffers where there are some. */
	show(width, height) {
		if (this.#layout.reducedStride > 0) {
			this.planes = this.#reduced;
			this.stride = this.#layout.reducedStride;
			this.planeStride = planeBytes(this.#layout.reducedStride, this.#layout.reducedRows);
		}
		this.inner = this.planes;
		this.innerWidth = width;
		this.innerHeight = height;
	}
	/** Writes what each of `count` output pixels from `first` on averages; returns the address. */
	placeFootprints(slot, first, count, origin, ratio, size) {
		const address = this.#footprints + slot * 16;
		const integers = new Int32Array(this.#memory.buffer, address, count * 4);
		const floats = new Float32Array(this.#memory.buffer, address, count * 4);
		for (let i = 0; i < count; i++) {
			const from = (first + i) * ratio;
			const to = Math.min((first + i + 1) * ratio, size);
			const start = Math.floor(from);
			const pixels = Math.max(Math.ceil(to) - start, 1);
			integers[i * 4] = start - origin;
			integers[i * 4 + 1] = pixels;
			floats[i * 4 + 2] = pixels === 1 ? to - from : start + 1 - from;
			floats[i * 4 + 3] = to - (start + pixels - 1);
		}
		return address;
	}
};
// packages/engine/dist/white.js
/** Photosites around a picked point whose mean counts as its colour. */
const PICK_RADIUS = 12;
/** Samples of the whole picture that a white estimate looks at, about. */
const ESTIMATE_SAMPLES = 2e5;
/** Minkowski norm of the white estimate: between grey world (1) and white patch (∞). */
const SHADE_OF_GREY_NORM = 6;
/** From this fraction of the white level on a sample may be clipped. */
const CLIPPED = .95;
/** The linear value of a sample of the active area on [0,1], without deltas and lens shading. */
function light(frame, x, y, plane) {
	const { activeArea: area, samplesPerPixel: spp, blackLevel: black } = frame;
	const stored = frame.samples[((y + area.top) * frame.width + x + area.left) * spp + plane];
	const linear = frame.linearization?.[Math.min(stored, frame.linearization.length - 1)] ?? stored;
	const level = black === void 0 ? 0 : black.values[(y % black.repeatRows * black.repeatCols + x % black.repeatCols) * spp + plane];
	const white = frame.whiteLevel[plane] ?? frame.whiteLevel[0];
	return (linear - level) / Math.max(white - level, 1e-6);
}
/** Power means of the three colours over every `step`-th photosite block of an area, clipped samples left out. */
function meanColour(frame, area, step, norm) {
	const sums = [
		0,
		0,
		0
	];
	const counts = [
		0,
		0,
		0
	];
	const period = frame.cfa === void 0 ? 1 : Math.max(frame.cfa.width, frame.cfa.height);
	for (let by = area.top; by < area.bottom; by += period * step) for (let bx = area.left; bx < area.right; bx += period * step) for (let y = by; y < Math.min(by + period, area.bottom); y++) for (let x = bx; x < Math.min(bx + period, area.right); x++) for (let plane = 0; plane < frame.samplesPerPixel; plane++) {
		const value = light(frame, x, y, plane);
		if (!(value < CLIPPED)) continue;
		const colour = frame.cfa === void 0 ? plane : colourAt(frame, x, y);
		sums[colour] += Math.max(value, 0) ** norm;
		counts[colour]++;
	}
	const means = sums.map((sum, i) => counts[i] === 0 ? 0 : (sum / counts[i]) ** (1 / norm));
	if (!means.every((mean) => mean > 1e-6 && Number.isFinite(mean))) return void 0;
	return normalised([
		means[0],
		means[1],
		means[2]
	]);
}
function usableNeutral(neutral) {
	if (neutral === void 0 || neutral.length < 3 || !neutral.every((n) => Number.isFinite(n) && n > .001)) return void 0;
	return normalised([
		neutral[0],
		neutral[1],
		neutral[2]
	]);
}
/**
* The white that the frame itself states: AsShotNeutral, else AsShotWhiteXY, else D50 by the colour matrix, else an
* estimate from the picture (shades of grey: Finlayson and Trezzi 2004).
*/
function recordedWhite(frame, camera, assume) {
	const neutral = usableNeutral(frame.asShotNeutral);
	if (neutral !== void 0) return {
		neutral,
		chromaticity: camera.whiteOf(neutral)
	};
	if (frame.asShotWhite !== void 0) return {
		neutral: camera.neutralOf(frame.asShotWhite),
		chromaticity: frame.asShotWhite
	};
	if (!camera.assumed) {
		assume("no white balance in the file: daylight of 5000 K");
		return {
			neutral: camera.neutralOf(D50$1),
			chromaticity: D50$1
		};
	}
	const area = {
		left: 0,
		top: 0,
		right: frame.activeArea.right - frame.activeArea.left,
		bottom: frame.activeArea.bottom - frame.activeArea.top
	};
	const estimate = meanColour(frame, area, Math.max(1, Math.floor(Math.sqrt(area.right * area.bottom / ESTIMATE_SAMPLES))), SHADE_OF_GREY_NORM) ?? [
		1,
		1,
		1
	];
	assume("no white balance and no colour matrix in the file: white estimated from the picture");
	return {
		neutral: estimate,
		chromaticity: camera.whiteOf(estimate)
	};
}
/** Mean colour of the photosites around a point of the upright picture. */
function pickedNeutral(frame, [u, v]) {
	const crop = cropOf(frame);
	const turn = turnOf(frame.orientation, crop.width, crop.height);
	const at = toSensor(turn, {
		left: Math.min(Math.floor(u * turn.width), turn.width - 1),
		top: Math.min(Math.floor(v * turn.height), turn.height - 1),
		width: 1,
		height: 1
	});
	const [x, y] = [crop.left + at.left, crop.top + at.top];
	const width = frame.activeArea.right - frame.activeArea.left;
	const height = frame.activeArea.bottom - frame.activeArea.top;
	return meanColour(frame, {
		left: Math.max(x - PICK_RADIUS, 0),
		top: Math.max(y - PICK_RADIUS, 0),
		right: Math.min(x + PICK_RADIUS + 1, width),
		bottom: Math.min(y + PICK_RADIUS + 1, height)
	}, 1, 1);
}
/** The white that a recipe asks for: a picked neutral, a temperature and tint, or the recorded one. */
function sceneWhite(frame, camera, recorded, recipe, assume) {
	const { neutral: point, temperature, tint } = recipe.whiteBalance;
	if (point !== null) {
		const neutral = pickedNeutral(frame, point);
		if (neutral !== void 0) return {
			neutral,
			chromaticity: camera.whiteOf(neutral)
		};
		assume("the picked neutral is clipped or black: white balance as recorded");
	}
	if (temperature === null && tint === null) return recorded;
	const now = temperatureOfChromaticity(recorded.chromaticity);
	const chromaticity = chromaticityOfTemperature({
		kelvin: temperature ?? now.kelvin,
		tint: tint ?? (temperature === null ? now.tint : 0)
	});
	return {
		neutral: camera.neutralOf(chromaticity),
		chromaticity
	};
}
// packages/engine/dist/Development.js
/** Tile size where none is asked for: a tile with its planes fits into a core's share of the cache. */
const DEFAULT_TILE = 256;
const SMALLEST_TILE$1 = 32;
const LARGEST_TILE$1 = 4096;
const BYTES = {
	uint8: 1,
	uint16: 2,
	float32: 4
};
/** Regions and scales whose camera RGB is kept: a fitted view and a closer one. */
const KEPT_VIEWS = 2;
let nextJob = 1;
/** One frame in the kernels' memory, to be rendered as often as one likes. */
var Development = class {
	frame;
	#engine;
	#samples;
	#camera;
	#recorded;
	#assumptions = [];
	#kept = [];
	#open = true;
	/** Use {@link Engine.open}. */
	constructor(engine, frame) {
		this.frame = frame;
		this.#engine = engine;
		if (frame.cfa === void 0 ? ![1, 3].includes(frame.samplesPerPixel) : frame.samplesPerPixel !== 1) throw new EngineError(`a picture of ${frame.samplesPerPixel} samples per pixel can't be developed; 1 or 3 can.`);
		this.#camera = new CameraModel(frame);
		this.#recorded = recordedWhite(frame, this.#camera, (what) => this.#assumptions.push(what));
		this.#samples = this.#copySamples();
	}
	#copySamples() {
		const { samples, samplesPerPixel } = this.frame;
		const { heap } = this.#engine;
		const address = heap.allocate(samples.byteLength);
		const copy = samples instanceof Float32Array ? new Float32Array(heap.memory.buffer, address, samples.length) : new Uint16Array(heap.memory.buffer, address, samples.length);
		if (samplesPerPixel === 1) copy.set(samples);
		else {
			const pixels = samples.length / samplesPerPixel;
			for (let i = 0, k = 0; i < pixels; i++) for (let plane = 0; plane < samplesPerPixel; plane++) copy[plane * pixels + i] = samples[k++];
		}
		return address;
	}
	/** Width and height of the upright picture in pixels. */
	get size() {
		const { width, height } = this.#turn("display", 1);
		return {
			width,
			height
		};
	}
	#area(as) {
		if (as !== "camera-rgb") return cropOf(this.frame);
		const active = rectangleOf(this.frame.activeArea);
		return {
			left: 0,
			top: 0,
			width: active.width,
			height: active.height
		};
	}
	#turn(as, scale) {
		const { width, height } = this.#area(as);
		return turnOf(this.frame.orientation, scaled(width, scale), scaled(height, scale));
	}
	/**
	* Renders a region at a scale. Requests on one engine are served in turn.
	* @throws {RecipeError} for a recipe that is not allowed, {EngineError} for a request that can't be served
	*/
	render(request = {}) {
		return this.#engine.inTurn(() => this.#render(request));
	}
	async #render(request) {
		if (!this.#open) throw new EngineError("the development is closed.");
		const { heap, pool } = this.#engine;
		const recipe = completeRecipe(request.recipe ?? {});
		const as = request.as ?? "display";
		const format = request.format ?? (as === "display" ? "uint8" : "float32");
		if (as !== "display" && format !== "float32") throw new EngineError(`${as} comes as float32, not as ${format}.`);
		const scale = request.scale ?? 1;
		if (!(scale > 0 && scale <= 1)) throw new EngineError(`a scale of ${scale} is outside of (0, 1].`);
		const tileSize = request.tileSize ?? DEFAULT_TILE;
		if (!(Number.isInteger(tileSize) && tileSize >= SMALLEST_TILE$1 && tileSize <= LARGEST_TILE$1)) throw new EngineError(`a tile size of ${tileSize} is outside of ${SMALLEST_TILE$1} to ${LARGEST_TILE$1}.`);
		const area = this.#area(as);
		const region = this.#region(request.region, as, area);
		const width = scaled(region.width, scale);
		const height = scaled(region.height, scale);
		const turn = turnOf(this.frame.orientation, width, height);
		const placed = [];
		const reserve = (bytes) => {
			const address = heap.allocate(bytes);
			placed.push(address);
			return address;
		};
		const assumptions = [...this.#assumptions];
		const context = {
			frame: this.frame,
			recipe,
			camera: this.#camera,
			white: sceneWhite(this.frame, this.#camera, this.#recorded, recipe, (what) => assumptions.push(what)),
			balance: this.#balance(),
			samples: this.#samples,
			place: (table) => {
				const address = heap.place(table);
				placed.push(address);
				return address;
			},
			assume: (what) => assumptions.push(what)
		};
		let output;
		try {
			const key = this.#sceneKey(recipe, region, width, height);
			const kept = this.#kept.find((view) => view.key === key);
			const scene = kept === void 0 ? this.#plan(context, isSceneStage) : void 0;
			const finish = this.#finish(context, as);
			const layout = this.#layout(scene, region, {
				width,
				height
			}, tileSize);
			output = heap.allocate(width * height * 3 * BYTES[format]);
			const keep = kept === void 0 && request.keep === true ? heap.allocate(width * height * 12) : void 0;
			try {
				const job = {
					id: nextJob++,
					region,
					width,
					height,
					tileWidth: layout.tile,
					tileHeight: layout.tile,
					scene: scene === void 0 ? void 0 : this.#sceneWork(scene),
					cache: cacheOf(kept, keep),
					finish,
					delivery: deliveryOf(format, as === "display" ? context.place(encodingTable(format)) : 0, output, turn),
					buffers: layout.buffers,
					slots: Array.from({ length: pool.threads }, () => reserve(slotBytes(layout.buffers))),
					control: reserve(8)
				};
				const tiles = tileCount(job);
				let done = 0;
				const times = await pool.run(job, () => request.onProgress?.(++done / tiles), request.signal);
				if (keep !== void 0) this.#remember({
					key,
					address: keep
				});
				return this.#rendered(output, width, height, format, as, turn, recipe, times, assumptions);
			} catch (error) {
				if (keep !== void 0) heap.free(keep);
				throw error;
			}
		} catch (error) {
			if (output !== void 0) heap.free(output);
			throw error;
		} finally {
			for (const address of placed) heap.free(address);
		}
	}
	#region(asked, as, area) {
		if (asked === void 0) return area;
		const turn = this.#turn(as, 1);
		const whole = [
			asked.left,
			asked.top,
			asked.width,
			asked.height
		].every(Number.isInteger);
		const inside = asked.left >= 0 && asked.top >= 0 && asked.width >= 1 && asked.height >= 1 && asked.left + asked.width <= turn.width && asked.top + asked.height <= turn.height;
		if (!whole || !inside) throw new EngineError(`the region ${asked.width} × ${asked.height} at ${asked.left}, ${asked.top} is not whole pixels inside of the picture's ${turn.width} × ${turn.height}.`);
		const sensor = toSensor(turn, asked);
		return {
			...sensor,
			left: sensor.left + area.left,
			top: sensor.top + area.top
		};
	}
	#balance() {
		const [r, g, b] = this.#recorded.neutral;
		return [
			1 / r,
			1 / g,
			1 / b
		];
	}
	/** What the camera RGB of a view depends on. */
	#sceneKey(recipe, region, width, height) {
		const values = PIPELINE.filter(isSceneStage).map((stage) => recipe[recipeKey(stage.name)]);
		return JSON.stringify([
			values,
			region,
			width,
			height
		]);
	}
	#plan(context, which) {
		return PIPELINE.filter((stage) => which(stage)).flatMap((stage) => {
			const values = context.recipe[recipeKey(stage.name)] ?? {};
			const plan = stage.plan(values, context);
			return plan === void 0 ? [] : [{
				stage,
				plan
			}];
		});
	}
	#finish(context, as) {
		if (as === "camera-rgb") {
			const [r, g, b] = this.#recorded.neutral;
			return [{
				name: "white-balance",
				plan: { gains: [
					r,
					g,
					b
				] }
			}];
		}
		const displayed = /* @__PURE__ */ new Set(["tone", "display"]);
		return this.#plan(context, (stage) => !isSceneStage(stage) && (as === "display" || !displayed.has(stage.name))).map(({ stage, plan }) => ({
			name: stage.name,
			plan
		}));
	}
	#layout(scene, region, grid, tileSize) {
		const { kernels } = this.#engine;
		if (scene === void 0) return {
			tile: tileSize,
			buffers: {
				stride: roundUp4(tileSize) + 4,
				rows: tileSize,
				reducedStride: 0,
				reducedRows: 0,
				scratchBytes: 0
			}
		};
		const ratio = Math.max(region.width / grid.width, region.height / grid.height);
		const reduces = region.width !== grid.width || region.height !== grid.height;
		const tile = reduces ? Math.max(Math.floor(tileSize / ratio), 8) : tileSize;
		const size = roundUp4((reduces ? Math.min(Math.ceil(tile * ratio) + 2, Math.max(region.width, region.height)) : tile) + 2 * haloOf(scene) + this.#period() + 8);
		const scratch = scene.map(({ stage, plan }) => stage.scratch(plan, size, size, kernels));
		return {
			tile,
			buffers: {
				stride: size,
				rows: size,
				reducedStride: reduces ? roundUp4(tile) + 4 : 0,
				reducedRows: reduces ? tile : 0,
				scratchBytes: Math.max(size * 4 + 64, ...scratch)
			}
		};
	}
	#period() {
		const { cfa } = this.frame;
		return cfa === void 0 ? 1 : Math.max(cfa.width, cfa.height);
	}
	#sceneWork(scene) {
		const active = rectangleOf(this.frame.activeArea);
		return {
			stages: scene.map(({ stage, plan }) => ({
				name: stage.name,
				plan
			})),
			activeWidth: active.width,
			activeHeight: active.height,
			period: this.#period(),
			halo: haloOf(scene)
		};
	}
	#remember(view) {
		this.#kept.push(view);
		while (this.#kept.length > KEPT_VIEWS) this.#engine.heap.free(this.#kept.shift().address);
	}
	#rendered(output, width, height, format, as, turn, recipe, times, assumptions) {
		const { heap } = this.#engine;
		const count = width * height * 3;
		const { buffer } = heap.memory;
		const pixels = format === "uint8" ? new Uint8Array(buffer, output, count) : format === "uint16" ? new Uint16Array(buffer, output, count) : new Float32Array(buffer, output, count);
		let held = true;
		return {
			width: turn.width,
			height: turn.height,
			pixels,
			colorSpace: as === "display" ? recipe.display.space : as,
			recipe,
			stages: summed(times),
			assumptions,
			release: () => {
				if (held) heap.free(output);
				held = false;
			}
		};
	}
	/** Gives the frame's memory back; pictures rendered before stay readable. */
	close() {
		if (!this.#open) return;
		this.#open = false;
		this.#engine.heap.free(this.#samples);
		for (const { address } of this.#kept) this.#engine.heap.free(address);
		this.#kept = [];
	}
};
/** True for the stages up to demosaic: their result does not depend on those after. */
function isSceneStage(stage) {
	return stage.works !== "planes";
}
function haloOf(stages) {
	return stages.reduce((sum, { stage, plan }) => sum + stage.halo(plan), 0);
}
function scaled(size, scale) {
	return Math.max(Math.round(size * scale), 1);
}
function cacheOf(kept, keep) {
	if (kept !== void 0) return {
		address: kept.address,
		mode: "read"
	};
	return keep === void 0 ? void 0 : {
		address: keep,
		mode: "write"
	};
}
function deliveryOf(format, table, output, turn) {
	const pixel = 3 * BYTES[format];
	return {
		format,
		table,
		address: output + (turn.v0 * turn.width + turn.u0) * pixel,
		stepX: (turn.vx * turn.width + turn.ux) * pixel,
		stepY: (turn.vy * turn.width + turn.uy) * pixel
	};
}
/** The display's transfer function over the square root of the value, as the kernels want it. */
function encodingTable(format) {
	const encoded = (i) => srgbEncode((i / 4095) ** 2);
	return format === "uint8" ? Uint8Array.from({ length: 4096 }, (_, i) => Math.round(encoded(i) * 255)) : Float32Array.from({ length: 4097 }, (_, i) => encoded(Math.min(i, 4095)));
}
function summed(times) {
	return [
		...PIPELINE.map((stage) => stage.name),
		"reduce",
		"encode"
	].flatMap((name) => {
		const parts = times.flatMap((thread) => thread[name] === void 0 ? [] : [thread[name]]);
		if (parts.length === 0) return [];
		return [{
			name,
			ms: parts.reduce((sum, part) => sum + part.ms, 0),
			pixels: parts.reduce((sum, part) => sum + part.pixels, 0)
		}];
	});
}
// packages/engine/dist/platform/node.js
/** The engine's WASM module, compiled. */
async function loadKernels() {
	const bytes = await readFile(new URL("file:///work/main/packages/engine/dist/engine.wasm"));
	return WebAssembly.compile(new Uint8Array(bytes));
}
/** Threads that this machine runs at once. */
function hardwareThreads() {
	return availableParallelism();
}
/** True where threads can share memory. */
function canShareMemory() {
	return true;
}
/** Starts a thread of the pool. */
function startThread() {
	const worker = new Worker(new URL("file:///tmp/thread.mjs"), { name: "photosite" });
	return {
		post: (message) => worker.postMessage(message),
		listen: (onMessage, onError) => {
			worker.on("message", onMessage);
			worker.on("error", onError);
		},
		idle: () => worker.unref(),
		busy: () => worker.ref(),
		stop: async () => {
			await worker.terminate();
		}
	};
}
/** Lets timers, files and messages have their turn. */
function breathe() {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
// packages/engine/dist/kernel-module.js
/** Pages of 64 KiB that the module's memory may grow to: all of wasm32. */
const MAXIMUM_PAGES = 65536;
/** A fresh memory for the kernels, shared between threads. */
function createMemory() {
	return new WebAssembly.Memory({
		initial: 32,
		maximum: MAXIMUM_PAGES,
		shared: true
	});
}
/** An instance of the kernels over a memory; one per thread. */
async function instantiateKernels(module, memory) {
	return (await WebAssembly.instantiate(module, { env: {
		memory,
		abort: () => {
			throw new Error("A kernel aborted.");
		}
	} })).exports;
}
// packages/engine/dist/scheduler/Heap.js
const PAGE = 65536;
const ALIGNMENT = 64;
const MAXIMUM_BYTES = 65536 * PAGE;
/** Who owns which bytes of the kernels' memory: first fit over a sorted list of holes. Used by one thread alone. */
var Heap = class {
	memory;
	/** Free ranges by address, none touching another. */
	#holes;
	#sizes = /* @__PURE__ */ new Map();
	#end;
	/** @param base first free byte */
	constructor(memory, base) {
		this.memory = memory;
		const start = Math.ceil(base / ALIGNMENT) * ALIGNMENT;
		this.#end = memory.buffer.byteLength;
		this.#holes = [{
			address: start,
			size: this.#end - start
		}];
	}
	/**
	* Reserves bytes; returns their address, aligned to 64.
	* @throws {EngineError} where the memory is used up
	*/
	allocate(bytes) {
		const size = Math.max(Math.ceil(bytes / ALIGNMENT), 1) * ALIGNMENT;
		let i = this.#holes.findIndex((hole) => hole.size >= size);
		if (i < 0) {
			this.#grow(size);
			i = this.#holes.length - 1;
		}
		const hole = this.#holes[i];
		const { address } = hole;
		if (hole.size === size) this.#holes.splice(i, 1);
		else {
			hole.address += size;
			hole.size -= size;
		}
		this.#sizes.set(address, size);
		return address;
	}
	/** Gives bytes back. */
	free(address) {
		const size = this.#sizes.get(address);
		if (size === void 0) throw new Error(`address ${address} is not allocated`);
		this.#sizes.delete(address);
		this.#release(address, size);
	}
	#release(address, size) {
		let i = this.#holes.findIndex((hole) => hole.address > address);
		if (i < 0) i = this.#holes.length;
		this.#holes.splice(i, 0, {
			address,
			size
		});
		for (const k of [i + 1, i]) {
			const [before, after] = [this.#holes[k - 1], this.#holes[k]];
			if (before === void 0 || after === void 0 || before.address + before.size !== after.address) continue;
			before.size += after.size;
			this.#holes.splice(k, 1);
		}
	}
	#grow(size) {
		const last = this.#holes.at(-1);
		const spare = last !== void 0 && last.address + last.size === this.#end ? last.size : 0;
		const pages = Math.ceil((size - spare) / PAGE);
		try {
			this.memory.grow(pages);
		} catch {
			throw new EngineError(`the picture needs more memory than there is (${Math.round(size / 2 ** 20)} MiB more, of at most ${MAXIMUM_BYTES / 2 ** 20}). Develop a smaller region, or close other pictures.`);
		}
		this.#release(this.#end, pages * PAGE);
		this.#end += pages * PAGE;
	}
	/** Copies a table into the memory and returns its address. */
	place(table) {
		const address = this.allocate(table.byteLength);
		const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
		new Uint8Array(this.memory.buffer, address, table.byteLength).set(bytes);
		return address;
	}
};
// packages/engine/dist/scheduler/Pool.js
/** Threads that live on between jobs; with one thread the work is done on the caller's, tile by tile. */
var Pool = class {
	threads;
	#memory;
	#workers = [];
	#inline;
	#running;
	constructor(module, memory, kernels, threads) {
		this.threads = canShareMemory() ? Math.max(1, threads) : 1;
		this.#memory = memory;
		if (this.threads === 1) {
			this.#inline = new TileRunner(kernels, memory);
			return;
		}
		for (let i = 0; i < this.threads; i++) {
			const thread = startThread();
			thread.listen((message) => this.#hear(message), (error) => this.#fail(error));
			thread.post({
				kind: "start",
				module,
				memory
			});
			thread.idle();
			this.#workers.push(thread);
		}
	}
	/**
	* Works off one job; jobs run one at a time.
	* @param onTile called after each tile
	* @returns what each thread spent on each stage
	*/
	async run(job, onTile, signal) {
		signal?.throwIfAborted();
		const control = new Int32Array(this.#memory.buffer, job.control, 2);
		control.fill(0);
		const stop = () => {
			Atomics.store(control, 1, 1);
		};
		signal?.addEventListener("abort", stop);
		try {
			const times = await (this.#inline === void 0 ? this.#share(job, onTile) : this.#alone(this.#inline, job, onTile));
			signal?.throwIfAborted();
			return times;
		} finally {
			signal?.removeEventListener("abort", stop);
		}
	}
	async #alone(runner, job, onTile) {
		const times = {};
		while (runner.step(job, 0, times)) {
			onTile();
			await breathe();
		}
		return [times];
	}
	#share(job, onTile) {
		return new Promise((resolve, reject) => {
			this.#running = {
				job,
				onTile,
				resolve,
				reject,
				times: [],
				error: void 0,
				open: this.#workers.length
			};
			this.#workers.forEach((worker, thread) => {
				worker.busy();
				worker.post({
					kind: "job",
					job,
					thread
				});
			});
		});
	}
	#hear(message) {
		const running = this.#running;
		if (running === void 0 || message.job !== running.job.id) return;
		if (message.kind === "tile") {
			running.onTile();
			return;
		}
		if (message.kind === "done") running.times.push(message.times);
		else {
			running.error ??= message.error;
			Atomics.store(new Int32Array(this.#memory.buffer, running.job.control, 2), 1, 1);
		}
		running.open--;
		if (running.open > 0) return;
		this.#running = void 0;
		for (const worker of this.#workers) worker.idle();
		if (running.error === void 0) running.resolve(running.times);
		else running.reject(running.error);
	}
	#fail(error) {
		const running = this.#running;
		this.#running = void 0;
		running?.reject(error);
	}
	/** Ends the threads. */
	async close() {
		await Promise.all(this.#workers.map((worker) => worker.stop()));
	}
};
// packages/engine/dist/Engine.js
/** The kernels, their memory and the threads that work on it. Open frames on it; close it when done. */
var Engine = class Engine {
	kernels;
	heap;
	pool;
	#queue = Promise.resolve();
	constructor(kernels, heap, pool) {
		this.kernels = kernels;
		this.heap = heap;
		this.pool = pool;
	}
	/** Compiles the kernels and starts the threads. */
	static async create(options = {}) {
		const module = await loadKernels();
		const memory = createMemory();
		const kernels = await instantiateKernels(module, memory);
		const heap = new Heap(memory, kernels.heapBase());
		return new Engine(kernels, heap, new Pool(module, memory, kernels, options.threads ?? hardwareThreads()));
	}
	/**
	* Copies a frame's samples into the kernels' memory, ready to be rendered.
	* @throws {EngineError} where the frame is of a kind that can't be developed, or memory runs out
	*/
	open(frame) {
		return new Development(this, frame);
	}
	/** Runs work that uses the pool after all that was asked for before. */
	inTurn(work) {
		const result = this.#queue.then(work, work);
		this.#queue = result.catch(() => void 0);
		return result;
	}
	/** Ends the threads. Pictures rendered before stay readable. */
	async close() {
		await this.pool.close();
	}
};
// packages/picture/dist/bytes.js
/** The Latin-1 bytes of a text: identifiers and keywords of file formats. */
function ascii(text) {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
/** The pieces one after the other, in memory of their own. */
function joinChunks(chunks) {
	const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
	let offset = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, offset);
		offset += chunk.length;
	}
	return bytes;
}
// packages/picture/dist/encoders/node.js
const require = createRequire(import.meta.url);
const deflateInPool = promisify(deflate);
/** On floating-point photographs 2 % larger than level 6 in 0.62 of its time; on 16-bit ones the same in both. */
const DEFLATE_LEVEL = 4;
function load() {
	const sharp = require("sharp");
	sharp.cache(false);
	return sharp;
}
function open$1(pixels, width, height) {
	return load()(pixels, {
		raw: {
			width,
			height,
			channels: 3
		},
		limitInputPixels: false
	});
}
/** The encoders of Node. */
const encoders = {
	async prepare() {
		load();
	},
	async encodeJpeg(pixels, width, height, settings) {
		return open$1(pixels, width, height).jpeg({
			quality: settings.quality,
			chromaSubsampling: settings.subsampling,
			progressive: settings.progressive,
			optimiseCoding: settings.optimize
		}).toBuffer();
	},
	async encodePng(pixels, width, height) {
		const image = open$1(pixels, width, height);
		return (pixels instanceof Uint16Array ? image.toColourspace("rgb16") : image).png({
			compressionLevel: 2,
			adaptiveFiltering: true
		}).toBuffer();
	},
	async deflate(bytes) {
		return deflateInPool(bytes, { level: DEFLATE_LEVEL });
	}
};
// packages/picture/dist/software.js
/** The name that goes into Exif `Software` (tag 305) and `xmp:CreatorTool`: the product and its minor version. */
const SOFTWARE = "Photosite 0.1";
// packages/picture/dist/exif.js
/** Descriptive tags of IFD0; the others of a raw file's IFD0 describe its own pixels. */
const CARRIED_IFD0 = /* @__PURE__ */ new Set([
	Tag.ImageDescription,
	Tag.Make,
	Tag.Model,
	Tag.DateTime,
	Tag.Artist,
	Tag.Copyright,
	18246,
	18249,
	40091,
	40092,
	40093,
	40094,
	40095
]);
/** Ranges of tag numbers of the Exif directory (Exif 3.0, 4.6.6), first and last; beyond them lie private tags. */
const EXIF_RANGES = [
	[Tag.ExposureTime, Tag.FNumber],
	[34850, 34869],
	[36864, 38143],
	[40960, 42495]
];
/** Tags within those ranges that aren't true of the finished picture, or are written anew. */
const STALE_EXIF = /* @__PURE__ */ new Set([
	Tag.GPSIFD,
	Tag.InteroperabilityIFD,
	Tag.TiffEpStandardID,
	Tag.ComponentsConfiguration,
	Tag.CompressedBitsPerPixel,
	Tag.FlashpixVersion,
	Tag.ColorSpace,
	Tag.PixelXDimension,
	Tag.PixelYDimension,
	Tag.SubjectArea,
	41492,
	41484,
	42240
]);
/**
* How maker notes begin whose offsets count from their own start, so that they can be moved: Nikon's type 3 with a
* TIFF header of its own, Fujifilm, Olympus and OM since 2006, Apple (ExifTool's documentation of maker notes).
*/
const MOVABLE_MAKER_NOTES = [
	"Nikon\0",
	"FUJIFILM",
	"OLYMPUS\0",
	"OM SYSTEM\0",
	"Apple iOS\0"
];
/**
* Makes the Exif of a finished picture: the carried tags that are still true, an upright orientation, and the
* picture's own size, resolution, colour space and software. Previews, thumbnails, and maker notes that can't be
* moved are left behind.
*
* @param carried a TIFF stream; a broken one is left out with a warning.
*/
function makeExif(carried, facts) {
	const warnings = [];
	const ifd0 = /* @__PURE__ */ new Map();
	const exif = /* @__PURE__ */ new Map();
	const gps = /* @__PURE__ */ new Map();
	const carry = (entry, into) => {
		try {
			const field = copyField(entry);
			if (field !== void 0) into.set(field.tag, field);
		} catch (error) {
			if (!(error instanceof TiffError)) throw error;
			warnings.push(`An Exif tag was left out: ${error.message}.`);
		}
	};
	const carryAll = (root) => {
		for (const entry of root.entries.values()) if (CARRIED_IFD0.has(entry.tag)) carry(entry, ifd0);
		else if (isExifTag(entry.tag) && entry.tag !== Tag.MakerNote) carry(entry, exif);
		for (const entry of directory(root, Tag.ExifIFD, warnings)?.entries.values() ?? []) if (entry.tag === Tag.MakerNote && !isMovable(entry, root)) warnings.push("The camera's maker notes were left out: they can't be moved to another file.");
		else if (isExifTag(entry.tag)) carry(entry, exif);
		for (const entry of directory(root, Tag.GPSIFD, warnings)?.entries.values() ?? []) carry(entry, gps);
	};
	if (carried !== void 0) try {
		carryAll(readTiff(carried).ifds[0]);
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
		warnings.push(`The Exif that came with the picture was left out: ${error.message}.`);
	}
	const put = (into, field) => {
		into.set(field.tag, field);
	};
	put(ifd0, {
		tag: Tag.Orientation,
		type: "short",
		values: [1]
	});
	put(ifd0, rationalField(Tag.XResolution, [facts.resolution]));
	put(ifd0, rationalField(Tag.YResolution, [facts.resolution]));
	put(ifd0, {
		tag: Tag.ResolutionUnit,
		type: "short",
		values: [2]
	});
	put(ifd0, textField(Tag.Software, SOFTWARE));
	if (!exif.has(Tag.ExifVersion)) put(exif, undefinedField(Tag.ExifVersion, "0232"));
	put(exif, undefinedField(Tag.FlashpixVersion, "0100"));
	put(exif, {
		tag: Tag.ColorSpace,
		type: "short",
		values: [facts.colorSpace === "srgb" ? 1 : 65535]
	});
	if (facts.format !== "tiff") {
		put(exif, {
			tag: Tag.PixelXDimension,
			type: "long",
			values: [facts.width]
		});
		put(exif, {
			tag: Tag.PixelYDimension,
			type: "long",
			values: [facts.height]
		});
	}
	if (facts.format === "jpeg") {
		put(ifd0, {
			tag: Tag.YCbCrPositioning,
			type: "short",
			values: [1]
		});
		put(exif, undefinedField(Tag.ComponentsConfiguration, "\0"));
	}
	return {
		ifd0: [...ifd0.values()],
		exif: [...exif.values()],
		gps: [...gps.values()],
		warnings
	};
}
/**
* The directories as children of the one that holds `ifd0`: the Exif directory, and the GPS directory where there
* is one.
*/
function exifChildren({ exif, gps }) {
	const children = [{
		tag: Tag.ExifIFD,
		directories: [{ fields: exif }]
	}];
	if (gps.length > 0) children.push({
		tag: Tag.GPSIFD,
		directories: [{ fields: gps }]
	});
	return children;
}
/**
* Writes Exif as a stream of its own, for JPEG and PNG. Where that is too long, the longest tags go until it isn't:
* in practice maker notes and comments, never a tag of a few bytes.
*
* @param maxBytes most bytes that the format has room for.
*/
function writeExif(directories, maxBytes) {
	const warnings = [];
	let { ifd0, exif, gps } = directories;
	for (;;) {
		const stream = writeTiff([{
			fields: ifd0,
			children: exifChildren({
				exif,
				gps
			})
		}]);
		if (stream.byteLength <= maxBytes) return {
			bytes: concatChunks(stream),
			warnings
		};
		const [longest] = [
			...ifd0,
			...exif,
			...gps
		].sort((a, b) => b.values.length - a.values.length);
		const without = (fields) => fields.filter((field) => field !== longest);
		[ifd0, exif, gps] = [
			without(ifd0),
			without(exif),
			without(gps)
		];
		warnings.push(`The Exif tag ${tagName(longest.tag)} was left out: the format has room for ${maxBytes} bytes of Exif.`);
	}
}
function directory(root, tag, warnings) {
	try {
		return root.child(tag);
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
		warnings.push(`A directory of the Exif that came with the picture was left out: ${error.message}.`);
		return;
	}
}
function isExifTag(tag) {
	return EXIF_RANGES.some(([first, last]) => tag >= first && tag <= last) && !STALE_EXIF.has(tag);
}
/** By its beginning, or because the DNG says so (MakerNoteSafety, tag 50741: 1). */
function isMovable(makerNote, root) {
	try {
		if (root.number(Tag.MakerNoteSafety) === 1) return true;
		const beginning = String.fromCharCode(...makerNote.bytes().subarray(0, 16));
		return MOVABLE_MAKER_NOTES.some((signature) => beginning.startsWith(signature));
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
		return false;
	}
}
function undefinedField(tag, text) {
	return {
		tag,
		type: "undefined",
		values: Uint8Array.from(text, (character) => character.charCodeAt(0))
	};
}
// packages/picture/dist/icc.js
const D65 = [.3127, .329];
/** IEC 61966-2-1: linear below 0.04045, else ((v + 0.055) / 1.055) ^ 2.4. */
const SRGB_CURVE = {
	type: 3,
	parameters: [
		2.4,
		1 / 1.055,
		.055 / 1.055,
		1 / 12.92,
		.04045
	]
};
const RGB_SPACES = {
	srgb: {
		description: "sRGB",
		primaries: [
			[.64, .33],
			[.3, .6],
			[.15, .06]
		],
		white: D65,
		curve: SRGB_CURVE
	},
	"display-p3": {
		description: "Display P3",
		primaries: [
			[.68, .32],
			[.265, .69],
			[.15, .06]
		],
		white: D65,
		curve: SRGB_CURVE
	},
	"linear-rec2020": {
		description: "Linear Rec.2020",
		primaries: [
			[.708, .292],
			[.17, .797],
			[.131, .046]
		],
		white: D65,
		curve: {
			type: 0,
			parameters: [1]
		}
	}
};
/** The Bradford cone response (Lam 1985), as ICC.1:2010 annex E gives it. */
const BRADFORD = [
	[
		.8951,
		.2664,
		-.1614
	],
	[
		-.7502,
		1.7135,
		.0367
	],
	[
		.0389,
		-.0685,
		1.0296
	]
];
/** The profile connection space's white D50 in s15Fixed16 (ICC.1:2010 7.2.16: 0.9642, 1.0, 0.8249). */
const D50_FIXED = [
	63190,
	65536,
	54061
];
const D50 = [
	D50_FIXED[0] / 65536,
	D50_FIXED[1] / 65536,
	D50_FIXED[2] / 65536
];
const HEADER_BYTES = 128;
/**
* The ICC profile of a colour space: a version 4 display profile of matrix and parametric curves, adapted to D50
* by Bradford. The colorants add up to D50 exactly, so that greys stay grey in the profile connection space.
*
* @returns the profile's bytes, always the same for a space; undefined for camera RGB, which no profile describes.
*/
function iccProfile(space) {
	return space === "camera-rgb" ? void 0 : writeProfile(RGB_SPACES[space]);
}
function writeProfile(space) {
	const adaptation = bradfordTo(D50, toXyz(space.white));
	const [red, green, blue] = colorants(space, adaptation);
	const curve = parametricCurve(space.curve.type, space.curve.parameters);
	return assemble([
		["desc", localizedText(space.description)],
		["cprt", localizedText("Public domain (CC0 1.0)")],
		["wtpt", tagData("XYZ ", D50_FIXED)],
		["chad", tagData("sf32", adaptation.flat().map(toFixed))],
		["rXYZ", tagData("XYZ ", red)],
		["gXYZ", tagData("XYZ ", green)],
		["bXYZ", tagData("XYZ ", blue)],
		["rTRC", curve],
		["gTRC", curve],
		["bTRC", curve]
	]);
}
/** D50-adapted XYZ of the three primaries in s15Fixed16; green takes what rounding leaves of D50. */
function colorants(space, adaptation) {
	const xyz = space.primaries.map(toXyz);
	const scale = apply(inverse([
		0,
		1,
		2
	].map((row) => xyz.map((column) => column[row]))), toXyz(space.white));
	const fixed = (primary) => {
		const [x, y, z] = xyz[primary];
		const s = scale[primary];
		const [ax, ay, az] = apply(adaptation, [
			x * s,
			y * s,
			z * s
		]);
		return [
			toFixed(ax),
			toFixed(ay),
			toFixed(az)
		];
	};
	const red = fixed(0);
	const blue = fixed(2);
	return [
		red,
		[
			D50_FIXED[0] - red[0] - blue[0],
			D50_FIXED[1] - red[1] - blue[1],
			D50_FIXED[2] - red[2] - blue[2]
		],
		blue
	];
}
/** The linear Bradford adaptation from one white to another (ICC.1:2010 annex E). */
function bradfordTo(target, source) {
	const to = apply(BRADFORD, target);
	const from = apply(BRADFORD, source);
	const scaled = BRADFORD.map((row, i) => row.map((value) => value * to[i] / from[i]));
	return multiply(inverse(BRADFORD), scaled);
}
function toXyz([x, y]) {
	return [
		x / y,
		1,
		(1 - x - y) / y
	];
}
function apply(matrix, [x, y, z]) {
	const dot = (row) => row[0] * x + row[1] * y + row[2] * z;
	return [
		dot(matrix[0]),
		dot(matrix[1]),
		dot(matrix[2])
	];
}
function multiply(a, b) {
	const columns = [
		0,
		1,
		2
	].map((j) => apply(a, [
		b[0][j],
		b[1][j],
		b[2][j]
	]));
	return [
		0,
		1,
		2
	].map((i) => columns.map((column) => column[i]));
}
function inverse([[a, b, c], [d, e, f], [g, h, i]]) {
	const k = 1 / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
	return [
		[
			k * (e * i - f * h),
			k * (c * h - b * i),
			k * (b * f - c * e)
		],
		[
			k * (f * g - d * i),
			k * (a * i - c * g),
			k * (c * d - a * f)
		],
		[
			k * (d * h - e * g),
			k * (b * g - a * h),
			k * (a * e - b * d)
		]
	];
}
function toFixed(value) {
	return Math.round(value * 65536);
}
/** A tag of a signature, four reserved bytes and 32-bit numbers: XYZType and s15Fixed16ArrayType. */
function tagData(signature, numbers) {
	const bytes = new Uint8Array(8 + 4 * numbers.length);
	const view = new DataView(bytes.buffer);
	writeAscii(bytes, 0, signature);
	numbers.forEach((number, i) => {
		view.setInt32(8 + 4 * i, number);
	});
	return bytes;
}
/** parametricCurveType, ICC.1:2010 10.16. */
function parametricCurve(type, parameters) {
	const bytes = tagData("para", [0, ...parameters.map(toFixed)]);
	new DataView(bytes.buffer).setUint16(8, type);
	return bytes;
}
/** multiLocalizedUnicodeType with one record in US English, ICC.1:2010 10.13. */
function localizedText(text) {
	const textOffset = 28;
	const recordBytes = 12;
	const bytes = new Uint8Array(textOffset + 2 * text.length);
	const view = new DataView(bytes.buffer);
	writeAscii(bytes, 0, "mluc");
	view.setUint32(8, 1);
	view.setUint32(12, recordBytes);
	writeAscii(bytes, 16, "enUS");
	view.setUint32(20, 2 * text.length);
	view.setUint32(24, textOffset);
	for (let i = 0; i < text.length; i++) view.setUint16(textOffset + 2 * i, text.charCodeAt(i));
	return bytes;
}
/** Header, tag table and tag data, ICC.1:2010 7.2 and 7.3; equal data is stored once. */
function assemble(tags) {
	const offsets = /* @__PURE__ */ new Map();
	let size = 132 + 12 * tags.length;
	for (const [, data] of tags) {
		if (offsets.has(data)) continue;
		offsets.set(data, size);
		size += Math.ceil(data.length / 4) * 4;
	}
	const bytes = new Uint8Array(size);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, size);
	view.setUint32(8, 70254592);
	writeAscii(bytes, 12, "mntrRGB XYZ ");
	[
		2026,
		1,
		1
	].forEach((number, i) => {
		view.setUint16(24 + 2 * i, number);
	});
	writeAscii(bytes, 36, "acsp");
	D50_FIXED.forEach((number, i) => {
		view.setInt32(68 + 4 * i, number);
	});
	view.setUint32(HEADER_BYTES, tags.length);
	tags.forEach(([signature, data], i) => {
		const entry = 132 + 12 * i;
		const offset = offsets.get(data);
		writeAscii(bytes, entry, signature);
		view.setUint32(entry + 4, offset);
		view.setUint32(entry + 8, data.length);
		bytes.set(data, offset);
	});
	return bytes;
}
function writeAscii(bytes, offset, text) {
	for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}
// packages/picture/dist/jpegFile.js
const SOI = 216;
const APP0 = 224;
const APP1 = 225;
const APP2 = 226;
const APP15 = 239;
const COM = 254;
/** A segment's length field counts itself and is 16 bits wide. */
const MAX_SEGMENT_PAYLOAD = 65533;
/** Exif 2.32, 4.7.2. */
const EXIF_IDENTIFIER = ascii("Exif\0\0");
/** XMP part 3 (ISO 16684-1), 1.1.3. */
const XMP_IDENTIFIER = ascii("http://ns.adobe.com/xap/1.0/\0");
/** ICC.1:2010 annex B.4, then the chunk's number and the count of chunks. */
const ICC_IDENTIFIER = ascii("ICC_PROFILE\0");
/** Most bytes of Exif that a JPEG file has room for. */
const MAX_JPEG_EXIF_BYTES = MAX_SEGMENT_PAYLOAD - EXIF_IDENTIFIER.length;
/** Most bytes of a (standard) XMP packet that a JPEG file has room for. */
const MAX_JPEG_XMP_BYTES = MAX_SEGMENT_PAYLOAD - XMP_IDENTIFIER.length;
/**
* Puts metadata into an encoder's JPEG, in the order that cameras use: Exif right after the start of image, as
* Exif 2.32 4.5.4 demands, then XMP, then ICC. The encoder's own application segments are left out: JFIF wants
* the same place as Exif, and what it says (the resolution) stands in Exif.
*
* @returns the file in pieces; the last one is a view of `encoded`.
*/
function assembleJpeg(encoded, metadata) {
	const segments = [Uint8Array.of(255, SOI), ...segment(APP1, EXIF_IDENTIFIER, metadata.exif)];
	if (metadata.xmp) segments.push(...segment(APP1, XMP_IDENTIFIER, metadata.xmp));
	if (metadata.icc) segments.push(...segment(APP2, ICC_IDENTIFIER, metadata.icc));
	segments.push(encoded.subarray(endOfApplicationSegments(encoded)));
	return segments;
}
function segment(marker, identifier, payload) {
	const length = 2 + identifier.length + payload.length;
	if (length > 65535) throw new RangeError(`JPEG segment of ${length} bytes`);
	const head = new Uint8Array(4 + identifier.length);
	head.set([
		255,
		marker,
		length >> 8,
		length & 255
	]);
	head.set(identifier, 4);
	return [head, payload];
}
function endOfApplicationSegments(encoded) {
	if (encoded[0] !== 255 || encoded[1] !== SOI) throw new RangeError("the encoder gave no JPEG");
	let offset = 2;
	for (;;) {
		const marker = encoded[offset + 1];
		if (encoded[offset] !== 255 || marker === void 0) throw new RangeError("the encoder gave no JPEG");
		if (!(marker >= APP0 && marker <= APP15) && marker !== COM) return offset;
		offset += 2 + (encoded[offset + 2] << 8 | encoded[offset + 3]);
	}
}
// packages/picture/dist/PictureError.js
/**
* A picture or an output option that cannot be encoded as asked. The message says what was found, what is
* allowed and what to do.
*/
var PictureError = class extends Error {
	name = "PictureError";
	/** What is wrong: an option (`quality`) or a part of the picture (`picture.pixels`). */
	field;
	/** What the field may hold, readable; undefined where there's no range to name. */
	allowed;
	constructor(field, message, details = {}) {
		super(`${field}: ${message}`, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.field = field;
		this.allowed = details.allowed;
	}
};
// packages/picture/dist/outputOptions.js
const resolution = {
	name: "resolution",
	kind: "number",
	min: 1,
	max: 1e4,
	default: 300,
	unit: "pixels per inch",
	help: "Print resolution noted in the file; the pixels stay the same."
};
/** Every output format with its options: ranges, defaults and one line of help each. */
const OUTPUT_FORMATS = {
	jpeg: {
		name: "jpeg",
		extensions: ["jpg", "jpeg"],
		mediaType: "image/jpeg",
		maxSide: 65500,
		options: [
			{
				name: "quality",
				kind: "integer",
				min: 1,
				max: 100,
				default: 92,
				help: "JPEG quality: 92 looks like the original, 75 is small."
			},
			{
				name: "subsampling",
				kind: "choice",
				choices: ["4:4:4", "4:2:0"],
				default: "4:2:0",
				help: "Colour resolution: 4:4:4 keeps every pixel, 4:2:0 stores one colour for four pixels."
			},
			{
				name: "progressive",
				kind: "boolean",
				default: false,
				help: "Store coarse to fine, for slow connections; slower and larger in memory."
			},
			{
				name: "optimize",
				kind: "boolean",
				default: false,
				help: "Compute the best entropy code: about 5 % smaller, three times as long to encode."
			},
			resolution
		]
	},
	png: {
		name: "png",
		extensions: ["png"],
		mediaType: "image/png",
		maxSide: 1e6,
		options: [{
			name: "bitDepth",
			kind: "choice",
			choices: [8, 16],
			default: 8,
			unit: "bits",
			help: "Bits per sample."
		}, resolution]
	},
	tiff: {
		name: "tiff",
		extensions: ["tif", "tiff"],
		mediaType: "image/tiff",
		maxSide: 1e6,
		options: [
			{
				name: "bitDepth",
				kind: "choice",
				choices: [
					8,
					16,
					32
				],
				default: 16,
				unit: "bits",
				help: "Bits per sample: 8 and 16 are integers, 32 is floating point with white at 1."
			},
			{
				name: "compression",
				kind: "choice",
				choices: ["none", "deflate"],
				default: "none",
				help: "Lossless compression: none is fastest, deflate is smaller."
			},
			resolution
		]
	}
};
/**
* Fills in defaults and checks every value against {@link OUTPUT_FORMATS}.
*
* @throws PictureError naming the option and its allowed values.
*/
function resolveOptions(options) {
	if (!Object.hasOwn(OUTPUT_FORMATS, options.format)) {
		const allowed = Object.keys(OUTPUT_FORMATS).join(", ");
		throw new PictureError("format", `no such format "${String(options.format)}"; use one of ${allowed}`, { allowed });
	}
	const format = OUTPUT_FORMATS[options.format];
	const given = { ...options };
	const resolved = { format: format.name };
	for (const spec of format.options) {
		const value = given[spec.name] ?? spec.default;
		checkOption(spec, value);
		resolved[spec.name] = value;
	}
	for (const name of Object.keys(given)) if (!Object.hasOwn(resolved, name)) {
		const allowed = format.options.map((spec) => spec.name).join(", ");
		throw new PictureError(name, `${format.name} files have no such option; they have ${allowed}`, { allowed });
	}
	return resolved;
}
/** The sample type that a file with these options stores, and so the one its picture must have. */
function sampleTypeOf(options) {
	const resolved = resolveOptions(options);
	if (resolved.format === "jpeg" || resolved.bitDepth === 8) return "uint8";
	return resolved.bitDepth === 16 ? "uint16" : "float32";
}
function checkOption(spec, value) {
	let allowed;
	let fits;
	switch (spec.kind) {
		case "boolean":
			allowed = "true or false";
			fits = typeof value === "boolean";
			break;
		case "choice":
			allowed = spec.choices.join(", ");
			fits = spec.choices.some((choice) => choice === value);
			break;
		default:
			allowed = `${spec.kind === "integer" ? "a whole number " : ""}${spec.min} to ${spec.max}`;
			fits = typeof value === "number" && value >= spec.min && value <= spec.max && (spec.kind === "number" || Number.isInteger(value));
	}
	if (!fits) throw new PictureError(spec.name, `${JSON.stringify(value)} is out of range; allowed: ${allowed}`, { allowed });
}
// packages/picture/dist/pngFile.js
const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const METRES_PER_INCH = .0254;
/** The keyword of an XMP packet's iTXt chunk (XMP part 3, 1.1.5); flags, language and translation are empty. */
const XMP_KEYWORD = "XML:com.adobe.xmp\0\0\0\0\0";
/**
* Puts metadata into an encoder's PNG: colour profile, resolution, Exif and XMP, all ahead of the pixels. Of the
* encoder's chunks only those that carry the picture are taken.
*
* @param resolution pixels per inch.
* @returns the file in pieces; the pixel data are views of `encoded`.
*/
function assemblePng(encoded, metadata, resolution) {
	const picture = pictureChunks(encoded);
	const pieces = [SIGNATURE, picture[0]];
	if (metadata.icc) pieces.push(chunk("iCCP", joinChunks([ascii("ICC profile\0\0"), storedZlib(metadata.icc)])));
	pieces.push(chunk("pHYs", physicalSize(resolution)));
	pieces.push(chunk("eXIf", metadata.exif));
	if (metadata.xmp) pieces.push(chunk("iTXt", joinChunks([ascii(XMP_KEYWORD), metadata.xmp])));
	pieces.push(...picture.slice(1));
	return pieces;
}
/** IHDR, the IDATs and IEND of a PNG as views, in their order. */
function pictureChunks(encoded) {
	const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
	const chunks = [];
	let offset = SIGNATURE.length;
	while (offset + 12 <= encoded.length) {
		const end = offset + 12 + view.getUint32(offset);
		const type = String.fromCharCode(...encoded.subarray(offset + 4, offset + 8));
		if (type === "IHDR" || type === "IDAT" || type === "IEND") chunks.push(encoded.subarray(offset, end));
		offset = end;
	}
	if (offset !== encoded.length || chunks.length < 3) throw new RangeError("the encoder gave no PNG");
	return chunks;
}
/** pHYs, 11.3.4.3: pixels per metre in both directions. */
function physicalSize(resolution) {
	const perMetre = Math.round(resolution / METRES_PER_INCH);
	const data = /* @__PURE__ */ new Uint8Array(9);
	const view = new DataView(data.buffer);
	view.setUint32(0, perMetre);
	view.setUint32(4, perMetre);
	data[8] = 1;
	return data;
}
function chunk(type, data) {
	const bytes = new Uint8Array(12 + data.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	bytes.set(ascii(type), 4);
	bytes.set(data, 8);
	view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
	return bytes;
}
/** Most bytes of a stored block (RFC 1951, 3.2.4). */
const MAX_STORED_BYTES = 65535;
/**
* A zlib stream (RFC 1950) that stores its data: half a kilobyte of profile isn't worth compressing, and stored
* it's the same bytes whatever zlib a runtime has.
*/
function storedZlib(data) {
	if (data.length > MAX_STORED_BYTES) throw new RangeError(`${data.length} bytes in one stored block`);
	const bytes = new Uint8Array(7 + data.length + 4);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, 30721);
	bytes[2] = 1;
	view.setUint16(3, data.length, true);
	view.setUint16(5, ~data.length & 65535, true);
	bytes.set(data, 7);
	view.setUint32(7 + data.length, adler32(data));
	return bytes;
}
function adler32(data) {
	let a = 1;
	let b = 0;
	for (const byte of data) {
		a = (a + byte) % 65521;
		b = (b + a) % 65521;
	}
	return b * 65536 + a;
}
/** CRC-32 as in PNG's annex D: the reflected polynomial 0xEDB88320. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 3988292384 ^ value >>> 1 : value >>> 1;
	return value;
});
function crc32(data) {
	let crc = -1;
	for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 255] ^ crc >>> 8;
	return ~crc >>> 0;
}
// packages/picture/dist/tiffFile.js
/** Strips have about this many bytes: small enough to inflate in a cache, large enough to be few. */
const STRIP_BYTES = 1 << 20;
/** Strips compressed at the same time: a runtime deflates in its own threads. */
const STRIPS_IN_FLIGHT = 4;
const COMPRESSION_NONE = 1;
/** "Adobe deflate" (TIFF technical note 2, 2002): a zlib stream for each strip. */
const COMPRESSION_DEFLATE = 8;
/** TIFF 6.0, section 14: differences of neighbouring samples. */
const PREDICTOR_HORIZONTAL = 2;
/** TIFF technical note 3 (Adobe, 2005): differences of bytes, sorted by significance. */
const PREDICTOR_FLOAT = 3;
const SAMPLES = 3;
/**
* Writes a picture as a little-endian TIFF of RGB strips: 8 or 16 bit integers or 32-bit floats, as its pixels are.
*
* Uncompressed, the strips are views of the picture's own memory, so a picture of any size needs no more memory
* than it has. (Samples are little-endian in memory, as WebAssembly's memory is wherever it runs.)
*
* @throws PictureError where the file would pass the 4 GiB of a classic TIFF.
*/
async function makeTiff(picture, compression, metadata) {
	const { width, height, pixels } = picture;
	const rowBytes = width * SAMPLES * pixels.BYTES_PER_ELEMENT;
	const rowsPerStrip = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / rowBytes)));
	const isFloat = pixels instanceof Float32Array;
	const bits = 8 * pixels.BYTES_PER_ELEMENT;
	const strips = stripsOf(pixels, rowsPerStrip * width * SAMPLES);
	const fields = [
		...metadata.exif.ifd0,
		{
			tag: Tag.ImageWidth,
			type: "long",
			values: [width]
		},
		{
			tag: Tag.ImageLength,
			type: "long",
			values: [height]
		},
		{
			tag: Tag.BitsPerSample,
			type: "short",
			values: [
				bits,
				bits,
				bits
			]
		},
		{
			tag: Tag.Compression,
			type: "short",
			values: [compression === "none" ? COMPRESSION_NONE : COMPRESSION_DEFLATE]
		},
		{
			tag: Tag.PhotometricInterpretation,
			type: "short",
			values: [2]
		},
		{
			tag: Tag.SamplesPerPixel,
			type: "short",
			values: [SAMPLES]
		},
		{
			tag: Tag.RowsPerStrip,
			type: "long",
			values: [rowsPerStrip]
		},
		{
			tag: Tag.PlanarConfiguration,
			type: "short",
			values: [1]
		},
		{
			tag: Tag.SampleFormat,
			type: "short",
			values: isFloat ? [
				3,
				3,
				3
			] : [
				1,
				1,
				1
			]
		}
	];
	if (metadata.xmp) fields.push({
		tag: Tag.XMP,
		type: "byte",
		values: metadata.xmp
	});
	if (metadata.icc) fields.push({
		tag: Tag.ICCProfile,
		type: "undefined",
		values: metadata.icc
	});
	let blocks;
	if (compression === "deflate") {
		fields.push({
			tag: Tag.Predictor,
			type: "short",
			values: [isFloat ? PREDICTOR_FLOAT : PREDICTOR_HORIZONTAL]
		});
		blocks = await deflateStrips(strips, width);
	} else blocks = strips.map((strip) => new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength));
	try {
		return writeTiff([{
			fields,
			children: exifChildren(metadata.exif),
			data: {
				offsetsTag: Tag.StripOffsets,
				byteCountsTag: Tag.StripByteCounts,
				blocks
			}
		}]);
	} catch (error) {
		if (!(error instanceof TiffError)) throw error;
		throw new PictureError("picture", `cannot be written as TIFF: ${error.message}`, { cause: error });
	}
}
function stripsOf(pixels, samplesPerStrip) {
	const strips = [];
	for (let start = 0; start < pixels.length; start += samplesPerStrip) strips.push(pixels.subarray(start, start + samplesPerStrip));
	return strips;
}
async function deflateStrips(strips, width) {
	const blocks = new Array(strips.length);
	let next = 0;
	const work = async () => {
		while (next < strips.length) {
			const index = next++;
			blocks[index] = await encoders.deflate(predicted(strips[index], width * SAMPLES));
		}
	};
	await Promise.all(Array.from({ length: STRIPS_IN_FLIGHT }, work));
	return blocks;
}
/** A strip's bytes after the predictor, in memory of their own. */
function predicted(strip, rowSamples) {
	if (strip instanceof Float32Array) return floatDifferences(strip, rowSamples);
	const differences = strip instanceof Uint16Array ? new Uint16Array(strip.length) : new Uint8Array(strip.length);
	for (let row = 0; row < strip.length; row += rowSamples) {
		for (let i = row; i < row + SAMPLES; i++) differences[i] = strip[i];
		for (let i = row + SAMPLES; i < row + rowSamples; i++) differences[i] = strip[i] - strip[i - SAMPLES];
	}
	return new Uint8Array(differences.buffer);
}
/** Each row as its samples' highest bytes, then the next lower ones and so on, then differences of pixels' bytes. */
function floatDifferences(strip, rowSamples) {
	const bits = new Uint32Array(strip.buffer, strip.byteOffset, strip.length);
	const bytes = new Uint8Array(strip.byteLength);
	const rowBytes = 4 * rowSamples;
	for (let row = 0; row < strip.length; row += rowSamples) {
		const start = 4 * row;
		for (let i = 0; i < rowSamples; i++) {
			const value = bits[row + i];
			bytes[start + i] = value >>> 24;
			bytes[start + rowSamples + i] = value >>> 16;
			bytes[start + 2 * rowSamples + i] = value >>> 8;
			bytes[start + 3 * rowSamples + i] = value;
		}
		for (let i = start + rowBytes - 1; i >= start + SAMPLES; i--) bytes[i] -= bytes[i - SAMPLES];
	}
	return bytes;
}
// packages/picture/dist/xmp.js
/** The namespace of the recipe in XMP; its one property is `Recipe`, the recipe's JSON as text. */
const RECIPE_NAMESPACE = "urn:photosite:recipe:1.0#";
/** A carried packet that's larger, or nested deeper, is left out. */
const MAX_CARRIED_BYTES = 16777216;
const MAX_DEPTH = 64;
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML = "http://www.w3.org/XML/1998/namespace";
const TIFF = "http://ns.adobe.com/tiff/1.0/";
const EXIF = "http://ns.adobe.com/exif/1.0/";
const XMP = "http://ns.adobe.com/xap/1.0/";
/** Namespaces of which every property speaks of another file than ours. */
const STALE_NAMESPACES = /* @__PURE__ */ new Set([
	"http://ns.adobe.com/camera-raw-settings/1.0/",
	"http://ns.adobe.com/camera-raw-saved-settings/1.0/",
	"http://ns.adobe.com/xmp/note/",
	"http://ns.google.com/photos/1.0/camera/",
	"http://ns.google.com/photos/1.0/container/",
	"http://ns.google.com/photos/1.0/container/item/",
	"http://ns.google.com/photos/1.0/image/",
	"http://ns.google.com/photos/1.0/depthmap/",
	"http://ns.adobe.com/hdr-gain-map/1.0/",
	RECIPE_NAMESPACE
]);
/** Properties that describe the raw's pixels, not ours; Exif says the right ones. */
const STALE_PROPERTIES = /* @__PURE__ */ new Set([
	`${TIFF}Orientation`,
	`${TIFF}ImageWidth`,
	`${TIFF}ImageLength`,
	`${TIFF}BitsPerSample`,
	`${TIFF}SamplesPerPixel`,
	`${TIFF}Compression`,
	`${TIFF}PhotometricInterpretation`,
	`${TIFF}PlanarConfiguration`,
	`${TIFF}YCbCrSubSampling`,
	`${TIFF}YCbCrPositioning`,
	`${TIFF}XResolution`,
	`${TIFF}YResolution`,
	`${TIFF}ResolutionUnit`,
	`${TIFF}Software`,
	`${EXIF}PixelXDimension`,
	`${EXIF}PixelYDimension`,
	`${EXIF}ColorSpace`,
	`${EXIF}CompressedBitsPerPixel`,
	`${EXIF}ComponentsConfiguration`,
	`${XMP}CreatorTool`,
	`${XMP}Thumbnails`
]);
/**
* Makes the packet of a finished picture. A carried packet that isn't well-formed XML is left out with a warning;
* where not everything fits, the recipe goes first (it is also in the job's report), then the carried packet.
*/
function makeXmp({ carried, recipe, software, maxBytes }) {
	const warnings = [];
	let document;
	if (carried !== void 0) {
		const parsed = cleanCarried(carried);
		if (typeof parsed === "string") warnings.push(`The XMP that came with the picture was left out: ${parsed}.`);
		else document = parsed;
	}
	const attempts = [
		{
			document,
			recipe
		},
		{
			document,
			recipe: void 0
		},
		{
			document: void 0,
			recipe
		},
		{
			document: void 0,
			recipe: void 0
		}
	];
	for (const attempt of attempts) {
		const packet = serialize(attempt.document, attempt.recipe, software);
		if (packet.length > maxBytes) continue;
		const limit = `the format has room for ${maxBytes} bytes of XMP`;
		if (recipe !== void 0 && attempt.recipe === void 0) warnings.push(`The recipe was left out of the file: ${limit}.`);
		if (document !== void 0 && attempt.document === void 0) warnings.push(`The XMP that came with the picture was left out: ${limit}.`);
		return {
			packet,
			warnings
		};
	}
	throw new RangeError(`no XMP packet fits ${maxBytes} bytes`);
}
const EMPTY = {
	before: `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">`,
	after: "</rdf:RDF></x:xmpmeta>",
	about: ""
};
function serialize(document, recipe, software) {
	const { before, after, about } = document ?? EMPTY;
	const property = recipe === void 0 ? "" : `<photosite:Recipe>${escapeText(recipe)}</photosite:Recipe>`;
	const description = `<rdf:Description xmlns:rdf="${RDF}" xmlns:xmp="${XMP}" xmlns:photosite="${RECIPE_NAMESPACE}" rdf:about="${about}" xmp:CreatorTool="${escapeText(software)}">${property}</rdf:Description>`;
	return new TextEncoder().encode(`<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>${before}${description}${after}<?xpacket end="w"?>`);
}
function escapeText(text) {
	return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
/** A reason to leave a carried packet out, readable. */
var Malformed = class extends Error {};
/** Cleans a carried packet; a string says why it can't be used. */
function cleanCarried(bytes) {
	if (bytes.length > MAX_CARRIED_BYTES) return `it has more than ${MAX_CARRIED_BYTES} bytes`;
	try {
		return clean(new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice()).replace(/\0+$/, ""));
	} catch (error) {
		if (error instanceof Malformed) return error.message;
		if (error instanceof TypeError) return "it is not UTF-8 text";
		throw error;
	}
}
/**
* Copies a packet's root element without the stale properties and splits it ahead of `</rdf:RDF>`. Only children of
* a description are properties: what lies deeper goes or stays with them.
*/
function clean(text) {
	if (FORBIDDEN_CHARACTER.test(text)) throw new Malformed("it has characters that XML forbids");
	let before;
	let out = "";
	let about;
	const open = [];
	/** Depth of rdf:RDF among the open elements, from 1; 0 outside of it. */
	let rdfDepth = 0;
	/** Depth of the outermost element being left out; 0 when none is. */
	let skipDepth = 0;
	let seenRoot = false;
	for (const token of tokens(text)) switch (token.kind) {
		case "text":
			if (open.length === 0 && token.source.trim() !== "") throw new Malformed("it has text outside of XML");
			if (open.length > 0 && skipDepth === 0) out += token.source;
			break;
		case "open": {
			if (open.length === 0 && seenRoot) throw new Malformed("it has two roots");
			if (open.length >= MAX_DEPTH) throw new Malformed(`it is nested deeper than ${MAX_DEPTH}`);
			seenRoot = true;
			const scope = withDeclarations(open.at(-1)?.scope ?? NO_NAMESPACES, token.attributes);
			const name = expand(token.name, scope, true);
			const depth = open.length + 1;
			const isDescription = rdfDepth > 0 && depth === rdfDepth + 1;
			const isProperty = rdfDepth > 0 && depth === rdfDepth + 2;
			if (name === `${RDF}RDF` && rdfDepth === 0) {
				if (token.empty || before !== void 0) throw new Malformed("it has no single rdf:RDF with content");
				rdfDepth = depth;
			}
			if (skipDepth === 0 && isProperty && isStale(name)) skipDepth = depth;
			if (skipDepth === 0) {
				out += isDescription ? withoutStale(token, scope) : token.source;
				if (isDescription && about === void 0) about = aboutOf(token, scope);
			}
			if (token.empty) {
				if (skipDepth === depth) skipDepth = 0;
			} else open.push({
				name: token.name,
				scope
			});
			break;
		}
		case "close": {
			if (open.at(-1)?.name !== token.name) throw new Malformed(`it closes <${token.name}> out of turn`);
			const depth = open.length;
			if (depth === rdfDepth) {
				before = out;
				out = "";
				rdfDepth = 0;
			}
			open.pop();
			if (skipDepth === 0) out += token.source;
			else if (skipDepth === depth) skipDepth = 0;
			break;
		}
	}
	if (open.length > 0) throw new Malformed("it ends in the middle");
	if (before === void 0) throw new Malformed("it has no rdf:RDF");
	return {
		before,
		after: out,
		about: about ?? ""
	};
}
function isStale(name) {
	return STALE_PROPERTIES.has(name) || [...STALE_NAMESPACES].some((namespace) => isIn(name, namespace));
}
/** Whether an expanded name is a local name in the namespace. */
function isIn(name, namespace) {
	return name.startsWith(namespace) && !name.slice(namespace.length).includes("/");
}
/** The start tag of a description without the stale properties among its attributes. */
function withoutStale(token, scope) {
	const attributes = token.attributes.filter(({ name }) => isDeclaration(name) || !isStale(expand(name, scope, false))).map(({ name, quoted }) => ` ${name}=${quoted}`).join("");
	return `<${token.name}${attributes}${token.empty ? "/" : ""}>`;
}
function aboutOf(token, scope) {
	return token.attributes.find(({ name }) => !isDeclaration(name) && (name === "about" || expand(name, scope, false) === `${RDF}about`))?.quoted.slice(1, -1).replaceAll("\"", "&#34;");
}
const NO_NAMESPACES = /* @__PURE__ */ new Map([["xml", XML]]);
function isDeclaration(name) {
	return name === "xmlns" || name.startsWith("xmlns:");
}
function withDeclarations(outer, attributes) {
	const declarations = attributes.filter(({ name }) => isDeclaration(name));
	if (declarations.length === 0) return outer;
	const scope = new Map(outer);
	for (const { name, quoted } of declarations) scope.set(name.slice(6), quoted.slice(1, -1));
	return scope;
}
/** The namespace's name followed by the local name. */
function expand(name, scope, isElement) {
	const colon = name.indexOf(":");
	const prefix = colon < 0 ? "" : name.slice(0, colon);
	if (prefix === "") return `${isElement ? scope.get("") ?? "" : ""}${name}`;
	const namespace = scope.get(prefix);
	if (namespace === void 0) throw new Malformed(`it uses the undeclared prefix "${prefix}"`);
	return `${namespace}${name.slice(colon + 1)}`;
}
const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const LOOSE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/;
const NAME = /[^\s<>"'=/&?!]+/y;
const ATTRIBUTE = /\s+([^\s<>"'=/&]+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*(\/?)>/y;
function* tokens(text) {
	let offset = text.charCodeAt(0) === 65279 ? 1 : 0;
	while (offset < text.length) if (text[offset] !== "<") {
		const next = text.indexOf("<", offset);
		const source = text.slice(offset, next < 0 ? text.length : next);
		if (LOOSE_AMPERSAND.test(source)) throw new Malformed("it has an undeclared entity");
		yield {
			kind: "text",
			source
		};
		offset += source.length;
	} else if (text.startsWith("<?", offset)) offset = after(text, "?>", offset);
	else if (text.startsWith("<!--", offset)) offset = after(text, "-->", offset);
	else if (text.startsWith("<![CDATA[", offset)) {
		const end = after(text, "]]>", offset);
		yield {
			kind: "text",
			source: text.slice(offset, end)
		};
		offset = end;
	} else if (text.startsWith("<!", offset)) throw new Malformed("it has a document type");
	else if (text.startsWith("</", offset)) {
		const end = after(text, ">", offset);
		const source = text.slice(offset, end);
		yield {
			kind: "close",
			source,
			name: source.slice(2, -1).trimEnd()
		};
		offset = end;
	} else {
		const token = openToken(text, offset);
		yield token;
		offset += token.source.length;
	}
}
function after(text, terminator, offset) {
	const found = text.indexOf(terminator, offset);
	if (found < 0) throw new Malformed("it ends in the middle");
	return found + terminator.length;
}
function openToken(text, start) {
	NAME.lastIndex = start + 1;
	const name = NAME.exec(text)?.[0];
	if (name === void 0) throw new Malformed("it has a \"<\" that opens no tag");
	const attributes = [];
	const names = /* @__PURE__ */ new Set();
	let offset = NAME.lastIndex;
	for (;;) {
		ATTRIBUTE.lastIndex = offset;
		const match = ATTRIBUTE.exec(text);
		if (match === null) break;
		const attribute = {
			name: match[1],
			quoted: match[2]
		};
		if (names.has(attribute.name)) throw new Malformed(`it repeats the attribute ${attribute.name}`);
		if (LOOSE_AMPERSAND.test(attribute.quoted)) throw new Malformed("it has an undeclared entity");
		names.add(attribute.name);
		attributes.push(attribute);
		offset = ATTRIBUTE.lastIndex;
	}
	TAG_END.lastIndex = offset;
	const end = TAG_END.exec(text);
	if (end === null) throw new Malformed(`the tag <${name}> is broken`);
	return {
		kind: "open",
		source: text.slice(start, TAG_END.lastIndex),
		name,
		attributes,
		empty: end[1] === "/"
	};
}
// packages/picture/dist/encodePicture.js
/** Most bytes of a PNG chunk (W3C PNG, 5.3) and of a classic TIFF stream, where a format has no smaller limit. */
const MAX_METADATA_BYTES = 2147483647;
/**
* Encodes a picture with its colour profile, Exif, XMP and recipe.
*
* The pixels' type must be the one that the file stores, see {@link sampleTypeOf}; nothing is rounded here. They may
* lie on shared memory. In Node no copy of them is made, except for the strips of a deflated TIFF, a few at a time.
* In browsers a JPEG needs one copy, as RGBA.
*
* The metadata is the same to the byte in every runtime; the compressed pixels of JPEG and PNG depend on the
* runtime's codec (for PNG and TIFF not what they decode to).
*
* @throws PictureError where the picture or an option is not what the format takes.
*/
async function encodePicture(picture, options) {
	const resolved = resolveOptions(options);
	checkPicture(picture, resolved);
	const exif = makeExif(picture.exif, {
		width: picture.width,
		height: picture.height,
		colorSpace: picture.colorSpace,
		resolution: resolved.resolution,
		format: resolved.format
	});
	const { chunks, warnings } = await encodeFile(picture, resolved, exif);
	return {
		chunks,
		byteLength: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
		mediaType: OUTPUT_FORMATS[resolved.format].mediaType,
		warnings: [...exif.warnings, ...warnings]
	};
}
/**
* Loads the encoder of a format ahead of its first use, for example while the picture is still being developed. In
* Node it takes some 40 ms.
*/
async function prepareEncoder(format) {
	if (format !== "tiff") await encoders.prepare(format);
}
async function encodeFile(picture, options, directories) {
	const { width, height } = picture;
	const icc = iccProfile(picture.colorSpace);
	const xmpParts = {
		carried: picture.xmp,
		recipe: picture.recipe,
		software: SOFTWARE
	};
	switch (options.format) {
		case "jpeg": {
			const exif = writeExif(directories, MAX_JPEG_EXIF_BYTES);
			const xmp = makeXmp({
				...xmpParts,
				maxBytes: MAX_JPEG_XMP_BYTES
			});
			const pixels = picture.pixels;
			return {
				chunks: assembleJpeg(await codec(() => encoders.encodeJpeg(pixels, width, height, options)), {
					exif: exif.bytes,
					xmp: xmp.packet,
					icc
				}),
				warnings: [...exif.warnings, ...xmp.warnings]
			};
		}
		case "png": {
			const exif = writeExif(directories, MAX_METADATA_BYTES);
			const xmp = makeXmp({
				...xmpParts,
				maxBytes: MAX_METADATA_BYTES
			});
			const pixels = picture.pixels;
			return {
				chunks: assemblePng(await codec(() => encoders.encodePng(pixels, width, height)), {
					exif: exif.bytes,
					xmp: xmp.packet,
					icc
				}, options.resolution),
				warnings: xmp.warnings
			};
		}
		case "tiff": {
			const xmp = makeXmp({
				...xmpParts,
				maxBytes: MAX_METADATA_BYTES
			});
			const metadata = {
				exif: directories,
				xmp: xmp.packet,
				icc
			};
			const { chunks } = await makeTiff(picture, options.compression, metadata);
			return {
				chunks,
				warnings: xmp.warnings
			};
		}
	}
}
/** Runs a library's encoder; what it throws (out of memory, mostly) becomes ours. */
async function codec(encode) {
	try {
		return await encode();
	} catch (error) {
		throw new PictureError("picture", `the encoder gave up: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
	}
}
const COLOR_SPACES = [
	"srgb",
	"display-p3",
	"linear-rec2020",
	"camera-rgb"
];
function checkPicture(picture, options) {
	const { width, height, pixels, colorSpace, recipe } = picture;
	const { maxSide } = OUTPUT_FORMATS[options.format];
	for (const [field, side] of [["picture.width", width], ["picture.height", height]]) if (!Number.isInteger(side) || side < 1 || side > maxSide) {
		const allowed = `a whole number 1 to ${maxSide}`;
		throw new PictureError(field, `${side} does not fit a ${options.format} file; allowed: ${allowed}`, { allowed });
	}
	if (!COLOR_SPACES.includes(colorSpace)) {
		const allowed = COLOR_SPACES.join(", ");
		throw new PictureError("picture.colorSpace", `"${colorSpace}" is unknown; use one of ${allowed}`, { allowed });
	}
	const wanted = sampleTypeOf(options);
	if (sampleType(pixels) !== wanted) throw new PictureError("picture.pixels", `${sampleType(pixels)} samples, but this file stores ${wanted}; render the picture as ${wanted}` + (options.format === "jpeg" ? " or choose another format" : " or choose another bitDepth"), { allowed: wanted });
	if (pixels.length !== width * height * 3) {
		const allowed = `${width * height * 3} samples`;
		throw new PictureError("picture.pixels", `${pixels.length} samples, but ${width} × ${height} RGB pixels are ${allowed}`, { allowed });
	}
	if (pixels instanceof Float32Array) checkFinite(pixels);
	if (recipe !== void 0 && hasControlCharacter(recipe)) throw new PictureError("picture.recipe", "has control characters; pass the text that JSON.stringify gives");
}
function sampleType(pixels) {
	if (pixels instanceof Uint8Array) return "uint8";
	if (pixels instanceof Uint16Array) return "uint16";
	return pixels instanceof Float32Array ? "float32" : typeof pixels;
}
function checkFinite(pixels) {
	let sum = 0;
	for (let i = 0; i < pixels.length; i++) sum += pixels[i] * 0;
	if (sum === 0) return;
	const index = pixels.findIndex((sample) => !Number.isFinite(sample));
	throw new PictureError("picture.pixels", `sample ${index} is ${pixels[index]}; all must be finite numbers`, { allowed: "finite numbers" });
}
function hasControlCharacter(text) {
	return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}
// apps/cli/dist/develop/developFiles.js
async function readFrame(path) {
	const startedAt = performance.now();
	const reading = readWholeFile(path);
	const [bytes, { openRaw }] = await Promise.all([reading, import("./dist-C8i0mX5o.js")]);
	return {
		frame: await openRaw(bytes, { file: path }),
		startedAt,
		readMs: performance.now() - startedAt
	};
}
/** The parts of the whole work by time, for the progress bar alone. */
const READ_SHARE = .15;
/** Develops photos one after the other: while one is rendered, the next is read and the one before is encoded. */
var Darkroom = class {
	#engine;
	#settings;
	#listener;
	constructor(engine, settings, listener) {
		this.#engine = engine;
		this.#settings = settings;
		this.#listener = listener;
	}
	async work(jobs) {
		let reading = jobs[0] && this.#attempt(jobs[0], readFrame(jobs[0].input));
		let finishing = Promise.resolve();
		for (const [i, job] of jobs.entries()) {
			const next = jobs[i + 1];
			const developing = this.#developWhenRead(job, await reading);
			reading = next && this.#attempt(next, readFrame(next.input));
			const developed = await developing;
			await finishing;
			if (developed !== void 0) finishing = this.#attempt(job, this.#finish(job, developed));
		}
		await finishing;
	}
	/** What a step gives, or undefined where it failed, which the listener hears. */
	async #attempt(job, step) {
		try {
			return await step;
		} catch (error) {
			this.#listener.failed(job, error);
			return;
		}
	}
	async #developWhenRead(job, read) {
		return read && this.#attempt(job, this.#develop(job, read));
	}
	async #develop(job, { frame, startedAt, readMs }) {
		const { recipe, as, output, tileSize } = this.#settings;
		const engine = await this.#engine;
		const renderStart = performance.now();
		const development = engine.open(frame);
		try {
			const rendered = await development.render({
				recipe,
				as,
				format: sampleTypeOf(output),
				...tileSize !== void 0 && { tileSize },
				onProgress: (share) => this.#listener.progress(job, READ_SHARE + share * .7)
			});
			const renderMs = performance.now() - renderStart;
			return {
				rendered,
				exif: frame.exif,
				xmp: frame.xmp,
				startedAt,
				readMs,
				renderMs
			};
		} finally {
			development.close();
		}
	}
	async #finish(job, developed) {
		const { output, force } = this.#settings;
		const { rendered, exif, xmp, startedAt, readMs, renderMs } = developed;
		const { width, height, colorSpace, pixels, stages, assumptions } = rendered;
		try {
			const encodeStart = performance.now();
			const file = await encodePicture({
				width,
				height,
				colorSpace,
				pixels,
				recipe: JSON.stringify({
					photosite: 1,
					...rendered.recipe
				}),
				...exif !== void 0 && { exif },
				...xmp !== void 0 && { xmp }
			}, output);
			const writeStart = performance.now();
			this.#listener.progress(job, 1);
			await mkdir(dirname(job.output), { recursive: true });
			await writeAtomically(job.output, file.chunks, force);
			const end = performance.now();
			this.#listener.done({
				...job,
				format: output.format,
				bytes: file.byteLength,
				width,
				height,
				colorSpace,
				readMs,
				renderMs,
				encodeMs: writeStart - encodeStart,
				writeMs: end - writeStart,
				totalMs: end - startedAt,
				stages,
				assumptions,
				warnings: file.warnings,
				recipe: rendered.recipe
			});
		} finally {
			rendered.release();
		}
	}
};
/**
* Develops raw files into photos. A file that fails is told to the listener, and the others go on.
* @returns the number of threads that worked
*/
async function developFiles(jobs, settings, listener) {
	const starting = Engine.create(settings.threads === void 0 ? {} : { threads: settings.threads });
	setImmediate(() => prepareEncoder(settings.output.format).catch(() => void 0));
	await new Darkroom(starting, settings, listener).work(jobs);
	const engine = await starting;
	await engine.close();
	return engine.pool.threads;
}
// apps/cli/dist/develop/flags.js
/** One flag for each parameter of the pipeline, in the order in which light passes the stages. */
const PARAMETER_FLAGS = PIPELINE.flatMap((stage) => Object.entries(stage.parameters).map(([name, parameter]) => ({
	stageTitle: stage.title,
	stage: recipeKey(stage.name),
	name,
	parameter
})));
/** Bits per sample mean the same in every format, so they have one flag, which the command defines itself. */
const BIT_DEPTH = "bitDepth";
const FORMAT_NAMES = Object.keys(OUTPUT_FORMATS);
function kebab(name) {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
/** One flag for each output option: under its own name where all formats have it, else with the format's. */
const OUTPUT_FLAGS = FORMAT_NAMES.flatMap((format) => OUTPUT_FORMATS[format].options.filter((spec) => spec.name !== BIT_DEPTH).flatMap((spec) => {
	const formats = FORMAT_NAMES.filter((name) => OUTPUT_FORMATS[name].options.includes(spec));
	const shared = formats.length === FORMAT_NAMES.length;
	if (shared && formats[0] !== format) return [];
	return [{
		flag: shared ? kebab(spec.name) : `${format}-${kebab(spec.name)}`,
		name: spec.name,
		formats: shared ? formats : [format],
		spec
	}];
}));
/** What a person may type for a parameter, in short, with the default. */
function describeValues(parameter) {
	switch (parameter.kind) {
		case "number": {
			const unit = parameter.unit === void 0 ? "" : ` ${parameter.unit}`;
			const range = `${parameter.min} to ${parameter.max}${unit}`;
			return parameter.default === null ? `${range}, or auto; default auto` : `${range}; default ${parameter.default}`;
		}
		case "choice": return `default ${parameter.default}`;
		case "boolean": return `default ${parameter.default ? "on" : "off"}`;
		case "point": return "two numbers from 0 to 1, or auto; default auto";
	}
}
/** The placeholder of a parameter's value on the command line; undefined for a switch. */
function placeholder(parameter) {
	switch (parameter.kind) {
		case "number": return parameter.unit ?? "number";
		case "choice": return parameter.choices.join("|");
		case "boolean": return;
		case "point": return "x,y";
	}
}
function parseNumber(text) {
	return text.trim() === "" ? NaN : Number(text);
}
function parseParameter(parameter, text) {
	const automatic = text === "auto" && parameter.default === null;
	switch (parameter.kind) {
		case "number": {
			const value = parseNumber(text);
			if (automatic) return null;
			if (value >= parameter.min && value <= parameter.max) return value;
			break;
		}
		case "choice":
			if (parameter.choices.includes(text)) return text;
			break;
		case "point": {
			const point = text.split(",").map(parseNumber);
			if (automatic) return null;
			if (point.length === 2 && point.every((value) => value >= 0 && value <= 1)) return point;
			throw new InvalidArgumentError("It must be X,Y with fractions from 0 to 1 of the upright picture, e.g. 0.5,0.25.");
		}
	}
	throw new InvalidArgumentError(`It must be ${describeRange(parameter).replace("null for automatic", "auto")}.`);
}
function addSwitch(command, flag, help, on) {
	const positive = new Option(`--${flag}`, `${help} (default ${on ? "on" : "off"})`);
	const negative = new Option(`--no-${flag}`, `Leave out: ${help} (default on)`);
	command.addOption(positive.hideHelp(on));
	command.addOption(negative.hideHelp(!on));
}
function addParameter(command, { parameter }) {
	const { flag, help } = parameter;
	if (parameter.kind === "boolean") {
		addSwitch(command, flag, help, parameter.default);
		return;
	}
	const option = new Option(`--${flag} <${placeholder(parameter)}>`, `${help} (${describeValues(parameter)})`);
	command.addOption(option.argParser((text) => parseParameter(parameter, text)));
}
function parseOutputOption(spec, text) {
	if (spec.kind === "choice") {
		const choice = spec.choices.find((each) => String(each) === text);
		if (choice !== void 0) return choice;
		throw new InvalidArgumentError(`It must be one of ${spec.choices.join(", ")}.`);
	}
	if (spec.kind === "boolean") return true;
	const value = parseNumber(text);
	const whole = spec.kind === "integer";
	if (value >= spec.min && value <= spec.max && (!whole || Number.isInteger(value))) return value;
	throw new InvalidArgumentError(`It must be a ${whole ? "whole " : ""}number from ${spec.min} to ${spec.max}.`);
}
/** What a person may type for an output option, in short, with the default. */
function describeOutputValues(spec) {
	if (spec.kind === "boolean") return `default ${spec.default ? "on" : "off"}`;
	if (spec.kind === "choice") return `default ${spec.default}`;
	return `${spec.min} to ${spec.max}; default ${spec.default}`;
}
/** The placeholder of an output option's value on the command line; undefined for a switch. */
function outputPlaceholder(spec) {
	if (spec.kind === "boolean") return void 0;
	return spec.kind === "choice" ? spec.choices.join("|") : spec.unit ?? "number";
}
function addOutputOption(command, { flag, spec }) {
	if (spec.kind === "boolean") {
		addSwitch(command, flag, spec.help, spec.default);
		return;
	}
	const option = new Option(`--${flag} <${outputPlaceholder(spec)}>`, `${spec.help} (${describeOutputValues(spec)})`);
	command.addOption(option.argParser((text) => parseOutputOption(spec, text)));
}
/** Gives the command a flag for every parameter of the engine and every option of the output formats. */
function addGeneratedFlags(command) {
	for (const flag of PARAMETER_FLAGS) {
		command.optionsGroup(`${flag.stageTitle}:`);
		addParameter(command, flag);
	}
	command.optionsGroup("Output file:");
	for (const flag of OUTPUT_FLAGS) addOutputOption(command, flag);
}
function attribute(flag) {
	return new Option(`--${flag}`).attributeName();
}
/** The recipe with the flags' values put over it. */
function overrideRecipe(recipe, values) {
	const merged = {};
	for (const [stage, given] of Object.entries(recipe)) merged[stage] = { ...given };
	for (const { stage, name, parameter } of PARAMETER_FLAGS) {
		const value = values[attribute(parameter.flag)];
		if (value === void 0) continue;
		merged[stage] ??= {};
		merged[stage][name] = value;
	}
	return merged;
}
/**
* The output options that were asked for.
* @throws {UsageError} where a flag belongs to another format
*/
function outputOptionsOf(format, bits, values) {
	const options = { format };
	for (const { flag, name, formats } of OUTPUT_FLAGS) {
		const value = values[attribute(flag)];
		if (value === void 0) continue;
		if (!formats.includes(format)) throw new UsageError(`--${flag} is for ${formats.join(", ").toUpperCase()} files, the output is a ${format.toUpperCase()}.`);
		options[name] = value;
	}
	const depth = OUTPUT_FORMATS[format].options.find((spec) => spec.name === BIT_DEPTH);
	const depths = depth?.kind === "choice" ? depth.choices : [8];
	if (bits !== void 0 && !depths.includes(bits)) throw new UsageError(`--bits ${bits}: a ${format.toUpperCase()} holds ${depths.join(" or ")} bits per sample.`);
	if (bits !== void 0 && depth !== void 0) options[BIT_DEPTH] = bits;
	return options;
}
// apps/cli/dist/develop/inputs.js
/** Extensions of raw files, as found in folders; a file named on the command line may have any. */
const RAW_EXTENSIONS = new Set("dng gpr 3fr arw bay cap cr2 cr3 crw cs1 dcr dcs drf eip erf fff iiq k25 kc2 kdc mdc mef mos mrw nef nrw orf ori pef ptx pxn qtk raf raw rdc rw2 rwl rwz sr2 srf srw sti x3f".split(" ").map((extension) => `.${extension}`));
async function rawFilesIn(folder, recursive) {
	const entries = await readdir(folder, { withFileTypes: true });
	entries.sort((a, b) => a.name < b.name ? -1 : 1);
	const found = [];
	for (const entry of entries) {
		if (entry.name.startsWith(".")) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) {
			if (recursive) found.push(...await rawFilesIn(path, recursive));
		} else if (RAW_EXTENSIONS.has(extname(entry.name).toLowerCase())) found.push(path);
	}
	return found;
}
function asFile(path, status) {
	if (!status.isFile()) throw new JobError(`${path} is neither a file nor a folder.`);
	return {
		path,
		name: basename(path)
	};
}
async function asFolder(path, recursive) {
	const files = await rawFilesIn(path, recursive);
	if (files.length === 0) throw new JobError(`${path}: there are no raw files in this folder.${recursive ? "" : " Add --recursive to search its subfolders, too."}`);
	return files.map((file) => ({
		path: file,
		name: relative(path, file)
	}));
}
/** Finds the raw files under the names on the command line: files as they are, folders searched. Each file once. */
async function findInputs(paths, recursive) {
	const files = /* @__PURE__ */ new Map();
	const failures = [];
	let many = paths.length > 1;
	for (const path of paths) try {
		const status = await stat(path);
		many ||= status.isDirectory();
		const found = status.isDirectory() ? await asFolder(path, recursive) : [asFile(path, status)];
		for (const file of found) if (!files.has(join(file.path))) files.set(join(file.path), file);
	} catch (error) {
		failures.push({
			input: path,
			error: describeError(error, path)
		});
	}
	return {
		files: [...files.values()],
		failures,
		many
	};
}
/** The file's name without its extension, under its subfolders. */
function stemOf(name) {
	return join(dirname(name), basename(name, extname(name)));
}
// apps/cli/dist/develop/outputs.js
/** What lies under a path, symbolic links followed; undefined where nothing does. */
function statusOf(path) {
	try {
		return statSync(path, { bigint: true });
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return void 0;
		throw error;
	}
}
function isFolder(path) {
	return statusOf(path)?.isDirectory() ?? false;
}
/** The format that a file's extension stands for. */
function formatOfName(path) {
	const extension = extname(path).slice(1).toLowerCase();
	return Object.values(OUTPUT_FORMATS).find((format) => format.extensions.includes(extension))?.name;
}
function extensions() {
	return Object.values(OUTPUT_FORMATS).map((format) => `.${format.extensions[0]}`).join(", ");
}
function formatOfFile(out, asked) {
	const named = formatOfName(out);
	if (asked === void 0 && named === void 0) throw new UsageError(`the name ${out} does not say which format to write. End it in ${extensions()}, or add --format.`);
	if (asked !== void 0 && named !== void 0 && asked !== named) throw new UsageError(`${out} is the name of a ${named.toUpperCase()}, but --format says ${asked}. Change one of them.`);
	return asked ?? named;
}
/** Names in the output folder; where only the extension tells two inputs apart, it stays in the name. */
function nameInFolder(files, folder, extension) {
	const key = (name) => name.toLowerCase();
	const stems = /* @__PURE__ */ new Map();
	for (const { name } of files) stems.set(key(stemOf(name)), (stems.get(key(stemOf(name))) ?? 0) + 1);
	const taken = /* @__PURE__ */ new Map();
	return files.map(({ path, name }) => {
		const unique = stems.get(key(stemOf(name))) === 1;
		const output = join(folder, `${unique ? stemOf(name) : name}.${extension}`);
		const other = taken.get(key(output));
		if (other !== void 0) throw new UsageError(`${other} and ${path} would both become ${output}. Develop them into different folders.`);
		taken.set(key(output), path);
		return {
			input: path,
			output
		};
	});
}
function nearestFolder(folder) {
	for (let path = folder;; path = dirname(path)) if (existsSync(path) || dirname(path) === path) return path;
}
/** Finds out whether files can be written into folders, each asked once. */
var Folders = class {
	#answers = /* @__PURE__ */ new Map();
	/** @throws the reason why not */
	check(folder) {
		if (!this.#answers.has(folder)) this.#answers.set(folder, this.#probe(folder));
		const problem = this.#answers.get(folder);
		if (problem !== void 0) throw problem;
	}
	#probe(folder) {
		try {
			probeFolder(folder);
			return;
		} catch (error) {
			return new JobError(`can't write into the folder ${folder}: ${describeError(error)}`);
		}
	}
};
/**
* Checks that a file may be written, before any work is done.
* @throws {JobError} where something is in the way
*/
function checkOutput(output, force) {
	const status = statusOf(output);
	if (status === void 0) return;
	if (!status.isFile()) throw new JobError(`${output} is not a file. Choose another name for the output.`);
	if (!force) throw existing(output);
}
function identity(path) {
	const status = statusOf(path);
	return status === void 0 ? void 0 : `${status.dev}:${status.ino}`;
}
/** Checks one more file that is written beside the pictures, such as a recipe. */
function checkSideFile(path, force) {
	checkOutput(path, force);
	new Folders().check(dirname(path));
}
/**
* Decides which file is written for each input, and says what is in the way before any work is done.
*
* @param out a file for one input; a folder (to be made, if need be) for many, or with a separator at its end
* @throws {UsageError} where `out` can't be meant so
*/
function planOutputs({ files, failures, many }, out, asked, fallback, force) {
	const slashed = out.endsWith(sep) || out.endsWith("/");
	const intoFolder = many || slashed || isFolder(out);
	if (intoFolder && existsSync(out) && !isFolder(out)) throw new UsageError(`${out} is a file; many photos need a folder. Name a folder after -o.`);
	if (many && !slashed && !isFolder(out) && formatOfName(out) !== void 0) throw new UsageError(`${out} is the name of one picture; many photos need a folder. Name a folder after -o.`);
	const format = intoFolder ? asked ?? fallback : formatOfFile(out, asked);
	const wanted = intoFolder ? nameInFolder(files, out, OUTPUT_FORMATS[format].extensions[0]) : files.map(({ path }) => ({
		input: path,
		output: out
	}));
	const originals = new Map(files.map(({ path }) => [identity(path) ?? path, path]));
	const folders = new Folders();
	const jobs = [];
	const problems = [...failures];
	for (const job of wanted) {
		const original = originals.get(identity(job.output) ?? "");
		if (original !== void 0) throw new UsageError(`${job.output} is ${original === job.output ? "an original" : `the original ${original}`} and is never written to. Choose another name after -o.`);
		try {
			checkOutput(job.output, force);
			const folder = dirname(job.output);
			folders.check(intoFolder ? nearestFolder(folder) : folder);
			jobs.push(job);
		} catch (error) {
			problems.push({
				input: job.input,
				error: describeError(error, job.input)
			});
		}
	}
	return {
		format,
		jobs,
		failures: problems
	};
}
// apps/cli/dist/develop/ProgressBar.js
/** Time between two drawings, in milliseconds. */
const REFRESH_MS = 50;
const BAR_WIDTH = 24;
const CLEAR_LINE = "\r\x1B[2K";
/** A line on a terminal that shows how far the work is; silent where there is no terminal. */
var ProgressBar = class {
	#stream;
	#shown;
	#drawnAt = 0;
	constructor(stream, wanted) {
		this.#stream = stream;
		this.#shown = wanted && stream.isTTY === true;
	}
	/** @param done share of the work, 0 to 1 */
	update(done, label) {
		const now = performance.now();
		if (!this.#shown || now - this.#drawnAt < REFRESH_MS && done < 1) return;
		this.#drawnAt = now;
		const filled = Math.round(done * BAR_WIDTH);
		const line = `${"█".repeat(filled) + "░".repeat(BAR_WIDTH - filled)} ${String(Math.round(done * 100)).padStart(3)} %  ${label}`;
		this.#stream.write(CLEAR_LINE + line.slice(0, (this.#stream.columns ?? 80) - 1));
	}
	/** Prints a line above the bar; only on a terminal. */
	note(line) {
		if (this.#shown) this.#stream.write(`${CLEAR_LINE}${line}\n`);
	}
	/** Takes the bar away. */
	clear() {
		if (this.#shown) this.#stream.write(CLEAR_LINE);
	}
};
// apps/cli/dist/develop/report.js
/** Rounds times, so that a report can be read. */
function roundTimes(key, value) {
	return typeof value === "number" && (key === "ms" || key.endsWith("Ms")) ? Math.round(value * 10) / 10 : value;
}
// apps/cli/dist/develop/Reporter.js
/** Tells how the work goes: a bar and notes on a terminal, errors always, a report where one is asked for. */
var Reporter = class {
	#jobs;
	#options;
	#bar;
	#files = [];
	#failures;
	/** @param failures what was found to be impossible before the work; it is told at once */
	constructor(jobs, failures, options) {
		this.#jobs = jobs;
		this.#options = options;
		this.#bar = new ProgressBar(process.stderr, options.quiet !== true);
		this.#failures = [...failures];
		for (const { error } of failures) printError(error);
	}
	progress(job, share) {
		const before = this.#jobs.indexOf(job);
		const count = this.#jobs.length > 1 ? ` (${before + 1} of ${this.#jobs.length})` : "";
		this.#bar.update((before + share) / this.#jobs.length, job.input + count);
	}
	done(report) {
		this.#files.push(report);
		const { output, width, height, totalMs, assumptions, warnings } = report;
		this.#bar.note(`${output}: ${width} × ${height}, ${(totalMs / 1e3).toFixed(2)} s`);
		for (const assumption of assumptions) this.#bar.note(`  assumed: ${assumption}`);
		for (const warning of warnings) this.#bar.note(`  note: ${warning}`);
	}
	failed({ input }, error) {
		this.#failures.push({
			input,
			error: describeError(error, input)
		});
		this.#bar.clear();
		printFailure(error, input, this.#options.debug === true);
	}
	/** The end of it all: the report, and an exit code that says whether every photo was made. */
	finish(threads) {
		this.#bar.clear();
		if (this.#failures.length > 0) process.exitCode = 1;
		if (this.#options.json !== true) return;
		const report = {
			photosite: version(),
			threads,
			files: this.#files,
			failures: this.#failures,
			totalMs: performance.now()
		};
		process.stdout.write(`${JSON.stringify(report, roundTimes, 2)}\n`);
	}
};
// apps/cli/dist/develop/recipeFile.js
/**
* Reads a recipe; what it leaves out keeps its default.
* @throws {UsageError} naming the file and the place in it
*/
async function readRecipe(path) {
	try {
		const json = JSON.parse(await readFile(path, "utf8"));
		completeRecipe(json);
		const { photosite: _, ...recipe } = json;
		return recipe;
	} catch (error) {
		if (error instanceof SyntaxError) throw new UsageError(`${path} is not JSON: ${error.message}`);
		throw new UsageError(describeError(error, path));
	}
}
/** The recipe as a file: JSON with the format's version. */
function recipeText(recipe) {
	return `${JSON.stringify({
		photosite: 1,
		...recipe
	}, void 0, 2)}\n`;
}
// apps/cli/dist/develop/command.js
const RENDITIONS = [
	"display",
	"linear-rec2020",
	"camera-rgb"
];
const FORMATS = Object.keys(OUTPUT_FORMATS);
const MAX_THREADS = 64;
const SMALLEST_TILE = 32;
const LARGEST_TILE = 4096;
const EXAMPLES = `
Examples:
  photosite develop IMG_0001.dng -o IMG_0001.jpg
  photosite develop IMG_0001.dng -o bright.jpg --exposure 0.7 --temperature 5200
  photosite develop card/DCIM -o photos/ --recursive --color-space display-p3
  photosite develop IMG_0001.dng -o print.tif --quality best
  photosite develop *.dng -o photos/ --recipe my-look.json --json > report.json
  photosite develop chart.dng -o chart.tif --as camera-rgb
`;
function wholeNumber(min, max) {
	return (text) => {
		const value = Number(text);
		if (/^\d+$/.test(text) && value >= min && value <= max) return value;
		throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
	};
}
/** Gives `photosite develop` its arguments and flags. */
function configureDevelop(command) {
	command.argument("[FILE...]", "raw files, or folders of them").usage("FILE... -o OUT [options]").optionsGroup("What and where to:").option("-o, --output <OUT>", "the photo to write; for many files or a folder, the folder to write into").addOption(new Option(`--format <${FORMATS.join("|")}>`, "file format (default: what OUT's name says; jpeg in a folder)").choices(FORMATS)).addOption(new Option(`--as <${RENDITIONS.join("|")}>`, "a finished picture (default), or for measurements as 32-bit float TIFF: the scene's linear light, or linear camera RGB right after demosaic, white level 1").choices(RENDITIONS).default("display")).addOption(new Option("--bits <n>", "bits per sample, for PNG 8 or 16, for TIFF 8, 16 or 32 (float)").argParser((text) => {
		if ([
			"8",
			"16",
			"32"
		].includes(text)) return Number(text);
		throw new InvalidArgumentError("It must be 8, 16 or 32.");
	})).option("--recursive", "search the subfolders of folders, too").option("--force", "overwrite photos that exist").optionsGroup("Recipe:").option("--recipe <file>", "take the settings from a recipe (JSON); flags overrule it").option("--save-recipe <file>", "write the settings that are used as a recipe");
	addGeneratedFlags(command);
	command.optionsGroup("Running:").option("--json", "print a report with the times of all stages as JSON").option("--quiet", "no progress bar, no notes").addOption(new Option("--threads <n>", "threads to work on (default: as many as the machine runs at once)").argParser(wholeNumber(1, MAX_THREADS))).addOption(new Option("--tile <n>", "largest tile in pixels each way; changes speed and memory, never the photo").argParser(wholeNumber(SMALLEST_TILE, LARGEST_TILE)).hideHelp()).option("--debug", "show where in the program an error came from").helpOption("-h, --help", "show this help").configureHelp({ optionDescription: ({ description }) => description }).addHelpText("after", EXAMPLES).action(develop);
}
/** The output's options; scene-linear light has one kind of file that can hold it. */
function outputFor(format, flags) {
	if (flags.as === "display") return outputOptionsOf(format, flags.bits, flags);
	if (format !== "tiff" || (flags.bits ?? 32) !== 32) throw new UsageError(`--as ${flags.as} needs a 32-bit float TIFF. End the output's name in .tif, or add --format tiff.`);
	return outputOptionsOf("tiff", 32, flags);
}
async function recipeFor(flags) {
	return overrideRecipe(flags.recipe === void 0 ? {} : await readRecipe(flags.recipe), flags);
}
async function develop(paths, flags) {
	const { output: out, force = false } = flags;
	if (paths.length === 0) throw new UsageError("no raw file is named. Try: photosite develop FILE -o photo.jpg");
	if (out === void 0) throw new UsageError("where shall the photo go? Add -o photo.jpg, or -o FOLDER for many.");
	const recipe = await recipeFor(flags);
	const inputs = await findInputs(paths, flags.recursive ?? false);
	const fallback = flags.as === "display" ? "jpeg" : "tiff";
	const { format, jobs, failures } = planOutputs(inputs, out, flags.format, fallback, force);
	const output = outputFor(format, flags);
	if (flags.saveRecipe !== void 0) checkSideFile(flags.saveRecipe, force);
	const reporter = new Reporter(jobs, failures, flags);
	if (flags.saveRecipe !== void 0) {
		const text = recipeText(completeRecipe(recipe));
		await writeAtomically(flags.saveRecipe, [new TextEncoder().encode(text)], force);
	}
	const { threads: asked, tile: tileSize } = flags;
	const settings = {
		recipe,
		as: flags.as,
		output,
		force,
		...asked !== void 0 && { threads: asked },
		...tileSize !== void 0 && { tileSize }
	};
	const threads = jobs.length === 0 ? 0 : await developFiles(jobs, settings, reporter);
	reporter.finish(threads);
}
export { configureDevelop };
