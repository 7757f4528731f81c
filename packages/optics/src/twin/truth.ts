import type { BandTruth, Sheet } from './Burst.js';
import { MOVING, UNSEEN } from './Burst.js';
import { type FrameGeometry, NODE_COLUMNS } from './FrameGeometry.js';
import { Mover, type Seen } from './objects.js';

/** Rows from node to node of the motion field. */
const NODE_ROWS = 8;
/** Coverage from which a thing counts as what is seen. */
const SEEN_FROM = 0.5;
/** The channel whose geometry the truth is told in. */
const GREEN = 1;

/** What is seen at a place: a sheet, and in it the scene or an object. */
interface Hit {
  readonly sheet: number;
  /** Index of the object in the sheet's movers; −1: the scene itself. */
  readonly mover: number;
}

/** Motion, distance and visibility of a frame's pixels against the reference frame. */
export class Truth {
  readonly #frame: FrameGeometry;
  readonly #reference: FrameGeometry;
  readonly #same: boolean;
  readonly #sheets: readonly { readonly sheet: Sheet; readonly movers: readonly Mover[] }[];
  readonly #seen: Seen = [0, 0, 0, 0];
  /** Pixels that any object may cover: left, top, right, bottom. */
  readonly #inFrame: readonly Box[];
  readonly #inReference: readonly Box[];
  /** Whether the scene is cut into sheets. */
  readonly #cut: boolean;
  /** Places of a row's nodes in each sheet, mm. */
  readonly #places: Float64Array[] = [];

  constructor(frame: FrameGeometry, reference: FrameGeometry, same: boolean) {
    this.#frame = frame;
    this.#reference = reference;
    this.#same = same;
    const { plan } = frame;
    const pitch = plan.pitchUm / 1000;
    this.#sheets = plan.sheets.map((sheet) => ({
      sheet,
      movers: sheet.objects.map(
        (i) => new Mover(plan.settings.objects![i]!, plan.width * pitch, plan.height * pitch, pitch),
      ),
    }));
    this.#cut = plan.visible !== undefined;
    this.#inFrame = this.#boxes(frame);
    this.#inReference = this.#boxes(reference);
  }

  /** Where objects are in a frame, generously. */
  #boxes(frame: FrameGeometry): Box[] {
    const boxes: Box[] = [];
    const { height } = frame.plan;
    for (const { sheet, movers } of this.#sheets) {
      for (const mover of movers) {
        const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
        const [rx, ry] = mover.reachMm;
        for (const corner of [0, 1, 2, 3]) {
          const place = (timeS: number): [number, number] => {
            const [x, y] = mover.centreAt(timeS);
            return [x + (corner & 1 ? rx : -rx), y + (corner & 2 ? ry : -ry)];
          };
          const [x, y] = frame.pixelOf(sheet.depthM, GREEN, place, height / 2);
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x);
          box[3] = Math.max(box[3], y);
        }
        // Distortion bends the sides between the corners.
        const rim = 4 + 0.05 * Math.max(box[2] - box[0], box[3] - box[1]);
        boxes.push([box[0] - rim, box[1] - rim, box[2] + rim, box[3] + rim]);
      }
    }
    return boxes;
  }

  /** Movement of one point of a sheet's still part, from this frame's pixel to the reference's. */
  #stillMotion(depthM: number, column: number, row: number): [number, number] {
    if (this.#same) return [0, 0];
    const place = this.#frame.scenePlace(depthM, GREEN, column, row);
    const [x, y] = this.#reference.pixelOf(depthM, GREEN, () => place, row);
    return [x - column, y - row];
  }

  /** Movement at the frame's centre, pixels. */
  centreShift(): [number, number] {
    const { width, height, camera } = this.#frame.plan;
    return this.#stillMotion(camera.drawing.focusDistanceM, (width - 1) / 2, (height - 1) / 2);
  }

  /** Fills motion, distance and mask of a band. */
  fill(top: number, rows: number, out: BandTruth): void {
    const { plan } = this.#frame;
    const { width, height } = plan;
    const fields = this.#sheets.map(({ sheet }) => this.#field(sheet.depthM, top, rows));
    const columns = Math.ceil(width / NODE_COLUMNS) + 1;
    for (let y = 0, i = 0; y < rows; y++) {
      const row = top + y;
      if (this.#cut) this.#look(row);
      const nodeRow = Math.floor(y / NODE_ROWS);
      const fy = (y % NODE_ROWS) / NODE_ROWS;
      for (let x = 0; x < width; x++, i++) {
        const crowded = this.#cut || within(this.#inFrame, x, row);
        const hit = crowded ? this.#hit(this.#frame, x, row, -1) : BACKGROUND;
        const { sheet, movers } = this.#sheets[hit.sheet]!;
        let dx: number;
        let dy: number;
        if (hit.mover < 0) {
          const field = fields[hit.sheet]!;
          const at = (nodeRow * columns + (x >> 3)) * 2;
          const fx = (x & 7) / NODE_COLUMNS;
          const below = at + columns * 2;
          const upperX = field[at]! + (field[at + 2]! - field[at]!) * fx;
          const upperY = field[at + 1]! + (field[at + 3]! - field[at + 1]!) * fx;
          dx = upperX + (field[below]! + (field[below + 2]! - field[below]!) * fx - upperX) * fy;
          dy = upperY + (field[below + 1]! + (field[below + 3]! - field[below + 1]!) * fx - upperY) * fy;
        } else {
          [dx, dy] = this.#moverMotion(sheet.depthM, movers[hit.mover]!, x, row);
        }
        out.motion[i * 2] = dx;
        out.motion[i * 2 + 1] = dy;
        out.depthM[i] = this.#depth(hit, x);
        const [u, v] = [x + dx, row + dy];
        let mask = hit.mover < 0 ? 0 : MOVING;
        if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) mask |= UNSEEN;
        else if (!this.#same && (this.#cut || hit.mover >= 0 || within(this.#inReference, u, v))) {
          const before = this.#hit(this.#reference, u, v, hit.sheet);
          if (before.sheet !== hit.sheet || before.mover !== hit.mover) mask |= UNSEEN;
        }
        out.moved[i] = mask;
      }
    }
  }

  /** Motion of a sheet's still part at nodes of a band. */
  #field(depthM: number, top: number, rows: number): Float64Array {
    const columns = Math.ceil(this.#frame.plan.width / NODE_COLUMNS) + 1;
    const lines = Math.ceil(rows / NODE_ROWS) + 1;
    const field = new Float64Array(columns * lines * 2);
    if (this.#same) return field;
    for (let j = 0, i = 0; j < lines; j++) {
      for (let k = 0; k < columns; k++) {
        const [dx, dy] = this.#stillMotion(depthM, k * NODE_COLUMNS, top + j * NODE_ROWS);
        field[i++] = dx;
        field[i++] = dy;
      }
    }
    return field;
  }

  #moverMotion(depthM: number, mover: Mover, column: number, row: number): [number, number] {
    if (this.#same) return [0, 0];
    const place = this.#frame.scenePlace(depthM, GREEN, column, row);
    const now = mover.centreAt(this.#frame.middleOf(row));
    const [x, y] = this.#reference.pixelOf(
      depthM,
      GREEN,
      (timeS) => {
        const then = mover.centreAt(timeS);
        return [place[0] + then[0] - now[0], place[1] + then[1] - now[1]];
      },
      row,
    );
    return [x - column, y - row];
  }

  /**
   * What a frame sees at a pixel, from the front backwards.
   * @param until sheets behind this one are not looked at: it is taken to be seen if nothing before it is
   */
  #hit(frame: FrameGeometry, column: number, row: number, until: number): Hit {
    for (let index = this.#sheets.length - 1; index >= Math.max(until, 0); index--) {
      const { sheet, movers } = this.#sheets[index]!;
      const isLast = index === until || index === 0;
      if (movers.length === 0 && isLast) return { sheet: index, mover: -1 };
      const [x, y] =
        this.#cut && frame === this.#frame && until < 0
          ? this.#lookedAt(index, column)
          : frame.scenePlace(sheet.depthM, GREEN, column, row, Math.round(row));
      for (let m = movers.length - 1; m >= 0; m--) {
        const mover = movers[m]!;
        const [cx, cy] = mover.centreAt(frame.middleOf(row));
        const [reachX, reachY] = mover.reachMm;
        if (Math.abs(x - cx) > reachX || Math.abs(y - cy) > reachY) continue;
        mover.look(x - cx, y - cy, this.#seen);
        if (this.#seen[0] >= SEEN_FROM) return { sheet: index, mover: m };
      }
      if (sheet.planes && (isLast || this.#covered(sheet, x, y))) return { sheet: index, mover: -1 };
    }
    return BACKGROUND;
  }

  /** Notes where a row of this frame looks in every sheet. */
  #look(row: number): void {
    const { width, sceneStepMm, sceneWidth, sceneHeight } = this.#frame.plan;
    const columns = Math.ceil(width / NODE_COLUMNS) + 1;
    for (const [index, { sheet }] of this.#sheets.entries()) {
      let places = this.#places[index];
      if (places === undefined) {
        places = new Float64Array(columns * 2);
        this.#places.push(places);
      }
      this.#frame.sceneNodes(sheet.depthM, GREEN, row, 0, columns, places);
      for (let i = 0; i < places.length; i += 2) {
        places[i] = (places[i]! - (sceneWidth - 1) / 2) * sceneStepMm[0];
        places[i + 1] = (places[i + 1]! - (sceneHeight - 1) / 2) * sceneStepMm[1];
      }
    }
  }

  /** Where a pixel of the row looks in a sheet, mm in the scene's ideal image. */
  #lookedAt(index: number, column: number): [x: number, y: number] {
    const places = this.#places[index]!;
    const at = (column >> 3) * 2;
    const f = (column & 7) / NODE_COLUMNS;
    return [
      places[at]! + (places[at + 2]! - places[at]!) * f,
      places[at + 1]! + (places[at + 3]! - places[at + 1]!) * f,
    ];
  }

  /** Whether a sheet of the scene covers a place. */
  #covered(sheet: Sheet, xMm: number, yMm: number): boolean {
    if (sheet.covers === 'all') return true;
    const [left, top, right, bottom] = sheet.bounds;
    const at = this.#sample(xMm, yMm);
    if (at[0] < left || at[1] < top || at[0] >= right || at[1] >= bottom) return false;
    const width = right - left;
    const area = width * (bottom - top);
    return sheet.planes![3 * area + (at[1] - top) * width + at[0] - left]! >= SEEN_FROM;
  }

  /** Nearest sample of the working scene. */
  #sample(xMm: number, yMm: number): [number, number] {
    const { sceneStepMm, sceneWidth, sceneHeight } = this.#frame.plan;
    const u = Math.round(xMm / sceneStepMm[0] + (sceneWidth - 1) / 2);
    const v = Math.round(yMm / sceneStepMm[1] + (sceneHeight - 1) / 2);
    return [Math.min(Math.max(u, 0), sceneWidth - 1), Math.min(Math.max(v, 0), sceneHeight - 1)];
  }

  #depth(hit: Hit, column: number): number {
    const { plan } = this.#frame;
    const { sheet } = this.#sheets[hit.sheet]!;
    if (hit.mover >= 0 || plan.visible === undefined) return sheet.depthM;
    const [x, y] = this.#lookedAt(hit.sheet, column);
    const [u, v] = this.#sample(x, y);
    const at = v * plan.sceneWidth + u;
    // Behind the edge of something nearer the scene does not say how far its ground is.
    return plan.visible.sheet[at] === hit.sheet ? plan.visible.depthM[at]! : sheet.depthM;
  }
}

type Box = [left: number, top: number, right: number, bottom: number];

function within(boxes: readonly Box[], x: number, y: number): boolean {
  for (const box of boxes) if (x >= box[0] && y >= box[1] && x <= box[2] && y <= box[3]) return true;
  return false;
}

const BACKGROUND: Hit = { sheet: 0, mover: -1 };
