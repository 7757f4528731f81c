import { samplesOf } from '../sensors/cfa.js';
import type { BurstPlan, FrameExposure } from './Burst.js';
import { handMotion } from './hand.js';
import { LensMap } from './LensMap.js';
import { fromScene, type Homography, type Pose, SCENE_POSE, toScene } from './Pose.js';

/** Columns from node to node of what is interpolated along a row. */
export const NODE_COLUMNS = 8;
/** Passes of finding the reference row that a point is seen by: each gains the factor of pixels moved in a row's time. */
const ROW_PASSES = 4;

/** The lens's geometry over a plan's frames. */
export function lensMapOf(plan: BurstPlan): LensMap {
  const { width, height, pitchUm } = plan;
  return new LensMap(plan.camera.drawing, (Math.hypot(width, height) / 2) * (pitchUm / 1000) * 1.001);
}

/** The camera's pose by time. */
export function poseByTime({ settings }: BurstPlan): (timeS: number) => Pose {
  return settings.hand ? handMotion(settings.hand) : () => SCENE_POSE;
}

/** When and where from the rows of one frame are exposed, and where its pixels look in the scene. */
export class FrameGeometry {
  readonly plan: BurstPlan;
  readonly exposure: FrameExposure;
  readonly lens: LensMap;
  readonly #poseByTime: (timeS: number) => Pose;
  readonly #rowTimeS: number;
  readonly #firstRow: number;
  readonly #poses = new Map<number, Pose>();
  readonly #map: Homography = new Float64Array(9);
  readonly #maps = new Map<number, Homography>();
  #mapsRow = Number.NaN;

  constructor(plan: BurstPlan, index: number, lens: LensMap, byTime: (timeS: number) => Pose) {
    this.plan = plan;
    this.exposure = plan.exposures[index]!;
    this.lens = lens;
    this.#poseByTime = byTime;
    const { sensor } = plan.camera;
    const { height } = samplesOf(sensor);
    this.#rowTimeS = sensor.readoutS / height;
    this.#firstRow = (height - plan.height) / 2;
  }

  /** Start of a row's exposure, s; rows beyond the frame are thought on. */
  startOf(row: number): number {
    return this.exposure.startS + (row + this.#firstRow) * this.#rowTimeS;
  }

  /** Middle of a row's exposure, s. */
  middleOf(row: number): number {
    return this.startOf(row) + this.exposure.exposureTimeS / 2;
  }

  poseAt(timeS: number): Pose {
    return this.#poseByTime(timeS);
  }

  /** Pose in the middle of a row's exposure; between rows linear. */
  poseOf(row: number): Pose {
    const first = Math.floor(row);
    const a = this.#poseOfWhole(first);
    const f = row - first;
    if (f === 0) return a;
    const b = this.#poseOfWhole(first + 1);
    const mix = (p: number, q: number) => p + (q - p) * f;
    return {
      yaw: mix(a.yaw, b.yaw),
      pitch: mix(a.pitch, b.pitch),
      roll: mix(a.roll, b.roll),
      xM: mix(a.xM, b.xM),
      yM: mix(a.yM, b.yM),
      zM: mix(a.zM, b.zM),
    };
  }

  #poseOfWhole(row: number): Pose {
    let pose = this.#poses.get(row);
    if (pose === undefined) {
      pose = this.#poseByTime(this.middleOf(row));
      this.#poses.set(row, pose);
    }
    return pose;
  }

  /**
   * Where pixels of a row look in the working scene, samples from the first one's centre.
   * @param out takes pairs u, v for the columns `firstColumn`, `firstColumn + NODE_COLUMNS`, …
   */
  sceneNodes(
    depthM: number,
    channel: number,
    row: number,
    firstColumn: number,
    count: number,
    out: Float64Array,
  ): void {
    const { width, height, pitchUm, sceneWidth, sceneHeight, sceneStepMm, camera } = this.plan;
    const h = toScene(this.poseOf(row), depthM, camera.drawing.imageDistanceMm, this.#map);
    const pitch = pitchUm / 1000;
    const y = (row - (height - 1) / 2) * pitch;
    const originX = (sceneWidth - 1) / 2;
    const originY = (sceneHeight - 1) / 2;
    const [perX, perY] = [1 / sceneStepMm[0], 1 / sceneStepMm[1]];
    const lens = this.lens;
    for (let i = 0, to = 0; i < count; i++) {
      const x = (firstColumn + i * NODE_COLUMNS - (width - 1) / 2) * pitch;
      const scale = lens.toIdeal(channel, x, y);
      const [a, b] = [x * scale, y * scale];
      const w = 1 / (h[6]! * a + h[7]! * b + h[8]!);
      out[to++] = (h[0]! * a + h[1]! * b + h[2]!) * w * perX + originX;
      out[to++] = (h[3]! * a + h[4]! * b + h[5]!) * w * perY + originY;
    }
  }

  /** The map of {@link toScene} for a row and distance; those of one row are kept. */
  #toSceneOf(depthM: number, row: number): Homography {
    if (row !== this.#mapsRow) {
      this.#maps.clear();
      this.#mapsRow = row;
    }
    let map = this.#maps.get(depthM);
    if (map === undefined) {
      map = toScene(this.poseOf(row), depthM, this.plan.camera.drawing.imageDistanceMm);
      this.#maps.set(depthM, map);
    }
    return map;
  }

  /**
   * Where a pixel looks in the ideal image of the scene, mm from its centre.
   * @param timeRow the row whose time counts, where that need not be exact
   */
  scenePlace(
    depthM: number,
    channel: number,
    column: number,
    row: number,
    timeRow = row,
  ): [x: number, y: number] {
    const { width, height, pitchUm } = this.plan;
    const h = this.#toSceneOf(depthM, timeRow);
    const x = ((column - (width - 1) / 2) * pitchUm) / 1000;
    const y = ((row - (height - 1) / 2) * pitchUm) / 1000;
    const scale = this.lens.toIdeal(channel, x, y);
    const [a, b] = [x * scale, y * scale];
    const w = 1 / (h[6]! * a + h[7]! * b + h[8]!);
    return [(h[0]! * a + h[1]! * b + h[2]!) * w, (h[3]! * a + h[4]! * b + h[5]!) * w];
  }

  /** The pixel at which a pose sees a place of the scene's ideal image, mm from its centre. */
  pixelAt(
    pose: Pose,
    depthM: number,
    channel: number,
    xMm: number,
    yMm: number,
  ): [column: number, row: number] {
    const { width, height, pitchUm, camera } = this.plan;
    const h = fromScene(pose, depthM, camera.drawing.imageDistanceMm, this.#map);
    const w = 1 / (h[6]! * xMm + h[7]! * yMm + h[8]!);
    const a = (h[0]! * xMm + h[1]! * yMm + h[2]!) * w;
    const b = (h[3]! * xMm + h[4]! * yMm + h[5]!) * w;
    const scale = (this.lens.toReal(channel, a, b) * 1000) / pitchUm;
    return [a * scale + (width - 1) / 2, b * scale + (height - 1) / 2];
  }

  /**
   * The pixel at which this frame sees something: each row looks at its own time, so that the row is found by iteration.
   * @param placeAt where it is at a time, mm in the scene's ideal image
   * @param row a guess
   */
  pixelOf(
    depthM: number,
    channel: number,
    placeAt: (timeS: number) => readonly [number, number],
    row: number,
  ): [column: number, row: number] {
    let seen: [number, number] = [0, row];
    for (let pass = 0; pass < ROW_PASSES; pass++) {
      const at = Math.min(Math.max(seen[1], -this.plan.height), 2 * this.plan.height);
      const [x, y] = placeAt(this.middleOf(at));
      seen = this.pixelAt(this.poseOf(at), depthM, channel, x, y);
    }
    return seen;
  }
}
