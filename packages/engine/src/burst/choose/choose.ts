import { type Affine, between, LEAST_CORRELATION, wholeMotion } from '../align/global.js';
import { type AlignedFrame, type GreyResponse, light, stabilise } from '../align/index.js';
import type { FrameLook } from './look.js';

/** Why a frame is left out. */
export interface LeftOut {
  readonly kind: 'size' | 'camera' | 'duplicate' | 'exposure' | 'no overlap' | 'blurred';
  /** In words for people. */
  readonly message: string;
}

/** Which frame the others are brought to, and which are not worth bringing. */
export interface Choice {
  readonly reference: number;
  /** One for each frame; undefined where it is used. */
  readonly leftOut: readonly (LeftOut | undefined)[];
}

/** Energy of detail over the reference's, in the direction that lost most, below which a frame would blur the picture. */
const LEAST_SHARPNESS = 0.5;
/** How far the light may differ from what the exposure says, as a factor. */
const MOST_LIGHT_ERROR = 1.25;
/** Distance from the middle of the motion that counts like a loss of sharpness by e, as a share of the diagonal. */
const FAR = 0.1;
/** Share of the response's range from which a grey may be clipped somewhere inside. */
const UNCLIPPED = 0.8;
/** Least share of the reference that a frame must see. */
const LEAST_OVERLAP = 0.1;

/** The most frequent of some names; the first of those that are equally frequent. */
function mostFrequent<T>(names: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

/** Median of the light in b over that in a where the two overlap and neither is clipped; undefined where there is too little. */
function lightRatio(a: FrameLook, b: FrameLook, motion: Affine, response: GreyResponse): number | undefined {
  const { width, height, stride, data, scale } = a.coarse;
  const most = UNCLIPPED * stabilise(response.ceiling, response);
  const ratios: number[] = [];
  for (let j = 1; j < height - 1; j++)
    for (let i = 1; i < width - 1; i++) {
      const [u, v] = [i - (width - 1) / 2, j - (height - 1) / 2];
      const x = i + motion.x / scale + motion.xx * u + motion.xy * v;
      const y = j + motion.y / scale + motion.yx * u + motion.yy * v;
      if (x < 1 || y < 1 || x > b.coarse.width - 2 || y > b.coarse.height - 2) continue;
      const [p, q] = [data[j * stride + i]!, between(b.coarse, x, y)];
      // At least a noise of one sample above black: else the ratio says nothing.
      if (p > 1 && p < most && q < most) ratios.push(light(q, response) / light(p, response));
    }
  ratios.sort((x, y) => x - y);
  return ratios.length < 0.02 * width * height ? undefined : ratios[ratios.length >> 1]!;
}

/** Energy of a frame's detail: the geometric mean over directions. */
function sharpnessOf({ gradients: [xx, xy, yy] }: FrameLook): number {
  return Math.sqrt(Math.max(xx * yy - xy * xy, 0));
}

/**
 * Energy of a frame's detail over another's in the direction where it has lost most, as a hand's jerk blurs along one: the least
 * generalised eigenvalue of the two structure tensors.
 */
function leastSharpness(frame: FrameLook, reference: FrameLook): number {
  const [a, b, c] = frame.gradients;
  const [p, q, r] = reference.gradients;
  const det = p * r - q * q;
  if (!(det > 0)) return 1;
  const half = (a * r + c * p - 2 * b * q) / (2 * det);
  return half - Math.sqrt(Math.max(half * half - (a * c - b * b) / det, 0));
}

/** Frames of one scene with where they look, all seen from the first of them. */
interface Group {
  readonly members: number[];
  readonly motions: Affine[];
}

/** Frames put together by what they see. */
function groupsOf(looks: readonly FrameLook[], indices: readonly number[]): Group[] {
  const groups: Group[] = [];
  for (const index of indices) {
    let placed = false;
    for (const group of groups) {
      const found = wholeMotion(looks[group.members[0]!]!.coarse, looks[index]!.coarse);
      if (found.correlation < LEAST_CORRELATION) continue;
      group.members.push(index);
      group.motions.push(found.motion);
      placed = true;
      break;
    }
    if (!placed) groups.push({ members: [index], motions: [{ x: 0, y: 0, xx: 0, xy: 0, yx: 0, yy: 0 }] });
  }
  return groups;
}

/** The sharpest frame of the exposure that most of the group has, a little in favour of the middle of the motion. */
function referenceOf(looks: readonly FrameLook[], { members, motions }: Group): number {
  const exposures = members.map((index) => looks[index]!.lightAtWhite).sort((a, b) => a - b);
  const counts = new Set(exposures).size;
  // A bracket of all different exposures: the middle one. Else the most frequent.
  const exposure = counts === exposures.length ? exposures[exposures.length >> 1]! : mostFrequent(exposures);
  const middle = (axis: 'x' | 'y'): number => {
    const places = motions.map((motion) => motion[axis]).sort((a, b) => a - b);
    return places[places.length >> 1]!;
  };
  const [x, y] = [middle('x'), middle('y')];
  let [best, reference] = [-Infinity, members[0]!];
  members.forEach((index, i) => {
    const look = looks[index]!;
    if (look.lightAtWhite !== exposure) return;
    const reach = FAR * Math.hypot(look.kind.width, look.kind.height);
    const far = Math.hypot(motions[i]!.x - x, motions[i]!.y - y) / reach;
    const score = Math.log(Math.max(sharpnessOf(look), 1e-12)) - far * far;
    if (score > best) [best, reference] = [score, index];
  });
  return reference;
}

const times = (factor: number): string => `${factor.toFixed(2)} times`;

/**
 * Chooses the reference and leaves out what would hurt: frames of another size, camera or scene, identical copies, frames whose
 * light is not what their exposure says, blurred ones.
 * @param looks one for each frame, undefined for those that could not be read; all by one response
 * @param wanted the reference where the caller names it
 */
export function chooseFrames(
  looks: readonly (FrameLook | undefined)[],
  response: GreyResponse,
  wanted?: number,
): Choice {
  const leftOut: (LeftOut | undefined)[] = looks.map(() => undefined);
  const present = looks.flatMap((look, i) => (look === undefined ? [] : [i]));
  if (present.length === 0) return { reference: wanted ?? 0, leftOut };
  const all = looks as readonly FrameLook[];
  const without = (index: number, kind: LeftOut['kind'], message: string): void => {
    leftOut[index] = { kind, message };
  };
  const left = (): number[] => present.filter((index) => leftOut[index] === undefined);
  const pick = <T>(of: (index: number) => T): T =>
    wanted !== undefined && all[wanted] !== undefined ? of(wanted) : mostFrequent(left().map(of));

  const sizeOf = (index: number): string => `${all[index]!.kind.width} × ${all[index]!.kind.height}`;
  const size = pick(sizeOf);
  for (const index of left())
    if (sizeOf(index) !== size) without(index, 'size', `it has ${sizeOf(index)} pixels, the burst ${size}`);
  const cameraOf = (index: number): string => `${all[index]!.kind.camera ?? ''}\n${all[index]!.kind.pattern}`;
  const camera = pick(cameraOf);
  for (const index of left())
    if (cameraOf(index) !== camera)
      without(index, 'camera', `it was taken with another camera (${all[index]!.kind.camera ?? 'unnamed'})`);

  const kept: number[] = [];
  for (const index of left()) {
    const { data } = all[index]!.coarse;
    const twin = kept.find((other) => all[other]!.coarse.data.every((value, i) => value === data[i]));
    if (twin === undefined) kept.push(index);
    else if (index === wanted) {
      without(twin, 'duplicate', `it is the same as frame ${index}`);
      kept.push(index);
    } else without(index, 'duplicate', `it is the same as frame ${twin}`);
  }

  const groups = groupsOf(all, left());
  const group =
    groups.find(({ members }) => wanted !== undefined && members.includes(wanted)) ??
    groups.reduce((best, each) => (each.members.length > best.members.length ? each : best));
  for (const { members } of groups)
    if (members !== group.members)
      for (const index of members) without(index, 'no overlap', 'it shows another scene');

  const reference = wanted !== undefined && all[wanted] !== undefined ? wanted : referenceOf(all, group);
  const chosen = all[reference]!;
  const origin = group.motions[group.members.indexOf(reference)]!;
  for (const index of left()) {
    if (index === reference) continue;
    const look = all[index]!;
    const motion = group.motions[group.members.indexOf(index)]!;
    const between = { ...motion, x: motion.x - origin.x, y: motion.y - origin.y };
    const ratio = lightRatio(chosen, look, between, response);
    if (ratio !== undefined && Math.max(ratio, 1 / ratio) > MOST_LIGHT_ERROR)
      without(index, 'exposure', `it shows ${times(ratio)} the light that its exposure says`);
    // Between exposures detail differs by what is clipped.
    if (leftOut[index] !== undefined || look.lightAtWhite !== chosen.lightAtWhite) continue;
    const sharpness = leastSharpness(look, chosen);
    if (sharpness < LEAST_SHARPNESS)
      without(
        index,
        'blurred',
        `it is blurred: in one direction its detail has ${times(sharpness)} the energy`,
      );
  }
  return { reference, leftOut };
}

/** Why a frame can't be used after it has been aligned; undefined where it can. */
export function unusable({ matched, overlap }: AlignedFrame): LeftOut | undefined {
  if (!matched) return { kind: 'no overlap', message: 'nothing in it matches the reference' };
  if (overlap < LEAST_OVERLAP)
    return {
      kind: 'no overlap',
      message: `it shows ${Math.round(100 * overlap)} % of the reference, at least ${100 * LEAST_OVERLAP} % are needed`,
    };
  return undefined;
}
