import type { FrameGeometry } from './FrameGeometry.js';
import { Mover, type Seen } from './objects.js';

/** Cells across the frame on which stray light is known: it has no detail. */
const CELLS = 64;
/** Subsamples of a cell across and down. */
const SUBSAMPLES = 4;
/** Distance at which the veil has fallen to a third, as a share of the frame's diagonal. */
const VEIL_RADIUS = 0.1;
/** Radius of the ghost's blur as a share of the frame's diagonal. */
const GHOST_RADIUS = 0.05;
/** Points across and down by which an object's light is spread over cells. */
const OBJECT_POINTS = 8;

/** Stray light of one frame, camera RGB, on a coarse grid of cells. */
export class Flare {
  /** Share of light that stays in the image. */
  readonly direct: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cell: number;
  readonly #light: readonly Float64Array[];

  constructor(geometry: FrameGeometry) {
    const { plan } = geometry;
    const { veil, ghost } = plan.settings.flare!;
    this.direct = 1 - veil - ghost;
    this.#cell = plan.width / CELLS;
    this.#columns = CELLS;
    this.#rows = Math.max(Math.ceil(plan.height / this.#cell), 1);
    const image = this.#image(geometry);
    const diagonal = Math.hypot(plan.width, plan.height) / this.#cell;
    const veils = this.#spread(image, veil, (dx, dy) => {
      const r = Math.hypot(dx, dy) / (VEIL_RADIUS * diagonal);
      return 1 / (1 + r * r) ** 1.5;
    });
    const reach = GHOST_RADIUS * diagonal;
    const ghosts = this.#spread(
      image.map((plane) => plane.toReversed()),
      ghost,
      (dx, dy) => Math.min(Math.max(reach - Math.hypot(dx, dy) + 0.5, 0), 1),
    );
    this.#light = veils.map((plane, c) => plane.map((value, i) => value + ghosts[c]![i]!));
  }

  /** Mean light of each cell, without blur. */
  #image(geometry: FrameGeometry): Float64Array[] {
    const { plan } = geometry;
    const { coarse, sceneStepMm, sceneWidth, sceneHeight, camera, settings } = plan;
    const area = coarse.width * coarse.height;
    const perX = coarse.width / (sceneWidth * sceneStepMm[0]);
    const perY = coarse.height / (sceneHeight * sceneStepMm[1]);
    const planes = [0, 1, 2].map(() => new Float64Array(this.#columns * this.#rows));
    const depth = camera.drawing.focusDistanceM;
    for (let row = 0, i = 0; row < this.#rows; row++) {
      for (let column = 0; column < this.#columns; column++, i++) {
        for (let k = 0; k < SUBSAMPLES * SUBSAMPLES; k++) {
          const x = (column + ((k % SUBSAMPLES) + 0.5) / SUBSAMPLES) * this.#cell - 0.5;
          const y = (row + (Math.floor(k / SUBSAMPLES) + 0.5) / SUBSAMPLES) * this.#cell - 0.5;
          const [xMm, yMm] = geometry.scenePlace(depth, 1, x, Math.floor(y));
          const u = Math.min(Math.max(xMm * perX + (coarse.width - 1) / 2, 0), coarse.width - 1);
          const v = Math.min(Math.max(yMm * perY + (coarse.height - 1) / 2, 0), coarse.height - 1);
          const left = Math.min(Math.floor(u), Math.max(coarse.width - 2, 0));
          const top = Math.min(Math.floor(v), Math.max(coarse.height - 2, 0));
          const right = Math.min(left + 1, coarse.width - 1);
          const bottom = Math.min(top + 1, coarse.height - 1);
          const [fx, fy] = [u - left, v - top];
          for (let c = 0; c < 3; c++) {
            const at = (px: number, py: number) => coarse.planes[c * area + py * coarse.width + px]!;
            planes[c]![i]! +=
              ((at(left, top) * (1 - fx) + at(right, top) * fx) * (1 - fy) +
                (at(left, bottom) * (1 - fx) + at(right, bottom) * fx) * fy) /
              SUBSAMPLES ** 2;
          }
        }
      }
    }
    const pitch = plan.pitchUm / 1000;
    const seen: Seen = [0, 0, 0, 0];
    for (const object of settings.objects ?? []) {
      const mover = new Mover(object, plan.width * pitch, plan.height * pitch, pitch);
      const [rx, ry] = mover.reachMm;
      const time = geometry.middleOf(plan.height / 2);
      const [cx, cy] = mover.centreAt(time);
      const share = (4 * rx * ry) / (pitch * this.#cell) ** 2 / OBJECT_POINTS ** 2;
      for (let k = 0; k < OBJECT_POINTS * OBJECT_POINTS; k++) {
        const dx = (((k % OBJECT_POINTS) + 0.5) / OBJECT_POINTS) * 2 * rx - rx;
        const dy = ((Math.floor(k / OBJECT_POINTS) + 0.5) / OBJECT_POINTS) * 2 * ry - ry;
        mover.look(dx, dy, seen);
        const [x, y] = geometry.pixelAt(
          geometry.poseAt(time),
          object.distanceM ?? depth,
          1,
          cx + dx,
          cy + dy,
        );
        const column = Math.floor((x + 0.5) / this.#cell);
        const row = Math.floor((y + 0.5) / this.#cell);
        if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) continue;
        for (let c = 0; c < 3; c++) planes[c]![row * this.#columns + column]! += share * seen[1 + c]!;
      }
    }
    return planes;
  }

  /** A share of the light spread by a function of the distance in cells, its weights over the frame with sum 1. */
  #spread(
    image: readonly Float64Array[],
    share: number,
    weightOf: (dx: number, dy: number) => number,
  ): Float64Array[] {
    const [columns, rows] = [this.#columns, this.#rows];
    const out = image.map((plane) => new Float64Array(plane.length));
    if (share === 0) return out;
    const weights = Float64Array.from({ length: columns * rows }, (_, i) =>
      weightOf(i % columns, Math.floor(i / columns)),
    );
    for (let y = 0, to = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, to++) {
        let [sum, r, g, b] = [0, 0, 0, 0];
        for (let v = 0, from = 0; v < rows; v++) {
          const line = Math.abs(v - y) * columns;
          for (let u = 0; u < columns; u++, from++) {
            const weight = weights[line + Math.abs(u - x)]!;
            sum += weight;
            r += weight * image[0]![from]!;
            g += weight * image[1]![from]!;
            b += weight * image[2]![from]!;
          }
        }
        out[0]![to] = (share * r) / sum;
        out[1]![to] = (share * g) / sum;
        out[2]![to] = (share * b) / sum;
      }
    }
    return out;
  }

  /** Replaces a row of one channel's image by what stays in it and the stray light that falls there. */
  addTo(row: Float32Array, channel: number, y: number, width: number): void {
    const [columns, rows, cell] = [this.#columns, this.#rows, this.#cell];
    const light = this.#light[channel]!;
    const v = Math.min(Math.max((y + 0.5) / cell - 0.5, 0), rows - 1);
    const top = Math.min(Math.floor(v), Math.max(rows - 2, 0));
    const bottom = Math.min(top + 1, rows - 1);
    const line = Float64Array.from({ length: columns }, (_, i) => {
      const upper = light[top * columns + i]!;
      return upper + (light[bottom * columns + i]! - upper) * (v - top);
    });
    for (let x = 0; x < width; x++) {
      const u = Math.min(Math.max((x + 0.5) / cell - 0.5, 0), columns - 1);
      const left = Math.min(u | 0, columns - 2);
      const stray = line[left]! + (line[left + 1]! - line[left]!) * (u - left);
      row[x] = row[x]! * this.direct + stray;
    }
  }
}
